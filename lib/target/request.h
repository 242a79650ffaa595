/* SPDX-License-Identifier: MIT */
/*
 * target/request.h - HTTP/1.1 requests, read strictly.
 *
 * A server that counts must agree with every client about where a request
 * ends, so what could be read in two ways is refused: bare LF, folded lines,
 * blanks before a colon, a length beside chunked, lengths that differ.
 *
 * Ownership   slices point into the bytes that were parsed.
 */
#ifndef LDI_TARGET_REQUEST_H
#define LDI_TARGET_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LDI_TARGET_MAX_HEAD ((size_t)64 << 10)
#define LDI_TARGET_MAX_BODY ((size_t)64 << 20)
#define LDI_TARGET_MAX_HEADERS 200

struct ldi_slice {
	const char *p;
	size_t len;
};

struct ldi_target_header {
	struct ldi_slice name, value;
};

enum ldi_target_method {
	LDI_GET = 1 << 0,
	LDI_HEAD = 1 << 1,
	LDI_POST = 1 << 2,
	LDI_PUT = 1 << 3,
	LDI_PATCH = 1 << 4,
	LDI_DELETE = 1 << 5,
	LDI_OPTIONS = 1 << 6,
	LDI_TRACE = 1 << 7,
};

struct ldi_target_request {
	struct ldi_slice method, target;
	struct ldi_slice path, query; /* of the target, still encoded */
	unsigned method_bit;          /* enum ldi_target_method, 0 = other */
	struct ldi_slice host, content_type;
	bool http10, keep_alive, expect_continue;
	bool chunked;
	uint64_t content_length;
	size_t head_len;      /* bytes up to and with the empty line */
	struct ldi_slice raw; /* these bytes */
	size_t n_headers;
	struct ldi_target_header headers[LDI_TARGET_MAX_HEADERS];
	struct ldi_slice body; /* decoded; set by the connection */
};

/* What parsing says: 0 = done, LDI_TARGET_MORE = bytes are missing, else the
 * status to refuse with. */
#define LDI_TARGET_MORE 1u

/*
 * Read a head from the front of `data`.  *scanned, 0 at first, remembers how
 * far a head that was not whole has been looked at.
 */
unsigned ldi_target_request_parse(struct ldi_target_request *req,
    const char *data, size_t len, size_t *scanned);

/* The value of the first header of that name; p is NULL when there is none. */
struct ldi_slice ldi_target_header_get(
    const struct ldi_target_request *req, const char *name);

/* ASCII without case. */
bool ldi_slice_is(struct ldi_slice slice, const char *text);

/* A chunked body on its way in; zero it to begin. */
struct ldi_target_chunks {
	unsigned state;
	unsigned digits;  /* of the size so far */
	uint64_t left;    /* bytes of this chunk still to come */
	size_t extra_len; /* of all of them */
};

/*
 * Decode in place: `data` gets the content of what it held framed,
 * *len_out bytes of it; *used_out says how much was read (all of it when
 * more is needed).  `have` is what was decoded before, for the ceiling.
 */
unsigned ldi_target_chunks_decode(struct ldi_target_chunks *chunks, char *data,
    size_t len, size_t have, size_t *len_out, size_t *used_out);

#endif /* LDI_TARGET_REQUEST_H */
