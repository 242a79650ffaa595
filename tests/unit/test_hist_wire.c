/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ld/hist.h>

static uint64_t seed = 7;

static uint64_t
draw(void)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return seed >> seed % 64;
}

static struct ld_buf
wire(const struct ld_hist *hist)
{
	struct ld_buf out;

	ld_buf_init(&out, 1 << 20);
	ld_hist_write(hist, &out);
	assert_non_null(ld_buf_str(&out));
	return out;
}

static enum ld_status
read_text(struct ld_hist *into, const char *text)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_json json;
	enum ld_status st;

	ld_json_init(&json);
	assert_int_equal(
	    ld_json_parse(&json, text, strlen(text), 0, &err), LD_OK);
	st = ld_hist_read(into, &json, LD_JSON_ROOT, &err);
	if (st != LD_OK)
		assert_true(err.text[0] != '\0');
	ld_json_clear(&json);
	return st;
}

static void
check_same_wire(const struct ld_hist *a, const struct ld_hist *b)
{
	struct ld_buf x = wire(a), y = wire(b);

	assert_string_equal(x.data, y.data);
	ld_buf_clear(&x);
	ld_buf_clear(&y);
}

static void
the_wire_form_is_as_documented(void **state)
{
	struct ld_hist *hist = ld_hist_new(NULL);
	struct ld_buf out;

	(void)state;
	out = wire(hist);
	assert_string_equal(out.data,
	    "{\"scale\":8,\"count\":0,\"min_ns\":0,\"max_ns\":0,"
	    "\"sum_ns\":\"0\",\"zero\":0,\"b\":[]}");
	ld_buf_clear(&out);
	ld_hist_add(hist, 0);
	ld_hist_add(hist, 500000000);
	ld_hist_add(hist, 500000001);
	ld_hist_add(hist, 500000001);
	ld_hist_add(hist, 2000000000);
	out = wire(hist);
	assert_string_equal(out.data,
	    "{\"scale\":8,\"count\":5,\"min_ns\":0,\"max_ns\":2000000000,"
	    "\"sum_ns\":\"3500000002\",\"zero\":1,"
	    "\"b\":[-256,1,1,2,511,1]}");
	ld_buf_clear(&out);
	ld_hist_free(hist);
}

static void
a_histogram_comes_back_bit_by_bit(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		struct ld_hist *hist = ld_hist_new(NULL);
		struct ld_hist *back = ld_hist_new(NULL);
		struct ld_buf out;

		for (int i = 0; i < round * 300; i++)
			ld_hist_add(hist, draw());
		ld_hist_add(hist, UINT64_MAX);
		out = wire(hist);
		assert_int_equal(read_text(back, out.data), LD_OK);
		check_same_wire(hist, back);
		ld_buf_clear(&out);
		ld_hist_free(hist);
		ld_hist_free(back);
	}
}

static void
reading_adds_as_merging_does_in_any_order(void **state)
{
	struct ld_hist *part[3], *sum[3];
	static const int order[3][3] = { { 0, 1, 2 }, { 2, 1, 0 },
		{ 1, 2, 0 } };
	struct ld_hist *read = ld_hist_new(NULL);

	(void)state;
	for (int p = 0; p < 3; p++) {
		part[p] = ld_hist_new(NULL);
		sum[p] = ld_hist_new(NULL);
		for (int i = 0; i < 5000; i++)
			ld_hist_add(part[p], p == 1 ? draw() % 99 : draw());
	}
	for (int k = 0; k < 3; k++)
		for (int p = 0; p < 3; p++)
			assert_int_equal(
			    ld_hist_merge(sum[k], part[order[k][p]]), LD_OK);
	for (int p = 0; p < 3; p++) {
		struct ld_buf out = wire(part[p]);

		assert_int_equal(read_text(read, out.data), LD_OK);
		ld_buf_clear(&out);
	}
	check_same_wire(sum[0], sum[1]);
	check_same_wire(sum[0], sum[2]);
	check_same_wire(sum[0], read);
	for (int p = 0; p < 3; p++) {
		ld_hist_free(part[p]);
		ld_hist_free(sum[p]);
	}
	ld_hist_free(read);
}

#define H(count, min, max, sum, zero, b)                                      \
	"{\"scale\":8,\"count\":" count ",\"min_ns\":" min ",\"max_ns\":" max \
	",\"sum_ns\":\"" sum "\",\"zero\":" zero ",\"b\":" b "}"

static void
what_does_not_add_up_is_refused_and_changes_nothing(void **state)
{
	static const char *const bad[] = { "[]", "{}",
		"{\"scale\":7,\"count\":0,\"min_ns\":0,\"max_ns\":0,"
		"\"sum_ns\":\"0\",\"zero\":0,\"b\":[]}",
		/* counts */
		H("2", "1", "1", "2", "0", "[-7653,1]"),
		H("1", "1", "1", "1", "1", "[-7653,1]"),
		H("0", "1", "1", "0", "0", "[]"),
		H("1", "0", "0", "0", "2", "[]"),
		H("1", "1", "1", "1", "0", "[-7653,0]"),
		H("1", "1", "1", "1", "0", "[-7653,-1]"),
		H("1", "1", "1", "1", "0", "[-7653,1.5]"),
		H("1", "1", "1", "1", "0", "[-7653]"),
		H("1", "1", "1", "1", "0", "[]"),
		H("9007199254740993", "1", "1", "9007199254740993", "0",
		    "[-7653,9007199254740993]"),
		H("18446744073709551615", "1", "1", "1", "0",
		    "[-7653,18446744073709551615]"),
		/* order and range */
		H("2", "1", "2", "3", "0", "[-7397,1,-256,1]"),
		H("2", "1", "1", "2", "0", "[-7653,1,0,1]"),
		H("1", "1", "1", "1", "0", "[-7654,1]"),
		H("1", "1", "1", "1", "0", "[9223372036854775807,1]"),
		H("1", "1", "1", "1", "0", "[-9223372036854775808,1]"),
		H("2", "1", "2", "3", "0", "[-7653,1,9223372036854775807,1]"),
		/* a bucket that can hold no integer */
		H("2", "1", "2", "3", "0", "[-7652,1,255,1]"),
		/* minimum, maximum, sum */
		H("1", "2", "1", "1", "0", "[-7653,1]"),
		H("1", "3", "3", "3", "0", "[-7653,1]"),
		H("1", "1", "1", "1", "0", "[0,1]"),
		H("2", "1", "1", "1", "0", "[-7653,2]"),
		H("2", "1", "1", "3", "0", "[-7653,2]"),
		H("1", "0", "1", "1", "0", "[-7653,1]"),
		H("1", "1", "1", "-1", "0", "[-7653,1]"),
		H("1", "1", "1", "", "0", "[-7653,1]"),
		H("1", "1", "1", "1 ", "0", "[-7653,1]"),
		H("1", "1", "1", "340282366920938463463374607431768211456", "0",
		    "[-7653,1]"),
		H("1", "1", "1", "1", "0", "{}"),
		H("1", "1", "1", "1", "null", "[-7653,1]") };
	struct ld_hist *hist = ld_hist_new(NULL);
	struct ld_hist *was = ld_hist_new(NULL);

	(void)state;
	assert_int_equal(
	    read_text(hist, H("1", "1", "1", "1", "0", "[-7653,1]")), LD_OK);
	assert_int_equal(ld_hist_merge(was, hist), LD_OK);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(read_text(hist, bad[i]), LD_INVALID);
	check_same_wire(hist, was);
	ld_hist_free(hist);
	ld_hist_free(was);
}

static void
a_value_moved_to_a_neighbouring_octave_is_accepted(void **state)
{
	struct ld_hist *hist = ld_hist_new(NULL);

	(void)state;
	/* 1 ns and 9 s stand in the octave of a second. */
	assert_int_equal(
	    read_text(hist,
		H("3", "1", "9000000000", "10000000001", "0", "[0,2,255,1]")),
	    LD_OK);
	assert_int_equal(ld_hist_quantile(hist, 0), 1);
	assert_int_equal(ld_hist_quantile(hist, 1000000), 9000000000);
	ld_hist_free(hist);
}

static void
sums_of_128_bits_survive(void **state)
{
	struct ld_hist *hist = ld_hist_new(NULL);
	struct ld_hist *back = ld_hist_new(NULL);
	struct ld_buf out;

	(void)state;
	ld_hist_add(hist, UINT64_MAX);
	for (int i = 0; i < 52; i++)
		assert_int_equal(ld_hist_merge(hist, hist), LD_OK);
	out = wire(hist);
	assert_non_null(strstr(
	    out.data, "\"sum_ns\":\"83076749736557242051984341640151040\""));
	assert_int_equal(read_text(back, out.data), LD_OK);
	check_same_wire(hist, back);
	ld_buf_clear(&out);
	ld_hist_free(hist);
	ld_hist_free(back);
}

int
main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(the_wire_form_is_as_documented),
		T(a_histogram_comes_back_bit_by_bit),
		T(reading_adds_as_merging_does_in_any_order),
		T(what_does_not_add_up_is_refused_and_changes_nothing),
		T(a_value_moved_to_a_neighbouring_octave_is_accepted),
		T(sums_of_128_bits_survive),
	};
#undef T

	return cmocka_run_group_tests_name("hist_wire", tests, NULL, NULL);
}
