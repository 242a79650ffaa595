/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "actions/action.h"
#include "actions/builtins.h"
#include "plan/node.h"

/* clang-format off */
#define FUNCTION(name_, flags_, ...) \
	{ .command = #name_, .flags = LDI_ACTION_POSITIONAL | (flags_), \
	  .params = { __VA_ARGS__ }, .run = ldi_builtin_##name_ }

/* A report into a file, and one that is returned. */
#define REPORT(name_, format_, param_) \
	{ .command = #name_, .flags = LDI_ACTION_READS_RECORDS, \
	  .params = { { param_, LDI_TEXT, false } }, \
	  .run = ldi_action_generate_##format_ }
#define DOCUMENT(name_, format_) \
	{ .command = #name_, .flags = LDI_ACTION_READS_RECORDS, \
	  .run = ldi_action_return_##format_ }

static const struct ldi_action actions[] = {
	{ .command = "LD_clear_records",
	  .run = ldi_action_clear_records },
	{ .command = "LD_clear_resolver", .flags = LDI_ACTION_SHAPES,
	  .run = ldi_action_clear_resolver },
	{ .command = "LD_curl_to_task", .flags = LDI_ACTION_SECRET,
	  .params = { { "command", LDI_TEXT, true } },
	  .run = ldi_action_curl_to_task },
	{ .command = "LD_execute_action", .flags = LDI_ACTION_READS_RECORDS,
	  .params = { { "action_list", LDI_ANY, true } },
	  .run = ldi_action_execute, .check = ldi_action_execute },
	{ .command = "LD_execute_files", .flags = LDI_ACTION_READS_RECORDS,
	  .params = { { "execute_files_list", LDI_TEXTS, true } },
	  .run = ldi_action_execute_files,
	  .check = ldi_action_execute_files },
	REPORT(LD_generate_csv_report, csv, "csv_name"),
	DOCUMENT(LD_generate_html, html),
	REPORT(LD_generate_html_report, html, "html_name"),
	DOCUMENT(LD_generate_json, json),
	REPORT(LD_generate_json_report, json, "json_file_name"),
	REPORT(LD_generate_junit_report, junit, "report_name"),
	REPORT(LD_generate_summary_report, summary, "report_name"),
	DOCUMENT(LD_generate_xml, xml),
	REPORT(LD_generate_xml_report, xml, "xml_file_name"),
	{ .command = "LD_har_to_action_json",
	  .params = { { "har", LDI_RECORDING, true },
	              { "user", LDI_TEXT, false },
	              { "user_count", LDI_COUNT, false },
	              { "spawn_rate", LDI_POSITIVE, false },
	              { "test_time", LDI_DURATION, false },
	              { "include", LDI_TEXTS, false },
	              { "exclude", LDI_TEXTS, false } },
	  .run = ldi_action_har_to_action_json,
	  .check = ldi_action_har_check },
	{ .command = "LD_har_to_tasks",
	  .params = { { "har", LDI_RECORDING, true },
	              { "include", LDI_TEXTS, false },
	              { "exclude", LDI_TEXTS, false } },
	  .run = ldi_action_har_to_tasks, .check = ldi_action_har_check },
	{ .command = "LD_load_har",
	  .params = { { "file_path", LDI_TEXT, true } },
	  .run = ldi_action_load_har },
	{ .command = "LD_register_csv_source", .flags = LDI_ACTION_SHAPES,
	  .params = { { "name", LDI_TEXT, true },
	              { "file_path", LDI_TEXT, true },
	              { "cycle", LDI_FLAG, false } },
	  .run = ldi_action_csv },
	{ .command = "LD_register_csv_sources", .flags = LDI_ACTION_SHAPES,
	  .params = { { "sources", LDI_LIST, true } },
	  .run = ldi_action_csvs },
	{ .command = "LD_register_variable", .flags = LDI_ACTION_SHAPES,
	  .params = { { "name", LDI_TEXT, true }, { "value", LDI_ANY, true } },
	  .run = ldi_action_variable },
	{ .command = "LD_register_variables", .flags = LDI_ACTION_SHAPES,
	  .params = { { "variables", LDI_OBJECT, true } },
	  .run = ldi_action_variables },
	{ .command = "LD_summary", .flags = LDI_ACTION_READS_RECORDS,
	  .run = ldi_action_summary },
	/* Python's: those that plan/commands.c lets through. */
	FUNCTION(abs, 0, { "x", LDI_ANY, true }),
	FUNCTION(all, 0, { "iterable", LDI_ANY, true }),
	FUNCTION(any, 0, { "iterable", LDI_ANY, true }),
	FUNCTION(ascii, 0, { "obj", LDI_ANY, true }),
	FUNCTION(bin, 0, { "number", LDI_ANY, true }),
	FUNCTION(chr, 0, { "i", LDI_ANY, true }),
	FUNCTION(divmod, 0, { "x", LDI_ANY, true }, { "y", LDI_ANY, true }),
	FUNCTION(format, 0, { "value", LDI_ANY, true },
	    { "format_spec", LDI_TEXT, false }),
	FUNCTION(hex, 0, { "number", LDI_ANY, true }),
	FUNCTION(len, 0, { "obj", LDI_ANY, true }),
	FUNCTION(max, LDI_ACTION_VARIADIC, { "iterable", LDI_ANY, true }),
	FUNCTION(min, LDI_ACTION_VARIADIC, { "iterable", LDI_ANY, true }),
	FUNCTION(oct, 0, { "number", LDI_ANY, true }),
	FUNCTION(ord, 0, { "c", LDI_ANY, true }),
	FUNCTION(print, LDI_ACTION_VARIADIC, { NULL, LDI_ANY, false }),
	FUNCTION(range, 0, { "start", LDI_ANY, true },
	    { "stop", LDI_ANY, false }, { "step", LDI_ANY, false }),
	FUNCTION(repr, 0, { "obj", LDI_ANY, true }),
	FUNCTION(sorted, 0, { "iterable", LDI_ANY, true }),
	FUNCTION(sum, 0, { "iterable", LDI_ANY, true },
	    { "start", LDI_ANY, false }),
	/* These two take names, too. */
	{ .command = "pow",
	  .params = { { "base", LDI_ANY, true }, { "exp", LDI_ANY, true },
	              { "mod", LDI_ANY, false } },
	  .run = ldi_builtin_pow },
	{ .command = "round",
	  .params = { { "number", LDI_ANY, true },
	              { "ndigits", LDI_ANY, false } },
	  .run = ldi_builtin_round },
};
/* clang-format on */

const struct ldi_action *
ldi_action_find(const char *command)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(actions[i].command, command) == 0)
			return &actions[i];
	}
	return NULL;
}

static size_t
param_count(const struct ldi_action *action)
{
	size_t n = 0;

	while (n < LDI_PARAMS && action->params[n].name != NULL)
		n++;
	return n;
}

struct ld_node
ldi_arg(const struct ldi_action *action, const struct ld_item *item,
    const char *name)
{
	struct ld_node node = item->args;
	uint32_t at = 0;

	if (node.ref == LD_JSON_NONE)
		return node;
	if (ld_json_kind(node.json, node.ref) == LD_JSON_OBJECT)
		return ld_node_get(node, name);
	while (at < LDI_PARAMS && action->params[at].name != NULL &&
	       strcmp(action->params[at].name, name) != 0)
		at++;
	node.ref = ld_json_at(node.json, node.ref, at);
	return node;
}

char *
ldi_arg_text(const struct ldi_action *action, const struct ld_item *item,
    const char *name, const char *def)
{
	struct ld_node node = ldi_arg(action, item, name);
	struct ld_buf text;

	if (node.ref == LD_JSON_NONE ||
	    ld_json_kind(node.json, node.ref) == LD_JSON_NULL)
		return strdup(def);
	ld_buf_init(&text, LD_MAX_DOCUMENT);
	ld_json_text(node.json, node.ref, &text);
	return ld_buf_take(&text, NULL);
}

/* -- checking ------------------------------------------------------------- */

/* A name of a file or variable: no NUL may cut it short. */
static bool
is_text(struct ld_node node)
{
	struct ld_buf text;
	bool ok;

	if (ld_json_kind(node.json, node.ref) != LD_JSON_STRING)
		return false;
	ld_buf_init(&text, LD_MAX_DOCUMENT);
	ld_json_text(node.json, node.ref, &text);
	ok = !text.failed &&
	     (text.len == 0 || memchr(text.data, '\0', text.len) == NULL);
	ld_buf_clear(&text);
	return ok;
}

static bool
is_texts(struct ld_node list)
{
	struct ld_node at = ldi_node_first(list);

	if (ldi_node_kind(list) != LD_JSON_ARRAY)
		return false;
	while (ldi_node_present(at) && is_text(at))
		at = ldi_node_next(list, at);
	return !ldi_node_present(at);
}

static bool
is_number(struct ld_node node, enum ld_json_kind kind, bool zero)
{
	double d;

	return kind == LD_JSON_NUMBER &&
	       ld_json_double(node.json, node.ref, &d) &&
	       (zero ? d >= 0 : d > 0);
}

static bool
fits(const struct ldi_param *param, struct ld_node node)
{
	enum ld_json_kind kind = ld_json_kind(node.json, node.ref);
	uint64_t n;

	switch (param->type) {
	case LDI_TEXT:
		return is_text(node);
	case LDI_FLAG:
		return kind == LD_JSON_TRUE || kind == LD_JSON_FALSE;
	case LDI_OBJECT:
		return kind == LD_JSON_OBJECT;
	case LDI_LIST:
		return kind == LD_JSON_ARRAY;
	case LDI_TEXTS:
		return is_texts(node);
	case LDI_COUNT:
		return kind == LD_JSON_NUMBER &&
		       ld_json_u64(node.json, node.ref, &n) && n > 0;
	case LDI_POSITIVE:
	case LDI_DURATION:
		return is_number(node, kind, param->type == LDI_DURATION);
	case LDI_RECORDING:
		return kind == LD_JSON_OBJECT || is_text(node);
	case LDI_ANY:
	default:
		return true;
	}
}

static const char *
type_name(const struct ldi_param *param)
{
	static const char *const names[] = { "a value", "a string without NUL",
		"true or false", "an object", "a list", "a list of strings",
		"an integer from 1 on", "a number above 0",
		"a number, not below 0", "an object or the path of a file" };

	return names[param->type];
}

static enum ld_status
check_keys(const struct ldi_action *action, const struct ld_item *item,
    struct ld_err *err)
{
	const struct ld_json *json = item->args.json;
	const char *names[LDI_PARAMS];
	size_t n = param_count(action);
	ld_json_ref key = ld_json_first(json, item->args.ref);

	for (size_t i = 0; i < n; i++)
		names[i] = action->params[i].name;
	for (; key != LD_JSON_NONE;
	     key = ld_json_next(json, item->args.ref, key)) {
		struct ld_node at = item->args;
		struct ld_buf text;
		const char *word, *near;
		size_t i = 0;

		while (i < n && !ld_json_is(json, key, names[i]))
			i++;
		if (i < n)
			continue;
		at.ref = key;
		ld_buf_init(&text, 256);
		ld_json_text(json, key, &text);
		word = ld_buf_str(&text);
		if (word == NULL)
			word = "?";
		near = ld_err_nearest(word, names, n, sizeof(names[0]));
		ld_node_error(at, err, LD_INVALID,
		    "%s has no argument '%s'%s%s%s", action->command, word,
		    near != NULL ? "; did you mean '" : "",
		    near != NULL ? near : "", near != NULL ? "'?" : "");
		ld_buf_clear(&text);
		return LD_INVALID;
	}
	return LD_OK;
}

static enum ld_status
check_shape(const struct ldi_action *action, const struct ld_item *item,
    struct ld_err *err)
{
	const struct ld_node *args = &item->args;

	if (args->ref == LD_JSON_NONE)
		return LD_OK;
	if (ld_json_kind(args->json, args->ref) == LD_JSON_OBJECT) {
		if ((action->flags & LDI_ACTION_POSITIONAL) != 0 &&
		    ld_json_count(args->json, args->ref) > 0)
			return ld_node_error(*args, err, LD_INVALID,
			    "%s takes a list of values, not names and values",
			    action->command);
		return check_keys(action, item, err);
	}
	if ((action->flags & LDI_ACTION_VARIADIC) == 0 &&
	    ld_json_count(args->json, args->ref) > param_count(action))
		return ld_node_error(*args, err, LD_INVALID,
		    "%s takes at most %zu arguments, not %u", action->command,
		    param_count(action), ld_json_count(args->json, args->ref));
	return LD_OK;
}

enum ld_status
ldi_action_check_params(const struct ldi_action *action,
    const struct ld_item *item, struct ld_err *err)
{
	enum ld_status st = check_shape(action, item, err);

	for (size_t i = 0; st == LD_OK && i < param_count(action); i++) {
		const struct ldi_param *param = &action->params[i];
		struct ld_node node = ldi_arg(action, item, param->name);
		bool given = node.ref != LD_JSON_NONE;

		if (!given && param->required)
			st = ld_node_error(item->node, err, LD_INVALID,
			    "%s wants the argument '%s'", action->command,
			    param->name);
		else if (given && !fits(param, node) &&
			 (param->required ||
			     ld_json_kind(node.json, node.ref) != LD_JSON_NULL))
			st = ld_node_error(node, err, LD_INVALID,
			    "%s: '%s' is to be %s, not %s", action->command,
			    param->name, type_name(param),
			    ld_json_kind_name(
				ld_json_kind(node.json, node.ref)));
	}
	return st;
}
