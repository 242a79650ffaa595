/* SPDX-License-Identifier: MIT */
/*
 * data/redact_json.h - a JSON document without its secrets.
 *
 * What a member with the name of a secret holds becomes LDI_SECRET_MASK,
 * numbers and what is inside of it too; strings and names elsewhere lose what
 * the redactor knows.  The document stays JSON of the same shape.
 */
#ifndef LDI_DATA_REDACT_JSON_H
#define LDI_DATA_REDACT_JSON_H

#include <stddef.h>

#include <ld/buf.h>
#include <ld/redact.h>

/* Append the document.  LD_SYNTAX when it is none, LD_NOMEM. */
enum ld_status ldi_redact_json(const struct ld_redactor *redactor,
    const char *text, size_t len, struct ld_buf *out, struct ld_err *err);

#endif /* LDI_DATA_REDACT_JSON_H */
