/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <string.h>

#include <ld/time.h>

#include "engine/pace.h"
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
ldi_session_gone(struct ldi_worker *w, struct ld_session *s)
{
	assert(s->state == LDI_SESSION_CLOSING);
	ldi_heap_remove(&w->heap, &s->timer);
	s->state = LDI_SESSION_CLOSED;
	w->users--;
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

/* The first task of pass s->pass: is there a row for it? */
static bool
begin_pass(struct ldi_worker *w, struct ld_session *s)
{
	const struct ld_config *config = w->run->program->config;

	return ldi_scope_begin_pass(s->scope, s->key, s->pass,
	    ldi_pace_row(s->key, s->pass, config->user_count));
}

static void
out_of_rows(struct ldi_worker *w, struct ld_session *s)
{
	for (uint32_t i = 0; i < ldi_bind_n_csvs(w->run->program->bind); i++) {
		int state = LDI_CSV_GOES_ON;

		if (ldi_scope_lacks_row(s->scope, i))
			atomic_compare_exchange_strong(
			    &w->run->csv_ended[i], &state, LDI_CSV_ENDED);
	}
	atomic_fetch_add(&w->run->rows_ended, 1);
	ldi_session_stop(w, s);
}

void
ldi_session_start(
    struct ldi_worker *w, struct ld_session *s, uint64_t intended_ns)
{
	const struct ld_program *program = w->run->program;
	struct ld_session_open how = {
		.handle = s,
		.run = program->run_block,
		.worker = w->driver_worker,
		.loop = w->loop,
		.key = s->key,
	};
	struct ld_err err = LD_ERR_INIT;

	w->users++;
	s->intended_ns = intended_ns;
	s->state = LDI_SESSION_CLOSING; /* unless all goes well */
	if (program->driver->open != NULL &&
	    program->driver->open(s->driver_session, &how, &err) != LD_OK) {
		struct ldi_tally *tally = ldi_worker_tally(w, ld_now_ns());
		struct ldi_cell *cell = &tally->cells[program->steps[0].series];

		cell->used = true;
		cell->ledger.planned++;
		cell->ledger.not_started[LD_NOT_STARTED_LOCAL]++;
		ldi_session_gone(w, s);
		return;
	}
	s->opened = true;
	if (begin_pass(w, s))
		ldi_session_ready(w, s);
	else
		out_of_rows(w, s);
}

/* Behind the last task: false when the user is done. */
static bool
next_pass(struct ldi_worker *w, struct ld_session *s)
{
	const struct ld_config *config = w->run->program->config;

	s->intended_ns +=
	    ldi_pace_wait_ns(&config->wait, config->seed, s->key, s->pass);
	s->task = 0;
	s->pass++;
	if (config->passes != 0 && s->pass >= config->passes)
		return false;
	return s->pass != UINT32_MAX;
}

void
ldi_session_next(struct ldi_worker *w, struct ld_session *s, uint64_t end_ns)
{
	s->intended_ns = end_ns;
	if (++s->task == w->run->program->n_steps) {
		if (!next_pass(w, s)) {
			ldi_session_stop(w, s);
			return;
		}
		if (!w->stopping && !begin_pass(w, s)) {
			out_of_rows(w, s);
			return;
		}
	}
	if (w->stopping) {
		ldi_session_stop(w, s);
	} else if (s->intended_ns <= end_ns) {
		ldi_session_ready(w, s);
	} else {
		s->state = LDI_SESSION_WAITING;
		ldi_heap_by(&w->heap, &s->timer, s->intended_ns);
	}
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
