/* SPDX-License-Identifier: MIT */
/*
 * The table of latencies: a row per series, a second one for the service
 * time where it differs.  Of many series the slowest are shown and the others
 * folded away.
 */
#include "config.h"

#include <string.h>

#include "reporters/figure.h"
#include "reporters/html.h"
#include "reporters/order.h"

#define SHOWN 50
/* Characters of a name. */
#define NAME_MAX_SHOWN 160

static void
open_table(const struct ldi_html *h, const char *caption)
{
	ld_buf_addf(h->out,
	    "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
	    "aria-label=\"%s\"><table class=\"lat\">"
	    "<caption>%s</caption><thead><tr>"
	    "<th scope=\"col\" class=\"txt\">series</th>"
	    "<th scope=\"col\">requests</th><th scope=\"col\">rate</th>"
	    "<th scope=\"col\">failed</th>"
	    "<th scope=\"col\" class=\"txt\">time</th>",
	    caption, caption);
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++)
		ld_buf_addf(h->out, "<th scope=\"col\">%s</th>",
		    ldi_fig_quantiles[i].name);
	ld_buf_adds(h->out, "<th scope=\"col\">max</th></tr></thead>\n");
}

static void
close_table(const struct ldi_html *h)
{
	ld_buf_adds(h->out, "</table></div>\n");
}

static void
add_times(
    const struct ldi_html *h, const struct ld_hist *hist, const char *what)
{
	ld_buf_addf(h->out, "<td class=\"txt what\">%s</td>", what);
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++) {
		ld_buf_adds(h->out, "<td>");
		ldi_html_quantile(h, hist, i);
		ld_buf_adds(h->out, "</td>");
	}
	ld_buf_adds(h->out, "<td>");
	if (hist == NULL || ld_hist_count(hist) == 0)
		ld_buf_adds(h->out, "\xE2\x80\x93");
	else
		ldi_fig_ns_html(h->out, ld_hist_max(hist));
	ld_buf_adds(h->out, "</td></tr>\n");
}

static void
add_label(const struct ldi_html *h, const struct ld_series_figures *s)
{
	const char *user = ldi_view_text(s->user_type);

	ldi_html_label(h, s, NULL, NAME_MAX_SHOWN);
	if (user[0] == '\0')
		return;
	ld_buf_adds(h->out, "<small>");
	ldi_html_clip(h, user, strlen(user), 40);
	ld_buf_adds(h->out, "</small>");
}

static void
add_counts(const struct ldi_html *h, const struct ld_ledger *ledger, int rows)
{
	uint64_t finished = ldi_view_finished(ledger);
	uint64_t failures = ld_ledger_failures(ledger);

	ld_buf_addf(h->out, "<td rowspan=\"%d\">", rows);
	ldi_fig_count(h->out, finished);
	ld_buf_addf(h->out, "</td><td rowspan=\"%d\">", rows);
	ldi_fig_rate(h->out, finished, h->run->duration_ns);
	ld_buf_addf(h->out, "</td><td rowspan=\"%d\"%s>", rows,
	    failures > 0 ? " class=\"bad\"" : "");
	ldi_fig_share(h->out, failures, finished);
	ld_buf_adds(h->out, "</td>");
}

/* `total` says that it is the row of all series. */
static void
add_series(const struct ldi_html *h, const struct ld_series_figures *s,
    bool total, bool both)
{
	int rows = both ? 2 : 1;

	ld_buf_addf(h->out,
	    "<tbody%s><tr><th scope=\"rowgroup\" rowspan=\"%d\" "
	    "class=\"txt\">",
	    total ? " class=\"all\"" : "", rows);
	if (total)
		ld_buf_adds(h->out, "all requests");
	else
		add_label(h, s);
	ld_buf_adds(h->out, "</th>");
	add_counts(h, total ? &h->run->ledger : &s->ledger, rows);
	add_times(h, s->response, "response");
	if (rows == 2) {
		ld_buf_adds(h->out, "<tr class=\"svc\">");
		add_times(h, s->service, "service");
	}
	ld_buf_adds(h->out, "</tbody>\n");
}

static bool
any_service(
    const struct ldi_html *h, const struct ld_series_figures **order, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ldi_view_service_differs(order[i]))
			return true;
	return ldi_view_service_differs(&h->run->total);
}

static void
add_legend(const struct ldi_html *h, bool service)
{
	ld_buf_adds(h->out,
	    "<p class=\"fine-print\"><b>response</b> counts from the moment a "
	    "request was due, <b>service</b> from the moment it was sent");
	ld_buf_adds(h->out,
	    service ? " (no row: within 5 % of response). "
		    : "; here they differ by less than 5 % everywhere. ");
	ld_buf_adds(h->out,
	    "Both cover successes and failures. Quantiles are of nearest rank "
	    "and within \xC2\xB1"
	    "0.1355 %; max is exact. <span class=\"few\">n&lt;299</span>: "
	    "fewer values than it takes to state that quantile with 95 % "
	    "confidence.</p>\n");
}

enum ld_status
ldi_html_series(const struct ldi_html *h, struct ld_err *err)
{
	const struct ld_run_figures *run = h->run;
	const struct ld_series_figures **order = ldi_order_series(run);
	size_t shown = run->n_series < SHOWN ? run->n_series : SHOWN;

	if (order == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for the series");
	ldi_html_section(h, "latency", "Response times");
	ld_buf_adds(h->out, "<div class=\"card\">\n");
	open_table(h, "Response times by series");
	if (run->n_series != 1)
		add_series(h, &run->total, true,
		    ldi_view_service_differs(&run->total));
	for (size_t i = 0; i < shown; i++)
		add_series(
		    h, order[i], false, ldi_view_service_differs(order[i]));
	close_table(h);
	add_legend(h, any_service(h, order, shown));
	if (run->n_series > shown) {
		ld_buf_addf(h->out,
		    "<p class=\"fine-print\">Shown are the %zu slowest of %zu "
		    "series, by p99.</p>\n<details><summary>The other %zu "
		    "series</summary>",
		    shown, run->n_series, run->n_series - shown);
		open_table(h, "The other series");
		for (size_t i = shown; i < run->n_series; i++)
			add_series(h, order[i], false, false);
		close_table(h);
		ld_buf_adds(h->out, "</details>\n");
	}
	ld_buf_adds(h->out, "</div>\n");
	ldi_html_section_end(h);
	ldi_order_free(order);
	return LD_OK;
}
