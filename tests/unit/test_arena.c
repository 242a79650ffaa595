/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

static void
memory_is_zeroed_and_aligned(void **state)
{
	struct ldi_arena *arena = ldi_arena_new();

	(void)state;
	assert_non_null(arena);
	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *at = ldi_arena_alloc(arena, size);

		assert_non_null(at);
		assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(at[i], 0);
		memset(at, 0xff, size);
	}
	assert_true(ldi_arena_used(arena) >= 640000);
	ldi_arena_free(arena);
}

static void
large_blocks_leave_room_for_small_ones(void **state)
{
	struct ldi_arena *arena = ldi_arena_new();
	char *a, *b;

	(void)state;
	assert_non_null(arena);
	a = ldi_arena_alloc(arena, 16);
	assert_non_null(ldi_arena_alloc(arena, 10 << 20));
	b = ldi_arena_alloc(arena, 16);
	assert_ptr_equal(b, a + 16);
	ldi_arena_free(arena);
}

static void
products_that_wrap_are_refused(void **state)
{
	struct ldi_arena *arena = ldi_arena_new();

	(void)state;
	assert_non_null(arena);
	assert_null(ldi_arena_array(arena, SIZE_MAX / 2, 4));
	assert_null(ldi_arena_alloc(arena, SIZE_MAX));
	assert_null(ldi_arena_strndup(arena, "", SIZE_MAX));
	assert_non_null(ldi_arena_array(arena, 3, 0));
	assert_non_null(ldi_arena_array(arena, 3, 5));
	ldi_arena_free(arena);
	ldi_arena_free(NULL);
}

static void
copies_are_terminated(void **state)
{
	struct ldi_arena *arena = ldi_arena_new();

	(void)state;
	assert_non_null(arena);
	assert_string_equal(ldi_arena_strndup(arena, "hello", 3), "hel");
	assert_string_equal(ldi_arena_strdup(arena, "world"), "world");
	assert_string_equal(ldi_arena_strndup(arena, NULL, 0), "");
	ldi_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(large_blocks_leave_room_for_small_ones),
		cmocka_unit_test(products_that_wrap_are_refused),
		cmocka_unit_test(copies_are_terminated),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
