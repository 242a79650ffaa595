/* SPDX-License-Identifier: MIT */
/*
 * data/hist.h - the inside of a histogram, shared by its three sources.
 *
 * Buckets live in blocks of 256, one octave each: block o holds the indices
 * [256 o, 256 o + 255].  A histogram always has one block: the spare until
 * the first value, so that a later shortage of memory still finds a place for
 * every value.
 */
#ifndef LDI_DATA_HIST_H
#define LDI_DATA_HIST_H

#include <stdint.h>

#include <ld/hist.h>

#include "data/number.h"

/* Indices of 1 ns and of UINT64_MAX ns. */
#define LDI_HIST_MIN (-7653)
#define LDI_HIST_MAX 8731
#define LDI_HIST_BLOCK 256
/* Octaves -30 (where 1 ns is) to 34. */
#define LDI_HIST_OCTAVE_MIN (-30)
#define LDI_HIST_OCTAVES 65

struct ld_hist {
	uint64_t count;
	uint64_t zero;
	uint64_t min; /* UINT64_MAX while empty */
	uint64_t max;
	ldi_u128 sum;
	uint64_t *spare;
	struct ld_hist_pool *pool;
	uint64_t *octave[LDI_HIST_OCTAVES]; /* NULL or a block */
};

/* Which octave an index belongs to, from 0. */
static inline unsigned
ldi_hist_octave(int index)
{
	return (unsigned)(index - LDI_HIST_OCTAVE_MIN * LDI_HIST_BLOCK) /
	       LDI_HIST_BLOCK;
}

static inline unsigned
ldi_hist_slot(int index)
{
	return (unsigned)(index - LDI_HIST_OCTAVE_MIN * LDI_HIST_BLOCK) %
	       LDI_HIST_BLOCK;
}

/* Make the blocks of these octaves exist: true, or false and nothing was
 * counted anywhere. */
bool ldi_hist_need(struct ld_hist *hist, const bool octave[LDI_HIST_OCTAVES]);

#endif /* LDI_DATA_HIST_H */
