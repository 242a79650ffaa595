/* SPDX-License-Identifier: MIT */
/*
 * plan/tape.h - copies of JSON nodes that live in an arena.
 *
 * A copy keeps the text of the original (and so every place in it) and has
 * nodes of its own, exactly as many as it needs.  It must not be given to
 * ld_json_clear().
 */
#ifndef LDI_PLAN_TAPE_H
#define LDI_PLAN_TAPE_H

#include <ld/err.h>
#include <ld/field.h>

#include "base/arena.h"

/*
 * Every text of a document has this behind its end, so that a member can be
 * added to a copied object: the added key then has a text to point at.
 */
#define LDI_TAPE_SUFFIX "\"method\""

/* A copy of `object` without its members named `drop`. */
enum ld_status ldi_tape_without(struct ld_node object, const char *drop,
    struct ldi_arena *arena, struct ld_node *out, struct ld_err *err);

/* A copy of `object` with "method" in front of its members; `value` is a
 * scalar node of the same text. */
enum ld_status ldi_tape_with_method(struct ld_node object, struct ld_node value,
    struct ldi_arena *arena, struct ld_node *out, struct ld_err *err);

/* LD_INVALID at the first key that stands twice in one object, anywhere. */
enum ld_status ldi_tape_unique(struct ld_node root, struct ld_err *err);

#endif /* LDI_PLAN_TAPE_H */
