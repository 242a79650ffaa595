/* SPDX-License-Identifier: MIT */
/*
 * engine/output.h - bytes on their way out: a queue in memory, then a spill
 * file, written without ever blocking on the reader.
 *
 * A pipe is opened a second time for non-blocking writes (through
 * /proc/self/fd), because O_NONBLOCK on the descriptor that we were given
 * would also hit whoever shares it.  Where that is impossible, poll() and
 * writes of at most PIPE_BUF bytes do the same.
 *
 * Journal     another file, which gets the same records as soon as they are
 *             given, without a queue: what stands in it survives this process.
 *
 * Order       as given.  Memory first; once more than LDI_OUTPUT_MEMORY bytes
 *             are queued, what comes goes to an unlinked file, until that has
 *             been read back to its end.
 * Threads     the writer's only.
 */
#ifndef LDI_ENGINE_OUTPUT_H
#define LDI_ENGINE_OUTPUT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <ld/err.h>

#include "engine/port.h"

#define LDI_OUTPUT_MEMORY ((size_t)8 << 20)

enum ldi_output_mode {
	LDI_OUTPUT_NONE,     /* nobody reads */
	LDI_OUTPUT_NONBLOCK, /* our own open file description */
	LDI_OUTPUT_SOCKET,
	LDI_OUTPUT_POLLED, /* at most PIPE_BUF at a time */
	LDI_OUTPUT_FILE,   /* never makes us wait for a reader */
};

struct ldi_output_item {
	char *data;
	size_t len;
	struct ldi_chunk *chunk; /* goes back to `port` when written */
	struct ldi_port *port;
	/* else: `data` is freed */
};

struct ldi_output {
	enum ldi_output_mode mode;
	int fd;
	bool own_fd;
	struct ldi_output_item *items; /* a ring */
	size_t first, n, cap;
	size_t n_before; /* while spilling: items older than the file */
	size_t offset;   /* bytes of the first item already written */
	size_t queued_bytes;
	int spill_fd; /* -1 = none yet */
	uint64_t spill_max, spill_read, spill_written;
	char *spill_buf; /* bytes read back, on their way out */
	size_t spill_len, spill_off;
	bool broken;
	bool reader_left; /* EPIPE */
	int journal_fd;   /* 0 = none, or none any more */
	off_t journal_len;
	struct ld_err journal_error;
	struct ld_err error;
};

enum ld_status ldi_output_init(
    struct ldi_output *out, int fd, uint64_t spill_max, struct ld_err *err);
void ldi_output_clear(struct ldi_output *out);

/* Takes `data` (from malloc).  Never refused. */
void ldi_output_block(struct ldi_output *out, char *data, size_t len);
/* Takes a chunk; false = no room: it was given back unsent. */
bool ldi_output_chunk(
    struct ldi_output *out, struct ldi_port *port, struct ldi_chunk *chunk);
/* The ports are about to go: keep copies of the chunks still queued. */
void ldi_output_adopt(struct ldi_output *out);
/* Write what can be written now.  False when nothing moved. */
bool ldi_output_pump(struct ldi_output *out);
bool ldi_output_empty(const struct ldi_output *out);
/* What to poll() for, fd -1 = nothing, and what to make of it. */
void ldi_output_poll(const struct ldi_output *out, struct pollfd *poll_out);
void ldi_output_polled(struct ldi_output *out, const struct pollfd *polled);

#endif /* LDI_ENGINE_OUTPUT_H */
