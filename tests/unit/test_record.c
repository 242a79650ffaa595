/* SPDX-License-Identifier: MIT */
/* What is written is read back. */
#include "config.h"

#include "result_stream.h"

#define TEXT(s) s, sizeof(s) - 1

static struct ld_reader *
reader_of(const char *data, size_t len, int *fd_out)
{
	struct ld_reader *reader;

	*fd_out = stream_fd(data, len);
	reader = ld_reader_new(*fd_out, "in", NULL, NULL);
	assert_non_null(reader);
	return reader;
}

static void
reader_end(struct ld_reader *reader, int fd)
{
	ld_reader_free(reader);
	assert_int_equal(close(fd), 0);
}

static void
check_str(struct ld_str a, struct ld_str b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
}

static void
check_sample(const struct ld_sample *a, const struct ld_sample *b)
{
	check_str(a->run, b->run);
	check_str(a->series.user_type, b->series.user_type);
	check_str(a->series.request_type, b->series.request_type);
	check_str(a->series.name, b->series.name);
	assert_true(a->open_model == b->open_model && a->key == b->key &&
		    a->pass == b->pass && a->task == b->task);
	assert_true(
	    a->intended_ns == b->intended_ns && a->start_ns == b->start_ns &&
	    a->response_ns == b->response_ns && a->service_ns == b->service_ns);
	assert_memory_equal(a->phase_ns, b->phase_ns, sizeof a->phase_ns);
	assert_true(a->status == b->status && a->bytes_out == b->bytes_out &&
		    a->bytes_in == b->bytes_in && a->outcome == b->outcome &&
		    a->cls == b->cls && a->hops == b->hops &&
		    a->attempts == b->attempts && a->wire == b->wire);
	check_str(a->text, b->text);
}

static struct ld_sample
full_sample(void)
{
	struct ld_sample s = stream_sample("r-1", 7);

	s.series.name = str("caf\xc3\xa9 \"a\\b\"\t\xe2\x80\xa8 ${x}");
	s.open_model = true;
	s.key = (UINT64_C(1) << 53) - 1;
	for (unsigned i = 0; i < LD_PHASE_N; i++)
		s.phase_ns[i] = 10 + i;
	s.status = 0;
	s.text = (struct ld_str){ TEXT("a\0b\x01\n\"\\ \xe2\x80\xa9 end") };
	s.hops = 3;
	s.attempts = 2;
	s.wire = 5;
	return s;
}

static void
a_sample_comes_back_as_it_was(void **state)
{
	struct ld_sample samples[] = { stream_sample("r", 0), full_sample(),
		stream_sample("r", 57), stream_sample("", 3) };
	struct ld_err err = LD_ERR_INIT;
	struct ld_record record;
	struct ld_reader *reader;
	struct ld_buf out;
	bool more;
	int fd;

	(void)state;
	samples[3].outcome = LD_ABORTED;
	ld_buf_init(&out, 1 << 20);
	for (int i = 0; i < 4; i++)
		ld_sample_write(&samples[i], &out);
	reader = reader_of(out.data, out.len, &fd);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(
		    ld_reader_next(reader, &record, &more, &err), LD_OK);
		assert_true(more);
		assert_int_equal(record.type, LD_RECORD_SAMPLE);
		assert_int_equal(record.number, i + 1);
		check_sample(&record.u.sample, &samples[i]);
	}
	assert_int_equal(ld_reader_next(reader, &record, &more, &err), LD_OK);
	assert_false(more);
	assert_int_equal(ld_reader_bad_lines(reader), 0);
	reader_end(reader, fd);
	ld_buf_clear(&out);
}

static void
the_hot_form_writes_the_same_bytes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct ld_sample s =
		    i ? stream_sample("run", i) : full_sample();
		struct ld_err err = LD_ERR_INIT;
		struct ld_sample_head head;
		struct ld_buf out;
		size_t len, bound;
		char *at;

		ld_buf_init(&out, 1 << 20);
		ld_sample_write(&s, &out);
		assert_int_equal(ld_sample_head_init(&head, &s, &err), LD_OK);
		bound = ld_sample_bound(&head, s.text.len);
		at = malloc(bound);
		assert_non_null(at);
		len = ld_sample_format(&head, &s, at);
		assert_true(len <= bound);
		assert_int_equal(len, out.len);
		assert_memory_equal(at, out.data, len);
		free(at);
		ld_sample_head_clear(&head);
		ld_buf_clear(&out);
	}
}

static void
the_largest_sample_fits_its_bound(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_sample s = full_sample();
	struct ld_sample_head head;
	char text[LD_MAX_FAILURE_TEXT], *at;
	size_t bound;

	(void)state;
	memset(text, 1, sizeof text);
	s.text = (struct ld_str){ text, sizeof text };
	s.cls = LD_CLASS_HEADER_TOO_LARGE;
	s.key = s.pass = s.intended_ns = s.start_ns = UINT64_MAX;
	s.response_ns = s.service_ns = s.bytes_out = s.bytes_in = UINT64_MAX;
	for (int i = 0; i < LD_PHASE_N; i++)
		s.phase_ns[i] = UINT64_MAX;
	s.status = INT32_MAX;
	s.hops = s.attempts = s.wire = UINT32_MAX;
	assert_int_equal(ld_sample_head_init(&head, &s, &err), LD_OK);
	bound = ld_sample_bound(&head, s.text.len);
	at = malloc(bound); /* the sanitizer watches its end */
	assert_non_null(at);
	assert_true(ld_sample_format(&head, &s, at) <= bound);
	free(at);
	ld_sample_head_clear(&head);
}

static void
a_sample_is_written_as_the_schema_says(void **state)
{
	static const char line[] =
	    "{\"type\":\"sample\",\"run\":\"r\",\"user_type\":"
	    "\"fast_http_user\",\"request_type\":\"GET\",\"name\":\"GET "
	    "/item/${id}\",\"task\":1,\"user\":7,\"pass\":5,\"intended_ns\":"
	    "57000000,\"start_ns\":57002000,\"response_ns\":1404383,"
	    "\"service_ns\":1402383,\"send_ns\":11000,\"ttfb_ns\":1351383,"
	    "\"receive_ns\":40000,\"bytes_out\":120,\"bytes_in\":4057,"
	    "\"outcome\":\"failure\",\"class\":\"reset\",\"text\":\"reset\"}"
	    "\n";
	struct ld_sample s = stream_sample("r", 57);
	struct ld_buf out;

	(void)state;
	s.series.request_type = str("GET");
	s.series.name = str("GET /item/${id}");
	s.task = 1;
	ld_buf_init(&out, 1 << 20);
	ld_sample_write(&s, &out);
	assert_int_equal(out.len, sizeof line - 1);
	assert_memory_equal(out.data, line, out.len);
	ld_buf_clear(&out);
}

static void
an_interval_comes_back_as_it_was(void **state)
{
	const struct ld_failure_group groups[] = {
		{ LD_CLASS_STATUS, { TEXT("503 \"x\"") }, 3, 10, 900 },
		{ LD_CLASS_RESET, { TEXT("reset") }, 1, 20, 20 },
	};
	struct ld_interval interval = { .run = str("r"),
		.series = { str("u"), str("GET"), str("n\n") },
		.second = 12,
		.ledger = { .planned = 7, .started = 6, .wire = 6 },
		.users = 4,
		.bytes_out = 1,
		.bytes_in = 2,
		.response = ld_hist_new(NULL),
		.service = ld_hist_new(NULL),
		.failures = groups,
		.n_failures = 2 };
	const struct ld_interval *got;
	struct ld_err err = LD_ERR_INIT;
	struct ld_record record;
	struct ld_reader *reader;
	struct ld_buf out;
	bool more;
	int fd;

	(void)state;
	interval.ledger.success = 2;
	interval.ledger.failure[LD_CLASS_STATUS] = 3;
	interval.ledger.not_started[LD_NOT_STARTED_BUDGET] = 1;
	interval.ledger.in_flight = 1;
	for (uint64_t i = 0; i < 5; i++)
		ld_hist_add(interval.response, i * 1000003);
	ld_hist_add(interval.service, 77);
	ld_buf_init(&out, 1 << 20);
	ld_interval_write(&interval, &out);
	reader = reader_of(out.data, out.len, &fd);
	assert_int_equal(ld_reader_next(reader, &record, &more, &err), LD_OK);
	assert_true(more);
	assert_int_equal(record.type, LD_RECORD_INTERVAL);
	got = &record.u.interval;
	check_str(got->series.name, interval.series.name);
	assert_int_equal(got->second, 12);
	assert_memory_equal(&got->ledger, &interval.ledger, sizeof got->ledger);
	assert_true(
	    got->users == 4 && got->bytes_out == 1 && got->bytes_in == 2);
	assert_int_equal(ld_hist_count(got->response), 5);
	assert_int_equal(ld_hist_zero(got->response), 1);
	assert_int_equal(ld_hist_max(got->service), 77);
	assert_int_equal(got->n_failures, 2);
	for (int i = 0; i < 2; i++) {
		check_str(got->failures[i].text, groups[i].text);
		assert_int_equal(got->failures[i].cls, groups[i].cls);
		assert_int_equal(got->failures[i].count, groups[i].count);
		assert_int_equal(got->failures[i].last_ns, groups[i].last_ns);
	}
	reader_end(reader, fd);
	ld_buf_clear(&out);
	ld_hist_free(interval.response);
	ld_hist_free(interval.service);
}

static void
an_interval_without_a_series_is_health(void **state)
{
	const uint64_t cpu[] = { 5, 6, 7 };
	struct ld_health health = { .run = str("r"),
		.second = 3,
		.users = 9,
		.late = 2,
		.arrivals = 12,
		.lag = ld_hist_new(NULL),
		.cpu_ns = cpu,
		.n_threads = 3,
		.descriptors = 33,
		.rss_bytes = 44 };
	struct ld_err err = LD_ERR_INIT;
	struct ld_record record;
	struct ld_reader *reader;
	struct ld_buf out;
	bool more;
	int fd;

	(void)state;
	ld_hist_add(health.lag, 123);
	ld_buf_init(&out, 1 << 20);
	ld_health_write(&health, &out);
	reader = reader_of(out.data, out.len, &fd);
	assert_int_equal(ld_reader_next(reader, &record, &more, &err), LD_OK);
	assert_int_equal(record.type, LD_RECORD_HEALTH);
	assert_int_equal(record.u.health.n_threads, 3);
	assert_int_equal(record.u.health.cpu_ns[2], 7);
	assert_int_equal(record.u.health.users, 9);
	assert_int_equal(record.u.health.late, 2);
	assert_int_equal(record.u.health.arrivals, 12);
	assert_int_equal(record.u.health.descriptors, 33);
	assert_int_equal(record.u.health.rss_bytes, 44);
	assert_int_equal(ld_hist_max(record.u.health.lag), 123);
	reader_end(reader, fd);
	/* The closed model has none, and says nothing of them. */
	health.arrivals = UINT64_MAX;
	ld_buf_reset(&out);
	ld_health_write(&health, &out);
	assert_null(memmem(out.data, out.len, "arrivals", 8));
	reader = reader_of(out.data, out.len, &fd);
	assert_int_equal(ld_reader_next(reader, &record, &more, &err), LD_OK);
	assert_true(record.u.health.arrivals == UINT64_MAX);
	reader_end(reader, fd);
	ld_buf_clear(&out);
	ld_hist_free(health.lag);
}

int
main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(a_sample_is_written_as_the_schema_says),
		T(a_sample_comes_back_as_it_was),
		T(the_hot_form_writes_the_same_bytes),
		T(the_largest_sample_fits_its_bound),
		T(an_interval_comes_back_as_it_was),
		T(an_interval_without_a_series_is_health),
	};
#undef T

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
