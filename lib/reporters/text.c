/* SPDX-License-Identifier: MIT */
/*
 * The text report: one screen at a terminal.  Order: what happened and
 * whether it can be trusted, then the numbers, then the causes of failures,
 * then the facts of the run.  No figure is shown by colour alone.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/finding.h"
#include "reporters/phases.h"
#include "reporters/text.h"

void
ldi_text_style(const struct ldi_text *t, enum ldi_text_style style)
{
	static const char *const codes[] = { "\033[0m", "\033[1m", "\033[2m",
		"\033[31m", "\033[33m", "\033[32m" };

	if (t->color)
		ld_buf_adds(t->out, codes[style]);
}

void
ldi_text_foreign(const struct ldi_text *t, const char *text, size_t columns)
{
	text = ldi_view_text(text);
	ldi_esc_term(t->out, text, strlen(text), columns);
}

void
ldi_text_heading(const struct ldi_text *t, const char *words)
{
	ld_buf_addc(t->out, '\n');
	ldi_text_style(t, LDI_TEXT_BOLD);
	ld_buf_adds(t->out, words);
	ldi_text_style(t, LDI_TEXT_PLAIN);
	ld_buf_addc(t->out, '\n');
}

void
ldi_text_wrap(const struct ldi_text *t, const struct ldi_text_wrap *how,
    const char *text, size_t len)
{
	size_t column = how->column;
	bool fresh = true, styled = false;

	while (len > 0) {
		size_t n = 0, columns = 0;

		while (n < len && text[n] != ' ') {
			styled |= text[n] == '\033';
			columns +=
			    !styled && ((unsigned char)text[n] & 0xC0) != 0x80;
			styled = styled && text[n] != 'm';
			n++;
		}
		if (!fresh && column + 1 + columns > t->width) {
			while (t->out->len > 0 &&
			       t->out->data[t->out->len - 1] == ' ')
				t->out->len--;
			ld_buf_addf(t->out, "\n%*s", (int)how->indent, "");
			column = how->indent;
		} else if (!fresh) {
			ld_buf_addc(t->out, ' ');
			column++;
		}
		fresh = false;
		ld_buf_add(t->out, text, n);
		column += columns;
		n += n < len;
		text += n, len -= n;
	}
	ld_buf_addc(t->out, '\n');
}

/* Write a paragraph, which `put` makes as one line, in lines that fit. */
static void
put_wrapped(const struct ldi_text *t, size_t indent,
    void (*put)(const struct ldi_text *, const struct ld_run_figures *),
    const struct ld_run_figures *run)
{
	const struct ldi_text_wrap how = { indent, indent };
	struct ldi_text inner = *t;
	struct ld_buf line;
	const char *text;
	size_t blanks;

	ld_buf_init(&line, (size_t)1 << 20);
	inner.out = &line;
	put(&inner, run);
	ld_buf_addf(t->out, "%*s", (int)indent, "");
	text = ld_buf_str(&line);
	if (text != NULL) {
		blanks = strspn(text, " ");
		ldi_text_wrap(t, &how, text + blanks, line.len - blanks);
	} else {
		t->out->failed = true;
	}
	ld_buf_clear(&line);
}

static void
put_target(const struct ldi_text *t, const struct ld_run_figures *run)
{
	if (ldi_view_text(run->facts.target)[0] == '\0')
		return;
	ld_buf_adds(t->out, " to ");
	ldi_text_foreign(t, run->facts.target, 60);
}

static void
put_headline(const struct ldi_text *t, const struct ld_run_figures *run)
{
	uint64_t finished = ldi_view_finished(&run->ledger);
	uint64_t failures = ld_ledger_failures(&run->ledger);

	ldi_text_style(t, LDI_TEXT_BOLD);
	ldi_fig_count(t->out, finished);
	ld_buf_adds(t->out, finished == 1 ? " request" : " requests");
	put_target(t, run);
	if (run->duration_ns > 0) {
		ld_buf_adds(t->out, " in ");
		ldi_fig_span(t->out, run->duration_ns);
		ld_buf_adds(t->out, " (");
		ldi_fig_rate(t->out, finished, run->duration_ns);
		ld_buf_addc(t->out, ')');
	}
	ld_buf_adds(t->out, ": ");
	if (failures > 0)
		ldi_text_style(t, LDI_TEXT_RED);
	ldi_fig_count(t->out, failures);
	ld_buf_adds(t->out, " failed");
	if (failures > 0) {
		ld_buf_adds(t->out, ", ");
		ldi_fig_share(t->out, failures, finished);
	}
	ldi_text_style(t, LDI_TEXT_PLAIN);
}

/* The engine's own sentences are shorter; others may write streams too. */
#define MAX_REASON 400

static void
put_judgement(const struct ldi_text *t, const struct ld_run_figures *run)
{
	static const char *const words[] = { "Valid", "DEGRADED", "INVALID",
		"Not judged: no end record" };
	size_t i = (size_t)run->validity < 4 ? (size_t)run->validity : 3;

	ldi_text_style(t, run->validity == LD_RUN_VALID     ? LDI_TEXT_GREEN
			  : run->validity == LD_RUN_INVALID ? LDI_TEXT_RED
							    : LDI_TEXT_YELLOW);
	ld_buf_adds(t->out, words[i]);
	ldi_text_style(t, LDI_TEXT_PLAIN);
	for (size_t r = 0; r < run->n_validity_reasons; r++) {
		ld_buf_adds(t->out, r == 0 ? ": " : "; ");
		ldi_text_foreign(t, run->validity_reasons[r], MAX_REASON);
	}
	if (run->wholeness == LD_STREAM_WHOLE)
		ld_buf_adds(t->out, ", stream whole");
	ld_buf_adds(t->out, run->ledger_balances
				? ", ledger balances."
				: ", LEDGER DOES NOT BALANCE.");
}

static void
put_findings(const struct ldi_text *t, const struct ld_run_figures *run)
{
	static const struct ldi_text_wrap bullet = { 4, 4 };
	struct ldi_findings findings;
	struct ld_buf line;

	ldi_findings_make(run, &findings);
	ld_buf_init(&line, 4096);
	for (size_t i = 0; i < findings.n; i++) {
		const struct ldi_finding *f = &findings.at[i];

		if (f->level == LDI_FINDING_FINE)
			continue;
		ld_buf_reset(&line);
		ldi_esc_term(&line, f->text, strlen(f->text), SIZE_MAX);
		ld_buf_adds(
		    t->out, f->level == LDI_FINDING_NOTE ? "  - " : "  ! ");
		ldi_text_wrap(t, &bullet, line.data, line.len);
	}
	if (line.failed)
		t->out->failed = true;
	ld_buf_clear(&line);
}

/* -- ledger --------------------------------------------------------------- */

static void
put_entry(const struct ldi_text *t, const char *word, uint64_t n)
{
	ld_buf_addf(t->out, "  %s ", word);
	ldi_fig_count(t->out, n);
}

/* " (limit 30, stopped 4)" */
static void
put_reasons(const struct ldi_text *t, const uint64_t *counts, size_t n,
    const char *(*name)(size_t))
{
	const char *before = " (";

	for (size_t i = 0; i < n; i++) {
		if (counts[i] == 0)
			continue;
		ld_buf_adds(t->out, before);
		ld_buf_addf(t->out, "%s ", name(i));
		ldi_fig_count(t->out, counts[i]);
		before = ", ";
	}
	if (before[0] == ',')
		ld_buf_addc(t->out, ')');
}

static const char *
not_started_name(size_t i)
{
	return ld_not_started_name((enum ld_not_started)i);
}

static const char *
shed_name(size_t i)
{
	return ld_shed_name((enum ld_shed)i);
}

static void
put_planned(const struct ldi_text *t, const struct ld_run_figures *run)
{
	const struct ld_ledger *l = &run->ledger;

	put_entry(t, "planned", l->planned);
	put_entry(t, "= started", l->started);
	put_entry(t, "+ not started", ld_ledger_not_started(l));
	put_reasons(t, l->not_started, LD_NOT_STARTED_N, not_started_name);
}

static void
put_started(const struct ldi_text *t, const struct ld_run_figures *run)
{
	const struct ld_ledger *l = &run->ledger;

	put_entry(t, "started", l->started);
	put_entry(t, "= success", l->success);
	put_entry(t, "+ failure", ld_ledger_failures(l));
	put_entry(t, "+ aborted", l->aborted);
	if (l->in_flight > 0)
		put_entry(t, "+ in flight", l->in_flight);
}

static void
put_wire(const struct ldi_text *t, const struct ld_run_figures *run)
{
	const struct ld_ledger *l = &run->ledger;

	put_entry(t, "on the wire", l->wire);
	put_entry(t, " samples shed", ld_ledger_shed(l));
	put_reasons(t, l->shed, LD_SHED_N, shed_name);
}

static void
put_ledger(const struct ldi_text *t, const struct ld_run_figures *run)
{
	ldi_text_heading(t, "LEDGER");
	put_wrapped(t, 2, put_planned, run);
	put_wrapped(t, 2, put_started, run);
	put_wrapped(t, 2, put_wire, run);
}

/* -- failures ------------------------------------------------------------- */

#define MAX_CLASSES 8

/* First and last time of a class, and its most frequent text. */
static const struct ld_failure_group *
span_of(const struct ld_series_figures *total, enum ld_class cls,
    uint64_t *first_out, uint64_t *last_out)
{
	const struct ld_failure_group *top = NULL;

	*first_out = UINT64_MAX, *last_out = 0;
	for (size_t i = 0; i < total->n_failures; i++) {
		const struct ld_failure_group *g = &total->failures[i];

		if (g->cls != cls)
			continue;
		if (top == NULL || g->count > top->count)
			top = g;
		if (g->first_ns < *first_out)
			*first_out = g->first_ns;
		if (g->last_ns > *last_out)
			*last_out = g->last_ns;
	}
	return top;
}

/* "179 status, 33.0 s to 35.0 s: the server answered ..." */
static void
put_class_line(const struct ldi_text *t, enum ld_class cls, uint64_t count,
    const uint64_t span[2])
{
	struct ldi_text_wrap how = { .indent = 6 };
	struct ld_buf line;
	size_t begin = t->out->len;

	ld_buf_adds(t->out, "  ");
	ldi_fig_count(t->out, count);
	ld_buf_addf(t->out, " %s", ld_class_name(cls));
	how.column = t->out->len - begin;
	ld_buf_init(&line, 1024);
	if (span[0] <= span[1]) {
		ld_buf_adds(&line, ", from ");
		ldi_fig_at(&line, span[0]);
		ld_buf_adds(&line, " to ");
		ldi_fig_at(&line, span[1]);
	}
	ld_buf_addf(&line, ": %s", ld_class_advice(cls));
	if (line.failed)
		t->out->failed = true;
	else
		ldi_text_wrap(t, &how, line.data, line.len);
	ld_buf_clear(&line);
}

static void
put_class(const struct ldi_text *t, const struct ld_run_figures *run,
    enum ld_class cls)
{
	uint64_t span[2];
	const struct ld_failure_group *top =
	    span_of(&run->total, cls, &span[0], &span[1]);

	put_class_line(t, cls, run->ledger.failure[cls], span);
	if (top == NULL || top->text.len == 0)
		return;
	ldi_text_style(t, LDI_TEXT_DIM);
	ld_buf_adds(t->out, "      e.g. ");
	ldi_esc_term(t->out, top->text.data, top->text.len, t->width - 11);
	ldi_text_style(t, LDI_TEXT_PLAIN);
	ld_buf_addc(t->out, '\n');
}

static void
put_failures(const struct ldi_text *t, const struct ld_run_figures *run)
{
	bool done[LD_CLASS_N] = { false };
	size_t shown = 0, more = 0;

	if (ld_ledger_failures(&run->ledger) == 0)
		return;
	ldi_text_heading(t, "FAILURES");
	for (;;) {
		enum ld_class top = LD_CLASS_N;

		for (size_t c = 0; c < LD_CLASS_N; c++)
			if (!done[c] && run->ledger.failure[c] > 0 &&
			    (top == LD_CLASS_N || run->ledger.failure[c] >
						      run->ledger.failure[top]))
				top = (enum ld_class)c;
		if (top == LD_CLASS_N)
			break;
		done[top] = true;
		if (shown < MAX_CLASSES)
			put_class(t, run, top), shown++;
		else
			more++;
	}
	if (more > 0)
		ld_buf_addf(t->out, "  and %zu more classes\n", more);
}

/* -- facts ---------------------------------------------------------------- */

static void
put_fact(const struct ldi_text *t, const char *word, const char *value)
{
	if (ldi_view_text(value)[0] == '\0')
		return;
	ld_buf_addf(t->out, ", %s ", word);
	ldi_text_foreign(t, value, 40);
}

static void
put_origin(const struct ldi_text *t, const struct ld_run_figures *run)
{
	const struct ld_run_facts *f = &run->facts;
	uint64_t users = run->max_users > 0 ? run->max_users : f->user_count;
	const char *word = ldi_view_users(run);

	if (ldi_view_text(f->started_at)[0] != '\0') {
		ldi_text_foreign(t, f->started_at, 40);
		ld_buf_adds(t->out, ", ");
	}
	if (ldi_view_text(f->load)[0] != '\0') {
		ldi_text_foreign(t, f->load, SIZE_MAX);
		ld_buf_adds(t->out, ", ");
	}
	ld_buf_adds(t->out, word);
	ld_buf_addc(t->out, ' ');
	if (users > 0)
		ldi_fig_count(t->out, users);
	else
		ld_buf_adds(t->out, "not known");
	if (f->threads > 0)
		ld_buf_addf(t->out, ", threads %" PRIu64, f->threads);
	put_fact(t, "seed", f->seed);
	put_fact(t, "ended by", f->reason);
}

static void
put_traffic(const struct ldi_text *t, const struct ld_run_figures *run)
{
	ld_buf_adds(t->out, "received ");
	ldi_fig_bytes(t->out, run->total.bytes_in);
	ld_buf_adds(t->out, ", sent ");
	ldi_fig_bytes(t->out, run->total.bytes_out);
	if (run->lag != NULL) {
		ld_buf_adds(t->out, "; generator lag p99 ");
		ldi_fig_ns(t->out, ld_hist_quantile(run->lag, 990000));
		ld_buf_adds(t->out, ", ");
		ldi_fig_count(t->out, run->late);
		ld_buf_adds(t->out, " starts over 10 ms late");
	}
}

static void
put_method(const struct ldi_text *t, const struct ld_run_figures *run)
{
	(void)run;
	ld_buf_adds(t->out, "quantiles: nearest rank, within 0.1355 %; "
			    "response counts from the intended start");
}

static void
put_run(const struct ldi_text *t, const struct ld_run_figures *run)
{
	put_wrapped(t, 0, put_headline, run);
	put_wrapped(t, 0, put_judgement, run);
	put_findings(t, run);
	put_ledger(t, run);
	ldi_text_latency(t, run);
	put_failures(t, run);
	ldi_text_heading(t, "RUN");
	put_wrapped(t, 2, put_origin, run);
	put_wrapped(t, 2, put_traffic, run);
	if (ldi_phases_known(&run->total))
		put_wrapped(t, 2, ldi_text_phases, run);
	put_wrapped(t, 2, put_method, run);
}

enum ld_status
ldi_view_write_text(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err)
{
	struct ldi_text t = { .out = out,
		.color = view->options->color,
		.width =
		    view->options->width == 0 ? 100 : view->options->width };
	const char *warning = ldi_view_first_warning(view);

	if (t.width < 40)
		t.width = 40;
	if (warning != NULL) {
		ldi_text_style(&t, LDI_TEXT_YELLOW);
		ldi_text_foreign(&t, warning, SIZE_MAX);
		ldi_text_style(&t, LDI_TEXT_PLAIN);
		ld_buf_addc(out, '\n');
	}
	for (size_t i = 0; i < view->n_runs; i++) {
		if (view->n_runs > 1) {
			ld_buf_addf(out,
			    "%sRun %zu of %zu: ", i > 0 ? "\n" : "", i + 1,
			    view->n_runs);
			ldi_text_foreign(&t, view->runs[i]->facts.run_id, 60);
			ld_buf_addc(out, '\n');
		}
		put_run(&t, view->runs[i]);
	}
	return ld_buf_status(out, "text report", err);
}
