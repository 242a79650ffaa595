/* SPDX-License-Identifier: MIT */
/*
 * ld/compat.h - documents in the shapes of LoadDensity for Python.
 *
 * Those have an entry for each record, so they are made of samples while
 * they are read, and not of a summary.  What samples do not hold (the text,
 * body and headers of an answer) is "None", as the original writes what it
 * does not have.
 *
 * Memory      constant: entries wait in files without a name, in $TMPDIR.
 * Threads     none.
 */
#ifndef LD_COMPAT_H
#define LD_COMPAT_H

#include <stddef.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/record.h>

struct ld_compat;

/* csv, html, json, junit, summary or xml; *err names another one. */
LD_API enum ld_status ld_compat_new(
    const char *format, struct ld_compat **compat_out, struct ld_err *err);
LD_API void ld_compat_free(struct ld_compat *compat);

/* Samples count, those that were aborted do not, and other records neither. */
LD_API enum ld_status ld_compat_add(struct ld_compat *compat,
    const struct ld_record *record, struct ld_err *err);

/* The documents: one, or one of successes and one of failures, and what the
 * name of each ends in. */
LD_API size_t ld_compat_files(const struct ld_compat *compat);
LD_API const char *ld_compat_suffix(const struct ld_compat *compat, size_t i);
/* LD_INVALID where the original refuses to write without any record. */
LD_API enum ld_status ld_compat_check(
    const struct ld_compat *compat, struct ld_err *err);
LD_API enum ld_status ld_compat_write(
    const struct ld_compat *compat, size_t i, int fd, struct ld_err *err);

#endif /* LD_COMPAT_H */
