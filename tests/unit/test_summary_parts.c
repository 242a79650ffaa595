/* SPDX-License-Identifier: MIT */
/*
 * The parts of a stream, cut anywhere and in any order, make the same
 * documents as the whole, byte for byte.
 */
#include "config.h"

#include "result_stream.h"

#include <ld/report.h>
#include <ld/summary.h>

#define N 600
#define TEXTS 80
#define ROUNDS 12
#define MAX_LINES 2000

struct line {
	const char *data;
	size_t len;
};

struct lines {
	struct stream stream;
	struct line line[MAX_LINES];
	size_t n;
};

/* Every third exchange fails, with more texts than are kept. */
static void
make_lines(struct lines *lines)
{
	static char text[TEXTS][32];
	struct stream *stream = &lines->stream;

	stream_begin(stream, "r", "all");
	for (unsigned i = 0; i < N; i++) {
		struct ld_sample s = stream_sample("r", i);

		if (i % 3 == 1 && i % 50 != 7) {
			unsigned k = i * 37 % TEXTS;

			snprintf(text[k], sizeof text[k], "port %u", k);
			s.outcome = LD_FAILURE;
			s.cls = k % 2 ? LD_CLASS_REFUSED : LD_CLASS_RESET;
			s.text = str(text[k]);
			s.status = -1;
		}
		ld_sample_write(&s, &stream->out);
		if (i % 3 != 1)
			stream_count(stream, &s);
	}
	stream_end(stream);
	for (size_t at = 0; at < stream->out.len;) {
		const char *line = stream->out.data + at;
		const char *feed = memchr(line, '\n', stream->out.len - at);

		assert_non_null(feed);
		assert_true(lines->n < MAX_LINES);
		lines->line[lines->n].data = line;
		lines->line[lines->n].len = (size_t)(feed - line) + 1;
		at += lines->line[lines->n++].len;
	}
}

/* Only the lines that hold `word`. */
static void
keep_lines(struct lines *lines, const char *word)
{
	size_t n = 0;

	for (size_t i = 0; i < lines->n; i++)
		if (line_has(lines->line[i].data, lines->line[i].len, word))
			lines->line[n++] = lines->line[i];
	lines->n = n;
	assert_true(n > STREAM_SECONDS);
}

static unsigned
draw(unsigned *seed, size_t below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 8) % (unsigned)below;
}

static void
shuffle(struct lines *lines, unsigned *seed)
{
	for (size_t i = lines->n - 1; i > 0; i--) {
		size_t k = draw(seed, i + 1);
		struct line line = lines->line[i];

		lines->line[i] = lines->line[k];
		lines->line[k] = line;
	}
}

/* All documents of the lines as they stand, one behind the other. */
static void
documents_of(const struct lines *lines, struct ld_buf *out)
{
	const struct ld_report_options options = { .width = 100 };
	struct ld_summary *summary = ld_summary_new();
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf text;
	int fd;

	ld_buf_init(&text, (size_t)1 << 30);
	for (size_t i = 0; i < lines->n; i++)
		ld_buf_add(&text, lines->line[i].data, lines->line[i].len);
	fd = stream_fd(text.data, text.len);
	ld_buf_clear(&text);
	assert_non_null(summary);
	assert_int_equal(ld_summary_read(summary, fd, "in", &err), LD_OK);
	assert_int_equal(close(fd), 0);
	for (size_t i = 0; ld_reporters()[i] != NULL; i++)
		assert_int_equal(
		    ld_reporters()[i]->write(summary, &options, out, &err),
		    LD_OK);
	ld_summary_free(summary);
}

/* In ROUNDS orders; `word` is in every line that is read. */
static void
check_orders(const char *word)
{
	static struct lines lines;
	struct ld_buf whole, part;
	unsigned seed = 1;

	lines.n = 0;
	make_lines(&lines);
	keep_lines(&lines, word);
	ld_buf_init(&whole, (size_t)1 << 30);
	ld_buf_init(&part, (size_t)1 << 30);
	documents_of(&lines, &whole);
	assert_true(whole.len > 1000);
	for (int round = 0; round < ROUNDS; round++) {
		shuffle(&lines, &seed);
		ld_buf_reset(&part);
		documents_of(&lines, &part);
		assert_int_equal(part.len, whole.len);
		assert_memory_equal(part.data, whole.data, whole.len);
	}
	ld_buf_clear(&whole);
	ld_buf_clear(&part);
	ld_buf_clear(&lines.stream.out);
}

static void
lines_in_any_order_make_the_same_documents(void **state)
{
	(void)state;
	check_orders("\"run\"");
}

static void
samples_in_any_order_make_the_same_documents(void **state)
{
	(void)state;
	check_orders("\"type\":\"sample\"");
}

static void
intervals_in_any_order_make_the_same_documents(void **state)
{
	(void)state;
	check_orders("\"type\":\"interval\"");
}

/* The last second of one series is read before an earlier one. */
static void
a_level_is_that_of_the_last_second_whatever_the_order(void **state)
{
	struct ld_interval interval = { .run = str("r"),
		.series = { str("u"), str("GET"), str("a") },
		.response = ld_hist_new(NULL),
		.service = ld_hist_new(NULL) };
	struct ld_summary *summary = ld_summary_new();
	struct ld_record record = { .type = LD_RECORD_INTERVAL };
	struct ld_err err = LD_ERR_INIT;

	(void)state;
	record.run = interval.run;
	for (unsigned i = 0; i < 3; i++) {
		interval.second = i == 0 ? 7 : i;
		interval.ledger.started = interval.ledger.planned = 2;
		interval.ledger.in_flight = i == 0 ? 1 : 5 + i;
		record.u.interval = interval;
		assert_int_equal(ld_summary_add(summary, &record, &err), LD_OK);
	}
	assert_int_equal(ld_summary_finish(summary, &err), LD_OK);
	assert_int_equal(
	    ld_summary_run(summary, 0)->series[0].ledger.in_flight, 1);
	ld_summary_free(summary);
	ld_hist_free(interval.response);
	ld_hist_free(interval.service);
}

#define SHARDS 8

/* `from` in `text`, where it must be once, by `to`. */
static void
replace(struct ld_buf *text, const char *from, const char *to)
{
	const char *at = memmem(text->data, text->len, from, strlen(from));
	struct ld_buf out;
	size_t before;

	assert_non_null(at);
	before = (size_t)(at - text->data);
	ld_buf_init(&out, (size_t)1 << 30);
	ld_buf_add(&out, text->data, before);
	ld_buf_adds(&out, to);
	ld_buf_add(&out, at + strlen(from), text->len - before - strlen(from));
	assert_false(out.failed);
	ld_buf_clear(text);
	*text = out;
}

/* Shard i of a run: events out of order, facts and judgement of its own. */
static void
make_shard(struct stream *stream, unsigned i)
{
	char text[200];

	stream_begin(stream, "r", "all");
	snprintf(text, sizeof text, "\"index\":%u,\"count\":%d", i, SHARDS);
	replace(&stream->out, "\"index\":0,\"count\":1", text);
	snprintf(text, sizeof text, "\"seed\":\"%u\"", i);
	replace(&stream->out, "\"seed\":\"42\"", text);
	for (unsigned k = 0; k < 20 + i; k++) {
		struct ld_sample s = stream_sample("r", k * SHARDS + i);

		stream_add(stream, &s);
	}
	for (unsigned k = 0; k < 40; k++)
		ld_buf_addf(&stream->out,
		    "{\"type\":\"event\",\"run\":\"r\",\"time_ns\":%u,"
		    "\"event\":\"of %u\"}\n",
		    k * 7 % 40, i);
	stream_end(stream);
	replace(&stream->out, "\"events\":0", "\"events\":40");
	snprintf(text, sizeof text,
	    "\"state\":\"degraded\",\"reasons\":[\"shard %u\"]", i);
	replace(&stream->out, "\"state\":\"valid\",\"reasons\":[]", text);
	replace(&stream->out, "\"reason\":\"time\"",
	    i == 5 ? "\"reason\":\"sigterm\"" : "\"reason\":\"time\"");
}

static void
shards_in_any_order_make_the_same_documents(void **state)
{
	static struct stream shard[SHARDS];
	static struct lines files; /* a "line" is a whole file here */
	struct ld_buf first, next;
	unsigned seed = 7;

	(void)state;
	files.n = SHARDS;
	for (unsigned i = 0; i < SHARDS; i++) {
		make_shard(&shard[i], i);
		files.line[i].data = shard[i].out.data;
		files.line[i].len = shard[i].out.len;
	}
	ld_buf_init(&first, (size_t)1 << 30);
	ld_buf_init(&next, (size_t)1 << 30);
	documents_of(&files, &first);
	assert_true(line_has(first.data, first.len, "\"seed\": \"0\""));
	assert_true(line_has(first.data, first.len, "sigterm"));
	assert_true(line_has(first.data, first.len, "\"whole\""));
	for (int round = 0; round < ROUNDS; round++) {
		shuffle(&files, &seed);
		ld_buf_reset(&next);
		documents_of(&files, &next);
		assert_int_equal(next.len, first.len);
		assert_memory_equal(next.data, first.data, first.len);
	}
	for (unsigned i = 0; i < SHARDS; i++)
		ld_buf_clear(&shard[i].out);
	ld_buf_clear(&first);
	ld_buf_clear(&next);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_in_any_order_make_the_same_documents),
		cmocka_unit_test(samples_in_any_order_make_the_same_documents),
		cmocka_unit_test(
		    intervals_in_any_order_make_the_same_documents),
		cmocka_unit_test(shards_in_any_order_make_the_same_documents),
		cmocka_unit_test(
		    a_level_is_that_of_the_last_second_whatever_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
