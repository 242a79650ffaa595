/* SPDX-License-Identifier: MIT */
/* The documents for programs: json, xml, csv, junit. */
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

static const struct {
	const char *golden;
	ldi_view_write_fn *write;
} formats[] = { { "demo.report.json", ldi_view_write_json },
	{ "demo.xml", ldi_view_write_xml }, { "demo.csv", ldi_view_write_csv },
	{ "demo.junit.xml", ldi_view_write_junit },
	{ "demo.github.md", ldi_view_write_github } };

#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

static char *
document(struct figures *f, size_t i)
{
	char *text = figures_write(f, formats[i].write);

	assert_non_null(text);
	return text;
}

static void
the_same_figures_give_the_same_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FORMATS; i++) {
		struct figures *f = figures_demo();
		char *text = document(f, i);

		figures_golden(formats[i].golden, text);
		free(text);
		figures_free(f);
	}
}

static void
a_stream_that_is_not_whole_comes_first_in_each(void **state)
{
	static const char *const want[N_FORMATS] = {
		"{\n  \"stream\": \"INCOMPLETE: the end is missing\",",
		"<report>\n\t<stream>INCOMPLETE: the end is missing</stream>",
		"\r\nincomplete,",
		"<error type=\"stream.incomplete\" "
		"message=\"INCOMPLETE: the end is missing\">",
		"## Load test\n\n**Stream:** INCOMPLETE\\: the end is missing\n"
	};

	(void)state;
	for (size_t i = 0; i < N_FORMATS; i++) {
		struct figures *f = figures_demo();
		char *text;

		f->run.wholeness = f->view.wholeness = LD_STREAM_INCOMPLETE;
		f->run.wholeness_text = "INCOMPLETE: the end is missing";
		text = document(f, i);
		assert_non_null(strstr(text, want[i]));
		free(text);
		figures_free(f);
	}
}

static void
an_invalid_run_is_an_error_and_no_failure_of_what_was_tested(void **state)
{
	static const char *const reasons[] = { "the clock <stepped>" };
	struct figures *f = figures_demo();
	char *text;

	(void)state;
	f->run.validity = f->view.validity = LD_RUN_INVALID;
	f->run.validity_reasons = reasons;
	f->run.n_validity_reasons = 1;
	text = document(f, 3);
	assert_non_null(
	    strstr(text, "<error type=\"run.invalid\" message=\"the clock "
			 "&lt;stepped&gt;\">"));
	assert_non_null(strstr(text, " errors=\"1\" "));
	free(text);
	figures_free(f);
}

static void
no_object_has_a_key_twice(void **state)
{
	struct figures *f = figures_demo();
	char *text = document(f, 0);
	struct ld_json doc;

	(void)state;
	ld_json_init(&doc);
	assert_int_equal(
	    ld_json_parse(&doc, text, strlen(text), 0, NULL), LD_OK);
	for (ld_json_ref at = 0; at < doc.n; at++) {
		if (ld_json_kind(&doc, at) != LD_JSON_OBJECT)
			continue;
		for (ld_json_ref a = ld_json_first(&doc, at); a != LD_JSON_NONE;
		     a = ld_json_next(&doc, at, a))
			for (ld_json_ref b = ld_json_next(&doc, at, a);
			     b != LD_JSON_NONE; b = ld_json_next(&doc, at, b)) {
				size_t a_len, b_len;
				const char *x = ld_json_raw(&doc, a, &a_len);
				const char *y = ld_json_raw(&doc, b, &b_len);

				assert_false(
				    a_len == b_len && memcmp(x, y, a_len) == 0);
			}
	}
	ld_json_clear(&doc);
	free(text);
	figures_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_figures_give_the_same_bytes),
		cmocka_unit_test(
		    a_stream_that_is_not_whole_comes_first_in_each),
		cmocka_unit_test(
		    an_invalid_run_is_an_error_and_no_failure_of_what_was_tested),
		cmocka_unit_test(no_object_has_a_key_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
