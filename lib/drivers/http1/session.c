/* SPDX-License-Identifier: MIT */
/* Workers and their users: what the engine calls. */
#include "config.h"

#include <stdlib.h>

#include <ld/time.h>

#include "drivers/http1/http1.h"

enum ld_status
ldi_h1_worker_open(
    void *worker, void *run, struct ld_loop *loop, struct ld_err *err)
{
	struct ldi_h1_worker *w = worker;
	struct ldi_h1_run *r = run;

	w->run = r;
	w->loop = loop;
	ldi_agents_init(&w->agents);
	ldi_list_init(&w->expecting);
	/* Now, so that no handshake has to wait for it. */
	return r->tls != NULL ? ld_tls_set_load(r->tls, err) : LD_OK;
}

void
ldi_h1_worker_close(void *worker)
{
	struct ldi_h1_worker *w = worker;

	ldi_agents_clear(&w->agents);
	ldi_h1_expect_close(w);
}

enum ld_status
ldi_h1_open(
    void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct ldi_h1_session *s = session;

	s->worker = how->worker;
	s->handle = how->handle;
	ldi_agent_init(&s->agent, &s->worker->agents);
	ldi_list_init(&s->held);
	(void)err;
	return LD_OK;
}

enum ld_status
ldi_h1_start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct ldi_h1_session *s = session;
	const struct ldi_h1_step *step = exchange->step;
	enum ld_status st;

	s->sent = false;
	st = ldi_agent_begin(&s->agent, exchange, &step->request, err);
	if (st != LD_OK)
		return st;
	st = ldi_h1_exchange_begin(s, err);
	if (st != LD_OK)
		ldi_agent_drop(&s->agent);
	return st;
}

void
ldi_h1_cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	struct ldi_h1_session *s = session;

	if (s->agent.exchange == exchange) /* else finished already */
		ldi_h1_exchange_cancel(s, now_ns);
}

void
ldi_h1_session_closed(struct ldi_h1_session *s)
{
	if (--s->closing > 0)
		return;
	ld_tickets_free(s->tickets);
	s->tickets = NULL;
	ld_session_closed(s->handle);
}

void
ldi_h1_fresh(void *session)
{
	struct ldi_h1_session *s = session;

	ldi_jar_empty(&s->agent.jar);
	if (s->tickets != NULL)
		ld_tickets_forget(s->tickets);
}

void
ldi_h1_close(void *session, uint64_t deadline_ns)
{
	struct ldi_h1_session *s = session;
	bool in_time = ld_now_ns() < deadline_ns;

	ldi_agent_clear(&s->agent);
	s->closing = 1; /* until all are told */
	for (unsigned i = 0; i < LDI_H1_LINKS; i++) {
		struct ldi_h1_link *link = &s->links[i];

		if (in_time && link->at != NULL &&
		    ld_stream_is_open(link->stream)) {
			s->closing++;
			ld_stream_close(link->stream);
		} else {
			ldi_h1_link_free(link);
		}
	}
	ldi_h1_session_closed(s);
}
