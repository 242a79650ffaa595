/* SPDX-License-Identifier: MIT */
/* Bodies: JSON, forms, text, files and bytes. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/file.h"
#include "http/request.h"

bool
ldi_request_is_given(struct ld_node node)
{
	return node.ref != LD_JSON_NONE &&
	       ld_json_kind(node.json, node.ref) != LD_JSON_NULL;
}

enum ld_status
ldi_request_form_compile(const struct ld_pairs *pairs, struct ld_compile *cc,
    struct ldi_request_text *out, struct ld_err *err)
{
	struct ldi_request_writer w;
	enum ld_status st = LD_OK;

	ldi_request_writer_open(&w, cc);
	for (size_t i = 0; i < pairs->n && st == LD_OK; i++) {
		const struct ld_pair *pair = &pairs->items[i];
		struct ldi_request_piece piece = { .encoding = LDI_REQUEST_FORM,
			.tpl = pair->key };

		if (i > 0)
			ld_buf_addc(&w.literal, '&');
		st = ldi_request_writer_value(&w, &piece, pair->node, err);
		ld_buf_addc(&w.literal, '=');
		piece.tpl = pair->value;
		if (st == LD_OK)
			st = ldi_request_writer_value(
			    &w, &piece, pair->node, err);
	}
	return ldi_request_writer_close(&w, st, out, err);
}

static enum ld_status
compile_raw(struct ldi_request *r, const struct ld_template *tpl,
    struct ld_compile *cc, struct ld_err *err)
{
	const struct ldi_request_piece piece = { .tpl = tpl };
	struct ld_node nowhere = { .ref = LD_JSON_NONE };
	struct ldi_request_writer w;
	enum ld_status st;

	ldi_request_writer_open(&w, cc);
	/* Raw text cannot be wrong. */
	st = ldi_request_writer_value(&w, &piece, nowhere, err);
	return ldi_request_writer_close(&w, st, &r->body, err);
}

/* -- bytes ---------------------------------------------------------------- */

enum ld_status
ldi_request_file_add(struct ld_buf *out, const char *path, struct ld_node node,
    struct ld_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum ld_status st;

	if (fd < 0)
		st = ld_err_errno(err, errno, "cannot open '%.200s'", path);
	else
		st = ldi_file_read(fd, out, path, err);
	if (fd >= 0)
		close(fd);
	if (st == LD_OK)
		return LD_OK;
	/* The plan is wrong, wherever the reason lies. */
	if (st != LD_NOMEM && err != NULL)
		err->status = st = LD_INVALID;
	return err != NULL ? ld_node_place(node, err) : st;
}

enum ld_status
ldi_request_base64_add(struct ld_buf *out, const char *text,
    struct ld_node node, struct ld_err *err)
{
	return ldi_base64_decode(out, text, strlen(text))
		   ? LD_OK
		   : ld_node_error(node, err, LD_INVALID, "this is no base64");
}

static enum ld_status
compile_bytes(struct ldi_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	const char *name = t->data_file != NULL ? "data_file" : "data_base64";
	struct ld_node node = ldi_request_place(task->node, name, name);
	struct ldi_request_writer w;
	enum ld_status st;

	ldi_request_writer_open(&w, cc);
	if (t->data_file != NULL)
		st = ldi_request_file_add(&w.literal, t->data_file, node, err);
	else
		st = ldi_request_base64_add(
		    &w.literal, t->data_base64, node, err);
	return ldi_request_writer_close(&w, st, &r->body, err);
}

/* -- all of it ------------------------------------------------------------ */

/* One way to give a body, but for a form in front of files. */
static enum ld_status
check_one(const struct ld_task *task, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	bool data = ldi_request_is_given(t->data);
	bool files = ldi_request_is_given(t->files);
	const struct {
		const char *name;
		bool given;
	} ways[] = {
		{ "json", t->json != NULL },
		{ "data_file", t->data_file != NULL },
		{ "data_base64", t->data_base64 != NULL },
		{ "files", files },
		{ "data", data && !files },
	};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (!ways[i].given)
			continue;
		if (first != NULL)
			return ld_node_error(ldi_request_place(task->node,
						 ways[i].name, ways[i].name),
			    err, LD_INVALID, "'%s' and '%s' exclude each other",
			    ways[i].name, first);
		first = ways[i].name;
	}
	if (data && files &&
	    ld_json_kind(t->data.json, t->data.ref) != LD_JSON_OBJECT)
		return ld_node_error(t->data, err, LD_INVALID,
		    "'data' beside 'files' is an object, their form fields");
	return LD_OK;
}

static enum ld_status
compile_data(struct ldi_request *r, struct ld_node data, struct ld_compile *cc,
    struct ldi_request_type *type, struct ld_err *err)
{
	const struct ld_template *tpl;
	struct ld_pairs pairs;
	enum ld_status st;

	switch (ld_json_kind(data.json, data.ref)) {
	case LD_JSON_OBJECT:
		type->text = "application/x-www-form-urlencoded";
		st = ld_compile_pairs(cc, data, &pairs, err);
		return st != LD_OK ? st
				   : ldi_request_form_compile(
					 &pairs, cc, &r->body, err);
	case LD_JSON_STRING:
		type->text = "text/plain; charset=utf-8";
		st = ld_compile_text(cc, data, &tpl, err);
		return st != LD_OK ? st : compile_raw(r, tpl, cc, err);
	case LD_JSON_NULL:
	case LD_JSON_FALSE:
	case LD_JSON_TRUE:
	case LD_JSON_NUMBER:
	case LD_JSON_ARRAY:
		break;
	}
	return ld_node_error(data, err, LD_INVALID,
	    "'data' is a string, or an object that is sent as a form, not %s",
	    ld_json_kind_name(ld_json_kind(data.json, data.ref)));
}

enum ld_status
ldi_request_body_compile(struct ldi_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ldi_request_type *type, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	enum ld_status st = check_one(task, err);

	type->text = NULL;
	if (st != LD_OK)
		return st;
	if (t->json != NULL) {
		type->text = "application/json";
		return compile_raw(r, t->json, cc, err);
	}
	if (t->data_file != NULL || t->data_base64 != NULL) {
		type->text = "application/octet-stream";
		return compile_bytes(r, task, cc, err);
	}
	if (ldi_request_is_given(t->files))
		return ldi_request_files_compile(r, task, cc, type, err);
	return ldi_request_is_given(t->data)
		   ? compile_data(r, t->data, cc, type, err)
		   : LD_OK;
}
