/* SPDX-License-Identifier: MIT */
/* One user: what the engine calls. */
#include "config.h"

#include <stdlib.h>

#include <ld/time.h>

#include "drivers/http1/http1.h"

static struct ld_buf *
kept_buffer(void *ctx)
{
	struct ldi_h1_session *s = ctx;

	s->kept_sheet = ldi_h1_sheet_take(s->worker, LDI_H1_MAX_KEPT);
	return s->kept_sheet != NULL ? &s->kept_sheet->buf : NULL;
}

enum ld_status
ldi_h1_open(
    void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct ldi_h1_session *s = session;

	s->worker = how->worker;
	s->handle = how->handle;
	s->answer.buffer = kept_buffer;
	s->answer.buffer_ctx = s;
	(void)err;
	return LD_OK;
}

static enum ld_status
render(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->exchange->step;
	struct ldi_h1_paper paper = { .scratch = &s->worker->scratch,
		.origin = &s->worker->origin };
	enum ld_status st;

	if (step->request.head == NULL) {
		s->out_sheet =
		    ldi_h1_sheet_take(s->worker, LD_MAX_REQUEST_BYTES);
		if (s->out_sheet == NULL)
			return ld_err_set(err, LD_NOMEM, "request");
		paper.out = &s->out_sheet->buf;
	}
	st = ldi_h1_request_render(
	    &step->request, s->exchange->scope, &paper, &s->out, err);
	if (s->out_sheet != NULL && s->worker->scratch.cap > LDI_H1_MAX_KEPT)
		ld_buf_clear(&s->worker->scratch);
	return st;
}

enum ld_status
ldi_h1_start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct ldi_h1_session *s = session;
	const struct ldi_h1_step *step = exchange->step;
	enum ld_status st;

	s->exchange = exchange;
	s->mark_ns = exchange->start_ns;
	s->sent = false;
	s->answer.to_head = step->request.to_head;
	s->answer.keep_head = (exchange->needs & LD_NEED_HEADERS) != 0;
	s->answer.keep_body = (exchange->needs & LD_NEED_BODY) != 0;
	ldi_h1_begin(&s->answer);
	st = render(s, err);
	if (st == LD_OK)
		st = ldi_h1_exchange_begin(s, err);
	if (st == LD_OK)
		return LD_OK;
	s->exchange = NULL;
	ldi_h1_sheet_give(s->worker, s->out_sheet);
	s->out_sheet = NULL;
	return st;
}

void
ldi_h1_cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	struct ldi_h1_session *s = session;

	if (s->exchange == exchange) /* else finished already */
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

	if (s->tickets != NULL)
		ld_tickets_forget(s->tickets);
}

void
ldi_h1_close(void *session, uint64_t deadline_ns)
{
	struct ldi_h1_session *s = session;
	bool in_time = ld_now_ns() < deadline_ns;

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
