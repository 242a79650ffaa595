/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <sys/mman.h>

#include "engine/port.h"

/* Tallies in flight: the writer keeps up within seconds or not at all. */
#define TALLIES 64
/* A worker makes a tally only when none has come back: with a ring full, two
 * at the worker and one at the writer there are no more than this, so that
 * giving one back never fails. */
#define TALLIES_MADE (TALLIES + 3)

enum ld_status
ldi_port_init(struct ldi_port *port, struct ld_err *err)
{
	enum ld_status st;

	memset(port, 0, sizeof(*port));
	atomic_init(&port->done, false);
	st = ldi_ring_init(&port->full, LDI_PORT_CHUNKS, err);
	if (st == LD_OK)
		st = ldi_ring_init(&port->empty, LDI_PORT_CHUNKS, err);
	if (st == LD_OK)
		st = ldi_ring_init(&port->tallies, TALLIES, err);
	if (st == LD_OK)
		st = ldi_ring_init(&port->spent, TALLIES_MADE, err);
	if (st != LD_OK)
		return st;
	port->pool = mmap(NULL, LDI_PORT_CHUNKS * sizeof(*port->pool),
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
	    -1, 0);
	if (port->pool == MAP_FAILED) {
		port->pool = NULL;
		return ld_err_set(err, LD_NOMEM, "chunks for records");
	}
	return LD_OK;
}

void
ldi_port_clear(struct ldi_port *port)
{
	struct ldi_tally *tally;

	if (port->tallies.slots != NULL) {
		while ((tally = ldi_ring_pop(&port->tallies)) != NULL)
			ldi_tally_free(tally);
	}
	if (port->spent.slots != NULL) {
		while ((tally = ldi_ring_pop(&port->spent)) != NULL)
			ldi_tally_free(tally);
	}
	ldi_tally_free(port->head);
	ldi_ring_clear(&port->full);
	ldi_ring_clear(&port->empty);
	ldi_ring_clear(&port->tallies);
	ldi_ring_clear(&port->spent);
	if (port->pool != NULL)
		munmap(port->pool, LDI_PORT_CHUNKS * sizeof(*port->pool));
	port->pool = NULL;
}

struct ldi_chunk *
ldi_port_chunk(struct ldi_port *port)
{
	/* What came back last is still in the cache: so it goes first, and
	 * only a writer that falls behind makes fresh memory be touched. */
	struct ldi_chunk *chunk = ldi_ring_pop(&port->empty);

	if (chunk == NULL && port->fresh < LDI_PORT_CHUNKS)
		chunk = &port->pool[port->fresh++];
	if (chunk != NULL) {
		chunk->len = 0;
		chunk->samples = chunk->messages = 0;
		chunk->response_sum_ns = 0;
	}
	return chunk;
}
