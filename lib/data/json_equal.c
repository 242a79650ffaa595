/* SPDX-License-Identifier: MIT */
/* Recursion here is as deep as the reader lets documents be. */
#include "config.h"

#include <stdlib.h>

#include <ld/json.h>

#include "data/json_chars.h"
#include "data/json_number.h"

/* Up to this many members looking each up is as quick as sorting. */
#define FEW 16

/* A key of an object, with its document, so that qsort() can compare two. */
struct key {
	const struct ld_json *doc;
	ld_json_ref ref;
};

static int
compare_text(struct key a, struct key b)
{
	struct ldi_json_chars x, y;
	int c, d;

	ldi_json_chars(&x, a.doc, a.ref);
	ldi_json_chars(&y, b.doc, b.ref);
	do {
		c = ldi_json_chars_next(&x);
		d = ldi_json_chars_next(&y);
	} while (c == d && c >= 0);
	return c - d;
}

/* By text; equal keys as they stand in the document. */
static int
compare_keys(const void *x, const void *y)
{
	const struct key *a = x, *b = y;
	int order = compare_text(*a, *b);

	if (order != 0)
		return order;
	return a->ref < b->ref ? -1 : a->ref > b->ref;
}

/* Room for `n` keys of each of two objects: sorted, the last of equal ones. */
static size_t
sort_keys(const struct ld_json *doc, ld_json_ref object, struct key *keys)
{
	ld_json_ref ref = ld_json_first(doc, object);
	size_t n = 0, kept = 0;

	for (; ref != LD_JSON_NONE; ref = ld_json_next(doc, object, ref))
		keys[n++] = (struct key){ doc, ref };
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || compare_text(keys[i], keys[i + 1]) != 0)
			keys[kept++] = keys[i];
	return kept;
}

static bool
equal_sorted(const struct ld_json *a, ld_json_ref a_ref,
    const struct ld_json *b, ld_json_ref b_ref, struct key *keys)
{
	size_t n = sort_keys(a, a_ref, keys);
	struct key *others = keys + n;

	if (sort_keys(b, b_ref, others) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (compare_text(keys[i], others[i]) != 0 ||
		    !ld_json_equal(a, keys[i].ref + 1, b, others[i].ref + 1))
			return false;
	return true;
}

/* The value of a key that stands in another document. */
static ld_json_ref
look_up(const struct ld_json *doc, ld_json_ref object, struct key key)
{
	ld_json_ref found = LD_JSON_NONE;
	ld_json_ref ref = ld_json_first(doc, object);

	for (; ref != LD_JSON_NONE; ref = ld_json_next(doc, object, ref))
		if (compare_text((struct key){ doc, ref }, key) == 0)
			found = ref + 1;
	return found;
}

/* Has every key of a an equal value in b?  (Of repeated keys the last.) */
static bool
is_within(const struct ld_json *a, ld_json_ref a_ref, const struct ld_json *b,
    ld_json_ref b_ref)
{
	ld_json_ref ref = ld_json_first(a, a_ref);

	for (; ref != LD_JSON_NONE; ref = ld_json_next(a, a_ref, ref)) {
		struct key key = { a, ref };
		ld_json_ref other = look_up(b, b_ref, key);

		if (other == LD_JSON_NONE)
			return false;
		if (look_up(a, a_ref, key) == ref + 1 &&
		    !ld_json_equal(a, ref + 1, b, other))
			return false;
	}
	return true;
}

static bool
has_keys_of(const struct ld_json *a, ld_json_ref a_ref, const struct ld_json *b,
    ld_json_ref b_ref)
{
	ld_json_ref ref = ld_json_first(b, b_ref);

	for (; ref != LD_JSON_NONE; ref = ld_json_next(b, b_ref, ref))
		if (look_up(a, a_ref, (struct key){ b, ref }) == LD_JSON_NONE)
			return false;
	return true;
}

static bool
equal_objects(const struct ld_json *a, ld_json_ref a_ref,
    const struct ld_json *b, ld_json_ref b_ref)
{
	size_t n = (size_t)ld_json_count(a, a_ref) + ld_json_count(b, b_ref);
	struct key *keys;
	bool equal;

	keys = n > 2 * FEW ? malloc(n * sizeof(*keys)) : NULL;
	if (keys == NULL) /* few, or no memory: slow, but it is an answer */
		return is_within(a, a_ref, b, b_ref) &&
		       has_keys_of(a, a_ref, b, b_ref);
	equal = equal_sorted(a, a_ref, b, b_ref, keys);
	free(keys);
	return equal;
}

static bool
equal_arrays(const struct ld_json *a, ld_json_ref a_ref,
    const struct ld_json *b, ld_json_ref b_ref)
{
	ld_json_ref x = ld_json_first(a, a_ref);
	ld_json_ref y = ld_json_first(b, b_ref);

	for (; x != LD_JSON_NONE && y != LD_JSON_NONE;
	     x = ld_json_next(a, a_ref, x), y = ld_json_next(b, b_ref, y))
		if (!ld_json_equal(a, x, b, y))
			return false;
	return x == y;
}

static bool
equal_numbers(const struct ld_json *a, ld_json_ref a_ref,
    const struct ld_json *b, ld_json_ref b_ref)
{
	struct ldi_json_number x, y;
	const char *text;
	size_t len;

	text = ld_json_raw(a, a_ref, &len);
	ldi_json_number(&x, text, len);
	text = ld_json_raw(b, b_ref, &len);
	ldi_json_number(&y, text, len);
	return ldi_json_number_equal(&x, &y);
}

bool
ld_json_equal(const struct ld_json *a, ld_json_ref a_ref,
    const struct ld_json *b, ld_json_ref b_ref)
{
	enum ld_json_kind kind = ld_json_kind(a, a_ref);

	if (kind != ld_json_kind(b, b_ref))
		return false;
	switch (kind) {
	case LD_JSON_NUMBER:
		return equal_numbers(a, a_ref, b, b_ref);
	case LD_JSON_STRING:
		return compare_text((struct key){ a, a_ref },
			   (struct key){ b, b_ref }) == 0;
	case LD_JSON_ARRAY:
		return equal_arrays(a, a_ref, b, b_ref);
	case LD_JSON_OBJECT:
		return equal_objects(a, a_ref, b, b_ref);
	case LD_JSON_NULL:
	case LD_JSON_FALSE:
	case LD_JSON_TRUE:
		return true;
	}
	return false;
}
