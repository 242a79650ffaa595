/* SPDX-License-Identifier: MIT */
/* From a read answer to a reply: header look-up, decoding, clean-up. */
#include "config.h"

#include <string.h>

#include "http/agent.h"

struct look_up {
	struct ldi_agents *shared;
	const char *head;
	size_t len;
};

/*
 * A field that stands once is given in place.  One that is repeated is joined
 * with ", " (RFC 9110, 5.3); the joined text is valid until LDI_AGENT_JOINS
 * further ones were asked for.
 */
static const char *
find_header(const void *ctx, const char *name, size_t *len_out)
{
	const struct look_up *look = ctx;
	size_t pos = 0, more_len;
	const char *first, *more;
	struct ld_buf *join;

	first = ldi_response_field(look->head, look->len, name, &pos, len_out);
	if (first == NULL)
		return NULL;
	more = ldi_response_field(look->head, look->len, name, &pos, &more_len);
	if (more == NULL)
		return first;
	join = &look->shared->joins[look->shared->join++ % LDI_AGENT_JOINS];
	ld_buf_reset(join);
	ld_buf_add(join, first, *len_out);
	while (more != NULL) {
		ld_buf_adds(join, ", ");
		ld_buf_add(join, more, more_len);
		more = ldi_response_field(
		    look->head, look->len, name, &pos, &more_len);
	}
	if (join->failed)
		return first;
	*len_out = join->len;
	return join->data;
}

static void
fill_body(struct ldi_agent *a, struct ld_reply *reply)
{
	struct ldi_coding_decoder *d = &a->shared->decoder;

	reply->body = ldi_response_body(&a->answer, &reply->body_len);
	if (a->answer.coding == LDI_CODING_IDENTITY)
		return;
	reply->cls = ldi_coding_undo(
	    d, a->answer.coding, reply->body, reply->body_len, &reply->text);
	reply->body = d->out.data != NULL ? d->out.data : "";
	reply->body_len = d->out.len;
}

void
ldi_agent_sheets_give(struct ldi_agent *a)
{
	ldi_sheet_give(a->shared, a->out_sheet);
	ldi_sheet_give(a->shared, a->hop_sheet);
	ldi_sheet_give(a->shared, a->kept_sheet);
	ldi_sheet_give(a->shared, a->location);
	a->out_sheet = a->hop_sheet = a->kept_sheet = a->location = NULL;
}

void
ldi_agent_finish(
    struct ldi_agent *a, enum ld_class cls, const char *text, uint64_t now_ns)
{
	/* finish() may start the next exchange of the session, or close it:
	 * nothing of the session is touched afterwards. */
	struct ldi_agents *shared = a->shared;
	struct ldi_sheet *kept = a->kept_sheet;
	struct ld_exchange *exchange = a->exchange;
	struct look_up look = { .shared = shared };
	struct ld_reply reply = {
		.cls = cls, .text = text, .status = -1, .end_ns = now_ns
	};

	if (a->answer.head_len > 0) {
		reply.status = a->answer.status;
		reply.status_failed = reply.status >= 400;
	}
	if (cls == LD_CLASS_NONE && a->answer.keep_body)
		fill_body(a, &reply);
	if (a->answer.keep_head && a->answer.state == LDI_RESPONSE_DONE) {
		look.head = ldi_response_head(&a->answer, &look.len);
		reply.header = find_header;
		reply.header_ctx = &look;
	}
	a->exchange = NULL;
	a->kept_sheet = NULL; /* the reply lies in it */
	ldi_agent_sheets_give(a);
	ld_exchange_finish(exchange, &reply);
	ldi_sheet_give(shared, kept);
}
