/* SPDX-License-Identifier: MIT */
/* The driver contract, where null and http1 do not reach: drivers that block,
 * push, finish late and close late. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "load_fakes.h"

#define RUN(user, users, passes, more, task)                          \
	"[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":\"" user \
	"\"},\"user_count\":" users ",\"passes\":" passes             \
	",\"spawn_rate\":100000,\"wait\":0," more "\"tasks\":[" task "]}]]"

static void
blocking_exchanges_run_side_by_side(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_blocking_user", "8", "4", "", "{\"nap\":\"5ms\"}"), 2);
	assert_int_equal(load.samples, 32);
	assert_int_equal(load.successes, 32);
	assert_int_equal(load.wire, 32);
	assert_int_equal(atomic_load(&fake.opens), 8);
	assert_true(atomic_load(&fake.most_flying) > 1);
	load_clear(&load);
}

static void
more_users_than_threads_wait_their_turn(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_blocking_user", "200", "1", "", "{\"nap\":\"2ms\"}"), 1);
	assert_int_equal(load.successes, 200);
	assert_true(atomic_load(&fake.most_flying) <= 64);
	load_clear(&load);
}

static void
a_blocking_failure_is_one_failure(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_blocking_user", "3", "3", "",
		"{\"fail\":true},{\"nap\":\"1ms\"}"),
	    1);
	assert_int_equal(load.failures, 9);
	assert_int_equal(load.successes, 9);
	assert_int_equal(load.outcome.ledger.failure[LD_CLASS_RESET], 9);
	load_clear(&load);
}

static void
nothing_of_a_session_is_called_before_start_has_returned(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_blocking_user", "8", "5", "", "{\"dawdle\":\"3ms\"}"), 2);
	assert_int_equal(load.successes, 40);
	load_clear(&load);
}

static void
deadlines_in_the_queue_at_a_thread_and_at_the_end_are_one_sample(void **state)
{
	struct load load;

	(void)state;
	/* 64 threads: who has one sleeps past the deadline, the others
	 * get none in time. */
	load_fakes_run(&load,
	    RUN("fake_blocking_user", "150", "1000",
		"\"test_time\":0.2,\"grace\":\"20ms\","
		"\"timeout\":\"30ms\",",
		"{\"nap\":\"60ms\",\"deaf\":true},{\"nap\":\"30s\"}"),
	    2);
	assert_true(load.outcome.ledger.failure[LD_CLASS_TIMEOUT_WAIT] > 0);
	assert_true(load.outcome.ledger.failure[LD_CLASS_TIMEOUT_RESPONSE] > 0);
	assert_int_equal(load.samples, load.outcome.ledger.started);
	load_clear(&load);
}

static void
the_grace_cuts_what_blocks_and_what_waits_to(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_blocking_user", "100", "1",
		"\"test_time\":0.1,\"grace\":\"20ms\",", "{\"nap\":\"30s\"}"),
	    2);
	assert_int_equal(load.aborted, load.outcome.ledger.started);
	load_clear(&load);
}

static void
the_deadline_wakes_a_blocking_exchange(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_blocking_user", "4", "2", "\"timeout\":\"20ms\",",
		"{\"nap\":\"30s\"}"),
	    2);
	assert_int_equal(load.failures, 8);
	assert_int_equal(atomic_load(&fake.cancels), 8);
	load_clear(&load);
}

static void
one_that_ignores_the_deadline_is_one_sample_all_the_same(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_blocking_user", "4", "2", "\"timeout\":\"10ms\",",
		"{\"nap\":\"60ms\",\"deaf\":true}"),
	    1);
	assert_int_equal(load.samples, 8);
	assert_int_equal(load.failures, 8);
	assert_int_equal(load.outcome.ledger.wire, 8);
	load_clear(&load);
}

static void
pushed_messages_are_records_of_their_own(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_pushing_user", "4", "3", "",
		"{\"after\":\"8ms\",\"push\":2}"),
	    2);
	assert_int_equal(load.samples, 12);
	assert_int_equal(load.successes, 12);
	assert_true(load.messages > 0);
	load_clear(&load);
}

static void
messages_after_the_last_exchange_are_not_lost(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_pushing_user", "2", "1", "",
		"{\"push\":5,\"linger\":\"300ms\"}"),
	    1);
	assert_int_equal(load.samples, 2);
	assert_int_equal(load.messages, 10);
	load_clear(&load);
}

static void
finishing_inside_start_does_not_recurse(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(
	    &load, RUN("fake_pushing_user", "1", "20000", "", "{}"), 1);
	assert_int_equal(load.samples, 20000);
	load_clear(&load);
}

static void
a_late_finish_after_cancel_is_one_sample(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_pushing_user", "4", "2", "\"timeout\":\"10ms\",",
		"{\"after\":\"30s\",\"slow_to_cancel\":true},"
		"{\"after\":\"30s\"}"),
	    2);
	assert_int_equal(load.samples, 16);
	assert_int_equal(load.failures, 16);
	assert_int_equal(atomic_load(&fake.cancels), 16);
	assert_int_equal(load.outcome.ledger.wire, 16);
	load_clear(&load);
}

static void
the_end_waits_for_late_closes(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_pushing_user", "50", "1", "", "{\"linger\":\"100ms\"}"),
	    2);
	assert_int_equal(atomic_load(&fake.opens), 50);
	assert_int_equal(load.samples, 50);
	load_clear(&load);
}

static void
the_grace_cuts_what_is_in_flight(void **state)
{
	struct load load;

	(void)state;
	load_fakes_run(&load,
	    RUN("fake_pushing_user", "3", "1",
		"\"test_time\":0.1,\"grace\":\"50ms\",", "{\"after\":\"30s\"}"),
	    1);
	assert_int_equal(load.samples, 3);
	assert_int_equal(load.aborted, 3);
	load_clear(&load);
}

#define TEST(f) cmocka_unit_test_setup(f, load_fakes_setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocking_exchanges_run_side_by_side),
		TEST(more_users_than_threads_wait_their_turn),
		TEST(a_blocking_failure_is_one_failure),
		TEST(nothing_of_a_session_is_called_before_start_has_returned),
		TEST(
		    deadlines_in_the_queue_at_a_thread_and_at_the_end_are_one_sample),
		TEST(the_grace_cuts_what_blocks_and_what_waits_to),
		TEST(the_deadline_wakes_a_blocking_exchange),
		TEST(one_that_ignores_the_deadline_is_one_sample_all_the_same),
		TEST(pushed_messages_are_records_of_their_own),
		TEST(messages_after_the_last_exchange_are_not_lost),
		TEST(finishing_inside_start_does_not_recurse),
		TEST(a_late_finish_after_cancel_is_one_sample),
		TEST(the_end_waits_for_late_closes),
		TEST(the_grace_cuts_what_is_in_flight),
	};

	return cmocka_run_group_tests(tests, load_fakes_register, NULL);
}
