/* SPDX-License-Identifier: MIT */
/*
 * engine/seconds.h - the seconds of all workers, merged into records.
 *
 * Threads     the writer's.
 */
#ifndef LDI_ENGINE_SECONDS_H
#define LDI_ENGINE_SECONDS_H

#include <stdbool.h>

#include <ld/buf.h>

#include "engine/writer.h"

enum ld_status ldi_seconds_init(struct ldi_stream *stream, struct ld_err *err);
/* When every worker has handed over the next second: append its interval
 * records and its health record to `out`, and go on to the one after. */
bool ldi_seconds_next(struct ldi_stream *stream, struct ld_buf *out);
/* Nothing is left in any port, and nothing will come. */
bool ldi_seconds_done(struct ldi_stream *stream);
void ldi_seconds_clear(struct ldi_stream *stream);

#endif /* LDI_ENGINE_SECONDS_H */
