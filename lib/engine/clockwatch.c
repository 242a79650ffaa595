/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/clockwatch.h"

/* A stall shorter than this is a busy machine. */
#define STALL_NS UINT64_C(250000000)

void
ldi_clockwatch_begin(struct ldi_clockwatch *watch, const struct ldi_clocks *now,
    uint64_t every_ns)
{
	*watch = (struct ldi_clockwatch){
		.first = *now,
		.last = *now,
		.told_boot = now->boot,
		.every_ns = every_ns,
	};
}

static uint64_t
size_of(int64_t value)
{
	return value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
}

/* How much further `a` went than `b`; differences of 64 bits wrap rightly. */
static int64_t
ahead(uint64_t a, uint64_t a_before, uint64_t b, uint64_t b_before)
{
	return (int64_t)((a - a_before) - (b - b_before));
}

/* How far the wall clock has gone astray since the begin, beyond what it may
 * by being slewed, when that is more than was told already. */
static uint64_t
crept(struct ldi_clockwatch *w, const struct ldi_clocks *now)
{
	int64_t off = ahead(now->wall, w->first.wall, now->boot, w->first.boot);
	int64_t since = off - w->told_off;
	uint64_t slew = (now->boot - w->told_boot) / LDI_CLOCK_SLEW;

	if (size_of(since) <= LDI_CLOCK_NOISE_NS + slew)
		return 0;
	w->told_off = off;
	w->told_boot = now->boot;
	return size_of(since);
}

static uint64_t
largest(uint64_t a, uint64_t b, uint64_t c)
{
	a = b > a ? b : a;
	return c > a ? c : a;
}

struct ldi_clocknews
ldi_clockwatch_look(struct ldi_clockwatch *w, const struct ldi_clocks *now)
{
	struct ldi_clocknews news = { 0 };
	int64_t asleep =
	    ahead(now->boot, w->last.boot, now->monotonic, w->last.monotonic);
	/* A clock that goes back is a bug of the host: not a long gap. */
	uint64_t gap = now->monotonic > w->last.monotonic
			   ? now->monotonic - w->last.monotonic
			   : 0;

	if (asleep > (int64_t)LDI_CLOCK_NOISE_NS)
		news.suspend_ns = (uint64_t)asleep;
	news.step_ns = crept(w, now);
	if (gap > w->every_ns + STALL_NS)
		news.stall_ns = gap - w->every_ns;
	w->suspend_ns += news.suspend_ns;
	/* Many small ones are a large one. */
	if (news.step_ns > 0)
		w->step_ns =
		    largest(w->step_ns, news.step_ns, size_of(w->told_off));
	if (news.stall_ns > w->stall_ns)
		w->stall_ns = news.stall_ns;
	w->last = *now;
	return news;
}
