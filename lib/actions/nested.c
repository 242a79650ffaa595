/* SPDX-License-Identifier: MIT */
/* LD_execute_action and LD_execute_files: documents within a document. */
#include "config.h"

#include <stdlib.h>

#include "actions/action.h"

typedef enum ld_status items_fn(
    struct ldi_exec *exec, const struct ld_doc *doc, struct ld_err *err);

static enum ld_status
go_down(struct ldi_exec *exec, struct ld_node at, const struct ld_doc *doc,
    items_fn *items, struct ld_err *err)
{
	enum ld_status st;

	if (exec->depth == LDI_EXEC_DEPTH)
		return ld_node_error(at, err, LD_INVALID,
		    "documents are nested more than %d deep", LDI_EXEC_DEPTH);
	if (exec->documents == LDI_EXEC_DOCUMENTS)
		return ld_node_error(at, err, LD_INVALID,
		    "more than %d documents are executed by one",
		    LDI_EXEC_DOCUMENTS);
	exec->documents++;
	exec->depth++;
	st = items(exec, doc, err);
	exec->depth--;
	return st;
}

static enum ld_status
execute(struct ldi_exec *exec, const struct ld_item *item, items_fn *items,
    struct ld_err *err)
{
	struct ld_node list =
	    ldi_arg(ldi_action_find(item->command), item, "action_list");
	struct ld_doc *doc = ld_doc_new();
	const char *text;
	size_t len;
	enum ld_status st;

	if (doc == NULL)
		return ld_err_set(err, LD_NOMEM, "a document");
	text = ld_json_raw(list.json, list.ref, &len);
	st = ld_doc_add_text(doc, "action_list", text, len, err);
	if (st == LD_OK)
		st = go_down(exec, list, doc, items, err);
	ld_doc_free(doc);
	return st;
}

static enum ld_status
execute_file(struct ldi_exec *exec, struct ld_node path_node, items_fn *items,
    struct ld_err *err)
{
	struct ld_doc *doc = ld_doc_new();
	struct ld_buf path;
	enum ld_status st;

	ld_buf_init(&path, 8192);
	if (ld_json_kind(path_node.json, path_node.ref) == LD_JSON_STRING)
		ld_json_text(path_node.json, path_node.ref, &path);
	if (doc == NULL)
		st = ld_err_set(err, LD_NOMEM, "a document");
	else if (path.len == 0 || ld_buf_str(&path) == NULL)
		st = ld_node_error(
		    path_node, err, LD_INVALID, "this is not a file name");
	else
		st = ld_doc_add_path(doc, path.data, err);
	if (st == LD_OK)
		st = go_down(exec, path_node, doc, items, err);
	ld_buf_clear(&path);
	ld_doc_free(doc);
	return st;
}

static enum ld_status
execute_files(struct ldi_exec *exec, const struct ld_item *item,
    items_fn *items, struct ld_err *err)
{
	struct ld_node list =
	    ldi_arg(ldi_action_find(item->command), item, "execute_files_list");
	struct ld_node path = list;
	enum ld_status st = LD_OK;

	for (path.ref = ld_json_first(list.json, list.ref);
	     st == LD_OK && path.ref != LD_JSON_NONE;
	     path.ref = ld_json_next(list.json, list.ref, path.ref))
		st = execute_file(exec, path, items, err);
	return st;
}

enum ld_status
ldi_action_execute(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)value;
	return execute(exec, item, ldi_exec_items, err);
}

enum ld_status
ldi_action_execute_check(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)value;
	return execute(exec, item, ldi_exec_check_items, err);
}

enum ld_status
ldi_action_execute_files(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)value;
	return execute_files(exec, item, ldi_exec_items, err);
}

enum ld_status
ldi_action_execute_files_check(struct ldi_exec *exec,
    const struct ld_item *item, struct ld_buf *value, struct ld_err *err)
{
	(void)value;
	return execute_files(exec, item, ldi_exec_check_items, err);
}
