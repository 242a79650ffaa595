/* SPDX-License-Identifier: MIT */
/*
 * One request of an exchange: where it goes to, its begin, its end.
 *
 *	begin -> [find the name] -> launch -> libcurl -> end, or a hop
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/time.h>

#include "drivers/curl/curl.h"

static enum ld_status
set_list(struct ldi_curl_session *s, CURLoption option,
    struct curl_slist **list, const char *line, struct ld_err *err)
{
	curl_easy_setopt(s->easy, option, NULL);
	curl_slist_free_all(*list);
	*list = NULL;
	if (line == NULL)
		return LD_OK;
	*list = curl_slist_append(NULL, line);
	if (*list == NULL)
		return ldi_curl_no_memory(err);
	curl_easy_setopt(s->easy, option, *list);
	return LD_OK;
}

/* libcurl would resume a TLS session that was verified by the authorities of
 * another task. */
static enum ld_status
change_trust(struct ldi_curl_session *s, struct ld_err *err)
{
	CURL *easy;

	if (s->shard == NULL || s->shard->tls == ldi_curl_step_of(s)->tls ||
	    !s->keeps)
		return LD_OK;
	easy = ldi_curl_easy_new(s);
	if (easy == NULL)
		return ldi_curl_no_memory(err);
	curl_easy_cleanup(s->easy);
	s->easy = easy;
	s->keeps = false;
	s->prepared = NULL;
	return LD_OK;
}

/* -- the end of an exchange ------------------------------------------------ */

static void
finish(struct ldi_curl_session *s, enum ld_class cls, const char *text,
    uint64_t now_ns)
{
	ldi_sheet_give(s->agent.shared, s->lines);
	s->lines = NULL;
	ldi_agent_finish(&s->agent, cls, text, now_ns);
}

/* It could not go on. */
static void
fail(struct ldi_curl_session *s, const struct ld_err *err)
{
	enum ld_class cls = err->status == LD_NOMEM     ? LD_CLASS_LOCAL_MEMORY
			    : err->status == LD_INVALID ? LD_CLASS_VALUE
							: LD_CLASS_LOCAL_OTHER;

	finish(s, cls, err->text, ld_now_ns());
}

/* -- the begin of a transfer ---------------------------------------------- */

/* Hand it to libcurl. */
static enum ld_status
launch(struct ldi_curl_session *s, struct ld_err *err)
{
	enum ld_status st =
	    ldi_curl_is_prepared(s) ? LD_OK : ldi_curl_prepare(s, err);
	long errnum = 0;

	if (st != LD_OK)
		return st;
	curl_easy_getinfo(s->easy, CURLINFO_OS_ERRNO, &errnum);
	s->old_errnum = (int)errnum;
	s->keeps |=
	    s->agent.out.origin->tls || ldi_curl_step_of(s)->proxy != NULL;
	s->stage = LDI_CURL_CONNECTING;
	if (ldi_curl_shard_for(s, ldi_curl_step_of(s)->tls) == NULL ||
	    curl_multi_add_handle(s->shard->multi, s->easy) != CURLM_OK)
		return ldi_curl_no_memory(err);
	ldi_curl_shard_go(s->shard);
	return LD_OK;
}

/* "+HOST:PORT:", in front of the addresses of a name: "+" lets libcurl forget
 * them in time, or redirects would fill its cache. */
static void
begin_line(struct ld_buf *line, const char *host, uint16_t port)
{
	ld_buf_reset(line);
	ld_buf_addf(line, "+%s:%u:", host, port);
}

/* libcurl cannot read a literal IPv6 address in front of others: what is
 * pinned to another one is led to the first of these. */
static enum ld_status
lead_address(struct ldi_curl_session *s, const char *host, uint16_t port,
    struct ld_err *err)
{
	struct ld_buf *line = &s->worker->text;
	const char *addrs = ld_buf_str(line) + 1 + strlen(host) + 1;
	char to[80];

	addrs = strchr(addrs, ':');
	snprintf(to, sizeof(to), "::%.*s:%u", (int)strcspn(addrs + 1, ","),
	    addrs + 1, port);
	return set_list(s, CURLOPT_CONNECT_TO, &s->lead, to, err);
}

/* What the name resolved to is set, and the transfer begins; or it ends. */
static enum ld_status
found(struct ldi_curl_session *s, struct ld_err *err)
{
	struct ld_buf *line = &s->worker->text;
	const struct ldi_url_origin *to = s->agent.out.origin;
	const char *host = to->host, *text = NULL;
	uint16_t port = to->port;
	enum ld_class cls;
	enum ld_status st;

	ld_loop_lead(s->worker->loop, &host, &port);
	begin_line(line, host, port);
	cls = ld_lookup_result(s->lookup, line, &text);
	if (cls != LD_CLASS_NONE) {
		finish(s, cls, text, ld_now_ns());
		return LD_OK;
	}
	st = line->failed ? ldi_curl_no_memory(err)
			  : set_list(s, CURLOPT_RESOLVE, &s->pinned,
				ld_buf_str(line), err);
	return st == LD_OK ? launch(s, err) : st;
}

static void
on_found(void *owner)
{
	struct ldi_curl_session *s = owner;
	struct ld_err err = LD_ERR_INIT;

	ldi_agent_advance(&s->agent, LD_PHASE_DNS, ld_now_ns());
	if (found(s, &err) != LD_OK)
		fail(s, &err);
}

static enum ld_status
look_up(struct ldi_curl_session *s, const char *host, struct ld_err *err)
{
	bool pending;
	enum ld_status st = LD_OK;

	if (s->lookup == NULL)
		st = ld_lookup_new(
		    s->worker->loop, on_found, s, &s->lookup, err);
	if (st == LD_OK)
		st = ld_lookup_begin(s->lookup, host, &pending, err);
	if (st != LD_OK || pending)
		return st;
	return found(s, err);
}

/* --connect-to, --resolve, and names: as on our own transport, and one look-up
 * for all users of a worker.  With a proxy it is libcurl that looks up. */
static enum ld_status
find(struct ldi_curl_session *s, struct ld_err *err)
{
	const struct ldi_url_origin *to = s->agent.out.origin;
	struct ld_buf *line = &s->worker->text;
	const char *host = to->host;
	uint16_t port = to->port;
	enum ld_status st;
	bool led;

	/* From here on the handle is told of another place. */
	s->prepared = NULL;
	ld_loop_lead(s->worker->loop, &host, &port);
	led = host != to->host || port != to->port;
	ld_buf_reset(line);
	ld_buf_addf(line, strchr(host, ':') != NULL ? "::[%s]:%u" : "::%s:%u",
	    host, port);
	st = set_list(s, CURLOPT_CONNECT_TO, &s->lead,
	    led ? ld_buf_str(line) : NULL, err);
	if (st == LD_OK)
		st = set_list(s, CURLOPT_RESOLVE, &s->pinned, NULL, err);
	if (st != LD_OK)
		return st;
	begin_line(line, host, port);
	if (ld_loop_pinned(s->worker->loop, host, port, line)) {
		if (line->failed)
			return ldi_curl_no_memory(err);
		st = strchr(host, ':') != NULL
			 ? lead_address(s, host, port, err)
			 : set_list(s, CURLOPT_RESOLVE, &s->pinned,
			       ld_buf_str(line), err);
		return st == LD_OK ? launch(s, err) : st;
	}
	if (to->unix_path[0] != '\0' || ldi_curl_step_of(s)->proxy != NULL ||
	    ld_is_address(host))
		return launch(s, err);
	return look_up(s, host, err);
}

/* What is the worker's changes with the next exchange of anybody. */
static enum ld_status
own_origin(struct ldi_curl_session *s, struct ld_err *err)
{
	struct ldi_agent *a = &s->agent;

	if (a->out.origin != &a->shared->origin)
		return LD_OK;
	if (s->origin == NULL)
		s->origin = malloc(sizeof(*s->origin));
	if (s->origin == NULL)
		return ldi_curl_no_memory(err);
	*s->origin = a->shared->origin;
	a->out.origin = s->origin;
	return LD_OK;
}

static void
reset(struct ldi_curl_session *s)
{
	s->stage = LDI_CURL_RESOLVING;
	s->issued = 0;
	s->head_len = s->agent.out.head_len + s->agent.cookie_len;
	s->base = 0;
	s->answered = s->http2 = false;
	s->tls_ns = 0;
	s->trailers = 0;
	s->cls = LD_CLASS_NONE;
	s->text = NULL;
	s->errnum = 0;
	s->n_opened = 0;
	s->error[0] = '\0';
}

enum ld_status
ldi_curl_transfer_begin(struct ldi_curl_session *s, struct ld_err *err)
{
	struct ldi_agent *a = &s->agent;
	enum ld_status st = own_origin(s, err);

	a->expecting =
	    a->request->expect && !a->hop.no_expect && a->out.body_len > 0;
	if (st == LD_OK)
		st = ldi_agent_cookies_take(a, err);
	if (st == LD_OK)
		st = change_trust(s, err);
	if (st != LD_OK)
		return st;
	reset(s);
	return ldi_curl_is_prepared(s) ? launch(s, err) : find(s, err);
}

/* -- its end -------------------------------------------------------------- */

/* Its times and bytes, before libcurl forgets them. */
static void
count(struct ldi_curl_session *s, uint64_t now_ns)
{
	struct ldi_agent *a = &s->agent;
	curl_off_t up = 0, down = 0;
	long head = 0, request = 0;

	if (s->stage < LDI_CURL_WAITING && s->issued == 0)
		ldi_curl_count_connect(s, now_ns);
	else
		ldi_agent_advance(a,
		    s->stage != LDI_CURL_RECEIVING ? LD_PHASE_TTFB
						   : LD_PHASE_RECEIVE,
		    now_ns);
	curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &request);
	curl_easy_getinfo(s->easy, CURLINFO_SIZE_UPLOAD_T, &up);
	curl_easy_getinfo(s->easy, CURLINFO_HEADER_SIZE, &head);
	curl_easy_getinfo(s->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
	/* A small body is counted with the head that it went out with. */
	a->exchange->bytes_out += (uint64_t)request;
	if (!ldi_curl_goes_with_head(a))
		a->exchange->bytes_out += (uint64_t)up;
	a->exchange->bytes_in += (uint64_t)head + (uint64_t)down;
	if (ldi_curl_is_sent(s))
		a->exchange->wire++;
	curl_multi_remove_handle(s->shard->multi, s->easy);
	ldi_curl_tls_let_go(s);
}

/* On with the next request. */
static void
go_on(struct ldi_curl_session *s, uint64_t now_ns)
{
	struct ld_err err = LD_ERR_INIT;
	enum ld_class cls = ldi_agent_hop_make(&s->agent, &err);

	if (cls != LD_CLASS_NONE)
		finish(s, cls, err.text, now_ns);
	else if (ldi_curl_transfer_begin(s, &err) != LD_OK)
		fail(s, &err);
}

void
ldi_curl_transfer_end(struct ldi_curl_session *s, CURLcode code)
{
	uint64_t now_ns = ld_now_ns();
	const char *text;
	enum ld_class cls = ldi_curl_outcome(s, code, &text);

	if (s->issued > 0 && !s->answered && s->stage < LDI_CURL_WAITING)
		s->repeats++;
	curl_easy_setopt(s->easy, CURLOPT_FRESH_CONNECT, 0L);
	count(s, now_ns);
	if (cls == LD_CLASS_NONE && ldi_agent_hop_is_due(&s->agent))
		go_on(s, now_ns);
	else
		finish(s, cls, text, now_ns);
}

void
ldi_curl_transfer_cancel(struct ldi_curl_session *s, uint64_t now_ns)
{
	const char *text;
	enum ld_class cls = ldi_curl_timeout(s, &text);

	if (s->stage == LDI_CURL_RESOLVING) {
		ld_lookup_cancel(s->lookup);
		ldi_agent_advance(&s->agent, LD_PHASE_DNS, now_ns);
	} else {
		count(s, now_ns);
	}
	finish(s, cls, text, now_ns);
}
