/* SPDX-License-Identifier: MIT */
/* Commands that change what placeholders mean. */
#include "config.h"

#include <stdlib.h>

#include "actions/action.h"
#include "base/arena.h"
#include "plan/fields.h"

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

/* A path of a file, in which variables and the environment may stand. */
static enum ld_status
read_path(const struct ldi_exec *exec, struct ld_node node,
    struct ldi_arena *arena, const char **path_out, struct ld_err *err)
{
	static const struct ld_field field[] = {
		{ .name = "file_path",
		    .kind = LD_FIELD_STRING,
		    .seen_offset = LD_FIELD_NO_SEEN },
		LD_FIELD_END,
	};
	const struct ldi_fields how = { .resolver = exec->resolver,
		.arena = arena };

	return ldi_field_value(&how, field, path_out, node, err);
}

enum ld_status
ldi_action_csv(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	struct ld_node cycle = ldi_arg(action, item, "cycle");
	char *name = ldi_arg_text(action, item, "name", "");
	struct ldi_arena *arena = ldi_arena_new();
	const char *path;
	enum ld_status st = LD_NOMEM;

	(void)value;
	if (name != NULL && arena != NULL)
		st = read_path(exec, ldi_arg(action, item, "file_path"), arena,
		    &path, err);
	else
		ld_err_set(err, LD_NOMEM, "a CSV source");
	if (st == LD_OK)
		st = ld_resolver_csv(exec->resolver, name, path,
		    ld_json_kind(cycle.json, cycle.ref) != LD_JSON_FALSE, err);
	free(name);
	ldi_arena_free(arena);
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
