/* SPDX-License-Identifier: MIT */
/*
 * engine/pool.h - threads on which drivers may block.
 *
 * A BLOCKING driver's start() and close() run here; the time an exchange
 * waits for a thread is its phase "wait".  One more thread does nothing but
 * cancel(), so that a pool full of stuck exchanges can still be told to give
 * up.  What an exchange came to is judged on the thread that finished it and
 * handed back to its worker.
 *
 * States      of a job, all changes under the pool's lock:
 *
 *	queued --thread free--> running --finish--> judging -> over
 *	   |                       |
 *	   +--deadline: over       +--deadline: lost (the worker has written
 *	      (timeout_wait)          the sample) --finish--> over
 */
#ifndef LDI_ENGINE_POOL_H
#define LDI_ENGINE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/driver.h>

#include "plan/check.h"

struct ld_program;

/* Threads for exchanges, unless there are fewer users. */
#define LDI_POOL_THREADS 64

enum ldi_job_state {
	LDI_JOB_NONE,
	LDI_JOB_QUEUED,
	LDI_JOB_RUNNING,
	LDI_JOB_JUDGING,
	LDI_JOB_LOST,
};

struct ldi_job {
	bool in_pool; /* set and cleared by the worker */
	bool close;   /* run close(), not start() */
	enum ldi_job_state state;
	/* Until it is over: finish, the return of start() (or of close()), and
	 * a cancel() that may be running. */
	unsigned holds;
	uint64_t at_ns; /* the cancel's now, the close's deadline */
	struct ld_session *next, *next_cancel;
	struct ldi_pool *pool;
};

struct ldi_pool;

/* Returns when every thread has what it needs to judge. */
enum ld_status ldi_pool_new(const struct ld_program *program, uint64_t users,
    struct ldi_pool **out, struct ld_err *err);
void ldi_pool_free(struct ldi_pool *pool);

/* From the worker's thread. */
void ldi_pool_start(struct ldi_pool *pool, struct ld_session *s);
void ldi_pool_close(
    struct ldi_pool *pool, struct ld_session *s, uint64_t deadline_ns);
/* The deadline passed.  True: nothing is left to do for the worker, its
 * verdict is made or on its way.  False: the exchange is lost to a thread. */
bool ldi_pool_cancel(
    struct ldi_pool *pool, struct ld_session *s, uint64_t now_ns);

/* From whatever thread finishes. */
bool ldi_pool_may_judge(struct ld_session *s);
struct ldi_check_space *ldi_pool_space(void);
void ldi_pool_finished(struct ld_session *s);

#endif /* LDI_ENGINE_POOL_H */
