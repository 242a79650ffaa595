/* SPDX-License-Identifier: MIT */
/*
 * base/redact.h - inside the library: what is a secret, and text without it.
 *
 * A secret is found in any spelling (base/spelling.h), and in base64, wherever
 * it begins there.  A beginning of one is masked too if it is long enough to
 * tell something, or if the text ends behind it: texts are cut.
 */
#ifndef LDI_BASE_REDACT_H
#define LDI_BASE_REDACT_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/record.h>
#include <ld/redact.h>

#include "base/secret.h"

/* What a plan holds is hidden by value from this length on: shorter ones are
 * words that stand everywhere.  Their names hide them. */
#define LDI_TAINT_MIN_BYTES 6

/* What a session adds to the secrets of a redactor for one text, at most. */
#define LDI_REDACT_MORE 64

/* The value of a named secret; false when there is none. */
bool ldi_redactor_find(const struct ld_redactor *redactor, const char *name,
    const char **text_out, size_t *len_out);
/* Names, 0 <= i; NULL behind the last.  Borrowed. */
const char *ldi_redactor_name(const struct ld_redactor *redactor, size_t i);
/* Is nothing hidden?  Not so when there is no redactor. */
bool ldi_redactor_shows(const struct ld_redactor *redactor);

/* A value is a secret, and so are parts of it: the token behind "Bearer ",
 * the password of a basic pair, each cookie.  NULL redactor: nothing to do. */
void ldi_redactor_taint(
    struct ld_redactor *redactor, const char *text, size_t len);
/* Values that names in this text say are secrets. */
void ldi_redactor_scan(
    struct ld_redactor *redactor, const char *text, size_t len);
/* Was there memory for all of it? */
enum ld_status ldi_redactor_status(
    const struct ld_redactor *redactor, struct ld_err *err);

/*
 * Write `text` to `to` without the redactor's secrets (NULL = there are none),
 * without the `n_more` values, at most LDI_REDACT_MORE, and without what names
 * in it say; each becomes LDI_SECRET_MASK.  At most `size` bytes are written,
 * never a part of a mask; returns how many.  Allocates nothing.
 */
size_t ldi_redact(const struct ld_redactor *redactor, const struct ld_str *more,
    size_t n_more, const char *text, size_t len, char *to, size_t size);
/* A text that is all there, of no session: its end is no cut, so the first
 * letters of a secret that it ends with are a word. */
size_t ldi_redact_whole(const struct ld_redactor *redactor, const char *text,
    size_t len, char *to, size_t size);
/* The same as the first without looking at names: for sentences of our own, in
 * which a name and a colon are prose. */
size_t ldi_redact_values(const struct ld_redactor *redactor, const char *text,
    size_t len, char *to, size_t size);
/* A whole text, appended. */
void ldi_redact_add(const struct ld_redactor *redactor, struct ld_buf *out,
    const char *text, size_t len);

#endif /* LDI_BASE_REDACT_H */
