/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "reporters/figure.h"
#include "reporters/phases.h"
#include "reporters/run_json.h"

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

/* Failure groups written per run: the most frequent. */
#define MAX_GROUPS 1000

void
ldi_run_json_ms(struct ld_json_out *out, const char *key, uint64_t ns)
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

void
ldi_run_json_text(struct ld_json_out *out, const char *key, const char *text)
{
	ld_json_out_put_string(out, key, ldi_view_text(text));
}

/* Six decimals are what a rate is good for. */
void
ldi_run_json_double(struct ld_json_out *out, const char *key, double value)
{
	ld_json_out_key(out, key);
	if (value < 1e9)
		value = (double)(uint64_t)(value * 1e6 + 0.5) / 1e6;
	ld_json_out_double(out, value);
}

void
ldi_run_json_rate(
    struct ld_json_out *out, const char *key, uint64_t part, uint64_t whole)
{
	ldi_run_json_double(
	    out, key, whole == 0 ? 0 : (double)part / (double)whole);
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

void
ldi_run_json_latency(
    struct ld_json_out *out, const struct ld_hist *hist, unsigned with)
{
	uint64_t max = hist == NULL ? 0 : ld_hist_max(hist);

	ld_json_out_put_u64(out, "count", hist_count(hist));
	if (with & LDI_LATENCY_EDGES) {
		ldi_run_json_ms(
		    out, "min_ms", hist == NULL ? 0 : ld_hist_min(hist));
		ldi_run_json_ms(out, "max_ms", max);
		ldi_run_json_ms(out, "mean_ms",
		    hist_count(hist) == 0
			? 0
			: (uint64_t)(ld_hist_mean(hist) + 0.5));
	}
	for (size_t i = 0; i < LDI_FIG_QUANTILES - 1; i++)
		ldi_run_json_ms(out, ldi_fig_quantiles[i].key,
		    hist_quantile(hist, ldi_fig_quantiles[i].ppm));
	if (with & LDI_LATENCY_MAX)
		ldi_run_json_ms(out, "max_ms", max);
	if (with & LDI_LATENCY_MORE) {
		ldi_run_json_ms(out, "p999_ms", hist_quantile(hist, 999000));
		put_too_few(out, hist_count(hist));
	}
}

void
ldi_run_json_latency_of(
    struct ld_json_out *out, const char *key, const struct ld_hist *hist)
{
	ld_json_out_key(out, key);
	ld_json_out_object(out);
	ldi_run_json_latency(out, hist, LDI_LATENCY_EDGES | LDI_LATENCY_MORE);
	ld_json_out_end(out);
}

static void
put_failures(struct ld_json_out *out, const char *key,
    const struct ld_series_figures *total)
{
	ld_json_out_key(out, key);
	ld_json_out_array(out);
	for (size_t i = 0; i < total->n_failures && i < MAX_GROUPS; i++) {
		const struct ld_failure_group *group = &total->failures[i];

		ld_json_out_object(out);
		ldi_run_json_text(out, "class", ld_class_name(group->cls));
		ld_json_out_key(out, "text");
		ld_json_out_stringn(out,
		    group->text.data == NULL ? "" : group->text.data,
		    group->text.len);
		ld_json_out_put_u64(out, "count", group->count);
		ldi_run_json_ms(out, "first_ms", group->first_ns);
		ldi_run_json_ms(out, "last_ms", group->last_ns);
		ldi_run_json_text(out, "advice", ld_class_advice(group->cls));
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

/* Of those that took any time. */
static void
put_phases(struct ld_json_out *out, const struct ld_series_figures *s)
{
	ld_json_out_key(out, "phases_mean_ms");
	ld_json_out_object(out);
	for (int i = 0; i < LD_PHASE_N && ldi_phases_known(s); i++)
		if (s->phase_ns[i] > 0)
			ldi_run_json_ms(out, ld_phase_name((enum ld_phase)i),
			    ldi_phases_mean(s, (enum ld_phase)i));
	ld_json_out_end(out);
}

static void
put_series(
    struct ld_json_out *out, const struct ld_series_figures *s, bool whole)
{
	uint64_t failures = ld_ledger_failures(&s->ledger);

	ld_json_out_object(out);
	ldi_run_json_text(out, "user_type", s->user_type);
	ldi_run_json_text(out, "request_type", s->request_type);
	ldi_run_json_text(out, "name", s->name);
	ld_json_out_put_u64(out, "requests", ldi_view_finished(&s->ledger));
	ld_json_out_put_u64(out, "successes", s->ledger.success);
	ld_json_out_put_u64(out, "failures", failures);
	ldi_run_json_rate(
	    out, "failure_rate", failures, ldi_view_finished(&s->ledger));
	ld_json_out_put_u64(out, "aborted", s->ledger.aborted);
	ld_json_out_put_u64(out, "bytes_out", s->bytes_out);
	ld_json_out_put_u64(out, "bytes_in", s->bytes_in);
	ldi_run_json_latency_of(out, "response", s->response);
	ldi_run_json_latency_of(out, "service", s->service);
	put_phases(out, s);
	if (whole)
		put_failures(out, "failure_groups", s);
	ld_json_out_end(out);
}

void
ldi_run_json_ledger(struct ld_json_out *out, const struct ld_run_figures *run)
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
	ldi_run_json_text(out, "wholeness", ld_wholeness_name(run->wholeness));
	ldi_run_json_text(out, "wholeness_text", run->wholeness_text);
	ldi_run_json_text(out, "validity", ld_validity_name(run->validity));
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
	ldi_run_json_text(out, "run_id", facts->run_id);
	ldi_run_json_text(out, "started_at", facts->started_at);
	ldi_run_json_text(out, "target", facts->target);
	ld_json_out_key(out, "tls_verify");
	ld_json_out_bool(out, !facts->tls_unverified);
	ldi_run_json_text(out, "seed", facts->seed);
	ldi_run_json_text(out, "plan_hash", facts->plan_hash);
	ldi_run_json_text(out, "tool", facts->tool);
	ldi_run_json_text(out, "host", facts->host);
	ldi_run_json_text(out, "samples_recorded", facts->samples);
	ldi_run_json_text(out, "reason", facts->reason);
	ld_json_out_put_u64(out, "threads", facts->threads);
	ldi_run_json_text(out, "model", facts->open_model ? "open" : "closed");
	if (ldi_view_text(facts->arrival_json)[0] != '\0') {
		ld_json_out_key(out, "arrival");
		ld_json_out_raw(
		    out, facts->arrival_json, strlen(facts->arrival_json));
	}
	ld_json_out_put_u64(out, "users", facts->user_count);
	ldi_run_json_double(out, "spawn_rate", facts->spawn_rate);
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
	ldi_run_json_ms(out, "cpu_ms", run->cpu_ns);
	ld_json_out_put_u64(out, "max_users", run->max_users);
	ld_json_out_put_u64(out, "max_rss_bytes", run->max_rss_bytes);
	ld_json_out_put_u64(out, "max_descriptors", run->max_descriptors);
	ld_json_out_key(out, "lag");
	if (run->lag == NULL)
		ld_json_out_null(out);
	else {
		ld_json_out_object(out);
		ldi_run_json_latency(
		    out, run->lag, LDI_LATENCY_EDGES | LDI_LATENCY_MORE);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

void
ldi_run_json_speed(struct ld_json_out *out, const struct ld_run_figures *run)
{
	double seconds = (double)run->duration_ns / 1e9;

	ldi_run_json_double(out, "duration_s", seconds);
	ldi_run_json_double(out, "throughput_per_s",
	    run->duration_ns == 0
		? 0
		: (double)ldi_view_finished(&run->ledger) / seconds);
}

static void
put_slot(struct ld_json_out *out, const struct ld_slot *slot, uint64_t at_ns)
{
	ld_json_out_object(out);
	ldi_run_json_ms(out, "at_ms", at_ns);
	ld_json_out_put_u64(out, "started", slot->started);
	ld_json_out_put_u64(out, "successes", slot->success);
	ld_json_out_put_u64(out, "failures", slot->failure);
	ld_json_out_put_u64(out, "aborted", slot->aborted);
	ld_json_out_put_u64(out, "users", slot->users);
	ld_json_out_put_u64(out, "bytes_out", slot->bytes_out);
	ld_json_out_put_u64(out, "bytes_in", slot->bytes_in);
	ldi_run_json_latency_of(out, "response", slot->response);
	ld_json_out_end(out);
}

static void
put_timeline(struct ld_json_out *out, const struct ld_run_figures *run)
{
	ldi_run_json_ms(out, "slot_ms", run->slot_ns);
	ld_json_out_key(out, "slots");
	ld_json_out_array(out);
	for (size_t i = 0; i < run->n_slots; i++)
		put_slot(out, &run->slots[i], i * run->slot_ns);
	ld_json_out_end(out);
	ld_json_out_key(out, "events");
	ld_json_out_array(out);
	for (size_t i = 0; i < run->n_events; i++)
		ld_json_out_raw(out, run->events[i], strlen(run->events[i]));
	ld_json_out_end(out);
}

void
ldi_run_json(
    struct ld_json_out *out, const struct ld_run_figures *run, bool whole)
{
	ld_json_out_object(out);
	put_facts(out, &run->facts);
	put_judgement(out, run);
	ldi_run_json_ledger(out, run);
	ldi_run_json_speed(out, run);
	ld_json_out_key(out, "from_intervals");
	ld_json_out_bool(out, run->from_intervals);
	ld_json_out_put_u64(out, "samples_seen", run->samples_seen);
	ldi_run_json_latency_of(out, "response", run->total.response);
	ldi_run_json_latency_of(out, "service", run->total.service);
	put_phases(out, &run->total);
	put_generator(out, run);
	ld_json_out_key(out, "series");
	ld_json_out_array(out);
	for (size_t i = 0; i < run->n_series; i++)
		put_series(out, &run->series[i], whole);
	ld_json_out_end(out);
	put_failures(out, "failures", &run->total);
	if (whole)
		put_timeline(out, run);
	ld_json_out_end(out);
}

void
ldi_run_json_definitions(struct ld_json_out *out)
{
	ld_json_out_key(out, "definitions");
	ld_json_out_object(out);
	for (size_t i = 0; i < sizeof(definitions) / sizeof(definitions[0]);
	     i++)
		ldi_run_json_text(out, definitions[i][0], definitions[i][1]);
	ld_json_out_end(out);
}
