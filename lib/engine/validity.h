/* SPDX-License-Identifier: MIT */
/*
 * engine/validity.h - may the figures of this run be believed?
 *
 * valid      nothing speaks against it
 * degraded   read the reasons before quoting a number
 * invalid    the generator, not the server, was measured
 *
 * The rules are rows in ld/validity.h; a bug of ours, or a ledger that does not
 * balance, invalidates whatever they say.
 */
#ifndef LDI_ENGINE_VALIDITY_H
#define LDI_ENGINE_VALIDITY_H

#include <stddef.h>

#include <ld/validity.h>

#include "engine/clockwatch.h"
#include "engine/writer.h"

#define LDI_VALIDITY_REASONS (LD_RULE_N + 2)

struct ldi_judgement {
	enum ld_validity state;
	size_t n;
	struct {
		/* LD_RULE_N: none of the table */
		enum ld_rule rule;
		enum ld_validity state;
		double measured, threshold; /* the one that it is above */
		char text[200];
	} reasons[LDI_VALIDITY_REASONS];
};

/* Pure: from what was counted.  `clocks` NULL: nobody looked. */
void ldi_validity_judge(const struct ldi_stream *stream,
    const struct ld_ledger *ledger, const struct ldi_clockwatch *clocks,
    const struct ld_thresholds *thresholds, struct ldi_judgement *verdict_out);

#endif /* LDI_ENGINE_VALIDITY_H */
