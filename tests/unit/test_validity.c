/* SPDX-License-Identifier: MIT */
/* Clocks that did not go as they should, and thresholds in words. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ld/time.h>

#include "engine/validity.h"

#define MS LD_NS_PER_MS
#define EVERY (50 * MS)

static struct ldi_clocks now;
static struct ldi_clockwatch watch;

static int
setup(void **state)
{
	(void)state;
	now = (struct ldi_clocks){ 1000 * MS, 5000 * MS,
		UINT64_C(1700000000) * LD_NS_PER_S };
	ldi_clockwatch_begin(&watch, &now, EVERY);
	return 0;
}

/* All clocks go on, and the later two a little further. */
static struct ldi_clocknews
pass(uint64_t ns, int64_t asleep, int64_t stepped)
{
	now.monotonic += ns;
	now.boot += ns + (uint64_t)asleep;
	now.wall += ns + (uint64_t)asleep + (uint64_t)stepped;
	return ldi_clockwatch_look(&watch, &now);
}

static void
clocks_that_agree_are_no_news(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct ldi_clocknews news =
		    pass(EVERY + (uint64_t)i % 7 * MS, 0, i % 3 - 1);

		assert_int_equal(news.stall_ns, 0);
		assert_int_equal(news.step_ns, 0);
		assert_int_equal(news.suspend_ns, 0);
	}
	assert_int_equal(watch.step_ns, 0);
}

static void
a_step_is_seen_either_way_and_the_largest_counts(void **state)
{
	(void)state;
	assert_int_equal(pass(EVERY, 0, 3600000 * (int64_t)MS).step_ns,
	    UINT64_C(3600000) * MS);
	assert_int_equal(pass(EVERY, 0, -90 * (int64_t)MS).step_ns, 90 * MS);
	assert_int_equal(pass(EVERY, 0, 10 * (int64_t)MS).step_ns, 0);
	assert_int_equal(watch.step_ns, UINT64_C(3600000) * MS);
	assert_int_equal(watch.suspend_ns, 0);
}

static void
many_small_steps_are_a_large_one(void **state)
{
	int told = 0;

	(void)state;
	for (int i = 0; i < 400; i++)
		told += pass(EVERY, 0, (int64_t)MS).step_ns > 0;
	assert_in_range(told, 5, 8);
	assert_in_range(watch.step_ns, 300 * MS, 400 * MS);
}

static void
slewing_is_no_step(void **state)
{
	(void)state;
	/* 500 parts in a million for ten hours. */
	for (int i = 0; i < 36000; i++)
		assert_int_equal(
		    pass(1000 * MS, 0, (int64_t)(MS / 2)).step_ns, 0);
	assert_int_equal(watch.step_ns, 0);
}

static void
a_clock_that_goes_back_is_no_stall(void **state)
{
	(void)state;
	now.monotonic -= 10 * MS;
	assert_int_equal(ldi_clockwatch_look(&watch, &now).stall_ns, 0);
	assert_int_equal(watch.stall_ns, 0);
}

static void
a_suspension_is_no_step_and_adds_up(void **state)
{
	struct ldi_clocknews news;

	(void)state;
	news = pass(EVERY, 7000 * (int64_t)MS, 0);
	assert_int_equal(news.suspend_ns, 7000 * MS);
	assert_int_equal(news.step_ns, 0);
	(void)pass(EVERY, 3000 * (int64_t)MS, 0);
	assert_int_equal(watch.suspend_ns, 10000 * MS);
}

static void
a_stall_is_what_is_longer_than_a_look(void **state)
{
	(void)state;
	assert_int_equal(pass(EVERY + 200 * MS, 0, 0).stall_ns, 0);
	assert_int_equal(pass(EVERY + 5000 * MS, 0, 0).stall_ns, 5000 * MS);
	assert_int_equal(pass(EVERY + 1000 * MS, 0, 0).stall_ns, 1000 * MS);
	assert_int_equal(watch.stall_ns, 5000 * MS);
}

/* -- thresholds ----------------------------------------------------------- */

static enum ld_validity
judge(const struct ldi_stream *s, const struct ld_ledger *ledger,
    const struct ldi_clockwatch *clocks, const char *threshold,
    struct ldi_judgement *out)
{
	struct ld_thresholds thresholds;
	struct ld_err err = LD_ERR_INIT;

	ld_thresholds_init(&thresholds);
	if (threshold != NULL)
		assert_int_equal(
		    ld_thresholds_set(&thresholds, threshold, &err), LD_OK);
	ldi_validity_judge(s, ledger, clocks, &thresholds, out);
	return out->state;
}

static void
each_rule_holds_at_its_threshold_and_breaks_above(void **state)
{
	struct ldi_stream s = { .starts = 1000, .seconds = 100 };
	struct ld_ledger ledger = {
		.planned = 1000, .started = 1000, .success = 1000, .wire = 1000
	};
	struct ldi_judgement j;

	(void)state;
	s.late = 10;
	assert_int_equal(judge(&s, &ledger, NULL, NULL, &j), LD_RUN_VALID);
	s.late = 11;
	assert_int_equal(judge(&s, &ledger, NULL, NULL, &j), LD_RUN_DEGRADED);
	assert_int_equal(j.reasons[0].rule, LD_RULE_LATE);
	s.late = 50;
	assert_int_equal(judge(&s, &ledger, NULL, NULL, &j), LD_RUN_DEGRADED);
	s.late = 51;
	assert_int_equal(judge(&s, &ledger, NULL, NULL, &j), LD_RUN_INVALID);
	assert_int_equal(
	    judge(&s, &ledger, NULL, "late=10%:20%", &j), LD_RUN_VALID);
	assert_int_equal(
	    judge(&s, &ledger, NULL, "late=0.05:off", &j), LD_RUN_DEGRADED);
	assert_int_equal(
	    judge(&s, &ledger, NULL, "late=off", &j), LD_RUN_VALID);
	s.late = 0;
	s.busy_seconds = 51;
	assert_int_equal(judge(&s, &ledger, NULL, NULL, &j), LD_RUN_DEGRADED);
	assert_int_equal(
	    judge(&s, &ledger, NULL, "busy=10%:40%", &j), LD_RUN_INVALID);
	s.busy_seconds = 0;
	ledger.shed[LD_SHED_SPILL] = 5;
	assert_int_equal(judge(&s, &ledger, NULL, NULL, &j), LD_RUN_DEGRADED);
	assert_int_equal(judge(&s, &ledger, NULL, "shed=5", &j), LD_RUN_VALID);
	assert_int_equal(
	    judge(&s, &ledger, NULL, "shed=0:4", &j), LD_RUN_INVALID);
}

static void
clocks_invalidate(void **state)
{
	struct ldi_stream s = { .starts = 1, .seconds = 1 };
	struct ld_ledger ledger = {
		.planned = 1, .started = 1, .success = 1, .wire = 1
	};
	struct ldi_clockwatch clocks = { .step_ns = 101 * MS };
	struct ldi_judgement j;

	(void)state;
	assert_int_equal(judge(&s, &ledger, &clocks, NULL, &j), LD_RUN_INVALID);
	assert_int_equal(j.reasons[0].rule, LD_RULE_CLOCK);
	assert_int_equal(
	    judge(&s, &ledger, &clocks, "clock=1s", &j), LD_RUN_VALID);
	clocks = (struct ldi_clockwatch){ .suspend_ns = 2000 * MS };
	assert_int_equal(judge(&s, &ledger, &clocks, NULL, &j), LD_RUN_INVALID);
	assert_non_null(strstr(j.reasons[0].text, "suspended for 2.0 s"));
	clocks = (struct ldi_clockwatch){ .stall_ns = 600 * MS };
	assert_int_equal(
	    judge(&s, &ledger, &clocks, NULL, &j), LD_RUN_DEGRADED);
	clocks.stall_ns = 2001 * MS;
	assert_int_equal(judge(&s, &ledger, &clocks, NULL, &j), LD_RUN_INVALID);
	assert_true(j.reasons[0].threshold == 2e9);
}

static void
thresholds_that_make_no_sense_are_refused(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "late", "'late' is not NAME=DEGRADED:INVALID" },
		{ "lateness=1",
		    "there is no rule 'lateness'; there are late, busy, "
		    "missed, shed, local, clock, suspend and stall" },
		{ "lat=1", "there is no rule 'lat'; did you mean 'late'?" },
		{ "late=150%",
		    "late: '150%' is not a share such as 0.02 or 2%, or off" },
		{ "late=5%:1%",
		    "late: invalid from '1%' on would hide degraded" },
		{ "shed=1.5", "shed: '1.5' is not a count, or off" },
		{ "stall=:1s",
		    "stall: '' is not a duration such as 500ms, or off" },
		{ "clock=", "clock: '' is not a duration such as 500ms, or "
			    "off" },
	};
	struct ld_thresholds thresholds;

	(void)state;
	ld_thresholds_init(&thresholds);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ld_err err = LD_ERR_INIT;

		assert_int_equal(
		    ld_thresholds_set(&thresholds, rows[i].text, &err),
		    LD_INVALID);
		assert_string_equal(err.text, rows[i].want);
	}
	assert_true(thresholds.of[LD_RULE_LATE].degraded == 0.01);
	assert_true(isinf(thresholds.of[LD_RULE_MISSED].invalid));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(clocks_that_agree_are_no_news),
		T(a_step_is_seen_either_way_and_the_largest_counts),
		T(many_small_steps_are_a_large_one),
		T(slewing_is_no_step),
		T(a_clock_that_goes_back_is_no_stall),
		T(a_suspension_is_no_step_and_adds_up),
		T(a_stall_is_what_is_longer_than_a_look),
		T(each_rule_holds_at_its_threshold_and_breaks_above),
		T(clocks_invalidate),
		T(thresholds_that_make_no_sense_are_refused),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
