/* SPDX-License-Identifier: MIT */
/*
 * From a JSON value to a member of a struct, by the kind of its row.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include <ld/num.h>
#include <ld/template.h>
#include <ld/time.h>

#include "base/redact.h"
#include "plan/fields.h"
#include "plan/node.h"
#include "plan/resolve.h"

/* What a value is while it is read. */
struct input {
	const struct ldi_fields *how;
	const struct ld_field *row;
	struct ld_node node;
	/* Of a string: its text, placeholders resolved. */
	const char *text;
	size_t len;
	bool resolved; /* there was a placeholder: text may be a number */
};

typedef enum ld_status value_fn(
    const struct input *in, void *target, struct ld_err *err);

static enum ld_status
wants(const struct input *in, const char *what, struct ld_err *err)
{
	if (in->text != NULL && !(in->row->flags & LD_FIELD_SECRET))
		return ld_node_error(in->node, err, LD_INVALID,
		    "'%s' is %s, not '%.100s'", in->row->name, what, in->text);
	return ld_node_error(in->node, err, LD_INVALID, "'%s' is %s, not %s",
	    in->row->name, what, ldi_node_article(in->node));
}

/* What a parser of numbers said, with the key in front and the place. */
static enum ld_status
named(const struct input *in, enum ld_status st, struct ld_err *err)
{
	if (st == LD_OK || err == NULL)
		return st;
	if (in->row->flags & LD_FIELD_SECRET)
		ld_err_set(err, st, "not an acceptable value");
	ld_err_context(err, "'%s'", in->row->name);
	ld_node_place(in->node, err);
	return st;
}

/* -- constants ------------------------------------------------------------ */

static bool
has_placeholder(const char *text)
{
	const char *open = strstr(text, "${");

	return open != NULL && strchr(open, '}') != NULL;
}

static enum ld_status
constant_by(struct ldi_bind *bind, struct input *in, struct ld_err *err)
{
	const struct ld_template *tpl;
	const char *text;
	enum ld_status st = ldi_bind_text(bind, in->node, &tpl, err);

	if (st != LD_OK)
		return st;
	if (!ld_template_constant(tpl, &text, &in->len))
		return ld_node_error(in->node, err, LD_INVALID,
		    "'%s' must be known before the run, and %s is not",
		    in->row->name, ld_template_shape(tpl));
	in->text = ldi_arena_strndup(in->how->arena, text, in->len);
	return in->text == NULL ? ldi_nomem(err) : LD_OK;
}

/* The text of a string value. */
static enum ld_status
constant(struct input *in, struct ld_err *err)
{
	struct ldi_bind *bind = NULL;
	char *text;
	enum ld_status st = ldi_node_name(in->node, in->how->arena, &text, err);

	if (st != LD_OK)
		return st;
	in->text = text;
	in->len = strlen(text);
	if (!has_placeholder(text) ||
	    (in->how->bind == NULL && in->how->resolver == NULL))
		return LD_OK;
	in->resolved = true;
	if (in->how->bind != NULL)
		return constant_by(in->how->bind, in, err);
	st = ldi_bind_new(in->how->resolver, 0, &bind, err);
	if (st == LD_OK)
		st = constant_by(bind, in, err);
	ldi_bind_free(bind);
	return st;
}

/* -- kinds ---------------------------------------------------------------- */

static enum ld_status
read_text(const struct input *in, void *target, struct ld_err *err)
{
	const struct ld_template **out = target;

	return ldi_bind_text(in->how->bind, in->node, out, err);
}

static enum ld_status
read_json(const struct input *in, void *target, struct ld_err *err)
{
	const struct ld_template **out = target;

	return ldi_bind_json(in->how->bind, in->node, out, err);
}

static enum ld_status
read_pairs(const struct input *in, void *target, struct ld_err *err)
{
	if (ldi_node_kind(in->node) != LD_JSON_OBJECT)
		return wants(in, "an object", err);
	return ldi_bind_pairs(in->how->bind, in->node, target,
	    (in->row->flags & LD_FIELD_NULLS) != 0, err);
}

static enum ld_status
read_string(const struct input *in, void *target, struct ld_err *err)
{
	const char **out = target;

	if (in->text == NULL)
		return wants(in, "a string", err);
	*out = in->text;
	return LD_OK;
}

static enum ld_status
read_bool(const struct input *in, void *target, struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(in->node);
	bool *out = target;

	*out = kind == LD_JSON_TRUE ||
	       (in->resolved && strcmp(in->text, "true") == 0);
	if (*out || kind == LD_JSON_FALSE ||
	    (in->resolved && strcmp(in->text, "false") == 0))
		return LD_OK;
	return wants(in, "true or false", err);
}

static enum ld_status
read_count(const struct input *in, void *target, struct ld_err *err)
{
	uint64_t *out = target;

	if (in->resolved)
		return named(in, ld_num_u64(in->text, in->len, out, err), err);
	if (!ld_json_u64(in->node.json, in->node.ref, out))
		return wants(in, "a whole number from 0", err);
	return LD_OK;
}

static enum ld_status
read_number(const struct input *in, void *target, struct ld_err *err)
{
	double *out = target;

	if (in->resolved)
		return named(
		    in, ld_num_double(in->text, in->len, out, err), err);
	if (!ld_json_double(in->node.json, in->node.ref, out))
		return wants(in, "a number", err);
	return LD_OK;
}

/* A number is seconds; exactly, but for forms such as 1e-3. */
static enum ld_status
seconds(const struct input *in, uint64_t *ns_out, struct ld_err *err)
{
	const char *raw;
	size_t len;
	double value;

	raw = ld_json_raw(in->node.json, in->node.ref, &len);
	if (ld_duration_parse(raw, len, ns_out, NULL) == LD_OK)
		return LD_OK;
	/* Below 2^64 ns, and so far below that the product is exact enough. */
	if (!ld_json_double(in->node.json, in->node.ref, &value) ||
	    !(value >= 0 && value < 1.8e10))
		return wants(in, "a duration such as 250ms or 10s", err);
	*ns_out = (uint64_t)(value * 1e9 + 0.5);
	return LD_OK;
}

static enum ld_status
read_duration(const struct input *in, void *target, struct ld_err *err)
{
	if (ldi_node_kind(in->node) == LD_JSON_NUMBER)
		return seconds(in, target, err);
	if (in->text == NULL)
		return wants(in, "a duration such as 250ms or 10s", err);
	return named(
	    in, ld_duration_parse(in->text, in->len, target, err), err);
}

static enum ld_status
read_range(const struct input *in, void *target, struct ld_err *err)
{
	struct ld_range_ns *out = target;
	enum ld_status st;

	if (ldi_node_kind(in->node) == LD_JSON_NUMBER) {
		st = seconds(in, &out->min_ns, err);
		out->max_ns = out->min_ns;
		return st;
	}
	if (in->text == NULL)
		return wants(in, "a duration, or two such as 1s..5s", err);
	return named(in,
	    ld_num_duration_range(
		in->text, in->len, &out->min_ns, &out->max_ns, err),
	    err);
}

static enum ld_status
read_size(const struct input *in, void *target, struct ld_err *err)
{
	if (ldi_node_kind(in->node) == LD_JSON_NUMBER &&
	    ld_json_u64(in->node.json, in->node.ref, target))
		return LD_OK;
	if (in->text == NULL)
		return wants(in, "a size such as 4096 or 64KiB", err);
	return named(in, ld_num_size(in->text, in->len, target, err), err);
}

static enum ld_status
read_rate(const struct input *in, void *target, struct ld_err *err)
{
	double *out = target;

	if (ldi_node_kind(in->node) == LD_JSON_NUMBER &&
	    ld_json_double(in->node.json, in->node.ref, out) && *out >= 0)
		return LD_OK;
	if (in->text == NULL)
		return wants(in, "a rate such as 10 or \"6k/m\"", err);
	return named(in, ld_num_rate(in->text, in->len, out, err), err);
}

static enum ld_status
read_choice(const struct input *in, void *target, struct ld_err *err)
{
	const char *const *choices = in->row->choices;
	unsigned *out = target;
	size_t n = 0;

	if (in->text == NULL)
		return wants(in, "a word", err);
	for (; choices[n] != NULL; n++) {
		if (strcasecmp(choices[n], in->text) == 0) {
			*out = (unsigned)n;
			return LD_OK;
		}
	}
	if (in->row->flags & LD_FIELD_SECRET)
		return named(in, LD_INVALID, err);
	return ldi_node_unknown(
	    in->node, in->row->name, choices, n, sizeof(choices[0]), err);
}

static enum ld_status
read_node(const struct input *in, void *target, struct ld_err *err)
{
	struct ld_node *out = target;

	(void)err;
	*out = in->node;
	return LD_OK;
}

/* The default itself asks for nothing that is not there. */
static enum ld_status
read_later(const struct input *in, void *target, struct ld_err *err)
{
	const char *def = in->row->def;
	struct ld_json json;
	bool same = false;

	(void)target;
	ld_json_init(&json);
	if (def != NULL && in->text != NULL)
		same = strcasecmp(def, in->text) == 0;
	else if (def != NULL &&
		 ld_json_parse(&json, def, strlen(def), 0, NULL) == LD_OK)
		same = ld_json_equal(
		    &json, LD_JSON_ROOT, in->node.json, in->node.ref);
	ld_json_clear(&json);
	if (same)
		return LD_OK;
	return ld_node_error(in->node, err, LD_UNSUPPORTED,
	    "'%s' is not in this build", in->row->name);
}

static enum ld_status
read_ignored(const struct input *in, void *target, struct ld_err *err)
{
	(void)in;
	(void)target;
	(void)err;
	return LD_OK;
}

static const struct {
	value_fn *read;
	bool constant; /* a string is resolved first */
	bool sees;     /* not what LATER and IGNORED do */
} kinds[] = {
	[LD_FIELD_TEXT] = { read_text, false, true },
	[LD_FIELD_STRING] = { read_string, true, true },
	[LD_FIELD_JSON] = { read_json, false, true },
	[LD_FIELD_PAIRS] = { read_pairs, false, true },
	[LD_FIELD_BOOL] = { read_bool, true, true },
	[LD_FIELD_COUNT] = { read_count, true, true },
	[LD_FIELD_NUMBER] = { read_number, true, true },
	[LD_FIELD_DURATION] = { read_duration, true, true },
	[LD_FIELD_RANGE] = { read_range, true, true },
	[LD_FIELD_SIZE] = { read_size, true, true },
	[LD_FIELD_RATE] = { read_rate, true, true },
	[LD_FIELD_CHOICE] = { read_choice, true, true },
	[LD_FIELD_NODE] = { read_node, false, true },
	[LD_FIELD_LATER] = { read_later, true, false },
	[LD_FIELD_IGNORED] = { read_ignored, false, false },
};

/* What a secret row was given is a secret wherever it turns up. */
static enum ld_status
taint(const struct input *in, const void *target, struct ld_err *err)
{
	struct ldi_bind *bind = in->how->bind;
	struct ld_redactor *redactor;
	enum ld_status st = LD_OK;

	if (in->row->kind == LD_FIELD_TEXT)
		return ldi_bind_taint(bind,
		    *(const struct ld_template *const *)target, true, err);
	if (in->row->kind == LD_FIELD_PAIRS) {
		const struct ld_pairs *pairs = target;

		for (size_t i = 0; st == LD_OK && i < pairs->n; i++)
			if (pairs->items[i].value != NULL)
				st = ldi_bind_taint(
				    bind, pairs->items[i].value, true, err);
		return st;
	}
	redactor = bind != NULL ? ldi_bind_redactor(bind)
				: ldi_resolver_redactor(in->how->resolver);
	if (in->text != NULL)
		ldi_redactor_taint(redactor, in->text, in->len);
	return ldi_redactor_status(redactor, err);
}

enum ld_status
ldi_field_value(const struct ldi_fields *how, const struct ld_field *row,
    void *base, struct ld_node value, struct ld_err *err)
{
	struct input in = { .how = how, .row = row, .node = value };
	enum ld_status st = LD_OK;

	if (kinds[row->kind].constant && ldi_node_kind(value) == LD_JSON_STRING)
		st = constant(&in, err);
	if (st == LD_OK)
		st =
		    kinds[row->kind].read(&in, (char *)base + row->offset, err);
	if (st == LD_OK && (row->flags & LD_FIELD_SECRET))
		st = taint(&in, (char *)base + row->offset, err);
	if (st == LD_OK && kinds[row->kind].sees &&
	    row->seen_offset != LD_FIELD_NO_SEEN)
		*(bool *)((char *)base + row->seen_offset) = true;
	return st;
}
