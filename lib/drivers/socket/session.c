/* SPDX-License-Identifier: MIT */
/*
 * A user's exchange: connect unless it is open, send the payload, read.
 *
 *	CONNECTING -> SENDING -> WAITING -> RECEIVING -> finished
 *
 * An answer has no frame of its own.  It ends with what is expected, with so
 * many bytes, with a datagram, or with the stream.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <ld/time.h>

#include "drivers/socket/socket.h"

/* Buffers beyond this are given back when the next exchange begins. */
#define KEEP_BYTES ((size_t)64 << 10)

static const enum ld_phase phase_of_stage[] = {
	[LDI_SOCKET_CONNECTING] = LD_PHASE_CONNECT,
	[LDI_SOCKET_SENDING] = LD_PHASE_SEND,
	[LDI_SOCKET_WAITING] = LD_PHASE_TTFB,
	[LDI_SOCKET_RECEIVING] = LD_PHASE_RECEIVE,
};

static const struct ldi_socket_step *
step_of(const struct ldi_socket_session *s)
{
	return s->exchange->step;
}

static void
advance(struct ldi_socket_session *s, enum ld_phase phase, uint64_t now_ns)
{
	if (now_ns > s->mark_ns)
		s->exchange->phase_ns[phase] += now_ns - s->mark_ns;
	s->mark_ns = now_ns;
}

/* From the mark to the open socket, or to `now_ns`. */
static enum ld_phase
add_times(struct ldi_socket_session *s, uint64_t now_ns)
{
	uint64_t *phase = s->exchange->phase_ns;
	struct ld_stream_times times;

	s->ops->times(s, now_ns, &times);
	advance(s, LD_PHASE_WAIT, times.begin_ns);
	phase[LD_PHASE_DNS] += times.dns_ns;
	phase[LD_PHASE_CONNECT] += times.connect_ns;
	phase[LD_PHASE_TLS] += times.tls_ns;
	s->mark_ns = times.open_ns != 0 ? times.open_ns : now_ns;
	return times.phase;
}

/* -- the end -------------------------------------------------------------- */

static void
cut(struct ldi_socket_session *s)
{
	if (s->ops != NULL)
		s->ops->cut(s);
	s->ops = NULL;
}

/* finish() may begin the next exchange, or close the session: nothing of it is
 * touched afterwards. */
static void
finish(struct ldi_socket_session *s, enum ld_class cls, const char *text,
    uint64_t now_ns)
{
	struct ld_exchange *exchange = s->exchange;
	struct ld_reply reply = {
		.cls = cls, .text = text, .status = -1, .end_ns = now_ns
	};
	char copy[LD_MAX_FAILURE_TEXT];
	struct ld_buf answer;

	ld_buf_init(&answer, 0);
	if ((exchange->needs & LD_NEED_BODY) != 0) {
		reply.body = s->answer.data != NULL ? s->answer.data : "";
		reply.body_len = s->answer.len;
	}
	if (text != NULL) {
		/* It may be the socket's. */
		snprintf(copy, sizeof(copy), "%s", text);
		reply.text = copy;
	}
	s->ops->take_bytes(s);
	if (cls != LD_CLASS_NONE || !step_of(s)->keep_open)
		cut(s);
	if (s->answer.cap > KEEP_BYTES) {
		/* An idle user keeps none of it. */
		answer = s->answer;
		ld_buf_init(&s->answer, LD_MAX_BODY_KEPT);
	}
	s->exchange = NULL;
	ld_exchange_finish(exchange, &reply);
	ld_buf_clear(&answer);
}

/* -- reading -------------------------------------------------------------- */

/* Is what is expected there?  Looked for from where it may begin. */
static bool
is_found(const struct ldi_socket_session *s, size_t from)
{
	size_t n = s->expected.len;

	from = from > n ? from - n : 0;
	return s->answer.len - from >= n &&
	       memmem(s->answer.data + from, s->answer.len - from,
		   s->expected.data, n) != NULL;
}

/* Has the answer ended? */
static void
check(struct ldi_socket_session *s, size_t from, bool whole, uint64_t now_ns)
{
	const struct ldi_socket_step *step = step_of(s);

	if (step->expected == NULL) {
		if (whole || s->received >= step->want)
			finish(s, LD_CLASS_NONE, NULL, now_ns);
	} else if (is_found(s, from)) {
		finish(s, LD_CLASS_NONE, NULL, now_ns);
	} else if (s->received >= step->want) {
		finish(s, LD_CLASS_ASSERTION,
		    "what is expected is not among the bytes of the answer "
		    "that are read at most",
		    now_ns);
	}
}

/* False: out of memory. */
static bool
keep(struct ldi_socket_session *s, const char *data, size_t len)
{
	const struct ldi_socket_step *step = step_of(s);
	size_t room = step->want - s->answer.len;

	if (step->expected == NULL && (s->exchange->needs & LD_NEED_BODY) == 0)
		return true;
	ld_buf_add(&s->answer, data, len < room ? len : room);
	return !s->answer.failed;
}

void
ldi_socket_data(struct ldi_socket_session *s, const char *data, size_t len,
    uint64_t now_ns, bool whole)
{
	size_t from = s->answer.len;

	/* Behind an answer, before the next payload: nobody's. */
	if (s->exchange == NULL || step_of(s)->want == 0)
		return;
	if (s->stage == LDI_SOCKET_WAITING) {
		advance(s, LD_PHASE_TTFB, now_ns);
		s->stage = LDI_SOCKET_RECEIVING;
	}
	if (!keep(s, data, len)) {
		finish(s, LD_CLASS_LOCAL_MEMORY, "no memory to keep the answer",
		    now_ns);
		return;
	}
	s->received += len;
	if (s->stage == LDI_SOCKET_SENDING)
		return; /* it is looked at once all has been sent */
	advance(s, LD_PHASE_RECEIVE, now_ns);
	check(s, from, whole, now_ns);
}

/* -- sending -------------------------------------------------------------- */

void
ldi_socket_sent(struct ldi_socket_session *s, uint64_t now_ns)
{
	if (now_ns == 0)
		now_ns = ld_now_ns();
	advance(s, LD_PHASE_SEND, now_ns);
	s->exchange->wire++;
	if (step_of(s)->want == 0) {
		finish(s, LD_CLASS_NONE, NULL, now_ns);
		return;
	}
	s->stage = s->received > 0 ? LDI_SOCKET_RECEIVING : LDI_SOCKET_WAITING;
	if (s->received > 0)
		check(s, 0, s->ops == &ldi_socket_datagram, now_ns);
}

static void
send_payload(struct ldi_socket_session *s)
{
	s->stage = LDI_SOCKET_SENDING;
	s->ops->send(s);
}

void
ldi_socket_opened(struct ldi_socket_session *s)
{
	if (s->exchange == NULL || s->stage != LDI_SOCKET_CONNECTING)
		return;
	add_times(s, ld_now_ns());
	send_payload(s);
}

/* -- the peer ends it ----------------------------------------------------- */

static void
ended_in_order(struct ldi_socket_session *s, uint64_t now_ns)
{
	if (s->received == 0 || s->stage == LDI_SOCKET_SENDING)
		finish(s, LD_CLASS_CLOSED_EARLY,
		    "the server closed the connection before it answered",
		    now_ns);
	else if (step_of(s)->expected != NULL)
		finish(s, LD_CLASS_TRUNCATED,
		    "the server closed the connection before what is expected "
		    "came",
		    now_ns);
	else
		finish(s, LD_CLASS_NONE, NULL, now_ns);
}

void
ldi_socket_ended(struct ldi_socket_session *s, enum ld_class cls,
    const char *text, uint64_t now_ns)
{
	if (s->exchange == NULL) {
		s->ops = NULL;
		return;
	}
	if (s->stage == LDI_SOCKET_CONNECTING)
		add_times(s, now_ns);
	else
		advance(s, phase_of_stage[s->stage], now_ns);
	if (cls == LD_CLASS_NONE && s->stage != LDI_SOCKET_CONNECTING) {
		ended_in_order(s, now_ns);
		return;
	}
	/* Cut before a byte of the answer came is "closed early" however TLS
	 * may call it. */
	if (cls == LD_CLASS_NONE ||
	    (cls == LD_CLASS_TRUNCATED && s->received == 0))
		cls = LD_CLASS_CLOSED_EARLY;
	finish(s, cls, text, now_ns);
}

/* -- an exchange begins --------------------------------------------------- */

static enum ld_status
render(const struct ld_template *tpl, struct ld_scope *scope,
    struct ld_buf *out, struct ld_err *err)
{
	enum ld_status st;

	if (out->cap > KEEP_BYTES)
		ld_buf_clear(out);
	ld_buf_reset(out);
	st = ld_template_render(tpl, scope, out, err);
	return st == LD_OK ? ld_buf_status(out, "socket", err) : st;
}

static enum ld_status
render_payload(struct ldi_socket_session *s, struct ld_err *err)
{
	const struct ldi_socket_step *step = step_of(s);
	const char *why;
	enum ld_status st;

	s->bytes = step->bytes;
	s->n_bytes = step->n_bytes;
	if (step->bytes != NULL)
		return LD_OK;
	st = render(step->payload, s->exchange->scope, &s->payload, err);
	if (st != LD_OK)
		return st;
	s->bytes = s->payload.data != NULL ? s->payload.data : "";
	s->n_bytes = s->payload.len;
	if (!step->is_hex)
		return LD_OK;
	why = ldi_socket_unhex(s->payload.data, &s->n_bytes);
	return why == NULL ? LD_OK
			   : ld_err_set(err, LD_INVALID, "payload: %s", why);
}

static enum ld_status
render_target(struct ldi_socket_session *s, struct ldi_socket_target *out,
    struct ld_err *err)
{
	const struct ldi_socket_step *step = step_of(s);
	const char *why;
	enum ld_status st;

	*out = step->at;
	if (step->at.host[0] != '\0')
		return LD_OK;
	/* The buffer is free until the answer comes. */
	st = render(step->target, s->exchange->scope, &s->answer, err);
	if (st != LD_OK)
		return st;
	why = ldi_socket_target_read(
	    s->answer.data != NULL ? s->answer.data : "", s->answer.len, out);
	return why == NULL ? LD_OK : ld_err_set(err, LD_INVALID, "%s", why);
}

static bool
leads_to(const struct ldi_socket_session *s, const struct ldi_socket_ops *ops,
    const struct ldi_socket_target *to)
{
	return s->ops == ops && s->at.of_unix == to->of_unix &&
	       s->at.port == to->port && strcmp(s->at.host, to->host) == 0 &&
	       s->endpoint.tls == step_of(s)->tls && ops->is_open(s);
}

static enum ld_status
connect_to(struct ldi_socket_session *s, const struct ldi_socket_ops *ops,
    const struct ldi_socket_target *to, struct ld_err *err)
{
	enum ld_status st;

	cut(s);
	s->at = *to;
	s->endpoint = (struct ld_endpoint){ .host = s->at.host,
		.port = s->at.port,
		.unix_path = s->at.of_unix ? s->at.host : NULL,
		.tls = step_of(s)->tls };
	s->ops = ops;
	s->stage = LDI_SOCKET_CONNECTING;
	st = ops->connect(s, err);
	if (st != LD_OK)
		s->ops = NULL;
	return st;
}

static enum ld_status
begin(struct ldi_socket_session *s, struct ld_err *err)
{
	const struct ldi_socket_step *step = step_of(s);
	const struct ldi_socket_ops *ops = step->protocol == LDI_SOCKET_UDP
					       ? &ldi_socket_datagram
					       : &ldi_socket_stream;
	struct ldi_socket_target to;
	enum ld_status st = render_payload(s, err);

	if (st == LD_OK && step->expected != NULL)
		st = render(
		    step->expected, s->exchange->scope, &s->expected, err);
	if (st == LD_OK)
		st = render_target(s, &to, err);
	if (st != LD_OK)
		return st;
	ld_buf_reset(&s->answer);
	s->received = 0;
	if (!leads_to(s, ops, &to) || !ops->drain(s))
		return connect_to(s, ops, &to, err);
	send_payload(s);
	return LD_OK;
}

/* -- what the engine calls ------------------------------------------------ */

enum ld_status
ldi_socket_open(
    void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct ldi_socket_session *s = session;

	(void)err;
	s->worker = how->worker;
	s->handle = how->handle;
	ld_buf_init(&s->payload, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&s->expected, LD_MAX_BODY_KEPT);
	ld_buf_init(&s->answer, LD_MAX_BODY_KEPT);
	return LD_OK;
}

enum ld_status
ldi_socket_start(
    void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct ldi_socket_session *s = session;
	enum ld_status st;

	s->exchange = exchange;
	s->mark_ns = exchange->start_ns;
	st = begin(s, err);
	if (st != LD_OK)
		s->exchange = NULL;
	return st;
}

void
ldi_socket_cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	struct ldi_socket_session *s = session;
	enum ld_phase phase;
	enum ld_class cls;
	const char *text;

	if (s->exchange != exchange)
		return; /* finished already */
	phase = phase_of_stage[s->stage];
	if (s->stage != LDI_SOCKET_CONNECTING)
		advance(s, phase, now_ns);
	else if ((phase = add_times(s, now_ns)) == LD_PHASE_SEND)
		phase = LD_PHASE_CONNECT; /* it is open, and not told yet */
	cls = ld_class_of_timeout(phase, &text);
	if (phase == LD_PHASE_SEND)
		text = "the payload was not taken before the deadline";
	finish(s, cls, text, now_ns);
}

void
ldi_socket_fresh(void *session)
{
	struct ldi_socket_session *s = session;

	/* Whoever is at the other end knows the old user by it. */
	cut(s);
	if (s->tickets != NULL)
		ld_tickets_forget(s->tickets);
}

void
ldi_socket_close(void *session, uint64_t deadline_ns)
{
	struct ldi_socket_session *s = session;

	(void)deadline_ns;
	ld_stream_free(s->stream);
	ld_datagram_free(s->datagram);
	ld_tickets_free(s->tickets);
	ld_buf_clear(&s->payload);
	ld_buf_clear(&s->expected);
	ld_buf_clear(&s->answer);
	ld_session_closed(s->handle);
}
