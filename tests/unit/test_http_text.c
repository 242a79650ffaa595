/* SPDX-License-Identifier: MIT */
/* What may stand in a header field. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/http_text.h"

static void
names_are_tokens_of_rfc_9110(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		bool want = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') ||
			    (c != 0 && c < 0x80 &&
				strchr("!#$%&'*+-.^_`|~", c) != NULL);

		assert_int_equal(ldi_http_is_token((unsigned char)c), want);
	}
	assert_true(ldi_http_is_name("X-a", 3));
	assert_false(ldi_http_is_name("X a", 3));
	assert_false(ldi_http_is_name("", 0));
}

/* Eight bytes are looked at together: each place and each byte. */
static void
values_hold_no_control_character_but_tabs(void **state)
{
	char text[17];

	(void)state;
	assert_true(ldi_http_is_value("", 0));
	for (size_t at = 0; at < sizeof(text); at++) {
		for (int c = 0; c < 256; c++) {
			bool want = c == '\t' || (c >= 0x20 && c != 0x7f);

			memset(text, 0x80, sizeof(text));
			text[at] = (char)c;
			assert_int_equal(
			    ldi_http_is_value(text, sizeof(text)), want);
		}
	}
}

static void
hex_digits_have_their_value(void **state)
{
	static const char digits[] = "0123456789abcdef";

	(void)state;
	for (int c = 0; c < 256; c++) {
		const char *at = NULL;

		if (c != 0)
			at = strchr(
			    digits, c >= 'A' && c <= 'F' ? c + 'a' - 'A' : c);
		assert_int_equal(ldi_hex_value((char)c),
		    at != NULL ? (int)(at - digits) : -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_tokens_of_rfc_9110),
		cmocka_unit_test(values_hold_no_control_character_but_tabs),
		cmocka_unit_test(hex_digits_have_their_value),
	};

	return cmocka_run_group_tests_name("http_text", tests, NULL, NULL);
}
