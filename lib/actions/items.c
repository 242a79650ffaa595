/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "actions/items.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "actions/number.h"
#include "base/utf8.h"
#include "plan/node.h"

/* -- iterating ------------------------------------------------------------ */

/* A list of the characters of `text`, as JSON. */
static void
add_characters(struct ld_buf *out, const struct ld_buf *text)
{
	ld_buf_addc(out, '[');
	for (size_t at = 0; at < text->len;) {
		uint32_t code;
		size_t n =
		    ldi_utf8_next(text->data + at, text->len - at, &code);

		if (at > 0)
			ld_buf_addc(out, ',');
		ld_json_add_string(out, text->data + at, n);
		at += n;
	}
	ld_buf_addc(out, ']');
}

/* The string becomes a list, `from` that. */
static enum ld_status
split(struct ldi_items *items, struct ld_node *from, struct ld_err *err)
{
	struct ld_buf text;
	enum ld_status st;

	ld_buf_init(&text, LD_MAX_DOCUMENT);
	ld_json_text(from->json, from->ref, &text);
	add_characters(&items->text, &text);
	items->text.failed |= text.failed;
	ld_buf_clear(&text);
	st = ld_buf_status(&items->text, "the characters", err);
	if (st == LD_OK)
		st = ld_json_parse(
		    &items->json, items->text.data, items->text.len, 0, err);
	*from = (struct ld_node){ NULL, &items->json, LD_JSON_ROOT };
	return st;
}

enum ld_status
ldi_items_read(struct ld_node from, struct ldi_items *out, struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(from);
	enum ld_status st = LD_OK;
	struct ld_node at;

	*out = (struct ldi_items){ .n = 0 };
	ld_json_init(&out->json);
	ld_buf_init(&out->text, LD_MAX_DOCUMENT);
	if (kind == LD_JSON_STRING)
		st = split(out, &from, err);
	else if (kind != LD_JSON_ARRAY && kind != LD_JSON_OBJECT)
		st = ld_node_error(from, err, LD_INVALID,
		    "a list, a string or an object is wanted, not %s",
		    ldi_node_article(from));
	if (st != LD_OK)
		return st;
	out->at = calloc(
	    (size_t)ld_json_count(from.json, from.ref) + 1, sizeof(*out->at));
	if (out->at == NULL)
		return ldi_nomem(err);
	for (at = ldi_node_first(from); ldi_node_present(at);
	     at = ldi_node_next(from, at))
		out->at[out->n++] = at;
	return LD_OK;
}

void
ldi_items_clear(struct ldi_items *items)
{
	free(items->at);
	ld_json_clear(&items->json);
	ld_buf_clear(&items->text);
}

/* -- values --------------------------------------------------------------- */

bool
ldi_truth(struct ld_node value)
{
	struct ldi_number number;
	size_t len;
	bool truth = true;

	switch (ldi_node_kind(value)) {
	case LD_JSON_NULL:
	case LD_JSON_FALSE:
		return false;
	case LD_JSON_NUMBER:
		/* One that cannot be read is a large one. */
		if (ldi_number_read(value, &number, NULL) == LD_OK)
			truth = number.n != NULL ? !BN_is_zero(number.n)
						 : number.d != 0;
		ldi_number_clear(&number);
		return truth;
	case LD_JSON_STRING:
		ld_json_raw(value.json, value.ref, &len);
		return len > 2;
	case LD_JSON_ARRAY:
	case LD_JSON_OBJECT:
		return ld_json_count(value.json, value.ref) > 0;
	case LD_JSON_TRUE:
	default:
		return true;
	}
}

static bool
is_number(struct ld_node node)
{
	enum ld_json_kind kind = ldi_node_kind(node);

	return kind == LD_JSON_NUMBER || kind == LD_JSON_TRUE ||
	       kind == LD_JSON_FALSE;
}

static enum ld_status
compare_numbers(
    struct ld_node a, struct ld_node b, int *order_out, struct ld_err *err)
{
	struct ldi_number x, y = { .n = NULL };
	enum ld_status st = ldi_number_read(a, &x, err);

	if (st == LD_OK)
		st = ldi_number_read(b, &y, err);
	if (st == LD_OK && !ldi_number_compare(&x, &y, order_out))
		st = ldi_nomem(err);
	ldi_number_clear(&x);
	ldi_number_clear(&y);
	return st;
}

/* By code points, which in UTF-8 is by bytes. */
static enum ld_status
compare_texts(
    struct ld_node a, struct ld_node b, int *order_out, struct ld_err *err)
{
	struct ld_buf x, y;
	size_t n;
	enum ld_status st;

	ld_buf_init(&x, LD_MAX_DOCUMENT);
	ld_buf_init(&y, LD_MAX_DOCUMENT);
	ld_json_text(a.json, a.ref, &x);
	ld_json_text(b.json, b.ref, &y);
	n = x.len < y.len ? x.len : y.len;
	*order_out = n == 0 ? 0 : memcmp(x.data, y.data, n);
	if (*order_out == 0)
		*order_out = (x.len > y.len) - (x.len < y.len);
	st = x.failed || y.failed ? ldi_nomem(err) : LD_OK;
	ld_buf_clear(&x);
	ld_buf_clear(&y);
	return st;
}

static bool
same_members(struct ld_node a, struct ld_node b)
{
	bool object = ldi_node_kind(a) == LD_JSON_OBJECT, same;
	struct ld_node x = ldi_node_first(a), y = ldi_node_first(b), other;
	struct ld_buf key;

	same = ld_json_count(a.json, a.ref) == ld_json_count(b.json, b.ref);
	ld_buf_init(&key, LD_MAX_DOCUMENT);
	while (same && ldi_node_present(x) && ldi_node_present(y)) {
		if (object) {
			ld_buf_reset(&key);
			ld_json_text(x.json, x.ref, &key);
			other = ldi_node_at(
			    b, ld_json_getn(b.json, b.ref,
				   key.len > 0 ? key.data : "", key.len));
			same = !key.failed && ldi_node_present(other) &&
			       ldi_same(ldi_node_value(x), other);
		} else {
			same = ldi_same(x, y);
		}
		x = ldi_node_next(a, x);
		y = ldi_node_next(b, y);
	}
	ld_buf_clear(&key);
	return same;
}

/* Recursion is bounded by LD_MAX_JSON_DEPTH, which the reader enforces. */
bool
ldi_same(struct ld_node a, struct ld_node b)
{
	enum ld_json_kind kind = ldi_node_kind(a);
	int order = 1;

	if (is_number(a) && is_number(b))
		return compare_numbers(a, b, &order, NULL) == LD_OK &&
		       order == 0;
	if (kind != ldi_node_kind(b))
		return false;
	if (kind == LD_JSON_STRING)
		return compare_texts(a, b, &order, NULL) == LD_OK && order == 0;
	return kind == LD_JSON_NULL || same_members(a, b);
}

/* The first elements that differ decide, else the length. */
static enum ld_status
compare_lists(
    struct ld_node a, struct ld_node b, int *order_out, struct ld_err *err)
{
	uint32_t n = ld_json_count(a.json, a.ref);
	uint32_t m = ld_json_count(b.json, b.ref);
	struct ld_node x = ldi_node_first(a), y = ldi_node_first(b);

	while (ldi_node_present(x) && ldi_node_present(y) && ldi_same(x, y)) {
		x = ldi_node_next(a, x);
		y = ldi_node_next(b, y);
	}
	if (ldi_node_present(x) && ldi_node_present(y))
		return ldi_compare(x, y, order_out, err);
	*order_out = (n > m) - (n < m);
	return LD_OK;
}

enum ld_status
ldi_compare(
    struct ld_node a, struct ld_node b, int *order_out, struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(a);

	if (is_number(a) && is_number(b))
		return compare_numbers(a, b, order_out, err);
	if (kind == LD_JSON_STRING && kind == ldi_node_kind(b))
		return compare_texts(a, b, order_out, err);
	if (kind == LD_JSON_ARRAY && kind == ldi_node_kind(b))
		return compare_lists(a, b, order_out, err);
	return ld_node_error(b, err, LD_INVALID, "%s and %s have no order",
	    ldi_node_article(a), ldi_node_article(b));
}

/* -- sorting -------------------------------------------------------------- */

/* Two sorted runs, [from, middle) and [middle, to), into one. */
static enum ld_status
merge(struct ld_node *at, struct ld_node *spare, size_t from, size_t middle,
    size_t to, struct ld_err *err)
{
	size_t a = from, b = middle, n = from;
	enum ld_status st = LD_OK;
	int order;

	while (a < middle && b < to) {
		st = ldi_compare(at[a], at[b], &order, err);
		if (st != LD_OK)
			return st;
		spare[n++] = order <= 0 ? at[a++] : at[b++];
	}
	while (a < middle)
		spare[n++] = at[a++];
	while (b < to)
		spare[n++] = at[b++];
	memcpy(at + from, spare + from, (to - from) * sizeof(*at));
	return LD_OK;
}

enum ld_status
ldi_items_sort(struct ldi_items *items, struct ld_err *err)
{
	size_t n = items->n;
	struct ld_node *spare = calloc(n + 1, sizeof(*spare));
	enum ld_status st = LD_OK;

	if (spare == NULL)
		return ldi_nomem(err);
	for (size_t run = 1; run < n && st == LD_OK; run *= 2)
		for (size_t from = 0; n - from > run && st == LD_OK;) {
			size_t to = n - from > 2 * run ? from + 2 * run : n;

			st = merge(items->at, spare, from, from + run, to, err);
			from = to;
		}
	free(spare);
	return st;
}
