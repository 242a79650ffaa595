/* SPDX-License-Identifier: MIT */
/* The summary as JSON. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ld/json.h>

#include "report_figures.h"

static char *
summary_of(struct figures *f)
{
	char *text = figures_write(f, ldi_view_write_summary);

	assert_non_null(text);
	figures_free(f);
	return text;
}

static void
parse(struct ld_json *doc, const char *text)
{
	struct ld_err err = LD_ERR_INIT;

	ld_json_init(doc);
	assert_int_equal(
	    ld_json_parse(doc, text, strlen(text), 0, &err), LD_OK);
}

/* The keys of an object begin with these, in this order. */
static void
assert_keys(
    const struct ld_json *doc, ld_json_ref object, const char *const *keys)
{
	ld_json_ref key = ld_json_first(doc, object);

	for (; *keys != NULL; keys++) {
		assert_int_not_equal(key, LD_JSON_NONE);
		assert_true(ld_json_is(doc, key, *keys));
		key = ld_json_next(doc, object, key);
	}
}

static uint64_t
u64_at(const struct ld_json *doc, ld_json_ref object, const char *key)
{
	uint64_t value = 0;

	assert_true(ld_json_u64(doc, ld_json_get(doc, object, key), &value));
	return value;
}

static void
the_same_figures_give_the_same_bytes(void **state)
{
	char *text = summary_of(figures_demo());

	(void)state;
	figures_golden("demo.json", text);
	free(text);
}

static void
the_keys_of_the_original_come_first_in_its_order(void **state)
{
	static const char *const top[] = { "totals", "latency_overall",
		"per_name", "schema", NULL };
	static const char *const totals[] = { "requests", "successes",
		"failures", "failure_rate", NULL };
	static const char *const overall[] = { "count", "p50_ms", "p90_ms",
		"p95_ms", "p99_ms", "max_ms", NULL };
	static const char *const name[] = { "count", "min_ms", "max_ms",
		"mean_ms", "p50_ms", "p90_ms", "p95_ms", "p99_ms", NULL };
	char *text = summary_of(figures_demo());
	struct ld_json doc;
	ld_json_ref names;

	(void)state;
	parse(&doc, text);
	assert_keys(&doc, LD_JSON_ROOT, top);
	assert_keys(&doc, ld_json_get(&doc, LD_JSON_ROOT, "totals"), totals);
	assert_keys(
	    &doc, ld_json_get(&doc, LD_JSON_ROOT, "latency_overall"), overall);
	names = ld_json_get(&doc, LD_JSON_ROOT, "per_name");
	assert_int_equal(ld_json_count(&doc, names), 4);
	assert_keys(
	    &doc, ld_json_value(&doc, ld_json_first(&doc, names)), name);
	ld_json_clear(&doc);
	free(text);
}

static void
a_stream_that_is_not_whole_says_so_in_the_first_key(void **state)
{
	char *text = summary_of(figures_empty());

	(void)state;
	assert_non_null(strstr(text, "{\n  \"stream\": \"INCOMPLETE: begin"));
	assert_ptr_equal(text, strstr(text, "{\n  \"stream\""));
	free(text);
	text = summary_of(figures_few(1));
	assert_null(strstr(text, "\"stream\""));
	free(text);
}

static void
series_of_one_name_are_one_entry(void **state)
{
	struct figures *f = figures_new(3, 1);
	struct ld_json doc;
	ld_json_ref names, a, b;
	char *text;

	(void)state;
	f->run.series[0].name = "b";
	f->run.series[1].name = "a";
	f->run.series[2].name = "b";
	f->run.series[2].request_type = "POST";
	for (size_t i = 0; i < 9; i++)
		figures_add(
		    f, &(struct request){ .series = i % 3,
			   .service_ns = (i + 1) * MS,
			   .outcome = i == 8 ? LD_FAILURE : LD_SUCCESS,
			   .cls = i == 8 ? LD_CLASS_RESET : LD_CLASS_NONE,
			   .text = "" });
	figures_finish(f);
	text = summary_of(f);
	parse(&doc, text);
	names = ld_json_get(&doc, LD_JSON_ROOT, "per_name");
	assert_int_equal(ld_json_count(&doc, names), 2);
	assert_true(ld_json_is(&doc, ld_json_first(&doc, names), "b"));
	b = ld_json_get(&doc, names, "b");
	a = ld_json_get(&doc, names, "a");
	assert_int_equal(u64_at(&doc, b, "count"), 6);
	assert_int_equal(u64_at(&doc, b, "failures"), 1);
	assert_int_equal(u64_at(&doc, b, "min_ms"), 1);
	assert_int_equal(u64_at(&doc, b, "max_ms"), 9);
	assert_int_equal(u64_at(&doc, a, "count"), 3);
	ld_json_clear(&doc);
	free(text);
}

static void
foreign_text_stays_json_in_ascii(void **state)
{
	char *text = summary_of(figures_hostile());
	struct ld_json doc;

	(void)state;
	parse(&doc, text);
	for (const char *c = text; *c != '\0'; c++)
		assert_true((*c >= 0x20 && *c < 0x7f) || *c == '\n');
	assert_int_equal(text[strlen(text) - 1], '\n');
	ld_json_clear(&doc);
	free(text);
}

static void
nothing_counted_is_all_zeros(void **state)
{
	char *text = summary_of(figures_empty());
	struct ld_json doc;
	ld_json_ref totals, overall;

	(void)state;
	parse(&doc, text);
	totals = ld_json_get(&doc, LD_JSON_ROOT, "totals");
	overall = ld_json_get(&doc, LD_JSON_ROOT, "latency_overall");
	assert_int_equal(u64_at(&doc, totals, "requests"), 0);
	assert_int_equal(u64_at(&doc, totals, "failure_rate"), 0);
	assert_int_equal(u64_at(&doc, overall, "max_ms"), 0);
	ld_json_clear(&doc);
	free(text);
}

static void
too_few_values_are_named(void **state)
{
	char *text = summary_of(figures_few(60));
	struct ld_json doc;
	ld_json_ref few;

	(void)state;
	parse(&doc, text);
	few = ld_json_get(&doc,
	    ld_json_get(&doc, LD_JSON_ROOT, "service_overall"), "too_few");
	assert_int_equal(ld_json_count(&doc, few), 2);
	assert_true(ld_json_is(&doc, ld_json_at(&doc, few, 0), "p99_ms"));
	assert_true(ld_json_is(&doc, ld_json_at(&doc, few, 1), "p999_ms"));
	ld_json_clear(&doc);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_figures_give_the_same_bytes),
		cmocka_unit_test(
		    the_keys_of_the_original_come_first_in_its_order),
		cmocka_unit_test(
		    a_stream_that_is_not_whole_says_so_in_the_first_key),
		cmocka_unit_test(series_of_one_name_are_one_entry),
		cmocka_unit_test(foreign_text_stays_json_in_ascii),
		cmocka_unit_test(nothing_counted_is_all_zeros),
		cmocka_unit_test(too_few_values_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
