/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/ring.h"

enum ld_status
ldi_ring_init(struct ldi_ring *ring, size_t capacity, struct ld_err *err)
{
	size_t n = 2;

	while (n < capacity)
		n *= 2;
	memset(ring, 0, sizeof(*ring));
	ring->slots = calloc(n, sizeof(*ring->slots));
	if (ring->slots == NULL)
		return ld_err_set(err, LD_NOMEM, "a ring of %zu slots", n);
	ring->mask = n - 1;
	return LD_OK;
}

void
ldi_ring_clear(struct ldi_ring *ring)
{
	free(ring->slots);
	ring->slots = NULL;
}
