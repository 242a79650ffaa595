/* SPDX-License-Identifier: MIT */
/*
 * reporters/snapshot.h - where a run stands, in a few whole lines, for whoever
 * asks in its midst.
 */
#ifndef LDI_REPORTERS_SNAPSHOT_H
#define LDI_REPORTERS_SNAPSHOT_H

#include <ld/buf.h>
#include <ld/hist.h>

#include "reporters/doubts.h"
#include "reporters/live.h"

/* `response`: of the whole run so far; `doubts`: as they were judged last.
 * Nothing but text of our own. */
void ldi_snapshot(const struct ldi_live *live, const struct ld_hist *response,
    const struct ldi_doubts *doubts, struct ld_buf *out);

#endif /* LDI_REPORTERS_SNAPSHOT_H */
