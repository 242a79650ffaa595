/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/record.h>
#include <ld/time.h>

#include "data/late.h"
#include "engine/process.h"
#include "engine/seconds.h"

/* A thread that computes for more than this part of a second has no time left
 * to be on time. */

enum ld_status
ldi_seconds_init(struct ldi_stream *s, struct ld_err *err)
{
	s->lag = ld_hist_new(NULL);
	s->response = ld_hist_new(NULL);
	s->service = ld_hist_new(NULL);
	if (s->lag == NULL || s->response == NULL || s->service == NULL) {
		ldi_seconds_clear(s);
		return ld_err_set(err, LD_NOMEM, "histograms of the run");
	}
	return LD_OK;
}

void
ldi_seconds_clear(struct ldi_stream *s)
{
	ld_hist_free(s->lag);
	ld_hist_free(s->response);
	ld_hist_free(s->service);
	s->lag = s->response = s->service = NULL;
}

/* True when the port holds the next second, or never will. */
static bool
port_ready(struct ldi_port *port, bool *any)
{
	bool done = atomic_load_explicit(&port->done, memory_order_acquire);

	if (port->head == NULL)
		port->head = ldi_ring_pop(&port->tallies);
	if (port->head != NULL)
		*any = true;
	return port->head != NULL || done;
}

static bool
all_ready(struct ldi_stream *s)
{
	bool any = false;

	for (unsigned i = 0; i < s->n_ports; i++) {
		if (!port_ready(&s->ports[i], &any))
			return false;
	}
	return any;
}

bool
ldi_seconds_done(struct ldi_stream *s)
{
	for (unsigned i = 0; i < s->n_ports; i++) {
		struct ldi_port *port = &s->ports[i];

		if (!atomic_load_explicit(&port->done, memory_order_acquire) ||
		    port->head != NULL)
			return false;
		if (atomic_load(&port->full.tail) !=
			atomic_load(&port->full.head) ||
		    atomic_load(&port->tallies.tail) !=
			atomic_load(&port->tallies.head))
			return false;
	}
	return true;
}

/* -- one series ----------------------------------------------------------- */

static void
merge_cell(struct ld_interval *interval, const struct ldi_cell *cell)
{
	uint64_t level = interval->ledger.in_flight + cell->ledger.in_flight;

	ld_ledger_add(&interval->ledger, &cell->ledger);
	interval->ledger.in_flight = level;
	interval->bytes_out += cell->bytes_out;
	interval->bytes_in += cell->bytes_in;
	for (int i = 0; i < LD_PHASE_N; i++)
		interval->phase_ns[i] += cell->phase_ns[i];
	ld_hist_merge(interval->response, cell->response);
	ld_hist_merge(interval->service, cell->service);
}

static void
merge_failure(struct ld_failure_group *groups, size_t *n,
    const struct ldi_tally_failure *f)
{
	struct ld_failure_group *g = groups, *stop = groups + *n;

	for (; g < stop; g++) {
		if (g->cls == f->cls && g->text.len == f->len &&
		    memcmp(g->text.data, f->text, f->len) == 0)
			break;
	}
	if (g == stop) {
		if (*n == LDI_TALLY_FAILURES)
			return;
		++*n;
		g->cls = f->cls;
		g->text.data = f->text;
		g->text.len = f->len;
		g->count = 0;
		g->first_ns = f->first_ns;
		g->last_ns = f->last_ns;
	}
	g->count += f->count;
	if (f->first_ns < g->first_ns)
		g->first_ns = f->first_ns;
	if (f->last_ns > g->last_ns)
		g->last_ns = f->last_ns;
}

/* False when nothing happened to the series in this second. */
static bool
merge_series(struct ldi_stream *s, uint32_t series,
    struct ld_interval *interval, struct ld_failure_group *groups)
{
	bool used = false;

	for (unsigned i = 0; i < s->n_ports; i++) {
		struct ldi_tally *tally = s->ports[i].head;

		if (tally == NULL)
			continue;
		interval->users += tally->users;
		if (!tally->cells[series].used)
			continue;
		used = true;
		merge_cell(interval, &tally->cells[series]);
		for (size_t k = 0; k < tally->n_failures; k++) {
			if (tally->failures[k].series == series)
				merge_failure(groups, &interval->n_failures,
				    &tally->failures[k]);
		}
	}
	return used;
}

static void
write_series(struct ldi_stream *s, uint32_t series, struct ld_ledger *total,
    struct ld_buf *out)
{
	struct ld_failure_group groups[LDI_TALLY_FAILURES];
	struct ld_interval interval = {
		.run = { s->run_id, strlen(s->run_id) },
		.series = s->series[series],
		.second = s->next_second,
		.response = s->response,
		.service = s->service,
		.failures = groups,
	};
	uint64_t level;

	ld_hist_reset(s->response);
	ld_hist_reset(s->service);
	if (!merge_series(s, series, &interval, groups))
		return;
	ld_interval_write(&interval, out);
	s->intervals++;
	level = total->in_flight + interval.ledger.in_flight;
	ld_ledger_add(total, &interval.ledger);
	total->in_flight = level;
}

/* -- the generator itself ------------------------------------------------- */

/* Threads are few; a machine with more shows the first ones. */
#define MAX_THREADS 256

static void
merge_health(struct ldi_stream *s, struct ld_health *health, uint64_t *cpu_ns)
{
	ld_hist_reset(s->lag);
	for (unsigned i = 0; i < s->n_ports; i++) {
		struct ldi_tally *tally = s->ports[i].head;
		uint64_t cpu = tally == NULL ? 0 : tally->cpu_ns;

		if (i < MAX_THREADS) {
			cpu_ns[i] = cpu;
			health->n_threads = i + 1;
		}
		s->cpu_ns += cpu;
		if (cpu > s->peak_cpu_ns)
			s->peak_cpu_ns = cpu;
		s->busy_seconds += cpu > LDI_BUSY_NS;
		if (tally == NULL)
			continue;
		s->seconds++;
		health->users += tally->users;
		health->late += tally->late;
		if (s->open_model)
			health->arrivals += tally->passes;
		ld_hist_merge(s->lag, tally->lag);
		for (int k = 0; k < LD_SHED_N; k++)
			s->shed[k] += tally->shed[k];
	}
}

static void
write_health(
    struct ldi_stream *s, const struct ld_ledger *total, struct ld_buf *out)
{
	uint64_t cpu_ns[MAX_THREADS];
	struct ld_health health = {
		.arrivals = s->open_model ? 0 : UINT64_MAX,
		.run = { s->run_id, strlen(s->run_id) },
		.second = s->next_second,
		.ledger = *total,
		.lag = s->lag,
		.cpu_ns = cpu_ns,
	};

	merge_health(s, &health, cpu_ns);
	ldi_process_usage(&health.descriptors, &health.rss_bytes);
	for (int k = 0; k < LD_SHED_N; k++) {
		health.ledger.shed[k] += s->shed[k];
		s->shed[k] = 0;
	}
	s->late += health.late;
	s->starts += ld_hist_count(s->lag);
	ld_health_write(&health, out);
	s->healths++;
	ld_ledger_add(&s->ledger, &health.ledger);
}

bool
ldi_seconds_next(struct ldi_stream *s, struct ld_buf *out)
{
	struct ld_ledger total = { 0 };

	if (!all_ready(s))
		return false;
	for (uint32_t i = 0; i < s->n_series; i++)
		write_series(s, i, &total, out);
	write_health(s, &total, out);
	for (unsigned i = 0; i < s->n_ports; i++) {
		struct ldi_port *port = &s->ports[i];

		/* Never freed here: its blocks are of the worker's pool. */
		if (port->head != NULL)
			ldi_ring_push(&port->spent, port->head);
		port->head = NULL;
	}
	s->next_second++;
	return true;
}
