/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <ld/num.h>

#include "common/terminal.h"

/* Of what COLUMNS may say. */
#define WIDEST 10000

bool
cmd_terminal_moves(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term != NULL && *term != '\0' &&
	       strcmp(term, "dumb") != 0;
}

/* Set, and neither empty nor "0": so say those who use such variables. */
static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' && strcmp(value, "0") != 0;
}

bool
cmd_terminal_colors(enum cmd_color when, int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (when != CMD_COLOR_AUTO)
		return when == CMD_COLOR_ALWAYS;
	if (no_color != NULL && *no_color != '\0')
		return false;
	return is_set("CLICOLOR_FORCE") || is_set("FORCE_COLOR") ||
	       cmd_terminal_moves(fd);
}

unsigned
cmd_terminal_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (!isatty(fd))
		return 0;
	if (columns != NULL &&
	    ld_num_u64(columns, strlen(columns), &n, NULL) == LD_OK && n > 0 &&
	    n <= WIDEST)
		return (unsigned)n;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
