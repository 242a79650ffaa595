/* SPDX-License-Identifier: MIT */
/* The engine on the null driver: what is recorded, and when it ends. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "load.h"

#define NULL_RUN(more)                                                       \
	"[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":\"null_user\"}" \
	"," more                                                             \
	",\"tasks\":[{\"name\":\"a\"},{\"name\":\"b\",\"fail_every\":3}]}]]"

#define PASSES                                                         \
	NULL_RUN("\"user_count\":20,\"spawn_rate\":100000,\"wait\":0," \
		 "\"passes\":50,\"seed\":7")
#define FOREVER                                                            \
	NULL_RUN("\"user_count\":4,\"spawn_rate\":1000,\"wait\":0,\"test_" \
		 "time\":null")

static void
every_started_exchange_is_one_sample_and_the_ledger_balances(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	load_whole(&load, PASSES);
	assert_int_equal(load.samples, 20 * 50 * 2);
	assert_int_equal(load.outcome.ledger.started, load.samples);
	assert_int_equal(load.failures, 20 * (100 / 2 / 3));
	assert_int_equal(load.successes + load.failures, load.samples);
	assert_string_equal(load.reason, "passes");
	load_clear(&load);
}

static void
two_threads_send_the_same_multiset_as_one(void **state)
{
	struct load one, two;

	(void)state;
	load_init(&one);
	load_whole(&one, PASSES);
	load_init(&two);
	two.options.run.threads = 2;
	load_whole(&two, PASSES);
	assert_int_equal(one.samples, two.samples);
	assert_true(one.fingerprint == two.fingerprint);
	load_clear(&one);
	load_clear(&two);
}

static void
time_ends_a_run(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	load_whole(&load,
	    NULL_RUN("\"user_count\":3,\"spawn_rate\":100,\"test_time\":0.3"));
	assert_string_equal(load.reason, "time");
	assert_true(load.samples > 0);
	load_clear(&load);
}

static void
users_that_would_start_after_the_end_never_start(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	load_whole(
	    &load, NULL_RUN("\"user_count\":1000,\"spawn_rate\":1,\"passes\":1,"
			    "\"test_time\":0.2"));
	assert_string_equal(load.reason, "time");
	assert_int_equal(load.samples, 2);
	load_clear(&load);
}

static void
what_was_planned_does_not_depend_on_how_late_a_thread_looks(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	load.options.run.threads = 2;
	/* User u is due at u ms: 300 of them before the end. */
	load_whole(&load,
	    "[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":"
	    "\"null_user\"},\"user_count\":1000,\"spawn_rate\":1000,"
	    "\"passes\":1,\"test_time\":0.3,\"tasks\":[{\"name\":\"a\"}]}]]");
	assert_int_equal(load.outcome.ledger.planned, 300);
	assert_int_equal(load.outcome.ledger.started +
			     ld_ledger_not_started(&load.outcome.ledger),
	    300);
	load_clear(&load);
}

struct stopper {
	struct ld_control control;
	struct timespec after;
};

static void *
stop_soon(void *opaque)
{
	struct stopper *stopper = opaque;

	nanosleep(&stopper->after, NULL);
	atomic_store(&stopper->control.reason, "signal");
	atomic_store(&stopper->control.stop, 1);
	return NULL;
}

static void
a_stop_ends_it_with_an_exact_end_record(void **state)
{
	struct stopper stopper = { .after = { .tv_nsec = 150000000 } };
	struct load load;
	pthread_t thread;

	(void)state;
	load_init(&load);
	load.options.run.control = &stopper.control;
	load.options.run.threads = 2;
	pthread_create(&thread, NULL, stop_soon, &stopper);
	load_whole(&load, FOREVER);
	pthread_join(thread, NULL);
	assert_string_equal(load.reason, "signal");
	assert_true(load.samples > 0);
	load_clear(&load);
}

static void
samples_of_failures_only_leave_the_counts_whole(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	load.options.run.samples = LD_SAMPLES_FAILURES;
	load_whole(&load, PASSES);
	assert_int_equal(load.samples, load.failures);
	assert_int_equal(load.outcome.ledger.started, 2000);
	load_clear(&load);
}

static void
a_share_of_the_samples_is_the_same_share_every_time(void **state)
{
	struct load one, two;

	(void)state;
	load_init(&one);
	one.options.run.samples = LD_SAMPLES_RATE;
	one.options.run.sample_rate = 0.25;
	load_whole(&one, PASSES);
	assert_in_range(one.samples, 400, 600);
	load_init(&two);
	two.options.run = one.options.run;
	two.options.run.threads = 2;
	load_whole(&two, PASSES);
	assert_true(one.fingerprint == two.fingerprint);
	load_clear(&one);
	load_clear(&two);
}

/* A reader that takes nothing while the run goes on, and all afterwards. */
struct lazy_reader {
	int from, to;
	_Atomic bool go;
};

static void *
read_lazily(void *opaque)
{
	struct lazy_reader *r = opaque;
	struct timespec ms = { .tv_nsec = 1000000 };
	char buf[65536];
	ssize_t n;

	while (!atomic_load(&r->go))
		nanosleep(&ms, NULL);
	while ((n = read(r->from, buf, sizeof(buf))) > 0) {
		if (write(r->to, buf, (size_t)n) != n)
			break;
	}
	return NULL;
}

static void *
go_later(void *opaque)
{
	struct lazy_reader *r = opaque;
	struct timespec half = { .tv_nsec = 700000000 };

	nanosleep(&half, NULL);
	atomic_store(&r->go, true);
	return NULL;
}

static void
run_with_lazy_reader(struct load *load, const char *plan, uint64_t spill_max)
{
	struct lazy_reader r = { .to = load->fd };
	pthread_t reader, starter;
	int file = load->fd, pipes[2];

	assert_int_equal(pipe(pipes), 0);
	r.from = pipes[0];
	load->fd = pipes[1];
	load->spill_max_bytes = spill_max;
	pthread_create(&reader, NULL, read_lazily, &r);
	pthread_create(&starter, NULL, go_later, &r);
	load_run(load, plan);
	close(pipes[1]);
	pthread_join(starter, NULL);
	pthread_join(reader, NULL);
	close(pipes[0]);
	load->fd = file;
	assert_int_equal(load->status, LD_OK);
	load_read(load);
}

static void
a_reader_that_stops_costs_nothing_while_the_spill_has_room(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	/* Some 20 MB in half a second: more than memory and pipe hold. */
	run_with_lazy_reader(&load,
	    NULL_RUN("\"user_count\":80,\"spawn_rate\":100000,"
		     "\"wait\":\"1ms\",\"test_time\":0.5"),
	    (uint64_t)4 << 30);
	assert_int_equal(ld_ledger_shed(&load.outcome.ledger), 0);
	assert_int_equal(load.samples, load.outcome.ledger.started);
	load_clear(&load);
}

static void
without_a_spill_samples_are_shed_and_counted(void **state)
{
	struct load load;
	char name[801], plan[2048];

	(void)state;
	load_init(&load);
	/* Long samples, so that even a slow build makes more in half a second
	 * than memory and pipe hold. */
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(plan, sizeof(plan),
	    "[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":"
	    "\"null_user\"},\"user_count\":4,\"spawn_rate\":1000,\"wait\":0,"
	    "\"test_time\":0.5,\"tasks\":[{\"name\":\"%s\"}]}]]",
	    name);
	run_with_lazy_reader(&load, plan, 0);
	assert_true(load.outcome.ledger.shed[LD_SHED_SPILL] > 0);
	assert_int_equal(load.samples + ld_ledger_shed(&load.outcome.ledger),
	    load.outcome.ledger.started);
	load_clear(&load);
}

static void *
read_a_little(void *opaque)
{
	int *from = opaque;
	char buf[4096];
	size_t got = 0;
	ssize_t n;

	while (got < sizeof(buf) && (n = read(*from, buf, sizeof(buf))) > 0)
		got += (size_t)n;
	close(*from);
	return NULL;
}

static void
a_reader_that_leaves_ends_the_run(void **state)
{
	struct load load;
	pthread_t reader;
	int pipes[2];

	(void)state;
	load_init(&load);
	close(load.fd);
	assert_int_equal(pipe(pipes), 0);
	load.fd = pipes[1];
	pthread_create(&reader, NULL, read_a_little, &pipes[0]);
	load_run(&load, FOREVER);
	pthread_join(reader, NULL);
	assert_int_equal(load.outcome.runs, 1);
	assert_true(load.outcome.ledger.started > 0);
	assert_true(ld_ledger_balances(&load.outcome.ledger));
	load_clear(&load);
}

static void
a_reader_that_never_came_does_not_hold_a_run(void **state)
{
	struct load load;
	int pipes[2];

	(void)state;
	load_init(&load);
	close(load.fd);
	assert_int_equal(pipe(pipes), 0);
	close(pipes[0]);
	load.fd = pipes[1];
	load_run(&load, FOREVER);
	assert_true(load.outcome.runs <= 1);
	assert_true(ld_ledger_balances(&load.outcome.ledger));
	load_clear(&load);
}

static void
a_full_disk_is_an_error_and_ends_the_run(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	close(load.fd);
	load.fd = open("/dev/full", O_WRONLY);
	if (load.fd < 0)
		skip();
	load_run(&load, FOREVER);
	assert_true(load.status == LD_OK || load.status == LD_IO);
	assert_true(ld_ledger_balances(&load.outcome.ledger));
	load_clear(&load);
}

static void
a_run_without_tasks_is_refused_before_it_starts(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	load_run(&load, "[[\"LD_start_test\",{\"user_detail_dict\":"
			"{\"user\":\"null_user\"},\"tasks\":[]}]]");
	assert_int_equal(load.status, LD_INVALID);
	assert_int_equal(load.outcome.runs, 0);
	load_clear(&load);
}

static void
an_error_in_a_later_run_stops_the_first_from_starting(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	load_run(&load, "[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":"
			"\"null_user\"},"
			"\"passes\":1,\"tasks\":[{\"name\":\"a\"}]}],\n"
			" [\"LD_start_test\",{\"user_detail_dict\":{\"user\":"
			"\"null_user\"},"
			"\"passes\":1,\"tasks\":[{\"nmae\":\"a\"}]}]]");
	assert_int_equal(load.status, LD_INVALID);
	assert_int_equal(load.err.line, 2);
	assert_non_null(strstr(load.err.text, "'name'"));
	assert_int_equal(load.outcome.runs, 0);
	load_clear(&load);
}

static void
a_failing_action_does_not_stop_the_rest(void **state)
{
	struct load load;

	(void)state;
	load_init(&load);
	load_whole(&load,
	    "[[\"LD_summary\"],"
	    "[\"LD_start_test\",{\"user_detail_dict\":{\"user\":\"null_user\"},"
	    "\"user_count\":1,\"passes\":1,\"tasks\":[{\"name\":\"a\"}]}],"
	    "[\"LD_summary\"]]");
	assert_int_equal(load.outcome.actions_failed, 1);
	assert_int_equal(load.outcome.runs, 1);
	assert_int_equal(load.samples, 1);
	load_clear(&load);
}

int
main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(every_started_exchange_is_one_sample_and_the_ledger_balances),
		T(two_threads_send_the_same_multiset_as_one),
		T(time_ends_a_run),
		T(users_that_would_start_after_the_end_never_start),
		T(what_was_planned_does_not_depend_on_how_late_a_thread_looks),
		T(a_stop_ends_it_with_an_exact_end_record),
		T(samples_of_failures_only_leave_the_counts_whole),
		T(a_share_of_the_samples_is_the_same_share_every_time),
		T(a_reader_that_stops_costs_nothing_while_the_spill_has_room),
		T(without_a_spill_samples_are_shed_and_counted),
		T(a_reader_that_leaves_ends_the_run),
		T(a_reader_that_never_came_does_not_hold_a_run),
		T(a_full_disk_is_an_error_and_ends_the_run),
		T(a_run_without_tasks_is_refused_before_it_starts),
		T(an_error_in_a_later_run_stops_the_first_from_starting),
		T(a_failing_action_does_not_stop_the_rest),
	};
#undef T

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
