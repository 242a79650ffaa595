/* SPDX-License-Identifier: MIT */
/*
 * plan/node.h - handle values of an input together with their place.
 *
 * A tape may be a copy that was put together from nodes of its text (see
 * plan/tape.c), so the offset of a node counts from json->text, and
 * json->text points into source->text: that is all a place needs.
 */
#ifndef LDI_PLAN_NODE_H
#define LDI_PLAN_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/err.h>
#include <ld/field.h>
#include <ld/plan.h>

#include "base/arena.h"

#define LDI_NODE_ABSENT             \
	(struct ld_node)            \
	{                           \
		.ref = LD_JSON_NONE \
	}

static inline bool
ldi_node_present(struct ld_node node)
{
	return node.ref != LD_JSON_NONE;
}

/* NULL for what is absent. */
enum ld_json_kind ldi_node_kind(struct ld_node node);
/* Another node of the same text. */
struct ld_node ldi_node_at(struct ld_node like, ld_json_ref ref);
/* "an object", "a string", "nothing": for sentences. */
const char *ldi_node_article(struct ld_node node);

/*
 * First and next element of an array, first and next key of an object:
 *
 *	for (key = ldi_node_first(o); ldi_node_present(key);
 *	     key = ldi_node_next(o, key))
 */
struct ld_node ldi_node_first(struct ld_node parent);
struct ld_node ldi_node_next(struct ld_node parent, struct ld_node child);
struct ld_node ldi_node_value(struct ld_node key);

/* The decoded string, NUL-terminated, in the arena; another kind: its JSON.
 * *len_out (may be NULL) tells of NUL bytes inside.  NULL = out of memory. */
char *ldi_node_strdup(
    struct ld_node node, struct ldi_arena *arena, size_t *len_out);
/* As above, but a string with a NUL byte inside is LD_INVALID. */
enum ld_status ldi_node_name(struct ld_node node, struct ldi_arena *arena,
    char **name_out, struct ld_err *err);

/* LD_INVALID: "unknown WHAT 'word'; did you mean 'name'?" at the node, which
 * is a string.  Names as for ld_err_nearest(). */
enum ld_status ldi_node_unknown(struct ld_node word, const char *what,
    const char *const *names, size_t n, size_t stride, struct ld_err *err);

/* Called for each string value (not for keys); writes it to `out`. */
typedef enum ld_status ldi_string_fn(
    void *ctx, struct ld_node string, struct ld_buf *out, struct ld_err *err);
/* Append the value as JSON without white space.  `hook` NULL = strings as
 * they stand. */
enum ld_status ldi_node_json(struct ld_node node, struct ld_buf *out,
    ldi_string_fn *hook, void *ctx, struct ld_err *err);

/* Fill *err with "out of memory" and return its status. */
enum ld_status ldi_nomem(struct ld_err *err);

#endif /* LDI_PLAN_NODE_H */
