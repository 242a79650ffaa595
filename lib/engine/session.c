/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <string.h>

#include <ld/time.h>

#include "engine/pool.h"
#include "engine/worker.h"

void
ldi_session_ready(struct ldi_worker *w, struct ld_session *s)
{
	s->state = LDI_SESSION_READY;
	s->next = NULL;
	*w->ready_end = s;
	w->ready_end = &s->next;
}

void
ldi_session_engage(struct ldi_worker *w, struct ld_session *s)
{
	s->engaged = true;
	if (++w->users > w->peak_users)
		w->peak_users = w->users;
}

void
ldi_session_disengage(struct ldi_worker *w, struct ld_session *s)
{
	if (s->engaged)
		w->users--;
	s->engaged = false;
}

void
ldi_session_gone(struct ldi_worker *w, struct ld_session *s)
{
	assert(s->state == LDI_SESSION_CLOSING);
	ldi_worker_stir(w);
	ldi_heap_remove(&w->heap, &s->timer);
	ldi_session_disengage(w, s);
	s->state = LDI_SESSION_CLOSED;
	if (s->opened)
		w->open_sessions--;
}

/* From inside close() or later; of a BLOCKING driver on a pool thread. */
void
ld_session_closed(struct ld_session *s)
{
	if (s->job.in_pool)
		ldi_pool_finished(s);
	else
		ldi_session_gone(s->worker, s);
}

void
ldi_session_stop(struct ldi_worker *w, struct ld_session *s)
{
	const struct ld_driver *driver = w->run->program->driver;
	uint64_t deadline_ns = ld_now_ns() + LD_NS_PER_S;

	s->state = LDI_SESSION_CLOSING;
	if (!s->opened || driver->close == NULL)
		ldi_session_gone(w, s);
	else if (w->run->pool != NULL)
		ldi_pool_close(w->run->pool, s, deadline_ns);
	else
		driver->close(s->driver_session, deadline_ns);
}

/* Sessions are made when they are first used: of many that the open model
 * allows for, few may be. */
struct ld_session *
ldi_session_new(struct ldi_worker *w, uint64_t i)
{
	struct ld_session *s = ldi_session_at(w, i);

	s->worker = w;
	s->slot = ldi_session_slot(w, i);
	s->timer.place = LDI_TIMER_OFF;
	s->driver_session = (char *)s + w->session_offset;
	s->x.session = s->driver_session;
	s->x.self = (char *)s + w->exchange_offset;
	return s;
}

void
ldi_session_lacks_row(struct ldi_worker *w, struct ld_session *s)
{
	for (uint32_t i = 0; i < ldi_bind_n_csvs(w->run->program->bind); i++) {
		int state = LDI_CSV_GOES_ON;

		if (ldi_scope_lacks_row(s->scope, i))
			atomic_compare_exchange_strong(
			    &w->run->csv_ended[i], &state, LDI_CSV_ENDED);
	}
	atomic_fetch_add(&w->run->rows_ended, 1);
}

static enum ld_status
try_open(struct ldi_worker *w, struct ld_session *s)
{
	const struct ld_program *program = w->run->program;
	struct ld_session_open how = {
		.handle = s,
		.run = program->run_block,
		.worker = w->driver_worker,
		.loop = w->loop,
		.key = s->slot,
	};
	struct ld_err err = LD_ERR_INIT;
	enum ld_status st = LD_OK;

	if (s->scope == NULL)
		st = ldi_scope_new(program->bind, &s->scope, &err);
	s->x.scope = s->scope;
	if (st == LD_OK && program->driver->open != NULL)
		st = program->driver->open(s->driver_session, &how, &err);
	return st;
}

bool
ldi_session_open(struct ldi_worker *w, struct ld_session *s)
{
	if (try_open(w, s) != LD_OK) {
		ldi_worker_count_unstarted(
		    w, 0, ld_now_ns(), LD_NOT_STARTED_LOCAL);
		s->state = LDI_SESSION_CLOSED;
		return false;
	}
	s->opened = true;
	w->open_sessions++;
	return true;
}

void
ldi_session_go(struct ldi_worker *w, struct ld_session *s, uint64_t now_ns)
{
	if (w->stopping) {
		ldi_session_stop(w, s);
	} else if (s->intended_ns <= now_ns) {
		ldi_session_ready(w, s);
	} else {
		s->state = LDI_SESSION_WAITING;
		ldi_heap_by(&w->heap, &s->timer, s->intended_ns);
	}
}

void
ldi_session_next(struct ldi_worker *w, struct ld_session *s, uint64_t end_ns)
{
	s->intended_ns = end_ns;
	if (++s->task == w->run->program->n_steps)
		w->run->model->pass_done(w, s, end_ns);
	else
		ldi_session_go(w, s, end_ns);
}

void
ldi_session_wake(struct ldi_worker *w, struct ld_session *s, uint64_t now_ns)
{
	uint64_t due_ns;

	if (s->state == LDI_SESSION_WAITING)
		due_ns = s->intended_ns;
	else if (s->state == LDI_SESSION_FLYING)
		due_ns = s->x.deadline_ns;
	else
		due_ns = UINT64_MAX;
	if (due_ns == UINT64_MAX)
		ldi_heap_remove(&w->heap, &s->timer);
	else if (due_ns > now_ns)
		ldi_heap_set(&w->heap, &s->timer, due_ns);
	else if (s->state == LDI_SESSION_WAITING) {
		ldi_heap_remove(&w->heap, &s->timer);
		ldi_session_ready(w, s);
	} else {
		ldi_heap_remove(&w->heap, &s->timer);
		ldi_exchange_cut(w, s, now_ns, false);
	}
}
