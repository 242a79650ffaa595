/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - what the terminal behind a descriptor wants.
 */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include <stdbool.h>

enum cmd_color { CMD_COLOR_AUTO, CMD_COLOR_ALWAYS, CMD_COLOR_NEVER };

/* AUTO: NO_COLOR says no, else CLICOLOR_FORCE or FORCE_COLOR yes, else a
 * terminal that is not dumb. */
bool cmd_terminal_colors(enum cmd_color when, int fd);

/* Can a line be rewritten there? */
bool cmd_terminal_moves(int fd);

/* Columns, as COLUMNS or the terminal says; 0 when it is no terminal. */
unsigned cmd_terminal_width(int fd);

#endif /* CMD_TERMINAL_H */
