/* SPDX-License-Identifier: MIT */
/*
 * plan/fields.h - objects by table: reading with inheritance.
 */
#ifndef LDI_PLAN_FIELDS_H
#define LDI_PLAN_FIELDS_H

#include "plan/bind.h"

struct ldi_fields {
	/* As for ldi_fields_read().  Where bases[i] is NULL the keys of
	 * tables[i] are known, but somebody else reads them. */
	const struct ld_field *const *tables;
	void *const *bases;
	struct ldi_bind *bind;              /* may be NULL */
	const struct ld_resolver *resolver; /* may be NULL */
	struct ldi_arena *arena;
};

/*
 * Read `own`; what it does not name comes from `under` (may be absent), what
 * neither names from the tables.  null in `own` stops the inheritance of the
 * key.  A value is inherited whole: objects are not merged.
 */
enum ld_status ldi_fields_inherit(const struct ldi_fields *how,
    struct ld_node own, struct ld_node under, struct ld_err *err);

/* One value by its row (plan/field_value.c); `value` is neither null nor
 * absent. */
enum ld_status ldi_field_value(const struct ldi_fields *how,
    const struct ld_field *row, void *base, struct ld_node value,
    struct ld_err *err);

#endif /* LDI_PLAN_FIELDS_H */
