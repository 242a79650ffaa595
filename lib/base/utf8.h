/* SPDX-License-Identifier: MIT */
/*
 * base/utf8.h - is it UTF-8, and which characters are these?
 */
#ifndef LDI_BASE_UTF8_H
#define LDI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decode the character at `text` (len > 0).  Returns its length in bytes; for
 * what is none (overlong, a surrogate, beyond U+10FFFF, cut off) that of its
 * longest part that could have begun one, and *code_out = LDI_UTF8_BAD. */
#define LDI_UTF8_BAD UINT32_MAX
size_t ldi_utf8_next(const char *text, size_t len, uint32_t *code_out);

/* The same, but 0 for what is none; len may be 0. */
size_t ldi_utf8_decode(const char *text, size_t len, uint32_t *code_out);

/* Write a character; returns its length, 0 for a surrogate or beyond
 * U+10FFFF. */
size_t ldi_utf8_encode(uint32_t code, char at[4]);

bool ldi_utf8_valid(const char *text, size_t len);

/* Characters of a text that is UTF-8. */
size_t ldi_utf8_count(const char *text, size_t len);

/* Invisible, and changes how its neighbours are seen: marks that reorder,
 * join or break. */
bool ldi_utf8_hidden(uint32_t code);

/* May it be shown on a terminal?  Not so controls (C0, C1, DEL) and what is
 * hidden, by which foreign text could lie. */
bool ldi_utf8_showable(uint32_t code);

#endif /* LDI_BASE_UTF8_H */
