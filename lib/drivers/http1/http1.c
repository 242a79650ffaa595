/* SPDX-License-Identifier: MIT */
/*
 * HTTP/1.1 on our own transport: fast_http_user.
 *
 * One connection per user, kept between exchanges.  doc/http.md says what a
 * plan may ask for and what becomes of it.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "drivers/http1/http1.h"

/* In the order of enum ldi_h1_method. */
static const char *const methods[] = { "get", "post", "put", "patch", "delete",
	"head", "options", NULL };

static const struct ld_field task_fields[] = {
	{ .name = "method",
	    .kind = LD_FIELD_CHOICE,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = LD_FIELD_OFFSET(
		struct ldi_h1_task, method, LD_FIELD_TYPE_CHOICE),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .choices = methods,
	    .help = "method of the request, in any case" },
	{ .name = "request_url",
	    .alias = "url",
	    .kind = LD_FIELD_TEXT,
	    .flags = LD_FIELD_REQUIRED,
	    .offset =
		LD_FIELD_OFFSET(struct ldi_h1_task, url, LD_FIELD_TYPE_TEXT),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "where to: http, https or http+unix; without a scheme it "
		    "is relative to the config's host" },
	LD_FIELD(PAIRS, struct ldi_h1_task, params, "params", NULL,
	    "appended to the URL's query"),
	LD_FIELD(PAIRS, struct ldi_h1_task, headers, "headers", NULL,
	    "header fields of the request"),
	LD_FIELD(JSON, struct ldi_h1_task, json, "json", NULL,
	    "a value that is sent as a JSON body"),
	LD_FIELD_SHAPED(struct ldi_h1_task, data, "data",
	    "{'anyOf':[{'type':'string'},{'$ref':'#/definitions/pairs'}]}",
	    "the body: a string as it stands, an object as a form"),
	LD_TLS_FIELDS(struct ldi_h1_task),
	LD_FIELD_BARE(
	    LATER, "allow_redirects", NULL, "false", "follow redirects"),
	LD_FIELD_BARE(LATER, "cookies", NULL, NULL, "cookies to send"),
	LD_FIELD_BARE(
	    LATER, "auth", NULL, NULL, "user name and password, or a token"),
	LD_FIELD_BARE(
	    LATER, "files", NULL, NULL, "files to send as multipart/form-data"),
	LD_FIELD_END,
};

static enum ld_status
run_open(void *run, const struct ld_run_open *how, struct ld_err *err)
{
	static const char *const alpn[] = { "http/1.1", NULL };
	struct ldi_h1_run *r = run;

	r->resume = how->config->tls_resume;
	return ld_tls_set_new(how->config, alpn, &r->tls, err);
}

static void
run_close(void *run)
{
	struct ldi_h1_run *r = run;

	ld_tls_set_free(r->tls);
}

/* May this request need TLS?  A URL told at the exchange may, unless it
 * visibly begins with another scheme. */
static bool
may_use_tls(const struct ldi_h1_request *r)
{
	const char *text;
	size_t len;

	if (r->origin != NULL)
		return r->origin->tls;
	ld_template_prefix(r->url, &text, &len);
	return len < 5 || strncasecmp(text, "http", 4) != 0 ||
	       (text[4] != ':' && text[4] != '+');
}

/* "https://host:port", for people. */
static const char *
target_name(const struct ldi_h1_request *r, struct ld_compile *cc)
{
	const struct ldi_url_origin *to = r->origin;
	struct ld_buf buf;
	char *name;

	if (to == NULL)
		return ld_template_shape(r->url);
	ld_buf_init(&buf, LD_MAX_HEADER_BYTES);
	if (to->unix_path[0] != '\0')
		ld_buf_addf(&buf, "unix:%s", to->unix_path);
	else
		ld_buf_addf(
		    &buf, "%s://%s", to->tls ? "https" : "http", to->authority);
	name = buf.failed ? NULL : ld_compile_strdup(cc, ld_buf_str(&buf));
	ld_buf_clear(&buf);
	return name;
}

/* Will it need TLS for certain, wherever its placeholders lead? */
static bool
begins_with_tls(const struct ldi_h1_request *r)
{
	const char *text;
	size_t len;

	if (r->origin != NULL)
		return r->origin->tls;
	ld_template_prefix(r->url, &text, &len);
	return len >= 6 && strncasecmp(text, "https:", 6) == 0;
}

static enum ld_status
compile(void *run, void *step, const struct ld_task *task,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	const struct ldi_h1_task *t = task->fields;
	struct ldi_h1_run *r = run;
	struct ldi_h1_step *s = step;
	bool insecure;
	enum ld_status st;

	st = ldi_h1_request_compile(&s->request, task, cc, err);
	if (st != LD_OK)
		return st;
	st = ld_tls_compile(r->tls, &t->tls, cc, &s->tls, &insecure, err);
	if (st != LD_OK)
		return st;
	info->tls_unverified = insecure && may_use_tls(&s->request);
	if (begins_with_tls(&s->request))
		ld_tls_expect(s->tls);
	info->request_type = s->request.method;
	info->name = ld_template_shape(t->url);
	info->target = target_name(&s->request, cc);
	return info->target != NULL ? LD_OK
				    : ld_err_set(err, LD_NOMEM, "request");
}

static const char *const users[] = { "fast_http_user", NULL };

LD_DRIVER(http1) = {
	.abi = LD_DRIVER_ABI,
	.name = "http1",
	.summary = "HTTP/1.1 on the toolkit's own transport",
	.users = users,
	.task_fields = task_fields,
	.task_size = sizeof(struct ldi_h1_task),
	.run_size = sizeof(struct ldi_h1_run),
	.worker_size = sizeof(struct ldi_h1_worker),
	.session_size = sizeof(struct ldi_h1_session),
	.step_size = sizeof(struct ldi_h1_step),
	.run_open = run_open,
	.run_close = run_close,
	.compile = compile,
	.worker_open = ldi_h1_worker_open,
	.worker_close = ldi_h1_worker_close,
	.open = ldi_h1_open,
	.start = ldi_h1_start,
	.cancel = ldi_h1_cancel,
	.close = ldi_h1_close,
	.fresh = ldi_h1_fresh,
};
