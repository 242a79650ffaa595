/* SPDX-License-Identifier: MIT */
/*
 * http/request_text.h - a text of literals and templates, and how each of its
 * values is written: query, header fields and bodies are such texts.
 *
 * Threads     a compiled text is constant and shared by all workers.
 */
#ifndef LDI_HTTP_REQUEST_TEXT_H
#define LDI_HTTP_REQUEST_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/driver.h>

#include "http/url.h"

enum ldi_request_encoding {
	LDI_REQUEST_RAW,
	LDI_REQUEST_FORM,
	LDI_REQUEST_FIELD,  /* of a header: checked for line breaks */
	LDI_REQUEST_QUOTED, /* between quotation marks in a part's header */
	LDI_REQUEST_TARGET, /* in a request line: no blanks */
	LDI_REQUEST_BEARER, /* a token of Authorization */
	LDI_REQUEST_BASIC,  /* user name and, in `more`, password */
};

struct ldi_request_piece {
	enum ldi_request_encoding encoding;
	const char *text; /* encoded already; or NULL and a template */
	size_t len;
	const struct ld_template *tpl, *more;
	const char *name; /* what it is part of, for errors */
};

struct ldi_request_text {
	const struct ldi_request_piece *pieces;
	size_t n;
};

/* It is a constant: at most one piece, and that a literal. */
bool ldi_request_text_constant(const struct ldi_request_text *text);

/* Buffers to render with; the first holds the result. */
struct ldi_request_paper {
	struct ld_buf *out;
	struct ld_buf *scratch;
	struct ldi_url_origin *origin; /* filled when the URL tells it */
};

/* LD_INVALID when a value cannot be had or sent. */
enum ld_status ldi_request_text_render(const struct ldi_request_text *text,
    struct ld_scope *scope, const struct ldi_request_paper *paper,
    struct ld_err *err);

/* Append a value; of BASIC the last `more` bytes, behind a colon, are the
 * password.  NULL, or what is wrong with it, which does not show it. */
const char *ldi_request_encode(struct ld_buf *out,
    enum ldi_request_encoding encoding, const char *text, size_t len,
    size_t more);

/* -- under construction: request_writer.c ----------------------------- */

/* Literals are collected and become one piece when a template follows. */
struct ldi_request_writer {
	struct ld_compile *cc;
	struct ldi_request_piece *pieces;
	size_t n, cap;
	struct ld_buf literal; /* for the caller to append to */
	bool failed;           /* out of memory */
};

void ldi_request_writer_open(
    struct ldi_request_writer *w, struct ld_compile *cc);
/* A value at `node`, whose `name` is borrowed, for errors.  What is constant
 * is checked and written now. */
enum ld_status ldi_request_writer_value(struct ldi_request_writer *w,
    const struct ldi_request_piece *value, struct ld_node node,
    struct ld_err *err);
/* The text, unless `st`, what became of it so far, is a failure.  Gives back
 * what the writer holds. */
enum ld_status ldi_request_writer_close(struct ldi_request_writer *w,
    enum ld_status st, struct ldi_request_text *out, struct ld_err *err);

#endif /* LDI_HTTP_REQUEST_TEXT_H */
