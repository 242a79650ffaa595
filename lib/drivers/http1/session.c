/* SPDX-License-Identifier: MIT */
/*
 * One user: a connection, and the exchange that is on it.
 *
 *	CONNECTING -> SENDING -> WAITING -> RECEIVING -> finished
 *
 * An open connection to the right origin skips CONNECTING.  `mark_ns` is
 * where the current phase began; each step adds what has passed to its phase
 * and moves the mark, so phases never overlap and retries are sums.
 *
 * A connection that was used before and breaks without a byte of the answer
 * was, as a rule, closed by the server while it was idle.  Then the exchange
 * is sent once more on a new connection: if nothing had gone out, whatever
 * the method is; otherwise only an idempotent one, as a second attempt.
 *
 * A connection whose use has ended in good order (`Connection: close`) is
 * left for the server to close, so that TIME_WAIT is on its side; it is cut
 * when the next exchange needs the stream.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/time.h>

#include "drivers/http1/http1.h"

static void
advance(struct ldi_h1_session *s, enum ld_phase phase, uint64_t now_ns)
{
	if (now_ns > s->mark_ns)
		s->exchange->phase_ns[phase] += now_ns - s->mark_ns;
	s->mark_ns = now_ns;
}

static void
count_bytes(struct ldi_h1_session *s)
{
	uint64_t out = 0, in = 0;

	ld_stream_take_bytes(s->stream, &out, &in);
	s->exchange->bytes_out += out;
	s->exchange->bytes_in += in;
}

static void
cut(struct ldi_h1_session *s)
{
	ld_stream_abort(s->stream);
	s->at = NULL;
}

/* The exchange failed; whatever the connection is good for, it is not this. */
static void
fail(struct ldi_h1_session *s, enum ld_class cls, const char *text,
    uint64_t now_ns)
{
	count_bytes(s);
	if (s->at != NULL)
		cut(s);
	ldi_h1_finish(s, cls, text, now_ns);
}

/* -- sending -------------------------------------------------------------- */

static void
sent(struct ldi_h1_session *s, uint64_t now_ns)
{
	s->sent = true;
	s->exchange->wire++;
	if (s->stage != LDI_H1_SENDING)
		return; /* the answer was faster */
	advance(s, LD_PHASE_SEND, now_ns);
	s->stage = LDI_H1_WAITING;
}

static void
send_request(struct ldi_h1_session *s)
{
	union {
		const char *text;
		void *base; /* writev() does not write there */
	} head = { .text = s->out.head }, body = { .text = s->out.body };
	const struct iovec iov[2] = {
		{ .iov_base = head.base, .iov_len = s->out.head_len },
		{ .iov_base = body.base, .iov_len = s->out.body_len },
	};

	s->stage = LDI_H1_SENDING;
	if (ld_stream_write(s->stream, iov, s->out.body_len > 0 ? 2 : 1) ==
	    LD_WRITTEN)
		sent(s, ld_now_ns());
}

/* -- connecting ----------------------------------------------------------- */

/* From the mark to the open stream, or to `now_ns`: the times are exact, so
 * what is not theirs passed before the connect. */
static enum ld_phase
add_times(struct ldi_h1_session *s, uint64_t now_ns)
{
	uint64_t *phase = s->exchange->phase_ns;
	struct ld_stream_times times;

	ld_stream_times(s->stream, now_ns, &times);
	advance(s, LD_PHASE_WAIT, times.begin_ns);
	phase[LD_PHASE_DNS] += times.dns_ns;
	phase[LD_PHASE_CONNECT] += times.connect_ns;
	phase[LD_PHASE_TLS] += times.tls_ns;
	s->mark_ns = times.open_ns != 0 ? times.open_ns : now_ns;
	return times.phase;
}

/* To where s->out goes. */
static enum ld_status
set_endpoint(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->exchange->step;
	const struct ldi_url_origin *to = s->out.origin;

	if (to == &s->worker->origin) {
		if (s->own == NULL)
			s->own = malloc(sizeof(*s->own));
		if (s->own == NULL)
			return ld_err_set(err, LD_NOMEM, "origin");
		*s->own = *to;
		to = s->out.origin = s->own;
	}
	s->at = to;
	s->at_insecure = step->insecure;
	s->endpoint =
	    (struct ld_endpoint){ .host = to->host, .port = to->port };
	if (to->unix_path[0] != '\0')
		s->endpoint.unix_path = to->unix_path;
	if (!to->tls)
		return LD_OK;
	s->endpoint.tls = s->worker->run->tls[step->insecure];
	return s->endpoint.tls != NULL
		   ? LD_OK
		   : ld_err_set(err, LD_INVALID,
			 "no TLS was made ready for '%s'", to->host);
}

static enum ld_status
begin_connect(struct ldi_h1_session *s, struct ld_err *err)
{
	enum ld_status st;

	s->reused = false;
	s->spoiled = false;
	s->stage = LDI_H1_CONNECTING;
	st = ld_stream_connect(s->stream, &s->endpoint, err);
	if (st != LD_OK)
		s->at = NULL;
	return st;
}

static void
on_open(void *owner)
{
	struct ldi_h1_session *s = owner;

	if (s->exchange == NULL)
		return;
	add_times(s, ld_now_ns());
	send_request(s);
}

/* -- receiving ------------------------------------------------------------ */

static void
answered(struct ldi_h1_session *s, size_t surplus, uint64_t now_ns)
{
	const struct ldi_h1_step *step = s->exchange->step;

	advance(s, LD_PHASE_RECEIVE, now_ns);
	count_bytes(s);
	if (!s->sent || surplus > 0)
		cut(s);
	else
		s->spoiled = !s->answer.keep_alive || step->request.close;
	if (surplus > 0)
		ldi_h1_finish(s, LD_CLASS_PROTOCOL,
		    "more bytes came than the answer has", now_ns);
	else
		ldi_h1_finish(s, LD_CLASS_NONE, NULL, now_ns);
}

static void
on_data(void *owner, const char *data, size_t len, uint64_t now_ns)
{
	struct ldi_h1_session *s = owner;
	struct ldi_h1_answer *a = &s->answer;
	size_t used;

	if (s->exchange == NULL) {
		/* Nobody asked: what is on it next cannot be trusted. */
		if (!s->closing)
			cut(s);
		return;
	}
	if (s->stage != LDI_H1_RECEIVING) {
		advance(s,
		    s->stage == LDI_H1_WAITING ? LD_PHASE_TTFB : LD_PHASE_SEND,
		    now_ns);
		s->stage = LDI_H1_RECEIVING;
	}
	ldi_h1_feed(a, data, len, &used);
	if (a->state == LDI_H1_DONE) {
		answered(s, len - used, now_ns);
	} else if (a->state == LDI_H1_BROKEN) {
		advance(s, LD_PHASE_RECEIVE, now_ns);
		fail(s, a->cls, a->text, now_ns);
	}
}

static void
on_written(void *owner, uint64_t now_ns)
{
	struct ldi_h1_session *s = owner;

	if (s->exchange != NULL)
		sent(s, now_ns);
}

/* -- the end of a connection ---------------------------------------------- */

/* Was it closed while it was idle, so that sending again is right? */
static bool
may_repeat(struct ldi_h1_session *s, enum ld_class cls)
{
	const struct ldi_h1_step *step = s->exchange->step;
	uint64_t before = s->exchange->bytes_out;

	if (!s->reused || s->answer.started)
		return false;
	if (cls != LD_CLASS_NONE && cls != LD_CLASS_RESET &&
	    cls != LD_CLASS_CLOSED_EARLY && cls != LD_CLASS_TRUNCATED)
		return false;
	count_bytes(s);
	if (!s->sent && s->exchange->bytes_out == before)
		return true;
	if (!step->request.idempotent)
		return false;
	s->exchange->attempts++;
	return true;
}

static void
repeat(struct ldi_h1_session *s, uint64_t now_ns)
{
	struct ld_err err = LD_ERR_INIT;
	enum ld_status st = set_endpoint(s, &err);

	s->sent = false;
	if (st == LD_OK)
		st = begin_connect(s, &err);
	if (st == LD_OK)
		return;
	fail(s, st == LD_NOMEM ? LD_CLASS_LOCAL_MEMORY : LD_CLASS_LOCAL_OTHER,
	    err.text, now_ns);
}

/* The connection ended while a request or its answer was on it. */
static void
broke(struct ldi_h1_session *s, enum ld_class cls, const char *text,
    uint64_t now_ns)
{
	static const enum ld_phase phase[] = {
		[LDI_H1_CONNECTING] = LD_PHASE_CONNECT,
		[LDI_H1_SENDING] = LD_PHASE_SEND,
		[LDI_H1_WAITING] = LD_PHASE_TTFB,
		[LDI_H1_RECEIVING] = LD_PHASE_RECEIVE,
	};
	struct ldi_h1_answer *a = &s->answer;

	advance(s, phase[s->stage], now_ns);
	if (may_repeat(s, cls)) {
		repeat(s, now_ns);
		return;
	}
	/* Cut before a byte of the answer came is "closed early" however
	 * TLS may call it. */
	if (cls == LD_CLASS_TRUNCATED && !a->started)
		cls = LD_CLASS_CLOSED_EARLY;
	ldi_h1_eof(a, cls);
	if (a->state == LDI_H1_DONE) {
		count_bytes(s);
		ldi_h1_finish(s, LD_CLASS_NONE, NULL, now_ns);
	} else {
		fail(s, a->cls,
		    cls != LD_CLASS_NONE && text != NULL ? text : a->text,
		    now_ns);
	}
}

static void
on_closed(void *owner, enum ld_class cls, const char *text, uint64_t now_ns)
{
	struct ldi_h1_session *s = owner;
	enum ldi_h1_stage stage = s->stage;

	s->at = NULL;
	if (s->closing) {
		struct ld_session *handle = s->handle;

		ld_stream_free(s->stream);
		free(s->own);
		ld_session_closed(handle);
	} else if (s->exchange == NULL) {
		return;
	} else if (stage == LDI_H1_CONNECTING) {
		add_times(s, now_ns);
		fail(s, cls != LD_CLASS_NONE ? cls : LD_CLASS_CLOSED_EARLY,
		    text, now_ns);
	} else {
		broke(s, cls, text, now_ns);
	}
}

static const struct ld_stream_ops stream_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_written = on_written,
	.on_closed = on_closed,
};

/* -- the driver's hooks --------------------------------------------------- */

static struct ld_buf *
kept_buffer(void *ctx)
{
	struct ldi_h1_session *s = ctx;

	s->kept_sheet = ldi_h1_sheet_take(s->worker, LDI_H1_MAX_KEPT);
	return s->kept_sheet != NULL ? &s->kept_sheet->buf : NULL;
}

enum ld_status
ldi_h1_open(
    void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct ldi_h1_session *s = session;

	s->worker = how->worker;
	s->handle = how->handle;
	s->answer.buffer = kept_buffer;
	s->answer.buffer_ctx = s;
	return ld_stream_new(how->loop, &stream_ops, s, &s->stream, err);
}

static enum ld_status
render(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->exchange->step;
	struct ldi_h1_paper paper = { .scratch = &s->worker->scratch,
		.origin = &s->worker->origin };
	enum ld_status st;

	if (step->request.head == NULL) {
		s->out_sheet =
		    ldi_h1_sheet_take(s->worker, LD_MAX_REQUEST_BYTES);
		if (s->out_sheet == NULL)
			return ld_err_set(err, LD_NOMEM, "request");
		paper.out = &s->out_sheet->buf;
	}
	st = ldi_h1_request_render(
	    &step->request, s->exchange->scope, &paper, &s->out, err);
	if (s->out_sheet != NULL && s->worker->scratch.cap > LDI_H1_MAX_KEPT)
		ld_buf_clear(&s->worker->scratch);
	return st;
}

static bool
fits(const struct ldi_h1_session *s)
{
	const struct ldi_h1_step *step = s->exchange->step;

	return s->at != NULL && !s->spoiled &&
	       s->at_insecure == step->insecure &&
	       (s->at == s->out.origin ||
		   ldi_url_origin_same(s->at, s->out.origin)) &&
	       ld_stream_is_open(s->stream);
}

static enum ld_status
begin(struct ldi_h1_session *s, struct ld_err *err)
{
	enum ld_status st = render(s, err);

	if (st != LD_OK)
		return st;
	if (fits(s)) {
		/* Equal, and it outlives this call. */
		s->out.origin = s->at;
		s->reused = true;
		send_request(s);
		return LD_OK;
	}
	if (s->at != NULL)
		cut(s);
	st = set_endpoint(s, err);
	if (st == LD_OK)
		st = begin_connect(s, err);
	return st;
}

enum ld_status
ldi_h1_start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct ldi_h1_session *s = session;
	const struct ldi_h1_step *step = exchange->step;
	enum ld_status st;

	s->exchange = exchange;
	s->mark_ns = exchange->start_ns;
	s->sent = false;
	s->answer.to_head = step->request.to_head;
	s->answer.keep_head = (exchange->needs & LD_NEED_HEADERS) != 0;
	s->answer.keep_body = (exchange->needs & LD_NEED_BODY) != 0;
	ldi_h1_begin(&s->answer);
	st = begin(s, err);
	if (st == LD_OK)
		return LD_OK;
	s->exchange = NULL;
	ldi_h1_sheet_give(s->worker, s->out_sheet);
	s->out_sheet = NULL;
	return st;
}

void
ldi_h1_cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	struct ldi_h1_session *s = session;
	enum ld_class cls = LD_CLASS_TIMEOUT_CONNECT;
	const char *text = "no connection before the deadline";
	enum ld_phase phase;

	if (s->exchange != exchange)
		return; /* finished already */
	switch (s->stage) {
	case LDI_H1_CONNECTING:
		phase = add_times(s, now_ns);
		if (phase == LD_PHASE_DNS) {
			cls = LD_CLASS_TIMEOUT_DNS;
			text = "the name was not resolved before the deadline";
		} else if (phase == LD_PHASE_TLS) {
			cls = LD_CLASS_TIMEOUT_TLS;
			text = "no TLS handshake before the deadline";
		}
		break;
	case LDI_H1_SENDING:
		advance(s, LD_PHASE_SEND, now_ns);
		cls = LD_CLASS_TIMEOUT_SEND;
		text = "the request was not taken before the deadline";
		break;
	case LDI_H1_WAITING:
		advance(s, LD_PHASE_TTFB, now_ns);
		cls = LD_CLASS_TIMEOUT_RESPONSE;
		text = "no answer began before the deadline";
		break;
	case LDI_H1_RECEIVING:
		advance(s, LD_PHASE_RECEIVE, now_ns);
		cls = LD_CLASS_TIMEOUT_RECEIVE;
		text = "the answer did not end before the deadline";
		break;
	}
	fail(s, cls, text, now_ns);
}

void
ldi_h1_close(void *session, uint64_t deadline_ns)
{
	struct ldi_h1_session *s = session;
	struct ld_session *handle = s->handle;

	if (s->at != NULL && ld_stream_is_open(s->stream) &&
	    ld_now_ns() < deadline_ns) {
		s->closing = true;
		ld_stream_close(s->stream);
		return;
	}
	ld_stream_free(s->stream);
	free(s->own);
	ld_session_closed(handle);
}
