/* SPDX-License-Identifier: MIT */
/*
 * engine/heap.h - what is due next: an indexed binary heap of timers.
 *
 * A timer knows its place in the heap, so that it can be moved or removed.
 * The heap has reserved room for every timer of a worker: nothing here
 * allocates once it was initialised.
 *
 * Sessions use their timer lazily: it is moved only when they need to wake
 * earlier than it says.  A wake that turns out too early re-arms it.  So a
 * session whose exchanges end long before their deadline never touches the
 * heap at all.
 */
#ifndef LDI_ENGINE_HEAP_H
#define LDI_ENGINE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>

#define LDI_TIMER_OFF SIZE_MAX

struct ldi_timer {
	uint64_t due_ns;
	size_t place; /* in the heap; LDI_TIMER_OFF = not in it */
};

struct ldi_heap {
	struct ldi_timer **timers;
	size_t n;
	size_t cap;
};

enum ld_status ldi_heap_init(
    struct ldi_heap *heap, size_t capacity, struct ld_err *err);
void ldi_heap_clear(struct ldi_heap *heap);

/* Put it in, or move it, whichever way. */
void ldi_heap_set(
    struct ldi_heap *heap, struct ldi_timer *timer, uint64_t due_ns);
void ldi_heap_remove(struct ldi_heap *heap, struct ldi_timer *timer);

/* Wake no later than `due_ns`: moves the timer only if it must. */
static inline void
ldi_heap_by(struct ldi_heap *heap, struct ldi_timer *timer, uint64_t due_ns)
{
	if (timer->place == LDI_TIMER_OFF || timer->due_ns > due_ns)
		ldi_heap_set(heap, timer, due_ns);
}

/* The earliest, or NULL. */
static inline struct ldi_timer *
ldi_heap_top(const struct ldi_heap *heap)
{
	return heap->n == 0 ? NULL : heap->timers[0];
}

#endif /* LDI_ENGINE_HEAP_H */
