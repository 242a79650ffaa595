/* SPDX-License-Identifier: MIT */
/*
 * data/summary.h - the inside of a summary, shared by its sources.
 *
 * Which records count is known only at the end of a run, so each run keeps
 * two accounts, one of its samples and one of its intervals, and hands out
 * one of them.
 */
#ifndef LDI_DATA_SUMMARY_H
#define LDI_DATA_SUMMARY_H

#include <ld/summary.h>

#include "base/arena.h"
#include "base/map.h"
#include "data/ledger.h"
#include "data/number.h"
#include "data/timeline.h"

/* Runs in one stream, and series in all of them together; what is more is
 * refused, and counted as "(other)". */
#define LDI_MAX_RUNS 1000
#define LDI_MAX_ALL_SERIES 10000
#define LDI_MAX_EVENTS 200
#define LDI_MAX_REASONS 50
#define LDI_MAX_SHARDS 1024

/* The figures of one series by one account. */
struct ldi_tally {
	bool used;
	struct ld_ledger ledger;
	uint64_t bytes_out, bytes_in;
	uint64_t phase_ns[LD_PHASE_N];
	struct ld_hist *response, *service; /* NULL until something ended */
	struct ld_failure_group *groups;
	size_t n_groups, cap_groups;
};

struct ldi_series {
	const char *name[3];  /* user type, request type, name */
	const char *shown[3]; /* without NUL but at the end */
	size_t len[3];
	struct ldi_tally sample, interval;
	uint64_t last_second, in_flight; /* of the intervals */
};

/* What a run's `check` counts. */
enum ldi_counted {
	LDI_SAMPLES,
	LDI_INTERVALS,
	LDI_HEALTH,
	LDI_EVENTS,
	LDI_MESSAGES,
	LDI_COUNTED_N,
};

struct ldi_counts {
	uint64_t n[LDI_COUNTED_N];
	ldi_u128 response_sum;
};

struct ldi_event {
	uint64_t time_ns;
	char *json; /* malloc'ed, for a later one may have to go */
	size_t len;
};

struct ldi_run {
	const char *id;
	size_t id_len;
	struct ld_run_facts facts;
	bool partly; /* begin said that not all samples are recorded */

	unsigned begins, ends, unchecked_ends;
	uint64_t shard_count;
	uint64_t facts_shard;                 /* the one that `facts` are of */
	uint64_t shards[LDI_MAX_SHARDS / 64]; /* seen, a bit each */
	bool shard_twice;
	bool torn; /* the last line of an input, behind records of this run */
	struct ldi_counts seen, stated;
	struct ld_ledger end_ledger;
	uint64_t end_ns;
	enum ld_validity validity;
	const char **reasons;
	size_t n_reasons;

	struct ldi_map *index;
	struct ldi_series **series;
	size_t n_series, cap_series;
	struct ldi_series *latest; /* most records name the one before */
	struct ldi_timeline samples, intervals;
	struct ldi_levels levels;
	uint64_t first_ns, last_ns; /* of samples; UINT64_MAX, 0: none */
	uint64_t first_interval_ns, last_interval_ns;

	struct ld_hist *lag;
	uint64_t late, cpu_ns, max_rss_bytes, max_descriptors;
	struct ldi_event *events; /* in order */
	size_t n_events;

	struct ld_run_figures figures;
};

struct ld_summary {
	struct ldi_arena *arena;
	struct ld_hist_pool *pool;
	struct ldi_map *index; /* of runs */
	struct ldi_run **runs;
	size_t n_runs;
	struct ldi_run *latest;
	size_t n_series; /* over all runs */
	struct ld_buf scratch;
	uint64_t records, bad_lines;
	bool torn, failed_verdict;
	struct ldi_run *all; /* of several runs */
};

/* -- summary_run.c: runs, and what begin, end, event and health say -------- */

enum ld_status ldi_run_get(struct ld_summary *summary, struct ld_str id,
    struct ldi_run **run_out, struct ld_err *err);
struct ldi_run *ldi_run_new(
    struct ld_summary *summary, const char *id, size_t len);
void ldi_run_free(struct ldi_run *run);
enum ld_status ldi_run_begin(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_record *record);
enum ld_status ldi_run_end(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_record *record);
/* The first LDI_MAX_EVENTS by time are kept. */
enum ld_status ldi_run_event(struct ld_summary *summary, struct ldi_run *run,
    uint64_t time_ns, const char *json, size_t len);
enum ld_status ldi_run_health(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_health *health);
/* The open model that a `config` of begin tells of: load, arrival_json and
 * open_model of the facts.  LD_NOMEM only. */
enum ld_status ldi_summary_load(struct ld_summary *summary,
    struct ld_run_facts *facts, const struct ld_json *json, ld_json_ref config);

/* Decoded copy of a string member; "" when it is none; NULL: no memory. */
const char *ldi_summary_text(
    struct ld_summary *summary, const struct ld_json *json, ld_json_ref ref);

/* -- summary_series.c: the two accounts ------------------------------------ */

enum ld_status ldi_series_sample(struct ld_summary *summary,
    struct ldi_run *run, const struct ld_sample *sample);
enum ld_status ldi_series_interval(struct ld_summary *summary,
    struct ldi_run *run, const struct ld_interval *interval);
/* The run's series of that key, made if need be; NULL: no memory. */
struct ldi_series *ldi_series_get(struct ld_summary *summary,
    struct ldi_run *run, const struct ld_series_key *key);
enum ld_status ldi_tally_merge(struct ld_summary *summary,
    struct ldi_tally *into, const struct ldi_tally *from);
void ldi_tally_clear(struct ldi_tally *tally);
/* By text, then by class: a comparison for qsort(). */
int ldi_group_order(const void *a, const void *b);
/* As ld_ledger_add(), with the levels of both added. */
void ldi_ledger_sum(struct ld_ledger *into, const struct ld_ledger *from);

/* -- summary_judge.c: how far a run may be trusted ------------------------- */

/* Sets wholeness, its text, from_intervals, validity. */
enum ld_status ldi_run_judge(struct ld_summary *summary, struct ldi_run *run);

/* -- summary_finish.c: the figures ----------------------------------------- */

enum ld_status ldi_run_finish(struct ld_summary *summary, struct ldi_run *run);
/* All runs, one behind the other, as one. */
enum ld_status ldi_summary_merge(struct ld_summary *summary);

#endif /* LDI_DATA_SUMMARY_H */
