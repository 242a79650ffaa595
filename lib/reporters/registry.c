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

/* The hook of a format over summaries, in terms of views. */
#define WRITER(format)                                                         \
	static enum ld_status format##_write(const struct ld_summary *summary, \
	    const struct ld_report_options *options, struct ld_buf *out,       \
	    struct ld_err *err)                                                \
	{                                                                      \
		return write_view(                                             \
		    summary, options, ldi_view_write_##format, out, err);      \
	}

WRITER(csv)
WRITER(github)
WRITER(html)
WRITER(json)
WRITER(junit)
WRITER(summary)
WRITER(text)
WRITER(xml)

/* clang-format off */
static const struct ld_reporter all[] = {
	{ "csv", "one row for each series, for spreadsheets and programs", ".csv",
	  csv_write },
	{ "github", "a job summary for GitHub, or annotations", ".md",
	  github_write },
	{ "html", "one file to open in a browser, offline, without script",
	  ".html", html_write },
	{ "json", "all the figures: series, time line, failures, events",
	  ".json", json_write },
	{ "junit", "test cases for CI: one a series, one a class of failures",
	  ".xml", junit_write },
	{ "summary", "the figures as one JSON document", ".json",
	  summary_write },
	{ "text", "one screen for people at a terminal", ".txt", text_write },
	{ "xml", "the json document as XML", ".xml", xml_write },
};
/* clang-format on */

#define N_REPORTERS (sizeof(all) / sizeof(all[0]))

/* Formats of the design that this version does not write. */
static const char *const planned[] = { "chart" };

const struct ld_reporter *const *
ld_reporters(void)
{
	static const struct ld_reporter *list[N_REPORTERS + 1];

	for (size_t i = 0; i < N_REPORTERS; i++)
		list[i] = &all[i];
	return list;
}

const struct ld_reporter *
ld_reporter_find(const char *name, struct ld_err *err)
{
	const char *nearest;

	for (size_t i = 0; i < N_REPORTERS; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	for (size_t i = 0; i < sizeof(planned) / sizeof(planned[0]); i++)
		if (strcmp(planned[i], name) == 0) {
			ld_err_set(err, LD_UNSUPPORTED,
			    "report format '%s' is not in this build", name);
			return NULL;
		}
	nearest =
	    ld_err_nearest(name, &all[0].name, N_REPORTERS, sizeof(all[0]));
	if (nearest != NULL)
		ld_err_set(err, LD_INVALID,
		    "no report format '%s'; did you mean '%s'?", name, nearest);
	else
		ld_err_set(err, LD_INVALID,
		    "no report format '%s'; ld-report --help lists them", name);
	return NULL;
}
