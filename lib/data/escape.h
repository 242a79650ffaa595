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
 *	XML text, attribute value      ldi_esc_xml
 *	cell of CSV                    ldi_esc_csv
 *	cell of CSV for programs       ldi_esc_csv_raw
 *	Markdown, within a line        ldi_esc_markdown
 *	GitHub command, its message    ldi_esc_github
 *	GitHub command, a property     ldi_esc_github_property
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

/* In an element or between quotes.  What XML 1.0 cannot hold in any form
 * becomes a picture or U+FFFD, and "]]>" cannot come about. */
void ldi_esc_xml(struct ld_buf *out, const char *text, size_t len);

/*
 * A whole cell by RFC 4180, quoted if need be, for text and not for numbers.
 * What a spreadsheet would take for a formula (= + - @ at the front, in full
 * width, too) gets an apostrophe before it, and line ends become pictures: a
 * record stays one line.  The raw form keeps both, for programs that read
 * the bytes.
 */
void ldi_esc_csv(struct ld_buf *out, const char *text, size_t len);
void ldi_esc_csv_raw(struct ld_buf *out, const char *text, size_t len);

/* Behind text of ours in a paragraph or a table: no markup, no link, no
 * mention, no line end. */
void ldi_esc_markdown(struct ld_buf *out, const char *text, size_t len);

/* In "::error file=PROPERTY::MESSAGE". */
void ldi_esc_github(struct ld_buf *out, const char *text, size_t len);
void ldi_esc_github_property(struct ld_buf *out, const char *text, size_t len);

/*
 * At most `columns` columns of a terminal; what does not fit is cut, with ...
 * at the end.  Bytes that are no printable UTF-8 are shown as \xNN, marks
 * that reorder or hide as \u{NNNN}.  Returns the columns used.
 */
size_t ldi_esc_term(
    struct ld_buf *out, const char *text, size_t len, size_t columns);

#endif /* LDI_DATA_ESCAPE_H */
