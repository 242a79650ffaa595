/* SPDX-License-Identifier: MIT */
/* Rendering a request: at the exchange, from what compile left. */
#include "config.h"

#include <string.h>

#include "base/http_text.h"
#include "drivers/http1/answer.h"
#include "drivers/http1/request.h"

static enum ld_status
render_piece(const struct ldi_h1_piece *piece, struct ld_scope *scope,
    const struct ldi_h1_paper *paper, struct ld_err *err)
{
	struct ld_buf *out = paper->out;
	size_t from = out->len;
	enum ld_status st;

	if (piece->encoding != LDI_H1_FORM) {
		st = ld_template_render(piece->tpl, scope, out, err);
		if (st == LD_OK && piece->encoding == LDI_H1_FIELD &&
		    out->len > from &&
		    !ldi_http_is_value(out->data + from, out->len - from))
			return ld_err_set(err, LD_INVALID,
			    "header '%s': the value holds a line break or "
			    "another control character",
			    piece->name);
		return st;
	}
	ld_buf_reset(paper->scratch);
	st = ld_template_render(piece->tpl, scope, paper->scratch, err);
	if (st != LD_OK)
		return st;
	ldi_url_form_add(out, paper->scratch->data, paper->scratch->len);
	return ld_buf_status(paper->scratch, "request", err);
}

enum ld_status
ldi_h1_text_render(const struct ldi_h1_text *text, struct ld_scope *scope,
    const struct ldi_h1_paper *paper, struct ld_err *err)
{
	for (size_t i = 0; i < text->n; i++) {
		const struct ldi_h1_piece *piece = &text->pieces[i];
		enum ld_status st;

		if (piece->text != NULL) {
			ld_buf_add(paper->out, piece->text, piece->len);
			continue;
		}
		st = render_piece(piece, scope, paper, err);
		if (st != LD_OK)
			return st;
	}
	return LD_OK;
}

static size_t
without_fragment(const char *text, size_t len)
{
	const char *fragment = len > 0 ? memchr(text, '#', len) : NULL;

	return fragment != NULL ? (size_t)(fragment - text) : len;
}

/* The URL in paper->scratch: origin and where its target begins. */
static enum ld_status
find_origin(const struct ldi_h1_request *r, const struct ldi_h1_paper *paper,
    size_t *skip, const struct ldi_url_origin **origin, struct ld_err *err)
{
	const char *text = paper->scratch->data, *why;
	size_t len = paper->scratch->len;

	*skip = r->url_skip;
	*origin = r->origin;
	if (r->origin != NULL)
		return LD_OK;
	if (len == 0 || !ldi_url_has_scheme(text, len)) {
		*origin = r->host;
		*skip = 0;
		if (r->host == NULL)
			return ld_err_set(err, LD_INVALID,
			    "the URL '%.*s' has no scheme, and the plan no "
			    "host to add it to",
			    ldi_url_shown(text, len), len > 0 ? text : "");
		return LD_OK;
	}
	why = ldi_url_origin_parse(text, len, paper->origin, skip);
	*origin = paper->origin;
	if (why != NULL)
		return ld_err_set(err, LD_INVALID, "the URL '%.*s': %s",
		    ldi_url_shown(text, len), text, why);
	return LD_OK;
}

/* Path and query of a URL with placeholders. */
static enum ld_status
render_target(const struct ldi_h1_request *r, struct ld_scope *scope,
    const struct ldi_h1_paper *paper, struct ldi_h1_rendered *out,
    bool *has_query, struct ld_err *err)
{
	struct ld_buf *url = paper->scratch;
	const char *text;
	size_t skip, len;
	enum ld_status st;

	ld_buf_reset(url);
	st = ld_template_render(r->url, scope, url, err);
	if (st == LD_OK)
		st = ld_buf_status(url, "URL", err);
	if (st == LD_OK)
		st = find_origin(r, paper, &skip, &out->origin, err);
	if (st != LD_OK)
		return st;
	text = url->data != NULL ? url->data + skip : "";
	len = without_fragment(text, url->len - skip);
	*has_query = len > 0 && memchr(text, '?', len) != NULL;
	if (out->origin == r->host && skip == 0 && r->base != NULL)
		ld_buf_adds(paper->out, r->base);
	ldi_url_target_add(paper->out, text, len);
	return LD_OK;
}

static enum ld_status
render_line(const struct ldi_h1_request *r, struct ld_scope *scope,
    const struct ldi_h1_paper *paper, struct ldi_h1_rendered *out,
    struct ld_err *err)
{
	struct ld_buf *buf = paper->out;
	bool has_query = r->has_query;
	enum ld_status st = LD_OK;

	ld_buf_adds(buf, r->method);
	ld_buf_addc(buf, ' ');
	if (r->url_constant != NULL)
		ld_buf_adds(buf, r->url_constant);
	else
		st = render_target(r, scope, paper, out, &has_query, err);
	if (st == LD_OK && r->query.n > 0) {
		ld_buf_addc(buf, has_query ? '&' : '?');
		st = ldi_h1_text_render(&r->query, scope, paper, err);
	}
	ld_buf_adds(buf, " HTTP/1.1\r\n");
	return st;
}

enum ld_status
ldi_h1_request_render(const struct ldi_h1_request *r, struct ld_scope *scope,
    const struct ldi_h1_paper *paper, struct ldi_h1_rendered *out,
    struct ld_err *err)
{
	struct ld_buf *buf = paper->out;
	size_t body_len;
	enum ld_status st;

	*out = (struct ldi_h1_rendered){
		.head = r->head, .head_len = r->head_len, .origin = r->origin
	};
	if (r->head != NULL)
		return LD_OK;
	st = ldi_h1_text_render(&r->body, scope, paper, err);
	body_len = buf->len;
	if (st == LD_OK)
		st = render_line(r, scope, paper, out, err);
	if (st != LD_OK)
		return st;
	if (!r->host_given) {
		ld_buf_adds(buf, "Host: ");
		ld_buf_adds(buf, out->origin->authority);
		ld_buf_adds(buf, "\r\n");
	}
	st = ldi_h1_text_render(&r->fields, scope, paper, err);
	if (r->send_length) {
		ld_buf_adds(buf, "Content-Length: ");
		ld_buf_add_u64(buf, body_len);
		ld_buf_adds(buf, "\r\n");
	}
	ld_buf_adds(buf, "\r\n");
	if (st == LD_OK)
		st = ld_buf_status(buf, "request", err);
	out->body = buf->data;
	out->body_len = body_len;
	out->head = st == LD_OK ? buf->data + body_len : NULL;
	out->head_len = st == LD_OK ? buf->len - body_len : 0;
	return st;
}
