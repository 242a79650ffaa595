/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/validity.h"

void
ldi_validity_judge(const struct ldi_stream *stream,
    const struct ld_ledger *ledger, const struct ldi_clockwatch *clocks,
    const struct ld_thresholds *thresholds, struct ldi_judgement *verdict_out)
{
	struct ldi_measured m = {
		.ledger = ledger,
		.ended = true,
		.late = stream->late,
		.starts = stream->starts,
		.seconds = stream->seconds,
		.busy_seconds = stream->busy_seconds,
	};

	if (clocks != NULL) {
		m.suspend_ns = clocks->suspend_ns;
		m.stall_ns = clocks->stall_ns;
		m.step_ns = clocks->step_ns;
	}
	ldi_verdict_judge(&m, thresholds, verdict_out);
}
