/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>

#include <ld/rng.h>

#include "base/philox.h"

/* The known answers published with the generator (Random123). */
static void
philox_gives_the_known_answers(void **state)
{
	static const uint32_t vectors[][10] = {
		{ 0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c,
		    0x9b00dbd8 },
		{ 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
		    0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6,
		    0x6d5451fd },
		{ 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822,
		    0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
		    0x24126ea1 },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const uint32_t *v = vectors[i];
		uint32_t block[4] = { v[0], v[1], v[2], v[3] };

		ldi_philox(block, v[4], v[5]);
		assert_memory_equal(block, v + 6, sizeof(block));
	}
}

static void
draw_zero_of_zero_is_the_first_known_answer(void **state)
{
	struct ld_rng_key key = { .seed = 0 };

	(void)state;
	assert_true(ld_rng_u64(&key, 0) == UINT64_C(0x6627e8d5e169c58d));
}

static void
every_coordinate_matters(void **state)
{
	struct ld_rng_key keys[] = { { 1, 2, 3, 4 }, { 2, 2, 3, 4 },
		{ 1, 3, 3, 4 }, { 1, 2, 4, 4 }, { 1, 2, 3, 5 },
		{ 1, UINT64_C(2) << 32, 3, 4 } };
	uint64_t first = ld_rng_u64(&keys[0], 7);

	(void)state;
	assert_true(ld_rng_u64(&keys[0], 7) == first);
	assert_true(ld_rng_u64(&keys[0], 8) != first);
	for (size_t i = 1; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_true(ld_rng_u64(&keys[i], 7) != first);
}

static void
below_stays_below_and_reaches_all(void **state)
{
	struct ld_rng_key key = { .seed = 42 };
	unsigned seen[10] = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		uint64_t v = ld_rng_below(&key, i, 10);

		assert_in_range(v, 0, 9);
		seen[v]++;
	}
	for (size_t i = 0; i < 10; i++)
		assert_in_range(seen[i], 850, 1150); /* 5 sigma */
	assert_true(ld_rng_below(&key, 0, 1) == 0);
	for (uint32_t i = 0; i < 100; i++)
		assert_true(ld_rng_below(&key, i, UINT64_MAX) ==
			    ld_rng_u64(&key, i) - (ld_rng_u64(&key, i) != 0));
}

static void
units_are_below_one_and_spread(void **state)
{
	struct ld_rng_key key = { .seed = 1, .task = LD_RNG_PASS };
	double sum = 0;

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		double u = ld_rng_unit(&key, i);

		assert_true(u >= 0 && u < 1);
		sum += u;
	}
	assert_true(sum > 4850 && sum < 5150);
}

static void
seeds_of_the_system_differ(void **state)
{
	(void)state;
	assert_true(ld_rng_seed() != ld_rng_seed());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(philox_gives_the_known_answers),
		cmocka_unit_test(draw_zero_of_zero_is_the_first_known_answer),
		cmocka_unit_test(every_coordinate_matters),
		cmocka_unit_test(below_stays_below_and_reaches_all),
		cmocka_unit_test(units_are_below_one_and_spread),
		cmocka_unit_test(seeds_of_the_system_differ),
	};

	return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
