/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "data/csv_read.h"

/* A header wider than this is not a table for people. */
#define MAX_COLUMNS 4096

struct ldi_csv {
	char *text;          /* all cells, decoded, where the file was */
	size_t len;          /* of them so far; never beyond what was read */
	uint32_t *offsets;   /* of cell i; one more than there are cells */
	size_t n_cells, cap; /* header included */
	uint32_t columns, rows;
	char **names;
};

struct scan {
	struct ldi_csv *csv;
	const char *name;
	const char *at, *end, *line_start;
	unsigned line;
	struct ld_err *err;
};

static enum ld_status
fail(const struct scan *scan, unsigned column, const char *text)
{
	ld_err_set(scan->err, LD_INVALID, "%s", text);
	if (scan->err != NULL)
		ld_err_place(scan->err, scan->name, scan->line, column);
	return LD_INVALID;
}

static enum ld_status
nomem(const struct scan *scan)
{
	return ld_err_set(scan->err, LD_NOMEM, "out of memory");
}

static unsigned
column_of(const struct scan *scan, const char *at)
{
	return (unsigned)(at - scan->line_start) + 1;
}

static enum ld_status
mark(struct scan *scan)
{
	struct ldi_csv *csv = scan->csv;
	uint32_t *bigger;
	size_t cap;

	if (csv->n_cells + 2 > csv->cap) {
		cap = csv->cap == 0 ? 1024 : 2 * csv->cap;
		bigger = realloc(csv->offsets, cap * sizeof(*bigger));
		if (bigger == NULL)
			return nomem(scan);
		csv->offsets = bigger;
		csv->cap = cap;
	}
	csv->offsets[csv->n_cells++] = (uint32_t)csv->len;
	return LD_OK;
}

/* Move decoded text to the end of the cell.  What is read always lies behind
 * what is written: decoding makes nothing longer. */
static void
add(struct ldi_csv *csv, const char *from, size_t len)
{
	memmove(csv->text + csv->len, from, len);
	csv->len += len;
}

/* Behind the opening quote; ends behind the closing one. */
static enum ld_status
quoted(struct scan *scan)
{
	const char *open = scan->at - 1, *open_line = scan->line_start, *from;
	unsigned line = scan->line;

	for (from = scan->at; scan->at < scan->end; scan->at++) {
		if (*scan->at == '\n') {
			scan->line++;
			scan->line_start = scan->at + 1;
		}
		if (*scan->at != '"')
			continue;
		add(scan->csv, from, (size_t)(scan->at - from));
		if (scan->at + 1 == scan->end || scan->at[1] != '"') {
			scan->at++;
			return LD_OK;
		}
		from = ++scan->at; /* the second quote of a pair stays */
	}
	scan->line = line;
	scan->line_start = open_line;
	return fail(scan, column_of(scan, open), "this quote is never closed");
}

static bool
at_line_end(const struct scan *scan)
{
	return scan->at == scan->end || *scan->at == '\n' ||
	       (*scan->at == '\r' && scan->at + 1 < scan->end &&
		   scan->at[1] == '\n');
}

static enum ld_status
cell(struct scan *scan)
{
	const char *from = scan->at;
	enum ld_status st = mark(scan);

	if (st != LD_OK)
		return st;
	if (scan->at < scan->end && *scan->at == '"') {
		scan->at++;
		st = quoted(scan);
		if (st == LD_OK && !at_line_end(scan) && *scan->at != ',')
			st = fail(scan, column_of(scan, scan->at),
			    "text behind a closing quote");
		return st;
	}
	while (!at_line_end(scan) && *scan->at != ',')
		scan->at++;
	add(scan->csv, from, (size_t)(scan->at - from));
	return LD_OK;
}

static void
line_end(struct scan *scan)
{
	if (scan->at < scan->end && *scan->at == '\r')
		scan->at++;
	if (scan->at < scan->end)
		scan->at++;
	scan->line++;
	scan->line_start = scan->at;
}

/* One row; *cells_out tells of how many. */
static enum ld_status
row(struct scan *scan, uint32_t *cells_out)
{
	enum ld_status st = cell(scan);

	for (*cells_out = 1;
	     st == LD_OK && scan->at < scan->end && *scan->at == ',';
	     (*cells_out)++) {
		if (*cells_out == MAX_COLUMNS)
			return fail(scan, column_of(scan, scan->at),
			    "more than 4096 cells in one row");
		scan->at++;
		st = cell(scan);
	}
	return st;
}

static enum ld_status
ragged(const struct scan *scan, unsigned line, uint32_t cells)
{
	const struct ldi_csv *csv = scan->csv;

	ld_err_set(scan->err, LD_INVALID,
	    "row %u has %u cell%s where the header has %u", csv->rows + 1,
	    cells, cells == 1 ? "" : "s", csv->columns);
	if (scan->err != NULL)
		ld_err_place(scan->err, scan->name, line, 1);
	return LD_INVALID;
}

static enum ld_status
rows(struct scan *scan)
{
	enum ld_status st = LD_OK;
	uint32_t cells;
	unsigned line;

	while (st == LD_OK && scan->at < scan->end) {
		line = scan->line;
		if (at_line_end(scan)) {
			line_end(scan);
			continue;
		}
		st = row(scan, &cells);
		if (st == LD_OK && scan->csv->columns == 0)
			scan->csv->columns = cells;
		else if (st == LD_OK && cells != scan->csv->columns)
			st = ragged(scan, line, cells);
		else
			scan->csv->rows += st == LD_OK;
		line_end(scan);
	}
	return st;
}

static enum ld_status
header(struct scan *scan)
{
	struct ldi_csv *csv = scan->csv;
	const char *text;
	size_t len;

	csv->names = calloc(csv->columns, sizeof(*csv->names));
	if (csv->names == NULL)
		return nomem(scan);
	for (uint32_t i = 0; i < csv->columns; i++) {
		text = csv->text + csv->offsets[i];
		len = csv->offsets[i + 1] - csv->offsets[i];
		scan->line = 1;
		if (len == 0 || memchr(text, '\0', len) != NULL)
			return fail(scan, 1, "a column has no name");
		csv->names[i] = strndup(text, len);
		if (csv->names[i] == NULL)
			return nomem(scan);
		if (ldi_csv_column(csv, csv->names[i]) != i)
			return fail(scan, 1, "two columns have the same name");
	}
	return LD_OK;
}

/* What the cells do not need, and the room for cells that did not come. */
static void
shrink(struct ldi_csv *csv)
{
	uint32_t *offsets =
	    realloc(csv->offsets, csv->n_cells * sizeof(*offsets));
	char *text = realloc(csv->text, csv->len + 1);

	if (offsets != NULL)
		csv->offsets = offsets;
	if (text != NULL)
		csv->text = text;
}

static enum ld_status
read_all(struct scan *scan, size_t len)
{
	struct ldi_csv *csv = scan->csv;
	enum ld_status st;

	if (len > LD_MAX_CSV_BYTES)
		return fail(scan, 1, "the file is larger than 4 GiB");
	if (len >= 3 && memcmp(csv->text, "\xef\xbb\xbf", 3) == 0)
		scan->at = scan->line_start = csv->text + 3;
	st = rows(scan);
	if (st == LD_OK && csv->columns == 0) {
		scan->line = 1;
		st = fail(scan, 1, "no header line: the file is empty");
	}
	if (st == LD_OK)
		st = mark(scan); /* the end of the last cell */
	return st == LD_OK ? header(scan) : st;
}

enum ld_status
ldi_csv_adopt(const char *name, char *text, size_t len,
    struct ldi_csv **csv_out, struct ld_err *err)
{
	struct ldi_csv *csv = calloc(1, sizeof(*csv));
	struct scan scan = { csv, name, text, text + len, text, 1, err };
	enum ld_status st;

	*csv_out = NULL;
	if (csv == NULL) {
		free(text);
		return nomem(&scan);
	}
	csv->text = text;
	st = read_all(&scan, len);
	if (st != LD_OK) {
		ldi_csv_free(csv);
		return st;
	}
	shrink(csv);
	*csv_out = csv;
	return LD_OK;
}

void
ldi_csv_free(struct ldi_csv *csv)
{
	if (csv == NULL)
		return;
	for (uint32_t i = 0; csv->names != NULL && i < csv->columns; i++)
		free(csv->names[i]);
	free(csv->names);
	free(csv->offsets);
	free(csv->text);
	free(csv);
}

uint32_t
ldi_csv_rows(const struct ldi_csv *csv)
{
	return csv->rows;
}

uint32_t
ldi_csv_columns(const struct ldi_csv *csv)
{
	return csv->columns;
}

const char *const *
ldi_csv_names(const struct ldi_csv *csv)
{
	return (const char *const *)csv->names;
}

uint32_t
ldi_csv_column(const struct ldi_csv *csv, const char *name)
{
	for (uint32_t i = 0; i < csv->columns; i++)
		if (csv->names[i] != NULL && strcmp(csv->names[i], name) == 0)
			return i;
	return LDI_CSV_NONE;
}

const char *
ldi_csv_cell(const struct ldi_csv *csv, uint32_t at_row, uint32_t column,
    size_t *len_out)
{
	size_t i = ((size_t)at_row + 1) * csv->columns + column;

	*len_out = csv->offsets[i + 1] - csv->offsets[i];
	return csv->text + csv->offsets[i];
}
