/* SPDX-License-Identifier: MIT */
/* libcurl's options: those that never change, and those of a request. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/adapt.h>
#include <ld/time.h>

#include "drivers/curl/curl.h"

/* Deadlines are the engine's. */
#define NEVER_MS ((long)INT32_MAX)
#define NEVER_S ((long)INT32_MAX / 1000)

/* -- what never changes --------------------------------------------------- */

static void
set_callbacks(struct ldi_curl_session *s, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PRIVATE, s);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, s->error);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, ldi_curl_on_request);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, s);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, ldi_curl_on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ldi_curl_on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(
	    easy, CURLOPT_OPENSOCKETFUNCTION, ldi_curl_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, s);
	/* A connection outlives the user that opened it. */
	curl_easy_setopt(
	    easy, CURLOPT_CLOSESOCKETFUNCTION, ldi_curl_close_socket);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, s->worker);
}

/* Nothing comes from the environment, and nothing is libcurl's to judge. */
static void
set_constants(struct ldi_curl_session *s, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_TRANSFER_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, NEVER_MS);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, NEVER_S);
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 60L);
	/* Else removing a handle waits for the resolver's thread. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	/* Ours are put into each context: see ldi_curl_on_tls(). */
	curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, NULL);
	curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
	curl_easy_setopt(
	    easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, ldi_curl_on_tls);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, s);
	curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE,
	    s->worker->run->resume ? 1L : 0L);
}

CURL *
ldi_curl_easy_new(struct ldi_curl_session *s)
{
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		return NULL;
	set_callbacks(s, easy);
	set_constants(s, easy);
	return easy;
}

/* -- what is of a request ------------------------------------------------- */

/* The rendered text of a template, until the next one. */
static enum ld_status
render(struct ldi_curl_session *s, const struct ld_template *tpl,
    const char **out, struct ld_err *err)
{
	struct ld_buf *text = &s->worker->text;
	enum ld_status st;

	ld_buf_reset(text);
	st = ld_template_render(tpl, s->agent.exchange->scope, text, err);
	if (st == LD_OK)
		st = ld_buf_status(text, "text", err);
	*out = st == LD_OK ? ld_buf_str(text) : "";
	return st;
}

static enum ld_status
set_url(struct ldi_curl_session *s, struct ld_err *err)
{
	const struct ldi_request_rendered *out = &s->agent.out;
	const struct ldi_url_origin *to = out->origin;
	struct ld_buf *url = &s->worker->text;
	bool of_unix = to->unix_path[0] != '\0';

	ld_buf_reset(url);
	ld_buf_adds(url, to->tls ? "https://" : "http://");
	ld_buf_adds(url, of_unix ? "localhost" : to->authority);
	ld_buf_add(url, out->target, out->target_len);
	if (url->failed)
		return ldi_curl_no_memory(err);
	if (curl_easy_setopt(s->easy, CURLOPT_URL, ld_buf_str(url)) !=
		CURLE_OK ||
	    curl_easy_setopt(s->easy, CURLOPT_UNIX_SOCKET_PATH,
		of_unix ? to->unix_path : NULL) != CURLE_OK)
		return ldi_curl_no_memory(err);
	return LD_OK;
}

/* What the plan wants to see in the request line, if that is not the URL's. */
static enum ld_status
set_target(struct ldi_curl_session *s, struct ld_err *err)
{
	const struct ldi_agent *a = &s->agent;
	const char *from = NULL, *to = NULL, *eol;
	struct ld_buf *text = &s->worker->text;
	CURLcode code;

	ld_buf_reset(text);
	if (a->request->line.n > 0 && a->hop.target == NULL) {
		eol = memchr(a->out.head, '\r', a->out.head_len);
		from = memchr(a->out.head, ' ', a->out.head_len);
		to = eol == NULL ? NULL : eol - (sizeof(" HTTP/1.1") - 1);
	}
	if (from == NULL || to == NULL || to <= from) {
		code = curl_easy_setopt(s->easy, CURLOPT_REQUEST_TARGET, NULL);
	} else {
		ld_buf_add(text, from + 1, (size_t)(to - from - 1));
		if (text->failed)
			return ldi_curl_no_memory(err);
		code = curl_easy_setopt(
		    s->easy, CURLOPT_REQUEST_TARGET, ld_buf_str(text));
	}
	return code == CURLE_OK ? LD_OK : ldi_curl_no_memory(err);
}

static enum ld_status
set_body(struct ldi_curl_session *s, struct ld_err *err)
{
	const struct ldi_agent *a = &s->agent;

	if (a->out.body_len > 0) {
		curl_easy_setopt(s->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, a->out.body);
		curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)a->out.body_len);
	} else {
		curl_easy_setopt(s->easy, CURLOPT_HTTPGET, 1L);
		curl_easy_setopt(
		    s->easy, CURLOPT_NOBODY, a->request->to_head ? 1L : 0L);
	}
	return curl_easy_setopt(
		   s->easy, CURLOPT_CUSTOMREQUEST, a->hop.method) == CURLE_OK
		   ? LD_OK
		   : ldi_curl_no_memory(err);
}

/* The lines of a rendered head, and the jar's, which ends it. */
static struct curl_slist *
make_fields(struct ldi_curl_session *s)
{
	struct ldi_agent *a = &s->agent;
	const struct ldi_curl_fields_how how = { a->request->host_given,
		a->request->host_absent, a->out.body_len > 0 };
	size_t n = ldi_curl_fields_count(a->out.head, a->out.head_len) + 1;
	size_t cookie = a->cookie_len > 4 ? a->cookie_len - 4 : 0;
	struct curl_slist *nodes = s->fields.nodes;
	char *text;

	if (n > s->fields.cap) {
		nodes = realloc(nodes, n * sizeof(*nodes));
		if (nodes == NULL)
			return NULL;
		s->fields.nodes = nodes;
		s->fields.cap = n;
	}
	if (s->lines == NULL)
		s->lines = ldi_sheet_take(a->shared, LD_MAX_REQUEST_BYTES);
	if (s->lines == NULL)
		return NULL;
	ld_buf_reset(&s->lines->buf);
	ld_buf_add(&s->lines->buf, a->out.head, a->out.head_len);
	ld_buf_add(&s->lines->buf, a->cookie, cookie);
	ld_buf_add(&s->lines->buf, "", 1);
	if (s->lines->buf.failed)
		return NULL;
	text = s->lines->buf.data;
	return ldi_curl_fields_make(nodes, text, a->out.head_len,
	    cookie > 0 ? text + a->out.head_len : NULL, &how);
}

static enum ld_status
set_fields(struct ldi_curl_session *s, struct ld_err *err)
{
	const struct ldi_agent *a = &s->agent;
	struct curl_slist *list = ldi_curl_step_of(s)->fields;

	if (list == NULL || a->hop.target != NULL || a->cookie_len > 0)
		list = make_fields(s);
	if (list == NULL)
		return ldi_curl_no_memory(err);
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, list);
	return LD_OK;
}

static enum ld_status
set_digest(struct ldi_curl_session *s, struct ld_err *err)
{
	const struct ldi_agent *a = &s->agent;
	const struct ldi_request *r = a->request;
	const char *text = "";
	enum ld_status st = LD_OK;

	if (r->digest_user == NULL || a->hop.no_credentials) {
		curl_easy_setopt(s->easy, CURLOPT_USERNAME, NULL);
		curl_easy_setopt(s->easy, CURLOPT_PASSWORD, NULL);
		curl_easy_setopt(s->easy, CURLOPT_HTTPAUTH, CURLAUTH_NONE);
		return LD_OK;
	}
	s->keeps = true;
	curl_easy_setopt(s->easy, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
	st = render(s, r->digest_user, &text, err);
	if (st == LD_OK &&
	    curl_easy_setopt(s->easy, CURLOPT_USERNAME, text) != CURLE_OK)
		st = ldi_curl_no_memory(err);
	text = "";
	if (st == LD_OK && r->digest_password != NULL)
		st = render(s, r->digest_password, &text, err);
	if (st == LD_OK &&
	    curl_easy_setopt(s->easy, CURLOPT_PASSWORD, text) != CURLE_OK)
		st = ldi_curl_no_memory(err);
	return st;
}

static enum ld_status
set_proxy(struct ldi_curl_session *s, struct ld_err *err)
{
	const struct ld_template *proxy = ldi_curl_step_of(s)->proxy;
	const char *text = ""; /* none, whatever the environment says */
	enum ld_status st =
	    proxy == NULL ? LD_OK : render(s, proxy, &text, err);

	if (st != LD_OK)
		return st;
	return curl_easy_setopt(s->easy, CURLOPT_PROXY, text) == CURLE_OK
		   ? LD_OK
		   : ldi_curl_no_memory(err);
}

static void
set_version(struct ldi_curl_session *s)
{
	/* In the order of enum ldi_curl_version. */
	static const long versions[] = { CURL_HTTP_VERSION_1_1,
		CURL_HTTP_VERSION_1_0, CURL_HTTP_VERSION_2TLS,
		CURL_HTTP_VERSION_2TLS };
	const struct ldi_curl_step *step = ldi_curl_step_of(s);
	bool verify = ld_tls_verifies(step->tls);

	curl_easy_setopt(
	    s->easy, CURLOPT_HTTP_VERSION, versions[step->version]);
	curl_easy_setopt(
	    s->easy, CURLOPT_FORBID_REUSE, s->agent.request->close ? 1L : 0L);
	curl_easy_setopt(s->easy, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
	curl_easy_setopt(s->easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
	/* A proxy is believed as the task's server is. */
	curl_easy_setopt(
	    s->easy, CURLOPT_PROXY_SSL_VERIFYPEER, verify ? 1L : 0L);
	curl_easy_setopt(
	    s->easy, CURLOPT_PROXY_SSL_VERIFYHOST, verify ? 2L : 0L);
}

/* Is all that the handle needs to know the same as last time? */
bool
ldi_curl_is_prepared(const struct ldi_curl_session *s)
{
	return s->prepared != NULL && s->prepared == ldi_curl_step_of(s) &&
	       s->agent.hop.target == NULL && s->agent.cookie_len == 0;
}

enum ld_status
ldi_curl_prepare(struct ldi_curl_session *s, struct ld_err *err)
{
	static enum ld_status (*const set[])(
	    struct ldi_curl_session *, struct ld_err *) = { set_url, set_target,
		set_body, set_fields, set_digest, set_proxy };
	const struct ldi_curl_step *step = ldi_curl_step_of(s);
	enum ld_status st = LD_OK;

	s->prepared = NULL;
	set_version(s);
	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++) {
		st = set[i](s, err);
		if (st != LD_OK)
			return st;
	}
	if (step->constant && s->agent.hop.target == NULL &&
	    s->agent.cookie_len == 0)
		s->prepared = step;
	return LD_OK;
}
