/* SPDX-License-Identifier: MIT */
/*
 * Where the time went: a row per series, a bar of its phases beside the means.
 */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/order.h"
#include "reporters/html.h"
#include "reporters/phases.h"
#include "reporters/svg.h"

#define SHOWN 50
#define NAME_MAX_SHOWN 80

struct table {
	const struct ldi_html *h;
	bool used[LD_PHASE_N]; /* columns */
};

static void
find_used(struct table *t)
{
	for (int i = 0; i < LD_PHASE_N; i++)
		t->used[i] = t->h->run->total.phase_ns[i] > 0;
}

static void
open_table(const struct table *t)
{
	struct ld_buf *out = t->h->out;

	ld_buf_adds(out,
	    "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
	    "aria-label=\"Mean times by phase\"><table class=\"pha\">"
	    "<caption>Mean times by phase</caption><thead><tr>"
	    "<th scope=\"col\" class=\"txt\">series</th>"
	    "<th scope=\"col\">mean service</th>"
	    "<th scope=\"col\" class=\"txt\">share</th>");
	for (int i = 0; i < LD_PHASE_N; i++)
		if (t->used[i])
			ld_buf_addf(out,
			    "<th scope=\"col\"><span class=\"sw "
			    "p%d\"></span>%s</th>",
			    i, ld_phase_name((enum ld_phase)i));
	ld_buf_adds(out, "</tr></thead>\n<tbody>\n");
}

static void
add_bar(const struct table *t, const struct ld_series_figures *s)
{
	struct ld_buf *out = t->h->out;
	uint64_t whole = ldi_phases_whole(s);
	double at = 0;

	ld_buf_adds(out, "<td class=\"bar\"><svg width=\"160\" height=\"12\" "
			 "aria-hidden=\"true\">");
	for (int i = 0; whole > 0 && i < LD_PHASE_N; i++) {
		double share = (double)ldi_phases_mean(s, (enum ld_phase)i) /
			       (double)whole;

		if (share < 0.002)
			continue;
		ld_buf_addf(out, "<rect class=\"p%d\" height=\"12\"", i);
		ldi_svg_percent(out, "x", at);
		ldi_svg_percent(out, "width", share);
		ld_buf_adds(out, "/>");
		at += share;
	}
	ld_buf_adds(out, "</svg></td>");
}

static void
add_row(const struct table *t, const struct ld_series_figures *s, bool total)
{
	const struct ldi_html *h = t->h;

	ld_buf_addf(h->out, "<tr%s><th scope=\"row\" class=\"txt\">",
	    total ? " class=\"all\"" : "");
	if (total)
		ld_buf_adds(h->out, "all requests");
	else
		ldi_html_label(h, s, h->run->facts.target, NAME_MAX_SHOWN);
	ld_buf_adds(h->out, "</th>");
	ldi_html_cell_ns(h, ldi_phases_whole(s));
	add_bar(t, s);
	for (int i = 0; i < LD_PHASE_N; i++) {
		if (!t->used[i])
			continue;
		if (s->phase_ns[i] > 0)
			ldi_html_cell_ns(
			    h, ldi_phases_mean(s, (enum ld_phase)i));
		else
			ld_buf_adds(h->out, "<td>\xE2\x80\x93</td>");
	}
	ld_buf_adds(h->out, "</tr>\n");
}

enum ld_status
ldi_html_phases(const struct ldi_html *h, struct ld_err *err)
{
	const struct ld_run_figures *run = h->run;
	const struct ld_series_figures **order;
	struct table t = { .h = h };

	if (!ldi_phases_known(&run->total))
		return LD_OK;
	order = ldi_order_series(run);
	if (order == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for the series");
	find_used(&t);
	ldi_html_section(h, "phases", "Where the time went");
	ld_buf_adds(h->out, "<div class=\"card\">\n");
	open_table(&t);
	if (run->n_series != 1)
		add_row(&t, &run->total, true);
	for (size_t i = 0; i < run->n_series && i < SHOWN; i++)
		if (ldi_phases_known(order[i]))
			add_row(&t, order[i], false);
	ld_buf_adds(h->out, "</tbody></table></div>\n");
	ld_buf_adds(h->out,
	    "<p class=\"fine-print\">Means over successes and failures: a "
	    "connection that was kept has no <b>dns</b>, <b>connect</b> and "
	    "<b>tls</b>, and counts as 0 there. <b>ttfb</b> is from the last "
	    "byte sent to the first one received.</p>\n</div>\n");
	ldi_html_section_end(h);
	ldi_order_free(order);
	return LD_OK;
}
