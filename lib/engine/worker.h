/* SPDX-License-Identifier: MIT */
/*
 * engine/worker.h - one sending thread: its loop, its users, its counts.
 *
 * Life of an exchange: a session is due (its timer, or its last exchange
 * ended) -> ready queue -> ldi_exchange_start() -> the driver moves bytes ->
 * ld_exchange_finish() -> judged, counted, written -> the session is due
 * again.  The queue is worked off between batches of I/O, so nothing ever
 * recurses, whatever a driver does inside start().
 *
 * Threads     a worker is its thread's own, but for the atomics of the run,
 *             the rings of its port, and what pool.h says.
 */
#ifndef LDI_ENGINE_WORKER_H
#define LDI_ENGINE_WORKER_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include <ld/driver.h>
#include <ld/run.h>

#include "engine/heap.h"
#include "engine/clockwatch.h"
#include "engine/model.h"
#include "engine/pool.h"
#include "engine/port.h"
#include "engine/program.h"
#include "engine/writer.h"

struct ldi_worker;

/* Has a CSV source stopped users, and has the stream been told? */
enum { LDI_CSV_GOES_ON, LDI_CSV_ENDED, LDI_CSV_TOLD };

/* How far the main thread lets the workers go. */
enum { LDI_GATE_SHUT, LDI_GATE_SEND, LDI_GATE_LEAVE };

/* One run: constant while it sends, but for the atomics. */
struct ldi_run {
	struct ldi_clockwatch clocks; /* the main thread's */
	const struct ld_program *program;
	const struct ldi_model *model;
	const struct ld_run_options *options;
	struct ld_writer *writer;
	unsigned threads;
	uint64_t t0_ns;
	uint64_t end_ns; /* when starting stops; UINT64_MAX = never */
	struct ld_sample_head *heads; /* one per step */
	const char *run_id;
	struct ldi_stream stream;
	struct ldi_port *ports;
	struct ldi_worker *workers;
	unsigned n_workers;    /* of `threads`, that could be started */
	struct ldi_pool *pool; /* BLOCKING drivers only */
	sem_t news;            /* a worker is ready, or ended */
	pthread_mutex_t lock;  /* over the gate and the error */
	pthread_cond_t gate_opened;
	int gate;                    /* LDI_GATE_* */
	_Atomic int stop;            /* as ld_control.stop */
	_Atomic unsigned ended;      /* workers that are done */
	_Atomic bool failed;         /* a worker could not be set up */
	_Atomic uint64_t rows_ended; /* users stopped by a CSV source */
	_Atomic int *csv_ended;  /* LDI_CSV_*, of each source of the program */
	_Atomic uint64_t missed; /* arrivals that found no session */
	_Atomic bool answered;   /* some server said something */
	uint64_t events;         /* event records, by the main thread */
	struct ld_err error;
};

enum ldi_session_state {
	LDI_SESSION_FUTURE,  /* nobody has used it yet */
	LDI_SESSION_IDLE,    /* open model: between two passes */
	LDI_SESSION_READY,   /* in the ready queue */
	LDI_SESSION_WAITING, /* for its intended start */
	LDI_SESSION_FLYING,  /* an exchange is in flight */
	LDI_SESSION_LOST,    /* its sample is written, finish is still owed */
	LDI_SESSION_CLOSING,
	LDI_SESSION_CLOSED,
};

/* What judging an exchange found; filled by the thread that calls finish. */
struct ldi_verdict {
	enum ld_class cls;
	int32_t status;
	uint64_t end_ns;
	size_t text_len;
	char *text; /* LD_MAX_FAILURE_TEXT bytes, made when first needed */
};

struct ld_session {
	struct ld_exchange x;
	struct ldi_worker *worker;
	struct ldi_timer timer;
	struct ld_session *next; /* in the ready queue, or the pool's */
	enum ldi_session_state state;
	bool opened;           /* the driver's open() succeeded */
	bool engaged;          /* counted among the users */
	bool aborting;         /* cut off by the end of the run */
	uint32_t wire_counted; /* of an exchange whose sample is written */
	struct ldi_job job;
	uint64_t slot; /* number of the session, of all threads */
	uint64_t key;  /* user, or arrival */
	uint32_t pass, task;
	uint64_t intended_ns;
	struct ld_scope *scope;
	struct ldi_verdict verdict;
	void *driver_session;
};

struct ldi_worker {
	struct ldi_run *run;
	unsigned index;
	pthread_t thread;
	struct ld_loop *loop;
	uv_poll_t timer_poll;
	uv_async_t wake;
	unsigned handles; /* of these, open */
	int timer_fd;
	uint64_t armed_ns; /* what timer_fd is set to; 0 = nothing */
	void *driver_worker;
	bool driver_opened;
	char *slab; /* sessions, each with the driver's blocks behind it */
	size_t stride, session_offset, exchange_offset;
	uint64_t n_sessions, next_session; /* the first that nobody used yet */
	uint64_t open_sessions;
	uint64_t users; /* sessions in a pass, or between two of one user */
	uint64_t peak_users; /* of the current second */
	struct ldi_open open;
	uint64_t polled_ns; /* before the last look at the sockets */
	bool polling;       /* in uv_run() */
	uint64_t flying;    /* FLYING or LOST */
	struct ldi_heap heap;
	struct ld_session *ready, **ready_end;
	struct ldi_port *port;
	struct ldi_chunk *chunk;
	unsigned unwoken; /* chunks pushed since the writer was woken */
	struct ld_hist_pool *hists;
	struct ldi_tally *tally; /* of the current second */
	struct ldi_tally
	    *before;         /* of the one before, until it is handed over */
	uint64_t *in_flight; /* per series */
	uint64_t cpu_mark_ns;
	struct ldi_check_space *space;
	struct ld_buf line; /* a message record being made */
	bool stopping;
	uint64_t stop_ns; /* when starting stopped */
	uint64_t grace_end_ns;
	bool cut; /* the grace is over */
	/* The pool puts finished exchanges here. */
	pthread_mutex_t done_lock;
	struct ld_session *done, **done_end;
};

/* The number of its i-th session. */
static inline uint64_t
ldi_session_slot(const struct ldi_worker *w, uint64_t i)
{
	return w->index + i * w->run->threads;
}

static inline struct ld_session *
ldi_session_at(const struct ldi_worker *w, uint64_t i)
{
	return (struct ld_session *)(void *)(w->slab + i * w->stride);
}

/* worker.c */
void *ldi_worker_main(void *opaque);
void ldi_worker_wake(struct ldi_worker *worker); /* from any thread */
/* Something is to be done that the worker did not know of when it last armed
 * its timer.  Told from a timer or hook of the loop, which run before it waits
 * for descriptors, the loop would not learn of it in time. */
void ldi_worker_stir(struct ldi_worker *w);

/* An exchange that came due and is not started. */
void ldi_worker_count_unstarted(struct ldi_worker *w, uint32_t task,
    uint64_t at_ns, enum ld_not_started why);
/* Did it come due before starting stopped?  What is planned does not depend
 * on how late this thread looked. */
bool ldi_worker_came_due(const struct ldi_worker *w, uint64_t at_ns);

/* session.c: the life of a session */
/* The i-th, which nobody used yet. */
struct ld_session *ldi_session_new(struct ldi_worker *w, uint64_t i);
/* false: it could not be, and its first exchange is counted as not started. */
bool ldi_session_open(struct ldi_worker *w, struct ld_session *s);
/* It counts as a user from here to there. */
void ldi_session_engage(struct ldi_worker *w, struct ld_session *s);
void ldi_session_disengage(struct ldi_worker *w, struct ld_session *s);
void ldi_session_ready(struct ldi_worker *w, struct ld_session *s);
/* A CSV source has no row for its pass: note which. */
void ldi_session_lacks_row(struct ldi_worker *w, struct ld_session *s);
/* Its next task starts when s->intended_ns says so. */
void ldi_session_go(
    struct ldi_worker *w, struct ld_session *s, uint64_t now_ns);
/* The exchange is over: what is next. */
void ldi_session_next(
    struct ldi_worker *w, struct ld_session *s, uint64_t end_ns);
void ldi_session_stop(struct ldi_worker *w, struct ld_session *s);
void ldi_session_wake(
    struct ldi_worker *w, struct ld_session *s, uint64_t now_ns);

/* exchange.c: the life of an exchange */
void ldi_exchange_start(struct ldi_worker *w, struct ld_session *s);
/* The deadline passed, or the run cuts it off. */
void ldi_exchange_cut(
    struct ldi_worker *w, struct ld_session *s, uint64_t now_ns, bool aborting);
/* Count and write a judged exchange (on the worker's thread). */
void ldi_exchange_done(struct ldi_worker *w, struct ld_session *s);
/* The driver has finished it: count it unless that was done, and go on. */
void ldi_exchange_over(struct ldi_worker *w, struct ld_session *s);
/* A BLOCKING driver's close() is done. */
void ldi_session_gone(struct ldi_worker *w, struct ld_session *s);

/* clockwork.c: seconds, chunks */
struct ldi_tally *ldi_worker_tally(struct ldi_worker *w, uint64_t at_ns);
/* Hand over what is due at `now_ns`. */
void ldi_worker_turn(struct ldi_worker *w, uint64_t now_ns);
/* The last of it, and no more. */
void ldi_worker_close_books(struct ldi_worker *w, uint64_t now_ns);
void ldi_worker_flush(struct ldi_worker *w);
/* A chunk with room for `bytes`, whose first record is of `at_ns`; NULL when
 * there is none: the record is shed. */
struct ldi_chunk *ldi_worker_room(
    struct ldi_worker *w, size_t bytes, uint64_t at_ns);
/* When ldi_worker_turn() is needed next. */
uint64_t ldi_worker_turn_due(const struct ldi_worker *w);

#endif /* LDI_ENGINE_WORKER_H */
