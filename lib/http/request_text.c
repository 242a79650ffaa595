/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "base/http_text.h"
#include "http/request_text.h"
#include "http/auth.h"
#include "http/multipart.h"

/* -- encoding ------------------------------------------------------------- */

/* What may not be sent as it is; NULL = all of it may. */
static const char *
objection(enum ldi_request_encoding encoding, const char *text, size_t len)
{
	if (encoding == LDI_REQUEST_FIELD && !ldi_http_is_value(text, len))
		return "the value holds a line break or another control "
		       "character";
	if (encoding != LDI_REQUEST_TARGET)
		return NULL;
	if (len == 0)
		return "the value is empty";
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
			return "the value holds a blank or a control "
			       "character";
	return NULL;
}

/* Of those that are sent as they are, once looked at. */
static bool
is_verbatim(enum ldi_request_encoding encoding)
{
	return encoding == LDI_REQUEST_RAW || encoding == LDI_REQUEST_FIELD ||
	       encoding == LDI_REQUEST_TARGET;
}

const char *
ldi_request_encode(struct ld_buf *out, enum ldi_request_encoding encoding,
    const char *text, size_t len, size_t more)
{
	const char *why = NULL;

	switch (encoding) {
	case LDI_REQUEST_RAW:
	case LDI_REQUEST_FIELD:
	case LDI_REQUEST_TARGET:
		why = objection(encoding, text, len);
		if (why == NULL)
			ld_buf_add(out, text, len);
		break;
	case LDI_REQUEST_FORM:
		ldi_url_form_add(out, text, len);
		break;
	case LDI_REQUEST_QUOTED:
		ldi_multipart_quote_add(out, text, len);
		break;
	case LDI_REQUEST_BEARER:
		why = ldi_auth_bearer_add(out, text, len);
		break;
	case LDI_REQUEST_BASIC:
		why = ldi_auth_basic_add(out, text, len - more - 1, len);
		break;
	}
	return why;
}

/* -- rendering ------------------------------------------------------------ */

static enum ld_status
refuse(
    const struct ldi_request_piece *piece, const char *why, struct ld_err *err)
{
	return ld_err_set(err, LD_INVALID, "%s: %s",
	    piece->name != NULL ? piece->name : "request", why);
}

/* As it is: no copy is made of it. */
static enum ld_status
render_verbatim(const struct ldi_request_piece *piece, struct ld_scope *scope,
    struct ld_buf *out, struct ld_err *err)
{
	size_t from = out->len;
	const char *why;
	enum ld_status st = ld_template_render(piece->tpl, scope, out, err);

	if (st != LD_OK || piece->encoding == LDI_REQUEST_RAW || out->failed)
		return st;
	why = objection(piece->encoding,
	    out->len > from ? out->data + from : "", out->len - from);
	return why == NULL ? LD_OK : refuse(piece, why, err);
}

static enum ld_status
render_piece(const struct ldi_request_piece *piece, struct ld_scope *scope,
    const struct ldi_request_paper *paper, struct ld_err *err)
{
	struct ld_buf *plain = paper->scratch;
	size_t first = 0;
	const char *why;
	enum ld_status st;

	if (is_verbatim(piece->encoding))
		return render_verbatim(piece, scope, paper->out, err);
	ld_buf_reset(plain);
	st = ld_template_render(piece->tpl, scope, plain, err);
	if (st == LD_OK && piece->encoding == LDI_REQUEST_BASIC) {
		ld_buf_addc(plain, ':');
		first = plain->len;
		if (piece->more != NULL)
			st = ld_template_render(piece->more, scope, plain, err);
	}
	if (st == LD_OK)
		st = ld_buf_status(plain, "request", err);
	if (st != LD_OK)
		return st;
	why = ldi_request_encode(paper->out, piece->encoding,
	    plain->data != NULL ? plain->data : "", plain->len,
	    plain->len - first);
	return why == NULL ? LD_OK : refuse(piece, why, err);
}

enum ld_status
ldi_request_text_render(const struct ldi_request_text *text,
    struct ld_scope *scope, const struct ldi_request_paper *paper,
    struct ld_err *err)
{
	for (size_t i = 0; i < text->n; i++) {
		const struct ldi_request_piece *piece = &text->pieces[i];
		enum ld_status st;

		if (piece->text != NULL) {
			ld_buf_add(paper->out, piece->text, piece->len);
			continue;
		}
		st = render_piece(piece, scope, paper, err);
		if (st != LD_OK)
			return st;
	}
	return LD_OK;
}
