/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/resource.h>
#include <unistd.h>

#include <ld/resolver.h>

#include "data/csv_read.h"
#include "plan/resolve.h"

static enum ld_status
adopt(
    const char *text, size_t len, struct ldi_csv **csv_out, struct ld_err *err)
{
	/* Just as long, so that a sanitizer sees what is read beyond it. */
	char *copy = malloc(len != 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return ldi_csv_adopt("f.csv", copy, len, csv_out, err);
}

/* "a,b|1,2|": cells with their borders made visible. */
static const char *
shown(const char *text, size_t len)
{
	static char line[640];
	struct ld_err err = LD_ERR_INIT;
	struct ldi_csv *csv;
	size_t at = 0, cell_len;
	const char *cell;

	if (adopt(text, len, &csv, &err) != LD_OK) {
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
		{ "\xef\xbb\xbf\"a\",\"b\"\r\n\"\"\"\",x\r\n", "a,b|\",x" },
		{ "a,b\n\"long \"\"quoted\"\" text\",2\nshort,4\n",
		    "a,b|long \"quoted\" text,2|short,4" },
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

#define ROWS 1000000

static long
peak_kib(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

/* Every cell quoted, so that each has to be decoded. */
static size_t
write_million(const char *path)
{
	FILE *file = fopen(path, "w");
	long size;

	assert_non_null(file);
	fputs("id,name,password\n", file);
	for (int i = 0; i < ROWS; i++)
		fprintf(file,
		    "\"%d\",\"user %d, the \"\"long\"\" name\",\"secret-%d\"\n",
		    i, i, i);
	size = ftell(file);
	assert_int_equal(fclose(file), 0);
	return (size_t)size;
}

static void
a_million_rows_have_no_second_copy(void **state)
{
	const char *path = "test_csv_read.csv";
	size_t size = write_million(path), len;
	size_t index = ((size_t)ROWS + 1) * 3 * sizeof(uint32_t);
	long before = peak_kib();
	struct ld_resolver *resolver = ld_resolver_new();
	struct ld_err err = LD_ERR_INIT;
	const struct ldi_csv *csv;
	const char *cell;

	(void)state;
	assert_non_null(resolver);
	if (ld_resolver_csv(resolver, "u", path, true, &err) != LD_OK)
		fail_msg("%s", err.text);
	csv = ldi_resolver_find_csv(resolver, "u")->csv;
	assert_int_equal(ldi_csv_rows(csv), ROWS);
	cell = ldi_csv_cell(csv, ROWS - 1, 1, &len);
	assert_int_equal(len, strlen("user 999999, the \"long\" name"));
	assert_memory_equal(cell, "user 999999, the \"long\" name", len);
	print_message("# %zu KiB of CSV: %ld KiB more\n", size / 1024,
	    peak_kib() - before);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	assert_true((size_t)(peak_kib() - before) * 1024 <
		    size + size * 35 / 100 + index);
#else
	(void)index;
	(void)before;
#endif
	ld_resolver_free(resolver);
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_read_as_rfc_4180_says),
		cmocka_unit_test(errors_name_row_line_and_column),
		cmocka_unit_test(a_million_rows_have_no_second_copy),
	};

	return cmocka_run_group_tests_name("csv_read", tests, NULL, NULL);
}
