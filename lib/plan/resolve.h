/* SPDX-License-Identifier: MIT */
/*
 * plan/resolve.h - inside a resolver: look a name up.
 */
#ifndef LDI_PLAN_RESOLVE_H
#define LDI_PLAN_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/field.h>
#include <ld/json.h>
#include <ld/resolver.h>

#include "data/csv_read.h"

/* A value with its type: JSON text, but a string is decoded. */
struct ldi_value {
	enum ld_json_kind kind;
	const char *text;
	size_t len;
};

struct ldi_csv_source {
	const struct ldi_csv *csv;
	const char *path;
	bool cycle;
};

/* Of an element of `csv_sources`. */
extern const struct ld_field ldi_csv_fields[];

/* NULL when there is none. */
struct ld_redactor *ldi_resolver_redactor(const struct ld_resolver *resolver);
/* Option, variable, environment, in this order. */
bool ldi_resolver_find(const struct ld_resolver *resolver, const char *name,
    struct ldi_value *value_out);
/* NULL when there is none. */
const struct ldi_csv_source *ldi_resolver_find_csv(
    const struct ld_resolver *resolver, const char *name);

/* All names, for "did you mean": options, then variables; or CSV sources.
 * 0 <= i; NULL behind the last.  Borrowed. */
const char *ldi_resolver_name(const struct ld_resolver *resolver, size_t i);
const char *ldi_resolver_csv_name(const struct ld_resolver *resolver, size_t i);

#endif /* LDI_PLAN_RESOLVE_H */
