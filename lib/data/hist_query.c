/* SPDX-License-Identifier: MIT */
/*
 * What a histogram can tell.
 *
 * A value is read back as the geometric middle of its bucket, computed from
 * the two integer edges by an integer square root, so that every machine
 * reads back the same nanosecond.
 */
#include "config.h"

#include <limits.h>

#include "data/hist.h"
#include "data/hist_edges.h"

uint64_t
ld_hist_count(const struct ld_hist *hist)
{
	return hist->count;
}

uint64_t
ld_hist_zero(const struct ld_hist *hist)
{
	return hist->zero;
}

uint64_t
ld_hist_min(const struct ld_hist *hist)
{
	return hist->count ? hist->min : 0;
}

uint64_t
ld_hist_max(const struct ld_hist *hist)
{
	return hist->max;
}

void
ld_hist_sum(const struct ld_hist *hist, uint64_t *high_out, uint64_t *low_out)
{
	*high_out = (uint64_t)(hist->sum >> 64);
	*low_out = (uint64_t)hist->sum;
}

double
ld_hist_mean(const struct ld_hist *hist)
{
	return hist->count ? (double)hist->sum / (double)hist->count : 0.0;
}

bool
ld_hist_next(const struct ld_hist *hist, int *index_io, uint64_t *count_out)
{
	const int last =
	    (LDI_HIST_OCTAVE_MIN + LDI_HIST_OCTAVES) * LDI_HIST_BLOCK;
	int index = *index_io;

	if (index < LDI_HIST_MIN - 1)
		index = LDI_HIST_MIN - 1;
	for (index++; index < last; index++) {
		const uint64_t *block = hist->octave[ldi_hist_octave(index)];
		unsigned slot = ldi_hist_slot(index);

		if (!block) {
			index += LDI_HIST_BLOCK - 1 - (int)slot;
		} else if (block[slot]) {
			*index_io = index;
			*count_out = block[slot];
			return true;
		}
	}
	return false;
}

/* floor(sqrt(low x high)) or one more, for neighbouring edges: the mean of
 * two numbers that differ by 0.27 % is within 10^-6 of it, and each step
 * squares the error. */
static uint64_t
geometric_middle(uint64_t low, uint64_t high)
{
	ldi_u128 product = (ldi_u128)low * high;
	uint64_t x = low + (high - low) / 2;

	for (int i = 0; i < 2; i++)
		x = (uint64_t)(((ldi_u128)x + product / x) / 2);
	return x;
}

static uint64_t
clamp(uint64_t value, uint64_t low, uint64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* What the values of a bucket are read back as. */
static uint64_t
middle(const struct ld_hist *hist, int index)
{
	unsigned below, edge, shift;
	uint64_t low, mid;

	if (index >= LDI_HIST_MAX)
		return hist->max;
	below = (unsigned)(LDI_HIST_EDGE_FIRST + 255 - index);
	edge = 255 - below % 256;
	shift = below / 256;
	low = edge ? ldi_hist_edge[edge - 1] : ldi_hist_edge[255] / 2;
	mid = geometric_middle(low, ldi_hist_edge[edge]);
	if (shift)
		mid = (mid >> shift) + (mid >> (shift - 1) & 1);
	mid = clamp(mid, ld_hist_upper(index - 1) + 1, ld_hist_upper(index));
	return clamp(mid, hist->min, hist->max);
}

uint64_t
ld_hist_quantile(const struct ld_hist *hist, uint32_t ppm)
{
	uint64_t rank, seen = hist->zero, n;
	int index = INT_MIN;

	if (hist->count == 0)
		return 0;
	if (ppm == 0)
		return hist->min;
	if (ppm >= 1000000)
		return hist->max;
	rank = (uint64_t)(((ldi_u128)hist->count * ppm + 999999) / 1000000);
	if (rank <= seen)
		return 0;
	while (ld_hist_next(hist, &index, &n)) {
		seen += n;
		if (seen >= rank)
			return middle(hist, index);
	}
	return hist->max;
}

uint64_t
ld_hist_count_below(const struct ld_hist *hist, uint64_t duration_ns)
{
	uint64_t seen = hist->zero, n;
	int index = INT_MIN;

	if (duration_ns >= hist->max)
		return hist->count;
	while (ld_hist_next(hist, &index, &n)) {
		if (middle(hist, index) > duration_ns)
			break;
		seen += n;
	}
	return seen;
}
