/* SPDX-License-Identifier: MIT */
/*
 * The open model: arrivals begin passes when they are due, on whatever session
 * is free.
 *
 * The arrival due next is always drawn already.  A late arrival is started as
 * soon as it is seen and keeps its intended start; so is a whole backlog.
 * When all sessions are busy the arrival is counted as not started, but only
 * after the sockets were looked at since it came due: an answer that lies
 * there may have freed a session, and a generator that fell behind must not
 * pass for a server that did.
 *
 * The end of the run's time ends the arrivals.  Passes that have begun go on,
 * for as long as the grace allows: so the same seed sends the same requests,
 * however late the last of them are answered.
 */
#include "config.h"

#include <string.h>

#include <ld/time.h>

#include "data/ledger.h"
#include "engine/worker.h"

/* Arrivals between two looks at the sockets. */
#define ARRIVALS_PER_TURN 256

static uint64_t
sessions(const struct ld_config *config)
{
	return config->arrivals.limit;
}

static uint64_t
after_t0(const struct ldi_run *run, uint64_t ns)
{
	return ldi_plus(run->t0_ns, ns);
}

/* Behind the last arrival the sessions may close: when it was the last by
 * number, at once; otherwise when the time of the run is over,
 * so that its rates are those of that time. */
static void
end_arrivals(struct ldi_worker *w, bool at_once)
{
	w->open.ended = true;
	w->open.end_ns =
	    at_once || w->run->end_ns == UINT64_MAX ? 0 : w->run->end_ns;
}

static void
advance(struct ldi_worker *w)
{
	struct ldi_open *open = &w->open;
	const struct ldi_run *run = w->run;

	if (!ldi_arrivals_next(&open->schedule, &open->arrival, &open->due_ns))
		end_arrivals(w, open->schedule.complete);
	else if (after_t0(run, open->due_ns) >= run->end_ns)
		end_arrivals(w, false);
}

static void
begin(struct ldi_worker *w)
{
	const struct ldi_run *run = w->run;

	ldi_arrivals_init(
	    &w->open.schedule, run->program->config, run->threads, w->index);
	advance(w);
}

static uint64_t
due_ns(const struct ldi_worker *w)
{
	if (!w->open.ended)
		return after_t0(w->run, w->open.due_ns);
	return w->open.closed ? UINT64_MAX : w->open.end_ns;
}

/* -- sessions ------------------------------------------------------------- */

static void
rest(struct ldi_worker *w, struct ld_session *s)
{
	s->state = LDI_SESSION_IDLE;
	s->next = w->open.idle;
	w->open.idle = s;
}

static void
release(struct ldi_worker *w, struct ld_session *s)
{
	ldi_session_disengage(w, s);
	if (w->stopping || w->open.closed)
		ldi_session_stop(w, s);
	else
		rest(w, s);
}

static void
close_idle(struct ldi_worker *w)
{
	struct ld_session *s, *next;

	w->open.closed = true;
	for (s = w->open.idle; s != NULL; s = next) {
		next = s->next;
		ldi_session_stop(w, s);
	}
	w->open.idle = NULL;
}

/* A session that is free: the one that was used last, so that few are used. */
static struct ld_session *
take(struct ldi_worker *w)
{
	struct ld_session *s = w->open.idle;

	if (s != NULL)
		w->open.idle = s->next;
	else if (w->next_session < w->n_sessions)
		s = ldi_session_new(w, w->next_session++);
	return s;
}

/* It is to look as if nobody had used it before. */
static void
freshen(struct ldi_worker *w, struct ld_session *s)
{
	const struct ld_program *program = w->run->program;

	if (program->config->arrivals.keep)
		return;
	ldi_scope_reset(s->scope);
	if (program->driver->fresh != NULL)
		program->driver->fresh(s->driver_session);
}

/* -- arrivals ------------------------------------------------------------- */

static void
out_of_rows(struct ldi_worker *w, struct ld_session *s)
{
	ldi_session_lacks_row(w, s);
	release(w, s);
	end_arrivals(w, true);
}

/* The session has no pass yet. */
static void
start_pass(struct ldi_worker *w, struct ld_session *s)
{
	uint64_t k = w->open.arrival;
	bool used = s->opened;

	s->intended_ns = after_t0(w->run, w->open.due_ns);
	if (!used && !ldi_session_open(w, s)) {
		rest(w, s);
		advance(w);
		return;
	}
	s->key = k;
	s->task = s->pass = 0;
	ldi_session_engage(w, s);
	if (used)
		freshen(w, s);
	if (!ldi_scope_begin_pass(s->scope, k, 0, k)) {
		out_of_rows(w, s);
		return;
	}
	ldi_session_ready(w, s);
	advance(w);
}

static void
miss(struct ldi_worker *w)
{
	atomic_fetch_add_explicit(&w->run->missed, 1, memory_order_relaxed);
	ldi_worker_count_unstarted(
	    w, 0, after_t0(w->run, w->open.due_ns), LD_NOT_STARTED_LIMIT);
	advance(w);
}

static void
start(struct ldi_worker *w, uint64_t now_ns)
{
	for (int i = 0;
	     i < ARRIVALS_PER_TURN && !w->open.ended && due_ns(w) <= now_ns;
	     i++) {
		struct ld_session *s = take(w);

		if (s != NULL)
			start_pass(w, s);
		else if (due_ns(w) <= w->polled_ns)
			miss(w);
		else
			return;
	}
	if (w->open.ended && !w->open.closed && w->open.end_ns <= now_ns)
		close_idle(w);
}

static void
pass_done(struct ldi_worker *w, struct ld_session *s, uint64_t end_ns)
{
	(void)end_ns;
	release(w, s);
}

/* -- the end -------------------------------------------------------------- */

static uint64_t
stop_ns(const struct ldi_run *run)
{
	return ldi_plus(run->end_ns, run->program->config->grace_ns);
}

static void
stop(struct ldi_worker *w)
{
	close_idle(w);
	while (!w->open.ended && ldi_worker_came_due(w, due_ns(w))) {
		ldi_worker_count_unstarted(
		    w, 0, due_ns(w), LD_NOT_STARTED_STOPPED);
		advance(w);
	}
	w->open.ended = true;
}

const struct ldi_model ldi_model_open = {
	.sessions = sessions,
	.begin = begin,
	.due_ns = due_ns,
	.start = start,
	.pass_done = pass_done,
	.stop_ns = stop_ns,
	.stop = stop,
};
