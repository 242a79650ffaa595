/* SPDX-License-Identifier: MIT */
/* What sessions of one worker share: buffers and the decoder. */
#include "config.h"

#include <stdlib.h>

#include "drivers/http1/http1.h"

/* Sheets kept for later, and the memory that one may keep: a worker with ten
 * thousand exchanges in flight at once should give it back afterwards. */
#define KEEP_SHEETS 256
#define KEEP_BYTES ((size_t)256 << 10)

struct ldi_h1_sheet *
ldi_h1_sheet_take(struct ldi_h1_worker *worker, size_t max)
{
	struct ldi_h1_sheet *sheet = worker->free;

	if (sheet != NULL) {
		worker->free = sheet->next;
		worker->n_free--;
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
sheet_free(struct ldi_h1_sheet *sheet)
{
	ld_buf_clear(&sheet->buf);
	free(sheet);
}

void
ldi_h1_sheet_give(struct ldi_h1_worker *worker, struct ldi_h1_sheet *sheet)
{
	if (sheet == NULL)
		return;
	if (worker->n_free >= KEEP_SHEETS) {
		sheet_free(sheet);
		return;
	}
	if (sheet->buf.cap > KEEP_BYTES)
		ld_buf_clear(&sheet->buf);
	ld_buf_reset(&sheet->buf);
	sheet->next = worker->free;
	worker->free = sheet;
	worker->n_free++;
}

enum ld_status
ldi_h1_worker_open(
    void *worker, void *run, struct ld_loop *loop, struct ld_err *err)
{
	struct ldi_h1_worker *w = worker;
	struct ldi_h1_run *r = run;

	w->run = r;
	w->loop = loop;
	ld_buf_init(&w->scratch, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&w->target, LD_MAX_REQUEST_BYTES);
	ldi_list_init(&w->expecting);
	ldi_coding_init(&w->decoder);
	for (size_t i = 0; i < LDI_H1_JOINS; i++)
		ld_buf_init(&w->joins[i], LD_MAX_HEADER_BYTES);
	/* Now, so that no handshake has to wait for it. */
	return r->tls != NULL ? ld_tls_set_load(r->tls, err) : LD_OK;
}

void
ldi_h1_worker_close(void *worker)
{
	struct ldi_h1_worker *w = worker;

	while (w->free != NULL)
		sheet_free(ldi_h1_sheet_take(w, 0));
	for (size_t i = 0; i < LDI_H1_JOINS; i++)
		ld_buf_clear(&w->joins[i]);
	ldi_coding_clear(&w->decoder);
	ld_buf_clear(&w->scratch);
	ld_buf_clear(&w->target);
	ldi_h1_expect_close(w);
}
