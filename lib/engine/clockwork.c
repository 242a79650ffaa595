/* SPDX-License-Identifier: MIT */
/*
 * The books of a worker: a tally per second, handed to the writer in order,
 * and chunks of samples, handed over when full or a tenth of a second old.
 *
 * The second before the current one stays open for a moment, because an end
 * may be stamped just before the boundary and be counted just after it.
 */
#include "config.h"

#include <time.h>

#include <ld/time.h>

#include "engine/worker.h"

#define STAY_OPEN_NS (250 * LD_NS_PER_MS)
#define CHUNK_AGE_NS (100 * LD_NS_PER_MS)

static struct ldi_tally *
fresh_tally(struct ldi_worker *w, uint64_t second)
{
	struct ldi_tally *tally = ldi_ring_pop(&w->port->spent);

	if (tally == NULL)
		tally = ldi_tally_new(w->run->program->n_series, w->hists);
	if (tally != NULL)
		ldi_tally_reset(tally, second);
	return tally;
}

static void
hand_over(struct ldi_worker *w, struct ldi_tally *tally)
{
	/* A full ring means a writer stuck for a minute: the second is kept
	 * and retried, and later ones are merged into it by not rolling. */
	if (ldi_ring_push(&w->port->tallies, tally)) {
		if (w->before == tally)
			w->before = NULL;
		ldi_writer_wake(w->run->writer);
	}
}

static void
close_second(struct ldi_worker *w)
{
	uint64_t cpu_ns = ld_thread_cpu_ns();

	for (uint32_t i = 0; i < w->tally->n_cells; i++) {
		struct ldi_cell *cell = &w->tally->cells[i];

		cell->ledger.in_flight = w->in_flight[i];
		if (w->in_flight[i] > 0)
			cell->used = true;
	}
	/* Sessions of the open model come and go within a second: a level at
	 * its end would miss nearly all of them. */
	w->tally->users =
	    w->run->program->config->arrivals.given ? w->peak_users : w->users;
	w->peak_users = w->users;
	w->tally->cpu_ns = cpu_ns - w->cpu_mark_ns;
	w->cpu_mark_ns = cpu_ns;
}

/* Make `second` the current one; those between are empty. */
static void
roll(struct ldi_worker *w, uint64_t second)
{
	while (w->tally->second < second) {
		struct ldi_tally *next;

		if (w->before != NULL)
			hand_over(w, w->before);
		if (w->before != NULL)
			return;
		next = fresh_tally(w, w->tally->second + 1);
		if (next == NULL)
			return;
		close_second(w);
		w->before = w->tally;
		w->tally = next;
	}
}

struct ldi_tally *
ldi_worker_tally(struct ldi_worker *w, uint64_t at_ns)
{
	uint64_t second;

	if (at_ns < w->run->t0_ns)
		return w->before != NULL ? w->before : w->tally;
	second = (at_ns - w->run->t0_ns) / LD_NS_PER_S;
	if (second > w->tally->second)
		roll(w, second);
	if (second < w->tally->second && w->before != NULL)
		return w->before;
	return w->tally;
}

/* The writer is woken for several chunks at once: each waking costs two
 * switches of context, often on the processor that sends.  None waits longer
 * than CHUNK_AGE_NS, when the chunk behind it is flushed. */
#define CHUNKS_PER_WAKE 4

static void
push_chunk(struct ldi_worker *w)
{
	/* The ring has a place for every chunk there is. */
	ldi_ring_push(&w->port->full, w->chunk);
	w->chunk = NULL;
	w->unwoken++;
}

static void
wake_writer(struct ldi_worker *w)
{
	w->unwoken = 0;
	ldi_writer_wake(w->run->writer);
}

void
ldi_worker_flush(struct ldi_worker *w)
{
	if (w->chunk == NULL)
		return;
	push_chunk(w);
	wake_writer(w);
}

struct ldi_chunk *
ldi_worker_room(struct ldi_worker *w, size_t bytes, uint64_t at_ns)
{
	if (w->chunk != NULL && w->chunk->len + bytes > LDI_CHUNK_BYTES)
		push_chunk(w);
	if (w->chunk == NULL && bytes <= LDI_CHUNK_BYTES) {
		w->chunk = ldi_port_chunk(w->port);
		if (w->chunk != NULL)
			w->chunk->first_ns = at_ns;
	}
	if (w->unwoken >= CHUNKS_PER_WAKE ||
	    (w->unwoken > 0 && w->chunk == NULL))
		wake_writer(w);
	return w->chunk;
}

static uint64_t
second_ends_ns(const struct ldi_worker *w)
{
	return w->run->t0_ns + (w->tally->second + 1) * LD_NS_PER_S;
}

void
ldi_worker_turn(struct ldi_worker *w, uint64_t now_ns)
{
	if (w->chunk != NULL && now_ns - w->chunk->first_ns >= CHUNK_AGE_NS &&
	    now_ns > w->chunk->first_ns)
		ldi_worker_flush(w);
	if (now_ns >= second_ends_ns(w)) {
		roll(w, (now_ns - w->run->t0_ns) / LD_NS_PER_S);
		ld_hist_pool_fill(w->hists, 64);
	}
	if (w->before != NULL &&
	    now_ns >= second_ends_ns(w) - LD_NS_PER_S + STAY_OPEN_NS)
		hand_over(w, w->before);
}

uint64_t
ldi_worker_turn_due(const struct ldi_worker *w)
{
	uint64_t due_ns = second_ends_ns(w);

	if (w->before != NULL)
		due_ns = due_ns - LD_NS_PER_S + STAY_OPEN_NS;
	if (w->chunk != NULL && w->chunk->first_ns + CHUNK_AGE_NS < due_ns)
		due_ns = w->chunk->first_ns + CHUNK_AGE_NS;
	return due_ns;
}

/* The run is over: give all that is open, waiting for the writer if need be,
 * since nothing is sent any more. */
void
ldi_worker_close_books(struct ldi_worker *w, uint64_t now_ns)
{
	struct timespec ms = { .tv_nsec = 1000000 };

	ldi_worker_flush(w);
	if (now_ns >= w->run->t0_ns)
		roll(w, (now_ns - w->run->t0_ns) / LD_NS_PER_S);
	close_second(w);
	if (w->before != NULL) {
		while (!ldi_ring_push(&w->port->tallies, w->before))
			nanosleep(&ms, NULL);
	}
	while (!ldi_ring_push(&w->port->tallies, w->tally))
		nanosleep(&ms, NULL);
	w->before = w->tally = NULL;
	atomic_store_explicit(&w->port->done, true, memory_order_release);
	ldi_writer_wake(w->run->writer);
}
