/* SPDX-License-Identifier: MIT */
/*
 * run_tell.h - what ld-run tells instead of running anything: --schema,
 * --drivers and --help-driver.
 */
#ifndef RUN_TELL_H
#define RUN_TELL_H

#include "run_options.h"

#include "common/cmd.h"

/* What --schema takes, as in ld/schema.h; NULL behind the last. */
extern const char *const run_schemas[];

/* Is there something to tell? */
bool run_tell_is_due(const struct run_config *config);

/* Print it.  Nothing is run, so a plan would have no effect. */
enum cmd_exit run_tell(
    const struct run_config *config, bool has_plan, struct ld_err *err);

#endif /* RUN_TELL_H */
