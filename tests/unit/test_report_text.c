/* SPDX-License-Identifier: MIT */
/* The report for a terminal. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "reporters/figure.h"
#include "report_figures.h"

static char *
text_of(struct figures *f)
{
	char *text = figures_write(f, ldi_view_write_text);

	assert_non_null(text);
	figures_free(f);
	return text;
}

static void
the_same_figures_give_the_same_bytes(void **state)
{
	char *text = text_of(figures_demo());

	(void)state;
	figures_golden("demo.txt", text);
	free(text);
}

static void
a_stream_that_is_not_whole_says_so_in_the_first_line(void **state)
{
	char *text = text_of(figures_empty());

	(void)state;
	assert_memory_equal(text, "INCOMPLETE: begin without end\n", 30);
	free(text);
	text = text_of(figures_hostile());
	assert_memory_equal(text, "FILTERED 1 of 2", 15);
	free(text);
}

static void
no_foreign_byte_drives_the_terminal(void **state)
{
	char *text = text_of(figures_hostile());

	(void)state;
	for (const char *c = text; *c != '\0'; c++)
		assert_true(*c == '\n' || (*c >= 0x20 && *c != 0x7f));
	free(text);
}

static void
escape_codes_are_written_only_with_colour(void **state)
{
	struct figures *f = figures_demo();
	char *plain = figures_write(f, ldi_view_write_text), *colored;

	(void)state;
	f->options.color = true;
	colored = figures_write(f, ldi_view_write_text);
	assert_null(strchr(plain, '\033'));
	assert_non_null(strstr(colored, "\033[31m"));
	free(plain);
	free(colored);
	figures_free(f);
}

static size_t
longest_line(const char *text)
{
	size_t longest = 0, len = 0;

	for (; *text != '\0'; text++) {
		len = *text == '\n' ? 0 : len + 1;
		if (len > longest)
			longest = len;
	}
	return longest;
}

/* Take the escape sequences of colours out. */
static void
drop_styles(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++)
		if (*from == '\033')
			from += strcspn(from, "m");
		else
			*to++ = *from;
	*to = '\0';
}

static void
the_table_fits_the_terminal(void **state)
{
	static const unsigned widths[] = { 60, 72, 80, 100, 132 };

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct figures *f = figures_demo();
		char *text, *table, *end;

		f->options.width = widths[i];
		text = text_of(f);
		table = strstr(text, "RESPONSE TIME");
		end = strstr(text, "FAILURES");
		assert_true(table != NULL && end != NULL);
		*end = '\0';
		assert_in_range(longest_line(table), 40, widths[i]);
		free(text);
	}
}

static void
every_line_fits_the_terminal_whatever_its_colours(void **state)
{
	static const unsigned widths[] = { 60, 80, 100 };

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct figures *f = figures_demo();
		char *plain, *colored;

		f->options.width = widths[i];
		plain = figures_write(f, ldi_view_write_text);
		f->options.color = true;
		colored = figures_write(f, ldi_view_write_text);
		assert_in_range(longest_line(plain), 40, widths[i]);
		drop_styles(colored);
		assert_string_equal(colored, plain);
		free(plain);
		free(colored);
		figures_free(f);
	}
}

static void
series_are_named_without_the_origin_that_the_headline_has(void **state)
{
	struct figures *f = figures_few(30);
	char *text;

	(void)state;
	f->run.facts.target = "http://127.0.0.1:8080";
	f->options.width = 140;
	f->run.series[0].name = "http://127.0.0.1:8080/cart";
	text = figures_write(f, ldi_view_write_text);
	assert_non_null(strstr(text, "GET /cart "));
	free(text);
	f->run.series[0].name = "http://127.0.0.1:80801/cart";
	text = text_of(f);
	assert_non_null(strstr(text, "GET http://127.0.0.1:80801/cart "));
	free(text);
}

static void
the_text_of_a_failure_does_not_repeat_its_class(void **state)
{
	struct figures *f = figures_new(1, 1);
	char *text;

	(void)state;
	figures_add(f, &(struct request){ .service_ns = 5 * MS,
			   .outcome = LD_FAILURE,
			   .cls = LD_CLASS_STATUS,
			   .text = "status 503" });
	figures_finish(f);
	text = text_of(f);
	assert_non_null(strstr(text, "most often as status 503 between"));
	free(text);
}

static void
a_quantile_of_too_few_values_is_not_shown(void **state)
{
	char *text = text_of(figures_few(30));

	(void)state;
	assert_non_null(strstr(text, "n<59"));
	assert_non_null(strstr(text, "n<299"));
	assert_null(strstr(text, "n<29 "));
	assert_non_null(strstr(text, "too few to state p99"));
	free(text);
}

static void
a_ledger_that_does_not_balance_is_shouted(void **state)
{
	struct figures *f = figures_few(5);
	char *text;

	(void)state;
	f->run.ledger_balances = false;
	text = text_of(f);
	assert_non_null(strstr(text, "LEDGER DOES NOT BALANCE"));
	free(text);
}

static void
check(void (*add)(struct ld_buf *, uint64_t), uint64_t value, const char *want)
{
	struct ld_buf out;

	ld_buf_init(&out, 128);
	add(&out, value);
	assert_string_equal(ld_buf_str(&out), want);
	ld_buf_clear(&out);
}

static void
durations_show_three_digits_and_their_unit(void **state)
{
	(void)state;
	check(ldi_fig_ns, 0, "0 ms");
	check(ldi_fig_ns, 999, "999 ns");
	check(ldi_fig_ns, 1000, "1.00 us");
	check(ldi_fig_ns, 9996, "10.0 us");
	check(ldi_fig_ns, 99950, "100 us");
	check(ldi_fig_ns, 999499, "999 us");
	check(ldi_fig_ns, 999500, "1.00 ms");
	check(ldi_fig_ns, 12345678, "12.3 ms");
	check(ldi_fig_ns, 999499999, "999 ms");
	check(ldi_fig_ns, 999500000, "1.00 s");
	check(ldi_fig_ns, 812000000000, "812 s");
	check(ldi_fig_ns, UINT64_MAX, "18,446,744,074 s");
	check(ldi_fig_span, 60000000000, "60.0 s");
	check(ldi_fig_span, 725000000000, "12 min 5 s");
	check(ldi_fig_span, 12000000000000, "3 h 20 min");
	check(ldi_fig_ms, 5000000, "5");
	check(ldi_fig_ms, 8123456, "8.123456");
	check(ldi_fig_ms, 50, "0.00005");
	check(ldi_fig_ms, 0, "0");
	check(ldi_fig_bytes, 1023, "1,023 B");
	check(ldi_fig_bytes, 1536, "1.5 KiB");
	check(ldi_fig_count, 1234567, "1,234,567");
	check(ldi_fig_count, UINT64_MAX, "18,446,744,073,709,551,615");
}

static void
check_share(uint64_t part, uint64_t whole, const char *want)
{
	struct ld_buf out;

	ld_buf_init(&out, 128);
	ldi_fig_share(&out, part, whole);
	assert_string_equal(ld_buf_str(&out), want);
	ld_buf_clear(&out);
}

static void
a_share_is_never_rounded_to_none_or_all(void **state)
{
	(void)state;
	check_share(0, 0, "-");
	check_share(0, 5, "0 %");
	check_share(5, 5, "100 %");
	check_share(1, 1000000, "<0.01 %");
	check_share(999999, 1000000, ">99.99 %");
	check_share(9999, 10000, "99.99 %");
	check_share(78, 10000, "0.78 %");
	check_share(1, 8, "12.5 %");
	check_share(UINT64_MAX / 2, UINT64_MAX, "50.0 %");
}

static void
the_reason_of_a_validity_is_whole_however_narrow_the_terminal(void **state)
{
	static const char *const reasons[] = {
		"31 arrivals found every session "
		"busy and were not sent: what "
		"they would have waited is "
		"missing"
	};
	struct figures *f = figures_demo();
	char *text, *end;

	(void)state;
	f->run.validity = LD_RUN_DEGRADED;
	f->run.validity_reasons = reasons;
	f->run.n_validity_reasons = 1;
	f->options.width = 60;
	text = figures_write(f, ldi_view_write_text);
	assert_in_range(longest_line(text), 40, 60);
	end = strstr(text, "LEDGER\n");
	assert_non_null(end);
	*end = '\0';
	assert_non_null(strstr(text, "is missing"));
	free(text);
	figures_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_figures_give_the_same_bytes),
		cmocka_unit_test(
		    a_stream_that_is_not_whole_says_so_in_the_first_line),
		cmocka_unit_test(no_foreign_byte_drives_the_terminal),
		cmocka_unit_test(escape_codes_are_written_only_with_colour),
		cmocka_unit_test(the_table_fits_the_terminal),
		cmocka_unit_test(
		    every_line_fits_the_terminal_whatever_its_colours),
		cmocka_unit_test(
		    series_are_named_without_the_origin_that_the_headline_has),
		cmocka_unit_test(
		    the_text_of_a_failure_does_not_repeat_its_class),
		cmocka_unit_test(a_quantile_of_too_few_values_is_not_shown),
		cmocka_unit_test(a_ledger_that_does_not_balance_is_shouted),
		cmocka_unit_test(
		    the_reason_of_a_validity_is_whole_however_narrow_the_terminal),
		cmocka_unit_test(durations_show_three_digits_and_their_unit),
		cmocka_unit_test(a_share_is_never_rounded_to_none_or_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
