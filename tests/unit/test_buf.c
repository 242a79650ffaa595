/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/buf.h>

static void
appends_join_up(void **state)
{
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 1 << 20);
	ld_buf_adds(&buf, "a");
	ld_buf_addc(&buf, '=');
	ld_buf_add_u64(&buf, 0);
	ld_buf_addc(&buf, ' ');
	ld_buf_add_u64(&buf, UINT64_MAX);
	ld_buf_addc(&buf, ' ');
	ld_buf_add_i64(&buf, INT64_MIN);
	ld_buf_addf(&buf, " %s%d", "x", 7);
	assert_string_equal(ld_buf_str(&buf),
	    "a=0 18446744073709551615 -9223372036854775808 x7");
	ld_buf_clear(&buf);
}

static void
integers_of_every_length_are_right(void **state)
{
	struct ld_buf buf;
	char want[32];
	uint64_t value = 1;

	(void)state;
	ld_buf_init(&buf, 100);
	for (int i = 0; i < 20; i++, value *= 10) {
		for (uint64_t v = value - 1; v <= value + 1; v++) {
			ld_buf_reset(&buf);
			ld_buf_add_u64(&buf, v);
			snprintf(
			    want, sizeof(want), "%llu", (unsigned long long)v);
			assert_string_equal(ld_buf_str(&buf), want);
		}
	}
	ld_buf_clear(&buf);
}

static void
the_ceiling_holds_and_failure_sticks(void **state)
{
	struct ld_buf buf;
	struct ld_err err;

	(void)state;
	ld_buf_init(&buf, 5);
	ld_buf_adds(&buf, "12345");
	assert_int_equal(ld_buf_status(&buf, "x", &err), LD_OK);
	assert_string_equal(ld_buf_str(&buf), "12345");
	ld_buf_addc(&buf, '6');
	ld_buf_adds(&buf, "");
	assert_int_equal(buf.len, 5);
	assert_null(ld_buf_str(&buf));
	assert_int_equal(ld_buf_status(&buf, "a reply", &err), LD_NOMEM);
	assert_non_null(strstr(err.text, "a reply"));
	assert_non_null(strstr(err.text, "limit is 5"));
	ld_buf_drop(&buf, 5);
	ld_buf_addc(&buf, 'a');
	ld_buf_addf(&buf, "b");
	ld_buf_add_u64(&buf, 1);
	assert_int_equal(buf.len, 0);
	ld_buf_reset(&buf);
	ld_buf_addf(&buf, "%s", "abcdef");
	assert_true(buf.failed);
	assert_int_equal(buf.len, 0);
	ld_buf_clear(&buf);
	ld_buf_addf(&buf, "%s", "abcde");
	assert_string_equal(ld_buf_str(&buf), "abcde");
	ld_buf_clear(&buf);
}

static void
reserved_room_is_used_without_moving(void **state)
{
	struct ld_buf buf;
	const char *data;

	(void)state;
	ld_buf_init(&buf, 4096);
	assert_int_equal(ld_buf_reserve(&buf, 1000), LD_OK);
	data = buf.data;
	for (int i = 0; i < 1000; i++)
		ld_buf_addc(&buf, 'x');
	assert_ptr_equal(buf.data, data);
	assert_int_equal(buf.len, 1000);
	assert_int_equal(ld_buf_reserve(&buf, 4000), LD_NOMEM);
	ld_buf_clear(&buf);
	assert_int_equal(ld_buf_reserve(&buf, SIZE_MAX), LD_NOMEM);
	ld_buf_clear(&buf);
}

static void
dropping_takes_from_the_front(void **state)
{
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 100);
	ld_buf_drop(&buf, 3);
	ld_buf_adds(&buf, "hello");
	ld_buf_drop(&buf, 0);
	ld_buf_drop(&buf, 2);
	assert_string_equal(ld_buf_str(&buf), "llo");
	ld_buf_drop(&buf, 99);
	assert_string_equal(ld_buf_str(&buf), "");
	ld_buf_clear(&buf);
}

static void
taken_bytes_belong_to_the_taker(void **state)
{
	struct ld_buf buf;
	size_t len = 99;
	char *text;

	(void)state;
	ld_buf_init(&buf, 100);
	text = ld_buf_take(&buf, &len);
	assert_string_equal(text, "");
	assert_int_equal(len, 0);
	free(text);
	ld_buf_add(&buf, "a\0b", 3);
	text = ld_buf_take(&buf, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(text, "a\0b", 4);
	assert_null(buf.data);
	free(text);
	ld_buf_addf(&buf, "%0200d", 1);
	assert_null(ld_buf_take(&buf, NULL));
	assert_false(buf.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_join_up),
		cmocka_unit_test(integers_of_every_length_are_right),
		cmocka_unit_test(the_ceiling_holds_and_failure_sticks),
		cmocka_unit_test(reserved_room_is_used_without_moving),
		cmocka_unit_test(dropping_takes_from_the_front),
		cmocka_unit_test(taken_bytes_belong_to_the_taker),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
