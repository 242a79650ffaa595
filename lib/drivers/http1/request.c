/* SPDX-License-Identifier: MIT */
/*
 * Compiling a request: check every field, render what is constant.  A
 * constant request is made by rendering the general one once, so there is
 * one writer of requests, not two.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/http_text.h"
#include "drivers/http1/answer.h"
#include "drivers/http1/request.h"

static const struct {
	const char *name;
	bool idempotent; /* of those that a plan may send */
	bool has_body;   /* Content-Length is sent even when it is 0 */
} methods[] = {
	[LDI_H1_GET] = { "GET", true, false },
	[LDI_H1_POST] = { "POST", false, true },
	[LDI_H1_PUT] = { "PUT", true, true },
	[LDI_H1_PATCH] = { "PATCH", false, true },
	[LDI_H1_DELETE] = { "DELETE", true, false },
	[LDI_H1_HEAD_METHOD] = { "HEAD", true, false },
	[LDI_H1_OPTIONS] = { "OPTIONS", true, false },
};

#ifdef HAVE_BROTLI
#define ACCEPT_ENCODING "gzip, deflate, br"
#else
#define ACCEPT_ENCODING "gzip, deflate"
#endif

/* -- a text under construction -------------------------------------------- */

/* Literals are collected and become one piece when a template follows. */
struct writer {
	struct ld_compile *cc;
	struct ldi_h1_piece *pieces;
	size_t n, cap;
	struct ld_buf literal;
	bool failed; /* out of memory */
};

static enum ld_status
writer_open(struct writer *w, struct ld_compile *cc, size_t templates,
    struct ld_err *err)
{
	*w = (struct writer){ .cc = cc, .cap = 2 * templates + 1 };
	ld_buf_init(&w->literal, LD_MAX_REQUEST_BYTES);
	w->pieces = ld_compile_alloc(cc, w->cap * sizeof(w->pieces[0]));
	if (w->pieces == NULL)
		return ld_err_set(err, LD_NOMEM, "request");
	return LD_OK;
}

static void
writer_flush(struct writer *w)
{
	char *text;

	if (w->literal.len == 0 || w->literal.failed)
		return;
	text = ld_compile_alloc(w->cc, w->literal.len);
	if (text == NULL) {
		w->failed = true;
		return;
	}
	memcpy(text, w->literal.data, w->literal.len);
	w->pieces[w->n++] =
	    (struct ldi_h1_piece){ .text = text, .len = w->literal.len };
	ld_buf_reset(&w->literal);
}

static void
writer_template(struct writer *w, const struct ld_template *tpl,
    enum ldi_h1_encoding encoding, const char *name)
{
	const char *text;
	size_t len;

	if (ld_template_constant(tpl, &text, &len)) {
		if (encoding == LDI_H1_FORM)
			ldi_url_form_add(&w->literal, text, len);
		else
			ld_buf_add(&w->literal, text, len);
		return;
	}
	writer_flush(w);
	w->pieces[w->n++] = (struct ldi_h1_piece){
		.encoding = encoding, .tpl = tpl, .name = name
	};
}

static enum ld_status
writer_close(struct writer *w, struct ldi_h1_text *out, struct ld_err *err)
{
	enum ld_status st;

	writer_flush(w);
	st = ld_buf_status(&w->literal, "request", err);
	if (st == LD_OK && w->failed)
		st = ld_err_set(err, LD_NOMEM, "request");
	ld_buf_clear(&w->literal);
	out->pieces = w->pieces;
	out->n = w->n;
	return st;
}

static bool
is_constant(const struct ldi_h1_text *text)
{
	return text->n == 0 || (text->n == 1 && text->pieces[0].text != NULL);
}

/* -- query and body ------------------------------------------------------- */

static enum ld_status
compile_form(const struct ld_pairs *pairs, struct ld_compile *cc,
    struct ldi_h1_text *out, struct ld_err *err)
{
	struct writer w;
	enum ld_status st = writer_open(&w, cc, 2 * pairs->n, err);

	if (st != LD_OK)
		return st;
	for (size_t i = 0; i < pairs->n; i++) {
		if (i > 0)
			ld_buf_addc(&w.literal, '&');
		writer_template(&w, pairs->items[i].key, LDI_H1_FORM, NULL);
		ld_buf_addc(&w.literal, '=');
		writer_template(&w, pairs->items[i].value, LDI_H1_FORM, NULL);
	}
	return writer_close(&w, out, err);
}

static enum ld_status
compile_raw(const struct ld_template *tpl, struct ld_compile *cc,
    struct ldi_h1_text *out, struct ld_err *err)
{
	struct writer w;
	enum ld_status st = writer_open(&w, cc, 1, err);

	if (st != LD_OK)
		return st;
	writer_template(&w, tpl, LDI_H1_RAW, NULL);
	return writer_close(&w, out, err);
}

static bool
is_given(struct ld_node node)
{
	return node.ref != LD_JSON_NONE &&
	       ld_json_kind(node.json, node.ref) != LD_JSON_NULL;
}

/* *type_out: the Content-Type that goes with it, NULL without a body. */
static enum ld_status
compile_body(struct ldi_h1_request *r, const struct ldi_h1_task *t,
    struct ld_compile *cc, const char **type_out, struct ld_err *err)
{
	const struct ld_template *tpl;
	struct ld_pairs pairs;
	enum ld_status st;

	*type_out = NULL;
	if (t->json != NULL) {
		if (is_given(t->data))
			return ld_node_error(t->data, err, LD_INVALID,
			    "'data' and 'json' exclude each other");
		*type_out = "application/json";
		return compile_raw(t->json, cc, &r->body, err);
	}
	if (!is_given(t->data))
		return LD_OK;
	switch (ld_json_kind(t->data.json, t->data.ref)) {
	case LD_JSON_OBJECT:
		*type_out = "application/x-www-form-urlencoded";
		st = ld_compile_pairs(cc, t->data, &pairs, err);
		return st != LD_OK ? st
				   : compile_form(&pairs, cc, &r->body, err);
	case LD_JSON_STRING:
		*type_out = "text/plain; charset=utf-8";
		st = ld_compile_text(cc, t->data, &tpl, err);
		return st != LD_OK ? st : compile_raw(tpl, cc, &r->body, err);
	case LD_JSON_NULL:
	case LD_JSON_FALSE:
	case LD_JSON_TRUE:
	case LD_JSON_NUMBER:
	case LD_JSON_ARRAY:
		break;
	}
	return ld_node_error(t->data, err, LD_INVALID,
	    "'data' is a string, or an object that is sent as a form, not %s",
	    ld_json_kind_name(ld_json_kind(t->data.json, t->data.ref)));
}

/* -- headers -------------------------------------------------------------- */

/* What a request carries unless the plan says otherwise. */
struct defaults {
	bool user_agent, accept, accept_encoding, content_type;
};

static enum ld_status
check_name(const struct ld_pair *pair, const char **name_out, size_t *len_out,
    struct ld_err *err)
{
	const char *name;
	size_t len;

	if (!ld_template_constant(pair->key, &name, &len))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "the name of a header holds a placeholder: '%s'",
		    ld_template_shape(pair->key));
	if (!ldi_http_is_name(name, len))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "'%s' is no name of a header", name);
	*name_out = name;
	*len_out = len;
	return LD_OK;
}

/* Those on which the framing of requests depends are ours. */
static enum ld_status
check_framing(struct ldi_h1_request *r, const struct ld_pair *pair,
    const char *name, size_t len, bool *skip, struct ld_err *err)
{
	const char *value;
	size_t value_len;

	*skip = false;
	if (ldi_http_same(name, len, "host")) {
		if (r->host_given)
			return ld_node_error(
			    pair->node, err, LD_INVALID, "two Host headers");
		r->host_given = true;
		return LD_OK;
	}
	if (ldi_http_same(name, len, "content-length") ||
	    ldi_http_same(name, len, "transfer-encoding"))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "header '%s' is made from the body and cannot be given",
		    name);
	if (!ldi_http_same(name, len, "connection"))
		return LD_OK;
	if (ld_template_constant(pair->value, &value, &value_len)) {
		*skip = ldi_http_same(value, value_len, "keep-alive");
		r->close = ldi_http_same(value, value_len, "close");
	}
	if (*skip || r->close)
		return LD_OK;
	return ld_node_error(pair->node, err, LD_INVALID,
	    "header 'Connection' is either 'keep-alive' or 'close'");
}

static void
note_given(struct defaults *d, const char *name, size_t len)
{
	if (ldi_http_same(name, len, "user-agent"))
		d->user_agent = false;
	else if (ldi_http_same(name, len, "accept"))
		d->accept = false;
	else if (ldi_http_same(name, len, "accept-encoding"))
		d->accept_encoding = false;
	else if (ldi_http_same(name, len, "content-type"))
		d->content_type = false;
}

static enum ld_status
compile_header(struct ldi_h1_request *r, struct writer *w,
    const struct ld_pair *pair, struct defaults *d, struct ld_err *err)
{
	const char *name = NULL, *value;
	size_t len = 0, value_len;
	bool skip;
	enum ld_status st = check_name(pair, &name, &len, err);

	if (st == LD_OK)
		st = check_framing(r, pair, name, len, &skip, err);
	if (st != LD_OK || skip)
		return st;
	if (ld_template_constant(pair->value, &value, &value_len) &&
	    !ldi_http_is_value(value, value_len))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "header '%s': the value holds a line break or another "
		    "control character",
		    name);
	note_given(d, name, len);
	ld_buf_add(&w->literal, name, len);
	ld_buf_adds(&w->literal, ": ");
	writer_template(w, pair->value, LDI_H1_FIELD, name);
	ld_buf_adds(&w->literal, "\r\n");
	return LD_OK;
}

static void
add_defaults(struct ld_buf *out, const struct defaults *d, const char *type)
{
	if (d->user_agent)
		ld_buf_adds(out, "User-Agent: ld-run/" PACKAGE_VERSION "\r\n");
	if (d->accept)
		ld_buf_adds(
		    out, type != NULL && strcmp(type, "application/json") == 0
			     ? "Accept: application/json\r\n"
			     : "Accept: */*\r\n");
	if (d->accept_encoding)
		ld_buf_adds(out, "Accept-Encoding: " ACCEPT_ENCODING "\r\n");
	if (d->content_type && type != NULL)
		ld_buf_addf(out, "Content-Type: %s\r\n", type);
}

static enum ld_status
compile_fields(struct ldi_h1_request *r, const struct ld_pairs *headers,
    struct ld_compile *cc, const char *type, struct ld_err *err)
{
	struct defaults d = { true, true, true, true };
	struct writer w;
	enum ld_status st = writer_open(&w, cc, headers->n, err);

	for (size_t i = 0; i < headers->n && st == LD_OK; i++)
		st = compile_header(r, &w, &headers->items[i], &d, err);
	if (st == LD_OK) {
		add_defaults(&w.literal, &d, type);
		return writer_close(&w, &r->fields, err);
	}
	ld_buf_clear(&w.literal);
	return st;
}

/* -- URL ------------------------------------------------------------------ */

/* A member of the object, or the object where it has none. */
static struct ld_node
place_of(struct ld_node object, const char *name, const char *alias)
{
	struct ld_node node = ld_node_get(object, name);

	if (node.ref == LD_JSON_NONE)
		node = ld_node_get(object, alias);
	return node.ref != LD_JSON_NONE ? node : object;
}

static const struct ldi_url_origin *
keep_origin(const struct ldi_url_origin *origin, struct ld_compile *cc)
{
	struct ldi_url_origin *copy = ld_compile_alloc(cc, sizeof(*copy));

	if (copy != NULL)
		*copy = *origin;
	return copy;
}

/* The base URL of relative ones: its origin, and its path without the last
 * '/', to which theirs is appended. */
static enum ld_status
compile_host(struct ldi_h1_request *r, const char *host,
    const struct ld_task *task, struct ld_compile *cc, struct ld_err *err)
{
	struct ldi_url_origin origin;
	struct ld_buf base;
	const char *why;
	size_t rest, len = strlen(host);
	enum ld_status st;

	why = ldi_url_origin_parse(host, len, &origin, &rest);
	if (why == NULL && strpbrk(host + rest, "?#") != NULL)
		why = "a base URL has neither query nor fragment";
	if (why != NULL)
		return ld_node_error(
		    place_of(task->config->object, "host", "host"), err,
		    LD_INVALID, "host '%.*s': %s", ldi_url_shown(host, len),
		    host, why);
	while (len > rest && host[len - 1] == '/')
		len--;
	ld_buf_init(&base, LD_MAX_REQUEST_BYTES);
	if (len > rest)
		ldi_url_target_add(&base, host + rest, len - rest);
	r->host = keep_origin(&origin, cc);
	r->base = ld_compile_strdup(cc, base.len > 0 ? ld_buf_str(&base) : "");
	st = r->host == NULL || r->base == NULL
		 ? ld_err_set(err, LD_NOMEM, "request")
		 : ld_buf_status(&base, "host", err);
	ld_buf_clear(&base);
	return st;
}

/* The origin of a URL of which `text` is the beginning (or all of it). */
static enum ld_status
compile_origin(struct ldi_h1_request *r, const char *text, size_t len,
    const struct ld_task *task, struct ld_compile *cc, struct ld_err *err)
{
	struct ldi_url_origin origin;
	const char *why =
	    ldi_url_origin_parse(text, len, &origin, &r->url_skip);

	if (why != NULL)
		return ld_node_error(place_of(task->node, "request_url", "url"),
		    err, LD_INVALID, "the URL '%.*s': %s",
		    ldi_url_shown(text, len), text, why);
	r->origin = keep_origin(&origin, cc);
	return r->origin != NULL ? LD_OK : ld_err_set(err, LD_NOMEM, "request");
}

/* Does this beginning of a URL hold all of its authority? */
static bool
holds_origin(const char *text, size_t len)
{
	const char *at;

	if (!ldi_url_has_scheme(text, len))
		return false;
	at = memchr(text, ':', len);
	for (at += 3; at < text + len; at++)
		if (*at == '/' || *at == '?' || *at == '#')
			return true;
	return false;
}

static enum ld_status
compile_target(struct ldi_h1_request *r, const char *text, size_t len,
    struct ld_compile *cc, struct ld_err *err)
{
	const char *fragment = len > 0 ? memchr(text, '#', len) : NULL;
	struct ld_buf target;
	enum ld_status st;

	if (fragment != NULL)
		len = (size_t)(fragment - text);
	ld_buf_init(&target, LD_MAX_REQUEST_BYTES);
	if (r->origin == r->host && r->base != NULL)
		ld_buf_adds(&target, r->base);
	ldi_url_target_add(&target, text, len);
	r->has_query = len > 0 && memchr(text, '?', len) != NULL;
	st = ld_buf_status(&target, "URL", err);
	if (st == LD_OK) {
		r->url_constant = ld_compile_strdup(cc, ld_buf_str(&target));
		if (r->url_constant == NULL)
			st = ld_err_set(err, LD_NOMEM, "request");
	}
	ld_buf_clear(&target);
	return st;
}

static enum ld_status
compile_url(struct ldi_h1_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ld_err *err)
{
	const char *host = task->config->host, *text;
	const char *shape = ld_template_shape(r->url);
	bool constant;
	size_t len;
	enum ld_status st = LD_OK;

	/* The shape is the name of a series, where no password may stand. */
	if (ldi_url_shape_has_user(shape))
		return ld_node_error(place_of(task->node, "request_url", "url"),
		    err, LD_INVALID, "the URL '%.*s': " LDI_URL_NO_USER,
		    ldi_url_shown(shape, strlen(shape)), shape);
	if (host != NULL && host[0] != '\0')
		st = compile_host(r, host, task, cc, err);
	if (st != LD_OK)
		return st;
	constant = ld_template_constant(r->url, &text, &len);
	if (!constant)
		ld_template_prefix(r->url, &text, &len);
	if (constant ? ldi_url_has_scheme(text, len) : holds_origin(text, len))
		st = compile_origin(r, text, len, task, cc, err);
	else if (!constant && (len == 0 || text[0] != '/'))
		return LD_OK; /* told at the exchange */
	else if (r->host != NULL)
		r->origin = r->host;
	else
		st = ld_node_error(place_of(task->node, "request_url", "url"),
		    err, LD_INVALID,
		    "the URL '%s' has no scheme, and the plan no 'host' to add "
		    "it to",
		    ld_template_shape(r->url));
	if (st == LD_OK && constant)
		st = compile_target(
		    r, text + r->url_skip, len - r->url_skip, cc, err);
	return st;
}

/* -- all of it ------------------------------------------------------------ */

static enum ld_status
make_constant(
    struct ldi_h1_request *r, struct ld_compile *cc, struct ld_err *err)
{
	struct ld_buf out, scratch;
	struct ldi_h1_paper paper = { .out = &out, .scratch = &scratch };
	struct ldi_h1_rendered as;
	enum ld_status st;
	char *text;

	ld_buf_init(&out, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&scratch, LD_MAX_REQUEST_BYTES);
	st = ldi_h1_request_render(r, NULL, &paper, &as, err);
	if (st == LD_OK) {
		text = ld_compile_alloc(cc, as.head_len + as.body_len);
		if (text == NULL) {
			st = ld_err_set(err, LD_NOMEM, "request");
		} else {
			memcpy(text, as.head, as.head_len);
			memcpy(text + as.head_len, as.body, as.body_len);
			r->head = text;
			r->head_len = as.head_len + as.body_len;
		}
	}
	ld_buf_clear(&out);
	ld_buf_clear(&scratch);
	return st;
}

enum ld_status
ldi_h1_request_compile(struct ldi_h1_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ld_err *err)
{
	const struct ldi_h1_task *t = task->fields;
	const char *type;
	enum ld_status st;

	r->method = methods[t->method].name;
	r->to_head = t->method == LDI_H1_HEAD_METHOD;
	r->idempotent = methods[t->method].idempotent;
	r->url = t->url;
	st = compile_url(r, task, cc, err);
	if (st == LD_OK)
		st = compile_form(&t->params, cc, &r->query, err);
	if (st == LD_OK)
		st = compile_body(r, t, cc, &type, err);
	if (st == LD_OK)
		st = compile_fields(r, &t->headers, cc, type, err);
	if (st != LD_OK)
		return st;
	r->send_length = type != NULL || methods[t->method].has_body;
	if (r->url_constant == NULL || !is_constant(&r->query) ||
	    !is_constant(&r->body) || !is_constant(&r->fields))
		return LD_OK;
	return make_constant(r, cc, err);
}
