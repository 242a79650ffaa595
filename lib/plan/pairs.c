/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/template.h>

#include "base/secret.h"
#include "plan/bind.h"
#include "plan/node.h"

/* Of one member: an array of scalars repeats the key. */
static size_t
count(struct ld_node value)
{
	if (ldi_node_kind(value) == LD_JSON_ARRAY)
		return ld_json_count(value.json, value.ref);
	return 1;
}

/* A name that is not known yet says nothing. */
static enum ld_status
taint(struct ldi_bind *bind, const struct ld_pair *pair, struct ld_err *err)
{
	const char *name;
	size_t len;

	if (!ld_template_constant(pair->key, &name, &len) ||
	    !ldi_secret_name(name, len))
		return LD_OK;
	return ldi_bind_taint(bind, pair->value, true, err);
}

static enum ld_status
one(struct ldi_bind *bind, struct ld_node key, struct ld_node value,
    struct ld_pairs *out, bool nulls, struct ld_err *err)
{
	/* The array was made here, and is constant for everybody else. */
	struct ld_pair *pair = (struct ld_pair *)(uintptr_t)out->items + out->n;
	enum ld_json_kind kind = ldi_node_kind(value);
	enum ld_status st;

	if (kind == LD_JSON_NULL && !nulls)
		return LD_OK;
	if (kind == LD_JSON_OBJECT || kind == LD_JSON_ARRAY)
		return ld_node_error(value, err, LD_INVALID,
		    "a string or a number is wanted here, not %s",
		    ldi_node_article(value));
	st = ldi_bind_text(bind, key, &pair->key, err);
	if (st == LD_OK && kind != LD_JSON_NULL)
		st = ldi_bind_text(bind, value, &pair->value, err);
	if (st == LD_OK && kind != LD_JSON_NULL)
		st = taint(bind, pair, err);
	pair->node = value;
	out->n += st == LD_OK;
	return st;
}

static enum ld_status
member(struct ldi_bind *bind, struct ld_node key, struct ld_pairs *out,
    bool nulls, struct ld_err *err)
{
	struct ld_node value = ldi_node_value(key), element;
	enum ld_status st = LD_OK;

	if (ldi_node_kind(value) != LD_JSON_ARRAY)
		return one(bind, key, value, out, nulls, err);
	for (element = ldi_node_first(value);
	     st == LD_OK && ldi_node_present(element);
	     element = ldi_node_next(value, element))
		st = one(bind, key, element, out, false, err);
	return st;
}

enum ld_status
ldi_bind_pairs(struct ldi_bind *bind, struct ld_node node, struct ld_pairs *out,
    bool nulls, struct ld_err *err)
{
	struct ld_node key;
	enum ld_status st = LD_OK;
	size_t n = 0;

	*out = (struct ld_pairs){ 0 };
	if (ldi_node_kind(node) == LD_JSON_NULL)
		return LD_OK;
	if (ldi_node_kind(node) != LD_JSON_OBJECT)
		return ld_node_error(node, err, LD_INVALID,
		    "an object is wanted here, not %s", ldi_node_article(node));
	for (key = ldi_node_first(node); ldi_node_present(key);
	     key = ldi_node_next(node, key))
		n += count(ldi_node_value(key));
	out->items =
	    ldi_arena_array(ldi_bind_arena(bind), n, sizeof(*out->items));
	if (out->items == NULL)
		return ldi_nomem(err);
	for (key = ldi_node_first(node); st == LD_OK && ldi_node_present(key);
	     key = ldi_node_next(node, key))
		st = member(bind, key, out, nulls, err);
	return st;
}
