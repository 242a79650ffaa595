/* SPDX-License-Identifier: MIT */
/*
 * All the figures as one JSON document: what the summary has of each run, and
 * its time line, its events, and the failures of each series.
 */
#include "config.h"

#include <ld/json.h>

#include "reporters/json.h"
#include "reporters/run_json.h"

#define SCHEMA "ld.report/1"

static void
put_document(struct ld_json_out *out, const struct ldi_view *view)
{
	const char *warning = ldi_view_first_warning(view);

	ld_json_out_object(out);
	if (warning != NULL)
		ldi_run_json_text(out, "stream", warning);
	ldi_run_json_text(out, "schema", SCHEMA);
	ldi_run_json_text(out, "wholeness", ld_wholeness_name(view->wholeness));
	ldi_run_json_text(out, "validity", ld_validity_name(view->validity));
	ld_json_out_key(out, "gates_failed");
	ld_json_out_bool(out, view->failed_verdict);
	ldi_run_json_double(out, "error_bound", LD_HIST_ERROR);
	ldi_run_json_definitions(out);
	ld_json_out_key(out, "runs");
	ld_json_out_array(out);
	for (size_t i = 0; i < view->n_runs; i++)
		ldi_run_json(out, view->runs[i], true);
	ld_json_out_end(out);
	ld_json_out_end(out);
}

enum ld_status
ldi_json_document(const struct ldi_view *view, unsigned indent,
    struct ld_buf *out, struct ld_err *err)
{
	struct ld_json_out json;

	ld_json_out_init(&json, out, indent);
	put_document(&json, view);
	return ld_buf_status(out, "the report", err);
}

enum ld_status
ldi_view_write_json(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err)
{
	enum ld_status st = ldi_json_document(view, 2, out, err);

	ld_buf_addc(out, '\n');
	return st == LD_OK ? ld_buf_status(out, "the report", err) : st;
}
