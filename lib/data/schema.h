/* SPDX-License-Identifier: MIT */
/*
 * data/schema.h - JSON Schemas, put together from tables.
 *
 * A fragment is JSON text in which ' stands for ": it can be read in a C
 * source.  What is written uses only keywords that mean the same in draft-07
 * and in 2020-12, so there is no array of `items`, no `$ref` with company.
 */
#ifndef LDI_DATA_SCHEMA_H
#define LDI_DATA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/json.h>

/* A value that is a fragment. */
void ldi_schema_put(struct ld_json_out *out, const char *fragment);
void ldi_schema_member(
    struct ld_json_out *out, const char *key, const char *fragment);
/* {"description": help, ...shape}; a `$ref` goes into an allOf. */
void ldi_schema_described(
    struct ld_json_out *out, const char *help, const char *shape);
/* {"$ref": "#/definitions/PREFIXNAME"} */
void ldi_schema_ref(
    struct ld_json_out *out, const char *prefix, const char *name);
/* "pattern" that takes these words in any case; NULL behind the last. */
void ldi_schema_words(struct ld_json_out *out, const char *const *words);
/* The words themselves, as a value. */
void ldi_schema_list(struct ld_json_out *out, const char *const *words);

/* From here to _end() everything stands on one line. */
unsigned ldi_schema_line(struct ld_json_out *out);
void ldi_schema_line_end(struct ld_json_out *out, unsigned indent);

/* What stands in front of every schema: $schema, $id, title, description. */
struct ldi_schema_head {
	const char *name; /* "ld.plan-1": the $id is made of it */
	const char *title;
	const char *help;
};
void ldi_schema_head(
    struct ld_json_out *out, const struct ldi_schema_head *head);

/* A key of an object. */
struct ldi_schema_key {
	const char *name; /* NULL behind the last */
	bool optional;
	const char *shape;
	const char *help;
};
/* "type", "required", "properties", "additionalProperties": false; the
 * object itself is the caller's. */
void ldi_schema_object(
    struct ld_json_out *out, const struct ldi_schema_key *keys);

/* The definition "ledger"; it refers to one named "whole". */
void ldi_schema_ledger(struct ld_json_out *out);
/* The schema of a result stream, into its root object. */
void ldi_schema_result(struct ld_json_out *out);

#endif /* LDI_DATA_SCHEMA_H */
