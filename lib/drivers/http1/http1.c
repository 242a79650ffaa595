/* SPDX-License-Identifier: MIT */
/*
 * HTTP/1.1 on our own transport: fast_http_user.
 *
 * A user keeps one connection per origin, and cookies.  doc/http.md says what
 * a plan may ask for and what becomes of it.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "drivers/http1/http1.h"

/* In the order of enum ldi_request_version. */
static const char *const versions[] = { "1.1", "1.0", NULL };

#define TEXT "{'$ref':'#/definitions/text'}"
#define STRING_OR_PAIRS                \
	"{'anyOf':[{'type':'string'}," \
	"{'$ref':'#/definitions/pairs'}]}"
/* A part, and its name where no key gives it. */
#define PART(required, name)                                                 \
	"{'type':'object'," required "'properties':{" name "'path':{'type':" \
	"'string'},'content':" TEXT                                          \
	",'base64':{'type':'string'},'filename':" TEXT ",'type':" TEXT       \
	",'headers':{'$ref':'#/definitions/pairs'}},"                        \
	"'additionalProperties':false}"
#define PART_OR_PATH "{'anyOf':[{'type':'string'}," PART("", "") "]}"

static const struct ld_field task_fields[] = {
	{ .name = "method",
	    .kind = LD_FIELD_STRING,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = LD_FIELD_OFFSET(
		struct ldi_request_task, method, LD_FIELD_TYPE_STRING),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "method of the request; a registered one in any case" },
	{ .name = "request_url",
	    .alias = "url",
	    .kind = LD_FIELD_TEXT,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = LD_FIELD_OFFSET(
		struct ldi_request_task, url, LD_FIELD_TYPE_TEXT),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "where to: http, https or http+unix; without a scheme it "
		    "is relative to the config's host" },
	LD_FIELD(TEXT, struct ldi_request_task, request_target,
	    "request_target", NULL,
	    "sent in the request line instead of path and query"),
	{ .name = "http_version",
	    .kind = LD_FIELD_CHOICE,
	    .offset = LD_FIELD_OFFSET(
		struct ldi_request_task, http_version, LD_FIELD_TYPE_CHOICE),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .def = "\"1.1\"",
	    .choices = versions,
	    .help = "version of HTTP in the request line" },
	LD_FIELD(PAIRS, struct ldi_request_task, params, "params", NULL,
	    "appended to the URL's query"),
	{ .name = "headers",
	    .kind = LD_FIELD_PAIRS,
	    .flags = LD_FIELD_NULLS,
	    .offset = LD_FIELD_OFFSET(
		struct ldi_request_task, headers, LD_FIELD_TYPE_PAIRS),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "header fields of the request; null leaves out one that "
		    "is sent by itself" },
	LD_FIELD_SHAPED(struct ldi_request_task, cookies, "cookies",
	    STRING_OR_PAIRS,
	    "an object of cookies for the user's jar, or a string to send"),
	LD_FIELD_SHAPED(struct ldi_request_task, auth, "auth",
	    "{'type':'object','required':['type'],'properties':{'type':"
	    "{'type':'string'},'username':" TEXT ",'password':" TEXT
	    ",'token':" TEXT "},'additionalProperties':false}",
	    "type basic with username and password, or bearer with token"),
	LD_FIELD(JSON, struct ldi_request_task, json, "json", NULL,
	    "a value that is sent as a JSON body"),
	LD_FIELD_SHAPED(struct ldi_request_task, data, "data", STRING_OR_PAIRS,
	    "the body: a string as it stands, an object as a form"),
	LD_FIELD(STRING, struct ldi_request_task, data_file, "data_file", NULL,
	    "a file whose bytes are the body"),
	LD_FIELD(STRING, struct ldi_request_task, data_base64, "data_base64",
	    NULL, "the bytes of the body, in base64"),
	LD_FIELD_SHAPED(struct ldi_request_task, files, "files",
	    "{'anyOf':[{'type':'object',"
	    "'additionalProperties':{'anyOf':[" PART_OR_PATH
	    ",{'type':'null'},{'type':'array','items':" PART_OR_PATH "}]}},"
	    "{'type':'array','minItems':1,'items':" PART(
		"'required':['name'],", "'name':" TEXT ",") "}]}",
	    "parts of a multipart/form-data body, by name or in an array"),
	LD_FIELD(BOOL, struct ldi_request_task, allow_redirects,
	    "allow_redirects", "true", "whether redirects are followed"),
	LD_FIELD(COUNT, struct ldi_request_task, max_redirects, "max_redirects",
	    "30", "redirects of one exchange, at most 1000"),
	LD_FIELD(BOOL, struct ldi_request_task, trust_redirects,
	    "trust_redirects", "false",
	    "whether credentials follow to other origins"),
	LD_FIELD_SHAPED(struct ldi_request_task, redirect_post, "redirect_post",
	    "{'type':'array','items':{'enum':[301,302,303]}}",
	    "those of 301, 302 and 303 behind which a POST stays one"),
	LD_FIELD_SHAPED(struct ldi_request_task, proxy, "proxy",
	    "{'type':'null'}", "refused: http_user will have it"),
	LD_TLS_FIELDS(struct ldi_request_task),
	LD_FIELD_END,
};

/* -- the run -------------------------------------------------------------- */

struct config {
	struct ld_node proxy;
};

static const struct ld_field config_fields[] = {
	LD_FIELD_SHAPED(struct config, proxy, "proxy", "{'type':'null'}",
	    "refused: http_user will have it"),
	LD_FIELD_END,
};

static enum ld_status
refuse_proxy(struct ld_node proxy, struct ld_err *err)
{
	return !ldi_request_is_given(proxy)
		   ? LD_OK
		   : ld_node_error(proxy, err, LD_UNSUPPORTED,
			 "fast_http_user has no 'proxy': http_user is the user "
			 "type that will have it");
}

static enum ld_status
run_open(void *run, const struct ld_run_open *how, struct ld_err *err)
{
	static const char *const alpn[] = { "http/1.1", NULL };
	const struct config *config = how->config_fields;
	struct ldi_h1_run *r = run;
	enum ld_status st = refuse_proxy(config->proxy, err);

	r->resume = how->config->tls_resume;
	return st == LD_OK ? ld_tls_set_new(how->config, alpn, &r->tls, err)
			   : st;
}

static void
run_close(void *run)
{
	struct ldi_h1_run *r = run;

	ld_tls_set_free(r->tls);
}

/* May this request need TLS?  One that may be redirected does, and so does a
 * URL told at the exchange, unless it visibly begins with another scheme. */
static bool
may_use_tls(const struct ldi_request *r)
{
	const char *text;
	size_t len;

	if (r->follow)
		return true;
	if (r->origin != NULL)
		return r->origin->tls;
	ld_template_prefix(r->url, &text, &len);
	return len < 5 || strncasecmp(text, "http", 4) != 0 ||
	       (text[4] != ':' && text[4] != '+');
}

/* "https://host:port", for people. */
static const char *
target_name(const struct ldi_request *r, struct ld_compile *cc)
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
begins_with_tls(const struct ldi_request *r)
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
	const struct ldi_request_task *t = task->fields;
	struct ldi_h1_run *r = run;
	struct ldi_h1_step *s = step;
	bool insecure;
	enum ld_status st = refuse_proxy(t->proxy, err);

	if (st == LD_OK)
		st = ldi_request_compile(&s->request, task, cc, err);
	if (st == LD_OK)
		st = ld_tls_compile(
		    r->tls, &t->tls, cc, &s->tls, &insecure, err);
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

static size_t
secrets(const void *session, struct ld_str *out, size_t max)
{
	const struct ldi_h1_session *s = session;

	return ldi_jar_values(&s->agent.jar, out, max);
}

static const char *const users[] = { "fast_http_user", NULL };

LD_DRIVER(http1) = {
	.abi = LD_DRIVER_ABI,
	.name = "http1",
	.summary = "HTTP/1.1 on the toolkit's own transport",
	.users = users,
	.config_fields = config_fields,
	.config_size = sizeof(struct config),
	.task_fields = task_fields,
	.task_size = sizeof(struct ldi_request_task),
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
	.secrets = secrets,
};
