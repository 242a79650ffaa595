/* SPDX-License-Identifier: MIT */
/*
 * toy_user: a line goes out, a line comes back.
 *
 * A driver to begin from: all that one needs, on a stream of ours, and nothing
 * else.  doc/adding-a-driver.md goes through it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/driver.h>
#include <ld/limits.h>
#include <ld/stream.h>
#include <ld/time.h>

/* Of an answer; whatever a server sends has a bound. */
#define MAX_LINE ((size_t)64 << 10)

/* -- what a plan says ----------------------------------------------------- */

struct task {
	const char *host;
	uint64_t port;
	const struct ld_template *line;
};

static const struct ld_field task_fields[] = {
	LD_FIELD(STRING, struct task, host, "host", "127.0.0.1",
	    "name or address of the server"),
	LD_FIELD(COUNT, struct task, port, "port", "7", "its port"),
	LD_FIELD(TEXT, struct task, line, "line", "\"\"",
	    "what is sent, without the end of its line"),
	LD_FIELD_END,
};

/* A task, ready to be sent any number of times from any thread. */
struct step {
	struct ld_endpoint endpoint;
	const struct ld_template *line;
};

/* -- what a user has ------------------------------------------------------ */

struct worker {
	struct ld_loop *loop;
};

enum stage { CONNECTING, SENDING, WAITING, RECEIVING };

struct session {
	struct worker *worker;
	struct ld_session *handle;
	struct ld_stream *stream;           /* NULL until it is first needed */
	const struct ld_endpoint *endpoint; /* where it leads; NULL = nowhere */

	struct ld_exchange *exchange; /* NULL = none is on */
	enum stage stage;
	uint64_t mark_ns; /* where the current phase began */
	struct ld_buf line, answer;
};

/* What has passed since the mark belongs to the phase. */
static void
advance(struct session *s, enum ld_phase phase, uint64_t now_ns)
{
	if (now_ns > s->mark_ns)
		s->exchange->phase_ns[phase] += now_ns - s->mark_ns;
	s->mark_ns = now_ns;
}

/* The stream knows how long it took to open. */
static enum ld_phase
advance_open(struct session *s, uint64_t now_ns)
{
	uint64_t *phase = s->exchange->phase_ns;
	struct ld_stream_times times;

	ld_stream_times(s->stream, now_ns, &times);
	advance(s, LD_PHASE_WAIT, times.begin_ns);
	phase[LD_PHASE_DNS] += times.dns_ns;
	phase[LD_PHASE_CONNECT] += times.connect_ns;
	phase[LD_PHASE_TLS] += times.tls_ns; /* 0 without TLS */
	s->mark_ns = times.open_ns != 0 ? times.open_ns : now_ns;
	return times.phase;
}

/* The exchange is over.  ld_exchange_finish() may begin the next one, or close
 * the session: nothing of it is touched afterwards. */
static void
finish(struct session *s, enum ld_class cls, const char *text, uint64_t now_ns)
{
	struct ld_exchange *exchange = s->exchange;
	struct ld_reply reply = { .cls = cls,
		.text = text,
		.status = -1,
		.end_ns = now_ns,
		.body = s->answer.data != NULL ? s->answer.data : "",
		.body_len = s->answer.len };
	uint64_t out = 0, in = 0;

	ld_stream_take_bytes(s->stream, &out, &in);
	exchange->bytes_out += out;
	exchange->bytes_in += in;
	if (cls != LD_CLASS_NONE) {
		/* What comes next on it could be anything. */
		ld_stream_abort(s->stream);
		s->endpoint = NULL;
	}
	s->exchange = NULL;
	ld_exchange_finish(exchange, &reply);
}

/* -- the stream ----------------------------------------------------------- */

/* The kernel has all of the request: only now it counts as sent. */
static void
sent(struct session *s, uint64_t now_ns)
{
	advance(s, LD_PHASE_SEND, now_ns);
	s->exchange->wire++;
	s->stage = WAITING;
}

static void
send_line(struct session *s)
{
	const struct iovec iov = { s->line.data, s->line.len };

	s->stage = SENDING;
	if (ld_stream_write(s->stream, &iov, 1) == LD_WRITTEN)
		sent(s, ld_now_ns());
}

static void
on_open(void *owner)
{
	struct session *s = owner;

	advance_open(s, ld_now_ns());
	send_line(s);
}

static void
on_written(void *owner, uint64_t now_ns)
{
	sent(owner, now_ns);
}

static void
on_data(void *owner, const char *data, size_t len, uint64_t now_ns)
{
	struct session *s = owner;
	const char *end = memchr(data, '\n', len);
	size_t n = end == NULL ? len : (size_t)(end - data);

	if (s->exchange == NULL || s->stage < WAITING) {
		/* Nobody asked: what is on it next cannot be trusted. */
		ld_stream_abort(s->stream);
		s->endpoint = NULL;
		if (s->exchange != NULL)
			finish(s, LD_CLASS_PROTOCOL,
			    "an answer came before the line was sent", now_ns);
		return;
	}
	if (s->stage == WAITING)
		advance(s, LD_PHASE_TTFB, now_ns);
	else
		advance(s, LD_PHASE_RECEIVE, now_ns);
	s->stage = RECEIVING;
	ld_buf_add(&s->answer, data, n);
	if (s->answer.failed)
		finish(s, LD_CLASS_BODY_TOO_LARGE,
		    "the answer is over the limit of 64 KiB", now_ns);
	else if (end == NULL)
		return;
	else if (n + 1 < len)
		finish(s, LD_CLASS_PROTOCOL,
		    "more bytes came than the answer has", now_ns);
	else
		finish(s, LD_CLASS_NONE, NULL, now_ns);
}

static void
on_closed(void *owner, enum ld_class cls, const char *text, uint64_t now_ns)
{
	struct session *s = owner;

	s->endpoint = NULL;
	if (s->exchange == NULL)
		return;
	if (s->stage == CONNECTING)
		advance_open(s, now_ns);
	else
		advance(s,
		    s->stage == SENDING   ? LD_PHASE_SEND
		    : s->stage == WAITING ? LD_PHASE_TTFB
					  : LD_PHASE_RECEIVE,
		    now_ns);
	/* An orderly end in the middle is a failure all the same. */
	if (cls == LD_CLASS_NONE && s->answer.len > 0)
		cls = LD_CLASS_TRUNCATED;
	else if (cls == LD_CLASS_NONE)
		cls = LD_CLASS_CLOSED_EARLY;
	finish(s, cls, text != NULL ? text : "the server closed the connection",
	    now_ns);
}

static const struct ld_stream_ops stream_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_written = on_written,
	.on_closed = on_closed,
};

/* -- what the engine calls ------------------------------------------------ */

static enum ld_status
toy_compile(void *run, void *step, const struct ld_task *task,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	const struct task *t = task->fields;
	struct step *s = step;
	struct ld_buf name;
	const char *text;
	size_t len;

	(void)run;
	/* What is known now is said now, with its place. */
	if (ld_template_constant(t->line, &text, &len) &&
	    memchr(text, '\n', len) != NULL)
		return ld_node_error(ld_node_get(task->node, "line"), err,
		    LD_INVALID, "a line holds no end of line");
	if (t->port == 0 || t->port > UINT16_MAX)
		return ld_node_error(ld_node_get(task->node, "port"), err,
		    LD_INVALID, "a port is a number from 1 to 65535");
	s->endpoint =
	    (struct ld_endpoint){ .host = t->host, .port = (uint16_t)t->port };
	s->line = t->line;
	ld_buf_init(&name, 1000);
	ld_buf_addf(&name, "%s:%u", t->host, (unsigned)t->port);
	info->target =
	    name.failed ? t->host : ld_compile_strdup(cc, ld_buf_str(&name));
	ld_buf_clear(&name);
	info->name = info->target;
	info->request_type = "LINE";
	return info->target != NULL ? LD_OK
				    : ld_err_set(err, LD_NOMEM, "target");
}

static enum ld_status
toy_worker_open(
    void *worker, void *run, struct ld_loop *loop, struct ld_err *err)
{
	struct worker *w = worker;

	(void)run, (void)err;
	w->loop = loop;
	return LD_OK;
}

static enum ld_status
toy_open(void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct session *s = session;

	(void)err;
	s->worker = how->worker;
	s->handle = how->handle;
	ld_buf_init(&s->line, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&s->answer, MAX_LINE);
	return LD_OK;
}

static enum ld_status
connect_to(
    struct session *s, const struct ld_endpoint *endpoint, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	if (s->stream == NULL)
		st = ld_stream_new(
		    s->worker->loop, &stream_ops, s, &s->stream, err);
	if (st != LD_OK)
		return st;
	ld_stream_abort(s->stream);
	s->stage = CONNECTING;
	s->endpoint = endpoint;
	st = ld_stream_connect(s->stream, endpoint, err);
	if (st != LD_OK)
		s->endpoint = NULL;
	return st;
}

static enum ld_status
begin(struct session *s, const struct step *step, struct ld_err *err)
{
	enum ld_status st;

	ld_buf_reset(&s->answer);
	ld_buf_reset(&s->line);
	st = ld_template_render(step->line, s->exchange->scope, &s->line, err);
	ld_buf_adds(&s->line, "\n");
	if (st == LD_OK)
		st = ld_buf_status(&s->line, "line", err);
	if (st == LD_OK && memchr(s->line.data, '\n', s->line.len - 1) != NULL)
		st = ld_err_set(
		    err, LD_INVALID, "the line holds an end of line");
	if (st != LD_OK)
		return st;
	if (s->endpoint != &step->endpoint)
		return connect_to(s, &step->endpoint, err);
	send_line(s);
	return LD_OK;
}

static enum ld_status
toy_start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct session *s = session;
	enum ld_status st;

	s->exchange = exchange;
	s->mark_ns = exchange->start_ns;
	st = begin(s, exchange->step, err);
	if (st != LD_OK)
		s->exchange = NULL;
	return st;
}

static void
toy_cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	/* In the order of enum stage. */
	static const enum ld_class classes[] = { LD_CLASS_TIMEOUT_CONNECT,
		LD_CLASS_TIMEOUT_SEND, LD_CLASS_TIMEOUT_RESPONSE,
		LD_CLASS_TIMEOUT_RECEIVE };
	static const enum ld_phase phases[] = { LD_PHASE_CONNECT, LD_PHASE_SEND,
		LD_PHASE_TTFB, LD_PHASE_RECEIVE };
	struct session *s = session;
	enum ld_class cls = classes[s->stage];

	if (s->exchange != exchange)
		return; /* finished already */
	if (s->stage != CONNECTING)
		advance(s, phases[s->stage], now_ns);
	else if (advance_open(s, now_ns) == LD_PHASE_DNS)
		cls = LD_CLASS_TIMEOUT_DNS;
	finish(s, cls, "not done before the deadline", now_ns);
}

static void
toy_fresh(void *session)
{
	(void)session; /* the server knows nothing of the old user */
}

static void
toy_close(void *session, uint64_t deadline_ns)
{
	struct session *s = session;

	(void)deadline_ns;
	ld_stream_free(s->stream);
	ld_buf_clear(&s->line);
	ld_buf_clear(&s->answer);
	ld_session_closed(s->handle);
}

static const char *const users[] = { "toy_user", NULL };

LD_DRIVER(toy) = {
	.abi = LD_DRIVER_ABI,
	.name = "toy",
	.summary = "a line out, a line back",
	.users = users,
	.task_fields = task_fields,
	.task_size = sizeof(struct task),
	.worker_size = sizeof(struct worker),
	.session_size = sizeof(struct session),
	.step_size = sizeof(struct step),
	.compile = toy_compile,
	.worker_open = toy_worker_open,
	.open = toy_open,
	.start = toy_start,
	.cancel = toy_cancel,
	.close = toy_close,
	.fresh = toy_fresh,
};
