/* SPDX-License-Identifier: MIT */
/*
 * reporters/compat_summary.h - the original's summary: its keys, its
 * populations, its quantiles.
 *
 * Overall latencies are of successes and failures, those per name of
 * successes only.  A quantile lies between two values, by rank p (n - 1),
 * which needs the values themselves: they are kept as long as there are at
 * most LDI_COMPAT_EXACT of them, beyond that a quantile is the histogram's.
 */
#ifndef LDI_REPORTERS_COMPAT_SUMMARY_H
#define LDI_REPORTERS_COMPAT_SUMMARY_H

#include <ld/buf.h>
#include <ld/record.h>

#include "reporters/compat.h"

#define LDI_COMPAT_EXACT ((size_t)1 << 21)
/* More names are counted in the totals alone. */
#define LDI_COMPAT_NAMES 10000

struct ldi_compat_summary;

struct ldi_compat_summary *ldi_compat_summary_new(void);
void ldi_compat_summary_free(struct ldi_compat_summary *summary);
enum ld_status ldi_compat_summary_add(struct ldi_compat_summary *summary,
    const struct ld_sample *sample, enum ldi_compat_side side,
    struct ld_err *err);
/* Sorts what it kept. */
enum ld_status ldi_compat_summary_write(
    struct ldi_compat_summary *summary, struct ld_buf *out, struct ld_err *err);

#endif /* LDI_REPORTERS_COMPAT_SUMMARY_H */
