/* SPDX-License-Identifier: MIT */
/*
 * run_watch.h - progress on stderr while a run goes on.
 */
#ifndef RUN_WATCH_H
#define RUN_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/err.h>
#include <ld/progress.h>

enum run_progress {
	RUN_PROGRESS_AUTO, /* as stderr can: see run_watch_init() */
	RUN_PROGRESS_PLAIN,
	RUN_PROGRESS_NONE,
};

struct run_watch {
	struct ld_progress *progress; /* NULL = nothing is shown */
	bool terminal;                /* whose width may change */
	struct ld_buf out;
};

/*
 * AUTO rewrites lines on a terminal, and writes one line per 30 s where
 * nothing can be rewritten or nobody looks: no terminal, a dumb one, CI.
 * `last`: nobody else says what came of the run.
 */
enum ld_status run_watch_init(struct run_watch *watch, enum run_progress how,
    bool last, struct ld_err *err);

/* An ld_writer_options.observe. */
void run_watch_line(void *watch, const char *line, size_t len);

/* No more lines: leave a clean stderr. */
void run_watch_clear(struct run_watch *watch);

#endif /* RUN_WATCH_H */
