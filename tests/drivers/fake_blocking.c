/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include <ld/time.h>

#include "drivers/fakes.h"

struct fake_counts fake;

void
fakes_reset(void)
{
	memset(&fake, 0, sizeof(fake));
}

struct task {
	uint64_t nap_ns, dawdle_ns;
	bool fail, deaf;
};

struct session {
	struct ld_session *handle;
	pthread_t opened_on;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct ld_exchange *exchange; /* not yet finished */
	bool inside;                  /* of start() */
	uint64_t canceled;            /* start_ns of the exchange that was */
};

static const struct ld_field task_fields[] = {
	LD_FIELD(DURATION, struct task, nap_ns, "nap", "0",
	    "how long start() blocks"),
	LD_FIELD(DURATION, struct task, dawdle_ns, "dawdle", "0",
	    "how long start() stays after it has finished"),
	LD_FIELD(
	    BOOL, struct task, fail, "fail", "false", "whether it fails then"),
	LD_FIELD(BOOL, struct task, deaf, "deaf", "false",
	    "whether cancel() is ignored"),
	LD_FIELD_END,
};

static enum ld_status
compile(void *run, void *step, const struct ld_task *task,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	(void)run, (void)cc, (void)err;
	atomic_fetch_add(&fake.compiles, 1);
	memcpy(step, task->fields, sizeof(struct task));
	info->request_type = "NAP";
	info->name = "nap";
	info->target = "fake";
	return LD_OK;
}

static enum ld_status
open_session(
    void *session, const struct ld_session_open *how, struct ld_err *err)
{
	struct session *s = session;
	pthread_condattr_t attr;

	(void)err;
	s->handle = how->handle;
	s->opened_on = pthread_self();
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->wake, &attr);
	pthread_condattr_destroy(&attr);
	atomic_fetch_add(&fake.opens, 1);
	atomic_fetch_add(&fake.sessions, 1);
	return LD_OK;
}

void
fake_flies(void)
{
	unsigned now = atomic_fetch_add(&fake.flying, 1) + 1;
	unsigned most = atomic_load(&fake.most_flying);

	while (now > most &&
	       !atomic_compare_exchange_weak(&fake.most_flying, &most, now))
		continue;
}

/* Perhaps before start() came to look. */
static bool
is_canceled(const struct session *s)
{
	return s->canceled == s->exchange->start_ns;
}

/* Returns whether it was woken. */
static bool
nap(struct session *s, const struct task *task)
{
	uint64_t until = ld_now_ns() + task->nap_ns;
	struct timespec at = { .tv_sec = (time_t)(until / LD_NS_PER_S),
		.tv_nsec = (long)(until % LD_NS_PER_S) };
	int rc = 0;

	while (
	    rc == 0 && ld_now_ns() < until && (task->deaf || !is_canceled(s)))
		rc = pthread_cond_timedwait(&s->wake, &s->lock, &at);
	return is_canceled(s) && !task->deaf;
}

static enum ld_status
start(void *session, struct ld_exchange *exchange, struct ld_err *err)
{
	struct session *s = session;
	const struct task *task = exchange->step;
	struct ld_reply reply = { .status = 200, .body = "", .end_ns = 0 };

	(void)err;
	atomic_fetch_add(&fake.starts, 1);
	fake_flies();
	pthread_mutex_lock(&s->lock);
	if (s->exchange != NULL || s->inside ||
	    pthread_equal(pthread_self(), s->opened_on))
		atomic_fetch_add(&fake.breaches, 1);
	s->exchange = exchange;
	s->inside = true;
	if (nap(s, task)) {
		reply.cls = LD_CLASS_TIMEOUT_RESPONSE;
		reply.text = "woken by cancel";
	} else if (task->fail) {
		reply.cls = LD_CLASS_RESET;
		reply.text = "failed as asked";
	}
	if (reply.cls != LD_CLASS_NONE)
		reply.status = -1;
	s->exchange = NULL;
	pthread_mutex_unlock(&s->lock);
	exchange->wire++;
	atomic_fetch_sub(&fake.flying, 1);
	atomic_fetch_add(&fake.finishes, 1);
	ld_exchange_finish(exchange, &reply);
	nanosleep(&(struct timespec){ .tv_nsec = (long)task->dawdle_ns }, NULL);
	pthread_mutex_lock(&s->lock);
	s->inside = false;
	pthread_mutex_unlock(&s->lock);
	return LD_OK;
}

/* Comes just before start() runs, while it does, or when it has finished. */
static void
cancel(void *session, struct ld_exchange *exchange, uint64_t now_ns)
{
	struct session *s = session;

	(void)now_ns;
	atomic_fetch_add(&fake.cancels, 1);
	pthread_mutex_lock(&s->lock);
	if (s->exchange != NULL && s->exchange != exchange)
		atomic_fetch_add(&fake.breaches, 1);
	s->canceled = exchange->start_ns;
	pthread_cond_broadcast(&s->wake);
	pthread_mutex_unlock(&s->lock);
}

static void
close_session(void *session, uint64_t deadline_ns)
{
	struct session *s = session;

	(void)deadline_ns;
	if (s->exchange != NULL || s->inside)
		atomic_fetch_add(&fake.breaches, 1);
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	atomic_fetch_sub(&fake.sessions, 1);
	ld_session_closed(s->handle);
}

static const char *const users[] = { "fake_blocking_user", NULL };

const struct ld_driver fake_blocking = {
	.abi = LD_DRIVER_ABI,
	.name = "fake_blocking",
	.summary = "blocks in start()",
	.users = users,
	.caps = LD_DRIVER_BLOCKING | LD_DRIVER_OFFLINE,
	.task_fields = task_fields,
	.task_size = sizeof(struct task),
	.session_size = sizeof(struct session),
	.step_size = sizeof(struct task),
	.compile = compile,
	.open = open_session,
	.start = start,
	.cancel = cancel,
	.close = close_session,
};
