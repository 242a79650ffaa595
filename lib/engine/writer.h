/* SPDX-License-Identifier: MIT */
/*
 * engine/writer.h - the thread that owns the result stream.
 *
 * It drains the ports of the workers, merges their seconds into interval
 * records, adds the control records of the run, and writes; it spills and
 * sheds when the reader is slow.  Sending never waits for it.
 *
 * Threads     the public calls (ld/run.h) and those below: the main thread.
 *             The writer's own thread runs the rest.
 */
#ifndef LDI_ENGINE_WRITER_H
#define LDI_ENGINE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/hist.h>
#include <ld/ledger.h>
#include <ld/run.h>

#include "engine/port.h"

/* What the writer must know of a run, and what it counts for it. */
struct ldi_stream {
	/* Set by the run before it is attached. */
	struct ldi_port *ports;
	unsigned n_ports;
	const char *run_id;
	const char *user_type;
	const struct ld_series_key *series;
	uint32_t n_series;
	bool open_model;
	/* Counted by the writer; valid after ldi_writer_detach(). */
	struct ld_ledger ledger;
	uint64_t samples, messages, intervals, healths;
	unsigned __int128 response_sum_ns;
	uint64_t late, starts;
	uint64_t cpu_ns, peak_cpu_ns; /* of one thread in one second */
	uint64_t busy_seconds, seconds;
	/* The writer's own. */
	uint64_t next_second;
	uint64_t shed[LD_SHED_N]; /* since the last health record */
	uint64_t in_flight;
	struct ld_hist *lag, *response, *service;
};

/* Begin: `begin` lines go out first; from then on the ports are drained.  The
 * twin is what observers and the spool get instead (they see no samples). */
enum ld_status ldi_writer_attach(struct ld_writer *writer,
    struct ldi_stream *stream, const char *begin, const char *begin_twin,
    struct ld_err *err);
/* Every port is done: wait until all they hold was merged and queued. */
void ldi_writer_detach(struct ld_writer *writer, struct ldi_stream *stream);
/* A control record of the run; counted in stream->events if it is one. */
enum ld_status ldi_writer_control(struct ld_writer *writer, const char *line,
    size_t len, const char *twin, size_t twin_len);
/* Worker: there is something in a ring.  Wait-free; a system call only when
 * the writer sleeps. */
void ldi_writer_wake(struct ld_writer *writer);
bool ldi_writer_reader_left(const struct ld_writer *writer);

#endif /* LDI_ENGINE_WRITER_H */
