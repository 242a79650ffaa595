/* SPDX-License-Identifier: MIT */
/*
 * reporters/axis.h - from values to places on a chart, and round ticks.
 *
 * Values are doubles (a time in ns, a rate, a count); an axis that was never
 * set up maps everything to 0.
 */
#ifndef LDI_REPORTERS_AXIS_H
#define LDI_REPORTERS_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LDI_AXIS_TICKS 24

struct ldi_axis {
	double min, max;
	bool log;
	bool sparse; /* too many ticks to name: only powers of ten are */
	size_t n;
	double tick[LDI_AXIS_TICKS];
};

/* From 0 to the round number above `max`, in about `want` steps. */
void ldi_axis_linear(struct ldi_axis *axis, double max, unsigned want);
/* The same for counts of whole things: no fractions. */
void ldi_axis_whole(struct ldi_axis *axis, double max, unsigned want);
/* Logarithmic, both ends rounded outwards to 1, 2 or 5 of a decade; sparse
 * when it has more ticks than `names`. */
void ldi_axis_log(
    struct ldi_axis *axis, double min, double max, unsigned names);
/* From 0 to exactly `end_ns`; ticks at round times, in ns. */
void ldi_axis_time(struct ldi_axis *axis, uint64_t end_ns);

/* Is this tick to be named? */
bool ldi_axis_named(const struct ldi_axis *axis, size_t tick);

/* 0 at min, 1 at max, clamped. */
double ldi_axis_at(const struct ldi_axis *axis, double value);

#endif /* LDI_REPORTERS_AXIS_H */
