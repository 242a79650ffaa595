/* SPDX-License-Identifier: MIT */
/* Workers and their users: what the engine calls. */
#include "config.h"

#include <stdlib.h>

#include <ld/adapt.h>

#include "drivers/curl/curl.h"

enum ld_status
ldi_curl_worker_open(
    void *worker, void *run, struct ld_loop *loop, struct ld_err *err)
{
	struct ldi_curl_worker *w = worker;
	struct ldi_curl_run *r = run;

	w->run = r;
	w->loop = loop;
	ldi_agents_init(&w->agents);
	ld_buf_init(&w->text, LD_MAX_REQUEST_BYTES);
	if (!ldi_curl_shards_open(w))
		return ldi_curl_no_memory(err);
	/* Now, so that no handshake has to wait for it. */
	return r->tls != NULL ? ld_tls_set_load(r->tls, err) : LD_OK;
}

void
ldi_curl_worker_close(void *worker)
{
	struct ldi_curl_worker *w = worker;

	ldi_curl_shards_close(w);
	ldi_curl_sockets_close(w);
	ldi_agents_clear(&w->agents);
	ld_buf_clear(&w->text);
}

enum ld_status
ldi_curl_open(
    void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct ldi_curl_session *s = session;

	s->worker = how->worker;
	s->handle = how->handle;
	s->number = s->worker->users++;
	ldi_agent_init(&s->agent, &s->worker->agents);
	/* What libcurl gives us does not outlive the callback. */
	s->agent.answer.copy = true;
	(void)err;
	return LD_OK;
}

/* libcurl 7.88 gives up at the sixth repeat of a handle, and counts them for
 * all of its life. */
#define MAX_REPEATS 3

/* A handle keeps TLS sessions and what a server said of digest, and forgets
 * neither when it is told to. */
static enum ld_status
make_ready(struct ldi_curl_session *s, struct ld_err *err)
{
	if (s->easy != NULL && (s->forget || s->repeats >= MAX_REPEATS)) {
		curl_easy_cleanup(s->easy);
		s->easy = NULL;
	}
	s->forget = false;
	if (s->easy == NULL) {
		s->prepared = NULL;
		s->keeps = false;
		s->repeats = 0;
		s->easy = ldi_curl_easy_new(s);
	}
	return s->easy != NULL ? LD_OK : ldi_curl_no_memory(err);
}

enum ld_status
ldi_curl_start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct ldi_curl_session *s = session;
	const struct ldi_curl_step *step = exchange->step;
	enum ld_status st = make_ready(s, err);

	if (st == LD_OK)
		st = ldi_agent_begin(&s->agent, exchange, &step->request, err);
	if (st != LD_OK)
		return st;
	st = ldi_curl_transfer_begin(s, err);
	if (st != LD_OK) {
		ldi_sheet_give(&s->worker->agents, s->lines);
		s->lines = NULL;
		ldi_agent_drop(&s->agent);
	}
	return st;
}

void
ldi_curl_cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	struct ldi_curl_session *s = session;

	if (s->agent.exchange == exchange) /* else finished already */
		ldi_curl_transfer_cancel(s, now_ns);
}

void
ldi_curl_fresh(void *session)
{
	struct ldi_curl_session *s = session;

	ldi_jar_empty(&s->agent.jar);
	s->forget = s->keeps;
}

void
ldi_curl_close(void *session, uint64_t deadline_ns)
{
	struct ldi_curl_session *s = session;

	(void)deadline_ns;
	if (s->easy != NULL)
		curl_easy_cleanup(s->easy);
	curl_slist_free_all(s->pinned);
	curl_slist_free_all(s->lead);
	free(s->fields.nodes);
	free(s->origin);
	ld_lookup_free(s->lookup);
	ldi_curl_shard_leave(s);
	ldi_agent_clear(&s->agent);
	ld_session_closed(s->handle);
}
