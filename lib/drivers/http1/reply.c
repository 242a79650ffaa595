/* SPDX-License-Identifier: MIT */
/* From a read answer to a reply: header look-up, decoding, clean-up. */
#include "config.h"

#include <string.h>

#include "drivers/http1/http1.h"

struct look_up {
	struct ldi_h1_worker *worker;
	const char *head;
	size_t len;
};

/*
 * A field that stands once is given in place.  One that is repeated is joined
 * with ", " (RFC 9110, 5.3); the joined text is valid until LDI_H1_JOINS
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
	join = &look->worker->joins[look->worker->join++ % LDI_H1_JOINS];
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
fill_body(struct ldi_h1_session *s, struct ld_reply *reply)
{
	struct ldi_coding_decoder *d = &s->worker->decoder;

	reply->body = ldi_response_body(&s->answer, &reply->body_len);
	if (s->answer.coding == LDI_CODING_IDENTITY)
		return;
	reply->cls = ldi_coding_undo(
	    d, s->answer.coding, reply->body, reply->body_len, &reply->text);
	reply->body = d->out.data != NULL ? d->out.data : "";
	reply->body_len = d->out.len;
}

void
ldi_h1_sheets_give(struct ldi_h1_session *s)
{
	ldi_h1_sheet_give(s->worker, s->out_sheet);
	ldi_h1_sheet_give(s->worker, s->hop_sheet);
	ldi_h1_sheet_give(s->worker, s->kept_sheet);
	ldi_h1_sheet_give(s->worker, s->location);
	s->out_sheet = s->hop_sheet = s->kept_sheet = s->location = NULL;
}

void
ldi_h1_finish(struct ldi_h1_session *s, enum ld_class cls, const char *text,
    uint64_t now_ns)
{
	/* finish() may start the next exchange of the session, or close it:
	 * nothing of the session is touched afterwards. */
	struct ldi_h1_worker *worker = s->worker;
	struct ldi_h1_sheet *kept = s->kept_sheet;
	struct ld_exchange *exchange = s->exchange;
	struct look_up look = { .worker = worker };
	struct ld_reply reply = {
		.cls = cls, .text = text, .status = -1, .end_ns = now_ns
	};

	if (s->answer.head_len > 0) {
		reply.status = s->answer.status;
		reply.status_failed = reply.status >= 400;
	}
	if (cls == LD_CLASS_NONE && s->answer.keep_body)
		fill_body(s, &reply);
	if (s->answer.keep_head && s->answer.state == LDI_RESPONSE_DONE) {
		look.head = ldi_response_head(&s->answer, &look.len);
		reply.header = find_header;
		reply.header_ctx = &look;
	}
	s->exchange = NULL;
	s->kept_sheet = NULL; /* the reply lies in it */
	ldi_list_take(&s->held);
	ldi_h1_sheets_give(s);
	ld_exchange_finish(exchange, &reply);
	ldi_h1_sheet_give(worker, kept);
}
