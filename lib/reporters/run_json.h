/* SPDX-License-Identifier: MIT */
/*
 * reporters/run_json.h - the figures of a run as members of JSON objects, the
 * same in every document that has them.
 *
 * Durations are milliseconds with six decimals, exact; keys end in their unit.
 */
#ifndef LDI_REPORTERS_RUN_JSON_H
#define LDI_REPORTERS_RUN_JSON_H

#include <ld/json.h>

#include "reporters/view.h"

enum ldi_latency_keys {
	/* min, max and mean in front, as per_name has */
	LDI_LATENCY_EDGES = 1 << 0,
	LDI_LATENCY_MAX = 1 << 1, /* max behind, as latency_overall has */
	/* p999 and too_few: not of the original */
	LDI_LATENCY_MORE = 1 << 2,
};

/* Members of the object that is open. */
void ldi_run_json_ms(struct ld_json_out *out, const char *key, uint64_t ns);
void ldi_run_json_text(
    struct ld_json_out *out, const char *key, const char *text);
/* Six decimals are what a rate is good for. */
void ldi_run_json_double(
    struct ld_json_out *out, const char *key, double value);
void ldi_run_json_rate(
    struct ld_json_out *out, const char *key, uint64_t part, uint64_t whole);
/* `hist` may be NULL: nothing ended. */
void ldi_run_json_latency(
    struct ld_json_out *out, const struct ld_hist *hist, unsigned with);
void ldi_run_json_ledger(
    struct ld_json_out *out, const struct ld_run_figures *run);
void ldi_run_json_speed(
    struct ld_json_out *out, const struct ld_run_figures *run);

/* A member that is an object: edges and more. */
void ldi_run_json_latency_of(
    struct ld_json_out *out, const char *key, const struct ld_hist *hist);

/* A member that says what the keys mean. */
void ldi_run_json_definitions(struct ld_json_out *out);

/* An object: one run; `whole`: with its time line, its events, and the failures
 * of each series. */
void ldi_run_json(
    struct ld_json_out *out, const struct ld_run_figures *run, bool whole);

#endif /* LDI_REPORTERS_RUN_JSON_H */
