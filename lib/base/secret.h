/* SPDX-License-Identifier: MIT */
/*
 * base/secret.h - which names stand for values that no record may show.
 *
 * One list for parameters of a query, headers, and members of JSON.  What is
 * done about them is base/redact.h.
 */
#ifndef LDI_BASE_SECRET_H
#define LDI_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* What is shown in their place. */
#define LDI_SECRET_MASK "***"

/* Does something of this name hold a secret? */
bool ldi_secret_name(const char *name, size_t len);

/*
 * The next value, at or behind `from`, that stands beside such a name, in
 * whatever notation: name=value of a query, form or cookie, "name": value of
 * JSON or Python, a line of a header, user:password@ of a URL, "Bearer TOKEN".
 * A placeholder is none.  False when there is no more.
 */
bool ldi_secret_find(
    const char *text, size_t len, size_t from, size_t *at_out, size_t *len_out);

#endif /* LDI_BASE_SECRET_H */
