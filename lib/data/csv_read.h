/* SPDX-License-Identifier: MIT */
/*
 * data/csv_read.h - a table of text, read whole.
 *
 * RFC 4180 quoting, LF or CRLF, a byte order mark is dropped, empty lines are
 * skipped, the first line names the columns.  A row with more or fewer cells
 * than the header is an error.  Cells are decoded where the file was read to
 * and stand behind each other there, found by 32-bit offsets: a row costs its
 * text and 4 bytes per cell, and there is no second copy at any time.
 */
#ifndef LDI_DATA_CSV_READ_H
#define LDI_DATA_CSV_READ_H

#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>

struct ldi_csv;

#define LDI_CSV_NONE UINT32_MAX

/* `name` is that of the file, for errors.  `text` is from malloc(), `len`
 * bytes in a block of at least one, and belongs to the table from now on, or
 * is freed when that fails. */
enum ld_status ldi_csv_adopt(const char *name, char *text, size_t len,
    struct ldi_csv **csv_out, struct ld_err *err);
void ldi_csv_free(struct ldi_csv *csv); /* NULL is allowed */

uint32_t ldi_csv_rows(const struct ldi_csv *csv); /* without the header */
uint32_t ldi_csv_columns(const struct ldi_csv *csv);
/* NUL-terminated names, `columns` of them. */
const char *const *ldi_csv_names(const struct ldi_csv *csv);
/* LDI_CSV_NONE when there is no such column. */
uint32_t ldi_csv_column(const struct ldi_csv *csv, const char *name);
/* Borrowed, not terminated. */
const char *ldi_csv_cell(
    const struct ldi_csv *csv, uint32_t row, uint32_t column, size_t *len_out);

#endif /* LDI_DATA_CSV_READ_H */
