/* SPDX-License-Identifier: MIT */
/*
 * Compiling a request: check every field, render what is constant.  A
 * constant request is made by rendering the general one once, so there is
 * one writer of requests, not two.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/http_text.h"
#include "http/request.h"
#include "http/method.h"

/* More than a plan may ask for; the deadline is what ends them. */
#define MAX_REDIRECTS 1000

/* -- URL ------------------------------------------------------------------ */

struct ld_node
ldi_request_place(struct ld_node object, const char *name, const char *alias)
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
compile_host(struct ldi_request *r, const char *host,
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
		    ldi_request_place(task->config->object, "host", "host"),
		    err, LD_INVALID, "host '%.*s': %s",
		    ldi_url_shown(host, len), host, why);
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
compile_origin(struct ldi_request *r, const char *text, size_t len,
    const struct ld_task *task, struct ld_compile *cc, struct ld_err *err)
{
	struct ldi_url_origin origin;
	const char *why =
	    ldi_url_origin_parse(text, len, &origin, &r->url_skip);

	if (why != NULL)
		return ld_node_error(
		    ldi_request_place(task->node, "request_url", "url"), err,
		    LD_INVALID, "the URL '%.*s': %s", ldi_url_shown(text, len),
		    text, why);
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
compile_target(struct ldi_request *r, const char *text, size_t len,
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
compile_url(struct ldi_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ld_err *err)
{
	const char *host = task->config->host, *text;
	const char *shape = ld_template_shape(r->url);
	bool constant;
	size_t len;
	enum ld_status st = LD_OK;

	/* The shape is the name of a series, where no password may stand. */
	if (ldi_url_shape_has_user(shape))
		return ld_node_error(
		    ldi_request_place(task->node, "request_url", "url"), err,
		    LD_INVALID, "the URL '%.*s': " LDI_URL_NO_USER,
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
		st = ld_node_error(
		    ldi_request_place(task->node, "request_url", "url"), err,
		    LD_INVALID,
		    "the URL '%s' has no scheme, and the plan no 'host' to add "
		    "it to",
		    ld_template_shape(r->url));
	if (st == LD_OK && constant)
		st = compile_target(
		    r, text + r->url_skip, len - r->url_skip, cc, err);
	return st;
}

/* -- the request line ----------------------------------------------------- */

static enum ld_status
compile_method(struct ldi_request *r, const struct ld_task *task,
    bool *has_body, struct ld_err *err)
{
	const char *name =
	    ((const struct ldi_request_task *)task->fields)->method;
	const struct ldi_method *known = ldi_method_find(name);
	const char *near;

	*has_body = known != NULL && known->has_body;
	r->idempotent = known != NULL && known->idempotent;
	r->method = known != NULL ? known->name : name;
	r->to_head = strcmp(r->method, "HEAD") == 0;
	if (known != NULL)
		return LD_OK;
	near = ldi_method_nearest(name);
	if (near == NULL && ldi_http_is_name(name, strlen(name)) &&
	    !ldi_http_same(name, strlen(name), "connect"))
		return LD_OK;
	return ld_node_error(ldi_request_place(task->node, "method", "method"),
	    err, LD_INVALID,
	    near != NULL ? "unknown method '%.60s'; did you mean '%s'?"
			 : "'%.60s' is no method that can be sent",
	    name, near);
}

/* What stands in the request line in place of the URL's path. */
static enum ld_status
compile_line(struct ldi_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	const struct ldi_request_piece piece = { .encoding = LDI_REQUEST_TARGET,
		.tpl = t->request_target,
		.name = "request_target" };
	struct ld_node node =
	    ldi_request_place(task->node, "request_target", "request_target");
	struct ldi_request_writer w;
	enum ld_status st;

	if (t->request_target == NULL)
		return LD_OK;
	if (t->params.n > 0)
		return ld_node_error(node, err, LD_INVALID,
		    "'request_target' and 'params' exclude each other");
	ldi_request_writer_open(&w, cc);
	st = ldi_request_writer_value(&w, &piece, node, err);
	return ldi_request_writer_close(&w, st, &r->line, err);
}

/* -- redirects ------------------------------------------------------------ */

static enum ld_status
read_kept_post(struct ldi_request *r, struct ld_node node, ld_json_ref ref,
    struct ld_err *err)
{
	uint64_t status;

	if (!ld_json_u64(node.json, ref, &status) || status < 301 ||
	    status > 303)
		return ld_node_error(node, err, LD_INVALID,
		    "'redirect_post' is an array of 301, 302 and 303");
	r->redirect.keep_post |= 1u << (status - 301);
	return LD_OK;
}

static enum ld_status
compile_redirects(
    struct ldi_request *r, const struct ld_task *task, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	struct ld_node keep = t->redirect_post;
	enum ld_status st = LD_OK;

	r->follow = t->allow_redirects;
	r->redirect.trust = t->trust_redirects;
	if (t->max_redirects > MAX_REDIRECTS)
		return ld_node_error(ldi_request_place(task->node,
					 "max_redirects", "max_redirects"),
		    err, LD_INVALID, "'max_redirects' is at most %d",
		    MAX_REDIRECTS);
	r->redirect.limit = (uint32_t)t->max_redirects;
	if (!ldi_request_is_given(keep))
		return LD_OK;
	if (ld_json_kind(keep.json, keep.ref) != LD_JSON_ARRAY)
		return ld_node_error(keep, err, LD_INVALID,
		    "'redirect_post' is an array of 301, 302 and 303");
	for (ld_json_ref ref = ld_json_first(keep.json, keep.ref);
	     st == LD_OK && ref != LD_JSON_NONE;
	     ref = ld_json_next(keep.json, keep.ref, ref))
		st = read_kept_post(r, keep, ref, err);
	return st;
}

/* -- all of it ------------------------------------------------------------ */

static enum ld_status
keep_constant(struct ldi_request *r, const struct ldi_request_rendered *as,
    struct ld_compile *cc, struct ld_err *err)
{
	struct ldi_request_rendered *c = &r->constant;
	bool one_piece =
	    as->body_len > 0 && as->body_len <= LDI_REQUEST_ONE_PIECE;
	size_t size = as->head_len + (one_piece ? as->body_len : 0);
	char *text = ld_compile_alloc(cc, size + as->target_len);

	if (text == NULL)
		return ld_err_set(err, LD_NOMEM, "request");
	*c = *as;
	memcpy(text, as->head, as->head_len);
	if (one_piece)
		memcpy(text + as->head_len, as->body, as->body_len);
	memcpy(text + size, as->target, as->target_len);
	c->head = text;
	c->target = text + size;
	c->all_len = as->body_len == 0 || one_piece ? size : 0;
	c->fields = r->fields.n > 0 ? r->fields.pieces[0].text : "";
	c->body = r->body.n > 0 ? r->body.pieces[0].text : "";
	return LD_OK;
}

static enum ld_status
make_constant(struct ldi_request *r, struct ld_compile *cc, struct ld_err *err)
{
	struct ld_buf out, scratch;
	struct ldi_request_paper paper = { .out = &out, .scratch = &scratch };
	struct ldi_request_rendered as;
	enum ld_status st;

	ld_buf_init(&out, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&scratch, LD_MAX_REQUEST_BYTES);
	st = ldi_request_render(r, NULL, &paper, &as, err);
	if (st == LD_OK)
		st = keep_constant(r, &as, cc, err);
	ld_buf_clear(&out);
	ld_buf_clear(&scratch);
	return st;
}

static enum ld_status
compile_parts(struct ldi_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ldi_request_type *type, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	enum ld_status st = compile_url(r, task, cc, err);

	if (st == LD_OK)
		st = compile_line(r, task, cc, err);
	if (st == LD_OK)
		st = ldi_request_form_compile(&t->params, cc, &r->query, err);
	if (st == LD_OK)
		st = compile_redirects(r, task, err);
	if (st == LD_OK)
		st = ldi_request_body_compile(r, task, cc, type, err);
	if (st == LD_OK)
		st = ldi_request_headers_compile(r, task, cc, type, err);
	return st;
}

enum ld_status
ldi_request_compile(struct ldi_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	struct ldi_request_type type = { NULL, "" };
	bool has_body;
	enum ld_status st = compile_method(r, task, &has_body, err);

	r->http10 = t->http_version == LDI_REQUEST_1_0;
	r->url = t->url;
	if (st == LD_OK)
		st = compile_parts(r, task, cc, &type, err);
	if (st != LD_OK)
		return st;
	r->send_length = type.text != NULL || has_body;
	if (r->url_constant == NULL || !ldi_request_text_constant(&r->line) ||
	    !ldi_request_text_constant(&r->query) ||
	    !ldi_request_text_constant(&r->body) ||
	    !ldi_request_text_constant(&r->fields))
		return LD_OK;
	return make_constant(r, cc, err);
}
