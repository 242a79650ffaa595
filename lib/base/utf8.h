/* SPDX-License-Identifier: MIT */
/*
 * base/utf8.h - is it UTF-8, and which characters are these?
 */
#ifndef LDI_BASE_UTF8_H
#define LDI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decode the character at `text`: its length in bytes (1 to 4), or 0 when
 * the bytes are not one (overlong, a surrogate, beyond U+10FFFF, cut off,
 * or len is 0). */
size_t ldi_utf8_decode(const char *text, size_t len, uint32_t *code_out);

/* Write a character; returns its length, 0 for a surrogate or beyond
 * U+10FFFF. */
size_t ldi_utf8_encode(uint32_t code, char at[4]);

bool ldi_utf8_valid(const char *text, size_t len);

/* May it be shown on a terminal?  Not so controls (C0, C1, DEL) and the
 * marks that reorder or break lines, by which foreign text could lie. */
bool ldi_utf8_showable(uint32_t code);

#endif /* LDI_BASE_UTF8_H */
