/* SPDX-License-Identifier: MIT */
/* LD_execute_action and LD_execute_files: documents within a document. */
#include "config.h"

#include "actions/action.h"
#include "actions/results.h"
#include "plan/doc.h"
#include "plan/node.h"

/* Execute the document, or check it when nothing takes its `value`. */
static enum ld_status
go_down(struct ldi_exec *exec, struct ld_node at, const struct ld_doc *doc,
    struct ld_buf *value, struct ld_err *err)
{
	struct ldi_results results, *outer = exec->results;
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
	if (value == NULL) {
		st = ldi_exec_check_items(exec, doc, err);
	} else {
		ldi_results_init(&results);
		exec->results = &results;
		st = ldi_exec_items(exec, doc, err);
		exec->results = outer;
		ldi_results_write(&results, value);
		ldi_results_clear(&results);
	}
	exec->depth--;
	return st;
}

/* The items of the inner document point into the outer one. */
static enum ld_status
execute(struct ldi_exec *exec, const struct ld_item *item, struct ld_buf *value,
    struct ld_err *err)
{
	struct ld_node list =
	    ldi_arg(ldi_action_find(item->command), item, "action_list");
	struct ld_doc *doc = ld_doc_new();
	enum ld_status st;

	if (doc == NULL)
		return ldi_nomem(err);
	st = ldi_action_read(doc, list, err);
	if (st == LD_OK)
		st = go_down(exec, list, doc, value, err);
	ld_doc_free(doc);
	return st;
}

static enum ld_status
execute_file(struct ldi_exec *exec, struct ld_node path_node,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_doc *doc = ld_doc_new();
	struct ld_buf path;
	enum ld_status st;

	ld_buf_init(&path, 8192);
	ld_json_text(path_node.json, path_node.ref, &path);
	if (doc == NULL)
		st = ldi_nomem(err);
	else if (path.len == 0 || ld_buf_str(&path) == NULL)
		st = ld_node_error(
		    path_node, err, LD_INVALID, "this is not a file name");
	else
		st = ld_doc_add_path(doc, path.data, err);
	if (st == LD_OK)
		st = go_down(exec, path_node, doc, value, err);
	ld_buf_clear(&path);
	ld_doc_free(doc);
	return st;
}

static enum ld_status
execute_files(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_node list =
	    ldi_arg(ldi_action_find(item->command), item, "execute_files_list");
	struct ld_node first = ldi_node_first(list), path;
	enum ld_status st = LD_OK;

	if (value != NULL)
		ld_buf_addc(value, '[');
	for (path = first; st == LD_OK && ldi_node_present(path);
	     path = ldi_node_next(list, path)) {
		if (value != NULL && path.ref != first.ref)
			ld_buf_addc(value, ',');
		st = execute_file(exec, path, value, err);
	}
	if (value != NULL)
		ld_buf_addc(value, ']');
	return st;
}

enum ld_status
ldi_action_execute(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	return execute(exec, item, value, err);
}

enum ld_status
ldi_action_execute_files(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	return execute_files(exec, item, value, err);
}
