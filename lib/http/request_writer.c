/* SPDX-License-Identifier: MIT */
/* Texts under construction. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "http/request_text.h"

bool
ldi_request_text_constant(const struct ldi_request_text *text)
{
	return text->n == 0 || (text->n == 1 && text->pieces[0].text != NULL);
}

void
ldi_request_writer_open(struct ldi_request_writer *w, struct ld_compile *cc)
{
	*w = (struct ldi_request_writer){ .cc = cc };
	ld_buf_init(&w->literal, LD_MAX_REQUEST_BYTES);
}

static void
add_piece(struct ldi_request_writer *w, const struct ldi_request_piece *piece)
{
	size_t cap = w->cap == 0 ? 8 : 2 * w->cap;
	struct ldi_request_piece *pieces;

	if (w->n == w->cap) {
		pieces = realloc(w->pieces, cap * sizeof(*pieces));
		if (pieces == NULL) {
			w->failed = true;
			return;
		}
		w->pieces = pieces;
		w->cap = cap;
	}
	w->pieces[w->n++] = *piece;
}

static void
flush(struct ldi_request_writer *w)
{
	struct ldi_request_piece piece = { .len = w->literal.len };
	char *text;

	if (w->literal.len == 0 || w->literal.failed)
		return;
	text = ld_compile_alloc(w->cc, w->literal.len);
	if (text == NULL) {
		w->failed = true;
		return;
	}
	memcpy(text, w->literal.data, w->literal.len);
	piece.text = text;
	add_piece(w, &piece);
	ld_buf_reset(&w->literal);
}

/* *more_out: how many bytes at the end are the password. */
static bool
constant_value(const struct ldi_request_piece *value, struct ld_buf *plain,
    size_t *more_out)
{
	const char *text, *more = NULL;
	size_t len;

	*more_out = 0;
	if (!ld_template_constant(value->tpl, &text, &len) ||
	    (value->more != NULL &&
		!ld_template_constant(value->more, &more, more_out)))
		return false;
	ld_buf_add(plain, text, len);
	if (value->encoding == LDI_REQUEST_BASIC) {
		ld_buf_addc(plain, ':');
		ld_buf_add(plain, more, *more_out);
	}
	return true;
}

enum ld_status
ldi_request_writer_value(struct ldi_request_writer *w,
    const struct ldi_request_piece *value, struct ld_node node,
    struct ld_err *err)
{
	const char *why = NULL;
	struct ld_buf plain;
	size_t more;

	ld_buf_init(&plain, LD_MAX_REQUEST_BYTES);
	if (!constant_value(value, &plain, &more)) {
		flush(w);
		add_piece(w, value);
	} else if (plain.failed) {
		w->literal.failed = true;
	} else {
		why = ldi_request_encode(&w->literal, value->encoding,
		    plain.data != NULL ? plain.data : "", plain.len, more);
	}
	ld_buf_clear(&plain);
	return why == NULL
		   ? LD_OK
		   : ld_node_error(node, err, LD_INVALID, "%s: %s",
			 value->name != NULL ? value->name : "request", why);
}

static enum ld_status
keep_pieces(struct ldi_request_writer *w, struct ldi_request_text *out,
    struct ld_err *err)
{
	struct ldi_request_piece *pieces =
	    ld_compile_alloc(w->cc, w->n * sizeof(*pieces));

	if (w->failed || pieces == NULL)
		return ld_err_set(err, LD_NOMEM, "request");
	if (w->n > 0)
		memcpy(pieces, w->pieces, w->n * sizeof(*pieces));
	out->pieces = pieces;
	out->n = w->n;
	return LD_OK;
}

enum ld_status
ldi_request_writer_close(struct ldi_request_writer *w, enum ld_status st,
    struct ldi_request_text *out, struct ld_err *err)
{
	if (st == LD_OK)
		st = ld_buf_status(&w->literal, "request", err);
	if (st == LD_OK) {
		flush(w);
		st = keep_pieces(w, out, err);
	}
	ld_buf_clear(&w->literal);
	free(w->pieces);
	return st;
}
