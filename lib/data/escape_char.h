/* SPDX-License-Identifier: MIT */
/*
 * data/escape_char.h - one character, made visible; for encoders.
 */
#ifndef LDI_DATA_ESCAPE_CHAR_H
#define LDI_DATA_ESCAPE_CHAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>

/* C1 controls, and what is no character at all. */
bool ldi_escape_void(uint32_t code);

/*
 * Append the character `code`, whose bytes are the `n` at `text`: as it is,
 * or in place of a control its picture (U+2400 and up), of what is none
 * U+FFFD, of a mark that reorders or hides [U+202E].
 */
void ldi_escape_show(
    struct ld_buf *out, const char *text, size_t n, uint32_t code);

#endif /* LDI_DATA_ESCAPE_CHAR_H */
