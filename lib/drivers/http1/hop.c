/* SPDX-License-Identifier: MIT */
/*
 * From an answer that is not the last one to the next request of the same
 * exchange: behind a redirect, or without an expectation that the server does
 * not meet.
 *
 * Nothing is rendered again, so that a placeholder has one value in all
 * requests of an exchange: fields and body are taken from the first.
 */
#include "config.h"

#include <string.h>

#include "drivers/http1/http1.h"

void
ldi_h1_hop_reset(struct ldi_h1_session *s)
{
	const struct ldi_h1_step *step = s->exchange->step;

	s->hop = (struct ldi_request_hop){ .method = step->request.method };
}

static bool
is_refused(const struct ldi_h1_session *s)
{
	return s->expecting && s->answer.status == 417;
}

bool
ldi_h1_hop_is_due(const struct ldi_h1_session *s)
{
	return s->location != NULL || is_refused(s);
}

/* The same once more (RFC 9110, 15.5.18). */
static enum ld_class
without_expectation(struct ldi_h1_session *s)
{
	struct ldi_h1_worker *w = s->worker;

	w->origin = *s->out.origin;
	ld_buf_add(&w->target, s->out.target, s->out.target_len);
	s->hop.no_expect = true;
	s->exchange->attempts++;
	return LD_CLASS_NONE;
}

static enum ld_class
redirected(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->exchange->step;
	const struct ldi_redirect_rule *rule = &step->request.redirect;
	struct ldi_h1_worker *w = s->worker;
	const struct ldi_redirect_from from = { s->out.origin, s->out.target,
		s->out.target_len };
	const struct ldi_redirect_to to = { &w->origin, &w->target,
		&w->scratch };
	const char *why;

	if (s->exchange->hops == rule->limit) {
		ld_err_set(err, LD_INVALID, "more than %u redirects",
		    (unsigned)rule->limit);
		return LD_CLASS_REDIRECT;
	}
	why = ldi_redirect_resolve(
	    &from, s->location->buf.data, s->location->buf.len, &to);
	if (why != NULL) {
		ld_err_set(
		    err, LD_INVALID, "a redirect cannot be followed: %s", why);
		return LD_CLASS_REDIRECT;
	}
	if (ldi_redirect_to_get(rule, s->answer.status, s->hop.method)) {
		s->hop.method = "GET";
		s->hop.no_body = true;
	}
	if (!rule->trust && !ldi_url_origin_same(s->out.origin, &w->origin))
		s->hop.no_credentials = true;
	s->exchange->hops++;
	return LD_CLASS_NONE;
}

static bool
make_sheet(struct ldi_h1_session *s)
{
	if (s->hop_sheet == NULL)
		s->hop_sheet =
		    ldi_h1_sheet_take(s->worker, LD_MAX_REQUEST_BYTES);
	else
		ld_buf_reset(&s->hop_sheet->buf);
	return s->hop_sheet != NULL;
}

enum ld_class
ldi_h1_hop_make(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->exchange->step;
	struct ldi_h1_worker *w = s->worker;
	enum ld_class cls;

	ld_buf_reset(&w->target);
	cls = is_refused(s) ? without_expectation(s) : redirected(s, err);
	if (cls != LD_CLASS_NONE)
		return cls;
	if (w->target.failed || !make_sheet(s)) {
		ld_err_set(err, LD_NOMEM, "no memory for the next request");
		return LD_CLASS_LOCAL_MEMORY;
	}
	s->hop.target = w->target.data;
	s->hop.target_len = w->target.len;
	s->out.origin = &w->origin;
	if (ldi_request_again(&step->request, &s->hop, &s->hop_sheet->buf,
		&s->out, err) != LD_OK)
		return LD_CLASS_LOCAL_MEMORY;
	ldi_h1_sheet_give(w, s->kept_sheet);
	ldi_h1_sheet_give(w, s->location);
	s->kept_sheet = s->location = NULL;
	s->sent = s->expecting = false;
	ldi_h1_session_listen(s);
	return LD_CLASS_NONE;
}
