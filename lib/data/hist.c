/* SPDX-License-Identifier: MIT */
/*
 * Count durations: blocks, index, add, merge.
 *
 * A value's index is found with one shift, one byte of a guess table and one
 * comparison, exactly, and alike on every machine: no floating point.
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "data/hist.h"
#include "data/hist_edges.h"

#define BLOCK_BYTES (LDI_HIST_BLOCK * sizeof(uint64_t))

/* A free block holds the link to the next one in its first word; the rest of
 * it is zero. */
union block {
	union block *next;
	uint64_t counts[LDI_HIST_BLOCK];
};

struct ld_hist_pool {
	union block *free;
	size_t n;
};

struct ld_hist_pool *
ld_hist_pool_new(void)
{
	return calloc(1, sizeof(struct ld_hist_pool));
}

void
ld_hist_pool_free(struct ld_hist_pool *pool)
{
	if (!pool)
		return;
	while (pool->free) {
		union block *block = pool->free;

		pool->free = block->next;
		free(block);
	}
	free(pool);
}

enum ld_status
ld_hist_pool_fill(struct ld_hist_pool *pool, size_t blocks)
{
	while (pool->n < blocks) {
		union block *block = calloc(1, sizeof *block);

		if (!block)
			return LD_NOMEM;
		block->next = pool->free;
		pool->free = block;
		pool->n++;
	}
	return LD_OK;
}

static uint64_t *
block_take(struct ld_hist_pool *pool)
{
	union block *block;

	if (!pool || !pool->free)
		return calloc(1, sizeof *block);
	block = pool->free;
	pool->free = block->next;
	pool->n--;
	block->next = NULL;
	return block->counts;
}

static void
block_give(struct ld_hist_pool *pool, uint64_t *counts)
{
	union block *block = (union block *)(void *)counts;

	if (!block)
		return;
	if (!pool) {
		free(block);
		return;
	}
	memset(block, 0, sizeof *block);
	block->next = pool->free;
	pool->free = block;
	pool->n++;
}

struct ld_hist *
ld_hist_new(struct ld_hist_pool *pool)
{
	struct ld_hist *hist = calloc(1, sizeof *hist);

	if (!hist)
		return NULL;
	hist->pool = pool;
	hist->min = UINT64_MAX;
	hist->spare = block_take(pool);
	if (!hist->spare) {
		free(hist);
		return NULL;
	}
	return hist;
}

void
ld_hist_free(struct ld_hist *hist)
{
	if (!hist)
		return;
	for (unsigned i = 0; i < LDI_HIST_OCTAVES; i++)
		block_give(hist->pool, hist->octave[i]);
	block_give(hist->pool, hist->spare);
	free(hist);
}

void
ld_hist_reset(struct ld_hist *hist)
{
	for (unsigned i = 0; i < LDI_HIST_OCTAVES; i++) {
		uint64_t *block = hist->octave[i];

		if (!block)
			continue;
		hist->octave[i] = NULL;
		if (hist->spare) {
			block_give(hist->pool, block);
		} else {
			memset(block, 0, BLOCK_BYTES);
			hist->spare = block;
		}
	}
	hist->count = 0;
	hist->zero = 0;
	hist->min = UINT64_MAX;
	hist->max = 0;
	hist->sum = 0;
}

/* Of a value > 0.  Static, because a call of a public function from inside a
 * shared library is neither inlined nor direct. */
static inline int
index_of(uint64_t duration_ns)
{
	unsigned zeros = (unsigned)__builtin_clzll(duration_ns), edge;
	uint64_t scaled = duration_ns << zeros;

	edge = ldi_hist_guess[scaled >> 54 & 511];
	edge += scaled > ldi_hist_edge[edge];
	return LDI_HIST_EDGE_FIRST + (int)edge - LDI_HIST_BLOCK * (int)zeros;
}

int
ld_hist_index(uint64_t duration_ns)
{
	return duration_ns ? index_of(duration_ns) : INT_MIN;
}

uint64_t
ld_hist_upper(int index)
{
	unsigned below;

	if (index < LDI_HIST_MIN)
		return 0;
	if (index >= LDI_HIST_MAX)
		return UINT64_MAX;
	below = (unsigned)(LDI_HIST_EDGE_FIRST + 255 - index);
	return ldi_hist_edge[255 - below % 256] >> below / 256;
}

/* The octave that exists and is nearest to `wanted`. */
static unsigned
nearest(const struct ld_hist *hist, unsigned wanted)
{
	for (unsigned d = 0; d < LDI_HIST_OCTAVES; d++) {
		if (wanted >= d && hist->octave[wanted - d])
			return wanted - d;
		if (wanted + d < LDI_HIST_OCTAVES && hist->octave[wanted + d])
			return wanted + d;
	}
	return wanted;
}

/* Count one value of an octave that has no block.  Kept out of line, so that
 * the common path saves no registers. */
static __attribute__((noinline)) bool
add_octave(struct ld_hist *hist, int index)
{
	unsigned octave = ldi_hist_octave(index), near;

	if (hist->spare) {
		hist->octave[octave] = hist->spare;
		hist->spare = NULL;
	} else {
		hist->octave[octave] = block_take(hist->pool);
	}
	if (hist->octave[octave]) {
		hist->octave[octave][ldi_hist_slot(index)]++;
		return true;
	}
	near = nearest(hist, octave);
	hist->octave[near][near < octave ? LDI_HIST_BLOCK - 1 : 0]++;
	return false;
}

bool
ld_hist_add(struct ld_hist *hist, uint64_t duration_ns)
{
	uint64_t *block;
	int index;

	hist->count++;
	hist->sum += duration_ns;
	if (duration_ns > hist->max)
		hist->max = duration_ns;
	if (duration_ns < hist->min)
		hist->min = duration_ns;
	if (duration_ns == 0) {
		hist->zero++;
		return true;
	}
	index = index_of(duration_ns);
	block = hist->octave[ldi_hist_octave(index)];
	if (!block)
		return add_octave(hist, index);
	block[ldi_hist_slot(index)]++;
	return true;
}

bool
ldi_hist_need(struct ld_hist *hist, const bool octave[LDI_HIST_OCTAVES])
{
	for (unsigned i = 0; i < LDI_HIST_OCTAVES; i++) {
		if (!octave[i] || hist->octave[i])
			continue;
		if (hist->spare) {
			hist->octave[i] = hist->spare;
			hist->spare = NULL;
			continue;
		}
		hist->octave[i] = block_take(hist->pool);
		if (!hist->octave[i])
			return false;
	}
	return true;
}

enum ld_status
ld_hist_merge(struct ld_hist *into, const struct ld_hist *from)
{
	bool octave[LDI_HIST_OCTAVES];

	if (from->count == 0)
		return LD_OK;
	if (into->count + from->count < into->count ||
	    into->sum + from->sum < into->sum)
		return LD_INVALID;
	for (unsigned i = 0; i < LDI_HIST_OCTAVES; i++)
		octave[i] = from->octave[i] != NULL;
	if (!ldi_hist_need(into, octave))
		return LD_NOMEM;
	for (unsigned i = 0; i < LDI_HIST_OCTAVES; i++) {
		if (!from->octave[i])
			continue;
		for (unsigned j = 0; j < LDI_HIST_BLOCK; j++)
			into->octave[i][j] += from->octave[i][j];
	}
	into->count += from->count;
	into->zero += from->zero;
	into->sum += from->sum;
	if (from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	return LD_OK;
}
