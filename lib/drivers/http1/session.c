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

	s->kept_sheet = ldi_h1_sheet_take(s->worker, LDI_RESPONSE_MAX_KEPT);
	return s->kept_sheet != NULL ? &s->kept_sheet->buf : NULL;
}

/* The head of an answer is there: what must be known of it before its end. */
static bool
on_head(void *ctx)
{
	struct ldi_h1_session *s = ctx;
	const struct ldi_h1_step *step = s->exchange->step;
	struct ldi_response *a = &s->answer;
	const char *head, *location;
	size_t len, pos = 0, location_len;

	head = ldi_response_head(a, &len);
	if (!ldi_h1_cookies_keep(s, head, len))
		return false;
	if (!step->request.follow || !ldi_redirect_is(a->status))
		return true;
	location =
	    ldi_response_field(head, len, "location", &pos, &location_len);
	if (location == NULL || location_len == 0)
		return true;
	s->location = ldi_h1_sheet_take(s->worker, LD_MAX_HEADER_BYTES);
	if (s->location == NULL)
		return false;
	ld_buf_add(&s->location->buf, location, location_len);
	a->keep_head = a->keep_body = false; /* nobody looks at it */
	return !s->location->buf.failed;
}

enum ld_status
ldi_h1_open(
    void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct ldi_h1_session *s = session;

	s->worker = how->worker;
	s->handle = how->handle;
	s->answer.buffer = kept_buffer;
	s->answer.on_head = on_head;
	s->answer.ctx = s;
	ldi_jar_init(&s->jar);
	ldi_list_init(&s->held);
	(void)err;
	return LD_OK;
}

static enum ld_status
render(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->exchange->step;
	struct ldi_request_paper paper = { .scratch = &s->worker->scratch,
		.origin = &s->worker->origin };
	enum ld_status st;

	if (step->request.constant.head == NULL) {
		s->out_sheet =
		    ldi_h1_sheet_take(s->worker, LD_MAX_REQUEST_BYTES);
		if (s->out_sheet == NULL)
			return ld_err_set(err, LD_NOMEM, "request");
		paper.out = &s->out_sheet->buf;
	}
	st = ldi_request_render(
	    &step->request, s->exchange->scope, &paper, &s->out, err);
	if (s->out_sheet != NULL &&
	    s->worker->scratch.cap > LDI_RESPONSE_MAX_KEPT)
		ld_buf_clear(&s->worker->scratch);
	return st;
}

void
ldi_h1_session_listen(struct ldi_h1_session *s)
{
	const struct ldi_h1_step *step = s->exchange->step;
	unsigned needs = s->exchange->needs;

	/* A redirect leaves HEAD what it is. */
	s->answer.to_head = step->request.to_head;
	s->answer.keep_head = (needs & LD_NEED_HEADERS) != 0;
	s->answer.keep_body = (needs & LD_NEED_BODY) != 0;
	ldi_response_begin(&s->answer);
}

enum ld_status
ldi_h1_start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct ldi_h1_session *s = session;
	const struct ldi_h1_step *step = exchange->step;
	enum ld_status st;

	s->exchange = exchange;
	s->mark_ns = exchange->start_ns;
	s->sent = s->expecting = false;
	ldi_h1_hop_reset(s);
	ldi_h1_session_listen(s);
	st = render(s, err);
	if (st == LD_OK && step->request.cookies.n > 0)
		st = ldi_h1_cookies_give(s, err);
	if (st == LD_OK)
		st = ldi_h1_exchange_begin(s, err);
	if (st == LD_OK)
		return LD_OK;
	s->exchange = NULL;
	ldi_h1_sheets_give(s);
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

	ldi_jar_empty(&s->jar);
	if (s->tickets != NULL)
		ld_tickets_forget(s->tickets);
}

void
ldi_h1_close(void *session, uint64_t deadline_ns)
{
	struct ldi_h1_session *s = session;
	bool in_time = ld_now_ns() < deadline_ns;

	ldi_jar_clear(&s->jar);
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
