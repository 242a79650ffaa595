/* SPDX-License-Identifier: MIT */
/*
 * run_options.h - the command line of ld-run: one row for each option.
 */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/exec.h>
#include <ld/opt.h>

#include "common/cmd.h"

struct run_config {
	struct cmd_common common;
	struct ld_overrides load;
	uint64_t threads;
	const char *samples;
	const char *proxy;
	struct ld_opt_list resolve, connect_to, bind, validity, vars, secrets,
	    inline_plans;
	const char *execute_file, *execute_dir, *execute_str;
	const char *output, *journal;
	uint64_t spill_max;
	unsigned progress;
	bool has_progress, ndjson, quiet, strict, dry, spin, compat, explain,
	    show_secrets;
	struct ld_opt_list stages;
	unsigned schema;
	bool has_schema, drivers;
	const char *help_driver;
};

extern const struct ld_opt run_options[];

/* What the parser cannot see: values that make no sense, options that leave
 * each other without effect.  Nothing was read yet. */
enum ld_status run_options_check(
    const struct run_config *config, struct ld_err *err);
/* --samples */
enum ld_status run_options_samples(
    const char *text, struct ld_run_options *run, struct ld_err *err);
/* Is there anything to run but stdin?  `argc` operands were given. */
bool run_options_plan(const struct run_config *config, int argc);

#endif /* RUN_OPTIONS_H */
