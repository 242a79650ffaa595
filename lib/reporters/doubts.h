/* SPDX-License-Identifier: MIT */
/*
 * reporters/doubts.h - what makes a run doubtful while it goes on: the rules
 * that will judge it at its end, by what its records have said so far.
 */
#ifndef LDI_REPORTERS_DOUBTS_H
#define LDI_REPORTERS_DOUBTS_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/json.h>

#include "data/verdict.h"

struct ldi_doubts {
	struct ld_thresholds thresholds;
	struct ldi_measured measured;
	struct ldi_judgement verdict;
	/* What was told of each rule; the last is for what has none. */
	enum ld_validity told[LD_RULE_N + 1];
};

void ldi_doubts_init(struct ldi_doubts *doubts);
/* The record is parsed: `begin`, of a second without a series, of an event;
 * the last tells whether it was one of those that are judged. */
void ldi_doubts_begin(struct ldi_doubts *doubts, const struct ld_json *begin);
void ldi_doubts_second(struct ldi_doubts *doubts, const struct ld_json *second);
bool ldi_doubts_event(struct ldi_doubts *doubts, const struct ld_json *event);

/* By the ledger of all seconds so far. */
enum ld_validity ldi_doubts_judge(
    struct ldi_doubts *doubts, const struct ld_ledger *total);
/* Reasons of the last judging that are worse than what was told of their rule,
 * one by one; NULL when there is no more.  They count as told. */
const char *ldi_doubts_next(
    struct ldi_doubts *doubts, enum ld_validity *state_out);
/* Somebody else has told it. */
void ldi_doubts_told(
    struct ldi_doubts *doubts, enum ld_rule rule, enum ld_validity state);

#endif /* LDI_REPORTERS_DOUBTS_H */
