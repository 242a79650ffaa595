/* SPDX-License-Identifier: MIT */
/*
 * run_schema.h - `ld-run --schema WHAT`.
 */
#ifndef RUN_SCHEMA_H
#define RUN_SCHEMA_H

#include "common/cmd.h"

/* What --schema takes, as in ld/schema.h; NULL behind the last. */
extern const char *const run_schemas[];

/* Print one of them.  Nothing is run, so a plan would have no effect. */
enum cmd_exit run_schema_print(
    unsigned which, bool has_plan, struct ld_err *err);

#endif /* RUN_SCHEMA_H */
