/* SPDX-License-Identifier: MIT */
/*
 * The exchange that a session is at, and the connection that it is on.
 *
 *	CONNECTING -> SENDING -> WAITING -> RECEIVING -> finished, or again
 *	              SENDING -> EXPECTING -> SENDING
 *
 * An open connection to the right origin skips CONNECTING.  `mark_ns` is
 * where the current phase began; each step adds what has passed to its phase
 * and moves the mark, so phases never overlap and retries are sums.
 *
 * A connection that was used before and breaks without a byte of the answer
 * was, as a rule, closed by the server while it was idle.  Then the exchange
 * is sent once more on a new connection: if nothing had gone out, whatever
 * the method is; otherwise only an idempotent one, as a second attempt.
 */
#include "config.h"

#include <ld/time.h>

#include "drivers/http1/http1.h"

static const enum ld_phase phase_of_stage[] = {
	[LDI_H1_CONNECTING] = LD_PHASE_CONNECT,
	[LDI_H1_SENDING] = LD_PHASE_SEND,
	[LDI_H1_EXPECTING] = LD_PHASE_SEND,
	[LDI_H1_WAITING] = LD_PHASE_TTFB,
	[LDI_H1_RECEIVING] = LD_PHASE_RECEIVE,
};

static void
count_bytes(struct ldi_h1_session *s)
{
	uint64_t out = 0, in = 0;

	if (s->link == NULL)
		return;
	ld_stream_take_bytes(s->link->stream, &out, &in);
	s->agent.exchange->bytes_out += out;
	s->agent.exchange->bytes_in += in;
}

static void
finish(struct ldi_h1_session *s, enum ld_class cls, const char *text,
    uint64_t now_ns)
{
	ldi_list_take(&s->held);
	ldi_agent_finish(&s->agent, cls, text, now_ns);
}

/* The exchange failed; whatever the connection is good for, it is not this. */
static void
fail(struct ldi_h1_session *s, enum ld_class cls, const char *text,
    uint64_t now_ns)
{
	count_bytes(s);
	if (s->link != NULL && s->link->at != NULL)
		ldi_h1_link_cut(s->link);
	finish(s, cls, text, now_ns);
}

/* -- sending -------------------------------------------------------------- */

/* All that was to go is with the kernel. */
static void
written(struct ldi_h1_session *s, uint64_t now_ns)
{
	bool early = s->stage != LDI_H1_SENDING; /* the answer was faster */

	if (s->agent.expecting) {
		if (early)
			return;
		s->stage = LDI_H1_EXPECTING;
		if (!ldi_h1_expect_begin(s))
			ldi_h1_exchange_body(s);
		return;
	}
	s->sent = true;
	s->agent.exchange->wire++;
	if (early)
		return;
	ldi_agent_advance(&s->agent, LD_PHASE_SEND, now_ns);
	s->stage = LDI_H1_WAITING;
}

static struct iovec
view(const char *text, size_t len)
{
	union {
		const char *text;
		void *base; /* writev() does not write there */
	} alias = { .text = text };

	return (struct iovec){ .iov_base = alias.base, .iov_len = len };
}

static int
gather(const struct ldi_h1_session *s, struct iovec iov[3])
{
	const struct ldi_request_rendered *out = &s->agent.out;
	int n = 0;

	if (s->agent.cookie_len > 0) {
		/* The line of the jar ends the head. */
		iov[n++] = view(out->head, out->head_len - 2);
		iov[n++] = view(s->agent.cookie, s->agent.cookie_len);
	} else if (out->all_len > 0 && !s->agent.expecting) {
		iov[n++] = view(out->head, out->all_len);
		return n;
	} else {
		iov[n++] = view(out->head, out->head_len);
	}
	if (out->body_len > 0 && !s->agent.expecting)
		iov[n++] = view(out->body, out->body_len);
	return n;
}

static void
send_request(struct ldi_h1_session *s)
{
	struct iovec iov[3];

	s->agent.expecting = s->agent.request->expect &&
			     !s->agent.hop.no_expect &&
			     s->agent.out.body_len > 0;
	s->stage = LDI_H1_SENDING;
	if (ld_stream_write(s->link->stream, iov, gather(s, iov)) == LD_WRITTEN)
		written(s, ld_now_ns());
}

void
ldi_h1_exchange_body(struct ldi_h1_session *s)
{
	const struct iovec iov = view(s->agent.out.body, s->agent.out.body_len);

	ldi_list_take(&s->held);
	s->agent.expecting = false;
	s->stage = LDI_H1_SENDING;
	if (ld_stream_write(s->link->stream, &iov, 1) == LD_WRITTEN)
		written(s, ld_now_ns());
}

/* -- connecting ----------------------------------------------------------- */

/* From the mark to the open stream, or to `now_ns`: the times are exact, so
 * what is not theirs passed before the connect. */
static enum ld_phase
add_times(struct ldi_h1_session *s, uint64_t now_ns)
{
	uint64_t *phase = s->agent.exchange->phase_ns;
	struct ld_stream_times times;

	ld_stream_times(s->link->stream, now_ns, &times);
	ldi_agent_advance(&s->agent, LD_PHASE_WAIT, times.begin_ns);
	phase[LD_PHASE_DNS] += times.dns_ns;
	phase[LD_PHASE_CONNECT] += times.connect_ns;
	phase[LD_PHASE_TLS] += times.tls_ns;
	s->agent.mark_ns = times.open_ns != 0 ? times.open_ns : now_ns;
	return times.phase;
}

static enum ld_status
connect_to(struct ldi_h1_session *s, struct ld_tls *tls, struct ld_err *err)
{
	s->reused = false;
	s->stage = LDI_H1_CONNECTING;
	return ldi_h1_link_connect(s, s->agent.out.origin, tls, &s->link, err);
}

enum ld_status
ldi_h1_exchange_begin(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->agent.exchange->step;
	struct ld_tls *tls = s->agent.out.origin->tls ? step->tls : NULL;
	struct ldi_h1_link *link =
	    ldi_h1_link_find(s, s->agent.out.origin, tls);
	enum ld_status st = ldi_agent_cookies_take(&s->agent, err);

	if (st != LD_OK)
		return st;
	if (link == NULL) {
		st = connect_to(s, tls, err);
	} else {
		s->link = link;
		s->reused = true;
		send_request(s);
	}
	if (st == LD_OK) {
		/* Equal, and it outlives this call. */
		s->agent.out.origin = s->link->at;
		s->link->used = s->uses++;
	}
	return st;
}

static void
on_open(void *owner)
{
	struct ldi_h1_link *link = owner;
	struct ldi_h1_session *s = link->session;

	if (s->agent.exchange == NULL || s->link != link)
		return;
	add_times(s, ld_now_ns());
	send_request(s);
}

/* -- receiving ------------------------------------------------------------ */

/* On with the next request. */
static void
go_on(struct ldi_h1_session *s, uint64_t now_ns)
{
	struct ld_err err = LD_ERR_INIT;
	enum ld_class cls = ldi_agent_hop_make(&s->agent, &err);
	enum ld_status st = LD_OK;

	s->sent = false;
	if (cls == LD_CLASS_NONE)
		st = ldi_h1_exchange_begin(s, &err);
	if (st != LD_OK)
		cls = st == LD_NOMEM ? LD_CLASS_LOCAL_MEMORY
				     : LD_CLASS_LOCAL_OTHER;
	if (cls != LD_CLASS_NONE)
		finish(s, cls, err.text, now_ns);
}

/* An answer is whole, and the connection has been dealt with. */
static void
complete(struct ldi_h1_session *s, uint64_t now_ns)
{
	if (ldi_agent_hop_is_due(&s->agent))
		go_on(s, now_ns);
	else
		finish(s, LD_CLASS_NONE, NULL, now_ns);
}

static void
answered(struct ldi_h1_session *s, size_t surplus, uint64_t now_ns)
{
	ldi_agent_advance(&s->agent, LD_PHASE_RECEIVE, now_ns);
	count_bytes(s);
	if (!s->sent || surplus > 0)
		ldi_h1_link_cut(s->link);
	else
		s->link->spoiled =
		    !s->agent.answer.keep_alive || s->agent.request->close;
	if (surplus > 0)
		finish(s, LD_CLASS_PROTOCOL,
		    "more bytes came than the answer has", now_ns);
	else
		complete(s, now_ns);
}

/* Does what came end the waiting for a 100?  Else there is nothing to do. */
static bool
is_final(struct ldi_h1_session *s, uint64_t now_ns)
{
	if (s->agent.answer.state == LDI_RESPONSE_HEAD) {
		if (s->agent.answer.continued)
			ldi_h1_exchange_body(s);
		return false;
	}
	ldi_list_take(&s->held);
	ldi_agent_advance(&s->agent, LD_PHASE_SEND, now_ns);
	s->stage = LDI_H1_RECEIVING;
	return true;
}

static void
take_data(
    struct ldi_h1_session *s, const char *data, size_t len, uint64_t now_ns)
{
	struct ldi_response *a = &s->agent.answer;
	size_t used;

	if (s->stage == LDI_H1_WAITING || s->stage == LDI_H1_SENDING) {
		ldi_agent_advance(&s->agent,
		    s->stage == LDI_H1_WAITING ? LD_PHASE_TTFB : LD_PHASE_SEND,
		    now_ns);
		s->stage = LDI_H1_RECEIVING;
	}
	ldi_response_feed(a, data, len, &used);
	if (s->stage == LDI_H1_EXPECTING && !is_final(s, now_ns))
		return;
	if (a->state == LDI_RESPONSE_DONE) {
		answered(s, len - used, now_ns);
	} else if (a->state == LDI_RESPONSE_BROKEN) {
		ldi_agent_advance(&s->agent, LD_PHASE_RECEIVE, now_ns);
		fail(s, a->cls, a->text, now_ns);
	}
}

static void
on_data(void *owner, const char *data, size_t len, uint64_t now_ns)
{
	struct ldi_h1_link *link = owner;
	struct ldi_h1_session *s = link->session;

	if (s->agent.exchange != NULL && s->link == link)
		take_data(s, data, len, now_ns);
	else if (s->closing == 0)
		/* Nobody asked: what is on it next cannot be trusted. */
		ldi_h1_link_cut(link);
}

static void
on_written(void *owner, uint64_t now_ns)
{
	struct ldi_h1_link *link = owner;
	struct ldi_h1_session *s = link->session;

	if (s->agent.exchange != NULL && s->link == link)
		written(s, now_ns);
}

/* -- the end of a connection ---------------------------------------------- */

/* Was it closed while it was idle, so that sending again is right? */
static bool
may_repeat(struct ldi_h1_session *s, enum ld_class cls)
{
	uint64_t before = s->agent.exchange->bytes_out;

	if (!s->reused || s->agent.answer.started)
		return false;
	if (cls != LD_CLASS_NONE && cls != LD_CLASS_RESET &&
	    cls != LD_CLASS_CLOSED_EARLY && cls != LD_CLASS_TRUNCATED)
		return false;
	count_bytes(s);
	if (!s->sent && s->agent.exchange->bytes_out == before)
		return true;
	if (!ldi_agent_is_idempotent(&s->agent))
		return false;
	s->agent.exchange->attempts++;
	return true;
}

static void
repeat(struct ldi_h1_session *s, uint64_t now_ns)
{
	struct ld_err err = LD_ERR_INIT;
	enum ld_status st;

	ldi_list_take(&s->held);
	s->sent = s->reused = false;
	s->stage = LDI_H1_CONNECTING;
	s->link->at = s->agent.out.origin;
	st = ldi_h1_link_reconnect(s->link, &err);
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
	struct ldi_response *a = &s->agent.answer;

	ldi_agent_advance(&s->agent, phase_of_stage[s->stage], now_ns);
	if (may_repeat(s, cls)) {
		repeat(s, now_ns);
		return;
	}
	/* Cut before a byte of the answer came is "closed early" however
	 * TLS may call it. */
	if (cls == LD_CLASS_TRUNCATED && !a->started)
		cls = LD_CLASS_CLOSED_EARLY;
	ldi_response_eof(a, cls);
	if (a->state == LDI_RESPONSE_DONE) {
		count_bytes(s);
		complete(s, now_ns);
	} else {
		fail(s, a->cls,
		    cls != LD_CLASS_NONE && text != NULL ? text : a->text,
		    now_ns);
	}
}

static void
on_closed(void *owner, enum ld_class cls, const char *text, uint64_t now_ns)
{
	struct ldi_h1_link *link = owner;
	struct ldi_h1_session *s = link->session;

	link->at = NULL;
	if (s->closing > 0) {
		ldi_h1_link_free(link);
		ldi_h1_session_closed(s);
	} else if (s->agent.exchange == NULL || s->link != link) {
		return;
	} else if (s->stage == LDI_H1_CONNECTING) {
		add_times(s, now_ns);
		fail(s, cls != LD_CLASS_NONE ? cls : LD_CLASS_CLOSED_EARLY,
		    text, now_ns);
	} else {
		broke(s, cls, text, now_ns);
	}
}

const struct ld_stream_ops ldi_h1_stream_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_written = on_written,
	.on_closed = on_closed,
};

/* -- the deadline --------------------------------------------------------- */

void
ldi_h1_exchange_cancel(struct ldi_h1_session *s, uint64_t now_ns)
{
	enum ld_phase phase = phase_of_stage[s->stage];
	enum ld_class cls;
	const char *text;

	if (s->stage != LDI_H1_CONNECTING)
		ldi_agent_advance(&s->agent, phase, now_ns);
	else if ((phase = add_times(s, now_ns)) == LD_PHASE_SEND)
		phase = LD_PHASE_CONNECT; /* it is open, and not told yet */
	cls = ld_class_of_timeout(phase, &text);
	fail(s, cls, text, now_ns);
}
