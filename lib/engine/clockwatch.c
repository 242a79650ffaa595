/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/clockwatch.h"

/* A stall shorter than this is a busy machine. */
#define STALL_NS UINT64_C(250000000)

void
ldi_clockwatch_begin(struct ldi_clockwatch *watch, const struct ldi_clocks *now,
    uint64_t every_ns)
{
	*watch = (struct ldi_clockwatch){ .last = *now, .every_ns = every_ns };
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

struct ldi_clocknews
ldi_clockwatch_look(struct ldi_clockwatch *w, const struct ldi_clocks *now)
{
	struct ldi_clocknews news = { 0 };
	int64_t asleep =
	    ahead(now->boot, w->last.boot, now->monotonic, w->last.monotonic);
	int64_t stepped =
	    ahead(now->wall, w->last.wall, now->boot, w->last.boot);
	uint64_t gap = now->monotonic - w->last.monotonic;

	if (asleep > (int64_t)LDI_CLOCK_NOISE_NS)
		news.suspend_ns = (uint64_t)asleep;
	if (size_of(stepped) > LDI_CLOCK_NOISE_NS)
		news.step_ns = size_of(stepped);
	if (gap > w->every_ns + STALL_NS)
		news.stall_ns = gap - w->every_ns;
	w->suspend_ns += news.suspend_ns;
	if (news.step_ns > w->step_ns)
		w->step_ns = news.step_ns;
	if (news.stall_ns > w->stall_ns)
		w->stall_ns = news.stall_ns;
	w->last = *now;
	return news;
}
