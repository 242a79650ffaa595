/* SPDX-License-Identifier: MIT */
/*
 * Endpoints that say what they were sent.
 */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <ld/num.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "target/handlers.h"

#define MAX_STREAM_LINES 1000

void
ldi_answer_begin(struct ldi_call *call, struct ld_json_out *out)
{
	call->reply->type = "application/json";
	ld_json_out_init(out, call->reply->body, 0);
	ld_json_out_object(out);
}

void
ldi_answer_end(struct ldi_call *call, struct ld_json_out *out)
{
	ld_json_out_end(out);
	ld_buf_addc(call->reply->body, '\n');
}

bool
ldi_answer_number(struct ldi_call *call, uint64_t max, uint64_t *out)
{
	if (ld_num_u64(call->tail.p, call->tail.len, out, NULL) == LD_OK &&
	    *out <= max)
		return true;
	ldi_reply_error(call->reply, 400,
	    "the path must end in a number within this endpoint's bounds");
	return false;
}

bool
ldi_answer_query(const struct ldi_pairs *query, const char *name, double absent,
    double max, double *out)
{
	struct ldi_slice value = ldi_pairs_get(query, name);

	*out = absent;
	return value.p == NULL ||
	       (ld_num_double(value.p, value.len, out, NULL) == LD_OK &&
		   *out >= 0 && *out <= max);
}

/* -- headers -------------------------------------------------------------- */

/* As httpbin shows them: each word begins with a capital. */
static void
title_case(struct ldi_slice name, char text[256])
{
	bool start = true;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		if (start && c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		else if (!start && c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		start = c == '-';
		text[i] = c;
	}
}

static bool
same_name(struct ldi_slice a, struct ldi_slice b)
{
	char left[256], right[256];

	if (a.len != b.len || a.len > sizeof(left))
		return false;
	title_case(a, left);
	title_case(b, right);
	return memcmp(left, right, a.len) == 0;
}

/* The values of one name, joined: the header at `i` is its first. */
static void
put_joined(const struct ldi_target_request *req, size_t i,
    struct ld_buf *joined, struct ld_json_out *out)
{
	const struct ldi_target_header *h = &req->headers[i];
	bool more = false;

	for (size_t j = i + 1; j < req->n_headers; j++) {
		if (!same_name(req->headers[j].name, h->name))
			continue;
		if (!more) {
			ld_buf_reset(joined);
			ld_buf_add(joined, h->value.p, h->value.len);
			more = true;
		}
		ld_buf_addc(joined, ',');
		ld_buf_add(
		    joined, req->headers[j].value.p, req->headers[j].value.len);
	}
	if (more)
		ld_json_out_stringn(out, joined->data, joined->len);
	else
		ld_json_out_stringn(out, h->value.p, h->value.len);
}

static bool
seen_before(const struct ldi_target_request *req, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (same_name(req->headers[j].name, req->headers[i].name))
			return true;
	return false;
}

static void
put_headers(struct ldi_call *call, struct ld_json_out *out)
{
	const struct ldi_target_request *req = call->req;

	ld_json_out_key(out, "headers");
	ld_json_out_object(out);
	for (size_t i = 0; i < req->n_headers; i++) {
		struct ldi_slice name = req->headers[i].name;
		char text[256];

		if (seen_before(req, i))
			continue;
		if (name.len <= sizeof(text)) {
			title_case(name, text);
			name.p = text;
		}
		ld_json_out_keyn(out, name.p, name.len);
		put_joined(req, i, &call->t->aux, out);
	}
	ld_json_out_end(out);
}

/* -- bodies --------------------------------------------------------------- */

/* Text as it is, other bytes as a data: URL, as httpbin does. */
static void
put_data(struct ldi_call *call, struct ldi_slice body, struct ld_json_out *out)
{
	struct ld_buf *aux = &call->t->aux;

	ld_json_out_key(out, "data");
	if (ldi_utf8_valid(body.p, body.len)) {
		ld_json_out_stringn(out, body.p, body.len);
		return;
	}
	ld_buf_reset(aux);
	ld_buf_adds(aux, "data:application/octet-stream;base64,");
	ldi_base64_add(aux, body.p, body.len);
	ld_json_out_stringn(out, aux->data, aux->len);
}

static void
put_json(struct ldi_call *call, struct ldi_slice body, struct ld_json_out *out)
{
	struct ld_json *doc = &call->t->json;
	const char *raw;
	size_t len;

	ld_json_out_key(out, "json");
	if (body.len == 0 ||
	    ld_json_parse(doc, body.p, body.len, 0, NULL) != LD_OK) {
		ld_json_out_null(out);
		return;
	}
	raw = ld_json_raw(doc, LD_JSON_ROOT, &len);
	ld_json_out_raw(out, raw, len);
	if (body.len > LDI_TARGET_SCRATCH) {
		ld_json_clear(doc);
		ld_json_init(doc);
	}
}

static bool
type_begins(const struct ldi_target_request *req, const char *type)
{
	struct ldi_slice front = req->content_type;

	if (front.len > strlen(type))
		front.len = strlen(type);
	return ldi_slice_is(front, type);
}

static void
put_pairs(struct ld_json_out *out, const char *key, struct ldi_pairs *pairs)
{
	ld_json_out_key(out, key);
	ldi_pairs_json(pairs, out);
	ldi_pairs_clear(pairs);
}

static void
put_body(struct ldi_call *call, struct ld_json_out *out)
{
	const struct ldi_target_request *req = call->req;
	struct ldi_slice data = req->body;
	struct ldi_pairs form, files;

	ldi_pairs_init(&form);
	ldi_pairs_init(&files);
	if (type_begins(req, "application/x-www-form-urlencoded")) {
		ldi_pairs_urlencoded(&form, req->body);
		data = (struct ldi_slice){ "", 0 };
	} else if (type_begins(req, "multipart/form-data")) {
		ldi_pairs_multipart(
		    &form, &files, req->content_type, req->body);
		data = (struct ldi_slice){ "", 0 };
	}
	put_data(call, data, out);
	put_pairs(out, "files", &files);
	put_pairs(out, "form", &form);
	put_json(call, data, out);
}

/* -- the endpoints -------------------------------------------------------- */

/* Whom the request came from. */
static void
put_peer(struct ldi_call *call, struct ld_json_out *out)
{
	char text[INET6_ADDRSTRLEN] = "";
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} peer;
	socklen_t len = sizeof(peer);

	if (getpeername(call->t->asking_fd, &peer.any, &len) == 0)
		inet_ntop(peer.any.sa_family,
		    peer.any.sa_family == AF_INET6
			? (const void *)&peer.v6.sin6_addr
			: (const void *)&peer.v4.sin_addr,
		    text, sizeof(text));
	ld_json_out_string(out, text);
}

static void
put_url(struct ldi_call *call, struct ld_json_out *out)
{
	const struct ldi_target_request *req = call->req;
	struct ld_buf *aux = &call->t->aux;

	ld_buf_reset(aux);
	ld_buf_adds(aux, call->t->scheme);
	ld_buf_adds(aux, "://");
	if (req->host.len > 0)
		ld_buf_add(aux, req->host.p, req->host.len);
	else
		ld_buf_adds(aux, call->t->authority);
	ld_buf_add(aux, req->path.p, req->path.len);
	if (req->query.len > 0) {
		ld_buf_addc(aux, '?');
		ld_buf_add(aux, req->query.p, req->query.len);
	}
	ld_json_out_key(out, "url");
	ld_json_out_stringn(out, aux->data, aux->len);
}

void
ldi_answer_echo(struct ldi_call *call, struct ld_json_out *out, bool all)
{
	struct ldi_pairs args;

	ldi_pairs_init(&args);
	ldi_pairs_urlencoded(&args, call->req->query);
	put_pairs(out, "args", &args);
	if (all)
		put_body(call, out);
	put_headers(call, out);
	ld_json_out_key(out, "method");
	ld_json_out_stringn(out, call->req->method.p, call->req->method.len);
	ld_json_out_key(out, "origin");
	put_peer(call, out);
	put_url(call, out);
}

void
ldi_serve_get(struct ldi_call *call)
{
	struct ld_json_out out;

	ldi_answer_begin(call, &out);
	ldi_answer_echo(call, &out, false);
	ldi_answer_end(call, &out);
}

void
ldi_serve_echo(struct ldi_call *call)
{
	struct ld_json_out out;

	ldi_answer_begin(call, &out);
	ldi_answer_echo(call, &out, true);
	ldi_answer_end(call, &out);
}

void
ldi_serve_headers(struct ldi_call *call)
{
	struct ld_json_out out;

	ldi_answer_begin(call, &out);
	put_headers(call, &out);
	ldi_answer_end(call, &out);
}

void
ldi_serve_ip(struct ldi_call *call)
{
	struct ld_json_out out;

	ldi_answer_begin(call, &out);
	ld_json_out_key(&out, "origin");
	put_peer(call, &out);
	ldi_answer_end(call, &out);
}

void
ldi_serve_user_agent(struct ldi_call *call)
{
	struct ldi_slice agent = ldi_target_header_get(call->req, "user-agent");
	struct ld_json_out out;

	ldi_answer_begin(call, &out);
	ld_json_out_key(&out, "user-agent");
	if (agent.p != NULL)
		ld_json_out_stringn(&out, agent.p, agent.len);
	else
		ld_json_out_null(&out);
	ldi_answer_end(call, &out);
}

void
ldi_serve_cookies(struct ldi_call *call)
{
	const struct ldi_target_request *req = call->req;
	struct ldi_pairs cookies;
	struct ld_json_out out;

	ldi_pairs_init(&cookies);
	for (size_t i = 0; i < req->n_headers; i++)
		if (ldi_slice_is(req->headers[i].name, "cookie"))
			ldi_pairs_cookies(&cookies, req->headers[i].value);
	ldi_answer_begin(call, &out);
	put_pairs(&out, "cookies", &cookies);
	ldi_answer_end(call, &out);
}

/* One JSON line per chunk. */
void
ldi_serve_stream(struct ldi_call *call)
{
	struct ld_buf *body = call->reply->body, line;
	uint64_t n;

	if (!ldi_answer_number(call, MAX_STREAM_LINES, &n))
		return;
	call->reply->type = "application/json";
	call->reply->framed = !call->req->http10;
	ld_buf_init(&line, LDI_TARGET_MAX_REPLY);
	for (uint64_t i = 0; i < n; i++) {
		struct ld_json_out out;

		ld_buf_reset(&line);
		ld_json_out_init(&out, &line, 0);
		ld_json_out_object(&out);
		ld_json_out_key(&out, "id");
		ld_json_out_u64(&out, i);
		ldi_answer_echo(call, &out, false);
		ld_json_out_end(&out);
		ld_buf_addc(&line, '\n');
		if (call->reply->framed)
			ld_buf_addf(body, "%zx\r\n", line.len);
		ld_buf_add(body, line.data, line.len);
		if (call->reply->framed)
			ld_buf_adds(body, "\r\n");
	}
	if (call->reply->framed)
		ld_buf_adds(body, "0\r\n\r\n");
	body->failed |= line.failed;
	ld_buf_clear(&line);
}
