/* SPDX-License-Identifier: MIT */
/*
 * ld/progress.h - how a run is going, for the person who waits.
 *
 * Fed with the lines of a result stream that are not samples, as
 * ld_writer_options.observe gets them; gives the text to show.  It reads no
 * clock: what is shown depends on the lines alone.
 *
 * Threads     none: give it lines from one thread.
 */
#ifndef LD_PROGRESS_H
#define LD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/api.h>
#include <ld/buf.h>

struct ld_progress;

struct ld_progress_options {
	/* Two lines that are rewritten every second, and lines that stay, for
	 * what happens once; otherwise nothing but one whole line per 30 s of
	 * the run. */
	bool terminal;
	unsigned width; /* columns of the terminal; 0 = 80 */
	bool color;     /* doubts and failures, which have words too */
	/* Nobody else says on the terminal what came of the run. */
	bool last;
	/* Nothing is written unless a snapshot is asked for. */
	bool silent;
};

LD_API struct ld_progress *ld_progress_new(
    const struct ld_progress_options *options) LD_MUST_CHECK;
LD_API void ld_progress_free(struct ld_progress *progress);

/* The terminal has another width from now on; 0 = 80. */
LD_API void ld_progress_resize(struct ld_progress *progress, unsigned width);

/* Take in one or more whole lines; append what is to be written now, often
 * nothing.  A line that is no record is passed over: others judge it. */
LD_API void ld_progress_add(struct ld_progress *progress, const char *lines,
    size_t len, struct ld_buf *out);

/* Append where the run stands, in whole lines; nothing before its first
 * second is over. */
LD_API void ld_progress_snapshot(
    struct ld_progress *progress, struct ld_buf *out);

/* Append what removes the lines that are being rewritten. */
LD_API void ld_progress_clear(struct ld_progress *progress, struct ld_buf *out);

#endif /* LD_PROGRESS_H */
