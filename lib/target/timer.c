/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/timer.h"

#include <stdlib.h>

static void
put(struct ldi_timers *t, size_t i, struct ldi_timer *timer)
{
	t->heap[i] = timer;
	timer->place = i + 1;
}

static void
sift_up(struct ldi_timers *t, size_t i)
{
	struct ldi_timer *timer = t->heap[i];

	while (i > 0 && t->heap[(i - 1) / 2]->due_ns > timer->due_ns) {
		put(t, i, t->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	put(t, i, timer);
}

static void
sift_down(struct ldi_timers *t, size_t i)
{
	struct ldi_timer *timer = t->heap[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= t->n)
			break;
		if (child + 1 < t->n &&
		    t->heap[child + 1]->due_ns < t->heap[child]->due_ns)
			child++;
		if (t->heap[child]->due_ns >= timer->due_ns)
			break;
		put(t, i, t->heap[child]);
		i = child;
	}
	put(t, i, timer);
}

void
ldi_timers_clear(struct ldi_timers *t)
{
	free(t->heap);
	*t = (struct ldi_timers){ 0 };
}

bool
ldi_timer_set(struct ldi_timers *t, struct ldi_timer *timer, uint64_t due_ns)
{
	ldi_timer_unset(t, timer);
	if (t->n == t->cap) {
		size_t cap = t->cap > 0 ? 2 * t->cap : 64;
		struct ldi_timer **heap =
		    realloc(t->heap, cap * sizeof(struct ldi_timer *));

		if (heap == NULL)
			return false;
		t->heap = heap;
		t->cap = cap;
	}
	timer->due_ns = due_ns;
	put(t, t->n++, timer);
	sift_up(t, t->n - 1);
	return true;
}

void
ldi_timer_unset(struct ldi_timers *t, struct ldi_timer *timer)
{
	size_t i = timer->place;
	struct ldi_timer *last;

	if (i == 0)
		return;
	i--;
	timer->place = 0;
	last = t->heap[--t->n];
	if (last == timer)
		return;
	put(t, i, last);
	sift_up(t, i);
	sift_down(t, last->place - 1);
}

struct ldi_timer *
ldi_timers_first(const struct ldi_timers *t)
{
	return t->n > 0 ? t->heap[0] : NULL;
}
