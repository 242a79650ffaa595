/* SPDX-License-Identifier: MIT */
/*
 * ld/summary.h - the figures of runs, from a result stream.
 *
 * Feed it every record; then ask.  Memory does not depend on the length of
 * the stream: per series two histograms and bounded failure groups, and per
 * run a time line of at most 1200 slots, whose width doubles (1 s, 2 s, ...)
 * by exact merging when a run outgrows it.
 *
 * Which records count (doc/schemas.md, "Readers"): intervals when the samples
 * seen plus shed equal `started`, or when `begin` says that not all samples
 * are recorded, or when no sample is there; otherwise the samples.  Shards of
 * a run (the same run id, other shard numbers) are one run.
 *
 * Units       nanoseconds, bytes.  Threads  none.
 * Ownership   everything reachable from a summary belongs to it and is valid
 *             after ld_summary_finish() until ld_summary_free().
 */
#ifndef LD_SUMMARY_H
#define LD_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/hist.h>
#include <ld/ledger.h>
#include <ld/record.h>

/* How far a run's records may be trusted to be all of them. */
enum ld_wholeness {
	/* begin, end, and the check holds */
	LD_STREAM_WHOLE,
	/* begin and end, but samples are missing: N of M */
	LD_STREAM_FILTERED,
	/* neither begin nor end */
	LD_STREAM_FRAGMENT,
	/* begin without end, or the check does not hold */
	LD_STREAM_INCOMPLETE,
	/* no record at all */
	LD_STREAM_EMPTY,
};
LD_API const char *ld_wholeness_name(enum ld_wholeness wholeness);

enum ld_validity {
	LD_RUN_VALID,
	LD_RUN_DEGRADED,
	LD_RUN_INVALID,
	LD_RUN_UNJUDGED, /* no `end` said */
};
LD_API const char *ld_validity_name(enum ld_validity validity);

struct ld_series_figures {
	/* decoded, NUL-terminated */
	const char *user_type, *request_type, *name;
	struct ld_ledger ledger;
	uint64_t bytes_out, bytes_in;
	/* Sums over the exchanges in `service`. */
	uint64_t phase_ns[LD_PHASE_N];
	struct ld_hist *response; /* success and failure, not aborted */
	struct ld_hist *service;
	struct ld_failure_group *failures; /* most frequent first */
	size_t n_failures;
};

/* One slot of the time line. */
struct ld_slot {
	uint64_t started, success, failure, aborted;
	uint64_t users; /* the highest level in the slot */
	uint64_t bytes_out, bytes_in;
	struct ld_hist *response; /* NULL when nothing ended in it */
};

/* What `begin` said; "" or 0 where it did not. */
struct ld_run_facts {
	const char *run_id, *started_at, *seed, *plan_hash, *tool, *host,
	    *samples;
	const char *target; /* as the plan names it, for people */
	const char *reason; /* from `end`: why the run ended */
	/* The open model: what was asked for, for people, and the `arrival` of
	 * the config as it stands.  "" in the closed model. */
	bool open_model;
	const char *load, *arrival_json;
	uint64_t threads, user_count;
	double spawn_rate, test_time_s; /* test_time_s < 0: none */
	bool tls_unverified;            /* some certificates were not checked */
	const char *begin_json; /* the whole record, for whoever wants more */
};

struct ld_run_figures {
	struct ld_run_facts facts;
	enum ld_wholeness wholeness;
	const char *wholeness_text; /* "FILTERED 120 of 4000 samples", ...;
				       "" when whole */
	enum ld_validity validity;
	const char *const *validity_reasons;
	size_t n_validity_reasons;
	bool from_intervals;
	uint64_t samples_seen;
	struct ld_ledger ledger; /* as `end` has it, also when samples are
				    missing; else that of `total` */
	bool ledger_balances;
	uint64_t first_ns, last_ns;       /* first start and last end seen */
	uint64_t duration_ns;             /* from `end`, else last - first */
	struct ld_series_figures *series; /* by name, request type, user type */
	size_t n_series;
	struct ld_series_figures total; /* all series; its names are "" */
	uint64_t slot_ns;               /* width of a slot */
	struct ld_slot *slots;
	size_t n_slots;
	struct ld_hist *lag; /* of starts; NULL when not recorded */
	uint64_t late;       /* starts later than 10 ms */
	uint64_t cpu_ns;     /* of the sending threads */
	uint64_t max_users, max_rss_bytes, max_descriptors;
	const char *const
	    *events; /* JSON lines of event records by time, at most 200 */
	size_t n_events;
};

struct ld_summary;

LD_API struct ld_summary *ld_summary_new(void) LD_MUST_CHECK;
LD_API void ld_summary_free(struct ld_summary *summary);

LD_API enum ld_status ld_summary_add(struct ld_summary *summary,
    const struct ld_record *record, struct ld_err *err);

/* At the end of each input: how many of its lines were no records, and
 * whether its last one was torn, which damages the run that it belonged to. */
LD_API void ld_summary_note_bad(
    struct ld_summary *summary, uint64_t bad_lines, bool torn);

/* No more records: compute wholeness, totals, groups. */
LD_API enum ld_status ld_summary_finish(
    struct ld_summary *summary, struct ld_err *err);

/* Runs in order of appearance; one with n == 1 when the stream was a
 * fragment; none when it was empty. */
LD_API size_t ld_summary_runs(const struct ld_summary *summary);
LD_API const struct ld_run_figures *ld_summary_run(
    const struct ld_summary *summary, size_t i);
/* All runs together, when the document of a report covers several: the same
 * as run 0 when there is one, NULL when there is none.  Series of one key are
 * merged, the time line has one run behind the other, and facts that differ
 * are "" or 0. */
LD_API const struct ld_run_figures *ld_summary_all(
    const struct ld_summary *summary);
/* The worst wholeness and validity over all runs, for the exit status. */
LD_API enum ld_wholeness ld_summary_wholeness(const struct ld_summary *summary);
LD_API enum ld_validity ld_summary_validity(const struct ld_summary *summary);
LD_API bool ld_summary_has_failed_verdict(const struct ld_summary *summary);

/* Read a whole descriptor into a summary: reader, _add and _finish in one. */
LD_API enum ld_status ld_summary_read(
    struct ld_summary *summary, int fd, const char *name, struct ld_err *err);

#endif /* LD_SUMMARY_H */
