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
#include "reporters/figure.h"
#include "reporters/view.h"

#define SCHEMA "ld.summary/1"
/* Failure groups written per run: the most frequent. */
#define MAX_GROUPS 1000

static const char *const definitions[][2] = {
	{ "requests", "finished exchanges: successes + failures; what the end "
		      "of the run aborted is in the ledger only" },
	{ "failure_rate", "failures / requests, 0 to 1" },
	{ "per_name", "successes and failures, latencies included, of all "
		      "series of that name; failures stand beside" },
	{ "response", "from the intended start to the end, lag included: "
		      "what a user waits; the latencies without a prefix" },
	{ "service", "from the actual start to the end" },
	{ "quantile", "nearest rank, the value of rank ceil(n x q), read back "
		      "from a base-2 histogram of scale 8" },
	{ "error_bound", "relative; of quantiles.  Count, min, max and mean "
			 "are exact" },
	{ "too_few", "quantiles that this number of samples cannot support "
		     "at 95 % confidence" },
	{ "throughput_per_s", "requests / duration" },
};

static void
put_ms(struct ld_json_out *out, const char *key, uint64_t ns)
{
	struct ld_buf text;

	ld_buf_init(&text, 64);
	ldi_fig_ms(&text, ns);
	ld_json_out_key(out, key);
	if (text.failed)
		out->buf->failed = true;
	else
		ld_json_out_raw(out, text.data, text.len);
	ld_buf_clear(&text);
}

static void
put_string(struct ld_json_out *out, const char *key, const char *text)
{
	ld_json_out_put_string(out, key, ldi_view_text(text));
}

/* Six decimals are what a rate is good for. */
static void
put_double(struct ld_json_out *out, const char *key, double value)
{
	ld_json_out_key(out, key);
	if (value < 1e9)
		value = (double)(uint64_t)(value * 1e6 + 0.5) / 1e6;
	ld_json_out_double(out, value);
}

static void
put_rate(
    struct ld_json_out *out, const char *key, uint64_t part, uint64_t whole)
{
	put_double(out, key, whole == 0 ? 0 : (double)part / (double)whole);
}

static uint64_t
hist_count(const struct ld_hist *hist)
{
	return hist == NULL ? 0 : ld_hist_count(hist);
}

static uint64_t
hist_quantile(const struct ld_hist *hist, uint32_t ppm)
{
	return hist == NULL ? 0 : ld_hist_quantile(hist, ppm);
}

enum latency_keys {
	WITH_EDGES = 1 << 0, /* min, max and mean in front, as per_name has */
	WITH_MAX = 1 << 1,   /* max behind, as latency_overall has */
	WITH_MORE = 1 << 2,  /* p999 and too_few: not of the original */
};

static void
put_too_few(struct ld_json_out *out, uint64_t count)
{
	ld_json_out_key(out, "too_few");
	ld_json_out_array(out);
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++)
		if (count < ldi_fig_quantiles[i].least)
			ld_json_out_string(out, ldi_fig_quantiles[i].key);
	ld_json_out_end(out);
}

static void
put_latency(struct ld_json_out *out, const struct ld_hist *hist, unsigned with)
{
	uint64_t max = hist == NULL ? 0 : ld_hist_max(hist);

	ld_json_out_put_u64(out, "count", hist_count(hist));
	if (with & WITH_EDGES) {
		put_ms(out, "min_ms", hist == NULL ? 0 : ld_hist_min(hist));
		put_ms(out, "max_ms", max);
		put_ms(out, "mean_ms",
		    hist_count(hist) == 0
			? 0
			: (uint64_t)(ld_hist_mean(hist) + 0.5));
	}
	for (size_t i = 0; i < LDI_FIG_QUANTILES - 1; i++)
		put_ms(out, ldi_fig_quantiles[i].key,
		    hist_quantile(hist, ldi_fig_quantiles[i].ppm));
	if (with & WITH_MAX)
		put_ms(out, "max_ms", max);
	if (with & WITH_MORE) {
		put_ms(out, "p999_ms", hist_quantile(hist, 999000));
		put_too_few(out, hist_count(hist));
	}
}

static void
put_named_latency(
    struct ld_json_out *out, const char *key, const struct ld_hist *hist)
{
	ld_json_out_key(out, key);
	ld_json_out_object(out);
	put_latency(out, hist, WITH_EDGES | WITH_MORE);
	ld_json_out_end(out);
}

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
		put_latency(out, response, WITH_EDGES | WITH_MORE);
		ld_json_out_put_u64(out, "failures", failures);
		put_rate(out, "failure_rate", failures, finished);
		put_named_latency(out, "service", service);
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

/* -- what is ours --------------------------------------------------------- */

static void
put_series(struct ld_json_out *out, const struct ld_series_figures *s)
{
	uint64_t failures = ld_ledger_failures(&s->ledger);

	ld_json_out_object(out);
	put_string(out, "user_type", s->user_type);
	put_string(out, "request_type", s->request_type);
	put_string(out, "name", s->name);
	ld_json_out_put_u64(out, "requests", ldi_view_finished(&s->ledger));
	ld_json_out_put_u64(out, "successes", s->ledger.success);
	ld_json_out_put_u64(out, "failures", failures);
	put_rate(out, "failure_rate", failures, ldi_view_finished(&s->ledger));
	ld_json_out_put_u64(out, "aborted", s->ledger.aborted);
	ld_json_out_put_u64(out, "bytes_out", s->bytes_out);
	ld_json_out_put_u64(out, "bytes_in", s->bytes_in);
	put_named_latency(out, "response", s->response);
	put_named_latency(out, "service", s->service);
	ld_json_out_end(out);
}

static void
put_failures(struct ld_json_out *out, const struct ld_series_figures *total)
{
	ld_json_out_key(out, "failures");
	ld_json_out_array(out);
	for (size_t i = 0; i < total->n_failures && i < MAX_GROUPS; i++) {
		const struct ld_failure_group *group = &total->failures[i];

		ld_json_out_object(out);
		put_string(out, "class", ld_class_name(group->cls));
		ld_json_out_key(out, "text");
		ld_json_out_stringn(out,
		    group->text.data == NULL ? "" : group->text.data,
		    group->text.len);
		ld_json_out_put_u64(out, "count", group->count);
		put_ms(out, "first_ms", group->first_ns);
		put_ms(out, "last_ms", group->last_ns);
		put_string(out, "advice", ld_class_advice(group->cls));
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

static void
put_ledger(struct ld_json_out *out, const struct ld_run_figures *run)
{
	struct ld_buf text;

	ld_buf_init(&text, 65536);
	ld_ledger_write(&run->ledger, &text);
	ld_json_out_key(out, "ledger");
	if (text.failed)
		out->buf->failed = true;
	else
		ld_json_out_raw(out, text.data, text.len);
	ld_buf_clear(&text);
	ld_json_out_key(out, "ledger_balances");
	ld_json_out_bool(out, run->ledger_balances);
}

static void
put_judgement(struct ld_json_out *out, const struct ld_run_figures *run)
{
	put_string(out, "wholeness", ld_wholeness_name(run->wholeness));
	put_string(out, "wholeness_text", run->wholeness_text);
	put_string(out, "validity", ld_validity_name(run->validity));
	ld_json_out_key(out, "validity_reasons");
	ld_json_out_array(out);
	for (size_t i = 0; i < run->n_validity_reasons; i++)
		ld_json_out_string(
		    out, ldi_view_text(run->validity_reasons[i]));
	ld_json_out_end(out);
}

static void
put_facts(struct ld_json_out *out, const struct ld_run_facts *facts)
{
	put_string(out, "run_id", facts->run_id);
	put_string(out, "started_at", facts->started_at);
	put_string(out, "target", facts->target);
	ld_json_out_key(out, "tls_verify");
	ld_json_out_bool(out, !facts->tls_unverified);
	put_string(out, "seed", facts->seed);
	put_string(out, "plan_hash", facts->plan_hash);
	put_string(out, "tool", facts->tool);
	put_string(out, "host", facts->host);
	put_string(out, "samples_recorded", facts->samples);
	put_string(out, "reason", facts->reason);
	ld_json_out_put_u64(out, "threads", facts->threads);
	put_string(out, "model", facts->open_model ? "open" : "closed");
	if (ldi_view_text(facts->arrival_json)[0] != '\0') {
		ld_json_out_key(out, "arrival");
		ld_json_out_raw(
		    out, facts->arrival_json, strlen(facts->arrival_json));
	}
	ld_json_out_put_u64(out, "users", facts->user_count);
	put_double(out, "spawn_rate", facts->spawn_rate);
	ld_json_out_key(out, "test_time_s");
	if (facts->test_time_s < 0)
		ld_json_out_null(out);
	else
		ld_json_out_double(out, facts->test_time_s);
}

static void
put_generator(struct ld_json_out *out, const struct ld_run_figures *run)
{
	ld_json_out_key(out, "generator");
	ld_json_out_object(out);
	ld_json_out_put_u64(out, "late", run->late);
	put_ms(out, "cpu_ms", run->cpu_ns);
	ld_json_out_put_u64(out, "max_users", run->max_users);
	ld_json_out_put_u64(out, "max_rss_bytes", run->max_rss_bytes);
	ld_json_out_put_u64(out, "max_descriptors", run->max_descriptors);
	ld_json_out_key(out, "lag");
	if (run->lag == NULL)
		ld_json_out_null(out);
	else {
		ld_json_out_object(out);
		put_latency(out, run->lag, WITH_EDGES | WITH_MORE);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

static void
put_speed(struct ld_json_out *out, const struct ld_run_figures *run)
{
	double seconds = (double)run->duration_ns / 1e9;

	put_double(out, "duration_s", seconds);
	put_double(out, "throughput_per_s",
	    run->duration_ns == 0
		? 0
		: (double)ldi_view_finished(&run->ledger) / seconds);
}

static void
put_run(struct ld_json_out *out, const struct ld_run_figures *run)
{
	ld_json_out_object(out);
	put_facts(out, &run->facts);
	put_judgement(out, run);
	put_ledger(out, run);
	put_speed(out, run);
	ld_json_out_key(out, "from_intervals");
	ld_json_out_bool(out, run->from_intervals);
	ld_json_out_put_u64(out, "samples_seen", run->samples_seen);
	put_named_latency(out, "response", run->total.response);
	put_named_latency(out, "service", run->total.service);
	put_generator(out, run);
	ld_json_out_key(out, "series");
	ld_json_out_array(out);
	for (size_t i = 0; i < run->n_series; i++)
		put_series(out, &run->series[i]);
	ld_json_out_end(out);
	put_failures(out, &run->total);
	ld_json_out_end(out);
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
	put_rate(out, "failure_rate", failures, ldi_view_finished(ledger));
	ld_json_out_end(out);
	ld_json_out_key(out, "latency_overall");
	ld_json_out_object(out);
	put_latency(out, all == NULL ? NULL : all->total.response, WITH_MAX);
	ld_json_out_end(out);
}

static void
put_ours(struct ld_json_out *out, const struct ldi_view *view)
{
	put_string(out, "schema", SCHEMA);
	put_string(out, "wholeness", ld_wholeness_name(view->wholeness));
	put_string(out, "validity", ld_validity_name(view->validity));
	ld_json_out_key(out, "gates_failed");
	ld_json_out_bool(out, view->failed_verdict);
	if (view->all != NULL) {
		put_speed(out, view->all);
		put_named_latency(
		    out, "service_overall", view->all->total.service);
		put_ledger(out, view->all);
	}
	put_double(out, "error_bound", LD_HIST_ERROR);
	ld_json_out_key(out, "definitions");
	ld_json_out_object(out);
	for (size_t i = 0; i < sizeof(definitions) / sizeof(definitions[0]);
	     i++)
		put_string(out, definitions[i][0], definitions[i][1]);
	ld_json_out_end(out);
	ld_json_out_key(out, "runs");
	ld_json_out_array(out);
	for (size_t i = 0; i < view->n_runs; i++)
		put_run(out, view->runs[i]);
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
		put_string(&json, "stream", warning);
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
