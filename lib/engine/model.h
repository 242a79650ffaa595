/* SPDX-License-Identifier: MIT */
/*
 * engine/model.h - who starts passes, and when: the closed and the open model.
 *
 * Closed: a fixed number of users each make one pass behind the other; a
 * session is a user.  Open: arrivals begin passes when they are due; a session
 * is a slot that arrivals borrow.  What a session does within a pass is the
 * same in both (session.c).
 */
#ifndef LDI_ENGINE_MODEL_H
#define LDI_ENGINE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/plan.h>

#include "engine/arrivals.h"

struct ld_session;
struct ldi_run;
struct ldi_worker;

/* The state of a worker in the open model. */
struct ldi_open {
	struct ldi_arrivals schedule;
	uint64_t arrival, due_ns; /* the next one, after T0 */
	bool ended;               /* there is no next one */
	uint64_t end_ns;          /* then: when the sessions may close */
	bool closed;              /* idle sessions were told to */
	struct ld_session *idle;  /* open sessions without a pass, by `next` */
};

struct ldi_model {
	/* Sessions of all workers together. */
	uint64_t (*sessions)(const struct ld_config *config);
	/* Before the first start. */
	void (*begin)(struct ldi_worker *w);
	/* When start() has something to do next, monotonic; UINT64_MAX: never
	 * again. */
	uint64_t (*due_ns)(const struct ldi_worker *w);
	void (*start)(struct ldi_worker *w, uint64_t now_ns);
	/* The pass of `s` is over; s->intended_ns is when its last task ended.
	 */
	void (*pass_done)(
	    struct ldi_worker *w, struct ld_session *s, uint64_t end_ns);
	/* When the worker stops starting, if nothing else stops it. */
	uint64_t (*stop_ns)(const struct ldi_run *run);
	/* It stops now: count what came due and will not start. */
	void (*stop)(struct ldi_worker *w);
};

extern const struct ldi_model ldi_model_closed, ldi_model_open;

static inline const struct ldi_model *
ldi_model_of(const struct ld_config *config)
{
	return config->arrivals.given ? &ldi_model_open : &ldi_model_closed;
}

#endif /* LDI_ENGINE_MODEL_H */
