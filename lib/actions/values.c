/* SPDX-License-Identifier: MIT */
/* Commands that change what placeholders mean, and `print`. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "actions/action.h"
#include "data/escape.h"

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

/* What a plan prints goes to a terminal: of its control characters only line
 * breaks and tabs are let through. */
static void
add_printable(struct ld_buf *out, const char *text, size_t len)
{
	while (len > 0) {
		size_t n = 0;

		while (n < len && text[n] != '\n' && text[n] != '\t')
			n++;
		ldi_esc_term(out, text, n, SIZE_MAX);
		if (n < len)
			ld_buf_addc(out, text[n++]);
		text += n, len -= n;
	}
}

/* Values with a blank between them, strings without their quotes. */
enum ld_status
ldi_action_print(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ld_json *json = item->args.json;
	bool object = item->args.ref != LD_JSON_NONE &&
		      ld_json_kind(json, item->args.ref) == LD_JSON_OBJECT;
	struct ld_buf text, shown;
	ld_json_ref ref;

	(void)value;
	if (object && ld_json_count(json, item->args.ref) > 0)
		return ld_node_error(item->args, err, LD_INVALID,
		    "print takes a list of values, not names and values");
	ld_buf_init(&text, LD_MAX_DOCUMENT);
	for (ref = object ? LD_JSON_NONE : ld_json_first(json, item->args.ref);
	     ref != LD_JSON_NONE;
	     ref = ld_json_next(json, item->args.ref, ref)) {
		if (text.len > 0)
			ld_buf_addc(&text, ' ');
		ld_json_text(json, ref, &text);
	}
	ld_buf_addc(&text, '\n');
	ld_buf_init(&shown, LD_MAX_DOCUMENT);
	add_printable(&shown, text.data, text.len);
	if (exec->options->talk != NULL && !text.failed && !shown.failed)
		fwrite(shown.data, 1, shown.len, exec->options->talk);
	ld_buf_clear(&shown);
	ld_buf_clear(&text);
	return LD_OK;
}
