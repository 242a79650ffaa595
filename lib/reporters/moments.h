/* SPDX-License-Identifier: MIT */
/*
 * reporters/moments.h - a run's slots, merged exactly into few enough
 * moments to be drawn and read.
 */
#ifndef LDI_REPORTERS_MOMENTS_H
#define LDI_REPORTERS_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>
#include <ld/summary.h>

#define LDI_MOMENTS_MAX 240

struct ldi_moment {
	uint64_t begin_ns;
	uint64_t span_ns; /* of the last one: what the run has left */
	uint64_t started, success, failure, aborted, users;
	uint64_t count; /* in the quantiles; 0 = they mean nothing */
	uint64_t p50, p95, p99, max;
};

struct ldi_moments {
	uint64_t width_ns; /* of a moment */
	uint64_t end_ns;   /* where the time axis ends, > 0 */
	size_t n;
	struct ldi_moment *at;
};

enum ld_status ldi_moments_init(struct ldi_moments *timeline,
    const struct ld_run_figures *run, struct ld_err *err);
void ldi_moments_clear(struct ldi_moments *timeline);

#endif /* LDI_REPORTERS_MOMENTS_H */
