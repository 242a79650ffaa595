/* SPDX-License-Identifier: MIT */
/*
 * base/base64.h - bytes as text (RFC 4648, 4).
 */
#ifndef LDI_BASE_BASE64_H
#define LDI_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>

/* Append the text of the bytes, padded. */
void ldi_base64_add(struct ld_buf *out, const void *data, size_t len);

/*
 * In the text of something longer, in which `before` bytes (modulo 3) stand in
 * front of these, some digits are of these alone: write them to `to`, which has
 * room for LDI_BASE64_PART(len), and return how many.
 */
#define LDI_BASE64_PART(len) (4 * (len) / 3 + 4)
size_t ldi_base64_part(char *to, const char *data, size_t len, size_t before);

/* Append the bytes of a text; its padding may be missing.  False, with
 * something appended, when it is none. */
bool ldi_base64_decode(struct ld_buf *out, const char *text, size_t len);

#endif /* LDI_BASE_BASE64_H */
