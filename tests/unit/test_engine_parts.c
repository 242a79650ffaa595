/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ld/rng.h>
#include <ld/time.h>

#include "engine/heap.h"
#include "engine/pace.h"
#include "engine/ring.h"
#include "engine/validity.h"

static void
user_u_starts_at_u_over_the_spawn_rate(void **state)
{
	(void)state;
	assert_true(ldi_pace_user_start_ns(0, 10) == 0);
	assert_true(ldi_pace_user_start_ns(1, 10) == 100000000);
	assert_true(ldi_pace_user_start_ns(49, 10) == UINT64_C(4900000000));
	assert_true(ldi_pace_user_start_ns(1, 3) == 333333333);
	assert_true(ldi_pace_user_start_ns(1, 1e-12) == UINT64_MAX);
}

static void
a_wait_lies_in_its_range_and_depends_only_on_seed_user_and_pass(void **state)
{
	struct ld_range_ns wait = { 100, 200 };
	unsigned seen_low = 0, seen_high = 0;

	(void)state;
	for (uint64_t u = 0; u < 200; u++) {
		for (uint32_t p = 0; p < 20; p++) {
			uint64_t w = ldi_pace_wait_ns(&wait, 7, u, p);

			assert_in_range(w, 100, 200);
			assert_true(w == ldi_pace_wait_ns(&wait, 7, u, p));
			seen_low += w < 110;
			seen_high += w > 190;
		}
	}
	assert_true(seen_low > 200 && seen_high > 200);
	wait.max_ns = 100;
	assert_true(ldi_pace_wait_ns(&wait, 7, 1, 1) == 100);
}

static void
every_user_belongs_to_exactly_one_thread_of_one_shard(void **state)
{
	(void)state;
	for (uint64_t user = 0; user < 1000; user++) {
		int owners = 0;

		for (unsigned shard = 0; shard < 3; shard++) {
			for (unsigned thread = 0; thread < 4; thread++)
				owners +=
				    ldi_pace_is_mine(user, 3, shard, 4, thread);
		}
		assert_int_equal(owners, 1);
	}
}

static void
rows_are_dealt_without_repeats(void **state)
{
	char seen[50 * 20] = { 0 };

	(void)state;
	for (uint64_t user = 0; user < 50; user++) {
		for (uint32_t pass = 0; pass < 20; pass++) {
			uint64_t row = ldi_pace_row(user, pass, 50);

			assert_true(row < sizeof(seen));
			assert_int_equal(seen[row], 0);
			seen[row] = 1;
		}
	}
}

static void
timers_come_out_in_order_whatever_is_moved_or_removed(void **state)
{
	enum { N = 500 };
	struct ld_rng_key key = { .seed = 3 };
	struct ldi_timer timers[N];
	struct ldi_heap heap;
	uint64_t last = 0;
	size_t left = 0;

	(void)state;
	assert_int_equal(ldi_heap_init(&heap, N, NULL), LD_OK);
	for (uint32_t i = 0; i < N; i++) {
		timers[i].place = LDI_TIMER_OFF;
		ldi_heap_set(&heap, &timers[i], ld_rng_below(&key, i, 10000));
	}
	for (uint32_t i = 0; i < N; i += 2)
		ldi_heap_set(
		    &heap, &timers[i], ld_rng_below(&key, N + i, 10000));
	for (uint32_t i = 0; i < N; i += 5)
		ldi_heap_remove(&heap, &timers[i]);
	ldi_heap_remove(&heap, &timers[0]);
	for (struct ldi_timer *t; (t = ldi_heap_top(&heap)) != NULL; left++) {
		assert_true(t->due_ns >= last);
		last = t->due_ns;
		ldi_heap_remove(&heap, t);
		assert_true(t->place == LDI_TIMER_OFF);
	}
	assert_int_equal(left, N - N / 5);
	ldi_heap_clear(&heap);
}

static void
a_timer_is_moved_only_when_it_would_fire_too_late(void **state)
{
	struct ldi_timer timer = { .place = LDI_TIMER_OFF };
	struct ldi_heap heap;

	(void)state;
	assert_int_equal(ldi_heap_init(&heap, 1, NULL), LD_OK);
	ldi_heap_by(&heap, &timer, 100);
	ldi_heap_by(&heap, &timer, 200);
	assert_true(timer.due_ns == 100);
	ldi_heap_by(&heap, &timer, 50);
	assert_true(timer.due_ns == 50);
	ldi_heap_clear(&heap);
}

static void
a_ring_gives_back_in_order_and_refuses_when_full(void **state)
{
	struct ldi_ring ring;
	int items[5];
	int pushed = 0;

	(void)state;
	assert_int_equal(ldi_ring_init(&ring, 4, NULL), LD_OK);
	for (int round = 0; round < 10; round++) {
		while (pushed < 5 && ldi_ring_push(&ring, &items[pushed]))
			pushed++;
		assert_int_equal(pushed, 4);
		for (int i = 0; i < 4; i++)
			assert_ptr_equal(ldi_ring_pop(&ring), &items[i]);
		assert_null(ldi_ring_pop(&ring));
		pushed = 0;
	}
	ldi_ring_clear(&ring);
}

static struct ld_ledger
balanced(void)
{
	struct ld_ledger ledger = {
		.planned = 100, .started = 100, .success = 100, .wire = 100
	};

	return ledger;
}

static enum ld_validity
judge(const struct ldi_stream *s, const struct ld_ledger *ledger,
    struct ldi_judgement *verdict)
{
	struct ld_thresholds thresholds;

	ld_thresholds_init(&thresholds);
	ldi_validity_judge(s, ledger, NULL, &thresholds, verdict);
	return verdict->state;
}

static void
a_run_on_time_is_valid(void **state)
{
	struct ldi_stream s = { .starts = 100, .late = 1, .seconds = 10 };
	struct ld_ledger ledger = balanced();
	struct ldi_judgement why;

	(void)state;
	assert_int_equal(judge(&s, &ledger, &why), LD_RUN_VALID);
	assert_int_equal(why.n, 0);
}

static void
late_starts_degrade_and_then_invalidate(void **state)
{
	struct ldi_stream s = { .starts = 1000, .late = 20, .seconds = 10 };
	struct ld_ledger ledger = balanced();
	struct ldi_judgement why;

	(void)state;
	assert_int_equal(judge(&s, &ledger, &why), LD_RUN_DEGRADED);
	assert_int_equal(why.n, 1);
	s.late = 60;
	assert_int_equal(judge(&s, &ledger, &why), LD_RUN_INVALID);
	assert_non_null(strstr(why.reasons[0].text, "6.0 %"));
}

static void
one_late_start_among_few_does_not_invalidate(void **state)
{
	struct ldi_stream s = { .starts = 1, .late = 1, .seconds = 1 };
	struct ld_ledger ledger = balanced();
	struct ldi_judgement why;

	(void)state;
	assert_int_equal(judge(&s, &ledger, &why), LD_RUN_DEGRADED);
}

static void
a_local_failure_or_a_broken_ledger_invalidates(void **state)
{
	struct ldi_stream s = { .starts = 100, .seconds = 10 };
	struct ld_ledger ledger = balanced();
	struct ldi_judgement why;

	(void)state;
	ledger.success = 99;
	ledger.failure[LD_CLASS_LOCAL_PORTS] = 1;
	assert_int_equal(judge(&s, &ledger, &why), LD_RUN_INVALID);
	ledger = balanced();
	ledger.planned = 99;
	assert_int_equal(judge(&s, &ledger, &why), LD_RUN_INVALID);
}

static void
shedding_and_busy_threads_degrade(void **state)
{
	struct ldi_stream s = {
		.starts = 100, .seconds = 10, .busy_seconds = 6
	};
	struct ld_ledger ledger = balanced();
	struct ldi_judgement why;

	(void)state;
	ledger.shed[LD_SHED_SPILL] = 3;
	assert_int_equal(judge(&s, &ledger, &why), LD_RUN_DEGRADED);
	assert_int_equal(why.n, 2);
}

int
main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(user_u_starts_at_u_over_the_spawn_rate),
		T(a_wait_lies_in_its_range_and_depends_only_on_seed_user_and_pass),
		T(every_user_belongs_to_exactly_one_thread_of_one_shard),
		T(rows_are_dealt_without_repeats),
		T(timers_come_out_in_order_whatever_is_moved_or_removed),
		T(a_timer_is_moved_only_when_it_would_fire_too_late),
		T(a_ring_gives_back_in_order_and_refuses_when_full),
		T(a_run_on_time_is_valid),
		T(late_starts_degrade_and_then_invalidate),
		T(one_late_start_among_few_does_not_invalidate),
		T(a_local_failure_or_a_broken_ledger_invalidates),
		T(shedding_and_busy_threads_degrade),
	};
#undef T

	return cmocka_run_group_tests_name("engine parts", tests, NULL, NULL);
}
