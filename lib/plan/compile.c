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
#include <strings.h>

#include <ld/limits.h>

#include "plan/node.h"
#include "plan/piece.h"

struct build {
	struct ldi_bind *bind;
	struct ld_buf text; /* all literals, one behind the other */
	struct ld_buf shape;
	size_t literal; /* where in `text` the current one begins */
	struct ldi_piece *pieces;
	size_t n, cap;
	struct ld_node node; /* the string that is compiled */
};

/* A placeholder: where it stands, and its trimmed inside. */
struct place {
	size_t at; /* in the decoded string */
	const char *raw;
	size_t raw_len;
	char *inner; /* NUL-terminated copy */
	size_t len;
	enum ldi_form form;
};

static enum ld_status
add_piece(
    struct build *build, const struct ldi_piece *piece, struct ld_err *err)
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
end_literal(struct build *build, struct ld_err *err)
{
	struct ldi_piece piece = { .op = LDI_PIECE_LITERAL,
		.len = build->text.len - build->literal };

	if (piece.len == 0)
		return LD_OK;
	build->literal = build->text.len;
	return add_piece(build, &piece, err);
}

static void
add_text(struct build *build, const char *text, size_t len, enum ldi_form form)
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
add_json(struct build *build, const struct ld_buf *json)
{
	if (json->len == 0)
		return;
	ld_buf_add(&build->text, json->data, json->len);
	ld_buf_add(&build->shape, json->data, json->len);
}

static void
add_value(
    struct build *build, const struct ldi_value *value, enum ldi_form form)
{
	ldi_value_add(&build->text, value, form);
	ldi_value_add(&build->shape, value, form);
}

static enum ld_status
add_dynamic(struct build *build, const struct place *place,
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

/* -- errors --------------------------------------------------------------- */

/* Add the place of the placeholder to what *err says.  Inside a string
 * without escapes it is known to the byte, else the string must do. */
static enum ld_status
at_place(struct build *build, const struct place *place, struct ld_err *err)
{
	const char *text;
	size_t len;

	if (err == NULL)
		return LD_INVALID;
	ld_node_place(build->node, err);
	if (err->column != 0 &&
	    ld_json_plain(build->node.json, build->node.ref, &text, &len))
		err->column += 1 + (unsigned)place->at;
	return err->status;
}

static const char *
nearest_variable(const struct build *build, const char *name)
{
	const char *best = NULL, **names, *known;
	size_t n = 0, cap, len;

	for (cap = 0; ldi_resolver_name(build->bind->resolver, cap) != NULL;)
		cap++;
	cap += ldi_map_count(build->bind->slot_names);
	names = malloc((cap + 1) * sizeof(*names));
	if (names == NULL)
		return NULL;
	while (n < ldi_map_count(build->bind->slot_names)) {
		names[n] = ldi_map_key(build->bind->slot_names, n, &len);
		n++;
	}
	for (size_t i = 0;
	     (known = ldi_resolver_name(build->bind->resolver, i)) != NULL; i++)
		names[n++] = known;
	best = ld_err_nearest(name, names, n, sizeof(*names));
	free(names);
	return best;
}

static enum ld_status
no_variable(struct build *build, const struct place *place, const char *name,
    struct ld_err *err)
{
	const char *best = nearest_variable(build, name);

	if (best != NULL)
		ld_err_set(err, LD_INVALID,
		    "no variable '%s'; did you mean '%s'? "
		    "(set it with --var %s=...)",
		    name, best, name);
	else
		ld_err_set(err, LD_INVALID,
		    "no variable '%s': no extractor, --var, `variables` or "
		    "environment sets it (set it with --var %s=...)",
		    name, name);
	return at_place(build, place, err);
}

static enum ld_status
no_csv(struct build *build, const struct place *place, const char *name,
    struct ld_err *err)
{
	const char *best = NULL, *names[64];
	size_t n = 0;

	while (n < 64 && (names[n] = ldi_resolver_csv_name(
			      build->bind->resolver, n)) != NULL)
		n++;
	best = ld_err_nearest(name, names, n, sizeof(names[0]));
	ld_err_set(err, LD_INVALID, "no CSV source '%s'%s%s%s", name,
	    best != NULL ? "; did you mean '" : "", best != NULL ? best : "",
	    best != NULL ? "'?" : "");
	return at_place(build, place, err);
}

static enum ld_status
no_column(struct build *build, const struct place *place,
    const struct ldi_csv_source *source, const char *name, struct ld_err *err)
{
	const char *best = ld_err_nearest(name, ldi_csv_names(source->csv),
	    ldi_csv_columns(source->csv), sizeof(char *));

	ld_err_set(err, LD_INVALID, "%s has no column '%s'%s%s%s", source->path,
	    name, best != NULL ? "; did you mean '" : "",
	    best != NULL ? best : "", best != NULL ? "'?" : "");
	return at_place(build, place, err);
}

/* -- what a placeholder may name ------------------------------------------ */

static enum ld_status
from_variable(struct build *build, const struct place *place, const char *name,
    struct ld_err *err)
{
	struct ldi_piece piece = { .op = LDI_PIECE_SLOT };
	struct ldi_value value;

	if (ldi_bind_find(build->bind, name, &piece.slot))
		return add_dynamic(build, place, &piece, err);
	if (!ldi_resolver_find(build->bind->resolver, name, &value))
		return no_variable(build, place, name, err);
	add_value(build, &value, place->form);
	return LD_OK;
}

static enum ld_status
from_env(struct build *build, const struct place *place, const char *name,
    struct ld_err *err)
{
	const char *text = *name != '\0' ? getenv(name) : NULL;
	struct ldi_value value = { LD_JSON_STRING, text, 0 };

	if (text == NULL) {
		ld_err_set(err, LD_INVALID,
		    "no environment variable '%s' is set", name);
		return at_place(build, place, err);
	}
	value.len = strlen(text);
	add_value(build, &value, place->form);
	return LD_OK;
}

static enum ld_status
from_csv(struct build *build, const struct place *place, const char *name,
    struct ld_err *err)
{
	struct ldi_piece piece = { .op = LDI_PIECE_CELL };
	const struct ldi_csv_source *source;
	char *column = strchr(name, '.');
	enum ld_status st;

	if (column == NULL) {
		ld_err_set(err, LD_INVALID,
		    "a CSV placeholder is ${csv.SOURCE.COLUMN}");
		return at_place(build, place, err);
	}
	*column++ = '\0'; /* of the placeholder's own copy */
	source = ldi_resolver_find_csv(build->bind->resolver, name);
	if (source == NULL)
		return no_csv(build, place, name, err);
	piece.csv = source->csv;
	piece.column = ldi_csv_column(source->csv, column);
	if (piece.column == LDI_CSV_NONE)
		return no_column(build, place, source, column, err);
	if (ldi_csv_rows(source->csv) == 0) {
		ld_err_set(err, LD_INVALID, "%s has no rows", source->path);
		return at_place(build, place, err);
	}
	st = ldi_bind_csv(build->bind, name, source, &piece.slot, err);
	return st != LD_OK ? st : add_dynamic(build, place, &piece, err);
}

/* Sources that the original has. */
static enum ld_status
from_later(struct build *build, const struct place *place, const char *name,
    struct ld_err *err)
{
	bool faker = strncasecmp(place->inner, "faker", 5) == 0;

	(void)name;
	ld_err_set(err, LD_UNSUPPORTED,
	    "${%.80s}: %s not in this build; %s${csv.SOURCE.COLUMN} takes "
	    "values from a file",
	    place->inner, faker ? "faker is" : "databases are",
	    faker ? "${uuid()}, ${now()} and ${randint(a, b)} make values, "
		  : "");
	return at_place(build, place, err);
}

static const struct {
	const char *prefix;
	enum ld_status (*compile)(struct build *build,
	    const struct place *place, const char *name, struct ld_err *err);
} sources[] = {
	{ "csv", from_csv },
	{ "db", from_later },
	{ "env", from_env },
	{ "faker", from_later },
	{ "var", from_variable },
};
#define N_SOURCES (sizeof(sources) / sizeof(sources[0]))

static enum ld_status
from_call(struct build *build, const struct place *place, struct ld_err *err)
{
	struct ldi_piece piece = { .op = LDI_PIECE_CALL };
	enum ld_status st =
	    ldi_call_compile(place->inner, place->len, &piece.call, err);

	return st != LD_OK ? at_place(build, place, err)
			   : add_dynamic(build, place, &piece, err);
}

static enum ld_status
from_source(struct build *build, const struct place *place, char *dot,
    struct ld_err *err)
{
	const char *best;
	size_t i;

	*dot = '\0';
	for (i = 0; i < N_SOURCES; i++)
		if (strcasecmp(place->inner, sources[i].prefix) == 0)
			break;
	if (i < N_SOURCES) {
		if (sources[i].compile == from_later)
			*dot = '.';
		return sources[i].compile(build, place, dot + 1, err);
	}
	best = ld_err_nearest(
	    place->inner, &sources[0].prefix, N_SOURCES, sizeof(sources[0]));
	ld_err_set(err, LD_INVALID, "no source '%s' of values; %s%s%s",
	    place->inner,
	    best != NULL ? "did you mean '"
			 : "there are var, "
			   "env and csv",
	    best != NULL ? best : "", best != NULL ? "'?" : "");
	return at_place(build, place, err);
}

static enum ld_status
placeholder(struct build *build, struct place *place, struct ld_err *err)
{
	const char *inner = place->inner;
	size_t len = place->len;
	struct ldi_value text;
	char *dot;

	if (len >= 2 && (inner[0] == '\'' || inner[0] == '"') &&
	    inner[len - 1] == inner[0]) {
		text = (struct ldi_value){ LD_JSON_STRING, inner + 1, len - 2 };
		add_value(build, &text, place->form);
		return LD_OK;
	}
	if (ldi_call_like(inner, len))
		return from_call(build, place, err);
	if (len == 0 || memchr(inner, '\0', len) != NULL) {
		ld_err_set(err, LD_INVALID, "a placeholder without a name");
		return at_place(build, place, err);
	}
	dot = strchr(place->inner, '.');
	return dot != NULL ? from_source(build, place, dot, err)
			   : from_variable(build, place, inner, err);
}

/* -- strings -------------------------------------------------------------- */

static bool
white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next placeholder at or behind `from`.  False when there is none. */
static bool
find(const char *text, size_t len, size_t from, struct place *place)
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
one(struct build *build, struct place *place, struct ld_err *err)
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
	st = placeholder(build, place, err);
	free(place->inner);
	return st;
}

static enum ld_status
compile_text(struct build *build, const char *text, size_t len,
    enum ldi_form form, struct ld_err *err)
{
	struct place place;
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
    struct build *build, const char *text, size_t len, struct ld_err *err)
{
	struct place place;
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
    struct build *build, struct ld_node node, bool json, struct ld_err *err)
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
	struct build *build = ctx;
	enum ld_status st;

	add_json(build, out);
	st = compile_node(build, string, true, err);
	ld_buf_reset(out);
	return st;
}

/* -- the whole ------------------------------------------------------------ */

static enum ld_status
compile_json(struct build *build, struct ld_node node, struct ld_err *err)
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
finish(struct build *build, const struct ld_template **out, struct ld_err *err)
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
	tpl->shape = tpl->constant ? pieces[0].text
				   : ldi_arena_strndup(arena, build->shape.data,
					 build->shape.len);
	if (tpl->shape == NULL)
		return ldi_nomem(err);
	*out = tpl;
	return LD_OK;
}

static enum ld_status
compile(struct ldi_bind *bind, struct ld_node node, bool json,
    const struct ld_template **out, struct ld_err *err)
{
	struct build build = { .bind = bind };
	enum ld_status st;

	ld_buf_init(&build.text, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&build.shape, LD_MAX_REQUEST_BYTES);
	if (!json && ldi_node_kind(node) == LD_JSON_STRING)
		st = compile_node(&build, node, false, err);
	else
		st = compile_json(&build, node, err);
	if (st == LD_OK)
		st = finish(&build, out, err);
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
