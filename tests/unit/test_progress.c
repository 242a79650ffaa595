/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <ld/hist.h>
#include <ld/progress.h>

#define BEGIN                                                                \
	"{\"type\":\"begin\",\"config\":{\"user_count\":5,\"test_time_ns\":" \
	"60000000000}}\n"

struct shown {
	struct ld_progress *progress;
	struct ld_buf out;
};

static void
open_shown(struct shown *s, struct ld_progress_options options)
{
	s->progress = ld_progress_new(&options);
	assert_non_null(s->progress);
	ld_buf_init(&s->out, 1 << 16);
}

static void
close_shown(struct shown *s)
{
	ld_progress_free(s->progress);
	ld_buf_clear(&s->out);
}

/* What is written when this line comes. */
static const char *
after(struct shown *s, const char *line)
{
	ld_buf_reset(&s->out);
	ld_progress_add(s->progress, line, strlen(line), &s->out);
	return ld_buf_str(&s->out);
}

/* One second with one series, all of whose responses took `ns`. */
static const char *
second(struct shown *s, unsigned n, uint64_t ns, unsigned failed)
{
	struct ld_hist *hist = ld_hist_new(NULL);
	struct ld_buf wire;
	char line[2000];

	assert_non_null(hist);
	for (int i = 0; i < 10; i++)
		ld_hist_add(hist, ns);
	ld_buf_init(&wire, 1000);
	ld_hist_write(hist, &wire);
	snprintf(line, sizeof(line),
	    "{\"type\":\"interval\",\"user_type\":\"x\",\"name\":\"n\","
	    "\"second\":%u,\"response\":%s}\n",
	    n, ld_buf_str(&wire));
	assert_string_equal(after(s, line), "");
	ld_buf_clear(&wire);
	ld_hist_free(hist);
	snprintf(line, sizeof(line),
	    "{\"type\":\"interval\",\"second\":%u,\"users\":5,\"ledger\":{"
	    "\"planned\":10,\"not_started\":{},\"started\":10,\"success\":%u,"
	    "\"failure\":{\"refused\":%u},\"aborted\":0,\"in_flight\":0,"
	    "\"wire\":10,\"shed\":{}}}\n",
	    n, 10 - failed, failed);
	return after(s, line);
}

static void
a_terminal_line_is_rewritten_every_second(void **state)
{
	struct shown s;

	(void)state;
	open_shown(&s, (struct ld_progress_options){ .terminal = true });
	assert_string_equal(after(&s, BEGIN), "");
	assert_string_equal(second(&s, 0, 12000000, 0),
	    "\r\x1b[K0:01  5 users  10/s  p95 12.0ms  0 failed  0:59 left");
	assert_string_equal(second(&s, 1, 1500000000, 1),
	    "\r\x1b[K0:02  5 users  10/s  p95 1.50s  1 failed (5.0 %)  0:58 "
	    "left");
	assert_string_equal(after(&s, "{\"type\":\"end\"}\n"), "\r\x1b[K");
	assert_string_equal(after(&s, "{\"type\":\"end\"}\n"), "");
	close_shown(&s);
}

static void
the_line_fits_the_terminal_whatever_its_colours(void **state)
{
	struct shown s;
	const char *text;

	(void)state;
	open_shown(&s, (struct ld_progress_options){
			   .terminal = true, .width = 40, .color = true });
	after(&s, BEGIN);
	text = second(&s, 0, 12000000, 3);
	assert_string_equal(text, "\r\x1b[K0:01  5 users  10/s  p95 12.0ms  "
				  "\x1b[31m3 fail\x1b[0m");
	close_shown(&s);
}

static void
plain_lines_come_every_30_seconds(void **state)
{
	struct shown s;

	(void)state;
	open_shown(&s, (struct ld_progress_options){ .terminal = false });
	after(&s, BEGIN);
	for (unsigned i = 0; i < 65; i++) {
		const char *text = second(&s, i, 1000, 0);

		if (i == 29)
			assert_string_equal(text,
			    "0:30  5 users  10/s  p95 1.00us  0 failed  0:30 "
			    "left\n");
		else if (i == 59)
			assert_string_equal(text,
			    "1:00  5 users  10/s  p95 1.00us  0 failed  0 in "
			    "flight\n");
		else
			assert_string_equal(text, "");
	}
	assert_string_equal(after(&s, "{\"type\":\"end\"}\n"), "");
	close_shown(&s);
}

static void
names_of_events_cannot_drive_the_terminal(void **state)
{
	struct shown s;

	(void)state;
	open_shown(&s, (struct ld_progress_options){ .terminal = true });
	assert_string_equal(
	    after(&s, "{\"type\":\"event\",\"time_ns\":61000000000,\"event\":"
		      "\"ramp_done\\u001b[2J\\n\\u202e\"}\n"),
	    "1:01  ramp done?[2J??\n");
	close_shown(&s);
}

static void
events_are_told_in_words(void **state)
{
	struct shown s;

	(void)state;
	open_shown(&s, (struct ld_progress_options){ .terminal = true });
	assert_string_equal(
	    after(&s, "{\"type\":\"event\",\"time_ns\":1000000000,\"event\":"
		      "\"ramp_done\",\"users\":5}\n"),
	    "0:01  all users have started\n");
	assert_string_equal(
	    after(&s, "{\"type\":\"event\",\"time_ns\":2000000000,\"event\":"
		      "\"signal\"}\n"),
	    "0:02  stopping: waiting for requests in flight; a second signal "
	    "does not wait\n");
	assert_string_equal(
	    after(&s, "{\"type\":\"event\",\"time_ns\":3000000000,\"event\":"
		      "\"csv_exhausted\"}\n"),
	    "0:03  csv exhausted\n");
	close_shown(&s);
}

static void
lines_may_come_together(void **state)
{
	static const char *const lines =
	    "{\"type\":\"event\",\"event\":\"a\"}\nnonsense\n"
	    "{\"type\":\"event\",\"event\":\"b\"}\n";
	struct shown s;

	(void)state;
	open_shown(&s, (struct ld_progress_options){ .terminal = false });
	assert_string_equal(after(&s, lines), "0:00  a\n0:00  b\n");
	close_shown(&s);
}

static void
what_is_no_record_is_passed_over(void **state)
{
	static const char *const lines[] = { "", "\n", "null\n", "{}\n",
		"[1]\n", "{\"type\":3}\n", "{\"type\":\"interval\"}\n",
		"{\"type\":\"interval\",\"second\":-1,\"ledger\":{}}\n",
		"{\"type\":\"interval\",\"second\":1,\"ledger\":7}\n",
		"{\"type\":\"interval\",\"name\":\"n\",\"response\":{}}\n",
		("{\"type\":\"interval\",\"second\":9007199254740991999,"
		 "\"ledger\":{}}\n"),
		"{\"type\":\"begin\"}\n", "{\"type\":\"begin\",\"config\":4}\n",
		"{\"type\":\"event\"}\n", "{\"type\":\"sample\"}\n",
		"{\"type\":\"int" };
	struct shown s;

	(void)state;
	open_shown(&s, (struct ld_progress_options){ .terminal = true });
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_string_equal(after(&s, lines[i]), "");
	close_shown(&s);
	ld_progress_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_terminal_line_is_rewritten_every_second),
		cmocka_unit_test(
		    the_line_fits_the_terminal_whatever_its_colours),
		cmocka_unit_test(plain_lines_come_every_30_seconds),
		cmocka_unit_test(names_of_events_cannot_drive_the_terminal),
		cmocka_unit_test(events_are_told_in_words),
		cmocka_unit_test(lines_may_come_together),
		cmocka_unit_test(what_is_no_record_is_passed_over),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
