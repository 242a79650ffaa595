/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/utf8.h"

static void
every_character_comes_back(void **state)
{
	char at[4];
	uint32_t back;

	(void)state;
	for (uint32_t code = 0; code <= 0x110000; code++) {
		size_t n = ldi_utf8_encode(code, at);

		if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
			assert_int_equal(n, 0);
			continue;
		}
		if (ldi_utf8_decode(at, n, &back) != n || back != code)
			fail_msg("U+%04X", (unsigned)code);
		if (n > 1 && ldi_utf8_decode(at, n - 1, &back) != 0)
			fail_msg("U+%04X cut", (unsigned)code);
	}
}

static void
what_is_not_utf8_is_refused(void **state)
{
	static const char *const bad[] = { "\x80", "\xc0\x80", "\xc1\xbf",
		"\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xc3",
		"\xc3(", "\xe2\x82" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ldi_utf8_valid(bad[i], strlen(bad[i])));
	assert_true(ldi_utf8_valid("", 0));
	assert_true(ldi_utf8_valid("\0a", 2));
	assert_true(ldi_utf8_valid("gr\xc3\xbc\xc3\x9f", 6));
}

static void
controls_and_reordering_marks_are_not_shown(void **state)
{
	(void)state;
	assert_true(ldi_utf8_showable('a'));
	assert_true(ldi_utf8_showable(0xa0));
	assert_true(ldi_utf8_showable(0x1f600));
	assert_false(ldi_utf8_showable('\n'));
	assert_false(ldi_utf8_showable(0x1b));
	assert_false(ldi_utf8_showable(0x9b));
	assert_false(ldi_utf8_showable(0x202e));
	assert_false(ldi_utf8_showable(0x2066));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_comes_back),
		cmocka_unit_test(what_is_not_utf8_is_refused),
		cmocka_unit_test(controls_and_reordering_marks_are_not_shown),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
