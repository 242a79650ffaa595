/* SPDX-License-Identifier: MIT */
/*
 * run_schedule.h - the open model on the command line: --stage and --dry.
 */
#ifndef RUN_SCHEDULE_H
#define RUN_SCHEDULE_H

#include <ld/exec.h>
#include <ld/opt.h>

#include "common/cmd.h"

/* One DURATION:RATE for each --stage; `stages` has room for them. */
enum ld_status run_stages_read(const struct ld_opt_list *list,
    struct ld_stage *stages, struct ld_err *err);

/* Write the schedule of a document that was checked, and close the output:
 * `fd`, which is `path` for people. */
enum cmd_exit run_schedule_write(const struct ld_doc *doc,
    const struct ld_exec_options *options, int fd, const char *path,
    struct ld_err *err);

#endif /* RUN_SCHEDULE_H */
