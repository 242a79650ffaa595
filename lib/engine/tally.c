/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/tally.h"

static bool
cells_new(struct ldi_tally *tally, struct ld_hist_pool *pool)
{
	for (uint32_t i = 0; i < tally->n_cells; i++) {
		tally->cells[i].response = ld_hist_new(pool);
		tally->cells[i].service = ld_hist_new(pool);
		if (tally->cells[i].response == NULL ||
		    tally->cells[i].service == NULL)
			return false;
	}
	return true;
}

struct ldi_tally *
ldi_tally_new(uint32_t n_series, struct ld_hist_pool *pool)
{
	struct ldi_tally *tally = calloc(1, sizeof(*tally));

	if (tally == NULL)
		return NULL;
	tally->n_cells = n_series;
	tally->cells = calloc(n_series, sizeof(*tally->cells));
	tally->failures = calloc(LDI_TALLY_FAILURES, sizeof(*tally->failures));
	tally->lag = ld_hist_new(pool);
	if (tally->cells == NULL || tally->failures == NULL ||
	    tally->lag == NULL || !cells_new(tally, pool)) {
		ldi_tally_free(tally);
		return NULL;
	}
	return tally;
}

void
ldi_tally_free(struct ldi_tally *tally)
{
	if (tally == NULL)
		return;
	if (tally->cells != NULL) {
		for (uint32_t i = 0; i < tally->n_cells; i++) {
			ld_hist_free(tally->cells[i].response);
			ld_hist_free(tally->cells[i].service);
		}
	}
	free(tally->cells);
	free(tally->failures);
	ld_hist_free(tally->lag);
	free(tally);
}

static void
cell_reset(struct ldi_cell *cell)
{
	cell->used = false;
	memset(&cell->ledger, 0, sizeof(cell->ledger));
	cell->bytes_out = cell->bytes_in = 0;
	memset(cell->phase_ns, 0, sizeof(cell->phase_ns));
	ld_hist_reset(cell->response);
	ld_hist_reset(cell->service);
}

void
ldi_tally_reset(struct ldi_tally *tally, uint64_t second)
{
	tally->second = second;
	for (uint32_t i = 0; i < tally->n_cells; i++) {
		if (tally->cells[i].used)
			cell_reset(&tally->cells[i]);
	}
	tally->n_failures = 0;
	ld_hist_reset(tally->lag);
	tally->late = tally->users = tally->cpu_ns = tally->passes = 0;
	memset(tally->shed, 0, sizeof(tally->shed));
}

void
ldi_tally_start(struct ldi_tally *tally, uint32_t series, uint64_t lag_ns)
{
	struct ldi_cell *cell = &tally->cells[series];

	cell->used = true;
	cell->ledger.planned++;
	cell->ledger.started++;
	ld_hist_add(tally->lag, lag_ns);
	tally->late += lag_ns > LDI_LATE_NS;
}

static void
note_failure(struct ldi_tally *tally, uint32_t series,
    const struct ld_sample *sample, uint64_t end_ns)
{
	size_t len = sample->text.len < LD_MAX_FAILURE_TEXT
			 ? sample->text.len
			 : LD_MAX_FAILURE_TEXT;
	struct ldi_tally_failure *f = tally->failures;
	struct ldi_tally_failure *stop = f + tally->n_failures;

	for (; f < stop; f++) {
		if (f->series == series && f->cls == sample->cls &&
		    f->len == len &&
		    (len == 0 || memcmp(f->text, sample->text.data, len) == 0))
			break;
	}
	if (f == stop) {
		if (tally->n_failures == LDI_TALLY_FAILURES)
			return;
		tally->n_failures++;
		f->series = series;
		f->cls = sample->cls;
		f->count = 0;
		f->first_ns = end_ns;
		f->len = len;
		if (len > 0)
			memcpy(f->text, sample->text.data, len);
	}
	f->count++;
	f->last_ns = end_ns;
}

void
ldi_tally_end(
    struct ldi_tally *tally, uint32_t series, const struct ld_sample *sample)
{
	struct ldi_cell *cell = &tally->cells[series];

	cell->used = true;
	cell->ledger.wire += sample->wire;
	cell->bytes_out += sample->bytes_out;
	cell->bytes_in += sample->bytes_in;
	if (sample->outcome == LD_ABORTED) {
		cell->ledger.aborted++;
		return;
	}
	for (int i = 0; i < LD_PHASE_N; i++)
		cell->phase_ns[i] += sample->phase_ns[i];
	ld_hist_add(cell->response, sample->response_ns);
	ld_hist_add(cell->service, sample->service_ns);
	if (sample->outcome == LD_SUCCESS) {
		cell->ledger.success++;
		return;
	}
	cell->ledger.failure[sample->cls]++;
	note_failure(
	    tally, series, sample, sample->start_ns + sample->service_ns);
}
