/* SPDX-License-Identifier: MIT */
/*
 * Several runs, shards of one, runs that record little, and limits.
 */
#include "config.h"

#include "result_stream.h"

#include <ld/summary.h>

static struct ld_summary *
summary_of(const struct ld_buf *out)
{
	struct ld_summary *summary = ld_summary_new();
	struct ld_err err = LD_ERR_INIT;
	int fd = stream_fd(out->data, out->len);

	assert_non_null(summary);
	assert_int_equal(ld_summary_read(summary, fd, "in", &err), LD_OK);
	assert_int_equal(close(fd), 0);
	return summary;
}

static void
append(struct ld_buf *out, struct stream *stream)
{
	ld_buf_add(out, stream->out.data, stream->out.len);
	ld_buf_clear(&stream->out);
	assert_false(out->failed);
}

/* Same length, other bytes. */
static void
edit(struct ld_buf *out, const char *from, const char *to)
{
	char *at = memmem(out->data, out->len, from, strlen(from));

	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
}

static void
check_judged(
    struct ld_summary *summary, enum ld_wholeness wholeness, const char *text)
{
	assert_int_equal(ld_summary_wholeness(summary), wholeness);
	assert_string_equal(ld_summary_all(summary)->wholeness_text, text);
	ld_summary_free(summary);
}

#define BEGIN(config)                                                   \
	"{\"type\":\"begin\",\"schema\":\"ld.result/1\",\"run\":\"r\"," \
	"\"samples\":\"all\",\"config\":{" config "}}\n"

static void
a_begin_says_what_load_was_asked_for(void **state)
{
	static const struct {
		const char *begin, *load;
		bool open;
	} cases[] = {
		{ BEGIN("\"user_count\":5,\"spawn_rate\":1"), "", false },
		{ BEGIN("\"arrival\":7"), "", false },
		{ BEGIN("\"arrival\":{\"rate\":500,\"distribution\":\"fixed\","
			"\"stages\":[],\"limit\":1}"),
		    "open model, 500/s, at most 1 session", true },
		{ BEGIN(
		      "\"arrival\":{\"rate\":0.5,\"distribution\":\"poisson\","
		      "\"stages\":[{\"duration_ns\":5,\"rate\":20},"
		      "{\"duration_ns\":5,\"rate\":1}],\"limit\":10000}"),
		    "open model, from 0.5/s in 2 stages, at most 20/s, "
		    "Poisson, "
		    "at most 10000 sessions",
		    true },
		{ BEGIN("\"arrival\":{\"records\":1234,\"limit\":3}"),
		    "open model, 1234 arrivals of a schedule, at most 3 "
		    "sessions",
		    true },
		{ BEGIN("\"arrival\":{\"rate\":\"x\",\"stages\":3}"),
		    "open model, 0/s", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct ld_run_facts *facts;
		struct ld_summary *summary;
		struct ld_buf out;

		ld_buf_init(&out, 4096);
		ld_buf_adds(&out, cases[i].begin);
		summary = summary_of(&out);
		facts = &ld_summary_run(summary, 0)->facts;
		assert_string_equal(facts->load, cases[i].load);
		assert_int_equal(facts->open_model, cases[i].open);
		ld_summary_free(summary);
		ld_buf_clear(&out);
	}
}

static void
runs_are_told_apart_and_added_up(void **state)
{
	const struct ld_run_figures *all;
	struct ld_summary *summary;
	struct stream a, b;

	(void)state;
	stream_whole(&a, "first", 200);
	stream_whole(&b, "second", 300);
	edit(&b.out, "\"state\":\"valid\",\"reasons\":[]",
	    "\"state\":\"invalid\",\"reason\":0");
	append(&a.out, &b);
	summary = summary_of(&a.out);
	ld_buf_clear(&a.out);
	assert_int_equal(ld_summary_runs(summary), 2);
	assert_string_equal(ld_summary_run(summary, 0)->facts.run_id, "first");
	assert_int_equal(ld_summary_run(summary, 1)->total.ledger.started, 300);
	all = ld_summary_all(summary);
	assert_int_equal(all->n_series, 3);
	assert_int_equal(all->total.ledger.started, 500);
	assert_int_equal(ld_hist_count(all->total.response), 500);
	assert_int_equal(all->ledger.success, 490);
	assert_true(all->ledger_balances);
	assert_true(all->from_intervals);
	assert_int_equal(all->n_slots, 2 * STREAM_SECONDS);
	assert_int_equal(all->slots[STREAM_SECONDS].started, 300);
	assert_int_equal(all->duration_ns, 16 * LD_NS_PER_S);
	assert_int_equal(ld_hist_count(all->lag), 2 * STREAM_SECONDS);
	assert_string_equal(all->facts.run_id, "");
	assert_string_equal(all->facts.seed, "42");
	assert_int_equal(all->max_users, 10);
	assert_int_equal(all->validity, LD_RUN_INVALID);
	assert_int_equal(ld_summary_validity(summary), LD_RUN_INVALID);
	assert_int_equal(ld_summary_run(summary, 0)->validity, LD_RUN_VALID);
	check_judged(summary, LD_STREAM_WHOLE, "");
}

static bool
first_run_or_no_end(const char *line, size_t len, unsigned n)
{
	(void)n;
	return line_has(line, len, "\"first\"") ||
	       !line_has(line, len, "\"type\":\"end\"");
}

static void
the_worst_run_speaks_for_all(void **state)
{
	struct stream a, b;

	(void)state;
	stream_whole(&a, "first", 200);
	stream_whole(&b, "second", 100);
	append(&a.out, &b);
	stream_filter(&a.out, first_run_or_no_end);
	check_judged(summary_of(&a.out), LD_STREAM_INCOMPLETE,
	    "INCOMPLETE: the end of the run is missing");
	ld_buf_clear(&a.out);
}

static void
make_shard(struct stream *stream, const char *shard)
{
	stream_whole(stream, "r", 100);
	edit(&stream->out, "\"shard\":{\"index\":0,\"count\":1}", shard);
}

static void
shards_of_a_run_are_one_run(void **state)
{
	const struct ld_run_figures *run;
	struct ld_summary *summary;
	struct stream a, b;

	(void)state;
	make_shard(&a, "\"shard\":{\"index\":0,\"count\":2}");
	make_shard(&b, "\"shard\":{\"index\":1,\"count\":2}");
	append(&a.out, &b);
	summary = summary_of(&a.out);
	ld_buf_clear(&a.out);
	assert_int_equal(ld_summary_runs(summary), 1);
	run = ld_summary_all(summary);
	assert_true(run->from_intervals);
	assert_int_equal(run->total.ledger.started, 200);
	assert_int_equal(run->ledger.started, 200);
	assert_int_equal(run->facts.threads, 2);
	assert_int_equal(run->max_users, 20);
	assert_int_equal(run->slots[0].users, 2);
	assert_int_equal(run->duration_ns, 8 * LD_NS_PER_S);
	check_judged(summary, LD_STREAM_WHOLE, "");
}

static void
a_missing_shard_and_a_run_twice_are_incomplete(void **state)
{
	struct stream a, b;

	(void)state;
	make_shard(&a, "\"shard\":{\"index\":0,\"count\":3}");
	check_judged(summary_of(&a.out), LD_STREAM_INCOMPLETE,
	    "INCOMPLETE: 2 of 3 shards are missing");
	make_shard(&b, "\"shard\":{\"index\":0,\"count\":3}");
	append(&a.out, &b);
	check_judged(summary_of(&a.out), LD_STREAM_INCOMPLETE,
	    "INCOMPLETE: the run is in the stream twice");
	ld_buf_clear(&a.out);
}

/* A run that writes only its failed samples, or none. */
static void
stream_partly(struct stream *stream, const char *samples)
{
	stream_begin(stream, "r", samples);
	for (unsigned i = 0; i < 200; i++) {
		struct ld_sample s = stream_sample("r", i);

		if (s.outcome == LD_FAILURE && strcmp(samples, "none") != 0)
			stream_add(stream, &s);
		else
			stream_count(stream, &s);
	}
	stream_end(stream);
}

static void
intervals_count_when_not_all_samples_are_recorded(void **state)
{
	static const char *const kinds[] = { "failures", "none", "0.1" };

	(void)state;
	for (int i = 0; i < 3; i++) {
		const struct ld_run_figures *run;
		struct ld_summary *summary;
		struct stream stream;

		stream_partly(&stream, kinds[i]);
		summary = summary_of(&stream.out);
		ld_buf_clear(&stream.out);
		run = ld_summary_all(summary);
		assert_true(run->from_intervals);
		assert_int_equal(run->total.ledger.started, 200);
		assert_int_equal(run->samples_seen, i == 1 ? 0 : 4);
		check_judged(summary, LD_STREAM_WHOLE, "");
	}
}

static bool
second_0_is_lost(const char *line, size_t len, unsigned n)
{
	(void)n;
	return !line_has(line, len, "\"second\":0,\"user_type\"") ||
	       !line_has(line, len, "buy");
}

static void
then_an_interval_that_is_missing_is_incomplete(void **state)
{
	struct stream stream;

	(void)state;
	stream_partly(&stream, "none");
	stream_filter(&stream.out, second_0_is_lost);
	check_judged(summary_of(&stream.out), LD_STREAM_INCOMPLETE,
	    "INCOMPLETE: 2 of 3 intervals");
	ld_buf_clear(&stream.out);
}

static void
shed_samples_are_in_the_intervals(void **state)
{
	const struct ld_run_figures *run;
	struct ld_summary *summary;
	struct stream stream;

	(void)state;
	stream_begin(&stream, "r", "all");
	for (unsigned i = 0; i < 200; i++) {
		struct ld_sample s = stream_sample("r", i);

		if (i % 4) {
			stream_add(&stream, &s);
		} else {
			stream_count(&stream, &s);
			stream.ledger.shed[LD_SHED_SPILL]++;
		}
	}
	stream_end(&stream);
	summary = summary_of(&stream.out);
	ld_buf_clear(&stream.out);
	run = ld_summary_all(summary);
	assert_true(run->from_intervals);
	assert_int_equal(run->samples_seen, 150);
	assert_int_equal(run->total.ledger.started, 200);
	check_judged(summary, LD_STREAM_WHOLE, "");
}

static void
aborted_samples_stand_beside_rates_and_quantiles(void **state)
{
	const struct ld_run_figures *run;
	struct ld_summary *summary;
	struct stream stream;

	(void)state;
	stream_begin(&stream, "r", "all");
	for (unsigned i = 0; i < 10; i++) {
		struct ld_sample s = stream_sample("r", i);

		if (i >= 8)
			s.outcome = LD_ABORTED;
		stream_add(&stream, &s);
	}
	stream_end(&stream);
	summary = summary_of(&stream.out);
	ld_buf_clear(&stream.out);
	run = ld_summary_all(summary);
	assert_int_equal(run->total.ledger.aborted, 2);
	assert_int_equal(ld_hist_count(run->total.response), 8);
	check_judged(summary, LD_STREAM_WHOLE, "");
}

static void
an_empty_stream_is_empty(void **state)
{
	struct ld_summary *summary;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 64);
	ld_buf_adds(&out, "\n");
	summary = summary_of(&out);
	assert_int_equal(ld_summary_runs(summary), 0);
	assert_null(ld_summary_all(summary));
	assert_int_equal(ld_summary_wholeness(summary), LD_STREAM_EMPTY);
	assert_int_equal(ld_summary_validity(summary), LD_RUN_UNJUDGED);
	ld_summary_free(summary);
	ld_buf_adds(&out, "{\"type\":\"sam");
	summary = summary_of(&out);
	assert_int_equal(ld_summary_wholeness(summary), LD_STREAM_INCOMPLETE);
	ld_summary_free(summary);
	ld_buf_clear(&out);
}

static void
a_torn_end_and_a_bad_line_for_a_sample_are_incomplete(void **state)
{
	struct stream stream;
	size_t len;

	(void)state;
	stream_whole(&stream, "r", 100);
	len = stream.out.len;
	stream.out.len -= 10;
	check_judged(summary_of(&stream.out), LD_STREAM_INCOMPLETE,
	    "INCOMPLETE: the end of the run is missing");
	stream.out.len = len;
	ld_buf_adds(&stream.out, "{\"type\":\"sample\",");
	check_judged(summary_of(&stream.out), LD_STREAM_INCOMPLETE,
	    "INCOMPLETE: the last line is torn");
	stream.out.len = len;
	ld_buf_adds(&stream.out, "noise\n");
	check_judged(summary_of(&stream.out), LD_STREAM_WHOLE, "");
	stream.out.len = len;
	edit(&stream.out, "{\"type\":\"sample\"", "{\"type\"_\"sample\"");
	check_judged(summary_of(&stream.out), LD_STREAM_INCOMPLETE,
	    "INCOMPLETE: 1 line is no record, and samples are missing");
	ld_buf_clear(&stream.out);
}

static void
add_input(struct ld_summary *summary, const struct ld_buf *out)
{
	int fd = stream_fd(out->data, out->len);
	struct ld_reader *reader = ld_reader_new(fd, "in", NULL, NULL);
	struct ld_record record;
	bool more = true;

	assert_non_null(reader);
	for (;;) {
		assert_int_equal(
		    ld_reader_next(reader, &record, &more, NULL), LD_OK);
		if (!more)
			break;
		assert_int_equal(ld_summary_add(summary, &record, NULL), LD_OK);
	}
	ld_summary_note_bad(
	    summary, ld_reader_bad_lines(reader), ld_reader_torn(reader));
	ld_reader_free(reader);
	assert_int_equal(close(fd), 0);
}

/* A later input that was whole, or the bad lines of one, made the torn end of
 * an earlier one forgotten. */
static void
every_input_keeps_its_own_damage(void **state)
{
	struct ld_summary *summary = ld_summary_new();
	struct stream a, b;

	(void)state;
	assert_non_null(summary);
	stream_whole(&a, "first", 100);
	ld_buf_adds(&a.out, "{\"type\":\"sample\",");
	add_input(summary, &a.out);
	stream_whole(&b, "second", 100);
	ld_buf_adds(&b.out, "noise\n");
	add_input(summary, &b.out);
	assert_int_equal(ld_summary_finish(summary, NULL), LD_OK);
	assert_string_equal(ld_summary_run(summary, 0)->wholeness_text,
	    "INCOMPLETE: the last line is torn");
	assert_int_equal(
	    ld_summary_run(summary, 1)->wholeness, LD_STREAM_WHOLE);
	ld_summary_free(summary);
	ld_buf_clear(&a.out);
	ld_buf_clear(&b.out);
}

static void
a_failed_verdict_is_remembered(void **state)
{
	static const char *const outcomes[] = { "pass", "fail" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct ld_summary *summary;
		struct stream stream;

		stream_whole(&stream, "r", 10);
		ld_buf_addf(&stream.out,
		    "{\"type\":\"verdict\",\"run\":\"r\",\"outcome\":\"%s\"}\n",
		    outcomes[i]);
		summary = summary_of(&stream.out);
		ld_buf_clear(&stream.out);
		assert_int_equal(
		    ld_summary_has_failed_verdict(summary), i == 1);
		check_judged(summary, LD_STREAM_WHOLE, "");
	}
}

static void
events_are_kept_up_to_a_number(void **state)
{
	const struct ld_run_figures *run;
	struct ld_summary *summary;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 1 << 20);
	for (int i = 0; i < 300; i++)
		ld_buf_addf(&out,
		    "{\"type\":\"event\",\"run\":\"r\",\"time_ns\":%d}\n", i);
	summary = summary_of(&out);
	ld_buf_clear(&out);
	run = ld_summary_all(summary);
	assert_int_equal(run->n_events, 200);
	assert_string_equal(
	    run->events[7], "{\"type\":\"event\",\"run\":\"r\",\"time_ns\":7}");
	ld_summary_free(summary);
}

static void
what_is_over_the_series_and_texts_limits_is_other(void **state)
{
	const struct ld_run_figures *run;
	struct ld_summary *summary;
	uint64_t counted = 0;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 1 << 24);
	for (unsigned i = 0; i < 1500; i++) {
		struct ld_sample s = stream_sample("r", 0);
		char name[32], text[32];

		snprintf(name, sizeof name, "s%u", i);
		snprintf(text, sizeof text, "t%u", i);
		s.series.name = str(name);
		s.outcome = LD_FAILURE;
		s.cls = LD_CLASS_DNS;
		s.text = str(text);
		ld_sample_write(&s, &out);
	}
	summary = summary_of(&out);
	ld_buf_clear(&out);
	run = ld_summary_all(summary);
	assert_int_equal(run->n_series, LD_MAX_SERIES + 1);
	assert_string_equal(run->series[LD_MAX_SERIES].name, "(other)");
	assert_int_equal(
	    run->series[LD_MAX_SERIES].ledger.started, 1500 - LD_MAX_SERIES);
	assert_int_equal(run->total.n_failures, LD_MAX_FAILURE_TEXTS + 1);
	assert_string_equal(run->total.failures[0].text.data, "(other)");
	for (size_t i = 0; i < run->total.n_failures; i++)
		counted += run->total.failures[i].count;
	assert_int_equal(counted, 1500);
	ld_summary_free(summary);
}

static void
a_long_run_has_wider_slots_and_loses_nothing(void **state)
{
	const unsigned n = 5000;
	const struct ld_run_figures *run;
	struct ld_summary *summary;
	uint64_t started = 0, counted = 0;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 1 << 24);
	for (unsigned i = 0; i < n; i++) {
		struct ld_sample s = stream_sample("r", i);

		s.intended_ns = i * LD_NS_PER_S;
		s.start_ns = s.intended_ns;
		s.response_ns = s.service_ns;
		ld_sample_write(&s, &out);
	}
	summary = summary_of(&out);
	ld_buf_clear(&out);
	run = ld_summary_all(summary);
	assert_int_equal(run->slot_ns, 8 * LD_NS_PER_S);
	assert_int_equal(run->n_slots, n / 8);
	for (size_t i = 0; i < run->n_slots; i++) {
		assert_int_equal(run->slots[i].started, 8);
		started += run->slots[i].started;
		counted += ld_hist_count(run->slots[i].response);
	}
	assert_int_equal(started, n);
	assert_int_equal(counted, n);
	assert_int_equal(run->last_ns - run->first_ns, run->duration_ns);
	ld_summary_free(summary);
}

static void
counts_beyond_64_bits_are_refused(void **state)
{
	struct ld_summary *summary = ld_summary_new();
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;
	int fd;

	(void)state;
	ld_buf_init(&out, 1 << 24);
	for (unsigned i = 0; i < 2100; i++)
		ld_buf_adds(&out,
		    "{\"type\":\"interval\",\"run\":\"r\",\"second\":1,"
		    "\"name\":\"n\",\"ledger\":{\"planned\":0,\"started\":0,"
		    "\"success\":0,\"aborted\":0,\"in_flight\":0,\"wire\":0},"
		    "\"response\":{\"scale\":8,\"count\":9007199254740991,"
		    "\"min_ns\":1,\"max_ns\":1,\"sum_ns\":"
		    "\"9007199254740991\",\"zero\":0,"
		    "\"b\":[-7653,9007199254740991]}}\n");
	fd = stream_fd(out.data, out.len);
	assert_int_equal(ld_summary_read(summary, fd, "in", &err), LD_INVALID);
	assert_non_null(strstr(err.text, "64 bits"));
	assert_int_equal(close(fd), 0);
	ld_buf_clear(&out);
	ld_summary_free(summary);
}

int
main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_begin_says_what_load_was_asked_for),
		T(runs_are_told_apart_and_added_up),
		T(the_worst_run_speaks_for_all),
		T(shards_of_a_run_are_one_run),
		T(a_missing_shard_and_a_run_twice_are_incomplete),
		T(intervals_count_when_not_all_samples_are_recorded),
		T(then_an_interval_that_is_missing_is_incomplete),
		T(shed_samples_are_in_the_intervals),
		T(aborted_samples_stand_beside_rates_and_quantiles),
		T(an_empty_stream_is_empty),
		T(a_torn_end_and_a_bad_line_for_a_sample_are_incomplete),
		T(every_input_keeps_its_own_damage),
		T(a_failed_verdict_is_remembered),
		T(events_are_kept_up_to_a_number),
		T(what_is_over_the_series_and_texts_limits_is_other),
		T(a_long_run_has_wider_slots_and_loses_nothing),
		T(counts_beyond_64_bits_are_refused),
	};
#undef T

	return cmocka_run_group_tests_name("summary_runs", tests, NULL, NULL);
}
