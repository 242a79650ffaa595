/* SPDX-License-Identifier: MIT */
/* Any bytes as a result stream: the summary's figures must agree with each
 * other, the quick way to read a sample with the general one, and every
 * document of them is written. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/report.h>
#include <ld/summary.h>

#include "fuzz.h"

/* Larger than a pipe holds unasked would block. */
#define SIZE_MAX_IN 60000

static int
pipe_of(const uint8_t *data, size_t size)
{
	int fd[2];

	require(pipe(fd) == 0);
	require(write(fd[1], data, size) == (ssize_t)size);
	require(close(fd[1]) == 0);
	return fd[0];
}

static void
look_at_hist(const struct ld_hist *hist)
{
	struct ld_buf out;

	require(hist != NULL);
	require(ld_hist_min(hist) <= ld_hist_max(hist));
	for (uint32_t ppm = 0; ppm <= 1000000; ppm += 125000) {
		uint64_t value = ld_hist_quantile(hist, ppm);

		require(
		    value >= ld_hist_min(hist) && value <= ld_hist_max(hist));
	}
	ld_buf_init(&out, 1 << 20);
	ld_hist_write(hist, &out);
	require(!out.failed);
	ld_buf_clear(&out);
}

static void
look_at_series(const struct ld_series_figures *series)
{
	require(series->user_type && series->request_type && series->name);
	look_at_hist(series->response);
	look_at_hist(series->service);
	for (size_t i = 0; i < series->n_failures; i++) {
		require(series->failures[i].cls < LD_CLASS_N);
		require(series->failures[i].text.data != NULL);
		require(i == 0 || series->failures[i - 1].count >=
				      series->failures[i].count);
	}
}

static void
look_at_run(const struct ld_run_figures *run)
{
	uint64_t ended = 0;

	for (size_t i = 0; i < run->n_series; i++) {
		look_at_series(&run->series[i]);
		ended += ld_hist_count(run->series[i].response);
	}
	look_at_series(&run->total);
	require(ended == ld_hist_count(run->total.response));
	require(run->n_slots <= 1200 && run->slot_ns >= 1000000000);
	for (size_t i = 0; i < run->n_slots; i++)
		if (run->slots[i].response)
			ended -= ld_hist_count(run->slots[i].response);
	require(ended == 0);
	require(run->first_ns <= run->last_ns);
	require((run->wholeness == LD_STREAM_WHOLE) ==
		(run->wholeness_text[0] == '\0'));
	require(run->wholeness != LD_STREAM_EMPTY);
}

/* Every document: written, or an error that says why not. */
static void
report(const struct ld_summary *summary)
{
	const struct ld_report_options options = { .width = 80 };
	const struct ld_reporter *const *all = ld_reporters();

	for (size_t i = 0; all[i] != NULL; i++) {
		struct ld_err err = LD_ERR_INIT;
		struct ld_buf out;

		ld_buf_init(&out, 1 << 26);
		if (all[i]->write(summary, &options, &out, &err) == LD_OK)
			require(out.len > 0 && !out.failed);
		else
			require(err.text[0] != '\0');
		ld_buf_clear(&out);
	}
}

static void
summarise(const uint8_t *data, size_t size)
{
	struct ld_summary *summary = ld_summary_new();
	struct ld_err err = LD_ERR_INIT;
	int fd = pipe_of(data, size);

	require(summary != NULL);
	if (ld_summary_read(summary, fd, "fuzz", &err) == LD_OK) {
		for (size_t i = 0; i < ld_summary_runs(summary); i++)
			look_at_run(ld_summary_run(summary, i));
		if (ld_summary_runs(summary))
			look_at_run(ld_summary_all(summary));
		else
			require(ld_summary_all(summary) == NULL);
		report(summary);
	} else {
		require(err.text[0] != '\0');
	}
	ld_summary_free(summary);
	require(close(fd) == 0);
}

/* Of each sample, the two ways of reading: a blank behind the brace, which the
 * quick way does not know, must change nothing. */
static void
read_both_ways(const uint8_t *data, size_t size)
{
	int fd = pipe_of(data, size);
	struct ld_reader *reader = ld_reader_new(fd, "fuzz", NULL, NULL);
	struct ld_err err = LD_ERR_INIT;
	struct ld_record record;
	bool more = true;

	require(reader != NULL);
	while (ld_reader_next(reader, &record, &more, &err) == LD_OK && more) {
		struct ld_reader *other;
		struct ld_record again;
		uint8_t copy[4096];
		int fd_other;

		if (record.type != LD_RECORD_SAMPLE || record.json != NULL ||
		    record.len >= sizeof copy)
			continue;
		copy[0] = ' ';
		memcpy(copy + 1, record.line, record.len);
		fd_other = pipe_of(copy, record.len + 1);
		other = ld_reader_new(fd_other, "again", NULL, NULL);
		require(other != NULL);
		require(ld_reader_next(other, &again, &more, &err) == LD_OK &&
			more && again.type == LD_RECORD_SAMPLE &&
			again.json != NULL);
		require(
		    again.u.sample.response_ns == record.u.sample.response_ns &&
		    again.u.sample.key == record.u.sample.key &&
		    again.u.sample.outcome == record.u.sample.outcome &&
		    again.u.sample.series.name.len ==
			record.u.sample.series.name.len);
		ld_reader_free(other);
		require(close(fd_other) == 0);
	}
	ld_reader_free(reader);
	require(close(fd) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > SIZE_MAX_IN)
		return 0;
	summarise(data, size);
	read_both_ways(data, size);
	return 0;
}
