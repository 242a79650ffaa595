/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "plan/doc.h"
#include "plan/node.h"
#include "plan/tape.h"

const char *const ldi_modes[] = { "sequence", "conditional", NULL };

enum ld_status
ldi_mode_read(struct ldi_item *item, struct ld_node mode, struct ld_err *err)
{
	static const char *const modes[] = { "sequence", "conditional",
		"weighted" };
	const char *text;
	size_t len, i;

	if (ldi_node_kind(mode) == LD_JSON_NULL)
		return LD_OK;
	if (ldi_node_kind(mode) != LD_JSON_STRING)
		return ld_node_error(mode, err, LD_INVALID,
		    "'mode' is a string, not %s", ldi_node_article(mode));
	if (!ld_json_plain(mode.json, mode.ref, &text, &len))
		len = 0;
	for (i = 0; i < 3; i++)
		if (len == strlen(modes[i]) &&
		    strncasecmp(text, modes[i], len) == 0)
			break;
	if (i == 3)
		return ldi_node_unknown(
		    mode, "mode", modes, 3, sizeof(modes[0]), err);
	if (i == 2)
		return ld_node_error(mode, err, LD_UNSUPPORTED,
		    "mode 'weighted' is not in this build");
	item->pub.mode = modes[i];
	return LD_OK;
}

static enum ld_status
not_a_task(struct ld_node node, struct ld_err *err)
{
	return ld_node_error(node, err, LD_INVALID,
	    "a task is an object, not %s", ldi_node_article(node));
}

static struct ld_node *
room(struct ldi_item *item, struct ld_node list)
{
	return ldi_arena_array(item->arena, ld_json_count(list.json, list.ref),
	    sizeof(struct ld_node));
}

static enum ld_status
read_list(struct ldi_item *item, struct ld_node list, struct ld_err *err)
{
	struct ld_node *tasks = room(item, list), task;
	size_t n = 0;

	if (tasks == NULL)
		return ldi_nomem(err);
	for (task = ldi_node_first(list); ldi_node_present(task);
	     task = ldi_node_next(list, task)) {
		if (ldi_node_kind(task) != LD_JSON_OBJECT)
			return not_a_task(task, err);
		tasks[n++] = task;
	}
	item->pub.tasks = tasks;
	item->pub.n_tasks = n;
	return LD_OK;
}

/* {"get": {...}, "post": {...}}: the key is the method of a task that names
 * none of its own. */
static enum ld_status
read_map(struct ldi_item *item, struct ld_node map, struct ld_err *err)
{
	struct ld_node *tasks = room(item, map), key, task;
	enum ld_status st = LD_OK;
	size_t n = 0;

	if (tasks == NULL)
		return ldi_nomem(err);
	for (key = ldi_node_first(map); st == LD_OK && ldi_node_present(key);
	     key = ldi_node_next(map, key)) {
		task = ldi_node_value(key);
		if (ldi_node_kind(task) != LD_JSON_OBJECT)
			return not_a_task(task, err);
		if (!ldi_node_present(ld_node_get(task, "method")))
			st = ldi_tape_with_method(
			    task, key, item->arena, &task, err);
		tasks[n++] = task;
	}
	item->pub.tasks = tasks;
	item->pub.n_tasks = n;
	return st;
}

static enum ld_status
read_either(struct ldi_item *item, struct ld_node tasks, struct ld_err *err)
{
	if (ldi_node_kind(tasks) == LD_JSON_ARRAY)
		return read_list(item, tasks, err);
	if (ldi_node_kind(tasks) == LD_JSON_OBJECT)
		return read_map(item, tasks, err);
	return ld_node_error(tasks, err, LD_INVALID,
	    "'tasks' is an array of objects, not %s", ldi_node_article(tasks));
}

/* {"mode": M, "tasks": T} */
static enum ld_status
read_pair(struct ldi_item *item, struct ld_node pair, struct ld_err *err)
{
	static const char *const keys[] = { "mode", "tasks" };
	struct ld_node key, tasks;
	enum ld_status st;

	for (key = ldi_node_first(pair); ldi_node_present(key);
	     key = ldi_node_next(pair, key))
		if (!ld_json_is(key.json, key.ref, "mode") &&
		    !ld_json_is(key.json, key.ref, "tasks"))
			return ldi_node_unknown(
			    key, "key", keys, 2, sizeof(keys[0]), err);
	st = ldi_mode_read(item, ld_node_get(pair, "mode"), err);
	if (st != LD_OK)
		return st;
	tasks = ld_node_get(pair, "tasks");
	return ldi_node_kind(tasks) == LD_JSON_NULL
		   ? LD_OK
		   : read_either(item, tasks, err);
}

enum ld_status
ldi_tasks_read(struct ldi_item *item, struct ld_node tasks, struct ld_err *err)
{
	if (ldi_node_kind(tasks) == LD_JSON_NULL)
		return LD_OK;
	item->pub.tasks_given = true;
	if (ldi_node_kind(tasks) == LD_JSON_OBJECT &&
	    (ldi_node_present(ld_node_get(tasks, "tasks")) ||
		ldi_node_present(ld_node_get(tasks, "mode"))))
		return read_pair(item, tasks, err);
	return read_either(item, tasks, err);
}
