/* SPDX-License-Identifier: MIT */
/*
 * HTTP by libcurl: http_user.
 *
 * As fast_http_user, and what libcurl has beyond: HTTP/2, proxies, digest.
 * doc/http.md says what a plan may ask for and what becomes of it.
 */
#include "config.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "drivers/curl/curl.h"
#include "http/request_fields.h"

static const char *const versions[] = { "1.1", "1.0", "auto", "2", NULL };

#define PROXY_HELP                                                        \
	"http, https, socks4, socks4a, socks5 or socks5h, with host and " \
	"port; \"\" is none, as without it, whatever the environment says"
#define PROXY_SHAPE "{'type':['string','null']}"

/* It may hold a password. */
#define PROXY_FIELD(type)                                                   \
	{                                                                   \
		.name = "proxy", .kind = LD_FIELD_NODE,                     \
		.flags = LD_FIELD_SECRET,                                   \
		.offset = LD_FIELD_OFFSET(type, proxy, LD_FIELD_TYPE_NODE), \
		.seen_offset = LD_FIELD_NO_SEEN, .help = PROXY_HELP,        \
		.shape = PROXY_SHAPE                                        \
	}

static const struct ld_field task_fields[] = {
	LDI_REQUEST_FIELDS(versions, "\"auto\"",
	    "type basic or digest with username and password, or bearer with "
	    "token"),
	PROXY_FIELD(struct ldi_request_task),
	LD_TLS_FIELDS(struct ldi_request_task),
	LD_FIELD_END,
};

/* -- the run -------------------------------------------------------------- */

struct config {
	struct ld_node proxy;
};

static const struct ld_field config_fields[] = {
	PROXY_FIELD(struct config),
	LD_FIELD_END,
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode init_code;

/* OpenSSL is libcurl's to use, and ours to begin and end. */
static void
init(void)
{
	init_code = curl_global_init(CURL_GLOBAL_ALL);
}

static enum ld_status
run_open(void *run, const struct ld_run_open *how, struct ld_err *err)
{
	struct ldi_curl_run *r = run;

	(void)pthread_once(&once, init);
	if (init_code != CURLE_OK)
		return ld_err_set(err, LD_IO, "libcurl cannot begin: %s",
		    curl_easy_strerror(init_code));
	r->resume = how->config->tls_resume;
	return ld_tls_set_new(how->config, NULL, &r->tls, err);
}

static void
run_close(void *run)
{
	struct ldi_curl_run *r = run;

	ld_tls_set_free(r->tls);
}

/* -- a task --------------------------------------------------------------- */

static const char *const schemes[] = { "http", "https", "socks4", "socks4a",
	"socks5", "socks5h", NULL };

/* What stands behind the last colon, if that is behind the host. */
static bool
has_good_port(const char *text, size_t len)
{
	const char *colon = memrchr(text, ':', len);
	size_t n = colon == NULL ? 0 : (size_t)(text + len - colon - 1);
	unsigned port = 0;

	if (colon == NULL || n == 0 || colon[1] == '/' ||
	    memchr(colon, ']', n) != NULL || memchr(colon, '@', n) != NULL)
		return true;
	for (size_t i = 1; i <= n && colon[i] != '/'; i++) {
		if (colon[i] < '0' || colon[i] > '9' || i > 5)
			return false;
		port = port * 10 + (unsigned)(colon[i] - '0');
	}
	return port > 0 && port <= UINT16_MAX;
}

/* Nothing of it may be said. */
static enum ld_status
check_proxy(
    const struct ld_template *proxy, struct ld_node node, struct ld_err *err)
{
	const char *text;
	size_t len;

	if (!ld_template_constant(proxy, &text, &len))
		return LD_OK;
	if (!has_good_port(text, len))
		return ld_node_error(node, err, LD_INVALID,
		    "the port of 'proxy' is a number from 1 to 65535");
	if (len == 0)
		return LD_OK;
	for (size_t i = 0; schemes[i] != NULL; i++) {
		size_t n = strlen(schemes[i]);

		if (len > n + 3 && strncasecmp(text, schemes[i], n) == 0 &&
		    memcmp(text + n, "://", 3) == 0)
			return LD_OK;
	}
	return ld_node_error(node, err, LD_INVALID,
	    "'proxy' is http://, https://, socks4://, socks4a://, socks5:// or "
	    "socks5h:// with host and port");
}

/* The task's, else the config's; an empty one is none at all. */
static enum ld_status
compile_proxy(struct ldi_curl_step *s, const struct ld_task *task,
    struct ld_compile *cc, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	const struct config *config = task->config_fields;
	struct ld_node node =
	    ldi_request_is_given(t->proxy) ? t->proxy : config->proxy;
	enum ld_status st;

	if (!ldi_request_is_given(node))
		return LD_OK;
	st = ld_compile_text(cc, node, &s->proxy, err);
	if (st == LD_OK)
		st = ld_compile_secret(cc, s->proxy, err);
	return st == LD_OK ? check_proxy(s->proxy, node, err) : st;
}

static bool
is_constant(const struct ld_template *tpl)
{
	const char *text;
	size_t len;

	return tpl == NULL || ld_template_constant(tpl, &text, &len);
}

/* The header lines of a constant request, for all its exchanges. */
static enum ld_status
compile_fields(
    struct ldi_curl_step *s, struct ld_compile *cc, struct ld_err *err)
{
	const struct ldi_request *r = &s->request;
	const struct ldi_request_rendered *out = &r->constant;
	const struct ldi_curl_fields_how how = { r->host_given, r->host_absent,
		out->body_len > 0 };
	struct curl_slist *nodes;
	char *text;

	if (out->head == NULL)
		return LD_OK;
	nodes = ld_compile_alloc(cc,
	    ldi_curl_fields_count(out->head, out->head_len) * sizeof(*nodes));
	text = ld_compile_alloc(cc, out->head_len + 1);
	if (nodes == NULL || text == NULL)
		return ld_err_set(err, LD_NOMEM, "header");
	memcpy(text, out->head, out->head_len);
	s->fields =
	    ldi_curl_fields_make(nodes, text, out->head_len, NULL, &how);
	s->constant = is_constant(r->digest_user) &&
		      is_constant(r->digest_password) && is_constant(s->proxy);
	return LD_OK;
}

static enum ld_status
check_request(const struct ldi_curl_step *s, const struct ld_task *task,
    struct ld_err *err)
{
	const struct ldi_request *r = &s->request;

	if (s->version == LDI_CURL_2 && r->origin != NULL && !r->origin->tls)
		return ld_node_error(task->node, err, LD_UNSUPPORTED,
		    "http_user speaks HTTP/2 over TLS only: the URL is not "
		    "https");
	if (r->to_head && r->body.n > 0)
		return ld_node_error(task->node, err, LD_UNSUPPORTED,
		    "http_user sends no body with HEAD: fast_http_user does");
	return LD_OK;
}

static enum ld_status
compile(void *run, void *step, const struct ld_task *task,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	struct ldi_curl_run *r = run;
	struct ldi_curl_step *s = step;
	bool insecure;
	enum ld_status st;

	s->version = t->http_version;
	st = ldi_request_compile(&s->request, task, cc, err);
	if (st == LD_OK)
		st = check_request(s, task, err);
	if (st == LD_OK)
		st = compile_proxy(s, task, cc, err);
	if (st == LD_OK)
		st = compile_fields(s, cc, err);
	if (st == LD_OK)
		st = ld_tls_compile(
		    r->tls, &t->tls, cc, &s->tls, &insecure, err);
	if (st != LD_OK)
		return st;
	if (ldi_request_begins_with_tls(&s->request))
		ld_tls_expect(s->tls);
	return ldi_request_describe(&s->request, insecure, cc, info, err);
}

static size_t
secrets(const void *session, struct ld_str *out, size_t max)
{
	const struct ldi_curl_session *s = session;

	return ldi_jar_values(&s->agent.jar, out, max);
}

static const char *const users[] = { "http_user", NULL };

LD_DRIVER(curl) = {
	.abi = LD_DRIVER_ABI,
	.name = "curl",
	.summary = "HTTP/1.1 and HTTP/2 by libcurl: proxies, digest",
	.users = users,
	.config_fields = config_fields,
	.config_size = sizeof(struct config),
	.task_fields = task_fields,
	.task_size = sizeof(struct ldi_request_task),
	.run_size = sizeof(struct ldi_curl_run),
	.worker_size = sizeof(struct ldi_curl_worker),
	.session_size = sizeof(struct ldi_curl_session),
	.step_size = sizeof(struct ldi_curl_step),
	.run_open = run_open,
	.run_close = run_close,
	.compile = compile,
	.worker_open = ldi_curl_worker_open,
	.worker_close = ldi_curl_worker_close,
	.open = ldi_curl_open,
	.start = ldi_curl_start,
	.cancel = ldi_curl_cancel,
	.close = ldi_curl_close,
	.fresh = ldi_curl_fresh,
	.secrets = secrets,
};
