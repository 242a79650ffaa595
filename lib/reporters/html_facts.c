/* SPDX-License-Identifier: MIT */
/* What was run, by what, where; and what the words mean. */
#include "config.h"

#include <string.h>

#include "reporters/figure.h"
#include "reporters/html.h"

static const char *const definitions[][2] = {
	{ "response", "from the moment a request was due to the end of its "
		      "answer: lag + service. What a user waits, the "
		      "generator's own delay included." },
	{ "service", "from the moment a request was started to the end of its "
		     "answer." },
	{ "lag", "start minus intended start: how late the generator was. In "
		 "the open model a request is due when its arrival is, "
		 "whatever became of those before. In the closed model it is "
		 "due when the previous one ended and its wait is over, so a "
		 "slow server lowers the load." },
	{ "quantile", "nearest rank: the smallest value that at least the "
		      "stated share of all values does not exceed. Read back "
		      "from a base-2 histogram of scale 8, within 0.1355 % "
		      "either way; counts, minimum, maximum and mean are "
		      "exact." },
	{ "failure", "no or no whole answer, an assertion that did not hold, "
		     "or an error status." },
	{ "aborted", "cut off by the end of the run; in no rate and no "
		     "quantile." },
	{ "n too small", "to state an upper bound of p90, p95, p99, p99.9 with "
			 "95 % confidence takes 29, 59, 299, 2995 values." },
};

static void
open_row(const struct ldi_html *h, const char *label)
{
	ld_buf_addf(h->out, "<tr><th scope=\"row\">%s</th><td>", label);
}

static void
close_row(const struct ldi_html *h)
{
	ld_buf_adds(h->out, "</td></tr>\n");
}

static void
add_text(const struct ldi_html *h, const char *label, const char *text)
{
	text = ldi_view_text(text);
	if (text[0] == '\0')
		return;
	open_row(h, label);
	ldi_html_clip(h, text, strlen(text), 200);
	close_row(h);
}

static void
add_count(const struct ldi_html *h, const char *label, uint64_t count)
{
	if (count == 0)
		return;
	open_row(h, label);
	ldi_fig_count(h->out, count);
	close_row(h);
}

static void
add_plan(const struct ldi_html *h)
{
	const struct ld_run_facts *f = &h->run->facts;

	add_text(h, "target", f->target);
	if (f->tls_unverified)
		add_text(h, "certificates", "not checked");
	add_text(h, "started at", f->started_at);
	if (h->run->duration_ns > 0) {
		open_row(h, "duration");
		ldi_fig_span(h->out, h->run->duration_ns);
		close_row(h);
	}
	add_text(h, "ended by", f->reason);
	add_text(h, "load", f->load);
	add_count(h, "users asked for", f->user_count);
	if (f->spawn_rate > 0 && f->spawn_rate < 1e12) {
		open_row(h, "spawn rate");
		ldi_fig_trim(h->out, (uint64_t)(f->spawn_rate * 1000 + 0.5), 3);
		ld_buf_adds(h->out, "/s");
		close_row(h);
	}
	add_count(h, f->open_model ? "sessions busy at most" : "users at most",
	    h->run->max_users);
	add_text(h, "run", f->run_id);
	add_text(h, "seed", f->seed);
	add_text(h, "plan hash", f->plan_hash);
}

static void
add_lag(const struct ldi_html *h)
{
	const struct ld_run_figures *run = h->run;

	if (run->lag == NULL || ld_hist_count(run->lag) == 0)
		return;
	open_row(h, "lag of starts");
	ld_buf_adds(h->out, "p50 ");
	ldi_fig_ns_html(h->out, ld_hist_quantile(run->lag, 500000));
	ld_buf_adds(h->out, ", p99 ");
	ldi_fig_ns_html(h->out, ld_hist_quantile(run->lag, 990000));
	ld_buf_adds(h->out, ", max ");
	ldi_fig_ns_html(h->out, ld_hist_max(run->lag));
	close_row(h);
	open_row(h, "over 10 ms late");
	ldi_fig_count(h->out, run->late);
	close_row(h);
}

static void
add_generator(const struct ldi_html *h)
{
	const struct ld_run_figures *run = h->run;

	add_text(h, "tool", run->facts.tool);
	add_text(h, "host", run->facts.host);
	add_count(h, "threads", run->facts.threads);
	add_lag(h);
	if (run->cpu_ns > 0) {
		open_row(h, "CPU time");
		ldi_fig_span(h->out, run->cpu_ns);
		close_row(h);
	}
	if (run->max_rss_bytes > 0) {
		open_row(h, "memory at most");
		ldi_fig_bytes(h->out, run->max_rss_bytes);
		close_row(h);
	}
	add_count(h, "descriptors at most", run->max_descriptors);
	add_text(h, "samples recorded", run->facts.samples);
	add_count(h, "samples seen", run->samples_seen);
	open_row(h, "figures from");
	ld_buf_adds(h->out, run->from_intervals ? "intervals" : "samples");
	close_row(h);
}

static void
add_definitions(const struct ldi_html *h)
{
	ld_buf_adds(h->out,
	    "<details class=\"card\"><summary>What the words mean</summary>"
	    "<dl class=\"defs\">\n");
	for (size_t i = 0; i < sizeof(definitions) / sizeof(definitions[0]);
	     i++)
		ld_buf_addf(h->out, "<dt>%s</dt><dd>%s</dd>\n",
		    definitions[i][0], definitions[i][1]);
	ld_buf_adds(h->out, "</dl></details>\n");
}

void
ldi_html_facts(const struct ldi_html *h)
{
	ldi_html_section(h, "run-facts", "The run");
	ld_buf_adds(h->out, "<div class=\"pair\"><div class=\"card\">"
			    "<table class=\"facts\"><caption>Plan</caption>"
			    "<tbody>\n");
	add_plan(h);
	ld_buf_adds(h->out, "</tbody></table></div><div class=\"card\">"
			    "<table class=\"facts\"><caption>Generator"
			    "</caption><tbody>\n");
	add_generator(h);
	ld_buf_adds(h->out, "</tbody></table></div></div>\n");
	add_definitions(h);
	ldi_html_section_end(h);
}
