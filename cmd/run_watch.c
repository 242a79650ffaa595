/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <unistd.h>

#include "common/terminal.h"
#include "run_watch.h"

#define OUT_MAX ((size_t)16 << 10)

enum ld_status
run_watch_init(
    struct run_watch *watch, enum run_progress how, struct ld_err *err)
{
	struct ld_progress_options options = {
		.terminal = how == RUN_PROGRESS_AUTO,
		.width = cmd_terminal_width(STDERR_FILENO),
		.color = cmd_terminal_colors(CMD_COLOR_AUTO, STDERR_FILENO),
	};

	*watch = (struct run_watch){ .progress = NULL };
	ld_buf_init(&watch->out, OUT_MAX);
	if (how == RUN_PROGRESS_NONE ||
	    (how == RUN_PROGRESS_AUTO && !cmd_terminal_moves(STDERR_FILENO)))
		return LD_OK;
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

void
run_watch_line(void *opaque, const char *line, size_t len)
{
	struct run_watch *watch = opaque;

	if (watch->progress == NULL)
		return;
	ld_progress_add(watch->progress, line, len, &watch->out);
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
