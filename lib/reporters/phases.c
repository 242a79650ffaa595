/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/phases.h"

#include "reporters/figure.h"

static uint64_t
count_of(const struct ld_series_figures *s)
{
	return s->service == NULL ? 0 : ld_hist_count(s->service);
}

static uint64_t
mean(uint64_t sum, uint64_t n)
{
	return n == 0 ? 0 : sum / n + (sum % n >= n - n / 2);
}

bool
ldi_phases_known(const struct ld_series_figures *s)
{
	for (int i = 0; i < LD_PHASE_N; i++)
		if (s->phase_ns[i] > 0)
			return count_of(s) > 0;
	return false;
}

uint64_t
ldi_phases_mean(const struct ld_series_figures *s, enum ld_phase phase)
{
	return mean(s->phase_ns[phase], count_of(s));
}

uint64_t
ldi_phases_whole(const struct ld_series_figures *s)
{
	uint64_t whole = 0;

	for (int i = 0; i < LD_PHASE_N; i++)
		whole += ldi_phases_mean(s, (enum ld_phase)i);
	return whole;
}

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

/* "mean service 8.12 ms: ttfb 75.2 %, connect 14.1 %, tls 10.7 %" */
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
