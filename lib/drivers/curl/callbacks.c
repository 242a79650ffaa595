/* SPDX-License-Identifier: MIT */
/* What libcurl asks and tells during a transfer. */
#include "config.h"

#include <string.h>

#include <ld/time.h>

#include "drivers/curl/curl.h"

/* -- connected ------------------------------------------------------------ */

/* Take what is left of `ns` out of `rest`. */
static void
count_phase(struct ldi_curl_session *s, enum ld_phase phase, uint64_t ns,
    uint64_t *rest)
{
	if (ns > *rest)
		ns = *rest;
	s->agent.exchange->phase_ns[phase] += ns;
	*rest -= ns;
}

static uint64_t
passed(const struct ldi_curl_session *s, CURLINFO what)
{
	curl_off_t us = 0;

	curl_easy_getinfo(s->easy, what, &us);
	return us > 0 ? (uint64_t)us * 1000 : 0;
}

void
ldi_curl_count_connect(struct ldi_curl_session *s, uint64_t now_ns)
{
	struct ldi_agent *a = &s->agent;
	uint64_t begin_ns = a->mark_ns, dns, rest, tls = 0;

	a->mark_ns = now_ns;
	if (now_ns <= begin_ns)
		return;
	rest = now_ns - begin_ns;
	dns = passed(s, CURLINFO_NAMELOOKUP_TIME_T);
	if (s->tls_ns > begin_ns && s->tls_ns < now_ns)
		tls = now_ns - s->tls_ns;
	count_phase(s, LD_PHASE_TLS, tls, &rest);
	/* Not told: it has not come to an end. */
	count_phase(s, LD_PHASE_DNS, dns != 0 ? dns : rest, &rest);
	count_phase(s, LD_PHASE_CONNECT, rest, &rest);
}

/* -- a request begins ----------------------------------------------------- */

static uint64_t
request_bytes(const struct ldi_curl_session *s)
{
	long bytes = 0;

	curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &bytes);
	return (uint64_t)bytes;
}

/* libcurl's head is ours to the byte, but for the odd blank. */
#define HEAD_SLACK 64

/* Larger bodies are sent by themselves, which libcurl takes for the begin of
 * a transfer, too. */
#define SENT_WITH_HEAD ((size_t)64 << 10)

bool
ldi_curl_goes_with_head(const struct ldi_agent *a)
{
	return a->out.body_len < SENT_WITH_HEAD && !a->expecting;
}

/* libcurl hands on whole lines. */
static bool
has_part_of_line(const struct ldi_curl_session *s)
{
	return ldi_curl_goes_with_head(&s->agent) &&
	       passed(s, CURLINFO_STARTTRANSFER_TIME_T) > 0;
}

bool
ldi_curl_is_answered(const struct ldi_curl_session *s)
{
	return s->answered || (s->issued == 1 && has_part_of_line(s));
}

/* Did any of it go out?  What of its body did, libcurl has forgotten when it
 * begins again. */
static bool
has_begun(const struct ldi_curl_session *s)
{
	uint64_t bytes = request_bytes(s) - s->base;

	return bytes > 0 && bytes + HEAD_SLACK >= s->head_len;
}

bool
ldi_curl_is_sent(const struct ldi_curl_session *s)
{
	curl_off_t body = 0;

	if (s->issued == 0)
		return false;
	curl_easy_getinfo(s->easy, CURLINFO_SIZE_UPLOAD_T, &body);
	/* The first of digest goes without its body. */
	if (ldi_curl_is_answered(s) &&
	    (s->agent.out.body_len == 0 ||
		(s->agent.request->digest_user != NULL && body == 0)))
		return true;
	return has_begun(s) && (uint64_t)body >= s->agent.out.body_len;
}

/*
 * libcurl sends the request once more: because the connection, which had been
 * idle, was closed without a byte of an answer, or because the answer asks for
 * it (401 with digest, 417).
 */
static bool
may_repeat(struct ldi_curl_session *s)
{
	struct ldi_agent *a = &s->agent;
	bool sent = s->answered ? ldi_curl_is_sent(s) : has_begun(s);

	if (sent)
		a->exchange->wire++;
	if (sent || s->answered)
		a->exchange->attempts++;
	if (!s->answered) {
		s->repeats++;
		/* The pool may have more that were closed: no third from it. */
		curl_easy_setopt(s->easy, CURLOPT_FRESH_CONNECT, 1L);
	}
	if (s->answered) {
		ldi_sheet_give(a->shared, a->kept_sheet);
		ldi_sheet_give(a->shared, a->location);
		a->kept_sheet = a->location = NULL;
		ldi_agent_listen(a);
		return true;
	}
	if (!sent || ldi_agent_is_idempotent(a))
		return true;
	/* It went out once and was counted: now it is not on the wire. */
	a->exchange->attempts--;
	s->issued = 0;
	s->cls = LD_CLASS_CLOSED_EARLY;
	s->text = "the server closed the connection without an answer";
	return false;
}

static bool
is_new_connection(struct ldi_curl_session *s)
{
	long connects = 0;

	curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &connects);
	return connects > 0;
}

int
ldi_curl_on_request(void *ctx, char *to, char *from, int to_port, int from_port)
{
	struct ldi_curl_session *s = ctx;
	uint64_t now_ns = ld_now_ns();
	bool is_new;

	(void)to, (void)from, (void)to_port, (void)from_port;
	if (s->issued > 0 && !may_repeat(s))
		return CURL_PREREQFUNC_ABORT;
	is_new = is_new_connection(s);
	if (s->issued > 0)
		ldi_agent_advance(&s->agent,
		    s->stage == LDI_CURL_RECEIVING ? LD_PHASE_RECEIVE
						   : LD_PHASE_TTFB,
		    now_ns);
	else if (is_new)
		ldi_curl_count_connect(s, now_ns);
	else
		s->agent.mark_ns = now_ns; /* what passed is `other` */
	if (is_new)
		ldi_curl_socket_know(s);
	s->base = request_bytes(s);
	s->issued++;
	s->answered = s->http2 = false;
	s->tls_ns = 0;
	s->stage = LDI_CURL_WAITING;
	return CURL_PREREQFUNC_OK;
}

/* -- an answer ------------------------------------------------------------ */

static void
first_byte(struct ldi_curl_session *s)
{
	s->answered = true;
	ldi_agent_advance(&s->agent, LD_PHASE_TTFB, ld_now_ns());
	s->stage = LDI_CURL_RECEIVING;
}

static bool
feed(struct ldi_curl_session *s, const char *data, size_t len)
{
	struct ldi_response *answer = &s->agent.answer;
	size_t used = 0;

	if (answer->state != LDI_RESPONSE_DONE)
		ldi_response_feed(answer, data, len, &used);
	if (answer->state == LDI_RESPONSE_DONE && used < len)
		ldi_response_break(answer, LD_CLASS_PROTOCOL,
		    "more bytes came than the answer has");
	return answer->state != LDI_RESPONSE_BROKEN;
}

/* "HTTP/2 200 ", in the words of HTTP/1.  Over HTTP/1 nobody may say so. */
static bool
feed_status(struct ldi_curl_session *s, const char *line, size_t len)
{
	static const char h2[] = "HTTP/2 ";
	size_t n = sizeof(h2) - 1;
	char status[64];

	s->http2 = len > n && memcmp(line, h2, n) == 0 &&
		   s->agent.out.origin->tls && ldi_curl_tls_is_h2(s);
	if (!s->http2 && ldi_curl_step_of(s)->version == LDI_CURL_2)
		return ldi_response_break(&s->agent.answer, LD_CLASS_PROTOCOL,
		    "the server did not choose HTTP/2");
	if (!s->http2)
		return feed(s, line, len);
	n = (size_t)snprintf(status, sizeof(status), "HTTP/1.1 %.*s\r\n",
	    len - n < 3 ? (int)(len - n) : 3, line + n);
	return feed(s, status, n);
}

/* HTTP/2 ends a stream by itself. */
static bool
is_cut_by_eof(const struct ldi_curl_session *s)
{
	return s->agent.out.origin->tls && !s->http2;
}

size_t
ldi_curl_on_header(char *line, size_t size, size_t n, void *ctx)
{
	struct ldi_curl_session *s = ctx;
	struct ldi_response *answer = &s->agent.answer;
	bool ok;

	n *= size;
	if (!s->answered)
		first_byte(s);
	if (answer->state != LDI_RESPONSE_HEAD) {
		/* Of HTTP/1 the reader sees them in the body as it came. */
		s->trailers += n;
		ok = s->trailers <= LD_MAX_HEADER_BYTES ||
		     ldi_response_break(answer, LD_CLASS_HEADER_TOO_LARGE,
			 "the fields behind the body are over the limit");
	} else if (n > 5 && memcmp(line, "HTTP/", 5) == 0) {
		ok = feed_status(s, line, n);
	} else {
		ok = feed(s, line, n);
	}
	if (answer->state == LDI_RESPONSE_UNTIL_EOF && is_cut_by_eof(s))
		ldi_curl_tls_watch_end(s);
	return ok ? n : 0;
}

size_t
ldi_curl_on_body(char *data, size_t size, size_t n, void *ctx)
{
	return feed(ctx, data, size * n) ? size * n : 0;
}
