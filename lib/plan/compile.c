/* SPDX-License-Identifier: MIT */
/*
 * Text with placeholders becomes pieces.
 *
 * A placeholder is "${", one or more bytes that are not "}", and "}"; what is
 * not of that form is text.  What is known before the run goes into the
 * literal around it, so that only what changes from pass to pass is left.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "plan/build.h"
#include "plan/node.h"

static enum ld_status
add_piece(
    struct ldi_build *build, const struct ldi_piece *piece, struct ld_err *err)
{
	struct ldi_piece *pieces;
	size_t cap;

	if (build->n == build->cap) {
		cap = build->cap == 0 ? 8 : 2 * build->cap;
		pieces = realloc(build->pieces, cap * sizeof(*pieces));
		if (pieces == NULL)
			return ldi_nomem(err);
		build->pieces = pieces;
		build->cap = cap;
	}
	build->pieces[build->n++] = *piece;
	return LD_OK;
}

/* What was written to `text` since the last piece becomes one. */
static enum ld_status
end_literal(struct ldi_build *build, struct ld_err *err)
{
	struct ldi_piece piece = { .op = LDI_PIECE_LITERAL,
		.len = build->text.len - build->literal };

	if (piece.len == 0)
		return LD_OK;
	build->literal = build->text.len;
	return add_piece(build, &piece, err);
}

static void
add_text(
    struct ldi_build *build, const char *text, size_t len, enum ldi_form form)
{
	if (form == LDI_FORM_TEXT) {
		ld_buf_add(&build->text, text, len);
		ld_buf_add(&build->shape, text, len);
	} else {
		ld_json_add_chars(&build->text, text, len);
		ld_json_add_chars(&build->shape, text, len);
	}
}

/* Punctuation and scalars since the last string. */
static void
add_json(struct ldi_build *build, const struct ld_buf *json)
{
	if (json->len == 0)
		return;
	ld_buf_add(&build->text, json->data, json->len);
	ld_buf_add(&build->shape, json->data, json->len);
}

void
ldi_build_value(
    struct ldi_build *build, const struct ldi_value *value, enum ldi_form form)
{
	ldi_value_add(&build->text, value, form);
	ldi_value_add(&build->shape, value, form);
}

enum ld_status
ldi_build_dynamic(struct ldi_build *build, const struct ldi_place *place,
    struct ldi_piece *piece, struct ld_err *err)
{
	struct ldi_value raw = { LD_JSON_STRING, place->raw, place->raw_len };
	enum ld_status st = end_literal(build, err);

	if (st != LD_OK)
		return st;
	piece->form = place->form;
	piece->len = place->raw_len;
	piece->text =
	    ldi_arena_strndup(build->bind->arena, place->raw, place->raw_len);
	if (piece->text == NULL)
		return ldi_nomem(err);
	ldi_value_add(&build->shape, &raw, place->form);
	return add_piece(build, piece, err);
}

/* -- strings -------------------------------------------------------------- */

static bool
white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next placeholder at or behind `from`.  False when there is none. */
static bool
find(const char *text, size_t len, size_t from, struct ldi_place *place)
{
	const char *at, *close, *end = text + len;

	for (at = text + from; at + 3 < end; at++) {
		at = memchr(at, '$', (size_t)(end - at));
		if (at == NULL || at + 3 >= end)
			return false;
		if (at[1] != '{' || at[2] == '}')
			continue;
		close = memchr(at + 2, '}', (size_t)(end - at - 2));
		if (close == NULL)
			return false;
		place->at = (size_t)(at - text);
		place->raw = at;
		place->raw_len = (size_t)(close + 1 - at);
		return true;
	}
	return false;
}

static enum ld_status
one(struct ldi_build *build, struct ldi_place *place, struct ld_err *err)
{
	const char *from = place->raw + 2;
	const char *to = place->raw + place->raw_len - 1;
	enum ld_status st;

	while (from < to && white(*from))
		from++;
	while (to > from && white(to[-1]))
		to--;
	place->len = (size_t)(to - from);
	place->inner = malloc(place->len + 1);
	if (place->inner == NULL)
		return ldi_nomem(err);
	memcpy(place->inner, from, place->len);
	place->inner[place->len] = '\0';
	st = ldi_build_placeholder(build, place, err);
	free(place->inner);
	return st;
}

static enum ld_status
compile_text(struct ldi_build *build, const char *text, size_t len,
    enum ldi_form form, struct ld_err *err)
{
	struct ldi_place place;
	enum ld_status st = LD_OK;
	size_t at = 0;

	while (st == LD_OK && find(text, len, at, &place)) {
		place.form = form;
		add_text(build, text + at, place.at - at, form);
		st = one(build, &place, err);
		at = place.at + place.raw_len;
	}
	if (st == LD_OK && at < len)
		add_text(build, text + at, len - at, form);
	return st;
}

/* Of a JSON document: a whole-string placeholder keeps its type. */
static enum ld_status
compile_string(
    struct ldi_build *build, const char *text, size_t len, struct ld_err *err)
{
	struct ldi_place place;
	enum ld_status st;

	if (find(text, len, 0, &place) && place.raw_len == len) {
		place.form = LDI_FORM_JSON;
		return one(build, &place, err);
	}
	ld_buf_addc(&build->text, '"');
	ld_buf_addc(&build->shape, '"');
	st = compile_text(build, text, len, LDI_FORM_CHARS, err);
	ld_buf_addc(&build->text, '"');
	ld_buf_addc(&build->shape, '"');
	return st;
}

/* Decode a string node and give it to one of the two above. */
static enum ld_status
compile_node(
    struct ldi_build *build, struct ld_node node, bool json, struct ld_err *err)
{
	struct ld_buf buf;
	const char *text;
	size_t len;
	enum ld_status st = LD_OK;

	build->node = node;
	ld_buf_init(&buf, LD_MAX_DOCUMENT);
	if (!ld_json_plain(node.json, node.ref, &text, &len)) {
		ld_json_text(node.json, node.ref, &buf);
		st = ld_buf_status(&buf, "the string", err);
		text = buf.len != 0 ? buf.data : "";
		len = buf.len;
	}
	if (st == LD_OK)
		st = json ? compile_string(build, text, len, err)
			  : compile_text(build, text, len, LDI_FORM_TEXT, err);
	ld_buf_clear(&buf);
	return st;
}

static enum ld_status
string_hook(
    void *ctx, struct ld_node string, struct ld_buf *out, struct ld_err *err)
{
	struct ldi_build *build = ctx;
	enum ld_status st;

	add_json(build, out);
	st = compile_node(build, string, true, err);
	ld_buf_reset(out);
	return st;
}

/* -- the whole ------------------------------------------------------------ */

static enum ld_status
compile_json(struct ldi_build *build, struct ld_node node, struct ld_err *err)
{
	struct ld_buf between;
	enum ld_status st;

	ld_buf_init(&between, LD_MAX_DOCUMENT);
	st = ldi_node_json(node, &between, string_hook, build, err);
	if (st == LD_OK) {
		add_json(build, &between);
		st = ld_buf_status(&between, "the template", err);
	}
	ld_buf_clear(&between);
	return st;
}

/* Move what was built into the arena. */
static enum ld_status
finish(
    struct ldi_build *build, const struct ld_template **out, struct ld_err *err)
{
	struct ldi_arena *arena = build->bind->arena;
	struct ldi_piece *pieces, empty = { .op = LDI_PIECE_LITERAL };
	struct ld_template *tpl;
	enum ld_status st = end_literal(build, err);
	size_t at = 0;

	if (st == LD_OK && build->n == 0)
		st = add_piece(build, &empty, err);
	if (st == LD_OK)
		st = ld_buf_status(&build->text, "the template", err);
	if (st == LD_OK)
		st = ld_buf_status(&build->shape, "the template", err);
	if (st != LD_OK)
		return st;
	tpl = ldi_arena_alloc(arena, sizeof(*tpl));
	pieces = ldi_arena_array(arena, build->n, sizeof(*pieces));
	if (tpl == NULL || pieces == NULL)
		return ldi_nomem(err);
	memcpy(pieces, build->pieces, build->n * sizeof(*pieces));
	for (size_t i = 0; i < build->n; i++) {
		if (pieces[i].op != LDI_PIECE_LITERAL)
			continue;
		pieces[i].text = ldi_arena_strndup(arena,
		    build->text.data != NULL ? build->text.data + at : "",
		    pieces[i].len);
		if (pieces[i].text == NULL)
			return ldi_nomem(err);
		at += pieces[i].len;
	}
	tpl->pieces = pieces;
	tpl->n = (uint32_t)build->n;
	tpl->constant = tpl->n == 1 && pieces[0].op == LDI_PIECE_LITERAL;
	tpl->shape =
	    tpl->constant && !build->has_secret
		? pieces[0].text
		: ldi_arena_strndup(arena, build->shape.data, build->shape.len);
	if (tpl->shape == NULL)
		return ldi_nomem(err);
	*out = tpl;
	return LD_OK;
}

static enum ld_status
compile(struct ldi_bind *bind, struct ld_node node, bool json,
    const struct ld_template **out, struct ld_err *err)
{
	struct ldi_build build = { .bind = bind };
	enum ld_status st;

	ld_buf_init(&build.text, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&build.shape, LD_MAX_REQUEST_BYTES);
	if (!json && ldi_node_kind(node) == LD_JSON_STRING)
		st = compile_node(&build, node, false, err);
	else
		st = compile_json(&build, node, err);
	if (st == LD_OK)
		st = finish(&build, out, err);
	if (st == LD_OK)
		st = ldi_bind_taint(bind, *out, false, err);
	free(build.pieces);
	ld_buf_clear(&build.text);
	ld_buf_clear(&build.shape);
	return st;
}

enum ld_status
ldi_bind_text(struct ldi_bind *bind, struct ld_node node,
    const struct ld_template **out, struct ld_err *err)
{
	return compile(bind, node, false, out, err);
}

enum ld_status
ldi_bind_json(struct ldi_bind *bind, struct ld_node node,
    const struct ld_template **out, struct ld_err *err)
{
	return compile(bind, node, true, out, err);
}
