/* SPDX-License-Identifier: MIT */
/*
 * How far a run's records may be trusted to be all of them.
 *
 * A filter takes lines away by what they say, so it leaves its marks: samples
 * are missing, or a whole type is.  What no filter does is damage: a line of
 * a type missing while the samples are all there, lines that came twice, a
 * sum that differs, a begin or an end that is gone.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "data/summary.h"

static const char *const counted_names[LDI_COUNTED_N] = { "samples",
	"intervals", "health records", "events", "messages" };

static LD_PRINTF(4, 5) enum ld_status say(struct ld_summary *summary,
    struct ldi_run *run, enum ld_wholeness wholeness, const char *fmt, ...)
{
	va_list args;
	char text[200];

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	run->figures.wholeness = wholeness;
	run->figures.wholeness_text = ldi_arena_strdup(summary->arena, text);
	return run->figures.wholeness_text ? LD_OK : LD_NOMEM;
}

#define INCOMPLETE(...) \
	say(summary, run, LD_STREAM_INCOMPLETE, "INCOMPLETE: " __VA_ARGS__)

typedef unsigned long long ull;

static uint64_t
shards_seen(const struct ldi_run *run)
{
	uint64_t n = 0;

	for (size_t i = 0; i < LDI_MAX_SHARDS / 64; i++)
		n += (uint64_t)__builtin_popcountll(run->shards[i]);
	return n;
}

/* Is the frame there: every begin, with its end? */
static enum ld_status
judge_frame(struct ld_summary *summary, struct ldi_run *run, bool *broken_out)
{
	*broken_out = true;
	if (run->begins == 0 && run->ends == 0)
		return say(summary, run, LD_STREAM_FRAGMENT,
		    "FRAGMENT: neither the begin nor the end of a run");
	if (run->begins == 0)
		return INCOMPLETE("the begin of the run is missing");
	if (run->ends == 0)
		return INCOMPLETE("the end of the run is missing");
	if (run->shard_twice)
		return INCOMPLETE("the run is in the stream twice");
	if (run->shard_count > shards_seen(run))
		return INCOMPLETE("%llu of %llu shards are missing",
		    (ull)(run->shard_count - shards_seen(run)),
		    (ull)run->shard_count);
	if (run->ends != run->begins)
		return INCOMPLETE(
		    "%u shards began and %u ended", run->begins, run->ends);
	if (run->unchecked_ends > 0)
		return INCOMPLETE("the end of the run holds no check");
	*broken_out = false;
	return LD_OK;
}

/* Is some of a type there, but not all? */
static bool
is_partial(const struct ldi_run *run, enum ldi_counted i)
{
	return run->seen.n[i] > 0 && run->seen.n[i] < run->stated.n[i];
}

static enum ld_status
judge_samples(struct ld_summary *summary, struct ldi_run *run)
{
	uint64_t shed = ld_ledger_shed(&run->end_ledger);
	uint64_t seen = run->seen.n[LDI_SAMPLES];

	if (run->seen.response_sum != run->stated.response_sum)
		return INCOMPLETE("the samples' response times add up to "
				  "another sum than the end of the run says");
	for (int i = LDI_INTERVALS; i < LDI_COUNTED_N; i++)
		if (is_partial(run, (enum ldi_counted)i))
			return INCOMPLETE("%llu of %llu %s",
			    (ull)run->seen.n[i], (ull)run->stated.n[i],
			    counted_names[i]);
	if (run->partly)
		return LD_OK;
	if (ldi_plus(seen, shed) != run->end_ledger.started)
		return INCOMPLETE(
		    "%llu samples and %llu shed, but %llu started", (ull)seen,
		    (ull)shed, (ull)run->end_ledger.started);
	if (shed > 0 && run->seen.n[LDI_INTERVALS] == 0)
		return say(summary, run, LD_STREAM_FILTERED,
		    "FILTERED %llu of %llu samples", (ull)seen,
		    (ull)run->end_ledger.started);
	return LD_OK;
}

/* Samples are missing: was that a filter? */
static enum ld_status
judge_missing(struct ld_summary *summary, struct ldi_run *run)
{
	uint64_t bad = summary->bad_lines;

	if (bad > 0)
		return INCOMPLETE("%llu line%s no record%s, and samples are "
				  "missing",
		    (ull)bad, bad == 1 ? " is" : "s are", bad == 1 ? "" : "s");
	/* Then the intervals are the figures, so none may be missing. */
	if (run->partly &&
	    run->seen.n[LDI_INTERVALS] < run->stated.n[LDI_INTERVALS])
		return INCOMPLETE("%llu of %llu intervals",
		    (ull)run->seen.n[LDI_INTERVALS],
		    (ull)run->stated.n[LDI_INTERVALS]);
	return say(summary, run, LD_STREAM_FILTERED,
	    "FILTERED %llu of %llu samples", (ull)run->seen.n[LDI_SAMPLES],
	    (ull)(run->partly ? run->stated.n[LDI_SAMPLES]
			      : run->end_ledger.started));
}

/* Do the counts of `check` hold? */
static enum ld_status
judge_check(struct ld_summary *summary, struct ldi_run *run)
{
	for (int i = 0; i < LDI_COUNTED_N; i++)
		if (run->seen.n[i] > run->stated.n[i])
			return INCOMPLETE("%llu %s, but the end of the run "
					  "says %llu",
			    (ull)run->seen.n[i], counted_names[i],
			    (ull)run->stated.n[i]);
	if (run->seen.n[LDI_SAMPLES] < run->stated.n[LDI_SAMPLES])
		return judge_missing(summary, run);
	return judge_samples(summary, run);
}

/* Intervals that are all there must also say what `end` says. */
static bool
intervals_agree(const struct ldi_run *run)
{
	const struct ld_ledger *end = &run->end_ledger;
	struct ld_ledger sum = { 0 };

	for (size_t i = 0; i < run->n_series; i++)
		ldi_ledger_sum(&sum, &run->series[i]->interval.ledger);
	return sum.started == end->started && sum.success == end->success &&
	       sum.aborted == end->aborted &&
	       ld_ledger_failures(&sum) == ld_ledger_failures(end);
}

/* The rule of design: intervals, if no sample is missing that the intervals
 * do not know of. */
static bool
use_intervals(const struct ldi_run *run)
{
	uint64_t samples = run->seen.n[LDI_SAMPLES];
	uint64_t intervals = run->seen.n[LDI_INTERVALS];

	if (run->partly || samples == 0)
		return true;
	if (run->begins == 0 || run->ends == 0 || run->unchecked_ends > 0 ||
	    intervals == 0 || intervals != run->stated.n[LDI_INTERVALS])
		return false;
	return ldi_plus(samples, ld_ledger_shed(&run->end_ledger)) ==
	       run->end_ledger.started;
}

enum ld_status
ldi_run_judge(struct ld_summary *summary, struct ldi_run *run)
{
	struct ld_run_figures *figures = &run->figures;
	bool broken;
	enum ld_status st;

	figures->wholeness = LD_STREAM_WHOLE;
	figures->wholeness_text = "";
	figures->from_intervals = use_intervals(run);
	st = judge_frame(summary, run, &broken);
	if (st == LD_OK && !broken)
		st = judge_check(summary, run);
	if (st != LD_OK || figures->wholeness == LD_STREAM_INCOMPLETE)
		return st;
	if (run->torn)
		return INCOMPLETE("the last line is torn");
	if (figures->wholeness == LD_STREAM_WHOLE && figures->from_intervals &&
	    !intervals_agree(run))
		return INCOMPLETE("the intervals do not add up to the ledger "
				  "at the end of the run");
	return LD_OK;
}
