/* SPDX-License-Identifier: MIT */
/*
 * ld/schema.h - JSON Schemas of what crosses a border of the toolkit.
 *
 * They are made from the tables that readers and writers go by, so they say
 * what this build takes.  Only keywords are used that mean the same in
 * draft-07, which editors know, and in 2020-12.
 *
 *	plan     a record of a plan stream
 *	action   an action document
 *	result   a record of a result stream
 *	summary  what ld-report summary writes
 *	report   what ld-report json writes
 *
 * Threads     none.
 */
#ifndef LD_SCHEMA_H
#define LD_SCHEMA_H

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>

/* The names above, NULL behind the last. */
LD_API const char *const *ld_schema_names(void);

/* Append the schema of that name, indented, a line feed behind it. */
LD_API enum ld_status ld_schema_write(
    const char *name, struct ld_buf *out, struct ld_err *err);

#endif /* LD_SCHEMA_H */
