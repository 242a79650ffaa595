/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/buf.h>
#include <ld/rng.h>
#include <ld/time.h>

#include "base/redact.h"
#include "engine/pool.h"
#include "engine/worker.h"

/* -- judging: on the thread that calls finish ----------------------------- */

/* A reason often has in it what a server sent: it is kept without secrets. */
static void
keep_text(struct ld_session *s, const char *text, size_t len)
{
	const struct ld_program *program = s->worker->run->program;
	const struct ld_driver *driver = program->driver;
	struct ldi_verdict *v = &s->verdict;
	struct ld_str secrets[LDI_REDACT_MORE];
	size_t n;

	if (v->text == NULL)
		v->text = malloc(LD_MAX_FAILURE_TEXT);
	v->text_len = 0;
	if (v->text == NULL)
		return;
	n = ldi_scope_secrets(s->scope, secrets, LDI_REDACT_MORE);
	if (driver->secrets != NULL)
		n += driver->secrets(
		    s->driver_session, secrets + n, LDI_REDACT_MORE - n);
	v->text_len = ldi_redact(program->redactor, secrets, n, text, len,
	    v->text, LD_MAX_FAILURE_TEXT);
}

/* A driver that stamped the end before the start has a bug, which must not
 * become a negative time. */
static uint64_t
service_ns(const struct ld_session *s)
{
	uint64_t end_ns = s->verdict.end_ns;

	return end_ns < s->x.start_ns ? 0 : end_ns - s->x.start_ns;
}

static void
judge(struct ld_session *s, const struct ld_reply *reply,
    struct ldi_check_space *space)
{
	const struct ldi_step *step = &s->worker->run->program->steps[s->task];
	struct ldi_verdict *v = &s->verdict;
	struct ld_str text = { NULL, 0 };
	struct ldi_check_times times;

	v->end_ns = reply->end_ns != 0 ? reply->end_ns : ld_now_ns();
	times.service_ns = service_ns(s);
	times.response_ns = times.service_ns + s->x.start_ns - s->intended_ns;
	v->status = reply->status;
	v->cls = reply->cls;
	v->text_len = 0;
	if (v->cls == LD_CLASS_NONE && step->checks != NULL)
		v->cls = space == NULL ? LD_CLASS_LOCAL_MEMORY
				       : ldi_checks_run(step->checks, reply,
					     &times, s->scope, space, &text);
	else if (v->cls == LD_CLASS_NONE && reply->status_failed)
		v->cls = LD_CLASS_STATUS;
	if (v->cls == LD_CLASS_NONE)
		return;
	if (text.data == NULL && reply->text != NULL) {
		text.data = reply->text;
		text.len = strlen(reply->text);
	}
	if (text.data != NULL) {
		keep_text(s, text.data, text.len);
	} else if (v->cls == LD_CLASS_STATUS) {
		char line[32];
		int n = snprintf(
		    line, sizeof(line), "status %d", (int)reply->status);

		keep_text(s, line, (size_t)n);
	}
}

static void
note_answer(struct ldi_run *run)
{
	if (!atomic_load_explicit(&run->answered, memory_order_relaxed))
		atomic_store_explicit(
		    &run->answered, true, memory_order_relaxed);
}

void
ld_exchange_finish(struct ld_exchange *x, const struct ld_reply *reply)
{
	struct ld_session *s = (struct ld_session *)(void *)x;
	struct ldi_worker *w = s->worker;

	if (s->job.in_pool) {
		if (ldi_pool_may_judge(s))
			judge(s, reply, ldi_pool_space());
		ldi_pool_finished(s);
		return;
	}
	if (s->state == LDI_SESSION_FLYING)
		judge(s, reply, w->space);
	ldi_exchange_over(w, s);
}

void
ldi_exchange_over(struct ldi_worker *w, struct ld_session *s)
{
	w->flying--;
	ldi_worker_stir(w);
	if (s->state == LDI_SESSION_LOST) {
		struct ldi_tally *tally = ldi_worker_tally(w, ld_now_ns());
		struct ldi_cell *cell =
		    &tally->cells[w->run->program->steps[s->task].series];

		/* Its sample is written; what went out after that still did. */
		if (s->x.wire > s->wire_counted) {
			cell->used = true;
			cell->ledger.wire += s->x.wire - s->wire_counted;
		}
		ldi_session_next(w, s, ld_now_ns());
		return;
	}
	assert(s->state == LDI_SESSION_FLYING);
	ldi_exchange_done(w, s);
	ldi_session_next(w, s, s->verdict.end_ns);
}

/* -- recording ------------------------------------------------------------ */

static bool
is_recorded(const struct ldi_run *run, const struct ld_sample *sample)
{
	struct ld_rng_key key;

	switch (run->options->samples) {
	case LD_SAMPLES_ALL:
		return true;
	case LD_SAMPLES_FAILURES:
		return sample->outcome != LD_SUCCESS;
	case LD_SAMPLES_NONE:
		return false;
	case LD_SAMPLES_RATE:
	default:
		break;
	}
	key.seed = run->program->config->seed;
	key.key = sample->key;
	key.pass = (uint32_t)sample->pass;
	key.task = sample->task;
	/* A draw number that no placeholder reaches. */
	return ld_rng_unit(&key, UINT32_MAX) < run->options->sample_rate;
}

static void
write_sample(struct ldi_worker *w, struct ldi_tally *tally,
    const struct ld_sample *sample)
{
	const struct ld_sample_head *head = &w->run->heads[sample->task];
	size_t bound = ld_sample_bound(head, sample->text.len);
	struct ldi_chunk *chunk;

	if (!is_recorded(w->run, sample))
		return;
	chunk = ldi_worker_room(
	    w, bound, w->run->t0_ns + sample->start_ns + sample->service_ns);
	if (chunk == NULL) {
		tally->shed[LD_SHED_SPILL]++;
		return;
	}
	chunk->len += ld_sample_format(head, sample, chunk->data + chunk->len);
	chunk->samples++;
	chunk->response_sum_ns += sample->response_ns;
}

/* What no phase accounts for.  A driver that accounts for more than there is
 * has a bug, which must not become a negative time: the surplus is taken from
 * its last phases, so that the identity holds whatever happens. */
static void
close_phases(struct ld_exchange *x, uint64_t service_ns)
{
	uint64_t left = service_ns;

	for (int i = 0; i < LD_PHASE_OTHER; i++) {
		if (x->phase_ns[i] > left)
			x->phase_ns[i] = left;
		left -= x->phase_ns[i];
	}
	x->phase_ns[LD_PHASE_OTHER] = left;
}

static void
fill_sample(const struct ldi_worker *w, struct ld_session *s,
    struct ld_exchange *x, struct ld_sample *sample)
{
	const struct ldi_run *run = w->run;
	const struct ldi_verdict *v = &s->verdict;
	uint64_t end_ns = v->end_ns < x->start_ns ? x->start_ns : v->end_ns;

	sample->key = s->key;
	sample->pass = s->pass;
	sample->task = s->task;
	sample->intended_ns = s->intended_ns - run->t0_ns;
	sample->start_ns = x->start_ns - run->t0_ns;
	sample->service_ns = end_ns - x->start_ns;
	sample->response_ns = end_ns - s->intended_ns;
	close_phases(x, sample->service_ns);
	memcpy(sample->phase_ns, x->phase_ns, sizeof(sample->phase_ns));
	sample->status = v->status;
	sample->bytes_out = x->bytes_out;
	sample->bytes_in = x->bytes_in;
	sample->cls = v->cls;
	sample->outcome = v->cls == LD_CLASS_NONE ? LD_SUCCESS : LD_FAILURE;
	sample->text.data = v->text;
	sample->text.len = v->text_len;
	sample->hops = x->hops;
	sample->attempts = x->attempts;
	sample->wire = x->wire;
	if (s->aborting) {
		sample->outcome = LD_ABORTED;
		sample->cls = LD_CLASS_NONE;
		sample->text.len = 0;
	}
}

static void
done(struct ldi_worker *w, struct ld_session *s, struct ld_exchange *x)
{
	uint32_t series = w->run->program->steps[s->task].series;
	struct ldi_tally *tally;
	struct ld_sample sample;

	fill_sample(w, s, x, &sample);
	tally = ldi_worker_tally(
	    w, w->run->t0_ns + sample.start_ns + sample.service_ns);
	ldi_tally_end(tally, series, &sample);
	w->in_flight[series]--;
	write_sample(w, tally, &sample);
	s->wire_counted = sample.wire;
	if (sample.outcome == LD_SUCCESS)
		note_answer(w->run);
}

void
ldi_exchange_done(struct ldi_worker *w, struct ld_session *s)
{
	done(w, s, &s->x);
}

/* -- starting and cutting -------------------------------------------------- */

static void
fail_start(
    struct ld_session *s, enum ld_status status, const struct ld_err *err)
{
	struct ld_reply reply = { .text = err->text, .status = -1 };

	if (status == LD_INVALID)
		reply.cls = LD_CLASS_VALUE;
	else if (status == LD_NOMEM)
		reply.cls = LD_CLASS_LOCAL_MEMORY;
	else
		reply.cls = LD_CLASS_INTERNAL;
	ld_exchange_finish(&s->x, &reply);
}

static void
prepare(struct ldi_worker *w, struct ld_session *s)
{
	const struct ldi_step *step = &w->run->program->steps[s->task];
	struct ld_exchange *x = &s->x;

	x->step = step->driver_step;
	x->needs = step->needs;
	memset(x->phase_ns, 0, sizeof(x->phase_ns));
	x->bytes_out = x->bytes_in = 0;
	x->hops = x->wire = 0;
	x->attempts = 1;
	ldi_scope_begin_task(s->scope, s->task);
	s->aborting = false;
	s->state = LDI_SESSION_FLYING;
	x->start_ns = ld_now_ns();
	x->deadline_ns = x->start_ns + step->timeout_ns;
	if (x->deadline_ns < x->start_ns)
		x->deadline_ns = UINT64_MAX;
}

void
ldi_exchange_start(struct ldi_worker *w, struct ld_session *s)
{
	const struct ldi_run *run = w->run;
	uint32_t series = run->program->steps[s->task].series;
	struct ldi_tally *tally;
	struct ld_err err;
	enum ld_status st;

	prepare(w, s);
	if (s->intended_ns > s->x.start_ns)
		s->intended_ns = s->x.start_ns;
	tally = ldi_worker_tally(w, s->x.start_ns);
	ldi_tally_start(tally, series, s->x.start_ns - s->intended_ns);
	tally->passes += s->task == 0;
	w->in_flight[series]++;
	w->flying++;
	ldi_heap_by(&w->heap, &s->timer, s->x.deadline_ns);
	if (run->pool != NULL) {
		ldi_pool_start(run->pool, s);
		return;
	}
	err.text[0] = '\0';
	st = run->program->driver->start(s->driver_session, &s->x, &err);
	if (st != LD_OK)
		fail_start(s, st, &err);
}

static void
write_lost(struct ldi_worker *w, struct ld_session *s, uint64_t now_ns)
{
	struct ldi_verdict *v = &s->verdict;
	struct ld_buf text;

	ld_buf_init(&text, LD_MAX_FAILURE_TEXT);
	ld_buf_adds(&text, "no answer within ");
	ld_duration_add(&text, s->x.deadline_ns - s->x.start_ns);
	v->cls = LD_CLASS_TIMEOUT_RESPONSE;
	v->status = -1;
	v->end_ns = now_ns;
	keep_text(s, text.data, text.len);
	ld_buf_clear(&text);
	if (w->run->pool != NULL) {
		/* The exchange is in another thread's hands: all that is known
		 * of it is when it began. */
		struct ld_exchange known = { .start_ns = s->x.start_ns,
			.attempts = 1 };

		done(w, s, &known);
	} else {
		done(w, s, &s->x);
	}
	s->state = LDI_SESSION_LOST;
}

void
ldi_exchange_cut(
    struct ldi_worker *w, struct ld_session *s, uint64_t now_ns, bool aborting)
{
	const struct ld_driver *driver = w->run->program->driver;

	if (s->state != LDI_SESSION_FLYING)
		return;
	s->aborting = aborting;
	if (w->run->pool != NULL) {
		if (!ldi_pool_cancel(w->run->pool, s, now_ns))
			write_lost(w, s, now_ns);
		return;
	}
	driver->cancel(s->driver_session, &s->x, now_ns);
	if (s->state == LDI_SESSION_FLYING)
		write_lost(w, s, now_ns);
}
