/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/limits.h>

#include "data/lines.h"

/* Behind the buffer, for whoever reads a word at a time. */
#define SLACK 16

/* Larger than a pipe holds, small enough to stay in a cache. */
#define FIRST_CAP ((size_t)256 << 10)

enum ld_status
ldi_lines_init(
    struct ldi_lines *lines, int fd, void (*before_block)(void *ctx), void *ctx)
{
	*lines = (struct ldi_lines){ .fd = fd,
		.before_block = before_block,
		.ctx = ctx,
		.cap = FIRST_CAP };
	lines->data = calloc(1, lines->cap + SLACK);
	return lines->data ? LD_OK : LD_NOMEM;
}

void
ldi_lines_clear(struct ldi_lines *lines)
{
	free(lines->data);
	lines->data = NULL;
}

/* Wait until the descriptor has something; the owner hears of it first. */
static void
wait_readable(struct ldi_lines *lines, int timeout)
{
	struct pollfd pfd = { .fd = lines->fd, .events = POLLIN };

	if (poll(&pfd, 1, timeout) == 0 && lines->before_block)
		lines->before_block(lines->ctx);
}

static enum ld_status
read_more(struct ldi_lines *lines, struct ld_err *err)
{
	ssize_t n;

	if (lines->before_block)
		wait_readable(lines, 0);
	for (;;) {
		n = read(lines->fd, lines->data + lines->end,
		    lines->cap - lines->end);
		if (n >= 0)
			break;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			wait_readable(lines, -1);
		else if (errno != EINTR)
			return ld_err_errno(err, errno, "cannot read");
	}
	lines->end += (size_t)n;
	lines->at_end = n == 0;
	return LD_OK;
}

/* Move the cut line to the front; grow only when it fills the buffer. */
static enum ld_status
make_room(struct ldi_lines *lines, struct ld_err *err)
{
	char *data;

	if (lines->line > 0) {
		lines->end -= lines->line;
		lines->scanned -= lines->line;
		memmove(lines->data, lines->data + lines->line, lines->end);
		lines->line = 0;
	}
	if (lines->end < lines->cap)
		return LD_OK;
	data = realloc(lines->data, lines->cap * 2 + SLACK);
	if (!data)
		return ld_err_set(
		    err, LD_NOMEM, "no memory for a line of the stream");
	lines->data = data;
	lines->cap *= 2;
	memset(data + lines->cap, 0, SLACK);
	return LD_OK;
}

/* Drop what is there of a line that is too long, up to its line feed. */
static enum ld_status
skip_line(struct ldi_lines *lines, struct ld_err *err)
{
	const char *feed = NULL;
	enum ld_status st;

	while (!feed && !lines->at_end) {
		lines->line = lines->scanned = lines->end = 0;
		st = read_more(lines, err);
		if (st != LD_OK)
			return st;
		feed = memchr(lines->data, '\n', lines->end);
	}
	lines->line = feed ? (size_t)(feed - lines->data) + 1 : lines->end;
	lines->scanned = lines->line;
	return LD_OK;
}

enum ld_status
ldi_lines_next(struct ldi_lines *lines, enum ldi_line *kind_out,
    const char **line_out, size_t *len_out, struct ld_err *err)
{
	const char *feed;
	enum ld_status st;

	*line_out = "";
	*len_out = 0;
	lines->number++;
	for (;;) {
		feed = memchr(lines->data + lines->scanned, '\n',
		    lines->end - lines->scanned);
		lines->scanned =
		    feed ? (size_t)(feed - lines->data) + 1 : lines->end;
		if (lines->scanned - lines->line > LD_MAX_LINE) {
			*kind_out = LDI_LINE_TOO_LONG;
			if (!feed)
				return skip_line(lines, err);
			lines->line = lines->scanned;
			return LD_OK;
		}
		if (feed || lines->at_end)
			break;
		st = make_room(lines, err);
		if (st == LD_OK)
			st = read_more(lines, err);
		if (st != LD_OK)
			return st;
	}
	*line_out = lines->data + lines->line;
	*len_out = lines->scanned - lines->line;
	*kind_out = feed       ? LDI_LINE_WHOLE
		    : *len_out ? LDI_LINE_UNENDED
			       : LDI_LINE_END;
	lines->line = lines->scanned;
	return LD_OK;
}
