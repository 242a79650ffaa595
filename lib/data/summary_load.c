/* SPDX-License-Identifier: MIT */
/* What load was asked for, in words: the open model of a `begin` record. */
#include "config.h"

#include <string.h>

#include "data/record_decode.h"
#include "data/summary.h"

static bool
number(const struct ld_json *json, ld_json_ref object, const char *name,
    double *out)
{
	ld_json_ref ref = ld_json_get(json, object, name);

	return ref != LD_JSON_NONE && ld_json_double(json, ref, out) &&
	       *out >= 0 && *out < 1e12;
}

static void
add_rate(struct ld_buf *text, double rate)
{
	ld_buf_addf(text, "%.6g/s", rate);
}

/* "from 0/s in 3 stages to 500/s at most" */
static void
add_stages(struct ld_buf *text, const struct ld_json *json, ld_json_ref stages,
    double rate)
{
	double most = rate, stage_rate;
	unsigned n = 0;

	for (ld_json_ref stage = ld_json_first(json, stages);
	     stage != LD_JSON_NONE;
	     stage = ld_json_next(json, stages, stage), n++)
		if (number(json, stage, "rate", &stage_rate) &&
		    stage_rate > most)
			most = stage_rate;
	if (n == 0) {
		add_rate(text, rate);
		return;
	}
	ld_buf_adds(text, "from ");
	add_rate(text, rate);
	ld_buf_addf(text, " in %u stage%s, at most ", n, n == 1 ? "" : "s");
	add_rate(text, most);
}

static void
add_arrival(
    struct ld_buf *text, const struct ld_json *json, ld_json_ref arrival)
{
	double rate = 0;
	uint64_t limit, records;

	ld_buf_adds(text, "open model, ");
	if (ld_json_u64(
		json, ld_json_get(json, arrival, "records"), &records)) {
		ld_buf_add_u64(text, records);
		ld_buf_adds(text, " arrivals of a schedule");
	} else {
		number(json, arrival, "rate", &rate);
		add_stages(
		    text, json, ld_json_get(json, arrival, "stages"), rate);
	}
	if (ld_json_is(
		json, ld_json_get(json, arrival, "distribution"), "poisson"))
		ld_buf_adds(text, ", Poisson");
	if (ld_json_u64(json, ld_json_get(json, arrival, "limit"), &limit)) {
		ld_buf_adds(text, ", at most ");
		ld_buf_add_u64(text, limit);
		ld_buf_adds(text, limit == 1 ? " session" : " sessions");
	}
}

enum ld_status
ldi_summary_load(struct ld_summary *summary, struct ld_run_facts *facts,
    const struct ld_json *json, ld_json_ref config)
{
	ld_json_ref arrival = ld_json_get(json, config, "arrival");
	struct ld_buf *text = &summary->scratch;
	const char *raw;
	size_t len;

	facts->load = facts->arrival_json = "";
	if (ld_json_kind(json, arrival) != LD_JSON_OBJECT)
		return LD_OK;
	ld_buf_reset(text);
	add_arrival(text, json, arrival);
	raw = ld_json_raw(json, arrival, &len);
	facts->open_model = true;
	facts->load = ldi_arena_strndup(
	    summary->arena, text->data, text->failed ? 0 : text->len);
	facts->arrival_json = ldi_arena_strndup(summary->arena, raw, len);
	return text->failed || !facts->load || !facts->arrival_json ? LD_NOMEM
								    : LD_OK;
}
