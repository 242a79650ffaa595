/* SPDX-License-Identifier: MIT */
/*
 * plan/field_schema.h - JSON Schema of what the tables of fields describe.
 */
#ifndef LDI_PLAN_FIELD_SCHEMA_H
#define LDI_PLAN_FIELD_SCHEMA_H

#include <ld/field.h>

#include "data/schema.h"

/* Definitions that the schemas of rows refer to, as members of `out`. */
void ldi_field_schema_kinds(struct ld_json_out *out);

/* {"properties": ...}, and what two spellings of one key exclude.  It is open
 * to other keys, so that tables can be combined by allOf. */
void ldi_field_schema_open(
    struct ld_json_out *out, const struct ld_field *table);
/* {"type": "object", ...} of one table, with no keys but its own, and the
 * required ones there. */
void ldi_field_schema_closed(
    struct ld_json_out *out, const struct ld_field *table);

/* "propertyNames" of several tables (NULL behind the last) and of the words
 * in `more` (may be NULL). */
void ldi_field_schema_names(struct ld_json_out *out,
    const struct ld_field *const *tables, const char *const *more);
/* Elements of an allOf: which keys must be there. */
void ldi_field_schema_required(
    struct ld_json_out *out, const struct ld_field *table);

/* -- definitions of the parts of a plan that are tables ------------------- */

/* "assertion" and "extractor", and one of each of their kinds. */
void ldi_assert_schema(struct ld_json_out *out);
void ldi_extract_schema(struct ld_json_out *out);
/* "NAME": an object whose key `key` chooses among kinds; helper of both. */
struct ldi_schema_kind {
	const char *name;
	const struct ld_field *fields;
};
void ldi_field_schema_kind(struct ld_json_out *out, const char *name,
    const char *key, const struct ldi_schema_kind *kinds, bool first_default);

#endif /* LDI_PLAN_FIELD_SCHEMA_H */
