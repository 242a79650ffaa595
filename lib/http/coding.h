/* SPDX-License-Identifier: MIT */
/*
 * http/coding.h - undo one content coding.
 *
 * Only done when something looks at the body.  Bounds: LD_MAX_DECODED_BYTES,
 * and LD_MAX_DECODE_RATIO beyond 1 MiB, both before memory is taken.
 *
 * Memory      the inflater and the output are reused: one decoder per worker,
 *             and gzip and deflate allocate nothing in the steady state.
 */
#ifndef LDI_HTTP_CODING_H
#define LDI_HTTP_CODING_H

#include <stdbool.h>

#include <zlib.h>

#include <ld/buf.h>
#include <ld/ledger.h>

enum ldi_coding {
	LDI_CODING_IDENTITY,
	LDI_CODING_GZIP,
	LDI_CODING_DEFLATE,
	LDI_CODING_BR,
	LDI_CODING_OTHER, /* one that is not known, or more than one */
};

/* Of the value of Content-Encoding. */
enum ldi_coding ldi_coding_named(const char *value, size_t len);

struct ldi_coding_decoder {
	struct ld_buf out; /* the decoded body, until the next call */
	z_stream z;
	bool z_ready;
};

void ldi_coding_init(struct ldi_coding_decoder *d);
void ldi_coding_clear(struct ldi_coding_decoder *d);

/* LD_CLASS_NONE and the text in d->out; else the class and *text_out. */
enum ld_class ldi_coding_undo(struct ldi_coding_decoder *d,
    enum ldi_coding coding, const char *data, size_t len,
    const char **text_out);

#endif /* LDI_HTTP_CODING_H */
