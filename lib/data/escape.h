/* SPDX-License-Identifier: MIT */
/*
 * data/escape.h - one encoder for each place where foreign text may land.
 *
 * Names, URLs and error texts come from plans and servers and may hold any
 * byte.  Whoever puts them into a document calls the encoder of that place;
 * an encoder of another place is a hole.  All of them cope with invalid
 * UTF-8, NUL included, and make visible what would otherwise act on the
 * reader: control characters, and the marks that reorder text (U+202E and
 * its kin).
 *
 *	place                          encoder
 *	HTML element content           ldi_esc_html
 *	quoted HTML attribute value    ldi_esc_attr
 *	JSON in an HTML script element ldi_esc_script
 *	JSON document, ASCII only      ldi_esc_ascii
 *	terminal                       ldi_esc_term
 */
#ifndef LDI_DATA_ESCAPE_H
#define LDI_DATA_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>

/* Control characters become their pictures (U+2400...), but for tab and line
 * feed; invalid bytes become U+FFFD; U+202E becomes [U+202E]. */
void ldi_esc_html(struct ld_buf *out, const char *text, size_t len);

/* As ldi_esc_html(), and safe in single, double and no quotes but for
 * blanks: tab, line feed, backtick and = are references. */
void ldi_esc_attr(struct ld_buf *out, const char *text, size_t len);

/* `json` is a JSON text; nothing in it can end a script element or open a
 * comment, and it still means the same JSON. */
void ldi_esc_script(struct ld_buf *out, const char *json, size_t len);

/* `json` is a JSON text; every character beyond ASCII becomes \uXXXX. */
void ldi_esc_ascii(struct ld_buf *out, const char *json, size_t len);

/*
 * At most `columns` columns of a terminal; what does not fit is cut, with ...
 * at the end.  Bytes that are no printable UTF-8 are shown as \xNN, marks
 * that reorder or hide as \u{NNNN}.  Returns the columns used.
 */
size_t ldi_esc_term(
    struct ld_buf *out, const char *text, size_t len, size_t columns);

#endif /* LDI_DATA_ESCAPE_H */
