/* SPDX-License-Identifier: MIT */
/* The figures one looks for first, and the sentences to read first. */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/finding.h"
#include "reporters/html.h"

static void
open_card(const struct ldi_html *h, const char *label)
{
	ld_buf_addf(h->out, "<div><dt>%s</dt><dd>", label);
}

static void
close_card(const struct ldi_html *h)
{
	ld_buf_adds(h->out, "</dd></div>\n");
}

static void
add_quantile(const struct ldi_html *h, const char *label, size_t quantile)
{
	open_card(h, label);
	ldi_html_quantile(h, h->run->total.response, quantile);
	close_card(h);
}

static void
add_failed(const struct ldi_html *h)
{
	uint64_t failures = ld_ledger_failures(&h->run->ledger);

	ld_buf_addf(h->out, "<div%s><dt>Failed</dt><dd>",
	    failures > 0 ? " class=\"alarm\"" : "");
	ldi_fig_share(h->out, failures, ldi_view_finished(&h->run->ledger));
	ld_buf_adds(h->out, "<small>");
	ldi_fig_count(h->out, failures);
	ld_buf_adds(h->out, failures == 1 ? " request" : " requests");
	ld_buf_adds(h->out, "</small>");
	close_card(h);
}

static void
add_max(const struct ldi_html *h)
{
	const struct ld_hist *hist = h->run->total.response;

	open_card(h, "Slowest");
	if (hist == NULL || ld_hist_count(hist) == 0)
		ld_buf_adds(h->out, "\xE2\x80\x93");
	else
		ldi_fig_ns_html(h->out, ld_hist_max(hist));
	close_card(h);
}

void
ldi_html_key_figures(const struct ldi_html *h)
{
	const struct ld_run_figures *run = h->run;
	uint64_t finished = ldi_view_finished(&run->ledger);

	ld_buf_adds(h->out, "<dl class=\"key\">\n");
	open_card(h, "Requests");
	ldi_fig_count(h->out, finished);
	ld_buf_adds(h->out, "<small>in ");
	ldi_fig_span(h->out, run->duration_ns);
	ld_buf_adds(h->out, "</small>");
	close_card(h);
	open_card(h, "Throughput");
	ldi_fig_rate(h->out, finished, run->duration_ns);
	if (run->max_users > 0) {
		ld_buf_adds(h->out, "<small>");
		ldi_fig_count(h->out, run->max_users);
		if (run->facts.open_model)
			ld_buf_adds(h->out, " sessions at most");
		else
			ld_buf_adds(h->out,
			    run->max_users == 1 ? " user" : " users at most");
		ld_buf_adds(h->out, "</small>");
	}
	close_card(h);
	add_failed(h);
	add_quantile(h, "Median response", 0);
	add_quantile(h, "p95 response", 2);
	add_quantile(h, "p99 response", 3);
	add_max(h);
	open_card(h, "Received");
	ldi_fig_bytes(h->out, run->total.bytes_in);
	ld_buf_adds(h->out, "<small>sent ");
	ldi_fig_bytes(h->out, run->total.bytes_out);
	ld_buf_adds(h->out, "</small>");
	close_card(h);
	ld_buf_adds(h->out, "</dl>\n");
}

static const char *
link_words(const char *evidence)
{
	return evidence[0] == 'f'   ? "failures"
	       : evidence[0] == 't' ? "time line"
	       : evidence[0] == 'r' ? "run facts"
	       : evidence[1] == 'e' ? "ledger"
				    : "latencies";
}

void
ldi_html_findings(const struct ldi_html *h)
{
	static const char *const css[] = { "fine", "note", "warn", "stop" };
	static const char *const marks[] = { "\xE2\x9C\x93", "i", "!",
		"\xC3\x97" };
	struct ldi_findings findings;

	ldi_findings_make(h->run, &findings);
	ldi_html_section(h, "first", "Read this first");
	ld_buf_adds(h->out, "<ul class=\"first card\">\n");
	for (size_t i = 0; i < findings.n; i++) {
		const struct ldi_finding *f = &findings.at[i];

		ld_buf_addf(h->out,
		    "<li class=\"%s\"><span class=\"mark\" "
		    "aria-hidden=\"true\">%s</span><span>",
		    css[f->level], marks[f->level]);
		ldi_html_text(h, f->text);
		ld_buf_adds(h->out, " <a href=\"#");
		ldi_html_id(h, f->evidence);
		ld_buf_addf(
		    h->out, "\">%s</a></span></li>\n", link_words(f->evidence));
	}
	ld_buf_adds(h->out, "</ul>\n");
	ldi_html_section_end(h);
}
