/* SPDX-License-Identifier: MIT */
/*
 * One row for each series and one for all of a run together, RFC 4180.  What
 * may be believed stands in the first columns of each row, for rows get
 * parted from their document.
 */
#include "config.h"

#include <string.h>

#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/phases.h"
#include "reporters/view.h"

static void
add_text(const struct ldi_view *view, struct ld_buf *out, const char *text)
{
	text = ldi_view_text(text);
	if (view->options->csv_raw)
		ldi_esc_csv_raw(out, text, strlen(text));
	else
		ldi_esc_csv(out, text, strlen(text));
	ld_buf_addc(out, ',');
}

static void
add_count(struct ld_buf *out, uint64_t value)
{
	ld_buf_add_u64(out, value);
	ld_buf_addc(out, ',');
}

static void
add_ms(struct ld_buf *out, uint64_t ns)
{
	ldi_fig_ms(out, ns);
	ld_buf_addc(out, ',');
}

/* A quantile that so few values cannot support is an empty cell. */
static void
add_latency(struct ld_buf *out, const struct ld_hist *hist)
{
	uint64_t n = hist == NULL ? 0 : ld_hist_count(hist);

	if (n == 0) {
		ld_buf_adds(out, ",,,,,,,,");
		return;
	}
	add_ms(out, ld_hist_min(hist));
	add_ms(out, (uint64_t)(ld_hist_mean(hist) + 0.5));
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++) {
		if (n >= ldi_fig_quantiles[i].least)
			ldi_fig_ms(out,
			    ld_hist_quantile(hist, ldi_fig_quantiles[i].ppm));
		ld_buf_addc(out, ',');
	}
	add_ms(out, ld_hist_max(hist));
}

/* "status 3; timeout_response 1" */
static void
add_classes(struct ld_buf *out, const struct ld_ledger *ledger)
{
	const char *between = "";

	for (int i = 0; i < LD_CLASS_N; i++) {
		if (ledger->failure[i] == 0)
			continue;
		ld_buf_addf(out, "%s%s %llu", between,
		    ld_class_name((enum ld_class)i),
		    (unsigned long long)ledger->failure[i]);
		between = "; ";
	}
}

/* Six decimals, as milliseconds have of nanoseconds. */
static void
add_ratio(struct ld_buf *out, uint64_t part, double whole)
{
	double value = whole > 0 ? (double)part / whole : 0;

	if (value < 1e12)
		ldi_fig_ms(out, (uint64_t)(value * 1e6 + 0.5));
	ld_buf_addc(out, ',');
}

static void
add_row(const struct ldi_view *view, const struct ld_run_figures *run,
    const struct ld_series_figures *s, struct ld_buf *out)
{
	uint64_t failures = ld_ledger_failures(&s->ledger);
	uint64_t finished = ldi_view_finished(&s->ledger);

	add_text(view, out, ld_wholeness_name(run->wholeness));
	add_text(view, out, ld_validity_name(run->validity));
	add_text(view, out, run->facts.run_id);
	add_text(view, out, run->facts.started_at);
	add_text(view, out, s == &run->total ? "total" : "series");
	add_text(view, out, s->user_type);
	add_text(view, out, s->request_type);
	add_text(view, out, s->name);
	add_count(out, finished);
	add_count(out, s->ledger.success);
	add_count(out, failures);
	add_ratio(out, failures, (double)finished);
	add_count(out, s->ledger.aborted);
	add_ratio(out, finished, (double)run->duration_ns / 1e9);
	add_count(out, s->bytes_out);
	add_count(out, s->bytes_in);
	add_latency(out, s->response);
	add_latency(out, s->service);
	add_classes(out, &s->ledger);
	for (int i = 0; i < LD_PHASE_N; i++) {
		ld_buf_addc(out, ',');
		if (ldi_phases_known(s))
			ldi_fig_ms(out, ldi_phases_mean(s, (enum ld_phase)i));
	}
	ld_buf_adds(out, "\r\n");
}

#define LATENCY(p)                                                          \
	p "_min_ms," p "_mean_ms," p "_p50_ms," p "_p90_ms," p "_p95_ms," p \
	  "_p99_ms," p "_p999_ms," p "_max_ms,"

#define MEAN(id, name) "," name "_mean_ms"

enum ld_status
ldi_view_write_csv(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err)
{
	ld_buf_adds(out,
	    "wholeness,validity,run,started_at,row,user_type,request_type,"
	    "name,requests,successes,failures,failure_rate,aborted,"
	    "throughput_per_s,bytes_out,bytes_in," LATENCY("response")
		LATENCY("service") "failure_classes" LD_PHASE_MAP(MEAN) "\r\n");
	for (size_t i = 0; i < view->n_runs; i++) {
		const struct ld_run_figures *run = view->runs[i];

		for (size_t k = 0; k < run->n_series; k++)
			add_row(view, run, &run->series[k], out);
		add_row(view, run, &run->total, out);
	}
	return ld_buf_status(out, "the report", err);
}
