/* SPDX-License-Identifier: MIT */
/*
 * Result streams for tests, made through the public writers: whole ones, with
 * a check that holds; a test then damages the lines it wants.
 */
#ifndef LD_TEST_RESULT_STREAM_H
#define LD_TEST_RESULT_STREAM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <ld/limits.h>
#include <ld/record.h>
#include <ld/time.h>

#define STREAM_SECONDS 8
#define STREAM_SERIES 3

#define STREAM_GROUPS 4

struct stream {
	const char *run;
	struct ld_buf out;
	struct ld_interval interval[STREAM_SECONDS][STREAM_SERIES];
	struct ld_failure_group group[STREAM_SECONDS][STREAM_SERIES]
				     [STREAM_GROUPS];
	struct ld_ledger ledger;
	uint64_t samples, response_sum;
};

static inline struct ld_str
str(const char *text)
{
	return (struct ld_str){ text, strlen(text) };
}

/* Sample i: two in three of series 0, a failure now and then. */
static inline struct ld_sample
stream_sample(const char *run, unsigned i)
{
	static const char *const names[] = { "GET /", "GET /item/${id}",
		"POST \"/buy\"" };
	uint64_t lag = i % 5 * 1000, ttfb = 900000 + i * 7919 % 500000;
	struct ld_sample s = { .run = str(run),
		.series = { str("fast_http_user"), str(i % 3 ? "GET" : "POST"),
		    str(names[i % STREAM_SERIES]) },
		.key = i % 10,
		.pass = i / 10,
		.task = i % STREAM_SERIES,
		.intended_ns = (uint64_t)i * 1000000,
		.status = 200,
		.bytes_out = 120,
		.bytes_in = 4000 + i,
		.attempts = 1,
		.wire = 1 };

	s.start_ns = s.intended_ns + lag;
	s.phase_ns[LD_PHASE_SEND] = 11000;
	s.phase_ns[LD_PHASE_TTFB] = ttfb;
	s.phase_ns[LD_PHASE_RECEIVE] = 40000;
	s.service_ns = ttfb + 51000;
	s.response_ns = lag + s.service_ns;
	if (i % 50 == 7) {
		s.outcome = LD_FAILURE;
		s.cls = i % 100 == 7 ? LD_CLASS_STATUS : LD_CLASS_RESET;
		s.status = i % 100 == 7 ? 503 : -1;
		s.text = str(i % 100 == 7 ? "503 \"busy\"" : "reset");
	}
	return s;
}

static inline void
stream_begin(struct stream *stream, const char *run, const char *samples)
{
	*stream = (struct stream){ .run = run };
	ld_buf_init(&stream->out, (size_t)1 << 30);
	ld_buf_addf(&stream->out,
	    "{\"type\":\"begin\",\"schema\":\"ld.result/1\",\"run\":\"%s\","
	    "\"run_index\":1,\"run_count\":1,"
	    "\"time\":\"2026-11-23T06:00:00.000000Z\",\"seed\":\"42\","
	    "\"plan_hash\":\"abc\",\"tool\":\"ld-run 0.1\","
	    "\"host\":{\"name\":\"h\",\"kernel\":\"Linux 6.1\",\"cpus\":2,"
	    "\"threads\":1},\"shard\":{\"index\":0,\"count\":1},"
	    "\"samples\":\"%s\",\"config\":{\"user\":\"fast_http_user\","
	    "\"user_count\":10,\"spawn_rate\":2.5,"
	    "\"test_time_ns\":8000000000,\"passes\":null},"
	    "\"target\":\"http://127.0.0.1:1/\",\"tls_verify\":true}\n",
	    run, samples);
	for (int t = 0; t < STREAM_SECONDS; t++)
		for (int i = 0; i < STREAM_SERIES; i++) {
			struct ld_interval *iv = &stream->interval[t][i];

			iv->response = ld_hist_new(NULL);
			iv->service = ld_hist_new(NULL);
			iv->failures = stream->group[t][i];
		}
}

static inline struct ld_interval *
stream_interval(
    struct stream *stream, const struct ld_sample *s, uint64_t time_ns)
{
	struct ld_interval *iv =
	    &stream->interval[time_ns / LD_NS_PER_S][s->task];

	assert_true(time_ns / LD_NS_PER_S < STREAM_SECONDS);
	iv->run = s->run;
	iv->second = time_ns / LD_NS_PER_S;
	iv->series = s->series;
	iv->users = 10;
	return iv;
}

static inline void
stream_failure(
    struct stream *stream, const struct ld_sample *s, uint64_t time_ns)
{
	struct ld_interval *iv = stream_interval(stream, s, time_ns);
	struct ld_failure_group *group =
	    stream->group[time_ns / LD_NS_PER_S][s->task];
	size_t i = 0;

	while (i < iv->n_failures && group[i].cls != s->cls)
		i++;
	assert_true(i < STREAM_GROUPS);
	if (i == iv->n_failures) {
		group[i] = (struct ld_failure_group){
			.cls = s->cls, .text = s->text, .first_ns = time_ns
		};
		iv->n_failures++;
	}
	group[i].count++;
	group[i].last_ns = time_ns;
}

/* Into its intervals and the ledger, as the engine does. */
static inline void
stream_count(struct stream *stream, const struct ld_sample *s)
{
	uint64_t end_ns = s->start_ns + s->service_ns;
	struct ld_interval *iv = stream_interval(stream, s, s->start_ns);

	iv->ledger.planned++;
	iv->ledger.started++;
	stream->ledger.planned++;
	stream->ledger.started++;
	iv = stream_interval(stream, s, end_ns);
	iv->ledger.wire++;
	stream->ledger.wire++;
	iv->bytes_out += s->bytes_out;
	iv->bytes_in += s->bytes_in;
	if (s->outcome == LD_ABORTED) {
		iv->ledger.aborted++;
		stream->ledger.aborted++;
		return;
	}
	assert_true(ld_hist_add(iv->response, s->response_ns));
	assert_true(ld_hist_add(iv->service, s->service_ns));
	if (s->outcome == LD_SUCCESS) {
		iv->ledger.success++;
		stream->ledger.success++;
		return;
	}
	stream_failure(stream, s, end_ns);
	iv->ledger.failure[s->cls]++;
	stream->ledger.failure[s->cls]++;
}

static inline void
stream_add(struct stream *stream, const struct ld_sample *s)
{
	stream_count(stream, s);
	ld_sample_write(s, &stream->out);
	stream->samples++;
	stream->response_sum += s->response_ns;
}

static inline unsigned
stream_intervals(struct stream *stream)
{
	unsigned n = 0;

	for (int t = 0; t < STREAM_SECONDS; t++)
		for (int i = 0; i < STREAM_SERIES; i++) {
			struct ld_interval *iv = &stream->interval[t][i];

			if (iv->run.data) {
				ld_interval_write(iv, &stream->out);
				n++;
			}
			ld_hist_free(iv->response);
			ld_hist_free(iv->service);
		}
	return n;
}

static inline void
stream_health(struct stream *stream)
{
	static const uint64_t cpu[] = { 30000000, 20000000 };

	for (unsigned t = 0; t < STREAM_SECONDS; t++) {
		struct ld_health health = { .run = str(stream->run),
			.second = t,
			.users = t < 4 ? t + 1 : 10,
			.late = 1,
			.lag = ld_hist_new(NULL),
			.cpu_ns = cpu,
			.n_threads = 2,
			.descriptors = 20 + t,
			.rss_bytes = 1000000 + t };

		ld_hist_add(health.lag, 1000 * (t + 1));
		ld_health_write(&health, &stream->out);
		ld_hist_free(health.lag);
	}
}

/* Intervals, health and an `end` whose check holds. */
static inline void
stream_end(struct stream *stream)
{
	unsigned intervals = stream_intervals(stream);

	stream_health(stream);
	ld_buf_addf(&stream->out,
	    "{\"type\":\"end\",\"run\":\"%s\",\"time_ns\":8000000000,"
	    "\"reason\":\"time\",\"ledger\":",
	    stream->run);
	ld_ledger_write(&stream->ledger, &stream->out);
	ld_buf_addf(&stream->out,
	    ",\"validity\":{\"state\":\"valid\",\"reasons\":[]},"
	    "\"check\":{\"samples\":%llu,\"intervals\":%u,\"health\":%d,"
	    "\"events\":0,\"messages\":0,\"response_ns_sum\":\"%llu\"}}\n",
	    (unsigned long long)stream->samples, intervals, STREAM_SECONDS,
	    (unsigned long long)stream->response_sum);
	assert_false(stream->out.failed);
}

/* A whole run of n samples. */
static inline void
stream_whole(struct stream *stream, const char *run, unsigned n)
{
	stream_begin(stream, run, "all");
	for (unsigned i = 0; i < n; i++) {
		struct ld_sample s = stream_sample(run, i);

		stream_add(stream, &s);
	}
	stream_end(stream);
}

/* Which lines to keep: those for which keep() is true; `n` counts the lines
 * of the same kind, from 0. */
typedef bool stream_keep_fn(const char *line, size_t len, unsigned n);

static inline bool
line_has(const char *line, size_t len, const char *word)
{
	return memmem(line, len, word, strlen(word)) != NULL;
}

/* Keep, or drop, lines of a stream. */
static inline void
stream_filter(struct ld_buf *out, stream_keep_fn *keep)
{
	size_t to = 0;
	unsigned n = 0;

	for (size_t from = 0; from < out->len;) {
		const char *line = out->data + from;
		const char *feed = memchr(line, '\n', out->len - from);
		size_t len = feed ? (size_t)(feed - line) + 1 : out->len - from;

		if (keep(line, len, n++)) {
			memmove(out->data + to, line, len);
			to += len;
		}
		from += len;
	}
	out->len = to;
}

/* A descriptor to read these bytes from. */
static inline int
stream_fd(const void *data, size_t len)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fflush(file), 0);
	fd = dup(fileno(file));
	assert_true(fd >= 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(fclose(file), 0);
	return fd;
}

#endif /* LD_TEST_RESULT_STREAM_H */
