/* SPDX-License-Identifier: MIT */
/*
 * ld/run.h - send the load of one run, record everything.
 *
 * A writer owns the result stream; runs and actions of a document write to
 * it one after the other.  A program is a compiled run.
 *
 * Threads     all calls from one thread, but for ld_control_stop().
 */
#ifndef LD_RUN_H
#define LD_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/driver.h>
#include <ld/err.h>
#include <ld/ledger.h>
#include <ld/plan.h>
#include <ld/resolver.h>
#include <ld/summary.h>

/* -- writer --------------------------------------------------------------- */

enum ld_samples {
	LD_SAMPLES_ALL,
	LD_SAMPLES_FAILURES,
	LD_SAMPLES_NONE,
	LD_SAMPLES_RATE
};

struct ld_writer_options {
	int fd;                   /* the stream's; -1 = nobody reads it */
	uint64_t spill_max_bytes; /* of an unlinked file; 0 = no spilling */
	/* The same records go to this file, too, as soon as they are made; 0 =
	 * none.  It stays the caller's. */
	int journal_fd;
	bool spool;         /* keep a copy of the control records for later */
	bool spool_samples; /* and of the samples, too */
	/* Called on the writer's thread with whole lines, one or more, that
	 * are not samples (for progress and summaries); may be NULL. */
	void (*observe)(void *ctx, const char *line, size_t len);
	void *observe_ctx;
};

struct ld_writer;

LD_API enum ld_status ld_writer_new(const struct ld_writer_options *options,
    struct ld_writer **writer_out, struct ld_err *err);
/* Everything given so far has been written, or has failed: LD_IO with the
 * text of the failure.  A reader that left is LD_CANCELED. */
LD_API enum ld_status ld_writer_flush(
    struct ld_writer *writer, struct ld_err *err);
LD_API void ld_writer_free(struct ld_writer *writer);
/* One line (LF included) of the calling thread: an action, an event. */
LD_API enum ld_status ld_writer_line(
    struct ld_writer *writer, const char *line, size_t len);
/* Has the reader left, or writing failed? */
LD_API bool ld_writer_broken(const struct ld_writer *writer);
/* Did the journal fail?  *err then says how; the stream goes on without. */
LD_API bool ld_writer_journal_failed(
    struct ld_writer *writer, struct ld_err *err);
/* The figures since the last _clear(), from the spool.  The caller frees. */
LD_API enum ld_status ld_writer_summary(struct ld_writer *writer,
    struct ld_summary **summary_out, struct ld_err *err);
/* Each of the records in the spool; stops with the status of `each`. */
typedef enum ld_status ld_record_fn(
    void *ctx, const struct ld_record *record, struct ld_err *err);
LD_API enum ld_status ld_writer_records(struct ld_writer *writer,
    ld_record_fn *each, void *ctx, struct ld_err *err);
LD_API void ld_writer_clear(struct ld_writer *writer);

/* -- control -------------------------------------------------------------- */

/* How a run is told to end early.  Zero-initialised. */
struct ld_control {
	/* 0 run on; 1 stop starting, wait the grace; 2 cut the grace.
	 * Written from signal handlers. */
	_Atomic int stop;
	/* Why, for `end`: "signal", ...; set before stop. */
	_Atomic(const char *) reason;
};

/* -- program -------------------------------------------------------------- */

struct ld_program;

/*
 * Check and compile a run: every field, template, assertion and extractor;
 * nothing is sent.  `config` and `item` must outlive the program, the
 * resolver too and unchanged.
 */
LD_API enum ld_status ld_program_new(const struct ld_item *item,
    const struct ld_config *config, const struct ld_driver *driver,
    const struct ld_resolver *resolver, struct ld_program **program_out,
    struct ld_err *err);
LD_API void ld_program_free(struct ld_program *program);

/* -- run ------------------------------------------------------------------ */

struct ld_run_options {
	unsigned threads; /* 0 = the cores this process may use */
	bool spin;        /* never sleep: precision for the price of a core */
	enum ld_samples samples;
	double sample_rate; /* LD_SAMPLES_RATE: share in (0, 1] */
	const char *plan_hash;
	const char *run_id; /* NULL = make one */
	unsigned run_index; /* i of n, from 1 */
	unsigned run_count;
	struct ld_control *control; /* may be NULL */
};

struct ld_run_result {
	struct ld_ledger ledger;
	enum ld_validity validity;
	const char *reason; /* static: "time", "passes", "signal", ... */
	uint64_t duration_ns;
	bool connected; /* at least one answer, or a whole request, got through
			 */
};

/* Run it.  An error means that the run could not be done or its stream not
 * be written; what a server does is never an error. */
LD_API enum ld_status ld_run(struct ld_program *program,
    struct ld_writer *writer, const struct ld_run_options *options,
    struct ld_run_result *result_out, struct ld_err *err);

/* Cores this process may use: affinity and cgroup quota; at least 1. */
LD_API unsigned ld_cores(void);

#endif /* LD_RUN_H */
