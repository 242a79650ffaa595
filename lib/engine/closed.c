/* SPDX-License-Identifier: MIT */
/* The closed model: users, each with its next pass behind the one before. */
#include "config.h"

#include "data/ledger.h"
#include "engine/pace.h"
#include "engine/worker.h"

static uint64_t
sessions(const struct ld_config *config)
{
	return config->user_count;
}

static void
begin(struct ldi_worker *w)
{
	(void)w; /* the first user is due at T0 */
}

static uint64_t
due_ns(const struct ldi_worker *w)
{
	const struct ldi_run *run = w->run;
	uint64_t after_ns;

	if (w->next_session == w->n_sessions)
		return UINT64_MAX;
	after_ns = ldi_pace_user_start_ns(ldi_session_slot(w, w->next_session),
	    run->program->config->spawn_rate);
	return ldi_plus(run->t0_ns, after_ns);
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
	ldi_session_lacks_row(w, s);
	ldi_session_stop(w, s);
}

static void
start_user(struct ldi_worker *w, struct ld_session *s, uint64_t intended_ns)
{
	s->intended_ns = intended_ns;
	s->key = s->slot;
	if (!ldi_session_open(w, s))
		return;
	ldi_session_engage(w, s);
	if (begin_pass(w, s))
		ldi_session_ready(w, s);
	else
		out_of_rows(w, s);
}

static void
start(struct ldi_worker *w, uint64_t now_ns)
{
	uint64_t at_ns;

	while ((at_ns = due_ns(w)) <= now_ns)
		start_user(w, ldi_session_new(w, w->next_session++), at_ns);
}

/* false when the user is done. */
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

static void
pass_done(struct ldi_worker *w, struct ld_session *s, uint64_t end_ns)
{
	if (!next_pass(w, s))
		ldi_session_stop(w, s);
	else if (!w->stopping && !begin_pass(w, s))
		out_of_rows(w, s);
	else
		ldi_session_go(w, s, end_ns);
}

static uint64_t
stop_ns(const struct ldi_run *run)
{
	return run->end_ns;
}

static void
stop(struct ldi_worker *w)
{
	for (; ldi_worker_came_due(w, due_ns(w)); w->next_session++)
		ldi_worker_count_unstarted(
		    w, 0, w->stop_ns, LD_NOT_STARTED_STOPPED);
	w->next_session = w->n_sessions;
}

const struct ldi_model ldi_model_closed = {
	.sessions = sessions,
	.begin = begin,
	.due_ns = due_ns,
	.start = start,
	.pass_done = pass_done,
	.stop_ns = stop_ns,
	.stop = stop,
};
