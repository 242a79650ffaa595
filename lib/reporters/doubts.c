/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/doubts.h"

#include <math.h>

#include <ld/time.h>

#include "data/late.h"

void
ldi_doubts_init(struct ldi_doubts *d)
{
	*d = (struct ldi_doubts){ .verdict.n = 0 };
	ld_thresholds_init(&d->thresholds);
}

static uint64_t
get_u64(const struct ld_json *json, const char *name)
{
	ld_json_ref ref = ld_json_get(json, LD_JSON_ROOT, name);
	uint64_t value = 0;

	return ref != LD_JSON_NONE && ld_json_u64(json, ref, &value) ? value
								     : 0;
}

/* null: never. */
static void
take_threshold(const struct ld_json *json, ld_json_ref ref, double *out)
{
	if (ld_json_kind(json, ref) == LD_JSON_NULL)
		*out = HUGE_VAL;
	else
		(void)ld_json_double(json, ref, out);
}

void
ldi_doubts_begin(struct ldi_doubts *d, const struct ld_json *json)
{
	ld_json_ref all = ld_json_get(json, LD_JSON_ROOT, "thresholds");

	ldi_doubts_init(d);
	for (size_t i = 0; all != LD_JSON_NONE && i < LD_RULE_N; i++) {
		ld_json_ref pair = ld_json_get(json, all, ld_rules()[i].name);

		if (pair == LD_JSON_NONE ||
		    ld_json_kind(json, pair) != LD_JSON_ARRAY ||
		    ld_json_count(json, pair) != 2)
			continue;
		take_threshold(json, ld_json_at(json, pair, 0),
		    &d->thresholds.of[i].degraded);
		take_threshold(json, ld_json_at(json, pair, 1),
		    &d->thresholds.of[i].invalid);
	}
}

void
ldi_doubts_second(struct ldi_doubts *d, const struct ld_json *json)
{
	ld_json_ref cpu = ld_json_get(json, LD_JSON_ROOT, "cpu_ns"), at;
	uint64_t ns;

	d->measured.late += get_u64(json, "late");
	if (cpu == LD_JSON_NONE || ld_json_kind(json, cpu) != LD_JSON_ARRAY)
		return;
	for (at = ld_json_first(json, cpu); at != LD_JSON_NONE;
	     at = ld_json_next(json, cpu, at)) {
		d->measured.seconds++;
		d->measured.busy_seconds +=
		    ld_json_u64(json, at, &ns) && ns > LDI_BUSY_NS;
	}
}

bool
ldi_doubts_event(struct ldi_doubts *d, const struct ld_json *json)
{
	ld_json_ref event = ld_json_get(json, LD_JSON_ROOT, "event");
	struct ldi_measured *m = &d->measured;
	uint64_t ns;

	if (event == LD_JSON_NONE)
		return false;
	if (ld_json_is(json, event, "suspended")) {
		m->suspend_ns += get_u64(json, "suspended_ns");
		return true;
	}
	if (ld_json_is(json, event, "stalled")) {
		ns = get_u64(json, "stalled_ns");
		m->stall_ns = ns > m->stall_ns ? ns : m->stall_ns;
		return true;
	}
	if (ld_json_is(json, event, "clock_step")) {
		ns = get_u64(json, "step_ns");
		m->step_ns = ns > m->step_ns ? ns : m->step_ns;
		return true;
	}
	return false;
}

enum ld_validity
ldi_doubts_judge(struct ldi_doubts *d, const struct ld_ledger *total)
{
	d->measured.ledger = total;
	d->measured.starts = total->started;
	ldi_verdict_judge(&d->measured, &d->thresholds, &d->verdict);
	d->measured.ledger = NULL;
	return d->verdict.state;
}

const char *
ldi_doubts_next(struct ldi_doubts *d, enum ld_validity *state_out)
{
	for (size_t i = 0; i < d->verdict.n; i++) {
		enum ld_rule rule = d->verdict.reasons[i].rule;
		enum ld_validity state = d->verdict.reasons[i].state;

		/* A few late ones at the begin are no tendency yet. */
		if (state <= d->told[rule] ||
		    (rule == LD_RULE_LATE && d->measured.late < LDI_LATE_MANY))
			continue;
		d->told[rule] = state;
		*state_out = state;
		return d->verdict.reasons[i].text;
	}
	return NULL;
}

void
ldi_doubts_told(struct ldi_doubts *d, enum ld_rule rule, enum ld_validity state)
{
	if (state > d->told[rule])
		d->told[rule] = state;
}
