/* SPDX-License-Identifier: MIT */
/*
 * actions/items.h - what Python iterates over, and its order.
 */
#ifndef LDI_ACTIONS_ITEMS_H
#define LDI_ACTIONS_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/err.h>
#include <ld/field.h>

/* The elements of a list, the characters of a string, the keys of an object.
 */
struct ldi_items {
	struct ld_node *at;
	size_t n;
	/* Characters are a document of their own; a node of it has no place. */
	struct ld_json json;
	struct ld_buf text;
};

/* To be cleared, also after an error. */
enum ld_status ldi_items_read(
    struct ld_node from, struct ldi_items *out, struct ld_err *err);
void ldi_items_clear(struct ldi_items *items);

/* Is it what `if` takes for true: not null, 0, "", [] or {}? */
bool ldi_truth(struct ld_node value);
/* a == b; false, too, without memory. */
bool ldi_same(struct ld_node a, struct ld_node b);
/* < 0, 0, > 0.  Numbers, strings, and lists of such have an order; all else
 * is an error with the place of `b`. */
enum ld_status ldi_compare(
    struct ld_node a, struct ld_node b, int *order_out, struct ld_err *err);
/* Stable, as Python's. */
enum ld_status ldi_items_sort(struct ldi_items *items, struct ld_err *err);

#endif /* LDI_ACTIONS_ITEMS_H */
