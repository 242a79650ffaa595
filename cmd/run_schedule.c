/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/limits.h>
#include <ld/num.h>
#include <ld/time.h>

#include "common/file.h"
#include "run_schedule.h"

static enum ld_status
read_stage(const char *text, struct ld_stage *stage, struct ld_err *err)
{
	const char *colon = strchr(text, ':');
	enum ld_status st;

	if (colon == NULL)
		return ld_err_set(
		    err, LD_INVALID, "'%s' is not DURATION:RATE", text);
	st = ld_duration_parse(
	    text, (size_t)(colon - text), &stage->duration_ns, err);
	if (st != LD_OK)
		return st;
	return ld_num_rate(colon + 1, strlen(colon + 1), &stage->rate, err);
}

enum ld_status
run_stages_read(
    const struct ld_opt_list *list, struct ld_stage *stages, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < list->n; i++)
		st = read_stage(list->items[i], &stages[i], err);
	return st == LD_OK ? LD_OK : ld_err_context(err, "--stage");
}

struct output {
	int fd;
	const char *path;
};

static enum ld_status
write_lines(void *ctx, const char *data, size_t len, struct ld_err *err)
{
	const struct output *output = ctx;
	struct ld_buf lines;
	enum ld_status st;

	ld_buf_init(&lines, LD_MAX_DOCUMENT);
	ld_buf_add(&lines, data, len);
	st = ld_buf_status(&lines, "the schedule", err);
	if (st == LD_OK)
		st = cmd_write_output(output->fd, output->path, &lines, err);
	ld_buf_clear(&lines);
	return st;
}

enum cmd_exit
run_schedule_write(const struct ld_doc *doc,
    const struct ld_exec_options *options, int fd, const char *path,
    struct ld_err *err)
{
	struct output output = { fd, path };
	const struct ld_exec_sink sink = { write_lines, &output };
	enum ld_status st = ld_exec_dry(doc, options, &sink, err);

	if (st == LD_OK)
		st = cmd_close_output(fd, path, err);
	else
		cmd_close_output(fd, path, NULL);
	if (st == LD_OK)
		return CMD_YES;
	return st == LD_IO ? CMD_OUTPUT : cmd_exit_for_input(st);
}
