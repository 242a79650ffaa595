/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "plan/arrival_list.h"
#include "plan/node.h"

/* What is known of a record.  `row` is told, not read: it follows from the
 * number. */
static const char *const keys[] = { "arrival", "due_ns", "type" };
#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static enum ld_status
check_keys(struct ld_node record, struct ld_err *err)
{
	struct ld_node key;

	for (key = ldi_node_first(record); ldi_node_present(key);
	     key = ldi_node_next(record, key)) {
		size_t i = 0;

		while (i < N_KEYS && !ld_json_is(key.json, key.ref, keys[i]))
			i++;
		if (i == N_KEYS)
			return ldi_node_unknown(
			    key, "key", keys, N_KEYS, sizeof(keys[0]), err);
	}
	return LD_OK;
}

static enum ld_status
read_number(
    struct ld_node record, const char *name, uint64_t *out, struct ld_err *err)
{
	struct ld_node node = ld_node_get(record, name);

	if (ldi_node_present(node) && ld_json_u64(node.json, node.ref, out))
		return LD_OK;
	return ld_node_error(ldi_node_present(node) ? node : record, err,
	    LD_INVALID, "an arrival has a whole number '%s'", name);
}

static enum ld_status
make_room(
    struct ldi_arrival_list *list, struct ld_node record, struct ld_err *err)
{
	struct ld_arrival_due *bigger;
	size_t cap = list->cap == 0 ? 1024 : 2 * list->cap;

	if (list->n < list->cap)
		return LD_OK;
	if (list->n >= LD_MAX_ARRIVALS)
		return ld_node_error(record, err, LD_INVALID,
		    "more than %d arrivals in one run", LD_MAX_ARRIVALS);
	bigger = realloc(list->items, cap * sizeof(*bigger));
	if (bigger == NULL)
		return ldi_nomem(err);
	list->items = bigger;
	list->cap = cap;
	return LD_OK;
}

enum ld_status
ldi_arrival_list_add(
    struct ldi_arrival_list *list, struct ld_node record, struct ld_err *err)
{
	struct ld_arrival_due due;
	enum ld_status st = check_keys(record, err);

	if (st == LD_OK)
		st = read_number(record, "arrival", &due.arrival, err);
	if (st == LD_OK)
		st = read_number(record, "due_ns", &due.due_ns, err);
	if (st == LD_OK)
		st = make_room(list, record, err);
	if (st != LD_OK)
		return st;
	if (list->n > 0 && due.due_ns < list->items[list->n - 1].due_ns)
		list->unsorted = true;
	list->items[list->n++] = due;
	return LD_OK;
}

/* Merges runs of `width` from one half into the other: stable, and without a
 * place in each entry. */
static void
merge(const struct ld_arrival_due *from, struct ld_arrival_due *to, size_t n,
    size_t width)
{
	for (size_t low = 0; low < n; low += 2 * width) {
		size_t middle = low + width < n ? low + width : n;
		size_t high = middle + width < n ? middle + width : n;
		size_t a = low, b = middle;

		for (size_t i = low; i < high; i++) {
			if (b == high ||
			    (a < middle && from[a].due_ns <= from[b].due_ns))
				to[i] = from[a++];
			else
				to[i] = from[b++];
		}
	}
}

static enum ld_status
sort(struct ldi_arrival_list *list, struct ld_err *err)
{
	struct ld_arrival_due *other = malloc(list->n * sizeof(*other)), *swap;

	if (other == NULL)
		return ldi_nomem(err);
	for (size_t width = 1; width < list->n; width *= 2) {
		merge(list->items, other, list->n, width);
		swap = list->items;
		list->items = other;
		other = swap;
	}
	free(other);
	return LD_OK;
}

enum ld_status
ldi_arrival_list_take(struct ldi_arrival_list *list, struct ldi_arena *arena,
    const struct ld_arrival_due **out, size_t *n_out, struct ld_err *err)
{
	struct ld_arrival_due *kept;
	enum ld_status st = LD_OK;

	*out = NULL;
	*n_out = 0;
	if (list->n == 0)
		return LD_OK;
	if (list->unsorted)
		st = sort(list, err);
	if (st != LD_OK)
		return st;
	kept = ldi_arena_array(arena, list->n, sizeof(*kept));
	if (kept == NULL)
		return ldi_nomem(err);
	memcpy(kept, list->items, list->n * sizeof(*kept));
	*out = kept;
	*n_out = list->n;
	ldi_arrival_list_clear(list);
	return LD_OK;
}

void
ldi_arrival_list_clear(struct ldi_arrival_list *list)
{
	free(list->items);
	*list = (struct ldi_arrival_list){ .n = 0 };
}
