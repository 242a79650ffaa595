/* SPDX-License-Identifier: MIT */
/*
 * Figures from streams that are whole, filtered, cut and damaged.
 */
#include "config.h"

#include "result_stream.h"

#include <ld/summary.h>

#define N 400

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

/* A run of N samples with only the lines that `keep` wants. */
static struct ld_summary *
summary_kept(stream_keep_fn *keep)
{
	struct ld_summary *summary;
	struct stream stream;

	stream_whole(&stream, "r", N);
	stream_filter(&stream.out, keep);
	summary = summary_of(&stream.out);
	ld_buf_clear(&stream.out);
	return summary;
}

/* The figures of stream_sample(0 ... N - 1). */
static void
check_all_of_it(const struct ld_run_figures *run)
{
	uint64_t started = 0, ended = 0, counted = 0;

	assert_int_equal(run->n_series, 3);
	assert_string_equal(run->series[0].name, "GET /");
	assert_string_equal(run->series[0].request_type, "POST");
	assert_string_equal(run->series[2].name, "POST \"/buy\"");
	assert_int_equal(run->total.ledger.started, N);
	assert_int_equal(ld_ledger_failures(&run->total.ledger), N / 50);
	assert_int_equal(run->total.ledger.success, N - N / 50);
	assert_int_equal(run->total.ledger.wire, N);
	assert_int_equal(run->total.bytes_out, N * 120);
	assert_int_equal(run->total.bytes_in, N * 4000 + N * (N - 1) / 2);
	assert_int_equal(ld_hist_count(run->total.response), N);
	assert_int_equal(ld_hist_count(run->total.service), N);
	assert_true(ld_ledger_balances(&run->total.ledger));
	assert_true(run->ledger_balances);
	assert_int_equal(run->total.n_failures, 2);
	assert_int_equal(run->total.failures[0].count, N / 100);
	assert_int_equal(run->total.failures[0].cls, LD_CLASS_RESET);
	assert_int_equal(run->total.failures[1].cls, LD_CLASS_STATUS);
	assert_string_equal(run->total.failures[1].text.data, "503 \"busy\"");
	assert_true(
	    run->total.failures[0].first_ns < run->total.failures[0].last_ns);
	assert_int_equal(run->slot_ns, LD_NS_PER_S);
	for (size_t i = 0; i < run->n_slots; i++) {
		const struct ld_slot *slot = &run->slots[i];

		started += slot->started;
		ended += slot->success + slot->failure + slot->aborted;
		counted += slot->response ? ld_hist_count(slot->response) : 0;
	}
	assert_int_equal(started, N);
	assert_int_equal(ended, N);
	assert_int_equal(counted, N);
}

static void
check_judged(
    struct ld_summary *summary, enum ld_wholeness wholeness, const char *text)
{
	const struct ld_run_figures *run = ld_summary_all(summary);

	assert_non_null(run);
	assert_int_equal(run->wholeness, wholeness);
	assert_string_equal(run->wholeness_text, text);
	assert_int_equal(ld_summary_wholeness(summary), wholeness);
	ld_summary_free(summary);
}

static bool
keep_all(const char *line, size_t len, unsigned n)
{
	(void)line, (void)len, (void)n;
	return true;
}

static void
a_whole_stream_is_summed_from_its_intervals(void **state)
{
	struct ld_summary *summary = summary_kept(keep_all);
	const struct ld_run_figures *run = ld_summary_run(summary, 0);

	(void)state;
	assert_int_equal(ld_summary_runs(summary), 1);
	assert_true(run->from_intervals);
	assert_int_equal(run->samples_seen, N);
	check_all_of_it(run);
	assert_string_equal(run->facts.run_id, "r");
	assert_string_equal(
	    run->facts.started_at, "2026-11-23T06:00:00.000000Z");
	assert_string_equal(run->facts.seed, "42");
	assert_string_equal(run->facts.host, "h (Linux 6.1, 2 CPUs)");
	assert_string_equal(run->facts.samples, "all");
	assert_string_equal(run->facts.target, "http://127.0.0.1:1/");
	assert_string_equal(run->facts.reason, "time");
	assert_int_equal(run->facts.threads, 1);
	assert_int_equal(run->facts.user_count, 10);
	assert_true(run->facts.spawn_rate == 2.5);
	assert_true(run->facts.test_time_s == 8);
	assert_true(strncmp(run->facts.begin_json, "{\"type\":", 8) == 0);
	assert_int_equal(run->validity, LD_RUN_VALID);
	assert_int_equal(run->duration_ns, 8 * LD_NS_PER_S);
	assert_int_equal(run->first_ns, 0);
	assert_int_equal(run->late, STREAM_SECONDS);
	assert_int_equal(run->cpu_ns, STREAM_SECONDS * 50000000);
	assert_int_equal(run->max_descriptors, 20 + STREAM_SECONDS - 1);
	assert_int_equal(run->max_users, 10);
	assert_int_equal(run->n_slots, STREAM_SECONDS);
	assert_int_equal(run->slots[0].users, 1);
	assert_int_equal(run->slots[3].users, 4);
	assert_int_equal(ld_hist_count(run->lag), STREAM_SECONDS);
	check_judged(summary, LD_STREAM_WHOLE, "");
}

static bool
no_intervals(const char *line, size_t len, unsigned n)
{
	(void)n;
	return !line_has(line, len, "\"type\":\"interval\"");
}

static void
samples_alone_give_the_same_figures(void **state)
{
	struct ld_summary *a = summary_kept(keep_all);
	struct ld_summary *b = summary_kept(no_intervals);
	const struct ld_run_figures *x = ld_summary_run(a, 0);
	const struct ld_run_figures *y = ld_summary_run(b, 0);

	(void)state;
	assert_false(y->from_intervals);
	check_all_of_it(y);
	for (size_t i = 0; i < 3; i++) {
		assert_memory_equal(&x->series[i].ledger, &y->series[i].ledger,
		    sizeof x->series[i].ledger);
		for (uint32_t ppm = 0; ppm <= 1000000; ppm += 10000)
			assert_int_equal(
			    ld_hist_quantile(x->series[i].response, ppm),
			    ld_hist_quantile(y->series[i].response, ppm));
	}
	ld_summary_free(a);
	check_judged(b, LD_STREAM_WHOLE, "");
}

static bool
no_samples(const char *line, size_t len, unsigned n)
{
	(void)n;
	return !line_has(line, len, "\"type\":\"sample\"");
}

static void
without_its_samples_a_stream_is_filtered_but_intervals_tell_all(void **state)
{
	struct ld_summary *summary = summary_kept(no_samples);

	(void)state;
	assert_true(ld_summary_run(summary, 0)->from_intervals);
	check_all_of_it(ld_summary_run(summary, 0));
	check_judged(summary, LD_STREAM_FILTERED, "FILTERED 0 of 400 samples");
}

static bool
one_series(const char *line, size_t len, unsigned n)
{
	(void)n;
	return !line_has(line, len, "\"type\":\"sample\"") ||
	       line_has(line, len, "item");
}

static bool
one_series_all_types(const char *line, size_t len, unsigned n)
{
	(void)n;
	return line_has(line, len, "\"type\":\"begin\"") ||
	       line_has(line, len, "\"type\":\"end\"") ||
	       line_has(line, len, "item");
}

static void
filtered_samples_are_counted_themselves(void **state)
{
	stream_keep_fn *const filters[] = { one_series, one_series_all_types };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct ld_summary *summary = summary_kept(filters[i]);
		const struct ld_run_figures *run = ld_summary_run(summary, 0);

		assert_false(run->from_intervals);
		assert_int_equal(run->n_series, 1);
		assert_string_equal(run->series[0].name, "GET /item/${id}");
		assert_int_equal(run->total.ledger.started, 133);
		assert_int_equal(run->ledger.started, N);
		check_judged(
		    summary, LD_STREAM_FILTERED, "FILTERED 133 of 400 samples");
	}
}

static bool
only_samples(const char *line, size_t len, unsigned n)
{
	return !no_samples(line, len, n);
}

static void
samples_without_a_frame_are_a_fragment(void **state)
{
	struct ld_summary *summary = summary_kept(only_samples);
	const struct ld_run_figures *run = ld_summary_run(summary, 0);

	(void)state;
	check_all_of_it(run);
	assert_int_equal(run->validity, LD_RUN_UNJUDGED);
	assert_int_equal(run->duration_ns, run->last_ns);
	check_judged(summary, LD_STREAM_FRAGMENT,
	    "FRAGMENT: neither the begin nor the end of a run");
}

static bool
only_intervals(const char *line, size_t len, unsigned n)
{
	return !no_intervals(line, len, n);
}

static void
intervals_without_a_frame_are_a_fragment(void **state)
{
	struct ld_summary *summary = summary_kept(only_intervals);

	(void)state;
	assert_true(ld_summary_run(summary, 0)->from_intervals);
	check_all_of_it(ld_summary_run(summary, 0));
	check_judged(summary, LD_STREAM_FRAGMENT,
	    "FRAGMENT: neither the begin nor the end of a run");
}

static bool
head_is_cut(const char *line, size_t len, unsigned n)
{
	(void)line, (void)len;
	return n >= 100;
}

static bool
tail_is_cut(const char *line, size_t len, unsigned n)
{
	(void)line, (void)len;
	return n < 100;
}

static bool
an_interval_is_missing(const char *line, size_t len, unsigned n)
{
	(void)n;
	return !line_has(line, len, "\"second\":0,\"user_type\"") ||
	       !line_has(line, len, "item");
}

static bool
a_health_record_is_missing(const char *line, size_t len, unsigned n)
{
	(void)n;
	return !line_has(line, len, "\"second\":5,\"ledger\"");
}

static void
a_cut_stream_is_incomplete(void **state)
{
	static const struct {
		stream_keep_fn *keep;
		const char *text;
	} cases[] = {
		{ head_is_cut, "INCOMPLETE: the begin of the run is missing" },
		{ tail_is_cut, "INCOMPLETE: the end of the run is missing" },
		{ an_interval_is_missing, "INCOMPLETE: 2 of 3 intervals" },
		{ a_health_record_is_missing,
		    "INCOMPLETE: 7 of 8 health records" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ld_summary *summary = summary_kept(cases[i].keep);

		assert_true(ld_summary_run(summary, 0)->total.ledger.started);
		check_judged(summary, LD_STREAM_INCOMPLETE, cases[i].text);
	}
}

/* Change bytes of a whole stream and look at the verdict. */
static void
check_edited(const char *from, const char *to, const char *text)
{
	struct stream stream;
	char *at;

	assert_int_equal(strlen(from), strlen(to));
	stream_whole(&stream, "r", N);
	at = memmem(stream.out.data, stream.out.len, from, strlen(from));
	assert_non_null(at);
	memcpy(at, to, strlen(to));
	check_judged(summary_of(&stream.out), LD_STREAM_INCOMPLETE, text);
	ld_buf_clear(&stream.out);
}

static void
a_check_that_does_not_hold_is_incomplete(void **state)
{
	(void)state;
	check_edited("\"response_ns\":951000,", "\"response_ns\":951001,",
	    "INCOMPLETE: the samples' response times add up to another sum "
	    "than the end of the run says");
	check_edited("\"success\":131", "\"success\":132",
	    "INCOMPLETE: the intervals do not add up to the ledger at the "
	    "end of the run");
	check_edited("\"check\":", "\"chock\":",
	    "INCOMPLETE: the end of the run holds no check");
	check_edited("\"started\":400", "\"started\":401",
	    "INCOMPLETE: 400 samples and 0 shed, but 401 started");
	check_edited("\"samples\":400", "\"samples\":399",
	    "INCOMPLETE: 400 samples, but the end of the run says 399");
}

/* A stream that an earlier build wrote: what is on disks stays readable. */
static void
a_stream_of_an_earlier_build_is_read(void **state)
{
	const char *srcdir = getenv("srcdir");
	struct ld_summary *summary = ld_summary_new();
	struct ld_err err = LD_ERR_INIT;
	char path[4096];
	FILE *file;

	(void)state;
	snprintf(path, sizeof path, "%s/tests/data/records/whole.ndjson",
	    srcdir ? srcdir : ".");
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(
	    ld_summary_read(summary, fileno(file), path, &err), LD_OK);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(ld_summary_all(summary)->total.ledger.success, 11);
	assert_int_equal(ld_summary_all(summary)->total.n_failures, 1);
	check_judged(summary, LD_STREAM_WHOLE, "");
}

int
main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(a_whole_stream_is_summed_from_its_intervals),
		T(samples_alone_give_the_same_figures),
		T(without_its_samples_a_stream_is_filtered_but_intervals_tell_all),
		T(filtered_samples_are_counted_themselves),
		T(samples_without_a_frame_are_a_fragment),
		T(intervals_without_a_frame_are_a_fragment),
		T(a_cut_stream_is_incomplete),
		T(a_check_that_does_not_hold_is_incomplete),
		T(a_stream_of_an_earlier_build_is_read),
	};
#undef T

	return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
