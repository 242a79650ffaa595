/* SPDX-License-Identifier: MIT */
/*
 * reporters/view.h - what every reporter works from: the runs of a summary,
 * and the words that come first.
 *
 * Reporters take a view, not a summary, so that figures made by hand can be
 * reported too.
 */
#ifndef LDI_REPORTERS_VIEW_H
#define LDI_REPORTERS_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/err.h>
#include <ld/json.h>
#include <ld/report.h>
#include <ld/summary.h>

struct ldi_view {
	const struct ld_run_figures *const *runs;
	size_t n_runs;
	const struct ld_run_figures *all; /* NULL when there is no run */
	enum ld_wholeness wholeness;      /* the worst */
	enum ld_validity validity;
	bool failed_verdict;
	const struct ld_report_options *options; /* never NULL */
};

typedef enum ld_status ldi_view_write_fn(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err);

/* What a stream that is not whole must say first, as plain text:
 * "INCOMPLETE: ..."; NULL when the run is whole.  The string is the run's or
 * static. */
const char *ldi_view_warning(const struct ld_run_figures *run);
/* The same for the whole view; of an empty one too. */
const char *ldi_view_first_warning(const struct ldi_view *view);

/* Success and failure: what rates and quantiles are about. */
uint64_t ldi_view_finished(const struct ld_ledger *ledger);

/* Does the service time differ from the response time by more than 5 % in
 * any quantile shown? */
bool ldi_view_service_differs(const struct ld_series_figures *series);

/* What the figure `users` counts: "users", or "busy sessions". */
const char *ldi_view_users(const struct ld_run_figures *run);

/* Never NULL. */
const char *ldi_view_text(const char *text);

/* Append what became of the ledger's laws: "12,034 planned = 34 not started +
 * 12,000 started; 12,000 started = ...". */
void ldi_view_ledger_sentence(
    const struct ld_ledger *ledger, struct ld_buf *out);

/* The hooks behind the formats. */
ldi_view_write_fn ldi_view_write_csv, ldi_view_write_github,
    ldi_view_write_html, ldi_view_write_json, ldi_view_write_junit,
    ldi_view_write_summary, ldi_view_write_text, ldi_view_write_xml;

/* The schemas of the summary and of the json report, into their root object.
 */
void ldi_schema_summary(struct ld_json_out *out);
void ldi_schema_report(struct ld_json_out *out);

#endif /* LDI_REPORTERS_VIEW_H */
