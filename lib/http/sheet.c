/* SPDX-License-Identifier: MIT */
/* Buffers that exchanges borrow. */
#include "config.h"

#include <stdlib.h>

#include "http/agent.h"

/* Sheets kept for later, and the memory that one may keep: a worker with ten
 * thousand exchanges in flight at once should give it back afterwards. */
#define KEEP_SHEETS 256
#define KEEP_BYTES ((size_t)256 << 10)

struct ldi_sheet *
ldi_sheet_take(struct ldi_agents *agents, size_t max)
{
	struct ldi_sheet *sheet = agents->free;

	if (sheet != NULL) {
		agents->free = sheet->next;
		agents->n_free--;
		sheet->next = NULL;
	} else {
		sheet = calloc(1, sizeof(*sheet));
		if (sheet == NULL)
			return NULL;
	}
	sheet->buf.max = max;
	return sheet;
}

static void
sheet_free(struct ldi_sheet *sheet)
{
	ld_buf_clear(&sheet->buf);
	free(sheet);
}

void
ldi_sheet_give(struct ldi_agents *agents, struct ldi_sheet *sheet)
{
	if (sheet == NULL)
		return;
	if (agents->n_free >= KEEP_SHEETS) {
		sheet_free(sheet);
		return;
	}
	if (sheet->buf.cap > KEEP_BYTES)
		ld_buf_clear(&sheet->buf);
	ld_buf_reset(&sheet->buf);
	sheet->next = agents->free;
	agents->free = sheet;
	agents->n_free++;
}

void
ldi_agents_init(struct ldi_agents *agents)
{
	ld_buf_init(&agents->scratch, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&agents->target, LD_MAX_REQUEST_BYTES);
	ldi_coding_init(&agents->decoder);
	for (size_t i = 0; i < LDI_AGENT_JOINS; i++)
		ld_buf_init(&agents->joins[i], LD_MAX_HEADER_BYTES);
}

void
ldi_agents_clear(struct ldi_agents *agents)
{
	while (agents->free != NULL)
		sheet_free(ldi_sheet_take(agents, 0));
	for (size_t i = 0; i < LDI_AGENT_JOINS; i++)
		ld_buf_clear(&agents->joins[i]);
	ldi_coding_clear(&agents->decoder);
	ld_buf_clear(&agents->scratch);
	ld_buf_clear(&agents->target);
}
