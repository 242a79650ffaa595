/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/json.h>

static void
parse(struct ld_json *doc, const char *text)
{
	ld_json_init(doc);
	assert_int_equal(
	    ld_json_parse(doc, text, strlen(text), 0, NULL), LD_OK);
}

static bool
equal(const char *x, const char *y)
{
	struct ld_json a, b;
	bool result;

	parse(&a, x);
	parse(&b, y);
	result = ld_json_equal(&a, 0, &b, 0);
	assert_int_equal(result, ld_json_equal(&b, 0, &a, 0));
	assert_true(ld_json_equal(&a, 0, &a, 0));
	ld_json_clear(&a);
	ld_json_clear(&b);
	return result;
}

static void
numbers_are_equal_by_exact_value(void **state)
{
	static const char *const same[][2] = {
		{ "1", "1.0" },
		{ "1", "10e-1" },
		{ "1", "0.01e2" },
		{ "100", "1e2" },
		{ "100", "1E+02" },
		{ "0", "-0" },
		{ "0", "0.000" },
		{ "0e5", "0E-7" },
		{ "-1.50", "-15e-1" },
		{ "0.001", "1e-3" },
		{ "0.00100", "0.1e-2" },
		{ "12.5", "125e-1" },
		{ "12.5", "0.0125e3" },
		{ "1e999999999", "10e999999998" },
		{ "1e-999999999", "0.1e-999999998" },
		{ "1e99999999999999999999999", "10e99999999999999999999998" },
		{ "1e0000000000000000000000001", "10" },
		{ "1e10000000000000000000000", "10e9999999999999999999999" },
		{ "1e-0", "1" },
		{ "10e-1", "0.1e1" },
		{ "9007199254740993", "9007199254740993.0" },
		{ "1050", "1.05e3" },
	};
	static const char *const different[][2] = {
		{ "1", "2" },
		{ "1", "-1" },
		{ "1", "10" },
		{ "1", "1.01" },
		{ "0", "1e-999999999" },
		{ "9007199254740993", "9007199254740992" },
		{ "0.1", "0.1000000000000000055511151231257827" },
		{ "1e999999999", "1e999999998" },
		{ "1e5", "1e-5" },
		{ "1e99999999999999999999999", "1e99999999999999999999998" },
		{ "1e99999999999999999999999", "1e-99999999999999999999999" },
		{ "1e400", "1e401" },
		{ "101", "11" },
		{ "1.01", "1.1" },
		{ "1e10000000000000000000000", "1e1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!equal(same[i][0], same[i][1]))
			fail_msg("%s != %s", same[i][0], same[i][1]);
	for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++)
		if (equal(different[i][0], different[i][1]))
			fail_msg("%s == %s", different[i][0], different[i][1]);
}

static void
strings_are_equal_when_decoded(void **state)
{
	(void)state;
	assert_true(equal("\"a/\\n\"", "\"\\u0061\\/\\u000A\""));
	assert_true(equal("\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""));
	assert_false(equal("\"a\"", "\"ab\""));
	assert_false(equal("\"a\"", "\"A\""));
	assert_false(equal("\"1\"", "1"));
}

static void
objects_are_equal_by_key(void **state)
{
	(void)state;
	assert_true(
	    equal("{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"\\u0061\":1}"));
	assert_true(equal("{}", "{ }"));
	assert_true(equal("{\"a\":1,\"a\":2}", "{\"a\":2}"));
	assert_true(equal("{\"a\":1,\"a\":2}", "{\"a\":3,\"a\":2}"));
	assert_false(equal("{\"a\":1,\"a\":2}", "{\"a\":1}"));
	assert_false(equal("{\"a\":1}", "{\"b\":1}"));
	assert_false(equal("{\"a\":null}", "{}"));
	assert_false(equal("{\"a\":{\"b\":1}}", "{\"a\":{\"b\":2}}"));
	assert_false(equal("{}", "[]"));
	assert_false(equal("{}", "null"));
}

static void
arrays_are_equal_in_order(void **state)
{
	(void)state;
	assert_true(equal("[1,[],true]", "[1.0,[ ],true]"));
	assert_false(equal("[1,2]", "[2,1]"));
	assert_false(equal("[1]", "[1,1]"));
	assert_false(equal("[]", "[null]"));
	assert_false(equal("[true]", "[false]"));
}

/* {"k0":0,"k1":1,...} from the front or from the back; `last` is the value
 * of the last key. */
static char *
many_members(int n, bool backwards, int last)
{
	char *text = malloc((size_t)n * 32 + 3);
	char *at = text;

	assert_non_null(text);
	*at++ = '{';
	for (int i = 0; i < n; i++) {
		int key = backwards ? n - 1 - i : i;

		at += sprintf(at, "%s\"k%d\":%d", i > 0 ? "," : "", key,
		    key == n - 1 ? last : key);
	}
	*at++ = '}';
	*at = '\0';
	return text;
}

/* A quadratic comparison would take minutes. */
static void
large_objects_are_compared_in_reasonable_time(void **state)
{
	int n = 50000;
	char *a = many_members(n, false, 7), *b = many_members(n, true, 7);
	char *c = many_members(n, true, 8), *d = many_members(n - 1, true, 7);

	(void)state;
	assert_true(equal(a, b));
	assert_false(equal(a, c));
	assert_false(equal(a, d));
	free(a);
	free(b);
	free(c);
	free(d);
}

static void
repeated_keys_of_large_objects_count_once(void **state)
{
	char a[2000] = "{\"x\":0", b[2000] = "{\"x\":1";

	(void)state;
	for (int i = 0; i < 40; i++) {
		char key[16];

		snprintf(key, sizeof(key), ",\"k%d\":%d", i % 20, i % 20);
		strcat(a, key);
		if (i >= 20)
			strcat(b, key);
	}
	strcat(a, ",\"x\":1}");
	strcat(b, "}");
	assert_true(equal(a, b));
}

static void
integers_are_exact_or_refused(void **state)
{
	static const struct {
		const char *text;
		bool is_u64, is_i64;
		uint64_t u64;
		int64_t i64;
	} cases[] = {
		{ "0", true, true, 0, 0 },
		{ "-0", true, true, 0, 0 },
		{ "0e99", true, true, 0, 0 },
		{ "1e3", true, true, 1000, 1000 },
		{ "1.0", true, true, 1, 1 },
		{ "10e-1", true, true, 1, 1 },
		{ "1.5e1", true, true, 15, 15 },
		{ "-7", false, true, 0, -7 },
		{ "-7.00", false, true, 0, -7 },
		{ "9007199254740993", true, true, 9007199254740993,
		    9007199254740993 },
		{ "9223372036854775807", true, true, INT64_MAX, INT64_MAX },
		{ "9223372036854775808", true, false,
		    UINT64_C(9223372036854775808), 0 },
		{ "-9223372036854775808", false, true, 0, INT64_MIN },
		{ "-9223372036854775809", false, false, 0, 0 },
		{ "9999999999999999999", true, false,
		    UINT64_C(9999999999999999999), 0 },
		{ "18446744073709551615", true, false, UINT64_MAX, 0 },
		{ "18446744073709551615.0", true, false, UINT64_MAX, 0 },
		{ "1844674407370955161.5e1", true, false, UINT64_MAX, 0 },
		{ "18446744073709551616", false, false, 0, 0 },
		{ "100000000000000000000", false, false, 0, 0 },
		{ "1e19", true, false, UINT64_C(10000000000000000000), 0 },
		{ "1e20", false, false, 0, 0 },
		{ "1e999999999999", false, false, 0, 0 },
		{ "1e-999999999999", false, false, 0, 0 },
		{ "1.5", false, false, 0, 0 },
		{ "0.1", false, false, 0, 0 },
		{ "15e-1", false, false, 0, 0 },
		{ "\"1\"", false, false, 0, 0 },
		{ "true", false, false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ld_json doc;
		uint64_t u64 = 0;
		int64_t i64 = 0;

		parse(&doc, cases[i].text);
		if (ld_json_u64(&doc, 0, &u64) != cases[i].is_u64 ||
		    ld_json_i64(&doc, 0, &i64) != cases[i].is_i64)
			fail_msg("%s", cases[i].text);
		assert_true(u64 == cases[i].u64);
		assert_true(i64 == cases[i].i64);
		ld_json_clear(&doc);
	}
}

static void
doubles_are_the_nearest(void **state)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{ "0.1", 0.1 },
		{ "-2.5e3", -2500 },
		{ "1e23", 1e23 },
		{ "9007199254740993", 9007199254740992.0 },
		{ "1.7976931348623157e308", 1.7976931348623157e308 },
		{ "5e-324", 5e-324 },
		{ "0.30000000000000004", 0.1 + 0.2 },
	};
	struct ld_json doc;
	double value;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse(&doc, cases[i].text);
		assert_true(ld_json_double(&doc, 0, &value));
		assert_memory_equal(&value, &cases[i].value, sizeof(value));
		ld_json_clear(&doc);
	}
	parse(&doc, "1e400");
	assert_false(ld_json_double(&doc, 0, &value));
	ld_json_clear(&doc);
	parse(&doc, "\"1\"");
	assert_false(ld_json_double(&doc, 0, &value));
	ld_json_clear(&doc);
}

int
main(void)
{
#define C(test) cmocka_unit_test(test)
	const struct CMUnitTest tests[] = {
		C(numbers_are_equal_by_exact_value),
		C(strings_are_equal_when_decoded),
		C(objects_are_equal_by_key),
		C(arrays_are_equal_in_order),
		C(large_objects_are_compared_in_reasonable_time),
		C(repeated_keys_of_large_objects_count_once),
		C(integers_are_exact_or_refused),
		C(doubles_are_the_nearest),
	};
#undef C

	return cmocka_run_group_tests_name("json_equal", tests, NULL, NULL);
}
