/* SPDX-License-Identifier: MIT */
/*
 * A summary from outside: feed it, finish it, ask it.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "data/summary.h"

const char *
ld_wholeness_name(enum ld_wholeness wholeness)
{
	static const char *const names[] = { "whole", "filtered", "fragment",
		"incomplete", "empty" };

	return (size_t)wholeness < sizeof names / sizeof *names
		   ? names[wholeness]
		   : "?";
}

const char *
ld_validity_name(enum ld_validity validity)
{
	static const char *const names[] = { "valid", "degraded", "invalid",
		"unjudged" };

	return (size_t)validity < sizeof names / sizeof *names ? names[validity]
							       : "?";
}

struct ld_summary *
ld_summary_new(void)
{
	struct ld_summary *summary = calloc(1, sizeof *summary);

	if (!summary)
		return NULL;
	summary->arena = ldi_arena_new();
	summary->pool = ld_hist_pool_new();
	summary->index = ldi_map_new();
	ld_buf_init(&summary->scratch, 2 * LD_MAX_LINE);
	if (summary->arena && summary->pool && summary->index)
		return summary;
	ld_summary_free(summary);
	return NULL;
}

void
ld_summary_free(struct ld_summary *summary)
{
	if (!summary)
		return;
	for (size_t i = 0; i < summary->n_runs; i++)
		ldi_run_free(summary->runs[i]);
	ldi_run_free(summary->all);
	free(summary->runs);
	ldi_map_free(summary->index);
	ldi_arena_free(summary->arena);
	ld_hist_pool_free(summary->pool);
	ld_buf_clear(&summary->scratch);
	free(summary);
}

static enum ld_status
add_to_run(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_record *record)
{
	const char *json;
	uint64_t time_ns;
	size_t len;

	switch (record->type) {
	case LD_RECORD_SAMPLE:
		return ldi_series_sample(summary, run, &record->u.sample);
	case LD_RECORD_INTERVAL:
		return ldi_series_interval(summary, run, &record->u.interval);
	case LD_RECORD_HEALTH:
		return ldi_run_health(summary, run, &record->u.health);
	case LD_RECORD_BEGIN:
		return ldi_run_begin(summary, run, record);
	case LD_RECORD_END:
		return ldi_run_end(summary, run, record);
	case LD_RECORD_MESSAGE:
		run->seen.n[LDI_MESSAGES]++;
		return LD_OK;
	case LD_RECORD_EVENT:
		run->seen.n[LDI_EVENTS]++;
		json = ld_json_raw(record->json, LD_JSON_ROOT, &len);
		if (!ld_json_u64(record->json,
			ld_json_get(record->json, LD_JSON_ROOT, "time_ns"),
			&time_ns))
			time_ns = 0;
		return ldi_run_event(summary, run, time_ns, json, len);
	case LD_RECORD_ACTION:
	case LD_RECORD_VERDICT:
	case LD_RECORD_OTHER:
	case LD_RECORD_TYPE_N:
		break;
	}
	return LD_OK;
}

enum ld_status
ld_summary_add(struct ld_summary *summary, const struct ld_record *record,
    struct ld_err *err)
{
	struct ldi_run *run;
	enum ld_status st;

	summary->records++;
	if (record->type == LD_RECORD_VERDICT &&
	    ld_json_is(record->json,
		ld_json_get(record->json, LD_JSON_ROOT, "outcome"), "fail"))
		summary->failed_verdict = true;
	if (record->type >= LD_RECORD_OTHER ||
	    record->type == LD_RECORD_VERDICT ||
	    record->type == LD_RECORD_ACTION)
		return LD_OK;
	st = ldi_run_get(summary, record->run, &run, err);
	if (st != LD_OK)
		return st;
	st = add_to_run(summary, run, record);
	if (st == LD_NOMEM)
		return ld_err_set(err, st, "no memory for the figures");
	if (st != LD_OK)
		return ld_err_set(
		    err, st, "the counts of a run are beyond 64 bits");
	return LD_OK;
}

void
ld_summary_note_bad(struct ld_summary *summary, uint64_t bad_lines, bool torn)
{
	summary->bad_lines = ldi_plus(summary->bad_lines, bad_lines);
	if (!torn)
		return;
	summary->torn = true;
	if (summary->latest)
		summary->latest->torn = true;
}

enum ld_status
ld_summary_finish(struct ld_summary *summary, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < summary->n_runs; i++)
		st = ldi_run_finish(summary, summary->runs[i]);
	if (st == LD_OK && summary->n_runs > 1)
		st = ldi_summary_merge(summary);
	if (st == LD_NOMEM)
		return ld_err_set(err, st, "no memory for the figures");
	if (st != LD_OK)
		return ld_err_set(
		    err, st, "the counts of a run are beyond 64 bits");
	return LD_OK;
}

size_t
ld_summary_runs(const struct ld_summary *summary)
{
	return summary->n_runs;
}

const struct ld_run_figures *
ld_summary_run(const struct ld_summary *summary, size_t i)
{
	assert(i < summary->n_runs);
	return &summary->runs[i]->figures;
}

const struct ld_run_figures *
ld_summary_all(const struct ld_summary *summary)
{
	if (summary->all)
		return &summary->all->figures;
	return summary->n_runs ? &summary->runs[0]->figures : NULL;
}

/* The order of the enum is the order of gravity. */
enum ld_wholeness
ld_summary_wholeness(const struct ld_summary *summary)
{
	enum ld_wholeness worst = LD_STREAM_WHOLE;

	if (summary->n_runs == 0)
		return summary->torn || summary->bad_lines
			   ? LD_STREAM_INCOMPLETE
			   : LD_STREAM_EMPTY;
	for (size_t i = 0; i < summary->n_runs; i++)
		if (summary->runs[i]->figures.wholeness > worst)
			worst = summary->runs[i]->figures.wholeness;
	return worst;
}

enum ld_validity
ld_summary_validity(const struct ld_summary *summary)
{
	enum ld_validity worst = LD_RUN_VALID;

	if (summary->n_runs == 0)
		return LD_RUN_UNJUDGED;
	for (size_t i = 0; i < summary->n_runs; i++) {
		enum ld_validity run = summary->runs[i]->validity;

		if (run == LD_RUN_INVALID)
			return run;
		if (run > worst)
			worst = run;
	}
	return worst;
}

bool
ld_summary_has_failed_verdict(const struct ld_summary *summary)
{
	return summary->failed_verdict;
}

enum ld_status
ld_summary_read(
    struct ld_summary *summary, int fd, const char *name, struct ld_err *err)
{
	struct ld_reader *reader = ld_reader_new(fd, name, NULL, NULL);
	struct ld_record record;
	enum ld_status st;
	bool more;

	if (!reader)
		return ld_err_set(err, LD_NOMEM, "no memory for a reader");
	do {
		st = ld_reader_next(reader, &record, &more, err);
		if (st == LD_OK && more)
			st = ld_summary_add(summary, &record, err);
	} while (st == LD_OK && more);
	ld_summary_note_bad(
	    summary, ld_reader_bad_lines(reader), ld_reader_torn(reader));
	ld_reader_free(reader);
	return st == LD_OK ? ld_summary_finish(summary, err) : st;
}
