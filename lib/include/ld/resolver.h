/* SPDX-License-Identifier: MIT */
/*
 * ld/resolver.h - the values that placeholders name.
 *
 * Sources: ${var.NAME} or ${NAME}, ${env.NAME}, ${csv.SOURCE.COLUMN},
 * ${secret.NAME}, ${uuid()}, ${now()}, ${randint(a, b)}, and ${'text'} for text
 * that would otherwise be read as a placeholder.  Precedence of a variable:
 * extracted by the user, given by --var, registered or in the config,
 * environment.
 *
 * Ownership   everything given is copied.
 * Threads     none while it changes; constant during a run.
 */
#ifndef LD_RESOLVER_H
#define LD_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/field.h>
#include <ld/json.h>
#include <ld/redact.h>

struct ld_resolver;

LD_API struct ld_resolver *ld_resolver_new(void) LD_MUST_CHECK;
LD_API void ld_resolver_free(struct ld_resolver *resolver);
LD_API struct ld_resolver *ld_resolver_clone(
    const struct ld_resolver *resolver) LD_MUST_CHECK;

/* Where ${secret.NAME} comes from, and what keeps the values of a plan out of
 * what is written.  Borrowed; NULL = there are no secrets. */
LD_API void ld_resolver_redactor(
    struct ld_resolver *resolver, struct ld_redactor *redactor);

/* From the command line; survives ld_resolver_clear(). Text, not JSON. */
LD_API enum ld_status ld_resolver_option(struct ld_resolver *resolver,
    const char *name, const char *value, struct ld_err *err);
/* LD_register_variable and `variables`: any JSON value; its type is kept. */
LD_API enum ld_status ld_resolver_variable(struct ld_resolver *resolver,
    const char *name, struct ld_node value, struct ld_err *err);
/* LD_register_csv_source: RFC 4180 with a header line; a BOM is dropped; the
 * file is read once and its rows are kept once.  Errors name file and line. */
LD_API enum ld_status ld_resolver_csv(struct ld_resolver *resolver,
    const char *name, const char *path, bool cycle, struct ld_err *err);
/* LD_clear_resolver: variables and CSV sources. */
LD_API void ld_resolver_clear(struct ld_resolver *resolver);

/* `variables` object, `csv_sources` array, as in LD_start_test. */
LD_API enum ld_status ld_resolver_variables(
    struct ld_resolver *resolver, struct ld_node object, struct ld_err *err);
LD_API enum ld_status ld_resolver_csv_sources(
    struct ld_resolver *resolver, struct ld_node array, struct ld_err *err);

#endif /* LD_RESOLVER_H */
