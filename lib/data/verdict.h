/* SPDX-License-Identifier: MIT */
/*
 * data/verdict.h - may the figures of this run be believed?
 *
 * valid      nothing speaks against it
 * degraded   read the reasons before quoting a number
 * invalid    the generator, not the server, was measured
 *
 * The rules are rows in ld/validity.h; a bug of ours, or a ledger that does not
 * balance, invalidates whatever they say.  The engine judges a run at its end,
 * progress while it goes on: by the same rules.
 */
#ifndef LDI_DATA_VERDICT_H
#define LDI_DATA_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/ledger.h>
#include <ld/summary.h>
#include <ld/validity.h>

#define LDI_VERDICT_REASONS (LD_RULE_N + 2)

struct ldi_measured {
	const struct ld_ledger *ledger; /* of the run, over all series */
	bool ended;                     /* so that the ledger must balance */
	uint64_t late, starts;
	/* Of every sending thread, and those in which it was busy. */
	uint64_t seconds, busy_seconds;
	uint64_t suspend_ns, stall_ns, step_ns;
};

struct ldi_judgement {
	enum ld_validity state;
	size_t n;
	struct {
		/* LD_RULE_N: none of the table */
		enum ld_rule rule;
		enum ld_validity state;
		double measured, threshold; /* the one that it is above */
		char text[200];
	} reasons[LDI_VERDICT_REASONS];
};

/* Pure: from what was measured. */
void ldi_verdict_judge(const struct ldi_measured *measured,
    const struct ld_thresholds *thresholds, struct ldi_judgement *verdict_out);

#endif /* LDI_DATA_VERDICT_H */
