/* SPDX-License-Identifier: MIT */
/*
 * run_signals.h - how signals end a run.
 *
 * The first SIGINT, SIGTERM or SIGHUP stops starting and waits the grace, the
 * second cuts the grace.  SIGPIPE is ignored: a reader that leaves is met
 * where the stream is written.  SIGUSR1 asks where the run stands.
 */
#ifndef RUN_SIGNALS_H
#define RUN_SIGNALS_H

#include <stdbool.h>

#include <ld/run.h>

/* What the signals write to. */
struct ld_control *run_signals_control(void);

/* From now on signals end the run instead of the process; one that is ignored
 * already (nohup) stays ignored. */
void run_signals_catch(void);

/* The first signal that came, or 0. */
int run_signals_first(void);

/* From now on SIGUSR1 asks a question and ends nobody: whoever knows the
 * answer looks, and says when it was given. */
void run_signals_listen(void);
bool run_signals_asked(void);
void run_signals_answered(void);

#endif /* RUN_SIGNALS_H */
