/* SPDX-License-Identifier: MIT */
/*
 * Bytes to a socket, and what comes back: socket_user.
 *
 * TCP, with TLS or without, unix sockets and UDP.  ld-plan(5) says what a plan
 * may ask for.
 */
#include "config.h"

#include <string.h>

#include "drivers/socket/socket.h"

struct task {
	unsigned protocol; /* enum ldi_socket_protocol */
	const struct ld_template *target, *payload, *expect_substring;
	uint64_t expect_bytes;
	bool keep_open, use_tls;
	struct ld_tls_fields tls;
};

/* In the order of enum ldi_socket_protocol. */
static const char *const protocols[] = { "tcp", "udp", NULL };

static const struct ld_field task_fields[] = {
	{ .name = "protocol",
	    .kind = LD_FIELD_CHOICE,
	    .offset =
		LD_FIELD_OFFSET(struct task, protocol, LD_FIELD_TYPE_CHOICE),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .def = "tcp",
	    .choices = protocols,
	    .help = "what the payload goes by" },
	{ .name = "target",
	    .alias = "host",
	    .kind = LD_FIELD_TEXT,
	    .offset = LD_FIELD_OFFSET(struct task, target, LD_FIELD_TYPE_TEXT),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .def = "127.0.0.1:9000",
	    .help = "where to: HOST:PORT, [IPv6]:PORT, or unix:PATH with tcp" },
	LD_FIELD(TEXT, struct task, payload, "payload", "\"\"",
	    "what is sent; behind \"hex:\" as pairs of hexadecimal digits"),
	LD_FIELD(COUNT, struct task, expect_bytes, "expect_bytes", "0",
	    "bytes of an answer that are read at most; 0 reads none, or with "
	    "expect_substring 16 MiB"),
	LD_FIELD(TEXT, struct task, expect_substring, "expect_substring", NULL,
	    "bytes with which the answer ends; without them it is a failure"),
	LD_FIELD(BOOL, struct task, keep_open, "keep_open", "false",
	    "leave the connection, or the port, open for the user's next task"),
	LD_FIELD(
	    BOOL, struct task, use_tls, "tls", "false", "speak TLS over tcp"),
	LD_TLS_FIELDS(struct task),
	LD_FIELD_END,
};

/* -- the run -------------------------------------------------------------- */

static enum ld_status
run_open(void *run, const struct ld_run_open *how, struct ld_err *err)
{
	struct ldi_socket_run *r = run;

	r->resume = how->config->tls_resume;
	return ld_tls_set_new(how->config, NULL, &r->tls, err);
}

static void
run_close(void *run)
{
	struct ldi_socket_run *r = run;

	ld_tls_set_free(r->tls);
}

static enum ld_status
worker_open(void *worker, void *run, struct ld_loop *loop, struct ld_err *err)
{
	struct ldi_socket_worker *w = worker;

	w->run = run;
	w->loop = loop;
	/* Now, so that no handshake has to wait for it. */
	return ld_tls_set_load(w->run->tls, err);
}

/* -- a task --------------------------------------------------------------- */

static struct ld_node
place(const struct ld_task *task, const char *name, const char *alias)
{
	struct ld_node node = ld_node_get(task->node, name);

	if (node.json == NULL && alias != NULL)
		node = ld_node_get(task->node, alias);
	return node.json != NULL ? node : task->node;
}

static enum ld_status
compile_target(
    struct ldi_socket_step *s, const struct ld_task *task, struct ld_err *err)
{
	const struct task *t = task->fields;
	struct ld_node node = place(task, "target", "host");
	const char *text, *why;
	size_t len;

	s->target = t->target;
	if (!ld_template_constant(t->target, &text, &len))
		return LD_OK;
	why = ldi_socket_target_read(text, len, &s->at);
	if (why != NULL)
		return ld_node_error(node, err, LD_INVALID, "%s", why);
	if (s->at.of_unix && (s->protocol == LDI_SOCKET_UDP || t->use_tls))
		return ld_node_error(node, err, LD_INVALID,
		    "a unix socket goes with tcp, and without TLS");
	return LD_OK;
}

static enum ld_status
compile_payload(struct ldi_socket_step *s, const struct ld_task *task,
    struct ld_compile *cc, struct ld_err *err)
{
	const struct task *t = task->fields;
	struct ld_node node = place(task, "payload", NULL);
	const char *text, *why = NULL;
	char *bytes;

	s->payload = t->payload;
	s->is_hex = ldi_socket_is_hex(t->payload);
	if (!ld_template_constant(t->payload, &text, &s->n_bytes))
		return LD_OK;
	bytes = ld_compile_alloc(cc, s->n_bytes + 1);
	if (bytes == NULL)
		return ld_err_set(err, LD_NOMEM, "payload");
	memcpy(bytes, text, s->n_bytes);
	if (s->is_hex)
		why = ldi_socket_unhex(bytes, &s->n_bytes);
	if (why == NULL && s->protocol == LDI_SOCKET_UDP &&
	    s->n_bytes > LD_DATAGRAM_MAX)
		why = "the payload is too long for a datagram, which holds "
		      "65507 bytes at most";
	s->bytes = bytes;
	return why == NULL ? LD_OK
			   : ld_node_error(node, err, LD_INVALID, "%s", why);
}

static enum ld_status
compile_answer(
    struct ldi_socket_step *s, const struct ld_task *task, struct ld_err *err)
{
	const struct task *t = task->fields;
	const char *text;
	size_t len;

	if (t->expect_bytes > LD_MAX_BODY_KEPT)
		return ld_node_error(place(task, "expect_bytes", NULL), err,
		    LD_INVALID, "'expect_bytes' is at most %zu",
		    (size_t)LD_MAX_BODY_KEPT);
	s->want = t->expect_bytes;
	s->expected = t->expect_substring;
	if (s->expected != NULL &&
	    ld_template_constant(s->expected, &text, &len) && len == 0)
		s->expected = NULL;
	if (s->expected != NULL && s->want == 0)
		s->want = LD_MAX_BODY_KEPT;
	return LD_OK;
}

static enum ld_status
compile_tls(struct ldi_socket_run *r, struct ldi_socket_step *s,
    const struct ld_task *task, struct ld_compile *cc,
    struct ld_step_info *info, struct ld_err *err)
{
	const struct task *t = task->fields;
	enum ld_status st;

	if (!t->use_tls)
		return LD_OK;
	if (s->protocol == LDI_SOCKET_UDP)
		return ld_node_error(place(task, "tls", NULL), err, LD_INVALID,
		    "there is no TLS over udp");
	st = ld_tls_compile(
	    r->tls, &t->tls, cc, &s->tls, &info->tls_unverified, err);
	if (st == LD_OK)
		ld_tls_expect(s->tls);
	return st;
}

static enum ld_status
describe(const struct ldi_socket_step *s, struct ld_compile *cc,
    struct ld_step_info *info, struct ld_err *err)
{
	struct ld_buf text;
	char *name;

	ld_buf_init(&text, LD_MAX_REQUEST_BYTES);
	ld_buf_addf(&text, "%s:%s", protocols[s->protocol],
	    ld_template_shape(s->target));
	name = text.failed ? NULL : ld_compile_strdup(cc, ld_buf_str(&text));
	ld_buf_clear(&text);
	info->request_type = s->protocol == LDI_SOCKET_UDP ? "UDP" : "TCP";
	info->name = info->target = name;
	return name != NULL ? LD_OK : ld_err_set(err, LD_NOMEM, "name");
}

static enum ld_status
compile(void *run, void *step, const struct ld_task *task,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	const struct task *t = task->fields;
	struct ldi_socket_step *s = step;
	enum ld_status st;

	s->protocol = t->protocol;
	s->keep_open = t->keep_open;
	st = compile_target(s, task, err);
	if (st == LD_OK)
		st = compile_payload(s, task, cc, err);
	if (st == LD_OK)
		st = compile_answer(s, task, err);
	if (st == LD_OK)
		st = compile_tls(run, s, task, cc, info, err);
	return st == LD_OK ? describe(s, cc, info, err) : st;
}

static const char *const users[] = { "socket_user", NULL };

LD_DRIVER(socket) = {
	.abi = LD_DRIVER_ABI,
	.name = "socket",
	.summary = "bytes over TCP, TLS, unix sockets and UDP",
	.users = users,
	.task_fields = task_fields,
	.task_size = sizeof(struct task),
	.run_size = sizeof(struct ldi_socket_run),
	.worker_size = sizeof(struct ldi_socket_worker),
	.session_size = sizeof(struct ldi_socket_session),
	.step_size = sizeof(struct ldi_socket_step),
	.run_open = run_open,
	.run_close = run_close,
	.compile = compile,
	.worker_open = worker_open,
	.open = ldi_socket_open,
	.start = ldi_socket_start,
	.cancel = ldi_socket_cancel,
	.close = ldi_socket_close,
	.fresh = ldi_socket_fresh,
};
