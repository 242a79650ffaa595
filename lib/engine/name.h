/* SPDX-License-Identifier: MIT */
/*
 * engine/name.h - the name of a series, as it may stand in every sample.
 *
 * A name is often a URL, and a URL may carry a secret in its query.  What a
 * parameter called token, key, password or the like is set to is replaced by
 * "***"; a placeholder says nothing and stays.  Long names are cut.
 */
#ifndef LDI_ENGINE_NAME_H
#define LDI_ENGINE_NAME_H

#include <ld/record.h>
#include <ld/redact.h>

#include "base/arena.h"

/* Longer names are cut between characters and end in "...". */
#define LDI_NAME_BYTES 512

/* In the arena; NULL data = no memory.  The redactor may be NULL. */
struct ld_str ldi_series_name(struct ldi_arena *arena,
    const struct ld_redactor *redactor, const char *name);

#endif /* LDI_ENGINE_NAME_H */
