/* SPDX-License-Identifier: MIT */
/* Rendering a request: at the exchange, from what compile left, and behind a
 * redirect, from what was rendered before. */
#include "config.h"

#include <string.h>

#include "base/http_text.h"
#include "http/request.h"

static size_t
without_fragment(const char *text, size_t len)
{
	const char *fragment = len > 0 ? memchr(text, '#', len) : NULL;

	return fragment != NULL ? (size_t)(fragment - text) : len;
}

/* The URL in paper->scratch: origin and where its target begins. */
static enum ld_status
find_origin(const struct ldi_request *r, const struct ldi_request_paper *paper,
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
render_target(const struct ldi_request *r, struct ld_scope *scope,
    const struct ldi_request_paper *paper, struct ldi_request_rendered *out,
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

/* Path and query, as they are in the URL. */
static enum ld_status
render_path(const struct ldi_request *r, struct ld_scope *scope,
    const struct ldi_request_paper *paper, struct ldi_request_rendered *out,
    struct ld_err *err)
{
	struct ld_buf *buf = paper->out;
	bool has_query = r->has_query;
	enum ld_status st = LD_OK;

	if (r->url_constant != NULL)
		ld_buf_adds(buf, r->url_constant);
	else
		st = render_target(r, scope, paper, out, &has_query, err);
	if (st == LD_OK && r->query.n > 0) {
		if (!has_query)
			ld_buf_addc(buf, '?');
		else if (buf->len > 0 && buf->data[buf->len - 1] != '?')
			ld_buf_addc(buf, '&');
		st = ldi_request_text_render(&r->query, scope, paper, err);
	}
	return st;
}

/* Where the parts lie in the buffer, which may move until all is there. */
struct places {
	size_t body_len, target, target_len, head, fields, fields_len;
};

static enum ld_status
render_line(const struct ldi_request *r, struct ld_scope *scope,
    const struct ldi_request_paper *paper, struct ldi_request_rendered *out,
    struct places *at, struct ld_err *err)
{
	struct ld_buf *buf = paper->out;
	bool other = r->line.n > 0; /* stands in the line */
	enum ld_status st;

	at->head = buf->len;
	if (!other) {
		ld_buf_adds(buf, r->method);
		ld_buf_addc(buf, ' ');
	}
	at->target = buf->len;
	st = render_path(r, scope, paper, out, err);
	at->target_len = buf->len - at->target;
	if (st == LD_OK && other) {
		at->head = buf->len;
		ld_buf_adds(buf, r->method);
		ld_buf_addc(buf, ' ');
		st = ldi_request_text_render(&r->line, scope, paper, err);
	}
	ld_buf_adds(buf, r->http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
	return st;
}

static void
add_host(struct ld_buf *buf, const struct ldi_url_origin *origin)
{
	ld_buf_adds(buf, "Host: ");
	ld_buf_adds(buf, origin->authority);
	ld_buf_adds(buf, "\r\n");
}

static void
add_length(struct ld_buf *buf, size_t len)
{
	ld_buf_adds(buf, "Content-Length: ");
	ld_buf_add_u64(buf, len);
	ld_buf_adds(buf, "\r\n");
}

static enum ld_status
render_all(const struct ldi_request *r, struct ld_scope *scope,
    const struct ldi_request_paper *paper, struct ldi_request_rendered *out,
    struct places *at, struct ld_err *err)
{
	struct ld_buf *buf = paper->out;
	enum ld_status st =
	    ldi_request_text_render(&r->body, scope, paper, err);

	at->body_len = buf->len;
	if (st == LD_OK)
		st = render_line(r, scope, paper, out, at, err);
	if (st != LD_OK)
		return st;
	if (!r->host_given && !r->host_absent)
		add_host(buf, out->origin);
	at->fields = buf->len;
	st = ldi_request_text_render(&r->fields, scope, paper, err);
	at->fields_len = buf->len - at->fields;
	if (r->send_length)
		add_length(buf, at->body_len);
	ld_buf_adds(buf, "\r\n");
	return st == LD_OK ? ld_buf_status(buf, "request", err) : st;
}

enum ld_status
ldi_request_render(const struct ldi_request *r, struct ld_scope *scope,
    const struct ldi_request_paper *paper, struct ldi_request_rendered *out,
    struct ld_err *err)
{
	struct places at = { 0 };
	const char *data;
	enum ld_status st;

	*out = r->constant;
	if (out->head != NULL)
		return LD_OK;
	out->origin = r->origin;
	st = render_all(r, scope, paper, out, &at, err);
	if (st != LD_OK)
		return st;
	data = paper->out->data;
	out->body = data;
	out->body_len = at.body_len;
	out->target = data + at.target;
	out->target_len = at.target_len;
	out->head = data + at.head;
	out->head_len = paper->out->len - at.head;
	out->fields = data + at.fields;
	out->fields_len = at.fields_len;
	return LD_OK;
}

/* -- behind a redirect ---------------------------------------------------- */

static bool
goes_along(const struct ldi_request_hop *hop, const char *line, size_t len)
{
	if (hop->no_body && ldi_redirect_is_of_body(line, len))
		return false;
	if (hop->no_expect && len > 7 && ldi_http_same(line, 6, "expect") &&
	    line[6] == ':')
		return false;
	return !hop->no_credentials ||
	       (!ldi_redirect_is_credential(line, len) &&
		   !(len > 5 && ldi_http_same(line, 4, "host") &&
		       line[4] == ':'));
}

/* The lines were rendered by us: each ends with CR LF. */
static void
add_fields(const struct ldi_request_hop *hop, const char *fields, size_t len,
    struct ld_buf *buf)
{
	while (len > 0) {
		const char *end = memchr(fields, '\n', len);
		size_t n = end != NULL ? (size_t)(end - fields) + 1 : len;

		if (goes_along(hop, fields, n))
			ld_buf_add(buf, fields, n);
		fields += n;
		len -= n;
	}
}

enum ld_status
ldi_request_again(const struct ldi_request *r,
    const struct ldi_request_hop *hop, struct ld_buf *buf,
    struct ldi_request_rendered *out, struct ld_err *err)
{
	size_t target;
	bool own_host = r->host_given && !hop->no_credentials;
	enum ld_status st;

	ld_buf_adds(buf, hop->method);
	ld_buf_addc(buf, ' ');
	target = buf->len;
	ld_buf_add(buf, hop->target, hop->target_len);
	ld_buf_adds(buf, r->http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
	if (!own_host && !r->host_absent)
		add_host(buf, out->origin);
	add_fields(hop, out->fields, out->fields_len, buf);
	if (hop->no_body)
		out->body_len = 0;
	else if (r->send_length)
		add_length(buf, out->body_len);
	ld_buf_adds(buf, "\r\n");
	st = ld_buf_status(buf, "request", err);
	if (st != LD_OK)
		return st;
	out->target = buf->data + target;
	out->target_len = hop->target_len;
	out->head = buf->data;
	out->head_len = buf->len;
	out->all_len = 0;
	return LD_OK;
}
