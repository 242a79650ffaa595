/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <unistd.h>

#include <ld/limits.h>
#include <ld/schema.h>

#include "common/file.h"
#include "run_schema.h"

const char *const run_schemas[] = { "plan", "action", "result", "summary",
	"report", NULL };

enum cmd_exit
run_schema_print(unsigned which, bool has_plan, struct ld_err *err)
{
	struct ld_buf out;
	enum cmd_exit status = CMD_YES;

	if (has_plan) {
		ld_err_set(err, LD_INVALID, "--schema leaves a plan no effect");
		return CMD_USAGE;
	}
	ld_buf_init(&out, LD_MAX_DOCUMENT);
	if (ld_schema_write(run_schemas[which], &out, err) != LD_OK)
		status = CMD_BUG;
	else if (cmd_write_output(STDOUT_FILENO, NULL, &out, err) != LD_OK)
		status = CMD_OUTPUT;
	ld_buf_clear(&out);
	return status;
}
