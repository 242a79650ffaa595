/* SPDX-License-Identifier: MIT */
/*
 * ld/redact.h - secrets, and keeping them out of whatever is written.
 *
 * A redactor knows the secrets of one execution: those that were given by name
 * (${secret.NAME}), and what a plan holds where its names say that it is one.
 * It is filled before a run and only read during it.
 *
 * Text is redacted where it is made: a sample's reason of failure, the name of
 * a series, an error.  What differs from run to run (a row of a CSV file, what
 * an extractor stored) is known to the session that has it.
 *
 * Ownership   what is given is copied.
 * Threads     none while it is filled; then any number may read.
 * Bounds      LD_MAX_SECRETS named ones, LD_MAX_SECRET_BYTES each.
 */
#ifndef LD_REDACT_H
#define LD_REDACT_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/api.h>
#include <ld/err.h>

/* A named secret that is shorter could not be told from other text. */
#define LD_MIN_SECRET_BYTES 4

struct ld_redactor;

LD_API struct ld_redactor *ld_redactor_new(void) LD_MUST_CHECK;
LD_API void ld_redactor_free(struct ld_redactor *redactor);

/* The value of ${secret.NAME}.  LD_INVALID when it is too short, too long, or
 * given already; no text of *err holds a part of it. */
LD_API enum ld_status ld_redactor_secret(struct ld_redactor *redactor,
    const char *name, const char *value, size_t len, struct ld_err *err);

/* The same as an option says it: "NAME=@FILE", "NAME=env:VARIABLE" or
 * "NAME=fd:NUMBER".  One line break at the end of the value is none of it. */
LD_API enum ld_status ld_redactor_option(
    struct ld_redactor *redactor, const char *option, struct ld_err *err);

/* Hide nothing.  Whatever is written then says so. */
LD_API void ld_redactor_show(struct ld_redactor *redactor);

/* Take the secrets out of an error, which is then shown to somebody.  NULL
 * redactor: nothing to do. */
LD_API void ld_redactor_err(
    const struct ld_redactor *redactor, struct ld_err *err);

#endif /* LD_REDACT_H */
