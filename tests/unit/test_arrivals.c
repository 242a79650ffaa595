/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/arrivals.h"

#define S UINT64_C(1000000000)
#define N 100000

struct arrival {
	uint64_t number, due_ns;
};

static struct ld_config
at_rate(double rate)
{
	return (struct ld_config){ .seed = 42,
		.arrivals = { .given = true, .rate = rate } };
}

/* Those due before `end_ns`, at most `max`; returns how many. */
static size_t
walk(const struct ld_config *config, unsigned threads, unsigned thread,
    uint64_t end_ns, struct arrival *out, size_t max)
{
	struct ldi_arrivals a;
	struct arrival next;
	size_t n = 0;

	ldi_arrivals_init(&a, config, threads, thread);
	while (n < max && ldi_arrivals_next(&a, &next.number, &next.due_ns) &&
	       next.due_ns < end_ns)
		out[n++] = next;
	return n;
}

static void
fixed_arrivals_stand_at_multiples_of_the_gap(void **state)
{
	struct ld_config config = at_rate(3);
	struct arrival got[N];
	size_t n = walk(&config, 1, 0, 10 * S, got, N);

	(void)state;
	assert_int_equal(n, 30);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(got[i].number, i);
		assert_int_equal(got[i].due_ns, (i * S + 1) / 3);
	}
}

static void
a_rate_does_not_drift(void **state)
{
	struct ld_config config = at_rate(20000);
	struct ldi_arrivals a;
	uint64_t k, due_ns;

	(void)state;
	/* An hour of it: 72 million, each at its place. */
	ldi_arrivals_init(&a, &config, 1, 0);
	a.next = 72000000;
	assert_true(ldi_arrivals_next(&a, &k, &due_ns));
	assert_int_equal(k, 72000000);
	assert_int_equal(due_ns, 3600 * S);
}

static void
a_ramp_is_a_straight_line(void **state)
{
	/* From 0 to 100/s in 10 s: L(t) = 5 t^2, so arrival k at
	 * sqrt(k / 5). */
	const struct ld_stage up = { 10 * S, 100 };
	struct ld_config config = at_rate(0);
	struct arrival got[N];
	size_t n;

	(void)state;
	config.arrivals.stages = &up;
	config.arrivals.n_stages = 1;
	n = walk(&config, 1, 0, 10 * S, got, N);
	assert_int_equal(n, 500);
	for (size_t i = 0; i < n; i++)
		assert_true(fabs((double)got[i].due_ns -
				 sqrt((double)i / 5) * 1e9) <= 1);
	/* And on at the rate that was reached. */
	n = walk(&config, 1, 0, 12 * S, got, N);
	assert_int_equal(n, 700);
	assert_int_equal(got[600].due_ns, 11 * S);
}

static void
stages_follow_each_other(void **state)
{
	const struct ld_stage stages[] = {
		{ 2 * S, 10 }, /* hold: 20 arrivals */
		{ 0, 0 },      /* stop at once */
		{ 3 * S, 0 },  /* for three seconds */
		{ 0, 100 },    /* then at once */
		{ S, 100 },    /* 100 arrivals */
		{ S, 0 },      /* 50, ever fewer, then none */
	};
	struct ld_config config = at_rate(10);
	struct arrival got[N];
	size_t n;

	(void)state;
	config.arrivals.stages = stages;
	config.arrivals.n_stages = 6;
	n = walk(&config, 1, 0, UINT64_MAX, got, N);
	assert_int_equal(n, 170);
	assert_int_equal(got[19].due_ns, 19 * S / 10);
	assert_int_equal(got[20].due_ns, 5 * S);
	assert_int_equal(got[119].due_ns, 5 * S + 99 * S / 100);
	assert_int_equal(got[120].due_ns, 6 * S);
	for (size_t i = 1; i < n; i++)
		assert_true(got[i].due_ns >= got[i - 1].due_ns);
	assert_true(got[169].due_ns < 7 * S);
}

static void
threads_share_the_schedule_and_lose_nothing(void **state)
{
	struct ld_config config = at_rate(1000);
	struct arrival all[2000], part[2000];

	(void)state;
	for (int poisson = 0; poisson < 2; poisson++) {
		size_t n, sum = 0;

		config.arrivals.poisson = poisson;
		n = walk(&config, 1, 0, S, all, 2000);
		for (unsigned t = 0; t < 3; t++) {
			size_t m = walk(&config, 3, t, S, part, 2000);

			for (size_t i = 0; i < m; i++) {
				assert_int_equal(part[i].number, 3 * i + t);
				assert_int_equal(
				    part[i].due_ns, all[part[i].number].due_ns);
			}
			sum += m;
		}
		assert_int_equal(sum, n);
	}
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Distance of Kolmogorov and Smirnov between n values and an exponential
 * distribution of mean 1. */
static double
ks_distance(double *values, size_t n)
{
	double most = 0;

	qsort(values, n, sizeof(*values), compare);
	for (size_t i = 0; i < n; i++) {
		double f = 1 - exp(-values[i]);
		double below = fabs(f - (double)i / (double)n);
		double above = fabs((double)(i + 1) / (double)n - f);

		most = below > most ? below : most;
		most = above > most ? above : most;
	}
	return most;
}

static void
poisson_gaps_are_exponential(void **state)
{
	struct ld_config config = at_rate(500);
	struct arrival *got = malloc(N * sizeof(*got));
	double *gaps = malloc(N * sizeof(*gaps)), sum = 0, product = 0;
	uint64_t before = 0;
	size_t n;

	(void)state;
	assert_non_null(got);
	assert_non_null(gaps);
	config.arrivals.poisson = true;
	n = walk(&config, 1, 0, UINT64_MAX, got, N);
	assert_int_equal(n, N);
	for (size_t i = 0; i < n; i++) {
		gaps[i] = (double)(got[i].due_ns - before) / 1e9 * 500;
		before = got[i].due_ns;
		sum += gaps[i];
	}
	for (size_t i = 1; i < n; i++)
		product += (gaps[i] - 1) * (gaps[i - 1] - 1);
	/* A gap says nothing of the next: their correlation is within 4
	 * standard deviations of 0, the mean within 4 of 1. */
	assert_true(fabs(product / N) < 4 / sqrt(N));
	assert_true(fabs(sum / N - 1) < 4 / sqrt(N));
	/* Critical value at 1 %: 1.63 / sqrt(n). */
	assert_true(ks_distance(gaps, n) < 1.63 / sqrt(N));
	free(got);
	free(gaps);
}

static void
poisson_arrivals_follow_a_ramp(void **state)
{
	const struct ld_stage up = { 100 * S, 1000 };
	struct ld_config config = at_rate(0);
	struct arrival *got = malloc(N * sizeof(*got));
	double *gaps = malloc(N * sizeof(*gaps)), before = 0;
	size_t n;

	(void)state;
	assert_non_null(got);
	assert_non_null(gaps);
	config.arrivals.poisson = true;
	config.arrivals.stages = &up;
	config.arrivals.n_stages = 1;
	n = walk(&config, 1, 0, 100 * S, got, N);
	/* 50 000 are expected, with a standard deviation of 224. */
	assert_in_range(n, 50000 - 900, 50000 + 900);
	for (size_t i = 0; i < n; i++) {
		double t = (double)got[i].due_ns / 1e9, count = 5 * t * t;

		gaps[i] = count - before;
		before = count;
	}
	assert_true(ks_distance(gaps, n) < 1.63 / sqrt((double)n));
	free(got);
	free(gaps);
}

static void
a_seed_is_a_schedule(void **state)
{
	/* Fixed for good: a release that changed these would send another
	 * load for the same seed. */
	static const uint64_t want[] = { 323775, 3028513, 3244706, 3434493 };
	struct ld_config config = at_rate(1000);
	struct arrival a[100], b[100];

	(void)state;
	config.arrivals.poisson = true;
	assert_int_equal(walk(&config, 1, 0, UINT64_MAX, a, 100), 100);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		assert_int_equal(a[i].due_ns, want[i]);
	config.seed = 43;
	assert_int_equal(walk(&config, 1, 0, UINT64_MAX, b, 100), 100);
	assert_true(memcmp(a, b, sizeof(a)) != 0);
}

static void
a_list_is_walked_as_it_stands(void **state)
{
	const struct ld_arrival_due list[] = { { 7, 10 }, { 4, 20 }, { 7, 20 },
		{ 9, 50 } };
	struct ld_config config = at_rate(0);
	struct arrival got[10];

	(void)state;
	config.arrivals.list = list;
	config.arrivals.n_list = 4;
	assert_int_equal(walk(&config, 1, 0, UINT64_MAX, got, 10), 4);
	assert_int_equal(got[1].number, 4);
	assert_int_equal(got[3].due_ns, 50);
	assert_int_equal(walk(&config, 2, 0, UINT64_MAX, got, 10), 1);
	assert_int_equal(got[0].number, 4);
	config.passes = 3;
	assert_int_equal(walk(&config, 1, 0, UINT64_MAX, got, 10), 3);
}

static void
passes_bound_the_arrivals(void **state)
{
	struct ld_config config = at_rate(1000);
	struct arrival got[100];

	(void)state;
	config.passes = 10;
	assert_int_equal(walk(&config, 1, 0, UINT64_MAX, got, 100), 10);
	assert_int_equal(walk(&config, 4, 1, UINT64_MAX, got, 100), 3);
	assert_int_equal(got[2].number, 9);
}

static void
a_rate_of_nothing_ends(void **state)
{
	const struct ld_stage down = { S, 0 };
	struct ld_config config = at_rate(0);
	struct arrival got[200];

	(void)state;
	assert_int_equal(walk(&config, 1, 0, UINT64_MAX, got, 100), 0);
	config.arrivals.poisson = true;
	assert_int_equal(walk(&config, 1, 0, UINT64_MAX, got, 100), 0);
	config.arrivals.poisson = false;
	config.arrivals.rate = 100;
	config.arrivals.stages = &down;
	config.arrivals.n_stages = 1;
	assert_int_equal(walk(&config, 1, 0, UINT64_MAX, got, 200), 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixed_arrivals_stand_at_multiples_of_the_gap),
		cmocka_unit_test(a_rate_does_not_drift),
		cmocka_unit_test(a_ramp_is_a_straight_line),
		cmocka_unit_test(stages_follow_each_other),
		cmocka_unit_test(threads_share_the_schedule_and_lose_nothing),
		cmocka_unit_test(poisson_gaps_are_exponential),
		cmocka_unit_test(poisson_arrivals_follow_a_ramp),
		cmocka_unit_test(a_seed_is_a_schedule),
		cmocka_unit_test(a_list_is_walked_as_it_stands),
		cmocka_unit_test(passes_bound_the_arrivals),
		cmocka_unit_test(a_rate_of_nothing_ends),
	};

	return cmocka_run_group_tests_name("arrivals", tests, NULL, NULL);
}
