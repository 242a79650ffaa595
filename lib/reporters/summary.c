/* SPDX-License-Identifier: MIT */
/*
 * The summary: one JSON document.  It begins with the keys that the original
 * tool writes, in its order (totals, latency_overall, per_name); everything
 * else stands behind them, so that a reader of those keys needs no change.
 * A stream that is not whole says so in a key in front of all.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/json.h>

#include "data/escape.h"
#include "reporters/run_json.h"
#include "reporters/view.h"

#define SCHEMA "ld.summary/1"
/* -- per_name: series of one name together ------------------------------- */

struct named {
	const char *name;
	size_t first; /* index of the first such series */
	const struct ld_series_figures *series;
};

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : x->first < y->first ? -1 : 1;
}

struct group {
	const struct named *members;
	size_t n;
};

static int
by_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return x->members[0].first < y->members[0].first ? -1 : 1;
}

static const char *
shown_name(const struct ld_series_figures *series)
{
	const char *name = ldi_view_text(series->name);

	return name[0] != '\0' ? name : "unknown";
}

/* Merge the members' histograms; NULL with *st set when memory is short. */
static struct ld_hist *
merged(const struct group *group, bool service, enum ld_status *st)
{
	struct ld_hist *hist = ld_hist_new(NULL);

	if (hist == NULL)
		*st = LD_NOMEM;
	for (size_t i = 0; *st == LD_OK && i < group->n; i++) {
		const struct ld_series_figures *s = group->members[i].series;
		const struct ld_hist *from = service ? s->service : s->response;

		if (from != NULL)
			*st = ld_hist_merge(hist, from);
	}
	return hist;
}

static enum ld_status
put_group(struct ld_json_out *out, const struct group *group)
{
	enum ld_status st = LD_OK;
	struct ld_hist *response = merged(group, false, &st);
	struct ld_hist *service = merged(group, true, &st);
	uint64_t failures = 0, finished = 0;

	for (size_t i = 0; i < group->n; i++) {
		const struct ld_ledger *l = &group->members[i].series->ledger;

		failures += ld_ledger_failures(l);
		finished += ldi_view_finished(l);
	}
	if (st == LD_OK) {
		ld_json_out_key(out, group->members[0].name);
		ld_json_out_object(out);
		ldi_run_json_latency(
		    out, response, LDI_LATENCY_EDGES | LDI_LATENCY_MORE);
		ld_json_out_put_u64(out, "failures", failures);
		ldi_run_json_rate(out, "failure_rate", failures, finished);
		ldi_run_json_latency_of(out, "service", service);
		ld_json_out_end(out);
	}
	ld_hist_free(response);
	ld_hist_free(service);
	return st;
}

static enum ld_status
put_per_name(struct ld_json_out *out, const struct ld_run_figures *all)
{
	size_t n = all == NULL ? 0 : all->n_series, n_groups = 0;
	struct named *named = calloc(n + 1, sizeof(*named));
	struct group *groups = calloc(n + 1, sizeof(*groups));
	enum ld_status st = named == NULL || groups == NULL ? LD_NOMEM : LD_OK;

	ld_json_out_key(out, "per_name");
	ld_json_out_object(out);
	for (size_t i = 0; st == LD_OK && i < n; i++) {
		named[i].name = shown_name(&all->series[i]);
		named[i].first = i;
		named[i].series = &all->series[i];
	}
	if (st == LD_OK)
		qsort(named, n, sizeof(*named), by_name);
	for (size_t i = 0; st == LD_OK && i < n; i++) {
		if (i == 0 || strcmp(named[i].name, named[i - 1].name) != 0)
			groups[n_groups++].members = &named[i];
		groups[n_groups - 1].n++;
	}
	if (st == LD_OK)
		qsort(groups, n_groups, sizeof(*groups), by_first);
	for (size_t i = 0; st == LD_OK && i < n_groups; i++)
		st = put_group(out, &groups[i]);
	ld_json_out_end(out);
	free(named);
	free(groups);
	return st;
}

/* -- the document --------------------------------------------------------- */

static void
put_totals(struct ld_json_out *out, const struct ld_run_figures *all)
{
	static const struct ld_ledger nothing;
	const struct ld_ledger *ledger = all == NULL ? &nothing : &all->ledger;
	uint64_t failures = ld_ledger_failures(ledger);

	ld_json_out_key(out, "totals");
	ld_json_out_object(out);
	ld_json_out_put_u64(out, "requests", ldi_view_finished(ledger));
	ld_json_out_put_u64(out, "successes", ledger->success);
	ld_json_out_put_u64(out, "failures", failures);
	ldi_run_json_rate(
	    out, "failure_rate", failures, ldi_view_finished(ledger));
	ld_json_out_end(out);
	ld_json_out_key(out, "latency_overall");
	ld_json_out_object(out);
	ldi_run_json_latency(
	    out, all == NULL ? NULL : all->total.response, LDI_LATENCY_MAX);
	ld_json_out_end(out);
}

static void
put_ours(struct ld_json_out *out, const struct ldi_view *view)
{
	ldi_run_json_text(out, "schema", SCHEMA);
	ldi_run_json_text(out, "wholeness", ld_wholeness_name(view->wholeness));
	ldi_run_json_text(out, "validity", ld_validity_name(view->validity));
	ld_json_out_key(out, "gates_failed");
	ld_json_out_bool(out, view->failed_verdict);
	if (view->all != NULL) {
		ldi_run_json_speed(out, view->all);
		ldi_run_json_latency_of(
		    out, "service_overall", view->all->total.service);
		ldi_run_json_ledger(out, view->all);
	}
	ldi_run_json_double(out, "error_bound", LD_HIST_ERROR);
	ldi_run_json_definitions(out);
	ld_json_out_key(out, "runs");
	ld_json_out_array(out);
	for (size_t i = 0; i < view->n_runs; i++)
		ldi_run_json(out, view->runs[i], false);
	ld_json_out_end(out);
}

enum ld_status
ldi_view_write_summary(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err)
{
	const char *warning = ldi_view_first_warning(view);
	struct ld_json_out json;
	struct ld_buf text;
	enum ld_status st;

	ld_buf_init(&text, out->max);
	ld_json_out_init(&json, &text, 2);
	ld_json_out_object(&json);
	if (warning != NULL)
		ldi_run_json_text(&json, "stream", warning);
	put_totals(&json, view->all);
	st = put_per_name(&json, view->all);
	put_ours(&json, view);
	ld_json_out_end(&json);
	if (st != LD_OK)
		ld_err_set(err, st, "no memory for the summary");
	else
		st = ld_buf_status(&text, "summary", err);
	if (st == LD_OK) {
		ldi_esc_ascii(out, text.data, text.len);
		ld_buf_addc(out, '\n');
		st = ld_buf_status(out, "summary", err);
	}
	ld_buf_clear(&text);
	return st;
}
