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

#include "progress_shown.h"

static void
two_lines_are_rewritten_and_the_cursor_rests_before_them(void **state)
{
	struct shown s;

	(void)state;
	open_terminal(&s, 0);
	assert_string_equal(after(&s, BEGIN),
	    "0:00    50 users to http://h:8080 for 1:00\n"
	    "\r0:00      0 users       0/s  p50       -  p95       -  p99      "
	    " -    1:00 left\x1b[K\n"
	    "          0 failed                                               "
	    "  late       -\x1b[K\r\x1b[1A");
	assert_string_equal(second(&s, 0, good),
	    "\r0:01     50 users   1,234/s  p50 12.3 ms  p95 12.3 ms  p99 12.3 "
	    "ms    0:59 left\x1b[K\n"
	    "          0 failed                                               "
	    "  late  120 us\x1b[K\r\x1b[1A");
	assert_string_equal(after(&s, "{\"type\":\"end\"}\n"), "\r\x1b[J");
	assert_string_equal(after(&s, "{\"type\":\"end\"}\n"), "");
	close_shown(&s);
}

static void
failures_are_told_by_class_as_far_as_there_is_room(void **state)
{
	struct shown s;

	(void)state;
	open_terminal(&s, 80);
	after(&s, BEGIN);
	assert_string_equal(seen(second(&s, 1, bad)),
	    "0:02     48 users   1,000/s  p50  1.50 s  p95  1.50 s  p99  1.50 "
	    "s    0:58 left\n"
	    "         12 failed   1.20 %  timeout_connect 9, reset 2, +1 more  "
	    " late 7.00 ms");
	ld_progress_resize(s.progress, 60);
	assert_string_equal(seen(second(&s, 2, good)),
	    "0:03     50 users   1,234/s  p95 12.3 ms          0:57 left\n"
	    "         12 failed  timeout_connect 9, +3      late  120 us");
	ld_progress_resize(s.progress, 130);
	assert_string_equal(seen(second(&s, 3, good)),
	    "0:04     50 users   1,234/s  p50 12.3 ms  p95 12.3 ms  p99 12.3 "
	    "ms  3,468 in all  [==................................]  0:56 "
	    "left\n"
	    "         12 failed   0.35 %  timeout_connect 9, reset 2, status 1 "
	    "                                            valid  late  120 us");
	close_shown(&s);
}

static size_t
widest(const char *text)
{
	size_t most = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		most = n > most ? n : most;
		text += n + (text[n] == '\n');
	}
	return most;
}

/* Whatever is shown at 200 columns, or shorter: no word is cut. */
static void
expect_whole_words(const char *text, const char *all)
{
	char word[64];

	while (*(text += strspn(text, " \n")) != '\0') {
		size_t n = strcspn(text, " \n");

		assert_true(n < sizeof(word));
		memcpy(word, text, n);
		word[n] = '\0';
		if (strchr("+[", word[0]) == NULL &&
		    strcmp(word, "more") != 0 && strstr(all, word) == NULL)
			fail_msg("'%s' is no word of\n%s", word, all);
		text += n;
	}
}

static void
no_line_is_wider_than_the_terminal_and_no_word_is_cut(void **state)
{
	struct shown s;
	char all[2048];

	(void)state;
	open_shown(&s, (struct ld_progress_options){
			   .terminal = true, .width = 200, .color = true });
	after(&s, BEGIN);
	snprintf(all, sizeof(all), "%s", seen(second(&s, 0, bad)));
	snprintf(all + strlen(all), sizeof(all) - strlen(all), " 9, 2, 1,");
	for (unsigned width = 1; width < 200; width++) {
		ld_progress_resize(s.progress, width);
		after(&s, BEGIN);
		second(&s, 0, bad);
		assert_true(
		    widest(seen(ld_buf_str(&s.out))) < width || width == 1);
		if (width < 100) /* wider ones have a bar of another length */
			expect_whole_words(seen(ld_buf_str(&s.out)), all);
	}
	close_shown(&s);
}

static void
a_resized_terminal_is_cleared_below_the_cursor(void **state)
{
	struct shown s;

	(void)state;
	open_terminal(&s, 80);
	after(&s, BEGIN);
	ld_progress_resize(s.progress, 24);
	assert_string_equal(second(&s, 0, good),
	    "\r\x1b[J0:01   1,234/s\x1b[K\n"
	    "          0 failed\x1b[K\r\x1b[1A");
	close_shown(&s);
}

static void
colours_only_repeat_what_words_say(void **state)
{
	struct shown s, plain;
	char text[1024];

	(void)state;
	open_terminal(&plain, 80);
	open_shown(&s,
	    (struct ld_progress_options){ .terminal = true, .color = true });
	after(&plain, BEGIN);
	after(&s, BEGIN);
	assert_null(strchr(seen(second(&plain, 0, bad)), '\x1b'));
	snprintf(text, sizeof(text), "%s", seen(ld_buf_str(&plain.out)));
	assert_non_null(
	    strstr(second(&s, 0, bad), "       \x1b[31m12 failed\x1b[0m"));
	assert_string_equal(seen(ld_buf_str(&s.out)), text);
	assert_null(strstr(ld_buf_str(&plain.out), "m"
						   "12"));
	close_shown(&s);
	close_shown(&plain);
}

static void
the_open_model_shows_arrivals_and_busy_sessions(void **state)
{
	struct second how = good;
	struct shown s;

	(void)state;
	open_terminal(&s, 80);
	assert_string_equal(seen(after(&s, BEGIN_OPEN)),
	    "0:00    run 2 of 3: 1,000/s, in at most 200 sessions, to "
	    "http://h:8080 for 1:00\n"
	    "0:00      0/200 busy       0 of 1,000/s  p95       -  p99       - "
	    "    1:00 left\n"
	    "          0 failed                                                "
	    " late       -");
	how.users = 48;
	how.started = 987;
	assert_string_equal(seen(second(&s, 0, how)),
	    "0:01     48/200 busy     987 of 1,050/s  p95 12.3 ms  p99 12.3 ms "
	    "    0:59 left\n"
	    "          0 failed                                                "
	    " late  120 us");
	ld_progress_resize(s.progress, 60);
	assert_string_equal(seen(second(&s, 9, how)),
	    "0:10     48 busy     987 of 1,950/s  p95 12.3 ms  0:50 left\n"
	    "          0 failed                             late  120 us");
	how.more = "\"arrivals\":98,"; /* of ten requests each */
	assert_string_equal(seen(second(&s, 10, how)),
	    "0:11     48 busy      98 of   100/s  p95 12.3 ms  0:49 left\n"
	    "          0 failed                             late  120 us");
	how.not_started = "\"limit\":31";
	assert_string_equal(seen(second(&s, 11, how)),
	    "0:12    degraded: 31 arrivals found every session busy and\n"
	    "        were not sent: what they would have waited is\n"
	    "        missing\n"
	    "0:12     48 busy      98 of   100/s  p95 12.3 ms  0:48 left\n"
	    "          0 failed  31 not sent      degraded  late  120 us");
	close_shown(&s);
}

static void
a_saturated_run_is_told_once(void **state)
{
	struct second how = good;
	struct shown s;

	(void)state;
	open_terminal(&s, 80);
	after(&s, BEGIN_OPEN);
	second(&s, 0, good);
	assert_string_equal(
	    seen(after(&s, "{\"type\":\"event\",\"time_ns\":1500000000,"
			   "\"event\":\"saturated\",\"sessions\":200}\n")),
	    "0:01    degraded: all sessions are busy, and arrivals are not "
	    "sent\n"
	    "0:01     50/200 busy   1,234 of 1,050/s  p95 12.3 ms  p99 12.3 ms "
	    "    0:59 left\n"
	    "          0 failed                                                "
	    " late  120 us");
	how.not_started = "\"limit\":31";
	assert_null(strstr(second(&s, 1, how), "all sessions"));
	assert_non_null(strstr(ld_buf_str(&s.out), "31 not sent"));
	assert_non_null(
	    strstr(after(&s, "{\"type\":\"event\",\"event\":\"ramp_done\"}\n"),
		"0:00    the last stage is over\n"));
	close_shown(&s);
}

static void
what_makes_a_run_doubtful_is_said_once(void **state)
{
	struct second how = good;
	struct shown s;

	(void)state;
	open_terminal(&s, 60);
	after(&s, BEGIN);
	how.late = 9;
	assert_null(strstr(second(&s, 0, how), "degraded"));
	how.late = 40;
	assert_string_equal(seen(second(&s, 1, how)),
	    "0:02    degraded: 2.0 % of the requests were sent more than\n"
	    "        10 ms late\n"
	    "0:02     50 users   1,234/s  p95 12.3 ms          0:58 left\n"
	    "          0 failed                   degraded  late  120 us");
	assert_string_equal(seen(second(&s, 2, how)),
	    "0:03     50 users   1,234/s  p95 12.3 ms          0:57 left\n"
	    "          0 failed                   degraded  late  120 us");
	how.late = 1000;
	assert_string_equal(seen(second(&s, 3, how)),
	    "0:04    INVALID: 22.1 % of the requests were sent more than\n"
	    "        10 ms late\n"
	    "0:04     50 users   1,234/s  p95 12.3 ms          0:56 left\n"
	    "          0 failed                    INVALID  late  120 us");
	how.shed = "\"spill\":7";
	assert_string_equal(seen(second(&s, 4, how)),
	    "0:05    degraded: 7 samples could not be written; the\n"
	    "        intervals count them all the same\n"
	    "0:05     50 users   1,234/s  p95 12.3 ms          0:55 left\n"
	    "          0 failed                    INVALID  late  120 us");
	how.failure = "\"local_ports\":1";
	assert_string_equal(seen(second(&s, 5, how)),
	    "0:06    INVALID: 1 requests failed for want of something on\n"
	    "        this host\n"
	    "0:06     50 users   1,234/s  p95 12.3 ms          0:54 left\n"
	    "          1 failed  local_ports 1     INVALID  late  120 us");
	close_shown(&s);
}

static void
one_plain_line_comes_every_30_seconds_and_nothing_else(void **state)
{
	struct shown s;

	(void)state;
	open_shown(&s, (struct ld_progress_options){ .terminal = false });
	assert_string_equal(after(&s, BEGIN), "");
	assert_string_equal(
	    after(&s, "{\"type\":\"event\",\"event\":\"ramp_done\"}\n"), "");
	for (unsigned i = 0; i < 65; i++) {
		struct second how = i == 14 ? bad : good;
		const char *text;

		how.late = i > 30 ? 100 : 0;
		text = second(&s, i, how);
		if (i == 29)
			assert_string_equal(text,
			    "0:30  50 users  1,226/s  p95 12.3 ms  late 7.00 "
			    "ms  12 failed (0.03 %): timeout_connect 9, reset "
			    "2, +1 more  0:30 left\n");
		else if (i == 59)
			assert_string_equal(text,
			    "1:00  50 users  1,234/s  p95 12.3 ms  late 120 "
			    "us  12 failed (0.02 %): timeout_connect 9, reset "
			    "2, +1 more  3 in flight  figures degraded\n");
		else
			assert_string_equal(text, "");
	}
	assert_string_equal(after(&s, "{\"type\":\"end\"}\n"), "");
	close_shown(&s);
}

static void
foreign_text_cannot_drive_the_terminal(void **state)
{
	struct shown s;

	(void)state;
	open_terminal(&s, 0);
	assert_string_equal(
	    after(&s, "{\"type\":\"event\",\"time_ns\":61000000000,\"event\":"
		      "\"ramp_done\\u001b[2J\\n\\u202e\"}\n"),
	    "1:01    ramp done?[2J??\n");
	after(&s, "{\"type\":\"begin\",\"config\":{\"user_count\":1},"
		  "\"target\":\"a\\u001b[31mb\\r\\u202e\"}\n");
	assert_non_null(strstr(ld_buf_str(&s.out),
	    "0:00    1 user to a\\x1b[31mb\\x0d\\u{202E}\n"));
	close_shown(&s);
}

static void
progress_judges_by_the_thresholds_of_the_run(void **state)
{
	struct second how = good;
	struct shown s;

	(void)state;
	open_terminal(&s, 60);
	after(&s, "{\"type\":\"begin\",\"thresholds\":{\"late\":[null,null],"
		  "\"shed\":[10,20]}}\n");
	how.late = 1000;
	how.shed = "\"spill\":7";
	assert_null(strstr(second(&s, 0, how), "ed: "));
	assert_null(strstr(ld_buf_str(&s.out), "degraded"));
	assert_non_null(strstr(second(&s, 1, how), "degraded: 14 samples"));
	assert_null(strstr(ld_buf_str(&s.out), "10 ms late"));
	assert_non_null(strstr(second(&s, 2, how), "INVALID: 21 samples"));
	close_shown(&s);
}

static void
a_clock_or_a_stop_that_spoils_a_run_is_told_at_once(void **state)
{
	struct shown s;

	(void)state;
	open_terminal(&s, 60);
	after(&s, BEGIN);
	second(&s, 0, good);
	assert_non_null(
	    strstr(seen(after(&s,
		       "{\"type\":\"event\",\"time_ns\":1500000000,"
		       "\"event\":\"stalled\",\"stalled_ns\":3000000000}\n")),
		"0:01    INVALID: this process did not run for 3.0 s at a\n"
		"        time\n"));
	assert_non_null(
	    strstr(seen(after(&s,
		       "{\"type\":\"event\",\"time_ns\":2000000000,"
		       "\"event\":\"clock_step\",\"step_ns\":5000000000}\n")),
		"INVALID: the wall clock was set by 5.0 s"));
	/* Not worth a word. */
	assert_null(
	    strstr(seen(after(&s,
		       "{\"type\":\"event\",\"time_ns\":2500000000,"
		       "\"event\":\"stalled\",\"stalled_ns\":300000000}\n")),
		"stalled"));
	assert_non_null(strstr(second(&s, 2, good), "INVALID"));
	close_shown(&s);
}

static void
events_are_told_in_words_above_the_lines(void **state)
{
	struct shown s;

	(void)state;
	open_terminal(&s, 60);
	after(&s, BEGIN);
	second(&s, 0, good);
	assert_string_equal(
	    after(&s, "{\"type\":\"event\",\"time_ns\":1000000000,\"event\":"
		      "\"ramp_done\",\"users\":5}\n"),
	    "\r\x1b[J0:01    all users have started\n"
	    "\r0:01     50 users   1,234/s  p95 12.3 ms          0:59 left"
	    "\x1b[K\n"
	    "          0 failed                             late  120 us\x1b[K"
	    "\r\x1b[1A");
	assert_string_equal(
	    seen(after(&s, "{\"type\":\"event\",\"time_ns\":2000000000,"
			   "\"event\":\"signal\"}\n")),
	    "0:02    stopping: waiting for requests in flight; a second\n"
	    "        signal does not wait\n"
	    "0:01     50 users   1,234/s  p95 12.3 ms        3 in flight\n"
	    "          0 failed                             late  120 us");
	after(&s, "{\"type\":\"end\"}\n");
	assert_string_equal(
	    after(&s, "{\"type\":\"event\",\"time_ns\":3000000000,\"event\":"
		      "\"csv_exhausted\"}\n"),
	    "0:03    csv exhausted\n");
	close_shown(&s);
}

#define END                                                                 \
	"{\"type\":\"end\",\"time_ns\":60000000000,\"ledger\":{"            \
	"\"planned\":2234,\"not_started\":{},\"started\":2234,\"success\":" \
	"2222,\"failure\":{\"reset\":12},\"aborted\":0,\"in_flight\":0,"    \
	"\"wire\":0,\"shed\":{}},\"validity\":{\"state\":\"degraded\"}}\n"

static void
the_last_line_says_what_came_of_it_when_nobody_else_does(void **state)
{
	struct shown s;

	(void)state;
	open_shown(
	    &s, (struct ld_progress_options){ .terminal = true, .last = true });
	after(&s, BEGIN);
	second(&s, 0, good);
	second(&s, 1, bad);
	assert_string_equal(after(&s, END),
	    "\r\x1b[J1:00  2,234 requests  37.2/s  p95 1.50 s  12 failed  "
	    "figures degraded\n");
	close_shown(&s);
	open_shown(&s, (struct ld_progress_options){ .last = true });
	after(&s, BEGIN);
	assert_string_equal(after(&s, END), "");
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
	open_terminal(&s, 0);
	assert_string_equal(after(&s, lines), "0:00    a\n0:00    b\n");
	close_shown(&s);
}

static void
long_runs_have_room_for_hours(void **state)
{
	struct shown s;

	(void)state;
	open_terminal(&s, 80);
	after(&s, BEGIN_TIME("7200000000000"));
	assert_string_equal(seen(second(&s, 4, good)),
	    "   0:05     50 users   1,234/s  p95 12.3 ms  p99 12.3 ms          "
	    " 1:59:55 left\n"
	    "             0 failed                                             "
	    " late  120 us");
	after(&s, BEGIN_TIME("null"));
	assert_string_equal(seen(second(&s, 4, good)),
	    " 0:05     50 users   1,234/s  p95 12.3 ms  p99 12.3 ms            "
	    "  3 in flight\n"
	    "           0 failed                                               "
	    " late  120 us");
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
		cmocka_unit_test(
		    two_lines_are_rewritten_and_the_cursor_rests_before_them),
		cmocka_unit_test(
		    failures_are_told_by_class_as_far_as_there_is_room),
		cmocka_unit_test(
		    no_line_is_wider_than_the_terminal_and_no_word_is_cut),
		cmocka_unit_test(
		    a_resized_terminal_is_cleared_below_the_cursor),
		cmocka_unit_test(colours_only_repeat_what_words_say),
		cmocka_unit_test(
		    the_open_model_shows_arrivals_and_busy_sessions),
		cmocka_unit_test(a_saturated_run_is_told_once),
		cmocka_unit_test(what_makes_a_run_doubtful_is_said_once),
		cmocka_unit_test(
		    one_plain_line_comes_every_30_seconds_and_nothing_else),
		cmocka_unit_test(foreign_text_cannot_drive_the_terminal),
		cmocka_unit_test(progress_judges_by_the_thresholds_of_the_run),
		cmocka_unit_test(
		    a_clock_or_a_stop_that_spoils_a_run_is_told_at_once),
		cmocka_unit_test(events_are_told_in_words_above_the_lines),
		cmocka_unit_test(
		    the_last_line_says_what_came_of_it_when_nobody_else_does),
		cmocka_unit_test(lines_may_come_together),
		cmocka_unit_test(long_runs_have_room_for_hours),
		cmocka_unit_test(what_is_no_record_is_passed_over),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
