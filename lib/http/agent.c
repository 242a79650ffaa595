/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "http/agent.h"

static struct ld_buf *
kept_buffer(void *ctx)
{
	struct ldi_agent *a = ctx;

	a->kept_sheet = ldi_sheet_take(a->shared, LDI_RESPONSE_MAX_KEPT);
	return a->kept_sheet != NULL ? &a->kept_sheet->buf : NULL;
}

/* The head of an answer is there: what must be known of it before its end. */
static bool
on_head(void *ctx)
{
	struct ldi_agent *a = ctx;
	struct ldi_response *answer = &a->answer;
	const char *head, *location;
	size_t len, pos = 0, location_len;

	head = ldi_response_head(answer, &len);
	if (!ldi_agent_cookies_keep(a, head, len))
		return false;
	if (!a->request->follow || !ldi_redirect_is(answer->status))
		return true;
	location =
	    ldi_response_field(head, len, "location", &pos, &location_len);
	if (location == NULL || location_len == 0)
		return true;
	a->location = ldi_sheet_take(a->shared, LD_MAX_HEADER_BYTES);
	if (a->location == NULL)
		return false;
	ld_buf_add(&a->location->buf, location, location_len);
	answer->keep_head = answer->keep_body = false; /* nobody looks at it */
	return !a->location->buf.failed;
}

void
ldi_agent_init(struct ldi_agent *a, struct ldi_agents *shared)
{
	a->shared = shared;
	a->answer.buffer = kept_buffer;
	a->answer.on_head = on_head;
	a->answer.ctx = a;
	ldi_jar_init(&a->jar);
}

void
ldi_agent_clear(struct ldi_agent *a)
{
	ldi_jar_clear(&a->jar);
}

static enum ld_status
render(struct ldi_agent *a, struct ld_err *err)
{
	struct ldi_request_paper paper = { .scratch = &a->shared->scratch,
		.origin = &a->shared->origin };
	enum ld_status st;

	if (a->request->constant.head == NULL) {
		a->out_sheet = ldi_sheet_take(a->shared, LD_MAX_REQUEST_BYTES);
		if (a->out_sheet == NULL)
			return ld_err_set(err, LD_NOMEM, "request");
		paper.out = &a->out_sheet->buf;
	}
	st = ldi_request_render(
	    a->request, a->exchange->scope, &paper, &a->out, err);
	if (a->out_sheet != NULL &&
	    a->shared->scratch.cap > LDI_RESPONSE_MAX_KEPT)
		ld_buf_clear(&a->shared->scratch);
	return st;
}

bool
ldi_agent_is_idempotent(const struct ldi_agent *a)
{
	return a->request->idempotent || a->hop.method != a->request->method;
}

void
ldi_agent_listen(struct ldi_agent *a)
{
	unsigned needs = a->exchange->needs;

	/* A redirect leaves HEAD what it is. */
	a->answer.to_head = a->request->to_head;
	a->answer.keep_head = (needs & LD_NEED_HEADERS) != 0;
	a->answer.keep_body = (needs & LD_NEED_BODY) != 0;
	ldi_response_begin(&a->answer);
}

enum ld_status
ldi_agent_begin(struct ldi_agent *a, struct ld_exchange *exchange,
    const struct ldi_request *request, struct ld_err *err)
{
	enum ld_status st;

	a->exchange = exchange;
	a->request = request;
	a->mark_ns = exchange->start_ns;
	a->expecting = false;
	ldi_agent_hop_reset(a);
	ldi_agent_listen(a);
	st = render(a, err);
	if (st == LD_OK && request->cookies.n > 0)
		st = ldi_agent_cookies_give(a, err);
	if (st != LD_OK)
		ldi_agent_drop(a);
	return st;
}

void
ldi_agent_drop(struct ldi_agent *a)
{
	a->exchange = NULL;
	ldi_agent_sheets_give(a);
}

void
ldi_agent_advance(struct ldi_agent *a, enum ld_phase phase, uint64_t now_ns)
{
	if (now_ns > a->mark_ns)
		a->exchange->phase_ns[phase] += now_ns - a->mark_ns;
	a->mark_ns = now_ns;
}
