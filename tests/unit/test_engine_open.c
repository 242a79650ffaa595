/* SPDX-License-Identifier: MIT */
/* The open model: who arrives, who finds no session, and how it ends. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "load_fakes.h"

#define RUN(user, config, tasks)                                      \
	"[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":\"" user \
	"\"}," config ",\"tasks\":[" tasks "]}]]"
#define NULL_RUN(config) RUN("null_user", config, "{},{\"name\":\"b\"}")
#define PUSH_RUN(config, tasks) RUN("fake_pushing_user", config, tasks)

static void
run(struct load *load, const char *plan, unsigned threads)
{
	load_fakes_run(load, plan, threads);
	assert_int_equal(load->arrivals, load->samples);
}

static void
every_arrival_before_the_end_is_started(void **state)
{
	struct load load;

	(void)state;
	run(&load,
	    NULL_RUN("\"arrival\":\"2k/s\",\"test_time\":0.3,\"seed\":1"), 1);
	assert_int_equal(load.samples, 600 * 2);
	assert_int_equal(load.outcome.ledger.planned, load.samples);
	assert_string_equal(load.reason, "time");
	assert_string_equal(load.validity, "valid");
	load_clear(&load);
}

static void
threads_do_not_change_what_is_sent(void **state)
{
	static const char *const plans[] = {
		NULL_RUN("\"arrival\":3000,\"test_time\":0.2,\"seed\":5"),
		NULL_RUN("\"arrival\":{\"rate\":3000,\"distribution\":"
			 "\"poisson\"},\"test_time\":0.2,\"seed\":5"),
		NULL_RUN("\"arrival\":{\"stages\":[{\"duration\":\"200ms\","
			 "\"rate\":5000}]},\"passes\":300,\"seed\":5"),
	};
	struct load one, more;

	(void)state;
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		run(&one, plans[i], 1);
		for (unsigned threads = 2; threads < 4; threads++) {
			run(&more, plans[i], threads);
			assert_int_equal(one.samples, more.samples);
			assert_true(one.fingerprint == more.fingerprint);
			load_clear(&more);
		}
		assert_true(one.samples > 0);
		load_clear(&one);
	}
}

static void
passes_end_a_run_at_once(void **state)
{
	struct load load;

	(void)state;
	run(&load,
	    NULL_RUN("\"arrival\":1000,\"passes\":50,\"test_time\":\"1h\""), 2);
	assert_int_equal(load.samples, 100);
	assert_string_equal(load.reason, "passes");
	load_clear(&load);
}

static void
stages_that_end_in_nothing_end_a_run(void **state)
{
	struct load load;

	(void)state;
	run(&load,
	    NULL_RUN("\"arrival\":{\"rate\":1000,\"stages\":[{\"duration\":"
		     "\"100ms\",\"rate\":0}]},\"test_time\":null"),
	    1);
	assert_int_equal(load.samples, 50 * 2);
	assert_string_equal(load.reason, "schedule");
	load_clear(&load);
}

/* `passes` is more than the schedule has. */
static void
fewer_arrivals_than_passes_asks_for_are_no_passes(void **state)
{
	struct load load;

	(void)state;
	for (unsigned threads = 1; threads < 3; threads++) {
		run(&load,
		    NULL_RUN("\"arrival\":{\"rate\":1000,\"stages\":[{"
			     "\"duration\":\"100ms\",\"rate\":0}]},"
			     "\"passes\":1000,\"test_time\":null"),
		    threads);
		assert_int_equal(load.samples, 50 * 2);
		assert_string_equal(load.reason, "schedule");
		load_clear(&load);
		run(&load,
		    NULL_RUN("\"arrival\":1e-12,\"passes\":2,"
			     "\"test_time\":\"50ms\""),
		    threads);
		assert_int_equal(load.samples, 2);
		assert_string_equal(load.reason, "time");
		load_clear(&load);
	}
}

static void
an_arrival_that_finds_no_session_is_counted(void **state)
{
	const struct ld_ledger *ledger;
	struct load load;

	(void)state;
	run(&load,
	    PUSH_RUN("\"arrival\":{\"rate\":1000,\"limit\":4},\"passes\":100",
		"{\"after\":\"5s\"}"),
	    1);
	ledger = &load.outcome.ledger;
	assert_int_equal(ledger->planned, 100);
	assert_int_equal(ledger->started, 4);
	assert_int_equal(ledger->not_started[LD_NOT_STARTED_LIMIT], 96);
	assert_int_equal(load.saturated, 1);
	assert_string_equal(load.validity, "degraded");
	assert_int_equal(atomic_load(&fake.most_flying), 4);
	assert_int_equal(atomic_load(&fake.opens), 4);
	load_clear(&load);
}

static void
a_session_serves_one_arrival_after_the_other(void **state)
{
	struct load load;

	(void)state;
	/* Each is free long before the next one is due. */
	run(&load,
	    PUSH_RUN("\"arrival\":{\"rate\":50},\"passes\":20",
		"{\"after\":\"1ms\"},{\"after\":0}"),
	    1);
	assert_int_equal(load.samples, 40);
	assert_true(atomic_load(&fake.opens) < 20);
	assert_int_equal(
	    atomic_load(&fake.freshened), 20 - atomic_load(&fake.opens));
	load_clear(&load);
}

static void
a_session_that_is_kept_is_not_freshened(void **state)
{
	struct load load;

	(void)state;
	run(&load,
	    PUSH_RUN("\"arrival\":{\"rate\":200,\"session\":\"keep\"},"
		     "\"passes\":20",
		"{\"after\":\"1ms\"}"),
	    1);
	assert_int_equal(load.samples, 20);
	assert_int_equal(atomic_load(&fake.freshened), 0);
	load_clear(&load);
}

static void
passes_that_began_in_time_go_on_behind_the_end(void **state)
{
	struct load load;

	(void)state;
	run(&load,
	    PUSH_RUN("\"arrival\":1000,\"test_time\":\"50ms\"",
		"{\"after\":\"40ms\"},{\"after\":\"40ms\"},{}"),
	    2);
	assert_int_equal(load.samples, 50 * 3);
	assert_int_equal(load.successes, 50 * 3);
	load_clear(&load);
}

static void
the_grace_bounds_them(void **state)
{
	struct load load;

	(void)state;
	run(&load,
	    PUSH_RUN("\"arrival\":1000,\"test_time\":\"50ms\",\"grace\":"
		     "\"50ms\"",
		"{\"after\":\"30s\"},{}"),
	    2);
	assert_int_equal(load.samples, 50);
	assert_int_equal(load.aborted, 50);
	assert_string_equal(load.reason, "time");
	load_clear(&load);
}

static void
a_backlog_is_caught_up_and_its_lag_is_told(void **state)
{
	struct load load;

	(void)state;
	/* All due at once, and more than are started between two looks at the
	 * sockets. */
	run(&load, NULL_RUN("\"arrival\":\"900M/s\",\"passes\":3000"), 1);
	assert_int_equal(load.samples, 6000);
	assert_int_equal(
	    load.outcome.ledger.not_started[LD_NOT_STARTED_LIMIT], 0);
	load_clear(&load);
}

static void
blocking_drivers_take_arrivals_too(void **state)
{
	struct load load;

	(void)state;
	run(&load,
	    RUN("fake_blocking_user",
		"\"arrival\":{\"rate\":500,\"limit\":20},\"passes\":40",
		"{\"nap\":\"2ms\"},{\"nap\":\"1ms\"}"),
	    2);
	assert_int_equal(load.outcome.ledger.planned,
	    load.samples +
		load.outcome.ledger.not_started[LD_NOT_STARTED_LIMIT]);
	assert_true(load.successes > 0);
	load_clear(&load);
}

static void
a_list_of_the_plan_is_what_arrives(void **state)
{
	struct load load;

	(void)state;
	run(&load,
	    "{\"type\":\"config\",\"user\":\"null_user\",\"arrival\":{\"from\":"
	    "\"records\"}}\n{\"type\":\"task\"}\n"
	    "{\"type\":\"arrival\",\"arrival\":9,\"due_ns\":20000000}\n"
	    "{\"type\":\"arrival\",\"arrival\":4,\"due_ns\":0}\n"
	    "{\"type\":\"arrival\",\"arrival\":9,\"due_ns\":1000}\n",
	    2);
	assert_int_equal(load.samples, 3);
	assert_string_equal(load.reason, "schedule");
	load_clear(&load);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
		    every_arrival_before_the_end_is_started, load_fakes_setup),
		cmocka_unit_test_setup(
		    threads_do_not_change_what_is_sent, load_fakes_setup),
		cmocka_unit_test_setup(
		    passes_end_a_run_at_once, load_fakes_setup),
		cmocka_unit_test_setup(
		    fewer_arrivals_than_passes_asks_for_are_no_passes,
		    load_fakes_setup),
		cmocka_unit_test_setup(
		    stages_that_end_in_nothing_end_a_run, load_fakes_setup),
		cmocka_unit_test_setup(
		    an_arrival_that_finds_no_session_is_counted,
		    load_fakes_setup),
		cmocka_unit_test_setup(
		    a_session_serves_one_arrival_after_the_other,
		    load_fakes_setup),
		cmocka_unit_test_setup(
		    a_session_that_is_kept_is_not_freshened, load_fakes_setup),
		cmocka_unit_test_setup(
		    passes_that_began_in_time_go_on_behind_the_end,
		    load_fakes_setup),
		cmocka_unit_test_setup(the_grace_bounds_them, load_fakes_setup),
		cmocka_unit_test_setup(
		    a_backlog_is_caught_up_and_its_lag_is_told,
		    load_fakes_setup),
		cmocka_unit_test_setup(
		    blocking_drivers_take_arrivals_too, load_fakes_setup),
		cmocka_unit_test_setup(
		    a_list_of_the_plan_is_what_arrives, load_fakes_setup),
	};

	return cmocka_run_group_tests_name(
	    "engine_open", tests, load_fakes_register, NULL);
}
