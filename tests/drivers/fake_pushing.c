/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <string.h>
#include <uv.h>

#include <ld/time.h>

#include "drivers/fakes.h"

struct task {
	uint64_t after_ns;
	uint64_t push;
	uint64_t linger_ns;
	bool slow_to_cancel;
};

struct worker {
	struct ld_loop *loop;
	pthread_t thread;
	unsigned sessions;
};

struct session {
	struct worker *worker;
	struct ld_session *handle;
	struct ld_exchange *exchange;
	uint64_t linger_ms;
	uint64_t to_push;
	unsigned handles; /* of libuv that are not closed */
	bool closing;
	uv_timer_t answer, push, close;
};

static const struct ld_field task_fields[] = {
	LD_FIELD(DURATION, struct task, after_ns, "after", "0",
	    "when the answer comes; 0 = inside start()"),
	LD_FIELD(COUNT, struct task, push, "push", "0",
	    "messages that each exchange sets off"),
	LD_FIELD(DURATION, struct task, linger_ns, "linger", "5ms",
	    "what closing takes"),
	LD_FIELD(BOOL, struct task, slow_to_cancel, "slow_to_cancel", "false",
	    "whether cancel() finishes late"),
	LD_FIELD_END,
};

static enum ld_status
run_open(void *run, const struct ld_run_open *how, struct ld_err *err)
{
	(void)run, (void)how, (void)err;
	atomic_fetch_add(&fake.runs, 1);
	return LD_OK;
}

static void
run_close(void *run)
{
	(void)run;
	if (atomic_load(&fake.workers) != 0)
		atomic_fetch_add(&fake.breaches, 1);
	atomic_fetch_sub(&fake.runs, 1);
}

static enum ld_status
compile(void *run, void *step, const struct ld_task *task,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	(void)run, (void)cc, (void)err;
	memcpy(step, task->fields, sizeof(struct task));
	info->request_type = "PUSH";
	info->name = "push";
	info->target = "fake";
	return LD_OK;
}

static enum ld_status
worker_open(void *worker, void *run, struct ld_loop *loop, struct ld_err *err)
{
	struct worker *w = worker;

	(void)run, (void)err;
	w->loop = loop;
	w->thread = pthread_self();
	atomic_fetch_add(&fake.workers, 1);
	return LD_OK;
}

static void
worker_close(void *worker)
{
	struct worker *w = worker;

	if (w->sessions != 0)
		atomic_fetch_add(&fake.breaches, 1);
	atomic_fetch_sub(&fake.workers, 1);
}

static void
check_thread(const struct session *s)
{
	if (!pthread_equal(pthread_self(), s->worker->thread))
		atomic_fetch_add(&fake.breaches, 1);
}

static void
init_timer(struct session *s, uv_timer_t *timer)
{
	uv_timer_init(ld_loop_uv(s->worker->loop), timer);
	timer->data = s;
	s->handles++;
}

static enum ld_status
open_session(
    void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct session *s = session;

	(void)err;
	s->worker = how->worker;
	s->handle = how->handle;
	init_timer(s, &s->answer);
	init_timer(s, &s->push);
	init_timer(s, &s->close);
	check_thread(s);
	s->worker->sessions++;
	atomic_fetch_add(&fake.opens, 1);
	atomic_fetch_add(&fake.sessions, 1);
	return LD_OK;
}

static void
finish(struct session *s, enum ld_class cls)
{
	struct ld_exchange *exchange = s->exchange;
	struct ld_reply reply = { .cls = cls,
		.status = cls == LD_CLASS_NONE ? 200 : -1,
		.text = cls == LD_CLASS_NONE ? NULL : "canceled",
		.body = "" };

	s->exchange = NULL;
	atomic_fetch_sub(&fake.flying, 1);
	exchange->wire++;
	atomic_fetch_add(&fake.finishes, 1);
	ld_exchange_finish(exchange, &reply);
}

static void
on_answer(uv_timer_t *timer)
{
	struct session *s = timer->data;

	check_thread(s);
	if (s->exchange == NULL)
		atomic_fetch_add(&fake.breaches, 1);
	else
		finish(s, LD_CLASS_NONE);
}

/* Before, during and after exchanges, until there are enough. */
static void
on_push(uv_timer_t *timer)
{
	struct session *s = timer->data;
	struct ld_message message = { .now_ns = ld_now_ns(),
		.name = "topic",
		.data = "{\"pushed\":true}",
		.len = 15 };

	if (s->to_push-- == 1)
		uv_timer_stop(timer);
	atomic_fetch_add(&fake.messages, 1);
	ld_session_message(s->handle, &message);
}

static enum ld_status
start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct session *s = session;
	const struct task *task = exchange->step;

	(void)err;
	check_thread(s);
	if (s->exchange != NULL || s->closing)
		atomic_fetch_add(&fake.breaches, 1);
	atomic_fetch_add(&fake.starts, 1);
	fake_flies();
	s->exchange = exchange;
	s->linger_ms = task->linger_ns / LD_NS_PER_MS;
	if (task->push > 0) {
		s->to_push += task->push;
		uv_timer_start(&s->push, on_push, 1, 1);
	}
	if (task->after_ns == 0)
		finish(s, LD_CLASS_NONE);
	else
		uv_timer_start(
		    &s->answer, on_answer, task->after_ns / LD_NS_PER_MS, 0);
	return LD_OK;
}

static void
on_late_cancel(uv_timer_t *timer)
{
	finish(timer->data, LD_CLASS_TIMEOUT_RESPONSE);
}

static void
cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	struct session *s = session;
	const struct task *task = exchange->step;

	(void)now_ns;
	check_thread(s);
	if (s->exchange != exchange)
		atomic_fetch_add(&fake.breaches, 1);
	atomic_fetch_add(&fake.cancels, 1);
	uv_timer_stop(&s->answer);
	if (task->slow_to_cancel)
		uv_timer_start(&s->answer, on_late_cancel, 20, 0);
	else
		finish(s, LD_CLASS_TIMEOUT_RESPONSE);
}

static void
on_handle_closed(uv_handle_t *handle)
{
	struct session *s = handle->data;

	if (--s->handles > 0)
		return;
	s->worker->sessions--;
	atomic_fetch_sub(&fake.sessions, 1);
	ld_session_closed(s->handle);
}

static void
on_lingered(uv_timer_t *timer)
{
	struct session *s = timer->data;

	uv_close((uv_handle_t *)&s->answer, on_handle_closed);
	uv_close((uv_handle_t *)&s->push, on_handle_closed);
	uv_close((uv_handle_t *)&s->close, on_handle_closed);
}

static void
close_session(void *session, uint64_t deadline_ns)
{
	struct session *s = session;

	check_thread(s);
	if (s->exchange != NULL || s->closing || deadline_ns == 0)
		atomic_fetch_add(&fake.breaches, 1);
	s->closing = true;
	uv_timer_start(&s->close, on_lingered, s->linger_ms, 0);
}

/* A new user, and nothing of the one before may be under way. */
static void
fresh(void *session)
{
	struct session *s = session;

	check_thread(s);
	if (s->exchange != NULL || s->closing)
		atomic_fetch_add(&fake.breaches, 1);
	atomic_fetch_add(&fake.freshened, 1);
}

static const char *const users[] = { "fake_pushing_user", NULL };

const struct ld_driver fake_pushing = {
	.abi = LD_DRIVER_ABI,
	.name = "fake_pushing",
	.summary = "pushes messages and closes late",
	.users = users,
	.caps = LD_DRIVER_PUSHES | LD_DRIVER_OFFLINE,
	.task_fields = task_fields,
	.task_size = sizeof(struct task),
	.worker_size = sizeof(struct worker),
	.session_size = sizeof(struct session),
	.step_size = sizeof(struct task),
	.run_open = run_open,
	.run_close = run_close,
	.compile = compile,
	.worker_open = worker_open,
	.worker_close = worker_close,
	.open = open_session,
	.fresh = fresh,
	.start = start,
	.cancel = cancel,
	.close = close_session,
};
