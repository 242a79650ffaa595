/* SPDX-License-Identifier: MIT */
/*
 * From accounts to figures, and from runs to all of them.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "data/summary.h"

static int
more_frequent(const void *a, const void *b)
{
	const struct ld_failure_group *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (x->cls != y->cls)
		return x->cls < y->cls ? -1 : 1;
	/* The same stream must give the same order. */
	return ldi_group_order(x, y);
}

/* Hand a tally out; histograms and groups stay where they are. */
static enum ld_status
figures_of(struct ld_summary *summary, struct ldi_tally *tally,
    struct ld_series_figures *out)
{
	const struct ldi_tally none = { .used = true };
	enum ld_status st;

	/* A series in which nothing ended has empty histograms, not none. */
	st = ldi_tally_merge(summary, tally, &none);
	if (st != LD_OK)
		return st;
	if (tally->n_groups > 1)
		qsort(tally->groups, tally->n_groups, sizeof *tally->groups,
		    more_frequent);
	out->ledger = tally->ledger;
	out->bytes_out = tally->bytes_out;
	out->bytes_in = tally->bytes_in;
	memcpy(out->phase_ns, tally->phase_ns, sizeof(out->phase_ns));
	out->response = tally->response;
	out->service = tally->service;
	out->failures = tally->groups;
	out->n_failures = tally->n_groups;
	return LD_OK;
}

static bool
is_other(const struct ldi_series *series)
{
	return strcmp(series->shown[0], "(other)") == 0 &&
	       strcmp(series->shown[1], "(other)") == 0 &&
	       strcmp(series->shown[2], "(other)") == 0;
}

/* By name, request type, user type, and what is over the limit last: whatever
 * the order of the lines, the same figures make the same document. */
static int
by_key(const void *a, const void *b)
{
	const struct ldi_series *x = *(struct ldi_series *const *)a;
	const struct ldi_series *y = *(struct ldi_series *const *)b;

	if (is_other(x) != is_other(y))
		return is_other(x) ? 1 : -1;
	for (int i = 2; i >= 0; i--) {
		size_t n = x->len[i] < y->len[i] ? x->len[i] : y->len[i];
		int order = memcmp(x->name[i], y->name[i], n);

		if (order != 0)
			return order;
		if (x->len[i] != y->len[i])
			return x->len[i] < y->len[i] ? -1 : 1;
	}
	return 0;
}

/* The series of the account that counts, and all of them together. */
static enum ld_status
finish_series(
    struct ld_summary *summary, struct ldi_run *run, bool from_intervals)
{
	struct ld_run_figures *figures = &run->figures;
	struct ldi_tally total = { 0 };
	enum ld_status st = LD_OK;

	figures->series = ldi_arena_array(summary->arena,
	    run->n_series ? run->n_series : 1, sizeof *figures->series);
	if (!figures->series)
		return LD_NOMEM;
	if (run->n_series > 1)
		qsort(run->series, run->n_series, sizeof(*run->series), by_key);
	for (size_t i = 0; st == LD_OK && i < run->n_series; i++) {
		struct ldi_series *series = run->series[i];
		struct ldi_tally *tally =
		    from_intervals ? &series->interval : &series->sample;
		struct ld_series_figures *out;

		ldi_tally_clear(
		    from_intervals ? &series->sample : &series->interval);
		if (!tally->used)
			continue;
		out = &figures->series[figures->n_series++];
		out->user_type = series->shown[0];
		out->request_type = series->shown[1];
		out->name = series->shown[2];
		st = ldi_tally_merge(summary, &total, tally);
		if (st == LD_OK)
			st = figures_of(summary, tally, out);
	}
	figures->total.user_type = figures->total.request_type = "";
	figures->total.name = "";
	if (st == LD_OK)
		st = figures_of(summary, &total, &figures->total);
	if (st != LD_OK)
		ldi_tally_clear(&total);
	return st;
}

static enum ld_status
finish_slots(struct ldi_run *run)
{
	struct ld_run_figures *figures = &run->figures;
	struct ldi_timeline *use, *drop;
	enum ld_status st = LD_OK;

	use = figures->from_intervals ? &run->intervals : &run->samples;
	drop = figures->from_intervals ? &run->samples : &run->intervals;
	ldi_timeline_clear(drop);
	if (run->levels.n > 0)
		st = ldi_levels_apply(&run->levels, use);
	figures->slots = use->slots;
	figures->n_slots = use->n;
	figures->slot_ns = use->width_ns;
	for (size_t i = 0; i < use->n; i++)
		if (use->slots[i].users > figures->max_users)
			figures->max_users = use->slots[i].users;
	return st;
}

static void
finish_times(struct ldi_run *run)
{
	struct ld_run_figures *figures = &run->figures;

	figures->first_ns = run->first_ns;
	figures->last_ns = run->last_ns;
	if (run->seen.n[LDI_SAMPLES] == 0 || run->partly) {
		figures->first_ns = run->first_interval_ns;
		figures->last_ns = run->last_interval_ns;
	}
	if (figures->first_ns > figures->last_ns)
		figures->first_ns = figures->last_ns;
	figures->duration_ns =
	    run->end_ns ? run->end_ns : figures->last_ns - figures->first_ns;
}

static enum ld_status
finish_facts(struct ld_summary *summary, struct ldi_run *run)
{
	struct ld_run_figures *figures = &run->figures;
	const char **events =
	    ldi_arena_array(summary->arena, run->n_events + 1, sizeof(*events));

	if (!events)
		return LD_NOMEM;
	for (size_t i = 0; i < run->n_events; i++)
		events[i] = run->events[i].json;

	figures->facts = run->facts;
	figures->validity = run->validity;
	figures->validity_reasons = run->reasons;
	figures->n_validity_reasons = run->n_reasons;
	figures->samples_seen = run->seen.n[LDI_SAMPLES];
	figures->lag = run->lag;
	figures->late = run->late;
	figures->cpu_ns = run->cpu_ns;
	figures->max_rss_bytes = run->max_rss_bytes;
	figures->max_descriptors = run->max_descriptors;
	figures->events = events;
	figures->n_events = run->n_events;
	return LD_OK;
}

enum ld_status
ldi_run_finish(struct ld_summary *summary, struct ldi_run *run)
{
	struct ld_run_figures *figures = &run->figures;
	enum ld_status st;

	st = ldi_run_judge(summary, run);
	if (st == LD_OK)
		st = finish_series(summary, run, figures->from_intervals);
	if (st == LD_OK)
		st = finish_slots(run);
	if (st == LD_OK)
		st = finish_facts(summary, run);
	if (st != LD_OK)
		return st;
	finish_times(run);
	/* What the run says of itself, even where records are missing. */
	figures->ledger = run->ends ? run->end_ledger : figures->total.ledger;
	figures->ledger_balances = ld_ledger_balances(&figures->ledger);
	return LD_OK;
}

/* -- all runs -------------------------------------------------------------- */

static enum ld_status
merge_series(struct ld_summary *summary, struct ldi_run *all,
    const struct ld_run_figures *run)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < run->n_series; i++) {
		const struct ld_series_figures *from = &run->series[i];
		const struct ld_series_key key = {
			{ from->user_type, strlen(from->user_type) },
			{ from->request_type, strlen(from->request_type) },
			{ from->name, strlen(from->name) },
		};
		struct ldi_tally tally = { .used = true,
			.ledger = from->ledger,
			.bytes_out = from->bytes_out,
			.bytes_in = from->bytes_in,
			.response = from->response,
			.service = from->service,
			.groups = from->failures,
			.n_groups = from->n_failures };
		struct ldi_series *into = ldi_series_get(summary, all, &key);

		memcpy(tally.phase_ns, from->phase_ns, sizeof(tally.phase_ns));
		st = into ? ldi_tally_merge(summary, &into->sample, &tally)
			  : LD_NOMEM;
	}
	return st;
}

static enum ld_status
merge_reasons(
    struct ld_summary *summary, struct ldi_run *all, const struct ldi_run *run)
{
	if (!all->reasons)
		all->reasons = ldi_arena_array(
		    summary->arena, LDI_MAX_REASONS, sizeof *all->reasons);
	if (!all->reasons)
		return LD_NOMEM;
	for (size_t i = 0;
	     i < run->n_reasons && all->n_reasons < LDI_MAX_REASONS; i++)
		all->reasons[all->n_reasons++] = run->reasons[i];
	return LD_OK;
}

static enum ld_status
merge_health(
    struct ld_summary *summary, struct ldi_run *all, const struct ldi_run *run)
{
	const struct ld_run_figures *figures = &run->figures;

	all->late = ldi_plus(all->late, run->late);
	all->cpu_ns = ldi_plus(all->cpu_ns, run->cpu_ns);
	if (run->max_rss_bytes > all->max_rss_bytes)
		all->max_rss_bytes = run->max_rss_bytes;
	if (run->max_descriptors > all->max_descriptors)
		all->max_descriptors = run->max_descriptors;
	if (figures->max_users > all->figures.max_users)
		all->figures.max_users = figures->max_users;
	if (!run->lag)
		return LD_OK;
	if (!all->lag)
		all->lag = ld_hist_new(summary->pool);
	return all->lag ? ld_hist_merge(all->lag, run->lag) : LD_NOMEM;
}

/* One run behind those before it, in every respect. */
static enum ld_status
merge_run(
    struct ld_summary *summary, struct ldi_run *all, const struct ldi_run *run)
{
	const struct ld_run_figures *figures = &run->figures;
	const struct ldi_timeline slots = { .slots = figures->slots,
		.n = figures->n_slots,
		.width_ns = figures->slot_ns };
	enum ld_status st;

	st = merge_series(summary, all, figures);
	if (st == LD_OK)
		st = ldi_timeline_merge(
		    &all->samples, &slots, all->end_ns, summary->pool);
	if (st == LD_OK)
		st = merge_reasons(summary, all, run);
	if (st == LD_OK)
		st = merge_health(summary, all, run);
	/* Of run behind run: their place is their order. */
	for (size_t i = 0; st == LD_OK && i < run->n_events; i++)
		st = ldi_run_event(summary, all, all->n_events,
		    run->events[i].json, run->events[i].len);
	ldi_ledger_sum(&all->end_ledger, &figures->ledger);
	all->end_ns = ldi_plus(all->end_ns, figures->duration_ns);
	all->seen.n[LDI_SAMPLES] =
	    ldi_plus(all->seen.n[LDI_SAMPLES], figures->samples_seen);
	return st;
}

/* What is the same in all runs stays; the rest is no fact of the whole. */
static void
merge_facts(struct ld_summary *summary, struct ldi_run *all)
{
	struct ld_run_facts *facts = &all->facts;

	*facts = summary->runs[0]->facts;
	facts->run_id = facts->reason = facts->begin_json = "";
	for (size_t i = 1; i < summary->n_runs; i++) {
		const struct ld_run_facts *run = &summary->runs[i]->facts;
		const char **const mine[] = { &facts->seed, &facts->plan_hash,
			&facts->tool, &facts->host, &facts->samples,
			&facts->target, &facts->load, &facts->arrival_json };
		const char *const theirs[] = { run->seed, run->plan_hash,
			run->tool, run->host, run->samples, run->target,
			run->load, run->arrival_json };

		for (size_t k = 0; k < sizeof theirs / sizeof *theirs; k++)
			if (strcmp(*mine[k], theirs[k]) != 0)
				*mine[k] = "";
		if (run->user_count > facts->user_count)
			facts->user_count = run->user_count;
		if (run->threads > facts->threads)
			facts->threads = run->threads;
		facts->tls_unverified |= run->tls_unverified;
		facts->open_model &= run->open_model;
		if (facts->spawn_rate != run->spawn_rate)
			facts->spawn_rate = 0;
		if (facts->test_time_s < 0 || run->test_time_s < 0)
			facts->test_time_s = -1;
		else
			facts->test_time_s += run->test_time_s;
	}
}

enum ld_status
ldi_summary_merge(struct ld_summary *summary)
{
	struct ldi_run *all = ldi_run_new(summary, "", 0);
	struct ld_run_figures *figures;
	enum ld_status st = LD_OK;

	if (!all)
		return LD_NOMEM;
	summary->all = all;
	summary->n_series = 0; /* those of the runs are bounded already */
	figures = &all->figures;
	figures->from_intervals = true;
	for (size_t i = 0; st == LD_OK && i < summary->n_runs; i++) {
		st = merge_run(summary, all, summary->runs[i]);
		figures->from_intervals =
		    figures->from_intervals &&
		    summary->runs[i]->figures.from_intervals;
	}
	merge_facts(summary, all);
	all->validity = ld_summary_validity(summary);
	if (st == LD_OK)
		st = finish_facts(summary, all);
	if (st != LD_OK)
		return st;
	figures->slots = all->samples.slots;
	figures->n_slots = all->samples.n;
	figures->slot_ns = all->samples.width_ns;
	figures->last_ns = figures->duration_ns = all->end_ns;
	figures->ledger = all->end_ledger;
	figures->ledger_balances = ld_ledger_balances(&figures->ledger);
	figures->wholeness = ld_summary_wholeness(summary);
	for (size_t i = summary->n_runs; i-- > 0;)
		if (summary->runs[i]->figures.wholeness == figures->wholeness)
			figures->wholeness_text =
			    summary->runs[i]->figures.wholeness_text;
	/* The merged series stand in the account of samples. */
	return finish_series(summary, all, false);
}
