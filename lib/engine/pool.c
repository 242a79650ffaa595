/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include <ld/time.h>

#include "engine/worker.h"

struct ldi_pool {
	const struct ld_driver *driver;
	const struct ldi_bind *bind;
	pthread_mutex_t lock;
	pthread_cond_t work, cancels, set_up;
	struct ld_session *queue, **queue_end;
	struct ld_session *cancel;
	bool stopping;
	unsigned ready;      /* threads that are set up */
	struct ld_err error; /* of one that could not be */
	unsigned n;
	pthread_t threads[LDI_POOL_THREADS + 1];
};

static pthread_key_t space_key;
static pthread_once_t space_once = PTHREAD_ONCE_INIT;

static void
space_free(void *space)
{
	ldi_check_space_free(space);
}

static void
space_key_make(void)
{
	pthread_key_create(&space_key, space_free);
}

struct ldi_check_space *
ldi_pool_space(void)
{
	pthread_once(&space_once, space_key_make);
	return pthread_getspecific(space_key);
}

/* Before the first exchange: compiling a jq program takes its time. */
static void
set_up(struct ldi_pool *pool)
{
	struct ldi_check_space *space;
	struct ld_err err = LD_ERR_INIT;
	enum ld_status st = ldi_check_space_new(pool->bind, &space, &err);

	pthread_once(&space_once, space_key_make);
	if (st == LD_OK && pthread_setspecific(space_key, space) != 0) {
		ldi_check_space_free(space);
		st = ld_err_set(&err, LD_NOMEM, "a thread of the pool");
	}
	pthread_mutex_lock(&pool->lock);
	if (st != LD_OK)
		pool->error = err;
	pool->ready++;
	pthread_cond_signal(&pool->set_up);
	pthread_mutex_unlock(&pool->lock);
}

/* -- handing back --------------------------------------------------------- */

static void
hand_back(struct ld_session *s)
{
	struct ldi_worker *w = s->worker;

	/* Woken under the lock: once the worker has taken its last session it
	 * may be gone, and its loop with it. */
	pthread_mutex_lock(&w->done_lock);
	s->job.next = NULL;
	*w->done_end = s;
	w->done_end = &s->job.next;
	ldi_worker_wake(w);
	pthread_mutex_unlock(&w->done_lock);
}

static void
drop_hold(struct ld_session *s)
{
	struct ldi_pool *pool = s->job.pool;
	bool over;

	pthread_mutex_lock(&pool->lock);
	over = --s->job.holds == 0;
	pthread_mutex_unlock(&pool->lock);
	if (over)
		hand_back(s);
}

bool
ldi_pool_may_judge(struct ld_session *s)
{
	struct ldi_pool *pool = s->job.pool;
	bool may;

	pthread_mutex_lock(&pool->lock);
	may = s->job.state == LDI_JOB_RUNNING;
	if (may)
		s->job.state = LDI_JOB_JUDGING;
	pthread_mutex_unlock(&pool->lock);
	return may;
}

void
ldi_pool_finished(struct ld_session *s)
{
	drop_hold(s);
}

/* -- the threads ---------------------------------------------------------- */

static void
run_start(struct ldi_pool *pool, struct ld_session *s)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_reply reply = { .cls = LD_CLASS_INTERNAL, .status = -1 };
	enum ld_status st;

	s->x.phase_ns[LD_PHASE_WAIT] = ld_now_ns() - s->x.start_ns;
	st = pool->driver->start(s->driver_session, &s->x, &err);
	if (st == LD_OK)
		return;
	if (st == LD_INVALID)
		reply.cls = LD_CLASS_VALUE;
	else if (st == LD_NOMEM)
		reply.cls = LD_CLASS_LOCAL_MEMORY;
	reply.text = err.text;
	ld_exchange_finish(&s->x, &reply);
}

static void *
pool_main(void *opaque)
{
	struct ldi_pool *pool = opaque;

	pthread_setname_np(pthread_self(), "ld-pool");
	set_up(pool);
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		struct ld_session *s = pool->queue;

		if (s == NULL) {
			if (pool->stopping)
				break;
			pthread_cond_wait(&pool->work, &pool->lock);
			continue;
		}
		pool->queue = s->job.next;
		if (pool->queue == NULL)
			pool->queue_end = &pool->queue;
		s->job.state = LDI_JOB_RUNNING;
		pthread_mutex_unlock(&pool->lock);
		if (s->job.close)
			pool->driver->close(s->driver_session, s->job.at_ns);
		else
			run_start(pool, s);
		drop_hold(s);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void *
cancel_main(void *opaque)
{
	struct ldi_pool *pool = opaque;

	pthread_setname_np(pthread_self(), "ld-cancel");
	set_up(pool);
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		struct ld_session *s = pool->cancel;
		uint64_t now_ns;

		if (s == NULL) {
			if (pool->stopping)
				break;
			pthread_cond_wait(&pool->cancels, &pool->lock);
			continue;
		}
		pool->cancel = s->job.next_cancel;
		now_ns = s->job.at_ns;
		pthread_mutex_unlock(&pool->lock);
		pool->driver->cancel(s->driver_session, &s->x, now_ns);
		drop_hold(s);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* -- from the worker ------------------------------------------------------ */

static void
enqueue(struct ldi_pool *pool, struct ld_session *s)
{
	pthread_mutex_lock(&pool->lock);
	s->job.in_pool = true;
	s->job.state = LDI_JOB_QUEUED;
	s->job.holds = 2;
	s->job.next = NULL;
	s->job.pool = pool;
	*pool->queue_end = s;
	pool->queue_end = &s->job.next;
	pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

void
ldi_pool_start(struct ldi_pool *pool, struct ld_session *s)
{
	s->job.close = false;
	enqueue(pool, s);
}

void
ldi_pool_close(
    struct ldi_pool *pool, struct ld_session *s, uint64_t deadline_ns)
{
	s->job.close = true;
	s->job.at_ns = deadline_ns;
	enqueue(pool, s);
}

static void
unqueue(struct ldi_pool *pool, struct ld_session *s)
{
	struct ld_session **at = &pool->queue;

	while (*at != s)
		at = &(*at)->job.next;
	*at = s->job.next;
	if (*at == NULL)
		pool->queue_end = at;
	s->job.state = LDI_JOB_NONE;
	s->job.in_pool = false;
}

bool
ldi_pool_cancel(struct ldi_pool *pool, struct ld_session *s, uint64_t now_ns)
{
	struct ld_reply reply = {
		.cls = LD_CLASS_TIMEOUT_WAIT,
		.text = "no thread came free in time",
		.status = -1,
		.end_ns = now_ns,
	};
	bool waiting = false, lost = false;

	pthread_mutex_lock(&pool->lock);
	if (s->job.state == LDI_JOB_QUEUED) {
		unqueue(pool, s);
		waiting = true;
	} else if (s->job.state == LDI_JOB_RUNNING) {
		s->job.state = LDI_JOB_LOST;
		s->job.holds++;
		s->job.at_ns = now_ns;
		s->job.next_cancel = pool->cancel;
		pool->cancel = s;
		pthread_cond_signal(&pool->cancels);
		lost = true;
	}
	pthread_mutex_unlock(&pool->lock);
	if (waiting) {
		s->x.phase_ns[LD_PHASE_WAIT] = now_ns - s->x.start_ns;
		ld_exchange_finish(&s->x, &reply);
	}
	return !lost;
}

/* -- life ----------------------------------------------------------------- */

static enum ld_status
start_threads(struct ldi_pool *pool, unsigned want, struct ld_err *err)
{
	sigset_t all, before;
	int rc = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (; rc == 0 && pool->n < want + 1; pool->n += rc == 0)
		rc = pthread_create(&pool->threads[pool->n], NULL,
		    pool->n == 0 ? cancel_main : pool_main, pool);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0)
		return ld_err_errno(err, rc,
		    "a pool of %u threads for the driver '%s'", want,
		    pool->driver->name);
	return LD_OK;
}

static enum ld_status
wait_set_up(struct ldi_pool *pool, struct ld_err *err)
{
	enum ld_status st;

	pthread_mutex_lock(&pool->lock);
	while (pool->ready < pool->n)
		pthread_cond_wait(&pool->set_up, &pool->lock);
	st = pool->error.status;
	if (st != LD_OK && err != NULL)
		*err = pool->error;
	pthread_mutex_unlock(&pool->lock);
	return st;
}

enum ld_status
ldi_pool_new(const struct ld_program *program, uint64_t users,
    struct ldi_pool **out, struct ld_err *err)
{
	struct ldi_pool *pool = calloc(1, sizeof(*pool));
	unsigned want =
	    users < LDI_POOL_THREADS ? (unsigned)users : LDI_POOL_THREADS;
	enum ld_status st;

	*out = NULL;
	if (pool == NULL)
		return ld_err_set(err, LD_NOMEM, "a pool of threads");
	pool->driver = program->driver;
	pool->bind = program->bind;
	pool->queue_end = &pool->queue;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->cancels, NULL);
	pthread_cond_init(&pool->set_up, NULL);
	st = start_threads(pool, want, err);
	if (st == LD_OK)
		st = wait_set_up(pool, err);
	if (st != LD_OK)
		ldi_pool_free(pool);
	else
		*out = pool;
	return st;
}

void
ldi_pool_free(struct ldi_pool *pool)
{
	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->work);
	pthread_cond_broadcast(&pool->cancels);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->n; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->work);
	pthread_cond_destroy(&pool->cancels);
	pthread_cond_destroy(&pool->set_up);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
