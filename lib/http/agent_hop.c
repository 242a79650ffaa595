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

#include "http/agent.h"

void
ldi_agent_hop_reset(struct ldi_agent *a)
{
	a->hop = (struct ldi_request_hop){ .method = a->request->method };
}

static bool
is_refused(const struct ldi_agent *a)
{
	return a->expecting && a->answer.status == 417;
}

bool
ldi_agent_hop_is_due(const struct ldi_agent *a)
{
	return a->location != NULL || is_refused(a);
}

/* The same once more (RFC 9110, 15.5.18). */
static enum ld_class
without_expectation(struct ldi_agent *a)
{
	struct ldi_agents *w = a->shared;

	w->origin = *a->out.origin;
	ld_buf_add(&w->target, a->out.target, a->out.target_len);
	a->hop.no_expect = true;
	a->exchange->attempts++;
	return LD_CLASS_NONE;
}

static enum ld_class
redirected(struct ldi_agent *a, struct ld_err *err)
{
	const struct ldi_redirect_rule *rule = &a->request->redirect;
	struct ldi_agents *w = a->shared;
	const struct ldi_redirect_from from = { a->out.origin, a->out.target,
		a->out.target_len };
	const struct ldi_redirect_to to = { &w->origin, &w->target,
		&w->scratch };
	const char *why;

	if (a->exchange->hops == rule->limit) {
		ld_err_set(err, LD_INVALID, "more than %u redirects",
		    (unsigned)rule->limit);
		return LD_CLASS_REDIRECT;
	}
	why = ldi_redirect_resolve(
	    &from, a->location->buf.data, a->location->buf.len, &to);
	if (why != NULL) {
		ld_err_set(
		    err, LD_INVALID, "a redirect cannot be followed: %s", why);
		return LD_CLASS_REDIRECT;
	}
	if (ldi_redirect_to_get(rule, a->answer.status, a->hop.method)) {
		a->hop.method = "GET";
		a->hop.no_body = true;
	}
	if (!rule->trust && !ldi_url_origin_same(a->out.origin, &w->origin))
		a->hop.no_credentials = true;
	a->exchange->hops++;
	return LD_CLASS_NONE;
}

static bool
make_sheet(struct ldi_agent *a)
{
	if (a->hop_sheet == NULL)
		a->hop_sheet = ldi_sheet_take(a->shared, LD_MAX_REQUEST_BYTES);
	else
		ld_buf_reset(&a->hop_sheet->buf);
	return a->hop_sheet != NULL;
}

enum ld_class
ldi_agent_hop_make(struct ldi_agent *a, struct ld_err *err)
{
	struct ldi_agents *w = a->shared;
	enum ld_class cls;

	ld_buf_reset(&w->target);
	cls = is_refused(a) ? without_expectation(a) : redirected(a, err);
	if (cls != LD_CLASS_NONE)
		return cls;
	if (w->target.failed || !make_sheet(a)) {
		ld_err_set(err, LD_NOMEM, "no memory for the next request");
		return LD_CLASS_LOCAL_MEMORY;
	}
	a->hop.target = w->target.data;
	a->hop.target_len = w->target.len;
	a->out.origin = &w->origin;
	if (ldi_request_again(
		a->request, &a->hop, &a->hop_sheet->buf, &a->out, err) != LD_OK)
		return LD_CLASS_LOCAL_MEMORY;
	ldi_sheet_give(w, a->kept_sheet);
	ldi_sheet_give(w, a->location);
	a->kept_sheet = a->location = NULL;
	a->expecting = false;
	ldi_agent_listen(a);
	return LD_CLASS_NONE;
}
