/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/heap.h"

enum ld_status
ldi_heap_init(struct ldi_heap *heap, size_t capacity, struct ld_err *err)
{
	memset(heap, 0, sizeof(*heap));
	heap->timers =
	    calloc(capacity == 0 ? 1 : capacity, sizeof(*heap->timers));
	if (heap->timers == NULL)
		return ld_err_set(err, LD_NOMEM, "%zu timers", capacity);
	heap->cap = capacity;
	return LD_OK;
}

void
ldi_heap_clear(struct ldi_heap *heap)
{
	free(heap->timers);
	memset(heap, 0, sizeof(*heap));
}

static void
put(struct ldi_heap *heap, size_t place, struct ldi_timer *timer)
{
	heap->timers[place] = timer;
	timer->place = place;
}

static void
sift_up(struct ldi_heap *heap, size_t place)
{
	struct ldi_timer *timer = heap->timers[place];

	while (place > 0) {
		size_t parent = (place - 1) / 2;

		if (heap->timers[parent]->due_ns <= timer->due_ns)
			break;
		put(heap, place, heap->timers[parent]);
		place = parent;
	}
	put(heap, place, timer);
}

static void
sift_down(struct ldi_heap *heap, size_t place)
{
	struct ldi_timer *timer = heap->timers[place];

	for (;;) {
		size_t child = 2 * place + 1;

		if (child >= heap->n)
			break;
		if (child + 1 < heap->n && heap->timers[child + 1]->due_ns <
					       heap->timers[child]->due_ns)
			child++;
		if (timer->due_ns <= heap->timers[child]->due_ns)
			break;
		put(heap, place, heap->timers[child]);
		place = child;
	}
	put(heap, place, timer);
}

void
ldi_heap_set(struct ldi_heap *heap, struct ldi_timer *timer, uint64_t due_ns)
{
	uint64_t before = timer->due_ns;

	timer->due_ns = due_ns;
	if (timer->place == LDI_TIMER_OFF) {
		assert(heap->n < heap->cap);
		put(heap, heap->n++, timer);
		sift_up(heap, timer->place);
	} else if (due_ns < before) {
		sift_up(heap, timer->place);
	} else {
		sift_down(heap, timer->place);
	}
}

void
ldi_heap_remove(struct ldi_heap *heap, struct ldi_timer *timer)
{
	size_t place = timer->place;
	struct ldi_timer *last;

	if (place == LDI_TIMER_OFF)
		return;
	timer->place = LDI_TIMER_OFF;
	last = heap->timers[--heap->n];
	if (last == timer)
		return;
	put(heap, place, last);
	sift_up(heap, place);
	sift_down(heap, last->place);
}
