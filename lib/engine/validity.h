/* SPDX-License-Identifier: MIT */
/*
 * engine/validity.h - what a run measured of itself, judged (data/verdict.h).
 */
#ifndef LDI_ENGINE_VALIDITY_H
#define LDI_ENGINE_VALIDITY_H

#include <ld/validity.h>

#include "data/verdict.h"
#include "engine/clockwatch.h"
#include "engine/writer.h"

/* Pure: from what was counted.  `clocks` NULL: nobody looked. */
void ldi_validity_judge(const struct ldi_stream *stream,
    const struct ld_ledger *ledger, const struct ldi_clockwatch *clocks,
    const struct ld_thresholds *thresholds, struct ldi_judgement *verdict_out);

#endif /* LDI_ENGINE_VALIDITY_H */
