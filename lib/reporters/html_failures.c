/* SPDX-License-Identifier: MIT */
/* Failures: classes by frequency, their texts, when, and what to do. */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/html.h"

/* Texts shown of one class. */
#define MAX_TEXTS 10
#define TEXT_MAX_SHOWN 300

static void
add_times(const struct ldi_html *h, uint64_t first_ns, uint64_t last_ns)
{
	ld_buf_adds(h->out, "<td>");
	ldi_fig_at(h->out, first_ns);
	ld_buf_adds(h->out, "</td><td>");
	ldi_fig_at(h->out, last_ns);
	ld_buf_adds(h->out, "</td></tr>\n");
}

static void
add_texts(const struct ldi_html *h, enum ld_class cls)
{
	const struct ld_series_figures *total = &h->run->total;
	size_t shown = 0;
	uint64_t left = 0;

	for (size_t i = 0; i < total->n_failures; i++) {
		const struct ld_failure_group *g = &total->failures[i];

		if (g->cls != cls)
			continue;
		if (shown++ >= MAX_TEXTS) {
			left += g->count;
			continue;
		}
		ld_buf_adds(h->out,
		    "<tr class=\"sub\"><th scope=\"row\" class=\"txt\"><q>");
		if (g->text.len > 0)
			ldi_html_clip(
			    h, g->text.data, g->text.len, TEXT_MAX_SHOWN);
		else
			ld_buf_adds(h->out, "(no text)");
		ld_buf_adds(h->out, "</q></th>");
		ldi_html_cell_count(h, g->count);
		add_times(h, g->first_ns, g->last_ns);
	}
	if (left == 0)
		return;
	ld_buf_addf(h->out,
	    "<tr class=\"sub\"><th scope=\"row\" class=\"txt\">%zu other "
	    "texts</th>",
	    shown - MAX_TEXTS);
	ldi_html_cell_count(h, left);
	ld_buf_adds(h->out, "<td></td><td></td></tr>\n");
}

static void
add_class(const struct ldi_html *h, enum ld_class cls)
{
	const struct ld_series_figures *total = &h->run->total;
	uint64_t first = UINT64_MAX, last = 0;

	for (size_t i = 0; i < total->n_failures; i++) {
		const struct ld_failure_group *g = &total->failures[i];

		if (g->cls != cls)
			continue;
		first = g->first_ns < first ? g->first_ns : first;
		last = g->last_ns > last ? g->last_ns : last;
	}
	ld_buf_addf(h->out,
	    "<tbody><tr><th scope=\"rowgroup\" class=\"txt\"><b>%s</b>"
	    "<small>%s</small></th>",
	    ld_class_name(cls), ld_class_advice(cls));
	ldi_html_cell_count(h, h->run->ledger.failure[cls]);
	if (first <= last)
		add_times(h, first, last);
	else
		ld_buf_adds(h->out, "<td>-</td><td>-</td></tr>\n");
	add_texts(h, cls);
	ld_buf_adds(h->out, "</tbody>\n");
}

/* Classes by count; of equal ones, in the order of the enum. */
static void
add_classes(const struct ldi_html *h)
{
	const uint64_t *counts = h->run->ledger.failure;
	bool done[LD_CLASS_N] = { false };

	for (;;) {
		size_t top = LD_CLASS_N;

		for (size_t c = 0; c < LD_CLASS_N; c++)
			if (!done[c] && counts[c] > 0 &&
			    (top == LD_CLASS_N || counts[c] > counts[top]))
				top = c;
		if (top == LD_CLASS_N)
			return;
		done[top] = true;
		add_class(h, (enum ld_class)top);
	}
}

void
ldi_html_failures(const struct ldi_html *h)
{
	ldi_html_section(h, "failures", "Failures");
	ld_buf_adds(h->out, "<div class=\"card\">\n");
	if (ld_ledger_failures(&h->run->ledger) == 0)
		ld_buf_adds(h->out, ldi_view_finished(&h->run->ledger) == 0
					? "<p>No request finished.</p>\n"
					: "<p>No request failed.</p>\n");
	else {
		ld_buf_adds(h->out,
		    "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
		    "aria-label=\"Failures\"><table class=\"fails\">"
		    "<caption>Failures by class and text</caption><thead><tr>"
		    "<th scope=\"col\" class=\"txt\">class, and what to look "
		    "at</th><th scope=\"col\">count</th>"
		    "<th scope=\"col\">first</th>"
		    "<th scope=\"col\">last</th></tr></thead>\n");
		add_classes(h);
		ld_buf_adds(h->out, "</table></div>\n");
	}
	ld_buf_adds(h->out, "</div>\n");
	ldi_html_section_end(h);
}
