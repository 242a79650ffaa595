/* SPDX-License-Identifier: MIT */
/*
 * reporters/phases.h - where the time of an exchange went, on average.
 *
 * A mean is a sum by a count: quantiles of phases would not add up to one of
 * the whole.
 */
#ifndef LDI_REPORTERS_PHASES_H
#define LDI_REPORTERS_PHASES_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/summary.h>

/* Does the stream say?  Intervals of older writers do not. */
bool ldi_phases_known(const struct ld_series_figures *series);
/* Mean of one phase, rounded to ns; of all of them together. */
uint64_t ldi_phases_mean(
    const struct ld_series_figures *series, enum ld_phase phase);
uint64_t ldi_phases_whole(const struct ld_series_figures *series);

#endif /* LDI_REPORTERS_PHASES_H */
