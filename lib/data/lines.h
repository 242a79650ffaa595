/* SPDX-License-Identifier: MIT */
/*
 * data/lines.h - the lines of a descriptor, in place.
 *
 * One buffer, large reads, no copy but of the rest of a line that a read cut.
 * A line is valid until the next call; 16 bytes behind it may be read.
 */
#ifndef LDI_DATA_LINES_H
#define LDI_DATA_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>

struct ldi_lines {
	int fd;
	void (*before_block)(void *ctx);
	void *ctx;
	char *data;
	size_t cap;
	size_t line;    /* where the current line begins */
	size_t scanned; /* no line feed before here */
	size_t end;
	uint64_t number; /* of the current line, from 1 */
	bool at_end;
};

enum ldi_line {
	LDI_LINE_END,      /* no more */
	LDI_LINE_WHOLE,    /* with its line feed */
	LDI_LINE_UNENDED,  /* the last one, without */
	LDI_LINE_TOO_LONG, /* over LD_MAX_LINE: dropped */
};

enum ld_status ldi_lines_init(struct ldi_lines *lines, int fd,
    void (*before_block)(void *ctx), void *ctx);
void ldi_lines_clear(struct ldi_lines *lines);

/* LD_IO with errno's text, or LD_NOMEM. */
enum ld_status ldi_lines_next(struct ldi_lines *lines, enum ldi_line *kind_out,
    const char **line_out, size_t *len_out, struct ld_err *err);

#endif /* LDI_DATA_LINES_H */
