/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <ld/err.h>

static void
set_returns_the_status_and_keeps_the_text(void **state)
{
	struct ld_err err = { .line = 7, .file = "x" };

	(void)state;
	assert_int_equal(
	    ld_err_set(&err, LD_SYNTAX, "rate '%s'", "5q"), LD_SYNTAX);
	assert_string_equal(err.text, "rate '5q'");
	assert_int_equal(err.status, LD_SYNTAX);
	assert_int_equal(err.line, 0);
	assert_string_equal(err.file, "");
	assert_int_equal(ld_err_set(NULL, LD_IO, "gone"), LD_IO);
}

static void
controls_and_broken_bytes_are_shown_as_hex(void **state)
{
	struct ld_err err;

	(void)state;
	ld_err_set(&err, LD_IO, "a\x1b[31m\n\x7f\xff\xc2\x9b z");
	assert_string_equal(err.text, "a\\x1b[31m\\x0a\\x7f\\xff\\xc2\\x9b z");
	ld_err_set(&err, LD_IO, "gr\xc3\xbc\xc3\x9f \xe2\x80\xae!");
	assert_string_equal(err.text, "gr\xc3\xbc\xc3\x9f \\xe2\\x80\\xae!");
}

static void
long_text_is_cut_between_characters(void **state)
{
	struct ld_err err;
	char text[2001];

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'a', shift);
		for (size_t i = shift; i + 1 < sizeof(text); i += 2)
			memcpy(text + i, "\xc3\xa9", 2);
		text[sizeof(text) - 1] = '\0';
		ld_err_set(&err, LD_IO, "%s", text);
		assert_true(strlen(err.text) >= sizeof(err.text) - 2);
		assert_true(strlen(err.text) < sizeof(err.text));
		assert_null(strchr(err.text, '\\'));
		assert_int_equal((err.text[strlen(err.text) - 1] & 0xff), 0xa9);
	}
}

static void
text_may_be_made_from_itself(void **state)
{
	struct ld_err err;

	(void)state;
	ld_err_set(&err, LD_INVALID, "no");
	ld_err_set(&err, LD_INVALID, "%s and %s", err.text, err.text);
	assert_string_equal(err.text, "no and no");
}

static void
context_goes_in_front_and_keeps_the_place(void **state)
{
	struct ld_err err;

	(void)state;
	ld_err_set(&err, LD_INVALID, "not a number");
	ld_err_place(&err, "a\nb.json", 3, 14);
	assert_int_equal(ld_err_context(&err, "task %d", 2), LD_INVALID);
	assert_string_equal(err.text, "task 2: not a number");
	assert_string_equal(err.file, "a\\x0ab.json");
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 14);
}

static void
errno_is_told_in_words(void **state)
{
	struct ld_err err;

	(void)state;
	assert_int_equal(ld_err_errno(&err, ENOENT, "open %s", "f"), LD_IO);
	assert_string_equal(err.text, "open f: No such file or directory");
}

static void
every_status_has_words(void **state)
{
	(void)state;
	assert_string_equal(ld_status_text(LD_OK), "success");
	assert_string_equal(ld_status_text(LD_NOMEM), "out of memory");
	assert_non_null(ld_status_text((enum ld_status)99));
}

static void
the_nearest_name_is_found_in_place(void **state)
{
	static const struct {
		int other;
		const char *name;
	} rows[] = { { 1, "time" }, { 2, "title" }, { 3, NULL }, { 4, "users" },
		{ 5, "timeout" } };
	size_t n = sizeof(rows) / sizeof(rows[0]);

	(void)state;
#define NEAR(word) ld_err_nearest(word, &rows[0].name, n, sizeof(rows[0]))
	assert_string_equal(NEAR("tmie"), "time");
	assert_string_equal(NEAR("tiem"), "time");
	assert_string_equal(NEAR("user"), "users");
	assert_string_equal(NEAR("tmieout"), "timeout");
	assert_null(NEAR("banana"));
	assert_null(NEAR(""));
	assert_null(NEAR("x"));
#undef NEAR
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_returns_the_status_and_keeps_the_text),
		cmocka_unit_test(controls_and_broken_bytes_are_shown_as_hex),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(text_may_be_made_from_itself),
		cmocka_unit_test(context_goes_in_front_and_keeps_the_place),
		cmocka_unit_test(errno_is_told_in_words),
		cmocka_unit_test(every_status_has_words),
		cmocka_unit_test(the_nearest_name_is_found_in_place),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
