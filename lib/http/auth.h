/* SPDX-License-Identifier: MIT */
/*
 * http/auth.h - values of Authorization (RFC 7617, RFC 6750).
 */
#ifndef LDI_HTTP_AUTH_H
#define LDI_HTTP_AUTH_H

#include <stddef.h>

#include <ld/buf.h>

/* Append "Basic ..." of `user`, which has `user_len` bytes, a colon, and a
 * password: the whole is `len` bytes.  NULL, or a sentence saying what is
 * wrong, which shows neither. */
const char *ldi_auth_basic_add(
    struct ld_buf *out, const char *pair, size_t user_len, size_t len);
/* Append "Bearer TOKEN"; as above. */
const char *ldi_auth_bearer_add(
    struct ld_buf *out, const char *token, size_t len);

#endif /* LDI_HTTP_AUTH_H */
