/* SPDX-License-Identifier: MIT */
/*
 * The null driver moves no bytes.  Running a plan on it shows what the
 * engine itself costs, and lets tests choose answers without a network:
 * every exchange ends inside start().
 */
#include "config.h"

#include <ld/driver.h>
#include <ld/limits.h>

struct task {
	const struct ld_template *body;
	uint64_t status;
	uint64_t fail_every;
};

struct step {
	const struct ld_template *body; /* NULL = none */
	uint64_t fail_every;
	int32_t status;
};

struct worker {
	struct ld_buf body;
};

struct session {
	struct worker *worker;
	uint64_t started;
};

static const struct ld_field task_fields[] = {
	LD_FIELD(COUNT, struct task, fail_every, "fail_every", "0",
	    "fail each n-th exchange of a user; 0 fails none"),
	LD_FIELD(COUNT, struct task, status, "status", "200",
	    "status of the answer"),
	LD_FIELD(TEXT, struct task, body, "body", NULL, "body of the answer"),
	LD_FIELD_END,
};

static enum ld_status
null_compile(void *run, void *step, const struct ld_task *task,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	const struct task *t = task->fields;
	struct step *s = step;

	(void)run, (void)cc;
	if (t->status > 999)
		return ld_node_error(ld_node_get(task->node, "status"), err,
		    LD_INVALID, "status is a number up to 999");
	s->body = t->body;
	s->fail_every = t->fail_every;
	s->status = (int32_t)t->status;
	info->request_type = "NULL";
	info->name = "null";
	info->target = "null";
	return LD_OK;
}

static enum ld_status
null_worker_open(
    void *worker, void *run, struct ld_loop *loop, struct ld_err *err)
{
	struct worker *w = worker;

	(void)run, (void)loop, (void)err;
	ld_buf_init(&w->body, LD_MAX_BODY_KEPT);
	return LD_OK;
}

static void
null_worker_close(void *worker)
{
	struct worker *w = worker;

	ld_buf_clear(&w->body);
}

static enum ld_status
null_open(void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct session *s = session;

	(void)err;
	s->worker = how->worker;
	return LD_OK;
}

/* The body of a reply; points into the step or the worker's buffer. */
static enum ld_status
answer(const struct step *step, struct worker *worker,
    struct ld_exchange *exchange, struct ld_reply *reply, struct ld_err *err)
{
	enum ld_status st;

	if (step->body == NULL) {
		reply->body = "";
		return LD_OK;
	}
	if (ld_template_constant(step->body, &reply->body, &reply->body_len))
		return LD_OK;
	ld_buf_reset(&worker->body);
	st =
	    ld_template_render(step->body, exchange->scope, &worker->body, err);
	if (st == LD_OK)
		st = ld_buf_status(&worker->body, "body", err);
	reply->body = worker->body.data != NULL ? worker->body.data : "";
	reply->body_len = worker->body.len;
	return st;
}

static enum ld_status
null_start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct session *s = session;
	const struct step *step = exchange->step;
	struct ld_reply reply = { .status = step->status,
		.status_failed = step->status >= 400 };

	if (exchange->needs & LD_NEED_BODY) {
		enum ld_status st =
		    answer(step, s->worker, exchange, &reply, err);

		if (st != LD_OK)
			return st;
	}
	s->started++;
	if (step->fail_every != 0 && s->started % step->fail_every == 0) {
		reply.cls = LD_CLASS_CLOSED_EARLY;
		reply.text = "failed because fail_every asks for it";
		reply.status = -1;
	}
	ld_exchange_finish(exchange, &reply);
	return LD_OK;
}

static void
null_cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	/* start() has finished it already. */
	(void)session, (void)exchange, (void)now_ns;
}

static const char *const users[] = { "null_user", NULL };

LD_DRIVER(null) = {
	.abi = LD_DRIVER_ABI,
	.name = "null",
	.summary = "no I/O: measures the engine itself",
	.users = users,
	.caps = LD_DRIVER_CONCURRENT | LD_DRIVER_OFFLINE,
	.task_fields = task_fields,
	.task_size = sizeof(struct task),
	.worker_size = sizeof(struct worker),
	.session_size = sizeof(struct session),
	.step_size = sizeof(struct step),
	.compile = null_compile,
	.worker_open = null_worker_open,
	.worker_close = null_worker_close,
	.open = null_open,
	.start = null_start,
	.cancel = null_cancel,
};
