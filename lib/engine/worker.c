/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <ld/time.h>

#include "data/ledger.h"
#include "engine/worker.h"

/* Starts between two looks at the sockets: bounded, so that a driver that
 * finishes inside start() cannot keep the loop to itself. */
#define STARTS_PER_TURN 256

void
ldi_worker_wake(struct ldi_worker *w)
{
	uv_async_send(&w->wake);
}

/* -- what is due ---------------------------------------------------------- */

static void
fire_timers(struct ldi_worker *w, uint64_t now_ns)
{
	struct ldi_timer *timer;

	while ((timer = ldi_heap_top(&w->heap)) != NULL &&
	       timer->due_ns <= now_ns) {
		size_t off = offsetof(struct ld_session, timer);

		ldi_session_wake(w,
		    (struct ld_session *)(void *)((char *)timer - off), now_ns);
	}
}

static void
start_ready(struct ldi_worker *w)
{
	for (int i = 0; i < STARTS_PER_TURN && w->ready != NULL; i++) {
		struct ld_session *s = w->ready;

		w->ready = s->next;
		if (w->ready == NULL)
			w->ready_end = &w->ready;
		ldi_exchange_start(w, s);
	}
}

static void
take_done(struct ldi_worker *w)
{
	struct ld_session *s, *next;

	pthread_mutex_lock(&w->done_lock);
	s = w->done;
	w->done = NULL;
	w->done_end = &w->done;
	pthread_mutex_unlock(&w->done_lock);
	for (; s != NULL; s = next) {
		next = s->job.next;
		s->job.in_pool = false;
		s->job.state = LDI_JOB_NONE;
		if (s->state == LDI_SESSION_CLOSING)
			ldi_session_gone(w, s);
		else
			ldi_exchange_over(w, s);
	}
}

/* -- stopping ------------------------------------------------------------- */

void
ldi_worker_count_unstarted(struct ldi_worker *w, uint32_t task, uint64_t at_ns,
    enum ld_not_started why)
{
	uint32_t series = w->run->program->steps[task].series;
	struct ldi_cell *cell = &ldi_worker_tally(w, at_ns)->cells[series];

	cell->used = true;
	cell->ledger.planned++;
	cell->ledger.not_started[why]++;
}

bool
ldi_worker_came_due(const struct ldi_worker *w, uint64_t at_ns)
{
	return at_ns <= w->stop_ns && at_ns < w->run->end_ns;
}

/* A start that was due but will not happen is in the ledger all the same. */
static void
stop_session(struct ldi_worker *w, struct ld_session *s)
{
	if (s->state == LDI_SESSION_READY ||
	    (s->state == LDI_SESSION_WAITING &&
		ldi_worker_came_due(w, s->intended_ns)))
		ldi_worker_count_unstarted(
		    w, s->task, w->stop_ns, LD_NOT_STARTED_STOPPED);
	if (s->state == LDI_SESSION_READY || s->state == LDI_SESSION_WAITING)
		ldi_session_stop(w, s);
}

static void
stop_starting(struct ldi_worker *w, uint64_t now_ns)
{
	uint64_t from_ns = now_ns < w->run->end_ns ? now_ns : w->run->end_ns;

	w->stopping = true;
	w->stop_ns = now_ns;
	w->grace_end_ns = ldi_plus(from_ns, w->run->program->config->grace_ns);
	w->ready = NULL;
	w->ready_end = &w->ready;
	for (uint64_t i = 0; i < w->next_session; i++)
		stop_session(w, ldi_session_at(w, i));
	w->run->model->stop(w);
}

static void
cut_flying(struct ldi_worker *w, uint64_t now_ns)
{
	w->cut = true;
	for (uint64_t i = 0; i < w->n_sessions; i++)
		ldi_exchange_cut(w, ldi_session_at(w, i), now_ns, true);
}

static void
check_stop(struct ldi_worker *w, uint64_t now_ns)
{
	int stop = atomic_load_explicit(&w->run->stop, memory_order_relaxed);

	if (!w->stopping &&
	    (stop > 0 || now_ns >= w->run->model->stop_ns(w->run)))
		stop_starting(w, now_ns);
	if (w->stopping && !w->cut && w->flying > 0 &&
	    (stop > 1 || now_ns >= w->grace_end_ns))
		cut_flying(w, now_ns);
}

/* -- the loop ------------------------------------------------------------- */

static uint64_t
next_due_ns(const struct ldi_worker *w)
{
	const struct ldi_timer *timer = ldi_heap_top(&w->heap);
	uint64_t due_ns = ldi_worker_turn_due(w);
	uint64_t start_ns = w->run->model->due_ns(w);
	uint64_t stop_ns = w->run->model->stop_ns(w->run);

	if (timer != NULL && timer->due_ns < due_ns)
		due_ns = timer->due_ns;
	if (start_ns < due_ns)
		due_ns = start_ns;
	if (!w->stopping && stop_ns < due_ns)
		due_ns = stop_ns;
	if (w->stopping && !w->cut && w->flying > 0 && w->grace_end_ns < due_ns)
		due_ns = w->grace_end_ns;
	return due_ns;
}

/* libuv's own timers tick in milliseconds; this one is absolute and exact.
 * It is set again only when it would fire too late: one that fires too early
 * costs a wake-up, setting it for each request would cost a system call. */
static void
arm(struct ldi_worker *w, uint64_t now_ns, uint64_t due_ns)
{
	struct itimerspec spec = { 0 };

	if (w->armed_ns > now_ns && w->armed_ns <= due_ns)
		return;
	spec.it_value.tv_sec = (time_t)(due_ns / LD_NS_PER_S);
	spec.it_value.tv_nsec = (long)(due_ns % LD_NS_PER_S);
	timerfd_settime(w->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
	w->armed_ns = due_ns;
}

void
ldi_worker_stir(struct ldi_worker *w)
{
	if (w->polling)
		uv_stop(ld_loop_uv(w->loop));
}

static bool
has_ended(const struct ldi_worker *w)
{
	return w->open_sessions == 0 && w->run->model->due_ns(w) == UINT64_MAX;
}

static void
send_loop(struct ldi_worker *w)
{
	uv_loop_t *loop = ld_loop_uv(w->loop);
	const struct ldi_model *model = w->run->model;

	while (!has_ended(w)) {
		uint64_t now_ns = ld_now_ns(), due_ns;
		uv_run_mode mode = UV_RUN_ONCE;

		take_done(w);
		ldi_worker_turn(w, now_ns);
		check_stop(w, now_ns);
		model->start(w, now_ns);
		fire_timers(w, now_ns);
		start_ready(w);
		due_ns = next_due_ns(w);
		if (has_ended(w))
			break;
		if (w->ready != NULL || due_ns <= now_ns ||
		    w->run->options->spin)
			mode = UV_RUN_NOWAIT;
		else
			arm(w, now_ns, due_ns);
		w->polled_ns = now_ns;
		w->polling = true;
		uv_run(loop, mode);
		w->polling = false;
	}
}

/* -- setting up ----------------------------------------------------------- */

static void
on_timer(uv_poll_t *poll, int status, int events)
{
	struct ldi_worker *w = poll->data;
	uint64_t expirations;

	(void)status, (void)events;
	(void)!read(w->timer_fd, &expirations, sizeof(expirations));
	w->armed_ns = 0;
}

static void
on_wake(uv_async_t *async)
{
	(void)async; /* the loop has come round: that is all */
}

static enum ld_status
open_handles(struct ldi_worker *w, struct ld_err *err)
{
	enum ld_status st = ld_loop_new(&w->loop, err);
	uv_loop_t *loop;

	if (st != LD_OK)
		return st;
	ld_loop_pin(w->loop, w->run->program->pins);
	loop = ld_loop_uv(w->loop);
	w->timer_fd =
	    timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (w->timer_fd < 0)
		return ld_err_errno(err, errno, "a timer");
	if (uv_async_init(loop, &w->wake, on_wake) != 0 ||
	    uv_poll_init(loop, &w->timer_poll, w->timer_fd) != 0)
		return ld_err_set(err, LD_IO, "an event loop for a thread");
	w->handles = 2;
	w->timer_poll.data = w->wake.data = w;
	uv_poll_start(&w->timer_poll, UV_READABLE, on_timer);
	return LD_OK;
}

static size_t
aligned(size_t size)
{
	size_t unit = _Alignof(max_align_t);

	return (size + unit - 1) / unit * unit;
}

/* Room for all; each is made when it is first used. */
static enum ld_status
make_room(struct ldi_worker *w, struct ld_err *err)
{
	const struct ldi_run *run = w->run;
	const struct ld_driver *driver = run->program->driver;
	uint64_t all = run->model->sessions(run->program->config);

	w->session_offset = aligned(sizeof(struct ld_session));
	w->exchange_offset = w->session_offset + aligned(driver->session_size);
	w->stride = w->exchange_offset + aligned(driver->exchange_size);
	w->n_sessions = all > w->index
			    ? (all - w->index + run->threads - 1) / run->threads
			    : 0;
	w->slab = calloc(w->n_sessions == 0 ? 1 : w->n_sessions, w->stride);
	if (w->slab == NULL)
		return ld_err_set(err, LD_NOMEM, "%llu sessions",
		    (unsigned long long)w->n_sessions);
	return ldi_heap_init(&w->heap, w->n_sessions, err);
}

static enum ld_status
make_books(struct ldi_worker *w, struct ld_err *err)
{
	uint32_t n = w->run->program->n_series;

	ld_buf_init(&w->line, LDI_CHUNK_BYTES);
	w->hists = ld_hist_pool_new();
	w->in_flight = calloc(n, sizeof(*w->in_flight));
	if (w->hists == NULL || w->in_flight == NULL ||
	    ld_hist_pool_fill(w->hists, 64) != LD_OK)
		return ld_err_set(err, LD_NOMEM, "the books of a thread");
	w->tally = ldi_tally_new(n, w->hists);
	if (w->tally == NULL)
		return ld_err_set(err, LD_NOMEM, "the books of a thread");
	return ldi_check_space_new(w->run->program->bind, &w->space, err);
}

static enum ld_status
set_up(struct ldi_worker *w, struct ld_err *err)
{
	const struct ld_program *program = w->run->program;
	const struct ld_driver *driver = program->driver;
	enum ld_status st = open_handles(w, err);

	if (st == LD_OK)
		st = make_room(w, err);
	if (st == LD_OK)
		st = make_books(w, err);
	if (st == LD_OK && driver->worker_size > 0) {
		w->driver_worker = calloc(1, driver->worker_size);
		if (w->driver_worker == NULL)
			st = ld_err_set(err, LD_NOMEM, "the driver's worker");
	}
	if (st == LD_OK && driver->worker_open != NULL)
		st = driver->worker_open(
		    w->driver_worker, program->run_block, w->loop, err);
	w->driver_opened = st == LD_OK;
	return st;
}

static void
on_handle_closed(uv_handle_t *handle)
{
	struct ldi_worker *w = handle->data;

	w->handles--;
}

/* Only our own: the loop closes what streams left on it. */
static void
close_handles(struct ldi_worker *w)
{
	if (w->handles == 0)
		return;
	uv_close((uv_handle_t *)&w->timer_poll, on_handle_closed);
	uv_close((uv_handle_t *)&w->wake, on_handle_closed);
	while (w->handles > 0)
		uv_run(ld_loop_uv(w->loop), UV_RUN_NOWAIT);
}

static void
tear_down(struct ldi_worker *w)
{
	const struct ld_driver *driver = w->run->program->driver;

	if (w->driver_opened && driver->worker_close != NULL)
		driver->worker_close(w->driver_worker);
	free(w->driver_worker);
	close_handles(w);
	ld_loop_free(w->loop);
	if (w->timer_fd >= 0)
		close(w->timer_fd);
	for (uint64_t i = 0; w->slab != NULL && i < w->n_sessions; i++) {
		struct ld_session *s = ldi_session_at(w, i);

		ldi_scope_free(s->scope);
		free(s->verdict.text);
	}
	free(w->slab);
	ldi_heap_clear(&w->heap);
	ldi_check_space_free(w->space);
	free(w->in_flight);
	ld_buf_clear(&w->line);
	ldi_tally_free(w->before);
	ldi_tally_free(w->tally);
}

static void
report_failure(struct ldi_run *run, const struct ld_err *err)
{
	pthread_mutex_lock(&run->lock);
	run->error = *err;
	pthread_mutex_unlock(&run->lock);
	atomic_store(&run->failed, true);
}

static int
wait_at_gate(struct ldi_run *run, int level)
{
	pthread_mutex_lock(&run->lock);
	while (run->gate < level)
		pthread_cond_wait(&run->gate_opened, &run->lock);
	level = run->gate;
	pthread_mutex_unlock(&run->lock);
	return level;
}

void *
ldi_worker_main(void *opaque)
{
	struct ldi_worker *w = opaque;
	struct ldi_run *run = w->run;
	struct ld_err err = LD_ERR_INIT;

	char name[16];

	/* For top -H and perf: who of us uses the processor. */
	snprintf(name, sizeof(name), "ld-send-%u", w->index % 10000000);
	pthread_setname_np(pthread_self(), name);
	w->timer_fd = -1;
	w->ready_end = &w->ready;
	w->done_end = &w->done;
	if (set_up(w, &err) != LD_OK)
		report_failure(run, &err);
	sem_post(&run->news);
	if (wait_at_gate(run, LDI_GATE_SEND) == LDI_GATE_SEND) {
		w->cpu_mark_ns = ld_thread_cpu_ns();
		run->model->begin(w);
		send_loop(w);
		ldi_worker_close_books(w, ld_now_ns());
	}
	atomic_fetch_add(&run->ended, 1);
	sem_post(&run->news);
	/* The writer may still hold tallies whose blocks are this thread's
	 * pool's; the gate opens again when it is done with them. */
	wait_at_gate(run, LDI_GATE_LEAVE);
	tear_down(w);
	return NULL;
}
