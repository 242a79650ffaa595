/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <string.h>

#include <ld/rng.h>

#include "engine/arrivals.h"
#include "engine/pace.h"

/* Beyond this there is no sense in a time: three hundred years. */
#define NEVER_NS 1e19
#define TWO_64 18446744073709551616.0

void
ldi_arrivals_init(struct ldi_arrivals *a, const struct ld_config *config,
    unsigned threads, unsigned thread)
{
	memset(a, 0, sizeof(*a));
	a->config = config;
	a->threads = threads;
	a->thread = thread;
	a->stage_rate = config->arrivals.rate;
}

/*
 * Von Neumann's way ("Various techniques used in connection with random
 * digits", 1951): draws are only compared, so the result is the same on every
 * machine, which log() is not.  x is uniform in [0, 1); of draws that follow
 * it, each not above the one before, an even number comes with probability
 * e^-x.  If it is odd, x goes one further.
 */
void
ldi_arrivals_draw(uint64_t seed, uint64_t arrival, uint64_t *whole_out,
    uint64_t *fraction_out)
{
	const struct ld_rng_key key = {
		.seed = seed, .key = arrival, .task = LD_RNG_ARRIVAL
	};
	uint32_t draw = 0;

	for (*whole_out = 0;; ++*whole_out) {
		uint64_t first = ld_rng_u64(&key, draw++), last = first, next;
		unsigned followers = 0;

		while ((next = ld_rng_u64(&key, draw++)) <= last) {
			last = next;
			followers++;
		}
		if (followers % 2 == 0) {
			*fraction_out = first;
			return;
		}
	}
}

static void
add_gap(struct ldi_arrivals *a)
{
	uint64_t whole, fraction;

	ldi_arrivals_draw(a->config->seed, a->next, &whole, &fraction);
	a->sum_fraction += fraction;
	a->sum += whole + (a->sum_fraction < fraction);
}

/* -- L(t) and back -------------------------------------------------------- */

static double
stage_seconds(const struct ld_stage *stage)
{
	return (double)stage->duration_ns / 1e9;
}

/* Go on to the stage in which L reaches `count`. */
static void
find_stage(struct ldi_arrivals *a, double count)
{
	const struct ld_arrivals *plan = &a->config->arrivals;

	for (; a->stage < plan->n_stages; a->stage++) {
		const struct ld_stage *stage = &plan->stages[a->stage];
		double area =
		    (a->stage_rate + stage->rate) / 2 * stage_seconds(stage);

		if (a->stage_count + area > count)
			return;
		a->stage_count += area;
		a->stage_rate = stage->rate;
		a->stage_ns += stage->duration_ns;
	}
}

/* The t at which L(t) = count; false when it never is.  Within a stage the
 * rate is r + d x, so L is r x + d x^2 / 2; its root in the form that loses
 * no digits where d is small or r is 0. */
static bool
find_due(struct ldi_arrivals *a, double count, uint64_t *due_ns_out)
{
	const struct ld_arrivals *plan = &a->config->arrivals;
	double slope = 0, missing, denominator, ns;

	find_stage(a, count);
	if (a->stage < plan->n_stages) {
		const struct ld_stage *stage = &plan->stages[a->stage];

		slope = (stage->rate - a->stage_rate) / stage_seconds(stage);
	}
	missing = count - a->stage_count;
	denominator = a->stage_rate * a->stage_rate + 2 * slope * missing;
	denominator = a->stage_rate + sqrt(denominator > 0 ? denominator : 0);
	if (missing > 0 && !(denominator > 0))
		return false;
	if (a->stage == plan->n_stages && !(a->stage_rate > 0))
		return false;
	ns = missing > 0 ? 2 * missing / denominator * 1e9 : 0;
	if (!(ns < NEVER_NS))
		return false;
	*due_ns_out = a->stage_ns + (uint64_t)llround(ns);
	if (*due_ns_out < a->last_ns) /* by rounding, across a border */
		*due_ns_out = a->last_ns;
	a->last_ns = *due_ns_out;
	return true;
}

/* -- the walk ------------------------------------------------------------- */

static bool
is_mine(const struct ldi_arrivals *a, uint64_t arrival)
{
	return ldi_pace_is_mine(arrival, 1, 0, a->threads, a->thread);
}

static bool
next_of_list(
    struct ldi_arrivals *a, uint64_t *arrival_out, uint64_t *due_ns_out)
{
	const struct ld_arrivals *plan = &a->config->arrivals;
	uint64_t end = plan->n_list, passes = a->config->passes;

	if (passes != 0 && passes < end)
		end = passes;
	while (a->next < end) {
		const struct ld_arrival_due *due = &plan->list[a->next++];

		if (!is_mine(a, due->arrival))
			continue;
		*arrival_out = due->arrival;
		*due_ns_out = due->due_ns;
		return true;
	}
	a->complete = end == passes;
	return false;
}

bool
ldi_arrivals_next(
    struct ldi_arrivals *a, uint64_t *arrival_out, uint64_t *due_ns_out)
{
	uint64_t passes = a->config->passes;
	bool poisson = a->config->arrivals.poisson;
	double count;

	if (a->config->arrivals.list != NULL)
		return next_of_list(a, arrival_out, due_ns_out);
	for (;; a->next++) {
		a->complete = passes != 0 && a->next >= passes;
		if (a->complete)
			return false;
		if (poisson)
			add_gap(a);
		if (is_mine(a, a->next))
			break;
	}
	count = poisson ? (double)a->sum + (double)a->sum_fraction / TWO_64
			: (double)a->next;
	*arrival_out = a->next++;
	return find_due(a, count, due_ns_out);
}
