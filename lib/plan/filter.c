/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/num.h>

#include "plan/filter.h"
#include "plan/jq.h"
#include "plan/node.h"
#include "plan/scope.h"

/* -- plain paths ---------------------------------------------------------- */

static bool
word_char(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

/* "..." without escapes (\( would be a program) from behind its first quote;
 * NULL when it is none. */
static const char *
quoted(const char *at, struct ldi_filter_part *part)
{
	size_t len = strcspn(at, "\"\\");

	if (at[len] != '"')
		return NULL;
	part->key = at;
	part->len = len;
	return at + len + 1;
}

/* [0], [-1], ["a"], from behind the bracket. */
static const char *
bracketed(const char *at, struct ldi_filter_part *part)
{
	size_t len = strcspn(at, "]");

	if (*at == '"') {
		at = quoted(at + 1, part);
		return at != NULL && *at == ']' ? at + 1 : NULL;
	}
	/* Ten bytes: beyond any array, and far below 2^53. */
	if (at[len] != ']' || len > 10 ||
	    ld_num_i64(at, len, &part->index, NULL) != LD_OK)
		return NULL;
	return at + len + 1;
}

/* The next part and what is behind it; NULL: not a plain path. */
static const char *
next_part(const char *at, bool first, struct ldi_filter_part *part)
{
	size_t len = 0;

	*part = (struct ldi_filter_part){ .key = NULL };
	if (*at == '[' && !first)
		return bracketed(at + 1, part);
	if (*at != '.')
		return NULL;
	at++;
	if (*at == '[' && first)
		return bracketed(at + 1, part);
	if (*at == '"')
		return quoted(at + 1, part);
	while (word_char(at[len], len == 0))
		len++;
	part->key = at;
	part->len = len;
	return len == 0 ? NULL : at + len;
}

/* Fill `parts`, if there are any, and count them; false: not a plain path. */
static bool
split(const char *at, struct ldi_filter_part *parts, size_t *n_out)
{
	struct ldi_filter_part part;

	*n_out = 0;
	at += strspn(at, " \t\n");
	if (*at == '.' && at[1 + strspn(at + 1, " \t\n")] == '\0')
		return true; /* the document itself */
	do {
		at = next_part(at, *n_out == 0, &part);
		if (at == NULL)
			return false;
		if (parts != NULL)
			parts[*n_out] = part;
		(*n_out)++;
	} while (at[strspn(at, " \t\n")] != '\0');
	return true;
}

/* -- compile -------------------------------------------------------------- */

/* The number of a program in the binding: each text once. */
static enum ld_status
add_program(struct ldi_bind *bind, struct ldi_filter *filter,
    struct ld_node node, struct ld_err *err)
{
	size_t n = ldi_map_count(bind->programs), len = strlen(filter->text);
	struct ldi_jq *jq = NULL;
	size_t key_len;
	enum ld_status st;

	for (uint32_t i = 0; i < n; i++) {
		const char *key = ldi_map_key(bind->programs, i, &key_len);

		if (strcmp(key, filter->text) == 0) {
			filter->program = i;
			return LD_OK;
		}
	}
	st = ldi_jq_new(filter->text, true, &jq, err);
	ldi_jq_free(jq); /* each thread makes its own */
	if (st != LD_OK)
		return err == NULL ? st : ld_node_place(node, err);
	if (!ldi_map_set(bind->programs, filter->text, len, bind, NULL))
		return ldi_nomem(err);
	filter->program = (uint32_t)n;
	return LD_OK;
}

enum ld_status
ldi_filter_compile(struct ldi_bind *bind, struct ld_node node, const char *text,
    struct ldi_filter *out, struct ld_err *err)
{
	struct ldi_filter_part *parts;

	*out = (struct ldi_filter){ .text = text };
	if (text[strspn(text, " \t\n")] == '\0')
		return ld_node_error(
		    node, err, LD_INVALID, "the jq filter is empty");
	out->plain = split(text, NULL, &out->n);
	if (!out->plain)
		return add_program(bind, out, node, err);
	parts = ldi_arena_array(ldi_bind_arena(bind), out->n, sizeof(*parts));
	if (parts == NULL)
		return ldi_nomem(err);
	split(text, parts, &out->n);
	out->parts = parts;
	return LD_OK;
}

/* -- walk ----------------------------------------------------------------- */

/* As jq says it. */
static ld_json_ref
cannot(const struct ldi_filter_part *part, enum ld_json_kind kind,
    struct ld_buf *what)
{
	ld_buf_adds(what, "Cannot index ");
	ld_buf_adds(what, kind == LD_JSON_TRUE || kind == LD_JSON_FALSE
			      ? "boolean"
			      : ld_json_kind_name(kind));
	if (part->key == NULL) {
		ld_buf_adds(what, " with number");
	} else {
		ld_buf_adds(what, " with \"");
		ld_buf_add(what, part->key, part->len);
		ld_buf_addc(what, '"');
	}
	return LD_JSON_NONE;
}

static ld_json_ref
element(const struct ld_json *json, ld_json_ref array, int64_t i)
{
	int64_t n = ld_json_count(json, array);

	if (i < 0)
		i += n;
	return i >= 0 && i < n ? ld_json_at(json, array, (uint32_t)i)
			       : LD_JSON_NONE;
}

ld_json_ref
ldi_filter_walk(const struct ldi_filter *filter, const struct ld_json *json,
    struct ld_buf *what)
{
	ld_json_ref at = LD_JSON_ROOT;

	for (size_t i = 0; i < filter->n; i++) {
		const struct ldi_filter_part *part = &filter->parts[i];
		enum ld_json_kind kind = ld_json_kind(json, at);

		if (kind == LD_JSON_NULL)
			return LD_JSON_NONE; /* what is in null is null */
		if (kind == LD_JSON_OBJECT && part->key != NULL)
			at = ld_json_getn(json, at, part->key, part->len);
		else if (kind == LD_JSON_ARRAY && part->key == NULL)
			at = element(json, at, part->index);
		else
			return cannot(part, kind, what);
	}
	return at;
}
