/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ld/buf.h>
#include <ld/rng.h>
#include <ld/time.h>

#include "engine/frame.h"
#include "engine/pace.h"
#include "engine/seconds.h"
#include "engine/worker.h"
#include "plan/arrival.h"

/* How often the main thread looks after a run: often enough that a reader
 * that left or a signal is seen within a second, many times over. */
#define CLOCK_READS 10
#define LOOK_NS (50 * LD_NS_PER_MS)

/* -- before --------------------------------------------------------------- */

static enum ld_status
make_heads(struct ldi_run *run, struct ld_err *err)
{
	const struct ld_program *p = run->program;

	run->heads = calloc(p->n_steps, sizeof(*run->heads));
	if (run->heads == NULL)
		return ld_err_set(err, LD_NOMEM, "sample heads");
	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct ld_sample constant = {
			.run = { run->run_id, strlen(run->run_id) },
			.series = p->series[p->steps[i].series],
			.open_model = p->config->arrivals.given,
			.task = i,
		};
		enum ld_status st =
		    ld_sample_head_init(&run->heads[i], &constant, err);

		if (st != LD_OK)
			return st;
	}
	return LD_OK;
}

static enum ld_status
make_ports(struct ldi_run *run, struct ld_err *err)
{
	run->ports = aligned_alloc(
	    _Alignof(struct ldi_port), run->threads * sizeof(*run->ports));
	if (run->ports == NULL)
		return ld_err_set(err, LD_NOMEM, "ports");
	memset(run->ports, 0, run->threads * sizeof(*run->ports));
	for (unsigned i = 0; i < run->threads; i++) {
		enum ld_status st = ldi_port_init(&run->ports[i], err);

		if (st != LD_OK)
			return st;
	}
	run->stream.ports = run->ports;
	run->stream.n_ports = run->threads;
	run->stream.run_id = run->run_id;
	run->stream.user_type = run->program->config->user;
	run->stream.series = run->program->series;
	run->stream.n_series = run->program->n_series;
	run->stream.open_model = run->program->config->arrivals.given;
	return LD_OK;
}

/* Starts the threads; each waits at the gate. */
static enum ld_status
start_workers(struct ldi_run *run, struct ld_err *err)
{
	sigset_t all, before;
	int rc = 0;

	run->workers = calloc(run->threads, sizeof(*run->workers));
	if (run->workers == NULL)
		return ld_err_set(err, LD_NOMEM, "threads");
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (run->n_workers < run->threads && rc == 0) {
		struct ldi_worker *w = &run->workers[run->n_workers];

		w->run = run;
		w->index = run->n_workers;
		w->port = &run->ports[w->index];
		pthread_mutex_init(&w->done_lock, NULL);
		rc = pthread_create(&w->thread, NULL, ldi_worker_main, w);
		run->n_workers += rc == 0;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc == 0)
		return LD_OK;
	return ld_err_errno(
	    err, rc, "thread %u of %u", run->n_workers + 1, run->threads);
}

/* Let the threads go on to `level`: LDI_GATE_SEND or LDI_GATE_LEAVE. */
static void
open_gate(struct ldi_run *run, int level)
{
	pthread_mutex_lock(&run->lock);
	run->gate = level;
	pthread_cond_broadcast(&run->gate_opened);
	pthread_mutex_unlock(&run->lock);
}

static void
join_workers(struct ldi_run *run)
{
	open_gate(run, LDI_GATE_LEAVE);
	for (unsigned i = 0; i < run->n_workers; i++) {
		pthread_join(run->workers[i].thread, NULL);
		pthread_mutex_destroy(&run->workers[i].done_lock);
	}
}

/* -- during --------------------------------------------------------------- */

static void
tell_stop(struct ldi_run *run, int stop)
{
	if (atomic_load(&run->stop) >= stop)
		return;
	atomic_store(&run->stop, stop);
	for (unsigned i = 0; i < run->threads; i++)
		ldi_worker_wake(&run->workers[i]);
}

static void
wait_a_little(struct ldi_run *run)
{
	uint64_t until_ns = ld_now_ns() + LOOK_NS;
	struct timespec until = {
		.tv_sec = (time_t)(until_ns / LD_NS_PER_S),
		.tv_nsec = (long)(until_ns % LD_NS_PER_S),
	};

	while (sem_clockwait(&run->news, CLOCK_MONOTONIC, &until) != 0 &&
	       errno == EINTR)
		;
}

struct watch {
	const char *reason; /* why it is to stop; NULL = nothing said so */
	bool ramp_told, missed_told, reason_told, journal_told;
};

/* When the load has reached what it is to be; UINT64_MAX: no ramp. */
static uint64_t
ramp_ns(const struct ld_config *config)
{
	if (config->arrivals.given)
		return ldi_arrival_span_ns(&config->arrivals);
	return ldi_pace_user_start_ns(
	    config->user_count - 1, config->spawn_rate);
}

static void
look_for_stop(struct ldi_run *run, struct watch *watch)
{
	struct ld_control *control = run->options->control;
	int stop = control == NULL ? 0 : atomic_load(&control->stop);

	if (stop > 0) {
		const char *why = atomic_load(&control->reason);

		if (watch->reason == NULL)
			watch->reason = why != NULL ? why : "stopped";
		tell_stop(run, stop);
	}
	if (ld_writer_broken(run->writer)) {
		if (watch->reason == NULL)
			watch->reason = ldi_writer_reader_left(run->writer)
					    ? "reader"
					    : "output";
		tell_stop(run, 2);
	}
}

/* Of each source once, in the order in which the plan uses them. */
static void
tell_exhausted(struct ldi_run *run)
{
	const struct ldi_bind *bind = run->program->bind;

	for (uint32_t i = 0; i < ldi_bind_n_csvs(bind); i++) {
		int state = LDI_CSV_ENDED;

		if (atomic_compare_exchange_strong(
			&run->csv_ended[i], &state, LDI_CSV_TOLD))
			ldi_frame_exhausted(run, ldi_bind_csv_name(bind, i),
			    ldi_bind_csv_rows(bind, i));
	}
}

static void
tell_events(struct ldi_run *run, struct watch *watch)
{
	const struct ld_config *config = run->program->config;
	uint64_t elapsed_ns = ld_now_ns() - run->t0_ns;
	uint64_t missed = atomic_load(&run->missed);
	uint64_t full_ns = ramp_ns(config);

	if (!watch->ramp_told && elapsed_ns >= full_ns &&
	    full_ns <= run->end_ns - run->t0_ns) {
		watch->ramp_told = true;
		if (config->arrivals.given)
			ldi_frame_event(run, "ramp_done", NULL, 0);
		else
			ldi_frame_event(
			    run, "ramp_done", "users", config->user_count);
	}
	if (!watch->missed_told && missed > 0) {
		watch->missed_told = true;
		ldi_frame_event(
		    run, "saturated", "sessions", config->arrivals.limit);
	}
	tell_exhausted(run);
	if (!watch->journal_told &&
	    ld_writer_journal_failed(run->writer, NULL)) {
		watch->journal_told = true;
		ldi_frame_event(run, "journal_failed", NULL, 0);
	}
	if (!watch->reason_told && watch->reason != NULL) {
		watch->reason_told = true;
		ldi_frame_event(run, watch->reason, NULL, 0);
	}
}

/* One behind the other: when something else ran between two of them, they
 * would not be of one moment, and are read again. */
static struct ldi_clocks
read_clocks(void)
{
	struct ldi_clocks now;

	for (int i = 0; i < CLOCK_READS; i++) {
		now.monotonic = ld_now_ns();
		now.boot = ld_boot_ns();
		now.wall = ld_wall_ns();
		if (ld_now_ns() - now.monotonic < LD_NS_PER_MS)
			break;
	}
	return now;
}

static void
look_at_clocks(struct ldi_run *run)
{
	struct ldi_clocks now = read_clocks();
	struct ldi_clocknews news = ldi_clockwatch_look(&run->clocks, &now);

	if (news.suspend_ns > 0)
		ldi_frame_event(
		    run, "suspended", "suspended_ns", news.suspend_ns);
	if (news.step_ns > 0)
		ldi_frame_event(run, "clock_step", "step_ns", news.step_ns);
	if (news.stall_ns > 0)
		ldi_frame_event(run, "stalled", "stalled_ns", news.stall_ns);
}

static void
watch_over(struct ldi_run *run, struct watch *watch)
{
	struct ldi_clocks now = read_clocks();

	ldi_clockwatch_begin(&run->clocks, &now, LOOK_NS);
	while (atomic_load(&run->ended) < run->threads) {
		wait_a_little(run);
		look_at_clocks(run);
		look_for_stop(run, watch);
		tell_events(run, watch);
	}
	tell_events(run, watch); /* what came with the very end */
}

/* Did all that `passes` asks for come?  The workers have ended. */
static bool
is_complete(const struct ldi_run *run)
{
	bool complete = run->program->config->passes > 0;

	if (run->program->config->arrivals.given)
		for (unsigned i = 0; i < run->threads; i++)
			complete =
			    complete && run->workers[i].open.schedule.complete;
	return complete;
}

static const char *
why_it_ended(
    const struct ldi_run *run, const struct watch *watch, uint64_t duration_ns)
{
	if (watch->reason != NULL)
		return watch->reason;
	if (run->t0_ns + duration_ns >= run->end_ns)
		return "time";
	if (atomic_load(&run->rows_ended) > 0)
		return "csv";
	return is_complete(run) ? "passes" : "schedule";
}

static enum ld_status
send_all(struct ldi_run *run, struct ld_run_result *result, struct ld_err *err)
{
	struct watch watch = { 0 };
	enum ld_status st = LD_OK;

	for (unsigned i = 0; i < run->threads; i++)
		while (sem_wait(&run->news) != 0 && errno == EINTR)
			;
	if (atomic_load(&run->failed)) {
		*err = run->error;
		st = err->status;
	}
	if (st == LD_OK)
		st = ldi_frame_begin(run, err);
	if (st != LD_OK)
		return st;
	open_gate(run, LDI_GATE_SEND);
	watch_over(run, &watch);
	result->duration_ns = ld_now_ns() - run->t0_ns;
	ldi_writer_detach(run->writer, &run->stream);
	result->reason = why_it_ended(run, &watch, result->duration_ns);
	result->connected =
	    atomic_load(&run->answered) || run->stream.ledger.wire > 0;
	return ldi_frame_end(run, result, err);
}

/* -- after ---------------------------------------------------------------- */

static void
run_clear(struct ldi_run *run, char *run_id)
{
	ldi_pool_free(run->pool);
	for (unsigned i = 0; run->ports != NULL && i < run->threads; i++)
		ldi_port_clear(&run->ports[i]);
	free(run->ports);
	for (unsigned i = 0; run->workers != NULL && i < run->threads; i++)
		ld_hist_pool_free(run->workers[i].hists);
	free(run->workers);
	for (uint32_t i = 0; run->heads != NULL && i < run->program->n_steps;
	     i++)
		ld_sample_head_clear(&run->heads[i]);
	free(run->heads);
	free(run->csv_ended);
	ldi_seconds_clear(&run->stream);
	sem_destroy(&run->news);
	pthread_cond_destroy(&run->gate_opened);
	pthread_mutex_destroy(&run->lock);
	free(run_id);
}

static char *
make_run_id(void)
{
	char *id = malloc(17);

	if (id != NULL)
		snprintf(id, 17, "%016" PRIx64, ld_rng_seed());
	return id;
}

static unsigned
thread_count(const struct ld_program *program, unsigned asked)
{
	const struct ld_config *config = program->config;
	uint64_t sessions = ldi_model_of(config)->sessions(config);
	unsigned n = asked > 0 ? asked : ld_cores();

	if (n > sessions)
		n = sessions > 0 ? (unsigned)sessions : 1;
	return n;
}

static enum ld_status
prepare(struct ldi_run *run, struct ld_err *err)
{
	const struct ld_program *p = run->program;
	enum ld_status st = make_heads(run, err);

	run->csv_ended =
	    calloc(ldi_bind_n_csvs(p->bind) + 1, sizeof(*run->csv_ended));
	if (st == LD_OK && run->csv_ended == NULL)
		st = ld_err_set(err, LD_NOMEM, "CSV sources");
	if (st == LD_OK)
		st = make_ports(run, err);
	if (st == LD_OK && (p->driver->caps & LD_DRIVER_BLOCKING) != 0)
		st = ldi_pool_new(
		    p, run->model->sessions(p->config), &run->pool, err);
	return st;
}

enum ld_status
ld_run(struct ld_program *program, struct ld_writer *writer,
    const struct ld_run_options *options, struct ld_run_result *result_out,
    struct ld_err *err)
{
	struct ldi_run run = {
		.program = program,
		.model = ldi_model_of(program->config),
		.options = options,
		.writer = writer,
	};
	char *own_id = options->run_id == NULL ? make_run_id() : NULL;
	enum ld_status st;

	memset(result_out, 0, sizeof(*result_out));
	run.run_id = own_id != NULL ? own_id : options->run_id;
	if (run.run_id == NULL)
		return ld_err_set(err, LD_NOMEM, "a run id");
	run.threads = thread_count(program, options->threads);
	sem_init(&run.news, 0, 0);
	pthread_mutex_init(&run.lock, NULL);
	pthread_cond_init(&run.gate_opened, NULL);
	st = prepare(&run, err);
	if (st == LD_OK)
		st = start_workers(&run, err);
	if (st == LD_OK)
		st = send_all(&run, result_out, err);
	join_workers(&run);
	run_clear(&run, own_id);
	return st;
}
