/* SPDX-License-Identifier: MIT */
/*
 * ld/exec.h - execute a document: its runs and its LD_* commands, in order.
 *
 * Everything that can be known to be wrong is found before the first item is
 * executed.  A failing action does not stop the rest; its `action` record
 * says what happened and the outcome counts it.
 *
 * Threads     one; signals reach a run through the control.
 */
#ifndef LD_EXEC_H
#define LD_EXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/plan.h>
#include <ld/resolver.h>
#include <ld/run.h>

struct ld_exec_options {
	struct ld_overrides overrides;
	struct ld_run_options run; /* control, threads, samples */
	const char *const *vars;   /* NAME=VALUE */
	size_t n_vars;
	/* ${secret.NAME}, and what keeps secrets out of what is written; filled
	 * further by what the document holds.  NULL = names alone tell. */
	struct ld_redactor *redactor;
	FILE *talk; /* where `print` writes; NULL = nowhere */
	/* LD_generate_* as LoadDensity for Python wrote them; the writer must
	 * then spool samples. */
	bool compat;
};

struct ld_exec_outcome {
	uint64_t actions_failed;
	uint64_t runs;
	uint64_t runs_connected; /* reached their server at least once */
	uint64_t runs_degraded, runs_invalid;
	struct ld_ledger ledger; /* over all runs */
	/* The first failed action, with its place and reason. */
	struct ld_err first_failure;
};

/* A document that was checked, ready to be executed. */
struct ld_exec;

/* Check the whole document without executing anything.  The document, and
 * what the options point to, must outlive the execution; the options
 * themselves are copied. */
LD_API enum ld_status ld_exec_new(struct ld_doc *doc,
    const struct ld_exec_options *options, struct ld_exec **exec_out,
    struct ld_err *err);
LD_API void ld_exec_free(struct ld_exec *exec);
/* What may turn out too little for it on this host: a sentence, or NULL. */
LD_API const char *ld_exec_doubt(const struct ld_exec *exec);

/*
 * Append what each run of the document would do and need, in words for people
 * or, `json`, as one JSON object.  Nothing is sent, no socket opened, no name
 * looked up.
 */
LD_API enum ld_status ld_exec_explain(const struct ld_doc *doc,
    const struct ld_exec_options *options, bool json, struct ld_buf *out,
    struct ld_err *err);

/* Where ld_exec_dry() writes: whole lines, in order. */
struct ld_exec_sink {
	enum ld_status (*write)(
	    void *ctx, const char *data, size_t len, struct ld_err *err);
	void *ctx;
};

/*
 * Write the document, which was checked, as a plan stream ("ld.plan/1") that
 * has the arrivals of each run in it, and send nothing.  Runs of the closed
 * model, and those without an end, are LD_INVALID.
 */
LD_API enum ld_status ld_exec_dry(const struct ld_doc *doc,
    const struct ld_exec_options *options, const struct ld_exec_sink *sink,
    struct ld_err *err);

/* Does any action read the records of runs (so that the writer must spool)?
 * A document that an action executes may, so such an action counts. */
LD_API bool ld_exec_reads_records(const struct ld_exec *exec);

/* Execute it, once. */
LD_API enum ld_status ld_exec_run(struct ld_exec *exec,
    struct ld_writer *writer, struct ld_exec_outcome *outcome_out,
    struct ld_err *err);

#endif /* LD_EXEC_H */
