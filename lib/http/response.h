/* SPDX-License-Identifier: MIT */
/*
 * http/response.h - read one HTTP/1 answer, a piece at a time.
 *
 * The pieces may end anywhere; the result does not depend on where.  An
 * answer that comes in one piece is not copied: header and body are views of
 * it.  What spans pieces is collected in one buffer, and only if it is needed
 * (a line that is not finished, `keep_head`, `keep_body`).
 *
 * Strict where leniency would let two readers disagree about where an answer
 * ends (RFC 9112): lengths, codings, chunks, folded and malformed fields.
 * Lenient where it cannot: a head line may end in LF alone, the reason may be
 * missing.
 *
 * Bounds      LD_MAX_HEADER_BYTES and _LINES over all heads and trailers of
 *             an answer, LD_MAX_INTERIM, LD_MAX_BODY_BYTES, LD_MAX_BODY_KEPT,
 *             and for chunk extensions LDI_RESPONSE_MAX_EXTENSIONS.
 */
#ifndef LDI_HTTP_RESPONSE_H
#define LDI_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/ledger.h>
#include <ld/limits.h>

#include "http/coding.h"

/* Bytes of chunk extensions in one answer; nobody uses them. */
#define LDI_RESPONSE_MAX_EXTENSIONS ((uint64_t)16 << 10)
/* Ceiling of the buffer that ldi_response_buffer_fn gives. */
#define LDI_RESPONSE_MAX_KEPT (LD_MAX_HEADER_BYTES + LD_MAX_BODY_KEPT)

enum ldi_response_state {
	LDI_RESPONSE_HEAD,
	LDI_RESPONSE_LENGTH, /* body of a stated length */
	LDI_RESPONSE_UNTIL_EOF,
	LDI_RESPONSE_SIZE, /* chunked: see response.c */
	LDI_RESPONSE_EXTENSION,
	LDI_RESPONSE_SIZE_LF,
	LDI_RESPONSE_CHUNK,
	LDI_RESPONSE_CHUNK_CR,
	LDI_RESPONSE_CHUNK_LF,
	LDI_RESPONSE_TRAILER,
	LDI_RESPONSE_TRAILER_NAME,
	LDI_RESPONSE_TRAILER_VALUE,
	LDI_RESPONSE_TRAILER_LF,
	LDI_RESPONSE_LAST_LF,
	LDI_RESPONSE_DONE,
	LDI_RESPONSE_BROKEN,
};

/* Gives an empty buffer with the ceiling LDI_RESPONSE_MAX_KEPT, at most once
 * per answer; NULL when memory is short. */
typedef struct ld_buf *ldi_response_buffer_fn(void *ctx);
/* The head of the answer proper is read and stands in ldi_response_head();
 * called if it has a Location or Set-Cookie, before any of the body.  May clear
 * keep_head and keep_body.  False: memory is short. */
typedef bool ldi_response_head_fn(void *ctx);

struct ldi_response {
	/* Set by the caller before ldi_response_begin(). */
	ldi_response_buffer_fn *buffer;
	ldi_response_head_fn *on_head; /* or NULL */
	void *ctx;
	bool to_head; /* answers HEAD: has no body */
	bool keep_head, keep_body;
	bool copy; /* pieces go before the answer is looked at */

	/* The result; valid with LDI_RESPONSE_DONE, the first two with _BROKEN.
	 */
	enum ld_class cls;
	const char *text; /* static */
	int status;       /* known once a head is read, else -1 */
	bool keep_alive;  /* the connection may be used again */
	bool continued;   /* a 100 has come */
	enum ldi_coding coding;
	uint64_t body_len; /* bytes of the body as they were coded */

	/* Of the reader. */
	enum ldi_response_state state;
	bool started; /* a byte has come */
	bool minor0;  /* HTTP/1.0 */
	bool chunked, has_length, has_coding;
	bool close_token, keep_token;
	bool marked; /* has a Location or Set-Cookie */
	unsigned interims;
	unsigned lines;
	size_t head_bytes;    /* of heads and trailers so far */
	size_t head_lines_at; /* `lines` where this head began */
	uint64_t left;        /* of the body or the chunk */
	uint64_t extensions;
	unsigned digits; /* of a chunk size */
	struct ld_buf *kept;
	size_t line_off; /* of the unfinished line in `kept` */
	bool head_kept;  /* the head stands in `kept` */
	size_t head_len;
	const char *head_view;
	size_t body_off; /* in `kept` */
	size_t body_kept;
	const char *body_view;
	size_t body_view_len;
};

void ldi_response_begin(struct ldi_response *a);

/* Read on; *used_out is how much of the piece belongs to the answer.  The
 * state is then DONE, BROKEN, or one that wants more. */
void ldi_response_feed(
    struct ldi_response *a, const char *data, size_t len, size_t *used_out);

/* The stream ended, with the transport's class (NONE = orderly).  The state
 * is then DONE or BROKEN. */
void ldi_response_eof(struct ldi_response *a, enum ld_class cls);

/* Views of the result, valid until the piece and the buffer go. */
const char *ldi_response_head(const struct ldi_response *a, size_t *len_out);
const char *ldi_response_body(const struct ldi_response *a, size_t *len_out);

/* Next field of a head (as ldi_response_head() gives it) whose name is `name`
 * in any case, from *pos on; NULL when there is no more. */
const char *ldi_response_field(const char *head, size_t head_len,
    const char *name, size_t *pos, size_t *len_out);

/* -- between response.c and response_head.c
 * ------------------------------------------
 */

/* One line of a head without its end.  False: broken. */
bool ldi_response_status_line(
    struct ldi_response *a, const char *line, size_t len);
bool ldi_response_field_line(
    struct ldi_response *a, const char *line, size_t len);
/* State becomes BROKEN; returns false. */
bool ldi_response_break(
    struct ldi_response *a, enum ld_class cls, const char *text);

#endif /* LDI_HTTP_RESPONSE_H */
