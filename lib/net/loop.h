/* SPDX-License-Identifier: MIT */
/*
 * net/loop.h - what streams find on their loop.
 *
 * Callbacks into a codec never come from inside its own call into the stream;
 * what has to be said is deferred to the loop, which costs nothing while there
 * is nothing to say: the idle handle runs only then.
 */
#ifndef LDI_NET_LOOP_H
#define LDI_NET_LOOP_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include <ld/loop.h>

#include "net/list.h"

/* One recv() per readiness event goes here, for all streams of the loop. */
#define LDI_RECV_SIZE ((size_t)64 << 10)
/* Plain text of several pieces is joined here, for one TLS record. */
#define LDI_JOIN_SIZE ((size_t)16 << 10)

/* Something to be done by the loop: part of its owner, on one list or none. */
struct ldi_task {
	struct ldi_link link;
	void (*run)(struct ldi_task *task);
	uint64_t due_ms; /* of a lingering one, in uv_now() */
};

#define LDI_NAME_BUCKETS 64

struct ld_loop {
	uv_loop_t uv;
	char *recv_buf;
	char *join_buf; /* NULL until TLS needs it */

	uv_idle_t idle; /* active while `deferred` is not empty */
	struct ldi_link deferred;

	uv_timer_t linger; /* for the head of `lingering` */
	struct ldi_link lingering;

	uv_async_t wake; /* not referenced */
	pthread_mutex_t post_lock;
	struct ld_post *post_head, **post_tail;

	const struct ld_pins *pins; /* or NULL */
	unsigned next_source;       /* whose turn it is */
	struct ldi_link names[LDI_NAME_BUCKETS];
	unsigned n_names;
	unsigned resolving; /* requests that libuv has not given back */
};

/* Run the task on the next turn of the loop.  Already deferred: no effect. */
void ldi_loop_defer(struct ld_loop *loop, struct ldi_task *task);
/* Run it after LDI_LINGER_MS. */
#define LDI_LINGER_MS 1000
void ldi_loop_linger(struct ld_loop *loop, struct ldi_task *task);
/* Take it off whatever list it is on. */
void ldi_task_cancel(struct ldi_task *task);
/* NULL when memory is short. */
char *ldi_loop_join_buf(struct ld_loop *loop);

#endif /* LDI_NET_LOOP_H */
