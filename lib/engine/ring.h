/* SPDX-License-Identifier: MIT */
/*
 * engine/ring.h - pointers from one thread to one other, without locks.
 *
 * One producer, one consumer, a fixed capacity that is a power of two.  Each
 * side keeps its own index and a copy of the other's, so that the common
 * push and pop touch one shared cache line.
 */
#ifndef LDI_ENGINE_RING_H
#define LDI_ENGINE_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <ld/err.h>

struct ldi_ring {
	alignas(64) _Atomic size_t tail; /* written by the producer */
	size_t head_seen;
	alignas(64) _Atomic size_t head; /* written by the consumer */
	size_t tail_seen;
	alignas(64) size_t mask;
	void **slots;
};

/* Room for at least `capacity` pointers. */
enum ld_status ldi_ring_init(
    struct ldi_ring *ring, size_t capacity, struct ld_err *err);
void ldi_ring_clear(struct ldi_ring *ring);

/* Producer: false when full. */
static inline bool
ldi_ring_push(struct ldi_ring *ring, void *item)
{
	size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

	if (tail - ring->head_seen > ring->mask) {
		ring->head_seen =
		    atomic_load_explicit(&ring->head, memory_order_acquire);
		if (tail - ring->head_seen > ring->mask)
			return false;
	}
	ring->slots[tail & ring->mask] = item;
	atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
	return true;
}

/* Consumer: NULL when empty. */
static inline void *
ldi_ring_pop(struct ldi_ring *ring)
{
	size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	void *item;

	if (head == ring->tail_seen) {
		ring->tail_seen =
		    atomic_load_explicit(&ring->tail, memory_order_acquire);
		if (head == ring->tail_seen)
			return NULL;
	}
	item = ring->slots[head & ring->mask];
	atomic_store_explicit(&ring->head, head + 1, memory_order_release);
	return item;
}

#endif /* LDI_ENGINE_RING_H */
