/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/view.h"

const char *
ldi_view_text(const char *text)
{
	return text == NULL ? "" : text;
}

const char *
ldi_view_users(const struct ld_run_figures *run)
{
	return run->facts.open_model ? "busy sessions" : "users";
}

static const char *
wholeness_words(enum ld_wholeness wholeness)
{
	switch (wholeness) {
	case LD_STREAM_FILTERED:
		return "FILTERED: some samples are missing";
	case LD_STREAM_FRAGMENT:
		return "FRAGMENT: neither the begin nor the end of a run";
	case LD_STREAM_INCOMPLETE:
		return "INCOMPLETE: the end of the run is missing or does "
		       "not agree";
	case LD_STREAM_EMPTY:
		return "EMPTY: no record at all";
	case LD_STREAM_WHOLE:
	default:
		return NULL;
	}
}

const char *
ldi_view_warning(const struct ld_run_figures *run)
{
	const char *own = ldi_view_text(run->wholeness_text);

	if (run->wholeness == LD_STREAM_WHOLE)
		return NULL;
	return own[0] != '\0' ? own : wholeness_words(run->wholeness);
}

const char *
ldi_view_first_warning(const struct ldi_view *view)
{
	for (size_t i = 0; i < view->n_runs; i++)
		if (view->runs[i]->wholeness == view->wholeness)
			return ldi_view_warning(view->runs[i]);
	return wholeness_words(view->wholeness);
}

uint64_t
ldi_view_finished(const struct ld_ledger *ledger)
{
	return ledger->success + ld_ledger_failures(ledger);
}

/* By more than a twentieth: what is nearer makes no difference to a reader. */
static bool
apart(uint64_t a, uint64_t b)
{
	uint64_t low = a < b ? a : b, high = a < b ? b : a;

	return high - low > low / 20;
}

bool
ldi_view_service_differs(const struct ld_series_figures *series)
{
	if (series->response == NULL || series->service == NULL)
		return false;
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++) {
		uint32_t ppm = ldi_fig_quantiles[i].ppm;

		if (apart(ld_hist_quantile(series->response, ppm),
			ld_hist_quantile(series->service, ppm)))
			return true;
	}
	return apart(
	    ld_hist_max(series->response), ld_hist_max(series->service));
}

static void
add_part(struct ld_buf *out, const char *before, uint64_t n, const char *what)
{
	ld_buf_adds(out, before);
	ldi_fig_count(out, n);
	ld_buf_addc(out, ' ');
	ld_buf_adds(out, what);
}

void
ldi_view_ledger_sentence(const struct ld_ledger *ledger, struct ld_buf *out)
{
	add_part(out, "", ledger->planned, "planned");
	add_part(out, " = ", ledger->started, "started");
	add_part(out, " + ", ld_ledger_not_started(ledger), "not started");
	add_part(out, "; ", ledger->started, "started");
	add_part(out, " = ", ledger->success, "success");
	add_part(out, " + ", ld_ledger_failures(ledger), "failure");
	add_part(out, " + ", ledger->aborted, "aborted");
	if (ledger->in_flight > 0)
		add_part(out, " + ", ledger->in_flight, "in flight");
	ld_buf_addc(out, '.');
}
