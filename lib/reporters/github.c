/* SPDX-License-Identifier: MIT */
/*
 * A job summary in GitHub's Markdown: what may be believed, the ledger, a
 * table of the series, a table of the failures.
 *
 * No foreign text begins a line, where it could be a heading, a list or a
 * command of the workflow.  A summary of more than 1 MiB is refused by GitHub
 * as a whole, so there is a ceiling far below that, and what is beyond it is
 * counted.
 */
#include "config.h"

#include <string.h>

#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/github.h"

/* Behind this many bytes no run is begun, and behind its part of them no series
 * of a run: many series of one must not hide the others. */
#define ROOM ((size_t)48 << 10)
#define MAX_REASONS 5

struct github {
	const struct ldi_view *view;
	const struct ld_run_figures *run;
	struct ld_buf *out;
	size_t begin;  /* of the document in `out` */
	size_t number; /* of the run, from 1 */
};

size_t
ldi_github_clip(const char *text, size_t len)
{
	size_t n = LDI_GITHUB_TEXT;

	if (len <= n)
		return len;
	while (
	    n > LDI_GITHUB_TEXT - 4 && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	return n;
}

static void
add_text(const struct github *g, const char *text, size_t len)
{
	size_t n = ldi_github_clip(text, len);

	if (n > 0)
		ldi_esc_markdown(g->out, text, n);
	if (n < len)
		ld_buf_adds(g->out, "...");
}

static void
add(const struct github *g, const char *text)
{
	text = ldi_view_text(text);
	add_text(g, text, strlen(text));
}

/* Of the room, the part of so many runs out of all of them. */
static bool
full(const struct github *g, size_t runs)
{
	return g->out->failed ||
	       g->out->len - g->begin > ROOM / g->view->n_runs * runs;
}

void
ldi_github_sentence(const struct ld_run_figures *run, struct ld_buf *out)
{
	uint64_t finished = ldi_view_finished(&run->ledger);
	uint64_t failures = ld_ledger_failures(&run->ledger);

	ldi_fig_count(out, finished);
	ld_buf_adds(out, finished == 1 ? " request" : " requests");
	if (run->duration_ns > 0) {
		ld_buf_adds(out, " in ");
		ldi_fig_span(out, run->duration_ns);
		ld_buf_adds(out, " (");
		ldi_fig_rate(out, finished, run->duration_ns);
		ld_buf_addc(out, ')');
	}
	ld_buf_adds(out, ", ");
	ldi_fig_count(out, failures);
	ld_buf_adds(out, " failed");
	if (failures > 0) {
		ld_buf_adds(out, " (");
		ldi_fig_share(out, failures, finished);
		ld_buf_addc(out, ')');
	}
	ld_buf_addc(out, '.');
}

static void
add_trust(const struct github *g)
{
	const struct ld_run_figures *run = g->run;
	const char *warning = ldi_view_warning(run);
	size_t n = run->n_validity_reasons;

	if (warning != NULL) {
		ld_buf_adds(g->out, "**Stream:** ");
		add(g, warning);
		ld_buf_adds(g->out, "\n\n");
	}
	ld_buf_adds(g->out, "**Validity:** ");
	add(g, ld_validity_name(run->validity));
	ld_buf_adds(g->out, "\n\n");
	for (size_t i = 0; i < n && i < MAX_REASONS; i++) {
		ld_buf_adds(g->out, "- Reason: ");
		add(g, run->validity_reasons[i]);
		ld_buf_addc(g->out, '\n');
	}
	if (n > MAX_REASONS)
		ld_buf_addf(g->out, "- and %zu more\n", n - MAX_REASONS);
	if (n > 0)
		ld_buf_addc(g->out, '\n');
}

/* A quantile that so few values cannot support is a dash. */
static void
add_latency(
    const struct github *g, const char *what, const struct ld_hist *hist)
{
	uint64_t n = hist == NULL ? 0 : ld_hist_count(hist);

	ld_buf_addf(g->out, " %s |", what);
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++) {
		ld_buf_addc(g->out, ' ');
		if (n >= ldi_fig_quantiles[i].least)
			ldi_fig_ns(g->out,
			    ld_hist_quantile(hist, ldi_fig_quantiles[i].ppm));
		else
			ld_buf_addc(g->out, '-');
		ld_buf_adds(g->out, " |");
	}
	ld_buf_addc(g->out, ' ');
	if (n > 0)
		ldi_fig_ns(g->out, ld_hist_max(hist));
	else
		ld_buf_addc(g->out, '-');
	ld_buf_adds(g->out, " |\n");
}

static void
add_series(const struct github *g, const struct ld_series_figures *s)
{
	ld_buf_adds(g->out, "| ");
	if (s == &g->run->total) {
		ld_buf_adds(g->out, "**all**");
	} else {
		add(g, s->name);
		ld_buf_adds(g->out, " | ");
		add(g, s->request_type);
		ld_buf_adds(g->out, ", ");
		add(g, s->user_type);
	}
	ld_buf_adds(g->out, s == &g->run->total ? " | | " : " | ");
	ldi_fig_count(g->out, ldi_view_finished(&s->ledger));
	ld_buf_adds(g->out, " | ");
	ldi_fig_count(g->out, ld_ledger_failures(&s->ledger));
	ld_buf_adds(g->out, " |");
	add_latency(g, "response", s->response);
	ld_buf_adds(g->out, "| | | | |");
	add_latency(g, "service", s->service);
}

static void
add_table(const struct github *g)
{
	const struct ld_run_figures *run = g->run;
	size_t shown = 0;

	ld_buf_adds(g->out, "| series | kind | requests | failed | time |");
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++)
		ld_buf_addf(g->out, " %s |", ldi_fig_quantiles[i].name);
	ld_buf_adds(g->out, " max |\n| :-- | :-- | --: | --: | :-- |");
	for (size_t i = 0; i <= LDI_FIG_QUANTILES; i++)
		ld_buf_adds(g->out, " --: |");
	ld_buf_addc(g->out, '\n');
	add_series(g, &run->total);
	while (shown < run->n_series && !full(g, g->number))
		add_series(g, &run->series[shown++]);
	if (shown < run->n_series)
		ld_buf_addf(
		    g->out, "\nand %zu more series\n", run->n_series - shown);
	ld_buf_addc(g->out, '\n');
}

static void
add_class(const struct github *g, enum ld_class cls)
{
	const struct ld_series_figures *total = &g->run->total;
	const struct ld_failure_group *top = NULL;
	uint64_t first = UINT64_MAX, last = 0;

	for (size_t i = 0; i < total->n_failures; i++) {
		const struct ld_failure_group *group = &total->failures[i];

		if (group->cls != cls)
			continue;
		top = top == NULL ? group : top;
		first = group->first_ns < first ? group->first_ns : first;
		last = group->last_ns > last ? group->last_ns : last;
	}
	ld_buf_adds(g->out, "| ");
	add(g, ld_class_name(cls));
	ld_buf_adds(g->out, " | ");
	ldi_fig_count(g->out, g->run->ledger.failure[cls]);
	ld_buf_adds(g->out, " | ");
	if (top != NULL) {
		ldi_fig_at(g->out, first);
		ld_buf_adds(g->out, " | ");
		ldi_fig_at(g->out, last);
		ld_buf_adds(g->out, " | ");
		add_text(g, top->text.data, top->text.len);
	} else {
		ld_buf_adds(g->out, "- | - | ");
	}
	ld_buf_adds(g->out, " | ");
	add(g, ld_class_advice(cls));
	ld_buf_adds(g->out, " |\n");
}

static void
add_failures(const struct github *g)
{
	if (ld_ledger_failures(&g->run->ledger) == 0)
		return;
	ld_buf_adds(g->out,
	    "| failure | count | first | last | most frequent text | what to "
	    "look at |\n| :-- | --: | --: | --: | :-- | :-- |\n");
	for (int i = 0; i < LD_CLASS_N; i++)
		if (g->run->ledger.failure[i] > 0)
			add_class(g, (enum ld_class)i);
	ld_buf_addc(g->out, '\n');
}

static void
add_fact(const struct github *g, const char *what, const char *value)
{
	if (ldi_view_text(value)[0] == '\0')
		return;
	ld_buf_addf(g->out, "- %s ", what);
	add(g, value);
	ld_buf_addc(g->out, '\n');
}

static void
add_facts(const struct github *g)
{
	const struct ld_run_facts *facts = &g->run->facts;

	add_fact(g, "Target:", facts->target);
	add_fact(g, "Run:", facts->run_id);
	add_fact(g, "Started:", facts->started_at);
	add_fact(g, "Seed:", facts->seed);
	add_fact(g, "Plan:", facts->plan_hash);
	add_fact(g, "Host:", facts->host);
	add_fact(g, "Tool:", facts->tool);
	ld_buf_addc(g->out, '\n');
}

static void
add_run(const struct github *g)
{
	if (g->view->n_runs > 1)
		ld_buf_addf(g->out, "### Run %zu of %zu\n\n", g->number,
		    g->view->n_runs);
	add_trust(g);
	ldi_github_sentence(g->run, g->out);
	ld_buf_adds(g->out, "\n\n");
	ldi_view_ledger_sentence(&g->run->ledger, g->out);
	ld_buf_adds(g->out, "\n\n");
	add_failures(g);
	add_table(g);
	add_facts(g);
}

/* What holds for all of several runs. */
static void
add_worst(const struct github *g)
{
	const char *warning = ldi_view_first_warning(g->view);

	if (warning != NULL) {
		ld_buf_adds(g->out, "**Stream:** ");
		add(g, warning);
		ld_buf_adds(g->out, "\n\n");
	}
	ld_buf_addf(g->out, "**Validity:** %s, the worst of %zu runs\n\n",
	    ld_validity_name(g->view->validity), g->view->n_runs);
}

static void
write_summary(struct github *g)
{
	const char *title = ldi_view_text(g->view->options->title);
	size_t i = 0;

	ld_buf_adds(g->out, "## Load test");
	if (title[0] != '\0') {
		ld_buf_adds(g->out, ": ");
		add(g, title);
	}
	ld_buf_adds(g->out, "\n\n");
	if (g->view->n_runs > 1)
		add_worst(g);
	for (; i < g->view->n_runs && !full(g, g->view->n_runs); i++) {
		g->run = g->view->runs[i];
		g->number = i + 1;
		add_run(g);
	}
	if (i < g->view->n_runs)
		ld_buf_addf(g->out, "and %zu more runs\n", g->view->n_runs - i);
}

enum ld_status
ldi_view_write_github(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err)
{
	struct github g = { .view = view, .out = out, .begin = out->len };

	if (view->options->annotations)
		ldi_github_annotate(view, out);
	else
		write_summary(&g);
	return ld_buf_status(out, "the report", err);
}
