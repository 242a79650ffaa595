/* SPDX-License-Identifier: MIT */
/*
 * plan/commands.h - the commands of action JSON: names and parameters.
 */
#ifndef LDI_PLAN_COMMANDS_H
#define LDI_PLAN_COMMANDS_H

#include <stddef.h>

#include <ld/err.h>
#include <ld/field.h>

#define LDI_COMMAND_PARAMS 16

struct ldi_command {
	const char *name;
	unsigned required; /* that many of the parameters have no default */
	/* In the order in which an array gives them; NULL behind the last. */
	const char *params[LDI_COMMAND_PARAMS];
};

/* Number of parameters. */
unsigned ldi_command_params(const struct ldi_command *command);
/* Python's harmless functions, NULL behind the last. */
const char *const *ldi_command_builtins(void);
/* By name, of the 66; NULL when there is none. */
const struct ldi_command *ldi_command_find(const char *name);

/*
 * The name an action may use, as a static string: one of the 66, or one of
 * the harmless Python functions (print, len, ...).  Those that would run code
 * or open files are refused by name; an unknown one is LD_INVALID with the
 * nearest.
 */
enum ld_status ldi_command_name(
    struct ld_node node, const char **name_out, struct ld_err *err);

/* Check the names (object) or number (array) of the arguments.  An absent
 * node is no argument. */
enum ld_status ldi_command_check(const char *name, struct ld_node action,
    struct ld_node args, struct ld_err *err);

#endif /* LDI_PLAN_COMMANDS_H */
