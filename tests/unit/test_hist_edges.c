/* SPDX-License-Identifier: MIT */
/*
 * The bucket edges, proven with big integers:
 *
 *	n = floor(2^(i/256) * 10^9)  <=>  n^256 <= 2^i * 10^(9*256) < (n+1)^256
 */
#include "config.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <ld/hist.h>

#include "data/hist.h"
#include "data/hist_edges.h"

/* 64 bits to the power of 256 are 512 limbs of 32 bits; 2^8731 x 10^2304 is
 * shorter. */
#define LIMBS 513

struct big {
	uint32_t limb[LIMBS]; /* least first */
	unsigned n;
};

static struct big
big_of(uint64_t value)
{
	struct big b = { { 0 }, 0 };

	for (; value; value >>= 32)
		b.limb[b.n++] = (uint32_t)value;
	return b;
}

static struct big
big_square(const struct big *a)
{
	struct big r = { { 0 }, 0 };

	assert_true(2 * a->n <= LIMBS);
	for (unsigned i = 0; i < a->n; i++) {
		uint64_t carry = 0;

		for (unsigned j = 0; j < a->n; j++) {
			carry +=
			    (uint64_t)a->limb[i] * a->limb[j] + r.limb[i + j];
			r.limb[i + j] = (uint32_t)carry;
			carry >>= 32;
		}
		r.limb[i + a->n] = (uint32_t)carry;
	}
	r.n = 2 * a->n;
	while (r.n && r.limb[r.n - 1] == 0)
		r.n--;
	return r;
}

/* value^256 x 2^shift */
static struct big
big_power(uint64_t value, unsigned shift)
{
	struct big b = big_of(value), r = { { 0 }, 0 };
	unsigned words = shift / 32, bits = shift % 32;
	uint64_t carry = 0;

	for (unsigned i = 0; i < 8; i++)
		b = big_square(&b);
	assert_true(b.n + words + 1 <= LIMBS);
	for (unsigned i = 0; i < b.n; i++) {
		carry |= (uint64_t)b.limb[i] << bits;
		r.limb[i + words] = (uint32_t)carry;
		carry >>= 32;
	}
	r.limb[b.n + words] = (uint32_t)carry;
	r.n = b.n + words + 1;
	while (r.n && r.limb[r.n - 1] == 0)
		r.n--;
	return r;
}

static int
big_compare(const struct big *a, const struct big *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (unsigned i = a->n; i-- > 0;)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

/* n = floor(2^(i/256) * 10^9)?  A negative i moves to the other side. */
static bool
is_edge(uint64_t n, int i)
{
	unsigned left = i < 0 ? (unsigned)-i : 0;
	struct big edge = big_power(1000000000, i > 0 ? (unsigned)i : 0);
	struct big low = big_power(n, left);
	struct big high = big_power(n + 1, left);

	return big_compare(&low, &edge) <= 0 && big_compare(&edge, &high) < 0;
}

static void
the_big_integers_can_tell_a_wrong_edge(void **state)
{
	(void)state;
	assert_true(is_edge(1000000000, 0));
	assert_false(is_edge(999999999, 0));
	assert_false(is_edge(1000000001, 0));
	assert_true(is_edge(2000000000, 256));
	assert_true(is_edge(500000000, -256));
	assert_true(is_edge(1414213562, 128));
	assert_false(is_edge(1414213563, 128));
}

static void
each_edge_of_the_table_is_exact(void **state)
{
	(void)state;
	for (int j = 0; j < 256; j++)
		assert_true(is_edge(ldi_hist_edge[j], LDI_HIST_EDGE_FIRST + j));
	assert_true(ldi_hist_edge[0] >> 63 == 1);
	assert_true(ldi_hist_edge[256] == UINT64_MAX);
}

static void
upper_edges_are_exact_in_every_octave(void **state)
{
	(void)state;
	/* 61 does not divide 256: another place in each octave. */
	for (int i = LDI_HIST_MIN; i < LDI_HIST_MAX; i += 61)
		assert_true(is_edge(ld_hist_upper(i), i));
	for (int i = -128; i < 128; i++)
		assert_true(is_edge(ld_hist_upper(i), i));
	assert_int_equal(ld_hist_upper(0), 1000000000);
	assert_int_equal(ld_hist_upper(256), 2000000000);
	assert_true(ld_hist_upper(LDI_HIST_MAX) == UINT64_MAX);
	assert_true(ld_hist_upper(INT_MAX) == UINT64_MAX);
	assert_true(ld_hist_upper(INT_MIN) == 0);
}

static void
each_guess_is_right_or_one_short(void **state)
{
	(void)state;
	for (uint64_t cell = 0; cell < 512; cell++) {
		uint64_t low = (512 + cell) << 54;
		unsigned below = 0, inside = 0;

		for (unsigned j = 0; j < 256; j++) {
			below += ldi_hist_edge[j] < low;
			inside += ldi_hist_edge[j] >= low &&
				  ldi_hist_edge[j] - low < UINT64_C(1) << 54;
		}
		assert_int_equal(ldi_hist_guess[cell], below);
		assert_true(inside <= 1);
	}
}

static void
every_bucket_holds_its_upper_edge_and_not_one_more(void **state)
{
	(void)state;
	for (int i = LDI_HIST_MIN; i < LDI_HIST_MAX; i++) {
		uint64_t upper = ld_hist_upper(i);

		if (upper != ld_hist_upper(i - 1))
			assert_int_equal(ld_hist_index(upper), i);
		assert_true(ld_hist_index(upper + 1) > i);
	}
	assert_int_equal(ld_hist_index(1), LDI_HIST_MIN);
	assert_int_equal(ld_hist_index(UINT64_MAX), LDI_HIST_MAX);
	assert_int_equal(ld_hist_index(0), INT_MIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_big_integers_can_tell_a_wrong_edge),
		cmocka_unit_test(each_edge_of_the_table_is_exact),
		cmocka_unit_test(upper_edges_are_exact_in_every_octave),
		cmocka_unit_test(each_guess_is_right_or_one_short),
		cmocka_unit_test(
		    every_bucket_holds_its_upper_edge_and_not_one_more),
	};

	return cmocka_run_group_tests_name("hist_edges", tests, NULL, NULL);
}
