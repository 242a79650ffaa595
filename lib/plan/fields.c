/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "plan/fields.h"
#include "plan/node.h"

/* What became of a row: indexes into the tables as if they were one. */
enum row_state { ROW_OPEN, ROW_EMPTY, ROW_SET };

struct reading {
	const struct ldi_fields *how;
	unsigned char *states; /* enum row_state */
	bool inherited;        /* `object` is the one below */
	struct ld_node object;
	struct ld_err *err;
};

/* Call it with i = 0, 1 ... : the row, and the base of its table. */
static const struct ld_field *
row_at(const struct ldi_fields *how, size_t i, void **base_out)
{
	const struct ld_field *row;

	for (size_t t = 0; how->tables[t] != NULL; t++)
		for (row = how->tables[t]; row->name != NULL; row++)
			if (i-- == 0) {
				*base_out = how->bases[t];
				return row;
			}
	return NULL;
}

static size_t
count_rows(const struct ldi_fields *how)
{
	const struct ld_field *row;
	size_t n = 0;

	for (size_t t = 0; how->tables[t] != NULL; t++)
		for (row = how->tables[t]; row->name != NULL; row++)
			n++;
	return n;
}

static const struct ld_field *
find_row(const struct ldi_fields *how, struct ld_node key, size_t *index_out,
    void **base_out)
{
	const struct ld_field *row;
	size_t i = 0;

	for (size_t t = 0; how->tables[t] != NULL; t++)
		for (row = how->tables[t]; row->name != NULL; row++, i++)
			if (ld_json_is(key.json, key.ref, row->name) ||
			    (row->alias != NULL &&
				ld_json_is(key.json, key.ref, row->alias))) {
				*index_out = i;
				*base_out = how->bases[t];
				return row;
			}
	return NULL;
}

static enum ld_status
unknown_key(struct reading *reading, struct ld_node key)
{
	size_t n = count_rows(reading->how), used = 0;
	const char **names = malloc((2 * n + 1) * sizeof(*names));
	const struct ld_field *row;
	void *base;

	if (names == NULL)
		return ldi_nomem(reading->err);
	for (size_t i = 0; i < n; i++) {
		row = row_at(reading->how, i, &base);
		names[used++] = row->name;
		if (row->alias != NULL)
			names[used++] = row->alias;
	}
	ldi_node_unknown(key, "key", names, used, sizeof(*names), reading->err);
	free(names);
	return LD_INVALID;
}

static bool
is_empty(struct ld_node value)
{
	return ldi_node_kind(value) == LD_JSON_NULL ||
	       (ldi_node_kind(value) == LD_JSON_STRING &&
		   value.json->nodes[value.ref].len == 2);
}

/* Both spellings in one object: one of them may be empty. */
static enum ld_status
twice(struct reading *reading, const struct ld_field *row, struct ld_node key,
    bool *skip_out)
{
	struct ld_node a = ld_node_get(reading->object, row->name);
	struct ld_node b = row->alias != NULL
			       ? ld_node_get(reading->object, row->alias)
			       : LDI_NODE_ABSENT;
	struct ld_node value = ldi_node_value(key);

	*skip_out = false;
	if (value.ref != a.ref && value.ref != b.ref)
		return ld_node_error(key, reading->err, LD_INVALID,
		    "key '%s' stands twice in this object", row->name);
	if (!ldi_node_present(a) || !ldi_node_present(b))
		return LD_OK;
	if (!is_empty(a) && !is_empty(b))
		return ld_node_error(key, reading->err, LD_INVALID,
		    "'%s' and '%s' are two names of one key: give only one",
		    row->name, row->alias);
	*skip_out = is_empty(value) && (value.ref != a.ref || !is_empty(b));
	return LD_OK;
}

static enum ld_status
read_member(struct reading *reading, struct ld_node key)
{
	struct ld_node value = ldi_node_value(key);
	const struct ld_field *row;
	enum ld_status st;
	size_t i;
	bool skip;
	void *base;

	row = find_row(reading->how, key, &i, &base);
	if (row == NULL)
		return unknown_key(reading, key);
	st = twice(reading, row, key, &skip);
	if (st != LD_OK || skip)
		return st;
	if (reading->inherited && reading->states[i] != ROW_OPEN)
		return LD_OK;
	reading->states[i] =
	    ldi_node_kind(value) == LD_JSON_NULL ? ROW_EMPTY : ROW_SET;
	if (reading->states[i] == ROW_EMPTY)
		return LD_OK;
	return base == NULL ? LD_OK
			    : ldi_field_value(
				  reading->how, row, base, value, reading->err);
}

static enum ld_status
read_object(struct reading *reading, struct ld_node object)
{
	struct ld_node key;
	enum ld_status st = LD_OK;

	if (!ldi_node_present(object))
		return LD_OK;
	if (ldi_node_kind(object) != LD_JSON_OBJECT)
		return ld_node_error(object, reading->err, LD_INVALID,
		    "an object is wanted here, not %s",
		    ldi_node_article(object));
	reading->object = object;
	for (key = ldi_node_first(object); st == LD_OK && ldi_node_present(key);
	     key = ldi_node_next(object, key))
		st = read_member(reading, key);
	return st;
}

/* The default of a row is JSON; what is not stands for itself as a string. */
static enum ld_status
read_default(struct reading *reading, const struct ld_field *row, void *base)
{
	struct ld_source source = { row->name, row->def, strlen(row->def) };
	struct ld_json json;
	struct ld_node value = { &source, &json, LD_JSON_ROOT };
	struct ld_buf quoted;
	enum ld_status st;

	assert(row->kind != LD_FIELD_NODE); /* would outlive this parse */
	ld_json_init(&json);
	ld_buf_init(&quoted, 4096);
	st = ld_json_parse(&json, source.text, source.len, 0, NULL);
	if (st == LD_SYNTAX) {
		ld_json_add_string(&quoted, source.text, source.len);
		source.text = ld_buf_str(&quoted);
		source.len = quoted.len;
		st = source.text == NULL ? LD_NOMEM
					 : ld_json_parse(&json, source.text,
					       source.len, 0, NULL);
	}
	if (st != LD_OK)
		ld_err_set(reading->err, st, "the default of '%s'", row->name);
	if (st == LD_OK)
		st = ldi_field_value(
		    reading->how, row, base, value, reading->err);
	ld_json_clear(&json);
	ld_buf_clear(&quoted);
	return st;
}

static enum ld_status
read_absent(struct reading *reading, struct ld_node own)
{
	const struct ld_field *row;
	enum ld_status st = LD_OK;
	void *base;

	for (size_t i = 0;
	     st == LD_OK && (row = row_at(reading->how, i, &base)) != NULL;
	     i++) {
		if (base == NULL || reading->states[i] == ROW_SET)
			continue;
		if (row->flags & LD_FIELD_REQUIRED)
			return ld_node_error(own, reading->err, LD_INVALID,
			    "'%s' is missing", row->name);
		if (row->def != NULL && row->kind != LD_FIELD_LATER &&
		    row->kind != LD_FIELD_IGNORED)
			st = read_default(reading, row, base);
		if (row->kind == LD_FIELD_NODE)
			((struct ld_node *)(void *)((char *)base + row->offset))
			    ->ref = LD_JSON_NONE;
		if (row->seen_offset != LD_FIELD_NO_SEEN)
			*(bool *)((char *)base + row->seen_offset) = false;
	}
	return st;
}

enum ld_status
ldi_fields_inherit(const struct ldi_fields *how, struct ld_node own,
    struct ld_node under, struct ld_err *err)
{
	struct reading reading = {
		.how = how, .states = calloc(count_rows(how) + 1, 1), .err = err
	};
	enum ld_status st;

	if (reading.states == NULL)
		return ldi_nomem(err);
	st = read_object(&reading, own);
	reading.inherited = true;
	if (st == LD_OK)
		st = read_object(&reading, under);
	if (st == LD_OK)
		st = read_absent(&reading, own);
	free(reading.states);
	return st;
}

enum ld_status
ldi_fields_read(const struct ld_field *const *tables, void *const *bases,
    struct ld_node object, struct ldi_bind *bind,
    const struct ld_resolver *resolver, struct ldi_arena *arena,
    struct ld_err *err)
{
	const struct ldi_fields how = { tables, bases, bind, resolver, arena };

	return ldi_fields_inherit(&how, object, LDI_NODE_ABSENT, err);
}
