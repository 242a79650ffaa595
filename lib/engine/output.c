/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/output.h"

#define SPILL_BUF ((size_t)256 << 10)
/* A pipe this large takes several chunks in one go: fewer wake-ups. */
#define PIPE_BYTES (1 << 20)

static void
reopen_pipe(struct ldi_output *out, int fd)
{
	char path[32];
	int again;

	out->mode = LDI_OUTPUT_POLLED;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (again < 0)
		return;
#ifdef F_SETPIPE_SZ
	(void)fcntl(again, F_SETPIPE_SZ, PIPE_BYTES);
#endif
	out->fd = again;
	out->own_fd = true;
	out->mode = LDI_OUTPUT_NONBLOCK;
}

enum ld_status
ldi_output_init(
    struct ldi_output *out, int fd, uint64_t spill_max, struct ld_err *err)
{
	struct stat sb;

	memset(out, 0, sizeof(*out));
	out->fd = fd;
	out->spill_fd = -1;
	out->spill_max = spill_max;
	out->cap = 1024;
	out->items = calloc(out->cap, sizeof(*out->items));
	if (out->items == NULL)
		return ld_err_set(err, LD_NOMEM, "the output queue");
	if (fd < 0)
		return LD_OK;
	if (fstat(fd, &sb) != 0)
		return ld_err_errno(err, errno, "the output");
	if (S_ISFIFO(sb.st_mode))
		reopen_pipe(out, fd);
	else if (S_ISSOCK(sb.st_mode))
		out->mode = LDI_OUTPUT_SOCKET;
	else if (S_ISREG(sb.st_mode) || S_ISBLK(sb.st_mode) ||
		 (S_ISCHR(sb.st_mode) && !isatty(fd))) /* /dev/null */
		out->mode = LDI_OUTPUT_FILE;
	else
		out->mode = LDI_OUTPUT_POLLED;
	return LD_OK;
}

static void
release(struct ldi_output_item *item)
{
	if (item->chunk != NULL)
		ldi_ring_push(&item->port->empty, item->chunk);
	else
		free(item->data);
}

void
ldi_output_clear(struct ldi_output *out)
{
	for (; out->n > 0; out->n--) {
		release(&out->items[out->first]);
		out->first = (out->first + 1) % out->cap;
	}
	free(out->items);
	free(out->spill_buf);
	if (out->spill_fd >= 0)
		close(out->spill_fd);
	if (out->own_fd)
		close(out->fd);
	memset(out, 0, sizeof(*out));
	out->fd = out->spill_fd = -1;
}

static void
fail(struct ldi_output *out, int errnum)
{
	out->broken = true;
	out->reader_left = errnum == EPIPE || errnum == ECONNRESET;
	ld_err_errno(&out->error, errnum, "writing the stream");
}

/* -- the journal ---------------------------------------------------------- */

/* A file that fails ends with its last whole record, and the run goes on. */
static void
journal_fail(struct ldi_output *out, int errnum)
{
	(void)!ftruncate(out->journal_fd, out->journal_len);
	out->journal_fd = 0;
	ld_err_errno(&out->journal_error, errnum, "writing the journal");
}

static void
journal_add(struct ldi_output *out, const char *data, size_t len)
{
	off_t at = out->journal_len;

	while (len > 0 && out->journal_fd > 0) {
		ssize_t n = pwrite(out->journal_fd, data, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			journal_fail(out, n < 0 ? errno : EIO);
			return;
		}
		at += n;
		data += n;
		len -= (size_t)n;
	}
	out->journal_len = at;
}

/* -- the queue ------------------------------------------------------------ */

static bool
grow(struct ldi_output *out)
{
	size_t cap = out->cap * 2;
	struct ldi_output_item *items = calloc(cap, sizeof(*items));

	if (items == NULL)
		return false;
	for (size_t i = 0; i < out->n; i++)
		items[i] = out->items[(out->first + i) % out->cap];
	free(out->items);
	out->items = items;
	out->cap = cap;
	out->first = 0;
	return true;
}

static void
push(struct ldi_output *out, struct ldi_output_item item)
{
	if (out->n == out->cap && !grow(out)) {
		fail(out, ENOMEM);
		release(&item);
		return;
	}
	out->items[(out->first + out->n) % out->cap] = item;
	out->n++;
	out->queued_bytes += item.len;
}

void
ldi_output_adopt(struct ldi_output *out)
{
	for (size_t i = 0; i < out->n; i++) {
		struct ldi_output_item *item =
		    &out->items[(out->first + i) % out->cap];
		char *copy;

		if (item->chunk == NULL)
			continue;
		copy = malloc(item->len);
		if (copy == NULL) {
			fail(out, ENOMEM);
			item->len = 0;
		} else {
			memcpy(copy, item->data, item->len);
		}
		ldi_ring_push(&item->port->empty, item->chunk);
		item->chunk = NULL;
		item->data = copy;
	}
}

/* -- the spill file ------------------------------------------------------- */

static bool
spilling(const struct ldi_output *out)
{
	return out->spill_written > out->spill_read ||
	       out->spill_off < out->spill_len;
}

static bool
spill_open(struct ldi_output *out)
{
	if (out->spill_fd >= 0)
		return true;
	if (out->spill_buf == NULL)
		out->spill_buf = malloc(SPILL_BUF);
	if (out->spill_buf == NULL)
		return false;
	out->spill_fd = ldi_file_unnamed();
	return out->spill_fd >= 0;
}

static bool
spill_write(struct ldi_output *out, const char *data, size_t len)
{
	uint64_t at = out->spill_written;

	while (len > 0) {
		ssize_t n = pwrite(out->spill_fd, data, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false; /* a torn part is overwritten later */
		at += (uint64_t)n;
		data += n;
		len -= (size_t)n;
	}
	out->spill_written = at;
	return true;
}

static bool
spill(struct ldi_output *out, const char *data, size_t len)
{
	bool begins = !spilling(out);

	if (!spill_open(out) || !spill_write(out, data, len))
		return false;
	if (begins)
		out->n_before = out->n;
	return true;
}

/* Something that the file had no room for waits behind it, in memory: until
 * it has gone out, nothing may be put into the file. */
static bool
overtaken(const struct ldi_output *out)
{
	return spilling(out) && out->n > out->n_before;
}

static bool
spill_has_room(const struct ldi_output *out, size_t len)
{
	uint64_t pending = out->spill_written - out->spill_read;

	return out->spill_max > 0 && pending + len <= out->spill_max;
}

/* Fill spill_buf from the file; false when there is nothing to fill it with.
 */
static bool
spill_refill(struct ldi_output *out)
{
	uint64_t pending = out->spill_written - out->spill_read;
	ssize_t n;

	if (out->spill_off < out->spill_len)
		return true;
	out->spill_off = out->spill_len = 0;
	if (pending == 0)
		return false;
	n = pread(out->spill_fd, out->spill_buf,
	    pending < SPILL_BUF ? (size_t)pending : SPILL_BUF,
	    (off_t)out->spill_read);
	if (n <= 0) {
		fail(out, n < 0 ? errno : EIO);
		return false;
	}
	out->spill_len = (size_t)n;
	out->spill_read += (uint64_t)n;
	if (out->spill_read == out->spill_written) {
		out->spill_read = out->spill_written = 0;
		(void)!ftruncate(out->spill_fd, 0);
	} else {
		/* So that --spill-max bounds the disk, too, under a reader
		 * that is slow for hours and never catches up. */
		(void)!fallocate(out->spill_fd,
		    FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		    (off_t)out->spill_read);
	}
	return true;
}

void
ldi_output_block(struct ldi_output *out, char *data, size_t len)
{
	struct ldi_output_item item = { .data = data, .len = len };

	journal_add(out, data, len);
	if (out->broken || out->mode == LDI_OUTPUT_NONE) {
		free(data);
		return;
	}
	/* Control records are never shed: --spill-max does not bound them, and
	 * if the disk is full they wait in memory, behind what is in the file.
	 */
	if (spilling(out) && !overtaken(out) && spill(out, data, len)) {
		free(data);
		return;
	}
	push(out, item);
}

bool
ldi_output_chunk(
    struct ldi_output *out, struct ldi_port *port, struct ldi_chunk *chunk)
{
	struct ldi_output_item item = { .data = chunk->data,
		.len = chunk->len,
		.chunk = chunk,
		.port = port };

	if (out->broken) {
		ldi_ring_push(&port->empty, chunk);
		return false;
	}
	if (out->mode == LDI_OUTPUT_NONE) {
		journal_add(out, chunk->data, chunk->len);
		ldi_ring_push(&port->empty, chunk);
		return true;
	}
	if (out->mode != LDI_OUTPUT_FILE &&
	    (spilling(out) || out->queued_bytes > LDI_OUTPUT_MEMORY)) {
		bool kept = !overtaken(out) &&
			    spill_has_room(out, chunk->len) &&
			    spill(out, chunk->data, chunk->len);

		/* It has what the stream has: `end` counts both. */
		if (kept)
			journal_add(out, chunk->data, chunk->len);
		ldi_ring_push(&port->empty, chunk);
		return kept;
	}
	journal_add(out, chunk->data, chunk->len);
	push(out, item);
	return !out->broken;
}

/* -- writing -------------------------------------------------------------- */

static ssize_t
write_polled(int fd, const char *data, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (poll(&p, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(fd, data, len < PIPE_BUF ? len : PIPE_BUF);
}

/* Bytes written; 0 = would block, or it broke. */
static size_t
write_some(struct ldi_output *out, const char *data, size_t len)
{
	ssize_t n;

	do {
		if (out->mode == LDI_OUTPUT_SOCKET)
			n = send(
			    out->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
		else if (out->mode == LDI_OUTPUT_POLLED)
			n = write_polled(out->fd, data, len);
		else
			n = write(out->fd, data, len);
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		return (size_t)n;
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		fail(out, errno);
	return 0;
}

static bool
pump_memory(struct ldi_output *out)
{
	struct ldi_output_item *item = &out->items[out->first];
	size_t n =
	    write_some(out, item->data + out->offset, item->len - out->offset);

	if (n == 0)
		return false;
	out->offset += n;
	if (out->offset < item->len)
		return true;
	out->queued_bytes -= item->len;
	release(item);
	out->offset = 0;
	out->first = (out->first + 1) % out->cap;
	out->n--;
	if (out->n_before > 0)
		out->n_before--;
	return true;
}

static bool
pump_spill(struct ldi_output *out)
{
	size_t n;

	if (!spill_refill(out))
		return false;
	n = write_some(out, out->spill_buf + out->spill_off,
	    out->spill_len - out->spill_off);
	out->spill_off += n;
	return n > 0;
}

/* Items queued before spilling began go first, then the file, then the rest.
 */
bool
ldi_output_pump(struct ldi_output *out)
{
	bool moved = false;

	while (!out->broken) {
		bool memory =
		    out->n > 0 && (out->n_before > 0 || !spilling(out));

		if (memory ? !pump_memory(out) : !pump_spill(out))
			break;
		moved = true;
	}
	return moved;
}

bool
ldi_output_empty(const struct ldi_output *out)
{
	return out->broken || (out->n == 0 && !spilling(out));
}

void
ldi_output_poll(const struct ldi_output *out, struct pollfd *poll_out)
{
	bool empty = ldi_output_empty(out);

	poll_out->fd = -1;
	poll_out->events = empty ? 0 : POLLOUT;
	poll_out->revents = 0;
	/* An idle pipe still tells when its reader leaves. */
	if (!out->broken && (!empty || out->mode == LDI_OUTPUT_NONBLOCK))
		poll_out->fd = out->fd;
}

void
ldi_output_polled(struct ldi_output *out, const struct pollfd *polled)
{
	if (!out->broken && out->mode == LDI_OUTPUT_NONBLOCK &&
	    (polled->revents & POLLERR) != 0)
		fail(out, EPIPE);
}
