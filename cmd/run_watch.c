/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/terminal.h"
#include "run_signals.h"
#include "run_watch.h"

#define OUT_MAX ((size_t)16 << 10)

/* As CI systems say it. */
static bool
in_ci(void)
{
	const char *ci = getenv("CI");

	return ci != NULL && *ci != '\0' && strcmp(ci, "false") != 0 &&
	       strcmp(ci, "0") != 0;
}

enum ld_status
run_watch_init(struct run_watch *watch, enum run_progress how, bool last,
    struct ld_err *err)
{
	struct ld_progress_options options = {
		.terminal = how == RUN_PROGRESS_AUTO &&
			    cmd_terminal_moves(STDERR_FILENO) && !in_ci(),
		.width = cmd_terminal_width(STDERR_FILENO),
		.color = cmd_terminal_colors(CMD_COLOR_AUTO, STDERR_FILENO),
		.last = last,
		.silent = how == RUN_PROGRESS_NONE,
	};

	*watch = (struct run_watch){ .terminal = options.terminal };
	ld_buf_init(&watch->out, OUT_MAX);
	watch->progress = ld_progress_new(&options);
	if (watch->progress == NULL)
		return ld_err_set(err, LD_NOMEM, "progress");
	return LD_OK;
}

/* What cannot be shown is not worth an error: the stream has it all. */
static void
show(struct run_watch *watch)
{
	if (watch->out.len > 0 && !watch->out.failed &&
	    write(STDERR_FILENO, watch->out.data, watch->out.len) < 0) {
		ld_progress_free(watch->progress);
		watch->progress = NULL;
	}
	ld_buf_reset(&watch->out);
}

/* Not before there is an answer. */
static void
answer(struct run_watch *watch)
{
	size_t before = watch->out.len;

	ld_progress_snapshot(watch->progress, &watch->out);
	if (watch->out.len > before)
		run_signals_answered();
}

void
run_watch_line(void *opaque, const char *line, size_t len)
{
	struct run_watch *watch = opaque;

	if (watch->progress == NULL)
		return;
	/* Once a second: cheaper than a handler that waits for SIGWINCH. */
	if (watch->terminal)
		ld_progress_resize(
		    watch->progress, cmd_terminal_width(STDERR_FILENO));
	ld_progress_add(watch->progress, line, len, &watch->out);
	if (run_signals_asked())
		answer(watch);
	show(watch);
}

void
run_watch_clear(struct run_watch *watch)
{
	if (watch->progress != NULL) {
		ld_progress_clear(watch->progress, &watch->out);
		show(watch);
	}
	ld_progress_free(watch->progress);
	watch->progress = NULL;
	ld_buf_clear(&watch->out);
}
