/* SPDX-License-Identifier: MIT */
/*
 * A histogram against the truth: the sorted values themselves.
 */
#include "config.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <ld/hist.h>

#define MANY 1000000

/* splitmix64: the same values on every machine. */
static uint64_t seed = 1;

static uint64_t
draw(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static double
draw_unit(void)
{
	return ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;
}

static uint64_t
uniform(void)
{
	return draw() % 1000000000;
}

static uint64_t
log_normal(void)
{
	double normal =
	    sqrt(-2 * log(draw_unit())) * cos(6.283185307179586 * draw_unit());

	return (uint64_t)(2e6 * exp(normal));
}

static uint64_t
bimodal(void)
{
	return draw() % 10 ? 100000 + draw() % 20000
			   : 1900000000 + draw() % 100000000;
}

static uint64_t
constant(void)
{
	return 12345678;
}

static uint64_t
extremes(void)
{
	switch (draw() % 4) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX - draw() % 3;
	case 2:
		return draw() % 700;
	default:
		return draw() >> draw() % 64;
	}
}

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static uint64_t
distance(uint64_t a, uint64_t b)
{
	return a < b ? b - a : a - b;
}

static void
check_quantiles(const struct ld_hist *hist, const uint64_t *sorted, size_t n)
{
	for (uint32_t ppm = 0; ppm <= 1000000; ppm += 125) {
		uint64_t rank = (n * (uint64_t)ppm + 999999) / 1000000;
		uint64_t truth = sorted[rank ? rank - 1 : 0];
		uint64_t told = ld_hist_quantile(hist, ppm);
		double bound = (double)truth * LD_HIST_ERROR + 0.5;

		assert_true((double)distance(told, truth) <= bound);
		assert_true(ld_hist_count_below(hist, told) >= rank);
	}
}

static void
check_against_truth(uint64_t (*value)(void), size_t n)
{
	struct ld_hist *hist = ld_hist_new(NULL);
	uint64_t *values = calloc(n, sizeof *values);
	__extension__ unsigned __int128 sum = 0;
	uint64_t high, low;

	assert_non_null(hist);
	assert_non_null(values);
	for (size_t i = 0; i < n; i++) {
		values[i] = value();
		sum += values[i];
		assert_true(ld_hist_add(hist, values[i]));
	}
	qsort(values, n, sizeof *values, compare);
	assert_int_equal(ld_hist_count(hist), n);
	assert_true(ld_hist_min(hist) == values[0]);
	assert_true(ld_hist_max(hist) == values[n - 1]);
	assert_true(ld_hist_quantile(hist, 0) == values[0]);
	assert_true(ld_hist_quantile(hist, 1000000) == values[n - 1]);
	assert_true(ld_hist_quantile(hist, UINT32_MAX) == values[n - 1]);
	ld_hist_sum(hist, &high, &low);
	assert_true(high == (uint64_t)(sum >> 64) && low == (uint64_t)sum);
	check_quantiles(hist, values, n);
	ld_hist_free(hist);
	free(values);
}

static void
quantiles_of_uniform_values_are_within_the_bound(void **state)
{
	(void)state;
	check_against_truth(uniform, MANY);
}

static void
quantiles_of_log_normal_values_are_within_the_bound(void **state)
{
	(void)state;
	check_against_truth(log_normal, MANY);
}

static void
quantiles_of_bimodal_values_are_within_the_bound(void **state)
{
	(void)state;
	check_against_truth(bimodal, MANY);
}

static void
quantiles_of_a_constant_are_exact(void **state)
{
	struct ld_hist *hist = ld_hist_new(NULL);

	(void)state;
	check_against_truth(constant, MANY);
	for (int i = 0; i < 10; i++)
		ld_hist_add(hist, constant());
	for (uint32_t ppm = 0; ppm <= 1000000; ppm += 1000)
		assert_int_equal(ld_hist_quantile(hist, ppm), constant());
	ld_hist_free(hist);
}

static void
quantiles_of_a_single_value_are_exact(void **state)
{
	(void)state;
	check_against_truth(log_normal, 1);
	check_against_truth(extremes, 1);
}

static void
quantiles_of_extreme_values_are_within_the_bound(void **state)
{
	(void)state;
	check_against_truth(extremes, MANY);
}

static void
an_empty_histogram_reads_zero(void **state)
{
	struct ld_hist *hist = ld_hist_new(NULL);
	int index = INT_MIN;
	uint64_t n;

	(void)state;
	assert_int_equal(ld_hist_count(hist), 0);
	assert_int_equal(ld_hist_min(hist), 0);
	assert_int_equal(ld_hist_max(hist), 0);
	assert_int_equal(ld_hist_quantile(hist, 500000), 0);
	assert_int_equal(ld_hist_count_below(hist, 5), 0);
	assert_true(ld_hist_mean(hist) == 0.0);
	assert_false(ld_hist_next(hist, &index, &n));
	ld_hist_free(hist);
	ld_hist_free(NULL);
}

static void
a_value_on_an_edge_belongs_to_the_lower_bucket(void **state)
{
	(void)state;
	assert_int_equal(ld_hist_index(1000000000), 0);
	assert_int_equal(ld_hist_index(1000000001), 1);
	assert_int_equal(ld_hist_index(2000000000), 256);
	assert_int_equal(ld_hist_index(500000000), -256);
}

static void
the_rank_is_rounded_up(void **state)
{
	struct ld_hist *hist = ld_hist_new(NULL);

	(void)state;
	for (uint64_t i = 1; i <= 10; i++)
		ld_hist_add(hist, i);
	assert_int_equal(ld_hist_quantile(hist, 500000), 5);
	assert_int_equal(ld_hist_quantile(hist, 500001), 6);
	assert_int_equal(ld_hist_quantile(hist, 900000), 9);
	assert_int_equal(ld_hist_quantile(hist, 1), 1);
	assert_int_equal(ld_hist_count_below(hist, 7), 7);
	assert_int_equal(ld_hist_count_below(hist, 0), 0);
	ld_hist_free(hist);
}

static void
walking_visits_every_bucket_in_order(void **state)
{
	struct ld_hist *hist = ld_hist_new(NULL);
	int index = INT_MIN, before = INT_MIN;
	uint64_t n, total = 0;

	(void)state;
	for (int i = 0; i < 100000; i++)
		ld_hist_add(hist, extremes());
	while (ld_hist_next(hist, &index, &n)) {
		assert_true(index > before && n > 0);
		before = index;
		total += n;
	}
	assert_int_equal(total + ld_hist_zero(hist), 100000);
	ld_hist_free(hist);
}

static void
a_reset_histogram_is_like_a_new_one_and_its_blocks_are_used_again(void **state)
{
	struct ld_hist_pool *pool = ld_hist_pool_new();
	struct ld_hist *hist;

	(void)state;
	assert_non_null(pool);
	assert_int_equal(ld_hist_pool_fill(pool, 70), LD_OK);
	hist = ld_hist_new(pool);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 1000; i++)
			ld_hist_add(hist, (uint64_t)1 << i % 64);
		assert_int_equal(ld_hist_count(hist), 1000);
		assert_int_equal(ld_hist_min(hist), 1);
		ld_hist_reset(hist);
		assert_int_equal(ld_hist_count(hist), 0);
		assert_int_equal(ld_hist_count_below(hist, UINT64_MAX), 0);
		assert_int_equal(ld_hist_max(hist), 0);
	}
	ld_hist_free(hist);
	ld_hist_pool_free(pool);
	ld_hist_pool_free(NULL);
}

static bool
same(const struct ld_hist *a, const struct ld_hist *b)
{
	int i = INT_MIN, j = INT_MIN;
	uint64_t m = 0, n = 0, high[2], low[2];
	bool more;

	do {
		more = ld_hist_next(a, &i, &m);
		if (more != ld_hist_next(b, &j, &n) || i != j || m != n)
			return false;
	} while (more);
	ld_hist_sum(a, &high[0], &low[0]);
	ld_hist_sum(b, &high[1], &low[1]);
	return ld_hist_count(a) == ld_hist_count(b) &&
	       ld_hist_zero(a) == ld_hist_zero(b) &&
	       ld_hist_min(a) == ld_hist_min(b) &&
	       ld_hist_max(a) == ld_hist_max(b) && high[0] == high[1] &&
	       low[0] == low[1];
}

static void
merging_is_exact_in_any_order(void **state)
{
	struct ld_hist *part[3], *whole = ld_hist_new(NULL);
	struct ld_hist *left = ld_hist_new(NULL), *right = ld_hist_new(NULL);

	(void)state;
	for (int p = 0; p < 3; p++) {
		part[p] = ld_hist_new(NULL);
		for (int i = 0; i < 20000; i++) {
			uint64_t v = p ? extremes() : log_normal();

			ld_hist_add(part[p], v);
			ld_hist_add(whole, v);
		}
	}
	for (int p = 0; p < 3; p++)
		assert_int_equal(ld_hist_merge(left, part[p]), LD_OK);
	for (int p = 2; p > 0; p--)
		assert_int_equal(ld_hist_merge(right, part[p]), LD_OK);
	assert_int_equal(ld_hist_merge(part[0], right), LD_OK);
	assert_true(same(left, whole));
	assert_true(same(part[0], whole));
	for (int p = 0; p < 3; p++)
		ld_hist_free(part[p]);
	ld_hist_free(whole);
	ld_hist_free(left);
	ld_hist_free(right);
}

static void
merging_an_empty_one_changes_nothing(void **state)
{
	struct ld_hist *a = ld_hist_new(NULL), *b = ld_hist_new(NULL);

	(void)state;
	ld_hist_add(a, 77);
	assert_int_equal(ld_hist_merge(a, b), LD_OK);
	assert_int_equal(ld_hist_min(a), 77);
	assert_int_equal(ld_hist_count(a), 1);
	assert_int_equal(ld_hist_merge(b, a), LD_OK);
	assert_true(same(a, b));
	ld_hist_free(a);
	ld_hist_free(b);
}

static void
merging_refuses_a_count_that_would_wrap(void **state)
{
	struct ld_hist *a = ld_hist_new(NULL);

	(void)state;
	ld_hist_add(a, 1);
	for (int i = 0; i < 63; i++)
		assert_int_equal(ld_hist_merge(a, a), LD_OK);
	assert_int_equal(ld_hist_merge(a, a), LD_INVALID);
	assert_true(ld_hist_count(a) == UINT64_C(1) << 63);
	assert_int_equal(ld_hist_quantile(a, 990000), 1);
	ld_hist_free(a);
}

int
main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(an_empty_histogram_reads_zero),
		T(a_value_on_an_edge_belongs_to_the_lower_bucket),
		T(the_rank_is_rounded_up),
		T(walking_visits_every_bucket_in_order),
		T(a_reset_histogram_is_like_a_new_one_and_its_blocks_are_used_again),
		T(merging_is_exact_in_any_order),
		T(merging_an_empty_one_changes_nothing),
		T(merging_refuses_a_count_that_would_wrap),
		T(quantiles_of_uniform_values_are_within_the_bound),
		T(quantiles_of_log_normal_values_are_within_the_bound),
		T(quantiles_of_bimodal_values_are_within_the_bound),
		T(quantiles_of_a_constant_are_exact),
		T(quantiles_of_a_single_value_are_exact),
		T(quantiles_of_extreme_values_are_within_the_bound),
	};
#undef T

	return cmocka_run_group_tests_name("hist", tests, NULL, NULL);
}
