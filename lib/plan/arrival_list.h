/* SPDX-License-Identifier: MIT */
/*
 * plan/arrival_list.h - a schedule that comes as records, one per arrival.
 *
 * There may be millions: sixteen bytes are kept of each.
 */
#ifndef LDI_PLAN_ARRIVAL_LIST_H
#define LDI_PLAN_ARRIVAL_LIST_H

#include <ld/plan.h>

#include "base/arena.h"

/* Zero-initialised. */
struct ldi_arrival_list {
	struct ld_arrival_due *items; /* malloc'ed */
	size_t n, cap;
	bool unsorted;
};

/* Add a record {"type":"arrival","arrival":k,"due_ns":t}. */
enum ld_status ldi_arrival_list_add(
    struct ldi_arrival_list *list, struct ld_node record, struct ld_err *err);
/* Move the list to the arena, in order of time (those of one time in the
 * order in which they came), and empty it. */
enum ld_status ldi_arrival_list_take(struct ldi_arrival_list *list,
    struct ldi_arena *arena, const struct ld_arrival_due **out, size_t *n_out,
    struct ld_err *err);
void ldi_arrival_list_clear(struct ldi_arrival_list *list);

#endif /* LDI_PLAN_ARRIVAL_LIST_H */
