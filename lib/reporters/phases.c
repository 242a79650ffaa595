/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/phases.h"

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
