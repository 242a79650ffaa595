/* SPDX-License-Identifier: MIT */
/* Commands that change what placeholders mean. */
#include "config.h"

#include <stdlib.h>

#include "actions/action.h"

enum ld_status
ldi_action_variable(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	char *name = ldi_arg_text(action, item, "name", "");
	enum ld_status st;

	(void)value;
	if (name == NULL)
		return ld_err_set(err, LD_NOMEM, "a variable's name");
	st = ld_resolver_variable(
	    exec->resolver, name, ldi_arg(action, item, "value"), err);
	free(name);
	return st;
}

enum ld_status
ldi_action_variables(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);

	(void)value;
	return ld_resolver_variables(
	    exec->resolver, ldi_arg(action, item, "variables"), err);
}

enum ld_status
ldi_action_csv(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	struct ld_node cycle = ldi_arg(action, item, "cycle");
	char *name = ldi_arg_text(action, item, "name", "");
	char *path = ldi_arg_text(action, item, "file_path", "");
	enum ld_status st = LD_NOMEM;

	(void)value;
	if (name != NULL && path != NULL)
		st = ld_resolver_csv(exec->resolver, name, path,
		    ld_json_kind(cycle.json, cycle.ref) != LD_JSON_FALSE, err);
	else
		ld_err_set(err, LD_NOMEM, "a CSV source");
	free(name);
	free(path);
	return st;
}

enum ld_status
ldi_action_csvs(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);

	(void)value;
	return ld_resolver_csv_sources(
	    exec->resolver, ldi_arg(action, item, "sources"), err);
}

enum ld_status
ldi_action_clear_resolver(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)item, (void)err;
	ld_resolver_clear(exec->resolver);
	ld_buf_adds(value, "{\"status\":\"cleared\"}");
	return LD_OK;
}
