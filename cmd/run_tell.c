/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <unistd.h>

#include <ld/drivers.h>
#include <ld/limits.h>
#include <ld/schema.h>

#include "common/file.h"
#include "run_tell.h"

const char *const run_schemas[] = { "plan", "action", "result", "summary",
	"report", NULL };

bool
run_tell_is_due(const struct run_config *config)
{
	return config->has_schema || config->drivers ||
	       config->help_driver != NULL;
}

static enum ld_status
check(const struct run_config *config, bool has_plan, struct ld_err *err)
{
	const char *name = config->has_schema ? "--schema"
			   : config->drivers  ? "--drivers"
					      : "--help-driver";

	if (config->has_schema + config->drivers +
		(config->help_driver != NULL) >
	    1)
		return ld_err_set(err, LD_INVALID,
		    "--schema, --drivers and --help-driver exclude each other");
	if (has_plan)
		return ld_err_set(
		    err, LD_INVALID, "%s leaves a plan no effect", name);
	return LD_OK;
}

static enum cmd_exit
write_text(
    const struct run_config *config, struct ld_buf *out, struct ld_err *err)
{
	if (config->help_driver != NULL)
		return ld_drivers_help(config->help_driver, out, err) == LD_OK
			   ? CMD_YES
			   : CMD_USAGE;
	if (config->has_schema)
		return ld_schema_write(run_schemas[config->schema], out, err) ==
			       LD_OK
			   ? CMD_YES
			   : CMD_BUG;
	ld_drivers_list(out);
	return ld_buf_status(out, "list", err) == LD_OK ? CMD_YES : CMD_BUG;
}

enum cmd_exit
run_tell(const struct run_config *config, bool has_plan, struct ld_err *err)
{
	struct ld_buf out;
	enum cmd_exit status;

	if (check(config, has_plan, err) != LD_OK)
		return CMD_USAGE;
	ld_buf_init(&out, LD_MAX_DOCUMENT);
	status = write_text(config, &out, err);
	if (status == CMD_YES &&
	    cmd_write_output(STDOUT_FILENO, NULL, &out, err) != LD_OK)
		status = CMD_OUTPUT;
	ld_buf_clear(&out);
	return status;
}
