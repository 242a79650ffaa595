/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include "data/csv_read.h"

/* "a,b|1,2|": cells with their borders made visible. */
static const char *
shown(const char *text, size_t len)
{
	static char line[640];
	struct ld_err err = LD_ERR_INIT;
	struct ldi_csv *csv;
	size_t at = 0, cell_len;
	const char *cell;

	if (ldi_csv_read("f.csv", text, len, &csv, &err) != LD_OK) {
		assert_null(csv);
		snprintf(line, sizeof(line), "%s:%u:%u: %s", err.file, err.line,
		    err.column, err.text);
		return line;
	}
	for (uint32_t c = 0; c < ldi_csv_columns(csv); c++) {
		assert_int_equal(ldi_csv_column(csv, ldi_csv_names(csv)[c]), c);
		at += (size_t)snprintf(line + at, sizeof(line) - at, "%s%s",
		    c != 0 ? "," : "", ldi_csv_names(csv)[c]);
	}
	for (uint32_t r = 0; r < ldi_csv_rows(csv); r++)
		for (uint32_t c = 0; c < ldi_csv_columns(csv); c++) {
			cell = ldi_csv_cell(csv, r, c, &cell_len);
			at += (size_t)snprintf(line + at, sizeof(line) - at,
			    "%s%.*s", c != 0 ? "," : "|", (int)cell_len, cell);
		}
	assert_int_equal(ldi_csv_column(csv, "no such"), LDI_CSV_NONE);
	ldi_csv_free(csv);
	return line;
}

static void
tables_are_read_as_rfc_4180_says(void **state)
{
	static const struct {
		const char *text, *want;
	} table[] = {
		{ "a,b\n1,2\n", "a,b|1,2" },
		{ "a,b\r\n1,2\r\n3,4", "a,b|1,2|3,4" },
		{ "\xef\xbb\xbf"
		  "a,b\n1,2\n",
		    "a,b|1,2" },
		{ "a\n", "a" },
		{ "a", "a" },
		{ "a,b\n,\n\n\r\nx,\n", "a,b|,|x," },
		{ "a,b\n\"1,\"\"x\"\"\r\n2\",\"\"\n", "a,b|1,\"x\"\r\n2," },
		{ "\"a b\",\"c\"\"d\"\n1,2", "a b,c\"d|1,2" },
		{ "a\nx \"y\" z\n", "a|x \"y\" z" },
		{ "a\nx\ry\n", "a|x\ry" },
		{ "a\n x \n", "a| x " },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(
		    shown(table[i].text, strlen(table[i].text)), table[i].want);
	(void)state;
}

static void
errors_name_row_line_and_column(void **state)
{
	static const struct {
		const char *text, *want;
	} table[] = {
		{ "", "f.csv:1:1: no header line: the file is empty" },
		{ "\n\r\n", "f.csv:1:1: no header line: the file is empty" },
		{ "a,b\n1,2\n3\n",
		    "f.csv:3:1: row 2 has 1 cell where the header has 2" },
		{ "a\n\"x\ny\"\n1,2,3\n",
		    "f.csv:4:1: row 2 has 3 cells where the header has 1" },
		{ "a\n1\n\"x\ny\n", "f.csv:3:1: this quote is never closed" },
		{ "a,b\n1,\"x\"y\n", "f.csv:2:6: text behind a closing quote" },
		{ "a,,b\n", "f.csv:1:1: a column has no name" },
		{ "a,b,a\n", "f.csv:1:1: two columns have the same name" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(
		    shown(table[i].text, strlen(table[i].text)), table[i].want);
	assert_string_equal(
	    shown("a\0b\n1\n", 6), "f.csv:1:1: a column has no name");
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_read_as_rfc_4180_says),
		cmocka_unit_test(errors_name_row_line_and_column),
	};

	return cmocka_run_group_tests_name("csv_read", tests, NULL, NULL);
}
