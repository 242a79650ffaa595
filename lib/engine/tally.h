/* SPDX-License-Identifier: MIT */
/*
 * engine/tally.h - what one sending thread counted in one second.
 *
 * A worker fills a tally and hands it to the writer through a ring; the
 * writer merges those of all workers into interval records and gives them
 * back.  Workers hand over one tally for every second of the run, in order,
 * empty or not: that is how the writer knows that a second is complete.
 *
 * Threads     the worker fills and resets, the writer only reads; never both
 *             at once.  Histogram blocks come from the worker's pool.
 */
#ifndef LDI_ENGINE_TALLY_H
#define LDI_ENGINE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/hist.h>
#include <ld/ledger.h>
#include <ld/limits.h>
#include <ld/record.h>

/* Distinct failure texts that one thread tells apart in one second; the
 * counts by class in the ledger are exact whatever happens here. */
#define LDI_TALLY_FAILURES 64

struct ldi_cell {
	bool used;
	struct ld_ledger ledger;
	uint64_t bytes_out, bytes_in;
	uint64_t phase_ns[LD_PHASE_N];
	struct ld_hist *response, *service;
};

struct ldi_tally_failure {
	uint32_t series;
	enum ld_class cls;
	uint64_t count, first_ns, last_ns;
	size_t len;
	char text[LD_MAX_FAILURE_TEXT];
};

struct ldi_tally {
	uint64_t second;
	struct ldi_cell *cells; /* one per series */
	uint32_t n_cells;
	struct ldi_tally_failure *failures;
	size_t n_failures;
	struct ld_hist *lag;
	uint64_t late;   /* starts later than 10 ms */
	uint64_t passes; /* begun: starts of a first task */
	uint64_t shed[LD_SHED_N];
	uint64_t users; /* active at the end of the second */
	uint64_t cpu_ns;
};

#define LDI_LATE_NS UINT64_C(10000000)

struct ldi_tally *ldi_tally_new(uint32_t n_series, struct ld_hist_pool *pool);
void ldi_tally_free(struct ldi_tally *tally);
/* Empty, for another second. */
void ldi_tally_reset(struct ldi_tally *tally, uint64_t second);

/* A start, at most LDI_LATE_NS after it was intended or not. */
void ldi_tally_start(struct ldi_tally *tally, uint32_t series, uint64_t lag_ns);
/* The end of an exchange; the sample is complete. */
void ldi_tally_end(
    struct ldi_tally *tally, uint32_t series, const struct ld_sample *sample);

#endif /* LDI_ENGINE_TALLY_H */
