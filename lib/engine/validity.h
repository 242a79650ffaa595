/* SPDX-License-Identifier: MIT */
/*
 * engine/validity.h - may the figures of this run be believed?
 *
 * valid      nothing speaks against it
 * degraded   read the reasons before quoting a number
 * invalid    the generator, not the server, was measured
 *
 * The limits stand in validity.c and in ld-run(1).
 */
#ifndef LDI_ENGINE_VALIDITY_H
#define LDI_ENGINE_VALIDITY_H

#include <stddef.h>

#include "engine/writer.h"

#define LDI_VALIDITY_REASONS 8

struct ldi_verdict_reasons {
	size_t n;
	char text[LDI_VALIDITY_REASONS][160];
};

/* Pure: from what was counted. */
enum ld_validity ldi_validity(const struct ldi_stream *stream,
    const struct ld_ledger *ledger, struct ldi_verdict_reasons *reasons_out);

#endif /* LDI_ENGINE_VALIDITY_H */
