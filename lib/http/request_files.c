/* SPDX-License-Identifier: MIT */
/*
 * `files`: multipart/form-data.
 *
 *	{"field": PART, ...}            or  [{"name": "field", ...}, ...]
 *	PART = "path", or {"path" | "content" | "base64", ...}, or [PART, ...]
 *
 * The boundary is a draw, and occurs in no part that is known now; in what a
 * placeholder brings it has 128 bits against it.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/http_text.h"
#include "http/request.h"
#include "http/multipart.h"

/* Draws of a boundary before the plan must be meant to be hostile. */
#define MAX_ATTEMPTS 16

struct part {
	const struct ld_template *name, *content, *filename, *type;
	const char *path, *base64;
	struct ld_pairs headers;
};

/* clang-format off */
#define PART_ROWS \
	LD_FIELD(STRING, struct part, path, "path", NULL, \
	    "a file whose bytes are the content"), \
	LD_FIELD(TEXT, struct part, content, "content", NULL, \
	    "the content itself"), \
	LD_FIELD(STRING, struct part, base64, "base64", NULL, \
	    "the bytes of the content"), \
	LD_FIELD(TEXT, struct part, filename, "filename", NULL, \
	    "name of the file; without one, content is a plain form field"), \
	LD_FIELD(TEXT, struct part, type, "type", NULL, \
	    "Content-Type; by default what the file's name says"), \
	LD_FIELD(PAIRS, struct part, headers, "headers", NULL, \
	    "further header fields of the part"), \
	LD_FIELD_END
/* clang-format on */

static const struct ld_field part_fields[] = { PART_ROWS };

static const struct ld_field named_part_fields[] = {
	{ .name = "name",
	    .kind = LD_FIELD_TEXT,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = LD_FIELD_OFFSET(struct part, name, LD_FIELD_TYPE_TEXT),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "name of the form field" },
	PART_ROWS
};

struct form {
	struct ldi_request_writer w;
	const char *boundary;
	size_t parts;
};

static enum ld_status
add_value(struct form *form, enum ldi_request_encoding encoding,
    const struct ld_template *tpl, struct ld_node node, struct ld_err *err)
{
	const struct ldi_request_piece piece = {
		.encoding = encoding, .tpl = tpl, .name = "a part's header"
	};

	return ldi_request_writer_value(&form->w, &piece, node, err);
}

/* -- one part ------------------------------------------------------------- */

static enum ld_status
add_header(struct form *form, const struct ld_pair *pair, struct ld_err *err)
{
	struct ld_buf *out = &form->w.literal;
	const char *name;
	size_t len;

	if (!ld_template_constant(pair->key, &name, &len) ||
	    !ldi_http_is_name(name, len))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "'%s' is no name of a header",
		    ld_template_shape(pair->key));
	if (ldi_http_same(name, len, "content-disposition") ||
	    ldi_http_same(name, len, "content-type"))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "a part's '%s' is made from its 'name', 'filename' and "
		    "'type'",
		    name);
	ld_buf_addf(out, "\r\n%s: ", name);
	return add_value(form, LDI_REQUEST_FIELD, pair->value, pair->node, err);
}

static enum ld_status
add_headers(
    struct form *form, const struct ld_pairs *headers, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < headers->n; i++)
		st = add_header(form, &headers->items[i], err);
	return st;
}

/* The name that the server is told, unless the plan gives another. */
static const char *
file_name(const struct part *part)
{
	if (part->path != NULL)
		return ldi_multipart_base_name(part->path);
	return part->base64 != NULL ? "data" : NULL;
}

static enum ld_status
add_filename(struct form *form, const struct part *part, struct ld_node node,
    struct ld_err *err)
{
	struct ld_buf *out = &form->w.literal;
	const char *own = file_name(part);
	enum ld_status st = LD_OK;

	if (part->filename == NULL && own == NULL)
		return LD_OK;
	ld_buf_adds(out, "; filename=\"");
	if (part->filename != NULL)
		st = add_value(
		    form, LDI_REQUEST_QUOTED, part->filename, node, err);
	else
		ldi_multipart_quote_add(out, own, strlen(own));
	ld_buf_addc(out, '"');
	return st;
}

static enum ld_status
add_type(struct form *form, const struct part *part, struct ld_node node,
    struct ld_err *err)
{
	const char *name = file_name(part);
	size_t len;

	if (part->type != NULL) {
		ld_buf_adds(&form->w.literal, "\r\nContent-Type: ");
		return add_value(
		    form, LDI_REQUEST_FIELD, part->type, node, err);
	}
	if (part->filename != NULL &&
	    !ld_template_constant(part->filename, &name, &len))
		name = "";
	if (name != NULL)
		ld_buf_addf(&form->w.literal, "\r\nContent-Type: %s",
		    ldi_multipart_type(name));
	return LD_OK;
}

static enum ld_status
add_content(struct form *form, const struct part *part, struct ld_node node,
    struct ld_err *err)
{
	struct ld_buf *out = &form->w.literal;

	ld_buf_adds(out, "\r\n\r\n");
	if (part->path != NULL)
		return ldi_request_file_add(out, part->path, node, err);
	if (part->base64 != NULL)
		return ldi_request_base64_add(out, part->base64, node, err);
	return add_value(form, LDI_REQUEST_RAW, part->content, node, err);
}

/* `key` names it, unless it names itself. */
static enum ld_status
add_part(struct form *form, const struct ld_template *key,
    const struct part *part, struct ld_node node, struct ld_err *err)
{
	struct ld_buf *out = &form->w.literal;
	enum ld_status st;

	if ((part->path != NULL) + (part->base64 != NULL) +
		(part->content != NULL) !=
	    1)
		return ld_node_error(node, err, LD_INVALID,
		    "a part has one of 'path', 'content' and 'base64'");
	form->parts++;
	ld_buf_addf(out, "--%s\r\nContent-Disposition: form-data; name=\"",
	    form->boundary);
	st = add_value(form, LDI_REQUEST_QUOTED,
	    part->name != NULL ? part->name : key, node, err);
	ld_buf_addc(out, '"');
	if (st == LD_OK)
		st = add_filename(form, part, node, err);
	if (st == LD_OK)
		st = add_type(form, part, node, err);
	if (st == LD_OK)
		st = add_headers(form, &part->headers, err);
	if (st == LD_OK)
		st = add_content(form, part, node, err);
	ld_buf_adds(out, "\r\n");
	return st;
}

/* -- parts ---------------------------------------------------------------- */

static enum ld_status
read_path(struct form *form, struct ld_node node, struct part *part,
    struct ld_err *err)
{
	const struct ld_template *tpl;
	enum ld_status st = ld_compile_text(form->w.cc, node, &tpl, err);
	size_t len;

	if (st != LD_OK)
		return st;
	if (!ld_template_constant(tpl, &part->path, &len))
		return ld_node_error(node, err, LD_INVALID,
		    "a path must be known before the run, and %s is not",
		    ld_template_shape(tpl));
	return LD_OK;
}

static enum ld_status
read_part(struct form *form, const struct ld_template *key, struct ld_node node,
    const struct ld_field *table, struct ld_err *err)
{
	struct part part = { 0 };
	enum ld_status st;

	if (key != NULL && ld_json_kind(node.json, node.ref) == LD_JSON_STRING)
		st = read_path(form, node, &part, err);
	else
		st = ld_compile_fields(form->w.cc, node, table, &part, err);
	return st == LD_OK ? add_part(form, key, &part, node, err) : st;
}

static enum ld_status
read_array(struct form *form, const struct ld_template *key,
    struct ld_node array, const struct ld_field *table, struct ld_err *err)
{
	struct ld_node part = array;
	enum ld_status st = LD_OK;

	for (part.ref = ld_json_first(array.json, array.ref);
	     st == LD_OK && part.ref != LD_JSON_NONE;
	     part.ref = ld_json_next(array.json, array.ref, part.ref))
		st = read_part(form, key, part, table, err);
	return st;
}

static enum ld_status
read_member(struct form *form, struct ld_node key, struct ld_err *err)
{
	const struct ld_template *name;
	struct ld_node value = key;
	enum ld_status st = ld_compile_text(form->w.cc, key, &name, err);

	value.ref = ld_json_value(key.json, key.ref);
	if (st != LD_OK || !ldi_request_is_given(value))
		return st;
	return ld_json_kind(value.json, value.ref) == LD_JSON_ARRAY
		   ? read_array(form, name, value, part_fields, err)
		   : read_part(form, name, value, part_fields, err);
}

static enum ld_status
read_files(struct form *form, struct ld_node files, struct ld_err *err)
{
	struct ld_node key = files;
	enum ld_status st = LD_OK;

	if (ld_json_kind(files.json, files.ref) == LD_JSON_ARRAY)
		return read_array(form, NULL, files, named_part_fields, err);
	if (ld_json_kind(files.json, files.ref) != LD_JSON_OBJECT)
		return ld_node_error(files, err, LD_INVALID,
		    "'files' is an object of parts by name, or an array of "
		    "parts that have one, not %s",
		    ld_json_kind_name(ld_json_kind(files.json, files.ref)));
	for (key.ref = ld_json_first(files.json, files.ref);
	     st == LD_OK && key.ref != LD_JSON_NONE;
	     key.ref = ld_json_next(files.json, files.ref, key.ref))
		st = read_member(form, key, err);
	return st;
}

/* The form fields in front. */
static enum ld_status
read_data(struct form *form, struct ld_node data, struct ld_err *err)
{
	struct ld_pairs pairs = { 0 };
	enum ld_status st = LD_OK;

	if (ldi_request_is_given(data))
		st = ld_compile_pairs(form->w.cc, data, &pairs, err);
	for (size_t i = 0; st == LD_OK && i < pairs.n; i++) {
		const struct ld_pair *pair = &pairs.items[i];
		const struct part part = { .content = pair->value };

		st = add_part(form, pair->key, &part, pair->node, err);
	}
	return st;
}

/* -- all of it ------------------------------------------------------------ */

/* Does the boundary stand anywhere but in front of a part, and at the end? */
static bool
occurs(const struct ldi_request_text *body, const struct form *form)
{
	size_t len = strlen(form->boundary), n = 0;

	for (size_t i = 0; i < body->n; i++) {
		const char *at = body->pieces[i].text;
		const char *end = at + body->pieces[i].len;

		while (at != NULL && (at = memmem(at, (size_t)(end - at),
					  form->boundary, len)) != NULL) {
			at += len;
			n++;
		}
	}
	return n != form->parts + 1;
}

static enum ld_status
write_form(struct form *form, const struct ldi_request_task *t,
    struct ldi_request_text *out, struct ld_err *err)
{
	enum ld_status st = read_data(form, t->data, err);

	if (st == LD_OK)
		st = read_files(form, t->files, err);
	if (st == LD_OK && form->parts == 0)
		st = ld_node_error(
		    t->files, err, LD_INVALID, "'files' holds no part");
	ld_buf_addf(&form->w.literal, "--%s--\r\n", form->boundary);
	return ldi_request_writer_close(&form->w, st, out, err);
}

enum ld_status
ldi_request_files_compile(struct ldi_request *r, const struct ld_task *task,
    struct ld_compile *cc, struct ldi_request_type *type, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	char boundary[LDI_MULTIPART_BOUNDARY];

	for (uint32_t attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
		struct form form = { .boundary = boundary };
		enum ld_status st;

		ldi_multipart_boundary(
		    task->config->seed, task->index, attempt, boundary);
		ldi_request_writer_open(&form.w, cc);
		st = write_form(&form, t, &r->body, err);
		if (st != LD_OK)
			return st;
		if (occurs(&r->body, &form))
			continue;
		snprintf(type->own, sizeof(type->own),
		    "multipart/form-data; boundary=%s", boundary);
		type->text = type->own;
		return LD_OK;
	}
	return ld_node_error(t->files, err, LD_INVALID,
	    "the parts hold every boundary that can be drawn");
}
