/* SPDX-License-Identifier: MIT */
/* The list of reporters, and the step from a summary to a view. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "reporters/view.h"

static enum ld_status
write_view(const struct ld_summary *summary,
    const struct ld_report_options *options, ldi_view_write_fn *write,
    struct ld_buf *out, struct ld_err *err)
{
	static const struct ld_report_options none;
	size_t n = ld_summary_runs(summary);
	const struct ld_run_figures **runs =
	    calloc(n + 1, sizeof(const void *));
	struct ldi_view view = {
		.n_runs = n,
		.all = n > 0 ? ld_summary_all(summary) : NULL,
		.wholeness = ld_summary_wholeness(summary),
		.validity = ld_summary_validity(summary),
		.failed_verdict = ld_summary_has_failed_verdict(summary),
		.options = options != NULL ? options : &none,
	};
	enum ld_status st;

	if (runs == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for %zu runs", n);
	for (size_t i = 0; i < n; i++)
		runs[i] = ld_summary_run(summary, i);
	view.runs = runs;
	st = write(&view, out, err);
	free(runs);
	return st;
}

static enum ld_status
html_write(const struct ld_summary *summary,
    const struct ld_report_options *options, struct ld_buf *out,
    struct ld_err *err)
{
	return write_view(summary, options, ldi_view_write_html, out, err);
}

static enum ld_status
summary_write(const struct ld_summary *summary,
    const struct ld_report_options *options, struct ld_buf *out,
    struct ld_err *err)
{
	return write_view(summary, options, ldi_view_write_summary, out, err);
}

static enum ld_status
text_write(const struct ld_summary *summary,
    const struct ld_report_options *options, struct ld_buf *out,
    struct ld_err *err)
{
	return write_view(summary, options, ldi_view_write_text, out, err);
}

static const struct ld_reporter html = {
	.name = "html",
	.summary = "one file to open in a browser, offline, without script",
	.suffix = ".html",
	.write = html_write,
};

static const struct ld_reporter summary_json = {
	.name = "summary",
	.summary = "the figures as one JSON document",
	.suffix = ".json",
	.write = summary_write,
};

static const struct ld_reporter text = {
	.name = "text",
	.summary = "one screen for people at a terminal",
	.suffix = ".txt",
	.write = text_write,
};

static const struct ld_reporter *const reporters[] = { &html, &summary_json,
	&text, NULL };

/* Formats of the design that this version does not write. */
static const char *const planned[] = { "chart", "csv", "github", "json",
	"junit", "xml" };

const struct ld_reporter *const *
ld_reporters(void)
{
	return reporters;
}

const struct ld_reporter *
ld_reporter_find(const char *name, struct ld_err *err)
{
	const char *names[sizeof(reporters) / sizeof(reporters[0])];
	const char *nearest;
	size_t n = 0;

	for (; reporters[n] != NULL; n++) {
		if (strcmp(reporters[n]->name, name) == 0)
			return reporters[n];
		names[n] = reporters[n]->name;
	}
	for (size_t i = 0; i < sizeof(planned) / sizeof(planned[0]); i++)
		if (strcmp(planned[i], name) == 0) {
			ld_err_set(err, LD_UNSUPPORTED,
			    "report format '%s' is not in this build", name);
			return NULL;
		}
	nearest = ld_err_nearest(name, names, n, sizeof(names[0]));
	if (nearest != NULL)
		ld_err_set(err, LD_INVALID,
		    "no report format '%s'; did you mean '%s'?", name, nearest);
	else
		ld_err_set(err, LD_INVALID,
		    "no report format '%s'; there are html, summary, text",
		    name);
	return NULL;
}
