/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ld/json.h>

static void
assert_string(const char *text, size_t len, const char *want)
{
	struct ld_buf buf;

	ld_buf_init(&buf, 1000);
	ld_json_add_string(&buf, text, len);
	assert_string_equal(ld_buf_str(&buf), want);
	ld_buf_clear(&buf);
}

static void
strings_are_escaped(void **state)
{
	(void)state;
	assert_string("", 0, "\"\"");
	assert_string("plain text, longer than a word", 30,
	    "\"plain text, longer than a word\"");
	assert_string("a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\"");
	assert_string(
	    "\b\f\n\r\t\0\x1f", 7, "\"\\b\\f\\n\\r\\t\\u0000\\u001f\"");
	assert_string("\x7f", 1, "\"\x7f\"");
	assert_string("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", 11,
	    "\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80\"");
	assert_string("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa", 12,
	    "\"\xe2\x80\xa7\\u2028\\u2029\xe2\x80\xaa\"");
}

static void
what_is_not_utf8_becomes_a_replacement_character(void **state)
{
	(void)state;
	assert_string("a\xff"
		      "b",
	    3,
	    "\"a\xef\xbf\xbd"
	    "b\"");
	assert_string("\xc0\x80", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_string("cut \xe2\x82", 6, "\"cut \xef\xbf\xbd\xef\xbf\xbd\"");
	assert_string(
	    "\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void
every_byte_string_gives_a_string_that_parses(void **state)
{
	struct ld_json doc;
	struct ld_buf buf;

	(void)state;
	ld_json_init(&doc);
	ld_buf_init(&buf, 1000);
	for (unsigned i = 0; i < 65536; i++) {
		char bytes[] = { (char)(i >> 8), (char)i, 'x' };

		ld_buf_reset(&buf);
		ld_json_add_string(&buf, bytes, sizeof(bytes));
		assert_int_equal(
		    ld_json_parse(&doc, buf.data, buf.len, 0, NULL), LD_OK);
	}
	ld_buf_clear(&buf);
	ld_json_clear(&doc);
}

static void
assert_double(double value, const char *want)
{
	struct ld_buf buf;

	ld_buf_init(&buf, 1000);
	ld_json_add_double(&buf, value);
	assert_string_equal(ld_buf_str(&buf), want);
	ld_buf_clear(&buf);
}

static void
doubles_have_their_shortest_form(void **state)
{
	(void)state;
	assert_double(0, "0");
	assert_double(-0.0, "-0");
	assert_double(1, "1");
	assert_double(-1.5, "-1.5");
	assert_double(0.1, "0.1");
	assert_double(0.1 + 0.2, "0.30000000000000004");
	assert_double(1.0 / 3, "0.3333333333333333");
	assert_double(2.0 / 3, "0.6666666666666666");
	assert_double(100, "100");
	assert_double(123.456, "123.456");
	assert_double(0.00001, "0.00001");
	assert_double(0.000001, "1e-6");
	assert_double(9007199254740991, "9007199254740991");
	assert_double(9007199254740994, "9007199254740994");
	assert_double(1e16, "10000000000000000");
	assert_double(1e17, "1e17");
	assert_double(1.5e300, "1.5e300");
	assert_double(DBL_MAX, "1.7976931348623157e308");
	assert_double(-DBL_MIN, "-2.2250738585072014e-308");
	assert_double(5e-324, "5e-324");
	assert_double(1e-320, "1e-320");
	assert_double((double)NAN, "null");
	assert_double((double)INFINITY, "null");
	assert_double(-(double)INFINITY, "null");
}

static void
doubles_read_back_as_they_were(void **state)
{
	struct ld_json doc;
	struct ld_buf buf;
	uint64_t bits = 1;

	(void)state;
	ld_json_init(&doc);
	ld_buf_init(&buf, 1000);
	for (int i = 0; i < 20000; i++) {
		double value, back;

		bits =
		    bits * UINT64_C(6364136223846793005) + 1442695040888963407;
		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value))
			continue;
		ld_buf_reset(&buf);
		ld_json_add_double(&buf, value);
		assert_int_equal(
		    ld_json_parse(&doc, buf.data, buf.len, 0, NULL), LD_OK);
		assert_true(ld_json_double(&doc, 0, &back));
		assert_memory_equal(&value, &back, sizeof(value));
	}
	ld_buf_clear(&buf);
	ld_json_clear(&doc);
}

static void
a_decimal_comma_does_not_get_out(void **state)
{
	static const char *const locales[] = { "de_DE.UTF-8", "fr_FR.UTF-8",
		"de_DE.utf8", "fr_FR.utf8" };
	size_t i = 0;

	(void)state;
	while (i < 4 && setlocale(LC_NUMERIC, locales[i]) == NULL)
		i++;
	if (i == 4)
		print_message("# no locale with a decimal comma here\n");
	assert_double(0.1, "0.1");
	assert_double(1.5e300, "1.5e300");
	assert_non_null(setlocale(LC_NUMERIC, "C"));
}

static void
write_all_kinds(struct ld_json_out *out)
{
	ld_json_out_object(out);
	ld_json_out_key(out, "a\n");
	ld_json_out_array(out);
	ld_json_out_u64(out, UINT64_MAX);
	ld_json_out_i64(out, INT64_MIN);
	ld_json_out_double(out, 0.5);
	ld_json_out_bool(out, true);
	ld_json_out_bool(out, false);
	ld_json_out_null(out);
	ld_json_out_end(out);
	ld_json_out_keyn(out, "bc", 1);
	ld_json_out_object(out);
	ld_json_out_end(out);
	ld_json_out_key(out, "c");
	ld_json_out_array(out);
	ld_json_out_end(out);
	ld_json_out_key(out, "d");
	ld_json_out_string(out, "x\"");
	ld_json_out_key(out, "e");
	ld_json_out_raw(out, "[1,2]", 5);
	ld_json_out_end(out);
}

static void
the_writer_sets_commas_and_colons(void **state)
{
	struct ld_json_out out;
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 1000);
	ld_json_out_init(&out, &buf, 0);
	write_all_kinds(&out);
	assert_string_equal(ld_buf_str(&buf),
	    "{\"a\\n\":[18446744073709551615,-9223372036854775808,0.5,true,"
	    "false,null],\"b\":{},\"c\":[],\"d\":\"x\\\"\",\"e\":[1,2]}");
	assert_int_equal(out.depth, 0);
	ld_buf_clear(&buf);
}

static void
the_writer_indents(void **state)
{
	struct ld_json_out out;
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 1000);
	ld_json_out_init(&out, &buf, 2);
	ld_json_out_object(&out);
	ld_json_out_key(&out, "a");
	ld_json_out_array(&out);
	ld_json_out_u64(&out, 1);
	ld_json_out_object(&out);
	ld_json_out_end(&out);
	ld_json_out_end(&out);
	ld_json_out_key(&out, "b");
	ld_json_out_null(&out);
	ld_json_out_end(&out);
	assert_string_equal(ld_buf_str(&buf),
	    "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": null\n}");
	ld_buf_clear(&buf);
}

static void
the_writer_goes_as_deep_as_the_reader(void **state)
{
	struct ld_json_out out;
	struct ld_json doc;
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 10000);
	ld_json_out_init(&out, &buf, 0);
	for (int i = 0; i < 256; i++) {
		if (i % 3 == 0) {
			ld_json_out_array(&out);
		} else {
			ld_json_out_object(&out);
			ld_json_out_key(&out, "k");
		}
	}
	ld_json_out_null(&out);
	for (int i = 0; i < 256; i++)
		ld_json_out_end(&out);
	ld_json_init(&doc);
	assert_int_equal(
	    ld_json_parse(&doc, buf.data, buf.len, 0, NULL), LD_OK);
	ld_json_clear(&doc);
	ld_buf_clear(&buf);
}

int
main(void)
{
#define C(test) cmocka_unit_test(test)
	const struct CMUnitTest tests[] = {
		C(strings_are_escaped),
		C(what_is_not_utf8_becomes_a_replacement_character),
		C(every_byte_string_gives_a_string_that_parses),
		C(doubles_have_their_shortest_form),
		C(doubles_read_back_as_they_were),
		C(a_decimal_comma_does_not_get_out),
		C(the_writer_sets_commas_and_colons),
		C(the_writer_indents),
		C(the_writer_goes_as_deep_as_the_reader),
	};
#undef C

	return cmocka_run_group_tests_name("json_write", tests, NULL, NULL);
}
