/* SPDX-License-Identifier: MIT */
/*
 * What curl would do with each URL of an operation: which method, to where,
 * with which body and fields.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/http_text.h"
#include "importers/curl_emit.h"

/* -- one exchange --------------------------------------------------------- */

static void
exchange_init(struct ldi_curl_exchange *x, const struct ldi_curl_op *op)
{
	memset(x, 0, sizeof(*x));
	x->op = op;
	ldi_curl_body_init(&x->body);
	ldi_curl_url_init(&x->url);
	ld_buf_init(&x->query, LDI_CURL_MAX_TEXT);
	ld_buf_init(&x->type, LDI_CURL_MAX_TEXT);
	ld_buf_init(&x->cookies, LDI_CURL_MAX_TEXT);
	ld_buf_init(&x->host, LDI_CURL_MAX_TEXT);
	ld_buf_init(&x->target, LDI_CURL_MAX_TEXT);
}

static void
exchange_clear(struct ldi_curl_exchange *x)
{
	ldi_curl_body_clear(&x->body);
	ldi_curl_url_clear(&x->url);
	ld_buf_clear(&x->query);
	ld_buf_clear(&x->type);
	ld_buf_clear(&x->cookies);
	ld_buf_clear(&x->host);
	ld_buf_clear(&x->target);
}

/* -- the method ----------------------------------------------------------- */

/* curl refuses to send two kinds of request at once. */
static enum ld_status
check_kinds(struct ldi_curl *curl, const struct ldi_curl_op *op)
{
	bool post = op->data.n > 0 && !op->get;
	int kinds = post + (op->forms.n > 0) + (op->head && !op->get) +
		    (op->uploads.n > 0);

	if (kinds < 2)
		return LD_OK;
	return ldi_curl_error(curl, &op->at,
	    "curl sends one kind of request at once, and this asks for "
	    "several of --data, --form, --head and --upload-file");
}

static enum ld_status
choose_method(struct ldi_curl *curl, struct ldi_curl_exchange *x, bool upload)
{
	static const char *const known[] = { "get", "post", "put", "patch",
		"delete", "head", "options", "trace" };
	const struct ldi_curl_op *op = x->op;
	const struct ldi_curl_word *word = &op->method;
	const char *method = upload                       ? "put"
			     : op->head                   ? "head"
			     : op->forms.n > 0            ? "post"
			     : op->data.n > 0 && !op->get ? "post"
							  : "get";
	const char *lower = NULL;
	enum ld_status st;

	x->request.upload = upload;
	x->request.get =
	    strcmp(method, "get") == 0 || strcmp(method, "head") == 0;
	x->method = method;
	if (word->text == NULL)
		return LD_OK;
	st = ldi_curl_plain(curl, word, "a method");
	if (st != LD_OK)
		return st;
	if (!ldi_http_is_name(word->text, word->len))
		return ldi_curl_error(
		    curl, &word->at, "'%s' is no method", word->text);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(known[i], word->text) == 0)
			lower = known[i];
	x->method = lower != NULL ? lower : word->text;
	if (lower != NULL && strpbrk(word->text, "abcdefghijklmnopqrstuvwxyz"))
		st = ldi_curl_lose(curl, &word->at, "--request",
		    "a method of HTTP is sent in capitals");
	if (st == LD_OK && op->location && strcmp(x->method, method) != 0)
		st = ldi_curl_lose(curl, &word->at, "--request",
		    "curl would send it to where it is redirected, too");
	return st;
}

/* -- where to ------------------------------------------------------------- */

/* Up to the next colon outside of brackets. */
static size_t
piece_length(const char *text)
{
	size_t len = 0;

	if (*text == '[')
		len = strcspn(text, "]");
	return len + strcspn(text + len, ":");
}

struct target {
	const char *host, *port;
	size_t host_len, port_len;
};

/* "HOST1:PORT1:HOST2:PORT2"; false when it is none. */
static bool
read_connect_to(const char *text, struct target *from, struct target *to)
{
	struct target *targets[] = { from, to };

	for (size_t i = 0; i < 2; i++) {
		struct target *t = targets[i];

		t->host = text;
		t->host_len = piece_length(text);
		text += t->host_len;
		if (*text != ':')
			return false;
		t->port = text + 1;
		t->port_len = strcspn(t->port, ":");
		text = t->port + t->port_len;
		if (i == 0 && *text++ != ':')
			return false;
	}
	return *text == '\0';
}

static bool
connects(const struct target *from, const struct ldi_curl_url *url)
{
	char port[16];
	int n = snprintf(port, sizeof(port), "%u",
	    url->port != 0 ? url->port
	    : url->https   ? 443
			   : 80);

	return (from->host_len == 0 ||
		   (from->host_len == url->host.len &&
		       strncasecmp(from->host, url->host.data, url->host.len) ==
			   0)) &&
	       (from->port_len == 0 ||
		   (from->port_len == (size_t)n &&
		       memcmp(from->port, port, (size_t)n) == 0));
}

/* Host and port of the URL, as the Host header has them. */
static void
put_authority(struct ld_buf *out, const struct ldi_curl_url *url)
{
	ld_buf_add(out, url->host.data, url->host.len);
	if (url->port != 0)
		ld_buf_addf(out, ":%u", url->port);
}

static void
divert(struct ldi_curl_exchange *x, const struct target *to)
{
	struct ldi_curl_url *url = &x->url;

	put_authority(&x->host, url);
	ld_buf_reset(&url->text);
	ld_buf_adds(&url->text, "http://");
	ld_buf_add(&url->text, to->host_len > 0 ? to->host : url->host.data,
	    to->host_len > 0 ? to->host_len : url->host.len);
	if (to->port_len > 0)
		ld_buf_addf(&url->text, ":%.*s", (int)to->port_len, to->port);
	else if (url->port != 0)
		ld_buf_addf(&url->text, ":%u", url->port);
	ld_buf_add(&url->text, url->target.data, url->target.len);
	x->request.host = ld_buf_str(&x->host);
}

/* --connect-to: a plan says it by another URL and a Host header, which under
 * TLS would be another name to verify. */
static enum ld_status
apply_connect_to(struct ldi_curl *curl, struct ldi_curl_exchange *x)
{
	struct target from, to;

	for (size_t i = 0; i < x->op->connect_to.n; i++) {
		const struct ldi_curl_word *word = &x->op->connect_to.list[i];
		enum ld_status st = ldi_curl_plain(curl, word, "--connect-to");

		if (st != LD_OK)
			return st;
		if (!read_connect_to(word->text, &from, &to))
			return ldi_curl_error(curl, &word->at,
			    "'%s' is none such as HOST1:PORT1:HOST2:PORT2",
			    word->text);
		if (x->url.variable)
			x->url.fault = "--connect-to, and its URL holds a "
				       "variable";
		else if (!connects(&from, &x->url))
			continue;
		else if (x->url.https)
			x->url.fault =
			    "--connect-to under TLS is the run's: see "
			    "ld-run --connect-to";
		else
			divert(x, &to);
		return LD_OK;
	}
	return LD_OK;
}

/* --unix-socket: the path stands in the URL, the host in its header. */
static enum ld_status
apply_socket(struct ldi_curl *curl, struct ldi_curl_exchange *x)
{
	const struct ldi_curl_word *path = &x->op->unix_socket;
	struct ldi_curl_url *url = &x->url;
	enum ld_status st;

	if (path->text == NULL)
		return LD_OK;
	st = ldi_curl_plain(curl, path, "--unix-socket");
	if (st != LD_OK)
		return st;
	if (url->https || url->variable) {
		url->fault =
		    url->https ? "a unix socket, with TLS"
			       : "a unix socket, and its URL holds a variable";
		return LD_OK;
	}
	put_authority(&x->host, url);
	ld_buf_reset(&url->text);
	ld_buf_adds(&url->text, "http+unix://");
	ldi_curl_url_escape(&url->text, path->text, path->len, false);
	ld_buf_add(&url->text, url->target.data, url->target.len);
	x->request.host = ld_buf_str(&x->host);
	return LD_OK;
}

static enum ld_status
find_target(struct ldi_curl *curl, struct ldi_curl_exchange *x,
    const struct ldi_curl_word *word, const struct ldi_curl_word *upload)
{
	const struct ldi_curl_op *op = x->op;
	struct ldi_curl_body query;
	enum ld_status st;

	ldi_curl_body_init(&query);
	st = ldi_curl_body_data(curl, op,
	    op->get && op->data.n > 0 ? &op->data : &op->query, false, &query);
	if (st == LD_OK && query.binary && query.bytes.len > 0 &&
	    memchr(query.bytes.data, '\0', query.bytes.len) != NULL)
		st = ldi_curl_error(
		    curl, &word->at, "a file for the query holds a NUL");
	if (st == LD_OK)
		st = ldi_curl_url_read(curl, op, word, &query.bytes,
		    upload != NULL && strcmp(upload->text, "-") != 0
			? upload->text
			: NULL,
		    &x->url);
	ldi_curl_body_clear(&query);
	if (st == LD_OK && x->url.fault == NULL)
		st = apply_socket(curl, x);
	if (st == LD_OK && x->url.fault == NULL && op->unix_socket.text == NULL)
		st = apply_connect_to(curl, x);
	return st;
}

/* -- the body ------------------------------------------------------------- */

/* The Content-Type a form has: a user's own gets the boundary, too. */
static enum ld_status
finish_form(struct ldi_curl *curl, struct ldi_curl_exchange *x)
{
	static const char form_data[] = "multipart/form-data";
	const char *type = form_data;
	size_t len = sizeof(form_data) - 1;
	bool given =
	    ldi_curl_headers_find(&x->custom, "Content-Type", &type, &len);
	bool plain = type != NULL && len == sizeof(form_data) - 1 &&
		     strncasecmp(type, form_data, len) == 0;
	bool is_form = type != NULL && len >= sizeof(form_data) - 1 &&
		       strncasecmp(type, form_data, sizeof(form_data) - 1) == 0;
	struct ld_buf boundary;
	enum ld_status st;

	x->files = plain && ldi_curl_multipart_fits(x->op, x->body.form);
	x->request.body_fields = x->files;
	if (x->files)
		return LD_OK;
	ld_buf_init(&boundary, 128);
	st =
	    ldi_curl_multipart_write(curl, x->op, &x->body, is_form, &boundary);
	ld_buf_add(&x->type, type != NULL ? type : "", len);
	ld_buf_adds(&x->type, "; boundary=");
	ld_buf_add(&x->type, boundary.data, boundary.len);
	ld_buf_clear(&boundary);
	x->body.form = NULL;
	x->request.type = ld_buf_str(&x->type);
	for (size_t i = 0; given && i < x->custom.n; i++) {
		struct ldi_curl_field *f = &x->custom.list[i];

		if (f->name_len == 12 &&
		    strncasecmp(f->name, "Content-Type", 12) == 0) {
			f->value = x->request.type;
			f->value_len = x->type.len;
		}
	}
	return st;
}

static enum ld_status
make_body(struct ldi_curl *curl, struct ldi_curl_exchange *x,
    const struct ldi_curl_word *upload)
{
	const struct ldi_curl_op *op = x->op;
	enum ld_status st;

	x->request.body = &x->body;
	if (upload != NULL)
		return ldi_curl_body_upload(curl, op, upload, &x->body);
	if (op->forms.n > 0) {
		st = ldi_curl_form_read(curl, op, &x->body);
		return st == LD_OK ? finish_form(curl, x) : st;
	}
	if (op->data.n == 0 || op->get)
		return LD_OK;
	x->request.type = "application/x-www-form-urlencoded";
	return ldi_curl_body_data(curl, op, &op->data, true, &x->body);
}

/* -- all of it ------------------------------------------------------------ */

static enum ld_status
make_exchange(struct ldi_curl *curl, struct ldi_curl_exchange *x,
    const struct ldi_curl_word *word, const struct ldi_curl_word *upload)
{
	enum ld_status st = choose_method(curl, x, upload != NULL);

	if (st == LD_OK)
		st = ldi_curl_headers_read(curl, x->op, &x->custom);
	if (st == LD_OK)
		st = find_target(curl, x, word, upload);
	if (st != LD_OK)
		return st;
	if (x->url.text.failed || x->host.failed ||
	    (x->url.fault == NULL && ld_buf_str(&x->url.text) == NULL))
		return ldi_curl_nomem(curl);
	if (x->url.fault != NULL)
		return ldi_curl_lose(
		    curl, &word->at, "the request", x->url.fault);
	if (!x->url.variable && !ldi_sink_wants(curl->sink, x->url.text.data))
		return LD_OK;
	if (ld_buf_str(&x->url.host) == NULL)
		return ldi_curl_nomem(curl);
	st = make_body(curl, x, upload);
	if (st == LD_OK)
		st = ldi_curl_cookies_make(curl, x->op, &x->url, &x->cookies);
	if (st == LD_OK)
		st = ldi_curl_headers_make(
		    curl, x->op, &x->custom, &x->request, &x->fields);
	return st == LD_OK ? ldi_curl_write(curl, x) : st;
}

static enum ld_status
emit_one(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, const struct ldi_curl_word *upload)
{
	struct ldi_curl_exchange x;
	enum ld_status st;

	if (++curl->n_tasks > LDI_CURL_MAX_TASKS)
		return ldi_curl_error(curl, &word->at, "more than %d requests",
		    LDI_CURL_MAX_TASKS);
	exchange_init(&x, op);
	st = make_exchange(curl, &x, word, upload);
	exchange_clear(&x);
	return st;
}

enum ld_status
ldi_curl_emit_urls(struct ldi_curl *curl, const struct ldi_curl_op *op,
    size_t i, struct ldi_curl_words *out)
{
	const struct ldi_curl_word *word = &op->urls.list[i];

	*out = (struct ldi_curl_words){ 0 };
	if (op->globoff || ldi_curl_has_variable(word))
		return ldi_curl_push(curl, out, word);
	return ldi_curl_glob(curl, word, out);
}

enum ld_status
ldi_curl_emit(struct ldi_curl *curl, const struct ldi_curl_op *op)
{
	enum ld_status st = check_kinds(curl, op);

	for (size_t i = 0; i < op->urls.n && st == LD_OK; i++) {
		const struct ldi_curl_word *upload =
		    i < op->uploads.n ? &op->uploads.list[i] : NULL;
		struct ldi_curl_words urls;

		st = ldi_curl_emit_urls(curl, op, i, &urls);
		for (size_t k = 0; k < urls.n && st == LD_OK; k++)
			st = emit_one(curl, op, &urls.list[k], upload);
	}
	if (st == LD_OK && op->uploads.n > op->urls.n)
		st = ldi_curl_lose(curl, &op->uploads.list[op->urls.n].at,
		    "--upload-file", "there is no URL for it");
	return st;
}
