/* SPDX-License-Identifier: MIT */
/*
 * Where the time went, in a sentence: the phases, the largest first.
 */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/phases.h"
#include "reporters/text.h"

/* The next largest phase behind `before`; LD_PHASE_N = there is none. */
static enum ld_phase
next_largest(const struct ld_series_figures *s, enum ld_phase before)
{
	enum ld_phase best = LD_PHASE_N;

	for (int i = 0; i < LD_PHASE_N; i++) {
		uint64_t ns = s->phase_ns[i];

		if (ns == 0)
			continue;
		if (before != LD_PHASE_N &&
		    (ns > s->phase_ns[before] ||
			(ns == s->phase_ns[before] && i <= (int)before)))
			continue;
		if (best == LD_PHASE_N || ns > s->phase_ns[best])
			best = (enum ld_phase)i;
	}
	return best;
}

void
ldi_text_phases(const struct ldi_text *t, const struct ld_run_figures *run)
{
	const struct ld_series_figures *s = &run->total;
	uint64_t whole = ldi_phases_whole(s);
	enum ld_phase phase = next_largest(s, LD_PHASE_N);

	ld_buf_adds(t->out, "mean service time ");
	ldi_fig_ns(t->out, whole);
	for (int i = 0; phase != LD_PHASE_N; i++) {
		ld_buf_addf(
		    t->out, "%s%s ", i > 0 ? ", " : ": ", ld_phase_name(phase));
		ldi_fig_share(t->out, ldi_phases_mean(s, phase), whole);
		phase = next_largest(s, phase);
	}
}
