/* SPDX-License-Identifier: MIT */
/*
 * JUnit's XML, in the form that every reader of it takes.  There is no
 * standard; two schemas (of Jenkins' xunit plugin and of Windy Road) forbid
 * different things, and GitLab drops cases of one name: so no attribute on
 * the root, all of `name package id timestamp hostname tests failures errors
 * time` on a suite, three decimals, no output inside of a case.
 *
 * A run is a suite.  Its first case is whether it may be believed; then one
 * for each series, which fails if any of its requests did, and one for each
 * class of failure that a series had.
 */
#include "config.h"

#include <string.h>

#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/view.h"

/* Texts inside: readers limit what they take. */
#define MAX_TEXT 2000

struct junit {
	const struct ldi_view *view;
	const struct ld_run_figures *run;
	struct ld_buf *out;
	size_t number; /* of the run, from 1 */
};

static void
add_text(struct junit *j, const char *text, size_t len)
{
	if (len > MAX_TEXT)
		len = MAX_TEXT;
	if (len > 0)
		ldi_esc_xml(j->out, text, len);
}

static void
add(struct junit *j, const char *text)
{
	text = ldi_view_text(text);
	add_text(j, text, strlen(text));
}

/* Seconds with exactly three decimals. */
static void
add_seconds(struct junit *j, uint64_t ns)
{
	ldi_fig_fixed(j->out, (ns + 500000) / 1000000, 3);
}

/* A property needs both; empty values are no tokens. */
static void
add_property(struct junit *j, const char *name, const char *value)
{
	value = ldi_view_text(value);
	if (value[0] == '\0')
		return;
	ld_buf_addf(j->out, "\t\t\t<property name=\"%s\" value=\"", name);
	add(j, value);
	ld_buf_adds(j->out, "\"/>\n");
}

static void
add_properties(struct junit *j)
{
	const struct ld_run_facts *facts = &j->run->facts;

	ld_buf_adds(j->out, "\t\t<properties>\n");
	add_property(j, "wholeness", ld_wholeness_name(j->run->wholeness));
	add_property(j, "validity", ld_validity_name(j->run->validity));
	add_property(j, "run", facts->run_id);
	add_property(j, "target", facts->target);
	add_property(j, "seed", facts->seed);
	add_property(j, "plan_hash", facts->plan_hash);
	add_property(j, "tool", facts->tool);
	ld_buf_adds(j->out, "\t\t</properties>\n");
}

/* Several runs of one document: their cases must not share a name. */
static void
begin_case(struct junit *j, const struct ld_series_figures *s,
    const char *class, uint64_t time_ns)
{
	ld_buf_adds(j->out, "\t\t<testcase classname=\"");
	if (j->view->n_runs > 1)
		ld_buf_addf(j->out, "run%zu.", j->number);
	if (s == NULL) {
		ld_buf_adds(j->out, "ld-run\" name=\"the run can be believed");
	} else {
		add(j, s->user_type[0] != '\0' ? s->user_type : "user");
		ld_buf_addc(j->out, '.');
		add(j,
		    s->request_type[0] != '\0' ? s->request_type : "request");
		ld_buf_adds(j->out, "\" name=\"");
		add(j, s->name[0] != '\0' ? s->name : "unknown");
	}
	if (class != NULL)
		ld_buf_addf(j->out, " [%s]", class);
	ld_buf_adds(j->out, "\" time=\"");
	add_seconds(j, time_ns);
	ld_buf_addc(j->out, '"');
}

static void
begin_failure(struct junit *j, const char *element, const char *type)
{
	ld_buf_addf(
	    j->out, ">\n\t\t\t<%s type=\"%s\" message=\"", element, type);
}

/* A run that is not whole, or not valid, is an error of the test and no
 * failure of what was tested. */
static void
add_trust(struct junit *j)
{
	const struct ld_run_figures *run = j->run;
	const char *warning = ldi_view_warning(run);
	bool whole = run->wholeness != LD_STREAM_INCOMPLETE;

	begin_case(j, NULL, NULL, 0);
	if (whole && run->validity != LD_RUN_INVALID) {
		ld_buf_adds(j->out, "/>\n");
		return;
	}
	begin_failure(j, "error", whole ? "run.invalid" : "stream.incomplete");
	if (!whole)
		add(j, warning);
	else if (run->n_validity_reasons > 0)
		add(j, run->validity_reasons[0]);
	ld_buf_adds(j->out, "\">");
	for (size_t i = 0; i < run->n_validity_reasons; i++) {
		add(j, run->validity_reasons[i]);
		ld_buf_addc(j->out, '\n');
	}
	ld_buf_adds(j->out, "</error>\n\t\t</testcase>\n");
}

static void
add_share(struct junit *j, uint64_t part, uint64_t whole)
{
	ldi_fig_count(j->out, part);
	ld_buf_adds(j->out, " of ");
	ldi_fig_count(j->out, whole);
	ld_buf_adds(j->out, " requests failed (");
	/* "<0.01 %" among them. */
	{
		struct ld_buf share;

		ld_buf_init(&share, 100);
		ldi_fig_share(&share, part, whole);
		add_text(j, share.data, share.len);
		ld_buf_clear(&share);
	}
	ld_buf_addc(j->out, ')');
}

static void
add_quantile(struct junit *j, const char *what, const struct ld_hist *hist)
{
	ld_buf_addf(j->out, "%s", what);
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++) {
		const struct ldi_fig_quantile *q = &ldi_fig_quantiles[i];

		if (hist == NULL || ld_hist_count(hist) < q->least)
			continue;
		ld_buf_addf(j->out, " %s ", q->name);
		ldi_fig_ns(j->out, ld_hist_quantile(hist, q->ppm));
	}
	ld_buf_addc(j->out, '\n');
}

static void
add_series(struct junit *j, const struct ld_series_figures *s)
{
	uint64_t failures = ld_ledger_failures(&s->ledger);
	uint64_t mean_ns = s->response == NULL
			       ? 0
			       : (uint64_t)(ld_hist_mean(s->response) + 0.5);

	begin_case(j, s, NULL, mean_ns);
	if (failures == 0) {
		ld_buf_adds(j->out, "/>\n");
		return;
	}
	begin_failure(j, "failure", "requests.failed");
	add_share(j, failures, ldi_view_finished(&s->ledger));
	ld_buf_adds(j->out, "\">");
	add_quantile(j, "response", s->response);
	add_quantile(j, "service", s->service);
	ld_buf_adds(j->out, "</failure>\n\t\t</testcase>\n");
}

/* The most frequent text of a class, which stands for it. */
static const struct ld_failure_group *
group_of(const struct ld_series_figures *s, enum ld_class cls)
{
	for (size_t i = 0; i < s->n_failures; i++)
		if (s->failures[i].cls == cls)
			return &s->failures[i];
	return NULL;
}

static void
add_class(struct junit *j, const struct ld_series_figures *s, enum ld_class cls)
{
	const struct ld_failure_group *group = group_of(s, cls);

	begin_case(j, s, ld_class_name(cls), 0);
	begin_failure(j, "failure", ld_class_name(cls));
	ldi_fig_count(j->out, s->ledger.failure[cls]);
	ld_buf_adds(j->out, " times: ");
	if (group != NULL && group->text.len > 0)
		add_text(j, group->text.data, group->text.len);
	else
		add(j, ld_class_advice(cls));
	ld_buf_adds(j->out, "\">");
	add(j, ld_class_advice(cls));
	if (group != NULL) {
		ld_buf_adds(j->out, "\nfirst at ");
		ldi_fig_at(j->out, group->first_ns);
		ld_buf_adds(j->out, ", last at ");
		ldi_fig_at(j->out, group->last_ns);
	}
	ld_buf_adds(j->out, "</failure>\n\t\t</testcase>\n");
}

static size_t
count_classes(const struct ld_series_figures *s)
{
	size_t n = 0;

	for (int i = 0; i < LD_CLASS_N; i++)
		n += s->ledger.failure[i] > 0;
	return n;
}

static void
begin_suite(struct junit *j)
{
	const struct ld_run_figures *run = j->run;
	const char *at = ldi_view_text(run->facts.started_at);
	size_t tests = 1 + run->n_series, failures = 0;
	bool error = run->wholeness == LD_STREAM_INCOMPLETE ||
		     run->validity == LD_RUN_INVALID;

	for (size_t i = 0; i < run->n_series; i++) {
		size_t classes = count_classes(&run->series[i]);

		tests += classes;
		failures += classes + (classes > 0);
	}
	ld_buf_adds(j->out, "\t<testsuite name=\"load");
	if (run->facts.run_id != NULL && run->facts.run_id[0] != '\0') {
		ld_buf_addc(j->out, ' ');
		add(j, run->facts.run_id);
	}
	/* Neither a zone nor a fraction is allowed. */
	ld_buf_addf(j->out,
	    "\" package=\"ld\" id=\"%zu\" timestamp=\"%.19s\" hostname=\"",
	    j->number - 1, strlen(at) >= 19 ? at : "1970-01-01T00:00:00");
	add(j, ldi_view_text(run->facts.host)[0] != '\0' ? run->facts.host
							 : "unknown");
	ld_buf_addf(j->out,
	    "\" tests=\"%zu\" failures=\"%zu\" errors=\"%d\" "
	    "time=\"",
	    tests, failures, error);
	add_seconds(j, run->duration_ns);
	ld_buf_adds(j->out, "\">\n");
}

/* What a person reads first. */
static void
add_system_out(struct junit *j)
{
	const char *warning = ldi_view_warning(j->run);

	ld_buf_adds(j->out, "\t\t<system-out>");
	if (warning != NULL) {
		add(j, warning);
		ld_buf_addc(j->out, '\n');
	}
	ld_buf_adds(j->out, "validity: ");
	add(j, ld_validity_name(j->run->validity));
	ld_buf_addc(j->out, '\n');
	for (size_t i = 0; i < j->run->n_validity_reasons; i++) {
		add(j, j->run->validity_reasons[i]);
		ld_buf_addc(j->out, '\n');
	}
	ldi_view_ledger_sentence(&j->run->ledger, j->out);
	ld_buf_addc(j->out, '\n');
	add_quantile(j, "response", j->run->total.response);
	add_quantile(j, "service", j->run->total.service);
	ld_buf_adds(j->out, "</system-out>\n\t\t<system-err></system-err>\n");
}

static void
add_run(struct junit *j)
{
	begin_suite(j);
	add_properties(j);
	add_trust(j);
	for (size_t i = 0; i < j->run->n_series; i++) {
		const struct ld_series_figures *s = &j->run->series[i];

		add_series(j, s);
		for (int k = 0; k < LD_CLASS_N; k++)
			if (s->ledger.failure[k] > 0)
				add_class(j, s, (enum ld_class)k);
	}
	add_system_out(j);
	ld_buf_adds(j->out, "\t</testsuite>\n");
}

enum ld_status
ldi_view_write_junit(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err)
{
	struct junit j = { .view = view, .out = out };

	ld_buf_adds(
	    out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	for (size_t i = 0; i < view->n_runs; i++) {
		j.run = view->runs[i];
		j.number = i + 1;
		add_run(&j);
	}
	ld_buf_adds(out, "</testsuites>\n");
	return ld_buf_status(out, "the report", err);
}
