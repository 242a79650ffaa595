/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ld/limits.h>

#include "plan/node.h"

enum ld_status
ldi_nomem(struct ld_err *err)
{
	return ld_err_set(err, LD_NOMEM, "out of memory");
}

enum ld_json_kind
ldi_node_kind(struct ld_node node)
{
	return ldi_node_present(node) ? ld_json_kind(node.json, node.ref)
				      : LD_JSON_NULL;
}

struct ld_node
ldi_node_at(struct ld_node like, ld_json_ref ref)
{
	like.ref = ref;
	return like;
}

const char *
ldi_node_article(struct ld_node node)
{
	if (!ldi_node_present(node))
		return "nothing";
	switch (ldi_node_kind(node)) {
	case LD_JSON_NULL:
		return "null";
	case LD_JSON_FALSE:
	case LD_JSON_TRUE:
		return "a boolean";
	case LD_JSON_NUMBER:
		return "a number";
	case LD_JSON_STRING:
		return "a string";
	case LD_JSON_ARRAY:
		return "an array";
	case LD_JSON_OBJECT:
		return "an object";
	}
	return "nothing";
}

struct ld_node
ldi_node_first(struct ld_node parent)
{
	enum ld_json_kind kind = ldi_node_kind(parent);

	if (kind != LD_JSON_OBJECT && kind != LD_JSON_ARRAY)
		return LDI_NODE_ABSENT;
	return ldi_node_at(parent, ld_json_first(parent.json, parent.ref));
}

struct ld_node
ldi_node_next(struct ld_node parent, struct ld_node child)
{
	return ldi_node_at(
	    child, ld_json_next(child.json, parent.ref, child.ref));
}

struct ld_node
ldi_node_value(struct ld_node key)
{
	return ldi_node_at(key, ld_json_value(key.json, key.ref));
}

struct ld_node
ld_node_get(struct ld_node object, const char *name)
{
	if (ldi_node_kind(object) != LD_JSON_OBJECT)
		return LDI_NODE_ABSENT;
	return ldi_node_at(object, ld_json_get(object.json, object.ref, name));
}

enum ld_status
ld_node_place(struct ld_node node, struct ld_err *err)
{
	unsigned line = 0, column = 0;
	size_t off;

	if (err == NULL)
		return LD_INVALID;
	if (node.source == NULL)
		return err->status;
	if (ldi_node_present(node) && node.json != NULL) {
		off = (size_t)(node.json->text - node.source->text) +
		      node.json->nodes[node.ref].off;
		ld_json_offset_place(node.source->text, off, &line, &column);
	}
	ld_err_place(err, node.source->name, line, column);
	return err->status;
}

enum ld_status
ld_node_error(struct ld_node node, struct ld_err *err, enum ld_status status,
    const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ld_err_set(err, status, "%s", text);
	if (err != NULL)
		ld_node_place(node, err);
	return status;
}

char *
ldi_node_strdup(struct ld_node node, struct ldi_arena *arena, size_t *len_out)
{
	struct ld_buf buf;
	const char *text;
	char *copy = NULL;
	size_t len;

	if (ld_json_plain(node.json, node.ref, &text, &len)) {
		copy = ldi_arena_strndup(arena, text, len);
	} else {
		ld_buf_init(&buf, LD_MAX_DOCUMENT);
		ld_json_text(node.json, node.ref, &buf);
		len = buf.len;
		if (!buf.failed)
			copy = ldi_arena_strndup(
			    arena, len != 0 ? buf.data : "", len);
		ld_buf_clear(&buf);
	}
	if (len_out != NULL)
		*len_out = len;
	return copy;
}

enum ld_status
ldi_node_name(struct ld_node node, struct ldi_arena *arena, char **name_out,
    struct ld_err *err)
{
	size_t len;

	*name_out = ldi_node_strdup(node, arena, &len);
	if (*name_out == NULL)
		return ldi_nomem(err);
	if (memchr(*name_out, '\0', len) != NULL)
		return ld_node_error(node, err, LD_INVALID,
		    "a NUL byte (\\u0000) has no place in this string");
	return LD_OK;
}

enum ld_status
ldi_node_unknown(struct ld_node word, const char *what,
    const char *const *names, size_t n, size_t stride, struct ld_err *err)
{
	struct ld_buf buf;
	const char *text, *best = NULL;

	ld_buf_init(&buf, 256);
	ld_json_text(word.json, word.ref, &buf);
	text = ld_buf_str(&buf);
	if (text != NULL)
		best = ld_err_nearest(text, names, n, stride);
	else
		text = "(a very long word)";
	if (best != NULL)
		ld_node_error(word, err, LD_INVALID,
		    "unknown %s '%s'; did you mean '%s'?", what, text, best);
	else
		ld_node_error(
		    word, err, LD_INVALID, "unknown %s '%s'", what, text);
	ld_buf_clear(&buf);
	return LD_INVALID;
}

/* Recursion is bounded by LD_MAX_JSON_DEPTH, which the reader enforces. */
enum ld_status
ldi_node_json(struct ld_node node, struct ld_buf *out, ldi_string_fn *hook,
    void *ctx, struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(node);
	bool object = kind == LD_JSON_OBJECT;
	struct ld_node child;
	enum ld_status st = LD_OK;
	const char *raw;
	size_t len;

	if (kind == LD_JSON_STRING && hook != NULL)
		return hook(ctx, node, out, err);
	if (!object && kind != LD_JSON_ARRAY) {
		raw = ld_json_raw(node.json, node.ref, &len);
		ld_buf_add(out, raw, len);
		return LD_OK;
	}
	ld_buf_addc(out, object ? '{' : '[');
	for (child = ldi_node_first(node);
	     st == LD_OK && ldi_node_present(child);) {
		if (object) {
			raw = ld_json_raw(child.json, child.ref, &len);
			ld_buf_add(out, raw, len);
			ld_buf_addc(out, ':');
		}
		st = ldi_node_json(object ? ldi_node_value(child) : child, out,
		    hook, ctx, err);
		child = ldi_node_next(node, child);
		if (ldi_node_present(child))
			ld_buf_addc(out, ',');
	}
	ld_buf_addc(out, object ? '}' : ']');
	return st;
}
