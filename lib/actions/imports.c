/* SPDX-License-Identifier: MIT */
/*
 * Commands of the importers.  No action hands its result to another, so what
 * the original wants as an object may be the path of the file, too.  What they
 * return goes into a record: secrets in it are masked, and it is `ld-import`
 * that writes them out.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/import.h>
#include <ld/limits.h>

#include "actions/action.h"
#include "actions/python.h"
#include "base/file.h"
#include "importers/curl_task.h"
#include "plan/node.h"

/* What is imported, and how. */
struct import {
	const struct ldi_action *action;
	const struct ld_item *item;
	const char *param; /* that holds it, or its path */
	struct ld_node from;
	struct ld_buf text; /* of the file */
	char *path;         /* NULL = it stands in the document */
	char *user;
	char **include, **exclude;
	struct ld_import_options options;
};

/* -- arguments ------------------------------------------------------------ */

static void
free_texts(char **list, size_t n)
{
	while (list != NULL && n > 0)
		free(list[--n]);
	free(list);
}

static enum ld_status
read_texts(const struct import *import, const char *name, char ***list_out,
    size_t *n_out, struct ld_err *err)
{
	struct ld_node list = ldi_arg(import->action, import->item, name), at;

	*list_out = calloc(
	    (size_t)ld_json_count(list.json, list.ref) + 1, sizeof(**list_out));
	if (*list_out == NULL)
		return ldi_nomem(err);
	for (at = ldi_node_first(list); ldi_node_present(at);
	     at = ldi_node_next(list, at)) {
		struct ld_buf text;

		ld_buf_init(&text, LD_MAX_DOCUMENT);
		ld_json_text(at.json, at.ref, &text);
		(*list_out)[*n_out] = ld_buf_take(&text, NULL);
		if ((*list_out)[*n_out] == NULL)
			return ldi_nomem(err);
		++*n_out;
	}
	return LD_OK;
}

static double
number(const struct import *import, const char *name, double def)
{
	struct ld_node node = ldi_arg(import->action, import->item, name);
	double d;

	return ld_json_double(node.json, node.ref, &d) ? d : def;
}

static enum ld_status
read_options(struct import *import, struct ld_err *err)
{
	struct ld_import_options *o = &import->options;
	struct ld_node users =
	    ldi_arg(import->action, import->item, "user_count");
	enum ld_status st =
	    read_texts(import, "include", &import->include, &o->n_include, err);

	if (st == LD_OK)
		st = read_texts(
		    import, "exclude", &import->exclude, &o->n_exclude, err);
	if (st != LD_OK)
		return st;
	import->user = ldi_arg_text(
	    import->action, import->item, "user", "fast_http_user");
	if (import->user == NULL)
		return ldi_nomem(err);
	o->include = (const char *const *)import->include;
	o->exclude = (const char *const *)import->exclude;
	o->user = import->user;
	(void)ld_json_u64(users.json, users.ref, &o->user_count);
	o->spawn_rate = number(import, "spawn_rate", 0);
	o->test_time_s = number(import, "test_time", -1);
	o->action_json = true;
	return LD_OK;
}

static enum ld_status
import_open(struct import *import, const struct ld_item *item,
    const char *param, struct ld_err *err)
{
	*import = (struct import){ .action = ldi_action_find(item->command),
		.item = item,
		.param = param };
	ld_buf_init(&import->text, LD_MAX_DOCUMENT);
	import->from = ldi_arg(import->action, item, param);
	if (ldi_node_kind(import->from) == LD_JSON_STRING) {
		import->path = ldi_arg_text(import->action, item, param, "");
		if (import->path == NULL)
			return ldi_nomem(err);
	}
	return read_options(import, err);
}

static void
import_close(struct import *import)
{
	ld_buf_clear(&import->text);
	free(import->path);
	free(import->user);
	free_texts(import->include, import->options.n_include);
	free_texts(import->exclude, import->options.n_exclude);
}

static enum ld_status
read_file(struct import *import, struct ld_err *err)
{
	int fd = open(import->path, O_RDONLY | O_CLOEXEC);
	enum ld_status st;

	if (fd < 0)
		st = ld_err_errno(err, errno, "cannot open");
	else
		st = ldi_file_read(fd, &import->text, "the file", err);
	if (fd >= 0)
		close(fd);
	if (st != LD_OK)
		ld_err_place(err, import->path, 0, 0);
	return st;
}

/* -- values --------------------------------------------------------------- */

/* The value at `path` of a JSON text, without its secrets. */
static enum ld_status
add_masked(struct ld_buf *value, const char *name, const struct ld_buf *text,
    const char *const *path, struct ld_err *err)
{
	struct ld_node node = { .ref = LD_JSON_ROOT };
	struct ld_json json;
	enum ld_status st;

	ld_json_init(&json);
	st =
	    ld_json_parse(&json, text->data, text->len, LD_JSON_ALLOW_BOM, err);
	node.json = &json;
	for (; st == LD_OK && *path != NULL; path++)
		node.ref = **path == '[' ? ld_json_at(&json, node.ref,
					       (uint32_t)((*path)[1] - '0'))
					 : ld_json_get(&json, node.ref, *path);
	if (st == LD_OK)
		ldi_python_json(value, node, true);
	else
		ld_err_place(err, name, err->line, err->column);
	ld_json_clear(&json);
	return st;
}

static void
tell_losses(struct ldi_exec *exec, const struct ld_item *item,
    const struct ld_import_count *count)
{
	if (count->losses > 0 && exec->options->talk != NULL)
		fprintf(exec->options->talk,
		    "%s: %" PRIu64 " tasks; %" PRIu64
		    " things could not be carried over\n",
		    item->command, count->tasks, count->losses);
}

/* The original's document into `out`. */
static enum ld_status
convert(struct ldi_exec *exec, struct import *import, const char *format,
    struct ld_buf *out, struct ld_err *err)
{
	const struct ld_importer *importer = ld_importer_find(format, err);
	struct ld_import_count count;
	const char *text;
	size_t len;
	enum ld_status st = importer == NULL ? err->status : LD_OK;

	if (st == LD_OK && import->path != NULL)
		st = read_file(import, err);
	if (st != LD_OK)
		return st;
	text = import->path != NULL
		   ? import->text.data
		   : ld_json_raw(import->from.json, import->from.ref, &len);
	if (import->path != NULL)
		len = import->text.len;
	st = ld_import(importer, import->path != NULL ? import->path : "",
	    text != NULL ? text : "", len, &import->options, out, &count, err);
	if (st != LD_OK && import->path == NULL)
		return ld_node_place(import->from, err);
	if (st == LD_OK)
		tell_losses(exec, import->item, &count);
	return st;
}

static enum ld_status
import_har(struct ldi_exec *exec, const struct ld_item *item,
    const char *const *path, struct ld_buf *value, struct ld_err *err)
{
	struct import import;
	struct ld_buf document;
	enum ld_status st = import_open(&import, item, "har", err);

	ld_buf_init(&document, LD_MAX_DOCUMENT);
	if (st == LD_OK)
		st = convert(exec, &import, "har", &document, err);
	if (st == LD_OK)
		st = add_masked(value, "", &document, path, err);
	ld_buf_clear(&document);
	import_close(&import);
	return st;
}

/* -- HAR ------------------------------------------------------------------ */

enum ld_status
ldi_action_har_to_tasks(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	static const char *const path[] = { "load_density", "[0", "[1", "tasks",
		"tasks", NULL };

	return import_har(exec, item, path, value, err);
}

enum ld_status
ldi_action_har_to_action_json(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	static const char *const path[] = { NULL };

	return import_har(exec, item, path, value, err);
}

/* Are the expressions sound?  A recording without entries tells. */
enum ld_status
ldi_action_har_check(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	static const char empty[] = "{\"log\":{\"entries\":[]}}";
	const struct ld_importer *importer = ld_importer_find("har", err);
	struct import import;
	struct ld_buf document;
	enum ld_status st = import_open(&import, item, "har", err);

	(void)exec, (void)value;
	ld_buf_init(&document, LD_MAX_DOCUMENT);
	if (st == LD_OK && importer == NULL)
		st = err->status;
	if (st == LD_OK)
		st = ld_import(importer, "", empty, sizeof(empty) - 1,
		    &import.options, &document, NULL, err);
	ld_buf_clear(&document);
	import_close(&import);
	return st;
}

enum ld_status
ldi_action_load_har(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	static const char *const path[] = { NULL };
	struct import import;
	enum ld_status st = import_open(&import, item, "file_path", err);

	(void)exec;
	if (st == LD_OK)
		st = read_file(&import, err);
	if (st == LD_OK && import.text.len == 0) {
		st = ld_err_set(err, LD_INVALID, "the file is empty");
		ld_err_place(err, import.path, 0, 0);
	}
	if (st == LD_OK)
		st = add_masked(value, import.path, &import.text, path, err);
	import_close(&import);
	return st;
}

/* -- curl ----------------------------------------------------------------- */

enum ld_status
ldi_action_curl_to_task(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	static const char *const path[] = { NULL };
	struct ld_node from =
	    ldi_arg(ldi_action_find(item->command), item, "command");
	struct ld_import_count count = { .tasks = 1 };
	struct ld_buf command, task;
	enum ld_status st = LD_OK;

	ld_buf_init(&command, LD_MAX_DOCUMENT);
	ld_buf_init(&task, LD_MAX_DOCUMENT);
	ld_json_text(from.json, from.ref, &command);
	if (command.failed)
		st = ldi_nomem(err);
	else if (ldi_curl_task(command.len > 0 ? command.data : "", command.len,
		     &task, &count.losses, err) != LD_OK)
		st = ld_node_place(from, err);
	if (st == LD_OK)
		st = add_masked(value, "", &task, path, err);
	if (st == LD_OK)
		tell_losses(exec, item, &count);
	ld_buf_clear(&task);
	ld_buf_clear(&command);
	return st;
}
