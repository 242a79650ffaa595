/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <ld/ledger.h>

static struct ld_ledger
balanced(void)
{
	struct ld_ledger l = { .planned = 20,
		.started = 15,
		.success = 7,
		.aborted = 2,
		.in_flight = 1,
		.wire = 16 };

	l.not_started[LD_NOT_STARTED_LIMIT] = 4;
	l.not_started[LD_NOT_STARTED_LOCAL] = 1;
	l.failure[LD_CLASS_RESET] = 3;
	l.failure[LD_CLASS_STATUS] = 2;
	l.shed[LD_SHED_READER] = 9;
	return l;
}

static void
names_lead_back_to_their_class(void **state)
{
	(void)state;
	for (int i = 0; i < LD_CLASS_N; i++) {
		const char *name = ld_class_name((enum ld_class)i);

		assert_int_equal(ld_class_find(name, strlen(name)), i);
		if (i != LD_CLASS_NONE)
			assert_true(
			    ld_class_advice((enum ld_class)i)[0] != '\0');
	}
	assert_int_equal(ld_class_find("rese", 4), LD_CLASS_N);
	assert_int_equal(ld_class_find("resets", 6), LD_CLASS_N);
	assert_string_equal(ld_class_name(LD_CLASS_N), "?");
	assert_string_equal(ld_outcome_name(LD_FAILURE), "failure");
	assert_string_equal(ld_phase_name(LD_PHASE_TTFB), "ttfb");
	assert_string_equal(
	    ld_not_started_name(LD_NOT_STARTED_BUDGET), "budget");
	assert_string_equal(ld_shed_name(LD_SHED_SPILL), "spill");
	assert_string_equal(ld_shed_name(LD_SHED_N), "?");
}

static void
local_and_timeout_classes_are_told_by_name(void **state)
{
	(void)state;
	for (int i = 0; i < LD_CLASS_N; i++) {
		enum ld_class cls = (enum ld_class)i;
		const char *name = ld_class_name(cls);

		assert_int_equal(
		    ld_class_is_local(cls), strncmp(name, "local_", 6) == 0);
		assert_int_equal(ld_class_is_timeout(cls),
		    strncmp(name, "timeout_", 8) == 0);
	}
}

static void
the_laws_are_checked(void **state)
{
	struct ld_ledger l = balanced();
	uint64_t *const terms[] = { &l.planned, &l.started, &l.success,
		&l.aborted, &l.in_flight, &l.not_started[0],
		&l.failure[LD_CLASS_N - 1] };

	(void)state;
	assert_true(ld_ledger_balances(&l));
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		++*terms[i];
		assert_false(ld_ledger_balances(&l));
		--*terms[i];
	}
	l.wire++;
	l.shed[0]++;
	assert_true(ld_ledger_balances(&l));
	assert_int_equal(ld_ledger_not_started(&l), 5);
	assert_int_equal(ld_ledger_failures(&l), 5);
	assert_int_equal(ld_ledger_shed(&l), 10);
}

static void
adding_sums_flows_and_takes_the_level(void **state)
{
	struct ld_ledger sum = balanced(), more = balanced();

	(void)state;
	more.in_flight = 0;
	more.success++;
	ld_ledger_add(&sum, &more);
	assert_int_equal(sum.planned, 40);
	assert_int_equal(sum.success, 15);
	assert_int_equal(sum.failure[LD_CLASS_RESET], 6);
	assert_int_equal(sum.shed[LD_SHED_READER], 18);
	assert_int_equal(sum.in_flight, 0);
	sum.planned = UINT64_MAX - 1;
	ld_ledger_add(&sum, &more);
	assert_true(sum.planned == UINT64_MAX);
}

static void
a_ledger_comes_back_as_it_was(void **state)
{
	static const char text[] =
	    "{\"planned\":20,\"not_started\":{\"limit\":4,\"local\":1},"
	    "\"started\":15,\"success\":7,\"failure\":{\"reset\":3,"
	    "\"status\":2},\"aborted\":2,\"in_flight\":1,\"wire\":16,"
	    "\"shed\":{\"reader\":9}}";
	struct ld_ledger l = balanced(), back;
	struct ld_err err = LD_ERR_INIT;
	struct ld_json json;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 4096);
	ld_ledger_write(&l, &out);
	assert_string_equal(ld_buf_str(&out), text);
	ld_json_init(&json);
	assert_int_equal(
	    ld_json_parse(&json, out.data, out.len, 0, &err), LD_OK);
	assert_int_equal(
	    ld_ledger_read(&back, &json, LD_JSON_ROOT, &err), LD_OK);
	assert_memory_equal(&back, &l, sizeof l);
	ld_json_clear(&json);
	ld_buf_clear(&out);
}

static enum ld_status
read_text(const char *text, struct ld_ledger *out)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_json json;
	enum ld_status st;

	ld_json_init(&json);
	assert_int_equal(
	    ld_json_parse(&json, text, strlen(text), 0, &err), LD_OK);
	st = ld_ledger_read(out, &json, LD_JSON_ROOT, &err);
	if (st != LD_OK)
		assert_true(err.text[0] != '\0');
	ld_json_clear(&json);
	return st;
}

#define REST                                                       \
	"\"planned\":5,\"started\":5,\"success\":0,\"aborted\":0," \
	"\"in_flight\":0,\"wire\":0"

static void
unknown_names_are_counted_so_that_sums_stay_right(void **state)
{
	struct ld_ledger l;

	(void)state;
	assert_int_equal(
	    read_text("{" REST ",\"failure\":{\"quantum\":2,\"x\":1,"
		      "\"internal\":1,\"reset\":1},\"shed\":{\"?\":3},"
		      "\"not_started\":{\"moon\":4}}",
		&l),
	    LD_OK);
	assert_int_equal(l.failure[LD_CLASS_INTERNAL], 4);
	assert_int_equal(l.failure[LD_CLASS_RESET], 1);
	assert_int_equal(ld_ledger_shed(&l), 3);
	assert_int_equal(l.not_started[LD_NOT_STARTED_N - 1], 4);
}

static void
what_is_no_ledger_is_refused_and_changes_nothing(void **state)
{
	static const char *const bad[] = { "[]", "{}", "{\"planned\":1}",
		"{" REST ",\"wire\":-1}", "{" REST ",\"wire\":1.5}",
		"{" REST ",\"wire\":\"1\"}", "{" REST ",\"failure\":[]}",
		"{" REST ",\"failure\":{\"reset\":null}}",
		"{" REST ",\"shed\":7}" };
	struct ld_ledger l = balanced(), was = l;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(read_text(bad[i], &l), LD_INVALID);
	assert_memory_equal(&l, &was, sizeof l);
}

int
main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(names_lead_back_to_their_class),
		T(local_and_timeout_classes_are_told_by_name),
		T(the_laws_are_checked),
		T(adding_sums_flows_and_takes_the_level),
		T(a_ledger_comes_back_as_it_was),
		T(unknown_names_are_counted_so_that_sums_stay_right),
		T(what_is_no_ledger_is_refused_and_changes_nothing),
	};
#undef T

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
