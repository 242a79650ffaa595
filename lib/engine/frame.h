/* SPDX-License-Identifier: MIT */
/*
 * engine/frame.h - the records around a run's samples: begin, event, end.
 */
#ifndef LDI_ENGINE_FRAME_H
#define LDI_ENGINE_FRAME_H

#include <stdint.h>

#include "engine/worker.h"

/* Sets T0 and the end of sending, attaches the stream with its `begin`. */
enum ld_status ldi_frame_begin(struct ldi_run *run, struct ld_err *err);

/* {"type":"event",...,"event":NAME[, KEY: VALUE]}; key may be NULL. */
void ldi_frame_event(
    struct ldi_run *run, const char *name, const char *key, uint64_t value);

/* {...,"event":"csv_exhausted","source":NAME,"rows":N} */
void ldi_frame_exhausted(
    struct ldi_run *run, const char *source, uint64_t rows);

/* Validity and `end`; fills ledger and validity of *result.  The workers are
 * done and the stream is detached. */
enum ld_status ldi_frame_end(
    struct ldi_run *run, struct ld_run_result *result, struct ld_err *err);

#endif /* LDI_ENGINE_FRAME_H */
