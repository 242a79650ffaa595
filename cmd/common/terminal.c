/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/terminal.h"

bool
cmd_terminal_moves(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term != NULL && *term != '\0' &&
	       strcmp(term, "dumb") != 0;
}

bool
cmd_terminal_colors(enum cmd_color when, int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (when != CMD_COLOR_AUTO)
		return when == CMD_COLOR_ALWAYS;
	return (no_color == NULL || *no_color == '\0') &&
	       cmd_terminal_moves(fd);
}

unsigned
cmd_terminal_width(int fd)
{
	struct winsize size;

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}
