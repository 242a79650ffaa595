/* SPDX-License-Identifier: MIT */
/*
 * Endpoints under /ld that answer on order: any status and headers, chains of
 * redirects, answers before the request is whole, connections that end.
 */
#include "config.h"

#include <string.h>

#include <ld/num.h>

#include "target/handlers.h"

#define MAX_HOPS 1000

/* "Name: value" among the headers of the answer, or behind its body. */
static bool
add_line(struct ldi_call *call, struct ldi_slice line)
{
	const char *colon = memchr(line.p, ':', line.len);
	struct ldi_slice name, value;

	if (colon == NULL)
		return false;
	name = (struct ldi_slice){ line.p, (size_t)(colon - line.p) };
	value = (struct ldi_slice){ colon + 1, line.len - name.len - 1 };
	while (value.len > 0 && *value.p == ' ')
		value.p++, value.len--;
	return !ldi_slice_is(name, "content-length") &&
	       !ldi_slice_is(name, "transfer-encoding") &&
	       !ldi_slice_is(name, "connection") &&
	       ldi_answer_header(call, name, value);
}

/* One chunk, and the trailers that were written to the head. */
static void
frame_body(struct ldi_call *call, struct ldi_slice body, size_t trailers)
{
	struct ld_buf *out = call->reply->body, *head = call->reply->head;

	call->reply->framed = true;
	if (body.len > 0) {
		ld_buf_addf(out, "%zx\r\n", body.len);
		ld_buf_add(out, body.p, body.len);
		ld_buf_adds(out, "\r\n");
	}
	ld_buf_adds(out, "0\r\n");
	ld_buf_add(out, head->data + trailers, head->len - trailers);
	ld_buf_adds(out, "\r\n");
	head->len = trailers;
}

static bool
add_lines(struct ldi_call *call, const struct ldi_pairs *query,
    const char *name, bool *any)
{
	for (size_t i = 0; i < query->n; i++) {
		if (!ldi_slice_is(ldi_pairs_name(query, i), name))
			continue;
		*any = true;
		if (!add_line(call, ldi_pairs_value(query, i)))
			return false;
	}
	return true;
}

/* /ld/answer?status=N&header=LINE&body=TEXT&trailer=LINE&close=1 */
void
ldi_serve_answer(struct ldi_call *call)
{
	struct ldi_pairs query;
	struct ldi_slice body;
	double status, close;
	bool headers = false, trailers = false, ok;
	size_t head = 0;

	ldi_pairs_init(&query);
	ldi_pairs_urlencoded(&query, call->req->query);
	body = ldi_pairs_get(&query, "body");
	ok = ldi_answer_query(&query, "status", 200, 599, &status) &&
	     status >= 200 && ldi_answer_query(&query, "close", 0, 1, &close) &&
	     add_lines(call, &query, "header", &headers);
	if (ok) {
		head = call->reply->head->len;
		ok = add_lines(call, &query, "trailer", &trailers);
	}
	if (ok) {
		call->reply->status = (unsigned)status;
		call->reply->close |= close > 0;
		if (trailers)
			frame_body(call, body, head);
		else if (body.len > 0)
			ld_buf_add(call->reply->body, body.p, body.len);
	} else {
		ld_buf_reset(call->reply->head);
		ldi_reply_error(call->reply, 400,
		    "want status from 200 to 599, and header and trailer as "
		    "NAME: VALUE");
	}
	ldi_pairs_clear(&query);
}

/* -- redirects ------------------------------------------------------------ */

static bool
split_chain(struct ldi_slice tail, uint64_t *status, uint64_t *n)
{
	const char *slash = memchr(tail.p, '/', tail.len);
	size_t len = slash != NULL ? (size_t)(slash - tail.p) : 0;

	return slash != NULL &&
	       ld_num_u64(tail.p, len, status, NULL) == LD_OK &&
	       ld_num_u64(slash + 1, tail.len - len - 1, n, NULL) == LD_OK &&
	       *status >= 300 && *status <= 399 && *n <= MAX_HOPS;
}

static struct ldi_slice
own_authority(const struct ldi_call *call)
{
	if (call->req->host.len > 0)
		return call->req->host;
	return (
	    struct ldi_slice){ call->t->authority, strlen(call->t->authority) };
}

/* /ld/redirect/STATUS/N?form=F: N of them, then an echo. */
void
ldi_serve_chain(struct ldi_call *call)
{
	struct ld_buf *head = call->reply->head;
	struct ldi_slice host = own_authority(call), form;
	struct ldi_pairs query;
	uint64_t status, n;

	if (!split_chain(call->tail, &status, &n)) {
		ldi_reply_error(call->reply, 404, "want /ld/redirect/STATUS/N");
		return;
	}
	if (n == 0) {
		ldi_serve_echo(call);
		return;
	}
	ldi_pairs_init(&query);
	ldi_pairs_urlencoded(&query, call->req->query);
	form = ldi_pairs_get(&query, "form");
	call->reply->status = (unsigned)status;
	ld_buf_adds(head, "Location: ");
	if (form.p != NULL && ldi_slice_is(form, "relative")) {
		ld_buf_add_u64(head, n - 1);
	} else {
		bool absolute =
		    form.p != NULL && ldi_slice_is(form, "absolute");

		if (absolute)
			ld_buf_adds(head, "http:");
		if (absolute ||
		    (form.p != NULL && ldi_slice_is(form, "network"))) {
			ld_buf_adds(head, "//");
			ld_buf_add(head, host.p, host.len);
		}
		ld_buf_addf(head, "/ld/redirect/%u/%llu", (unsigned)status,
		    (unsigned long long)n - 1);
	}
	if (form.p != NULL) {
		ld_buf_adds(head, "?form=");
		ld_buf_add(head, form.p, form.len);
	}
	ld_buf_adds(head, "\r\n");
	ldi_pairs_clear(&query);
}

/* -- requests as they came ------------------------------------------------ */

void
ldi_serve_raw(struct ldi_call *call)
{
	const struct ldi_target_request *req = call->req;

	call->reply->type = "application/octet-stream";
	ld_buf_add(call->reply->body, req->raw.p, req->raw.len);
	if (req->body.len > 0)
		ld_buf_add(call->reply->body, req->body.p, req->body.len);
}

/* /ld/early/STATUS: the table says that the body is not waited for. */
void
ldi_serve_early(struct ldi_call *call)
{
	uint64_t status;

	if (!ldi_answer_number(call, 599, &status) || status < 200) {
		ldi_reply_error(call->reply, 404, "want /ld/early/STATUS");
		return;
	}
	call->reply->status = (unsigned)status;
}

/* /ld/close-after/N: without a word. */
void
ldi_serve_close_after(struct ldi_call *call)
{
	uint64_t n;

	if (!ldi_answer_number(call, UINT32_MAX, &n))
		return;
	ldi_serve_echo(call);
	call->reply->last = n;
}
