/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include <ld/time.h>

static uint64_t
parse(const char *text)
{
	uint64_t ns = 12345;
	struct ld_err err = LD_ERR_INIT;

	if (ld_duration_parse(text, strlen(text), &ns, &err) == LD_OK)
		return ns;
	assert_int_equal(err.status, LD_INVALID);
	assert_non_null(strstr(err.text, "is not a duration such as"));
	assert_int_equal(ns, 12345);
	return UINT64_MAX;
}

static void
units_and_parts_add_up(void **state)
{
	(void)state;
	assert_true(parse("0") == 0);
	assert_true(parse("30ns") == 30);
	assert_true(parse("10us") == 10000);
	assert_true(parse("250ms") == 250 * LD_NS_PER_MS);
	assert_true(parse("1m30s") == 90 * LD_NS_PER_S);
	assert_true(parse("1.5h") == 5400 * LD_NS_PER_S);
	assert_true(parse("2d") == 172800 * LD_NS_PER_S);
	assert_true(parse("1d2h3m4s5ms6us7ns") ==
		    (((26 * 60 + 3) * 60) + 4) * LD_NS_PER_S + 5006007);
	assert_true(parse("1s500ms") == 1500 * LD_NS_PER_MS);
	assert_true(parse("1m0.25s") == 60250 * LD_NS_PER_MS);
}

static void
bare_numbers_are_seconds(void **state)
{
	(void)state;
	assert_true(parse("60") == 60 * LD_NS_PER_S);
	assert_true(parse("0.1") == 100 * LD_NS_PER_MS);
	assert_true(parse(".5") == 500 * LD_NS_PER_MS);
	assert_true(parse("1.000000001") == 1000000001);
	assert_true(parse("1e-3") == LD_NS_PER_MS);
	assert_true(parse("2.5E2") == 250 * LD_NS_PER_S);
	assert_true(parse("9223372036.854775807") == LD_DURATION_MAX_NS);
}

static void
nonsense_is_refused(void **state)
{
	static const char *const bad[] = { "", " 1s", "1s ", "-1", "-1s", "nan",
		"inf", "10parsecs", "s", "1s1s", "1s1m", "1.5h30m", "1..2",
		"1.", "5s3", "1e400", "1e99", "9223372037",
		"99999999999999999999", "200000d", "0x10", "1,5s", "1S", "+1",
		"1e", "1e3s" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (parse(bad[i]) != UINT64_MAX)
			fail_msg("'%s' was accepted", bad[i]);
}

static void
only_the_given_length_is_read(void **state)
{
	uint64_t ns;

	(void)state;
	assert_int_equal(ld_duration_parse("10ms", 3, &ns, NULL), LD_OK);
	assert_true(ns == 600 * LD_NS_PER_S);
	assert_int_equal(ld_duration_parse("1\0s", 3, &ns, NULL), LD_INVALID);
}

static void
the_written_form_is_short_and_reads_back(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} cases[] = { { 0, "0s" }, { 1, "1ns" }, { 999, "999ns" },
		{ 1500, "1.5us" }, { 250 * LD_NS_PER_MS, "250ms" },
		{ 1234567, "1.234567ms" }, { 90 * LD_NS_PER_S, "1m30s" },
		{ 1500 * LD_NS_PER_MS, "1.5s" },
		{ LD_NS_PER_S + 1, "1.000000001s" },
		{ 3600 * LD_NS_PER_S, "1h" }, { 86461 * LD_NS_PER_S, "1d1m1s" },
		{ LD_DURATION_MAX_NS, "106751d23h47m16.854775807s" } };
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 100);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ld_buf_reset(&buf);
		ld_duration_add(&buf, cases[i].ns);
		assert_string_equal(ld_buf_str(&buf), cases[i].text);
		assert_true(parse(cases[i].text) == cases[i].ns);
	}
	ld_buf_clear(&buf);
}

static void
clocks_do_not_go_back(void **state)
{
	uint64_t a = ld_now_ns(), cpu = ld_thread_cpu_ns();

	(void)state;
	assert_true(a > 0);
	assert_true(ld_now_ns() >= a);
	assert_true(ld_thread_cpu_ns() >= cpu);
}

static void
the_wall_clock_is_rfc_3339(void **state)
{
	char text[LD_WALL_SIZE];
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.ddddddZ";

	(void)state;
	ld_wall_clock(text);
	assert_int_equal(strlen(text), strlen(shape));
	for (size_t i = 0; shape[i] != '\0'; i++) {
		if (shape[i] == 'd')
			assert_in_range(text[i], '0', '9');
		else
			assert_int_equal(text[i], shape[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_and_parts_add_up),
		cmocka_unit_test(bare_numbers_are_seconds),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(only_the_given_length_is_read),
		cmocka_unit_test(the_written_form_is_short_and_reads_back),
		cmocka_unit_test(clocks_do_not_go_back),
		cmocka_unit_test(the_wall_clock_is_rfc_3339),
	};

	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
