/* SPDX-License-Identifier: MIT */
/* The ledger: what became of every request that was due. */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/html.h"

static void
add_row(const struct ldi_html *h, const char *word, uint64_t count,
    const char *means)
{
	ld_buf_addf(h->out, "<tr><th scope=\"row\">%s</th>", word);
	ldi_html_cell_count(h, count);
	ld_buf_addf(h->out, "<td class=\"txt\">%s</td></tr>\n", means);
}

static void
add_reasons(const struct ldi_html *h, const uint64_t *counts, size_t n,
    const char *(*name)(size_t))
{
	for (size_t i = 0; i < n; i++) {
		if (counts[i] == 0)
			continue;
		ld_buf_addf(h->out,
		    "<tr class=\"sub\"><th scope=\"row\">%s</th>", name(i));
		ldi_html_cell_count(h, counts[i]);
		ld_buf_adds(h->out, "<td></td></tr>\n");
	}
}

static const char *
not_started_name(size_t i)
{
	return ld_not_started_name((enum ld_not_started)i);
}

static const char *
class_name(size_t i)
{
	return ld_class_name((enum ld_class)i);
}

static const char *
shed_name(size_t i)
{
	return ld_shed_name((enum ld_shed)i);
}

static void
add_table(const struct ldi_html *h)
{
	const struct ld_ledger *l = &h->run->ledger;

	ld_buf_adds(h->out,
	    "<details><summary>The ledger as a table</summary>"
	    "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
	    "aria-label=\"Ledger\"><table><caption>Ledger</caption>"
	    "<thead><tr><th scope=\"col\">entry</th>"
	    "<th scope=\"col\">requests</th>"
	    "<th scope=\"col\" class=\"txt\">meaning</th></tr></thead>"
	    "<tbody>\n");
	add_row(h, "planned", l->planned, "came due by the plan");
	add_row(
	    h, "not started", ld_ledger_not_started(l), "due, but never sent");
	add_reasons(h, l->not_started, LD_NOT_STARTED_N, not_started_name);
	add_row(h, "started", l->started, "each has exactly one outcome");
	add_row(h, "success", l->success, "answered as the plan asks");
	add_row(h, "failure", ld_ledger_failures(l),
	    "not answered, or not as the plan asks");
	add_reasons(h, l->failure, LD_CLASS_N, class_name);
	add_row(h, "aborted", l->aborted,
	    "cut off by the end of the run; outside rates and quantiles");
	add_row(h, "in flight", l->in_flight, "not yet over; 0 at the end");
	add_row(h, "on the wire", l->wire,
	    "requests handed to the kernel, redirects and retries included: "
	    "what the server should have counted");
	add_row(h, "shed", ld_ledger_shed(l),
	    "samples not written because their reader was too slow");
	add_reasons(h, l->shed, LD_SHED_N, shed_name);
	ld_buf_adds(h->out, "</tbody></table></div></details>\n");
}

void
ldi_html_ledger(const struct ldi_html *h)
{
	ldi_html_section(h, "ledger", "What became of every request");
	ld_buf_adds(h->out, "<figure class=\"card\">");
	ldi_html_flow(h);
	ld_buf_adds(h->out, "<figcaption class=\"sum\">On the wire: ");
	ldi_fig_count(h->out, h->run->ledger.wire);
	ld_buf_adds(h->out,
	    " requests, redirects and retries included: what the server "
	    "should have counted.</figcaption>\n");
	add_table(h);
	ld_buf_adds(h->out, "</figure>\n");
	ldi_html_section_end(h);
}
