/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/map.h"

static void
an_empty_map_finds_nothing(void **state)
{
	struct ldi_map *map = ldi_map_new();

	(void)state;
	assert_non_null(map);
	assert_int_equal(ldi_map_count(map), 0);
	assert_null(ldi_map_get(map, "x", 1));
	ldi_map_clear(map);
	ldi_map_free(map);
	ldi_map_free(NULL);
}

static void
many_keys_are_found_in_order(void **state)
{
	static int values[5000];
	struct ldi_map *map = ldi_map_new();
	char key[32];
	size_t len;

	(void)state;
	assert_non_null(map);
	for (int i = 0; i < 5000; i++) {
		len = (size_t)snprintf(key, sizeof(key), "key number %d", i);
		assert_true(ldi_map_set(map, key, len, &values[i], NULL));
	}
	assert_int_equal(ldi_map_count(map), 5000);
	for (int i = 0; i < 5000; i++) {
		size_t got;

		len = (size_t)snprintf(key, sizeof(key), "key number %d", i);
		assert_ptr_equal(ldi_map_get(map, key, len), &values[i]);
		assert_string_equal(ldi_map_key(map, (size_t)i, &got), key);
		assert_int_equal(got, len);
		assert_ptr_equal(ldi_map_value(map, (size_t)i), &values[i]);
	}
	assert_null(ldi_map_get(map, "key number 5000", 15));
	ldi_map_free(map);
}

static void
setting_again_replaces_and_hands_back(void **state)
{
	struct ldi_map *map = ldi_map_new();
	int a, b;
	void *old = &a;

	(void)state;
	assert_non_null(map);
	assert_true(ldi_map_set(map, "k", 1, &a, &old));
	assert_null(old);
	assert_true(ldi_map_set(map, "k", 1, &b, &old));
	assert_ptr_equal(old, &a);
	assert_ptr_equal(ldi_map_get(map, "k", 1), &b);
	assert_int_equal(ldi_map_count(map), 1);
	ldi_map_clear(map);
	assert_null(ldi_map_get(map, "k", 1));
	assert_true(ldi_map_set(map, "k", 1, &a, NULL));
	assert_int_equal(ldi_map_count(map), 1);
	ldi_map_free(map);
}

static void
keys_may_hold_any_byte(void **state)
{
	struct ldi_map *map = ldi_map_new();
	int values[4];

	(void)state;
	assert_non_null(map);
	assert_true(ldi_map_set(map, "", 0, &values[0], NULL));
	assert_true(ldi_map_set(map, "\0", 1, &values[1], NULL));
	assert_true(ldi_map_set(map, "\0\0", 2, &values[2], NULL));
	assert_true(ldi_map_set(map, "12345678\0", 9, &values[3], NULL));
	assert_ptr_equal(ldi_map_get(map, NULL, 0), &values[0]);
	assert_ptr_equal(ldi_map_get(map, "\0", 1), &values[1]);
	assert_ptr_equal(ldi_map_get(map, "\0\0", 2), &values[2]);
	assert_ptr_equal(ldi_map_get(map, "12345678\0", 9), &values[3]);
	assert_null(ldi_map_get(map, "12345678", 8));
	ldi_map_free(map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_finds_nothing),
		cmocka_unit_test(many_keys_are_found_in_order),
		cmocka_unit_test(setting_again_replaces_and_hands_back),
		cmocka_unit_test(keys_may_hold_any_byte),
	};

	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
