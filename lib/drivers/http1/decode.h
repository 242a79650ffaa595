/* SPDX-License-Identifier: MIT */
/*
 * http1/decode.h - undo one content coding.
 *
 * Only done when something looks at the body.  Bounds: LD_MAX_DECODED_BYTES,
 * and LD_MAX_DECODE_RATIO beyond 1 MiB, both before memory is taken.
 *
 * Memory      the inflater and the output are reused: one decoder per worker,
 *             and gzip and deflate allocate nothing in the steady state.
 */
#ifndef LDI_HTTP1_DECODE_H
#define LDI_HTTP1_DECODE_H

#include <stdbool.h>

#include <zlib.h>

#include <ld/buf.h>

#include "drivers/http1/answer.h"

struct ldi_h1_decoder {
	struct ld_buf out; /* the decoded body, until the next call */
	z_stream z;
	bool z_ready;
};

void ldi_h1_decoder_init(struct ldi_h1_decoder *d);
void ldi_h1_decoder_clear(struct ldi_h1_decoder *d);

/* LD_CLASS_NONE and the text in d->out; else the class and *text_out. */
enum ld_class ldi_h1_decode(struct ldi_h1_decoder *d, enum ldi_h1_coding coding,
    const char *data, size_t len, const char **text_out);

#endif /* LDI_HTTP1_DECODE_H */
