/* SPDX-License-Identifier: MIT */
/*
 * plan/arrival.h - the open model of a config: `arrival`, and what overrides
 * it.
 */
#ifndef LDI_PLAN_ARRIVAL_H
#define LDI_PLAN_ARRIVAL_H

#include <ld/plan.h>

#include "base/arena.h"

/* Members of `arrival`, and of an entry of its `stages`. */
extern const struct ld_field ldi_arrival_fields[];
extern const struct ld_field ldi_stage_fields[];

/*
 * The open model that item, `node` (the value of `arrival`, may be absent)
 * and overrides ask for together; out->given is false when none of them does.
 * What could have no effect beside it is an error.
 */
enum ld_status ldi_arrival_read(const struct ld_item *item, struct ld_node node,
    const struct ld_overrides *overrides, const struct ld_resolver *resolver,
    struct ldi_arena *arena, struct ld_arrivals *out, struct ld_err *err);

/* How long the stages take; UINT64_MAX when there are none, or a list. */
uint64_t ldi_arrival_span_ns(const struct ld_arrivals *arrivals);

#endif /* LDI_PLAN_ARRIVAL_H */
