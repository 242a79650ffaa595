/* SPDX-License-Identifier: MIT */
/*
 * engine/port.h - what flows between one worker and the writer.
 *
 * Records are formatted by the worker into chunks; full ones go to the
 * writer through a ring and come back empty through another.  A worker never
 * waits for either: without a free chunk it sheds the sample and counts it.
 */
#ifndef LDI_ENGINE_PORT_H
#define LDI_ENGINE_PORT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>

#include "engine/ring.h"
#include "engine/tally.h"

/* Large enough that handing one over costs nothing per record, small enough
 * to stay in the second-level cache. */
#define LDI_CHUNK_BYTES ((size_t)64 << 10)
/* Per worker: 32 MiB of address space, touched only as far as the writer
 * falls behind. */
#define LDI_PORT_CHUNKS 512

struct ldi_chunk {
	size_t len;
	uint64_t samples;
	uint64_t messages;
	unsigned __int128 response_sum_ns; /* of its samples */
	uint64_t first_ns; /* when its first record was put in */
	char data[LDI_CHUNK_BYTES];
};

struct ldi_port {
	struct ldi_ring full;    /* worker -> writer: chunks */
	struct ldi_ring empty;   /* writer -> worker: chunks */
	struct ldi_ring tallies; /* worker -> writer */
	struct ldi_ring spent;   /* writer -> worker: tallies */
	_Atomic bool done;       /* the worker pushes nothing more */
	/* The worker's. */
	struct ldi_chunk *pool; /* LDI_PORT_CHUNKS */
	size_t fresh;           /* chunks of the pool never used so far */
	/* The writer's. */
	struct ldi_tally *head; /* popped, not yet merged */
};

enum ld_status ldi_port_init(struct ldi_port *port, struct ld_err *err);
void ldi_port_clear(struct ldi_port *port);
/* Worker: an empty chunk, or NULL. */
struct ldi_chunk *ldi_port_chunk(struct ldi_port *port);

#endif /* LDI_ENGINE_PORT_H */
