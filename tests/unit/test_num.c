/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <ld/num.h>
#include <ld/time.h>

#define S(text) (text), strlen(text)

static void
whole_numbers_to_their_limits(void **state)
{
	static const char *const bad[] = { "", "-1", "+1", " 1", "1 ", "1.0",
		"0x1", "18446744073709551616", "99999999999999999999", "1e3" };
	uint64_t u = 5;

	(void)state;
	assert_int_equal(
	    ld_num_u64(S("18446744073709551615"), &u, NULL), LD_OK);
	assert_true(u == UINT64_MAX);
	assert_int_equal(ld_num_u64(S("007"), &u, NULL), LD_OK);
	assert_true(u == 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ld_err err = LD_ERR_INIT;

		assert_int_equal(ld_num_u64(S(bad[i]), &u, &err), LD_INVALID);
		assert_non_null(strstr(err.text, bad[i]));
		assert_true(u == 7);
	}
}

static void
signed_numbers_to_their_limits(void **state)
{
	int64_t i;

	(void)state;
	assert_int_equal(
	    ld_num_i64(S("-9223372036854775808"), &i, NULL), LD_OK);
	assert_true(i == INT64_MIN);
	assert_int_equal(ld_num_i64(S("9223372036854775807"), &i, NULL), LD_OK);
	assert_true(i == INT64_MAX);
	assert_int_equal(ld_num_i64(S("-0"), &i, NULL), LD_OK);
	assert_true(i == 0);
	assert_int_equal(
	    ld_num_i64(S("9223372036854775808"), &i, NULL), LD_INVALID);
	assert_int_equal(
	    ld_num_i64(S("-9223372036854775809"), &i, NULL), LD_INVALID);
	assert_int_equal(ld_num_i64(S("-"), &i, NULL), LD_INVALID);
	assert_int_equal(ld_num_i64(S("--1"), &i, NULL), LD_INVALID);
}

static void
doubles_are_the_nearest_ones(void **state)
{
	static const char *const good[] = { "0", "-0", "1", "0.1", "-2.5",
		"0.30000000000000004", "1e3", "1E-3", "123456789012345",
		"9007199254740993", "1.7976931348623157e308", "4.9e-324",
		"2.2250738585072014e-308", ".5", "3.141592653589793",
		"0.000000000000001", "99999999999999.9" };
	double d;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		double want = strtod(good[i], NULL);

		assert_int_equal(ld_num_double(S(good[i]), &d, NULL), LD_OK);
		assert_memory_equal(&d, &want, sizeof(d));
	}
}

static void
what_is_no_double_is_refused(void **state)
{
	static const char *const bad[] = { "", "-", ".", "1.", "1.e5", "e5",
		"1e", "1e+", "nan", "inf", "-inf", "1e309", "0x1p3", "1.2.3",
		" 1", "1_0", "1,5", "+1" };
	char digits[2000];
	double d = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ld_num_double(S(bad[i]), &d, NULL) != LD_INVALID)
			fail_msg("'%s' was accepted", bad[i]);
	memset(digits, '1', sizeof(digits));
	assert_int_equal(
	    ld_num_double(digits, sizeof(digits), &d, NULL), LD_INVALID);
	assert_true(d == 42);
}

static void
a_share_is_a_part_or_a_percentage(void **state)
{
	static const char *const bad[] = { "", "%", "-0.1", "1.1", "101%",
		"1 %", "x" };
	double d;

	(void)state;
	assert_true(ld_num_share(S("0.02"), &d) && d == 0.02);
	assert_true(ld_num_share(S("2%"), &d) && d == 0.02);
	assert_true(ld_num_share(S("0"), &d) && d == 0);
	assert_true(ld_num_share(S("100%"), &d) && d == 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ld_num_share(S(bad[i]), &d))
			fail_msg("'%s' was accepted", bad[i]);
}

static void
no_locale_changes_a_number(void **state)
{
	static const char *const locales[] = { "C", "de_DE.UTF-8", "fr_FR.utf8",
		"ps_AF" }; /* those that are installed */
	double d;

	(void)state;
	for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
		setlocale(LC_NUMERIC, locales[i]);
		d = 0;
		assert_int_equal(
		    ld_num_double(S("0.30000000000000004"), &d, NULL), LD_OK);
		assert_true(d == 0.30000000000000004);
	}
	setlocale(LC_NUMERIC, "C");
}

static void
sizes_have_units(void **state)
{
	static const char *const bad[] = { "", "KiB", "-1", "1.5", "1.5B",
		"64kib", "1 KiB", "1e3", "16777216TiB", "64KiBs" };
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = { { "0", 0 }, { "4096", 4096 }, { "1B", 1 },
		{ "64KiB", 65536 }, { "64K", 65536 }, { "10MB", 10000000 },
		{ "1.5GiB", UINT64_C(3) << 29 }, { "0.5k", 512 },
		{ "2kB", 2000 }, { "1T", UINT64_C(1) << 40 } };
	uint64_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(ld_num_size(S(good[i].text), &n, NULL), LD_OK);
		assert_true(n == good[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ld_num_size(S(bad[i]), &n, NULL) != LD_INVALID)
			fail_msg("'%s' was accepted", bad[i]);
}

static void
rates_are_per_second(void **state)
{
	static const char *const bad[] = { "", "/s", "-1/s", "1/", "1/x", "k/s",
		"1/s/s", "nan/s", "1e308k", "1 /s" };
	static const struct {
		const char *text;
		double per_s;
	} good[] = { { "100/s", 100 }, { "6k/m", 100 }, { "0.5/s", 0.5 },
		{ "10", 10 }, { "2k", 2000 }, { "3600/h", 1 }, { "1M/s", 1e6 },
		{ "60/min", 1 }, { "0", 0 } };
	double rate;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(
		    ld_num_rate(S(good[i].text), &rate, NULL), LD_OK);
		assert_true(rate == good[i].per_s);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ld_num_rate(S(bad[i]), &rate, NULL) != LD_INVALID)
			fail_msg("'%s' was accepted", bad[i]);
}

static void
ranges_are_ordered(void **state)
{
	uint64_t min, max;
	struct ld_err err;

	(void)state;
	assert_int_equal(
	    ld_num_duration_range(S("1..5"), &min, &max, NULL), LD_OK);
	assert_true(min == LD_NS_PER_S && max == 5 * LD_NS_PER_S);
	assert_int_equal(
	    ld_num_duration_range(S("100ms..0.2"), &min, &max, NULL), LD_OK);
	assert_true(min == 100 * LD_NS_PER_MS && max == 200 * LD_NS_PER_MS);
	assert_int_equal(
	    ld_num_duration_range(S("3s"), &min, &max, NULL), LD_OK);
	assert_true(min == max && max == 3 * LD_NS_PER_S);
	assert_int_equal(
	    ld_num_duration_range(S("5..1"), &min, &max, &err), LD_INVALID);
	assert_non_null(strstr(err.text, "'5..1'"));
	assert_int_equal(
	    ld_num_duration_range(S(".."), &min, &max, NULL), LD_INVALID);
	assert_int_equal(
	    ld_num_duration_range(S("1.."), &min, &max, NULL), LD_INVALID);
	assert_int_equal(
	    ld_num_duration_range(S("1..2..3"), &min, &max, NULL), LD_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_to_their_limits),
		cmocka_unit_test(signed_numbers_to_their_limits),
		cmocka_unit_test(doubles_are_the_nearest_ones),
		cmocka_unit_test(what_is_no_double_is_refused),
		cmocka_unit_test(a_share_is_a_part_or_a_percentage),
		cmocka_unit_test(no_locale_changes_a_number),
		cmocka_unit_test(sizes_have_units),
		cmocka_unit_test(rates_are_per_second),
		cmocka_unit_test(ranges_are_ordered),
	};

	return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
