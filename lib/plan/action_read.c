/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "plan/commands.h"
#include "plan/doc.h"
#include "plan/node.h"

/* Files of others that are easily mistaken for a plan. */
static const struct foreign {
	const char *key;
	const char *text;
} foreign[] = {
	{ "log", "this looks like a HAR; 'ld-import har' makes a plan of it" },
	{ "openapi",
	    "this looks like OpenAPI; 'ld-import openapi' makes a plan of it" },
	{ "swagger",
	    "this looks like OpenAPI; 'ld-import openapi' makes a plan of it" },
	{ "item",
	    "this looks like Postman; 'ld-import postman' makes a plan of it" },
};

static enum ld_status
no_list(struct ld_node root, struct ld_err *err)
{
	static const char *const name = "load_density";
	struct ld_node key;

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (ldi_node_present(ld_node_get(root, foreign[i].key)))
			return ld_node_error(
			    root, err, LD_INVALID, "%s", foreign[i].text);
	for (key = ldi_node_first(root); ldi_node_present(key);
	     key = ldi_node_next(root, key)) {
		ldi_node_unknown(key, "key", &name, 1, sizeof(name), err);
		if (err != NULL && strstr(err->text, "did you mean") != NULL)
			return LD_INVALID;
	}
	return ld_node_error(root, err, LD_INVALID,
	    "this object has no 'load_density' list of actions");
}

static enum ld_status
run_append(struct ldi_item *item, struct ld_err *err)
{
	struct ld_node args = item->pub.args, tasks, mode;
	enum ld_status st;

	item->pub.kind = LD_ITEM_RUN;
	if (ldi_node_kind(args) == LD_JSON_ARRAY)
		return ld_node_error(args, err, LD_INVALID,
		    "LD_start_test wants an object: `tasks` cannot be given "
		    "by position");
	mode = ld_node_get(args, "mode");
	st = ldi_mode_read(item, mode, err);
	if (st != LD_OK)
		return st;
	tasks = ld_node_get(args, "tasks");
	return ldi_tasks_read(item, tasks, err);
}

enum ld_status
ldi_action_append(struct ld_doc *doc, struct ld_node place,
    struct ld_node command, struct ld_node args, struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(args);
	struct ldi_item *item;
	const char *name;
	enum ld_status st;

	st = ldi_command_name(command, &name, err);
	if (st != LD_OK)
		return st;
	if (ldi_node_present(args) && kind != LD_JSON_OBJECT &&
	    kind != LD_JSON_ARRAY)
		return ld_node_error(args, err, LD_INVALID,
		    "the arguments of %s are an object or an array, not %s",
		    name, ldi_node_article(args));
	st = ldi_command_check(name, place, args, err);
	if (st != LD_OK)
		return st;
	item = ldi_doc_append(doc);
	if (item == NULL)
		return ldi_nomem(err);
	item->pub.kind = LD_ITEM_ACTION;
	item->pub.command = name;
	item->pub.node = place;
	item->pub.args = args;
	return strcmp(name, "LD_start_test") == 0 ? run_append(item, err)
						  : LD_OK;
}

static enum ld_status
action_read(struct ld_doc *doc, struct ld_node action, struct ld_err *err)
{
	struct ld_node command, args = LDI_NODE_ABSENT;
	uint32_t n;

	if (ldi_node_kind(action) != LD_JSON_ARRAY)
		return ld_node_error(action, err, LD_INVALID,
		    "an action is an array such as [\"LD_start_test\", {}], "
		    "not %s",
		    ldi_node_article(action));
	n = ld_json_count(action.json, action.ref);
	if (n == 0 || n > 2)
		return ld_node_error(action, err, LD_INVALID,
		    "an action is [\"command\"] or [\"command\", arguments], "
		    "not an array of %u",
		    n);
	command = ldi_node_first(action);
	if (n == 2)
		args = ldi_node_next(action, command);
	return ldi_action_append(doc, action, command, args, err);
}

enum ld_status
ldi_action_read(struct ld_doc *doc, struct ld_node root, struct ld_err *err)
{
	struct ld_node list = root, action;
	enum ld_status st = LD_OK;

	if (ldi_node_kind(root) == LD_JSON_OBJECT) {
		list = ld_node_get(root, "load_density");
		if (!ldi_node_present(list))
			return no_list(root, err);
	}
	if (ldi_node_kind(list) != LD_JSON_ARRAY)
		return ld_node_error(list, err, LD_INVALID,
		    "a plan is an array of actions, not %s",
		    ldi_node_article(list));
	if (ld_json_count(list.json, list.ref) == 0)
		return ld_node_error(
		    list, err, LD_INVALID, "the list of actions is empty");
	for (action = ldi_node_first(list);
	     st == LD_OK && ldi_node_present(action);
	     action = ldi_node_next(list, action))
		st = action_read(doc, action, err);
	return st;
}
