/* SPDX-License-Identifier: MIT */
/*
 * target/timer.h - who is to be woken when: a binary heap.
 *
 * A timer is embedded in what it wakes; adding one allocates only when the
 * heap grows.
 */
#ifndef LDI_TARGET_TIMER_H
#define LDI_TARGET_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ldi_timer {
	uint64_t due_ns;
	size_t place; /* in the heap, from 1; 0 = not set */
};

struct ldi_timers {
	struct ldi_timer **heap;
	size_t n, cap;
};

void ldi_timers_clear(struct ldi_timers *timers);
/* Set, or move if it is set.  false when memory is short. */
bool ldi_timer_set(
    struct ldi_timers *timers, struct ldi_timer *timer, uint64_t due_ns);
void ldi_timer_unset(struct ldi_timers *timers, struct ldi_timer *timer);
/* The next one due, or NULL. */
struct ldi_timer *ldi_timers_first(const struct ldi_timers *timers);

#endif /* LDI_TARGET_TIMER_H */
