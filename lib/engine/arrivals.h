/* SPDX-License-Identifier: MIT */
/*
 * engine/arrivals.h - when arrivals are due: a walk over the schedule.
 *
 * No clock: a schedule is a pure function of (plan, seed), so every thread and
 * machine computes the same one and takes its part of it.  Let L(t) be the
 * integral of the rate.  Evenly spaced, arrival k is due when L(t) = k; a
 * Poisson process of that rate has arrival k where L(t) = E(0) + ... + E(k),
 * E being independent exponential draws of mean 1 (time change of a process
 * of rate 1; e.g. Cinlar, "Introduction to Stochastic Processes", 1975).
 *
 * Units       nanoseconds after the run's T0.
 */
#ifndef LDI_ENGINE_ARRIVALS_H
#define LDI_ENGINE_ARRIVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/plan.h>

struct ldi_arrivals {
	const struct ld_config *config;
	unsigned threads, thread; /* which part of it: see ldi_pace_is_mine() */
	uint64_t next;            /* number of the next arrival, of all parts */
	bool complete; /* the walk has ended, after `passes` arrivals */
	/* Sum of the exponential draws up to it: whole, and 2^-64ths. */
	uint64_t sum, sum_fraction;
	/* The stage that L(t) was last looked up in. */
	size_t stage;
	uint64_t stage_ns;  /* where it begins */
	double stage_count; /* L there */
	double stage_rate;  /* per second there */
	uint64_t last_ns;
};

void ldi_arrivals_init(struct ldi_arrivals *arrivals,
    const struct ld_config *config, unsigned threads, unsigned thread);
/* The next arrival of this part; false behind the last: `passes` arrivals
 * were made, the list is at its end, or the rate stays 0.  Bounded by
 * test_time only in so far as the caller looks. */
bool ldi_arrivals_next(
    struct ldi_arrivals *arrivals, uint64_t *arrival_out, uint64_t *due_ns_out);

/* An exponential draw of mean 1 for arrival k: whole, and 2^-64ths. */
void ldi_arrivals_draw(uint64_t seed, uint64_t arrival, uint64_t *whole_out,
    uint64_t *fraction_out);

#endif /* LDI_ENGINE_ARRIVALS_H */
