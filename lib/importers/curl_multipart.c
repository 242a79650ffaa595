/* SPDX-License-Identifier: MIT */
/*
 * Multipart bodies.  A plan's `files` say most of what --form can, and are
 * what people edit; the rest is written out here, as curl does it.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "importers/curl_body.h"

struct writer {
	struct ldi_curl *curl;
	struct ld_buf *out;
	unsigned mark, serial; /* make a boundary */
	bool escape;           /* quotes by backslash, not in percent */
};

/* -- types ---------------------------------------------------------------- */

static const char *
guess_type(const char *name)
{
	static const char *const types[][2] = {
		{ ".gif", "image/gif" },
		{ ".jpg", "image/jpeg" },
		{ ".jpeg", "image/jpeg" },
		{ ".png", "image/png" },
		{ ".svg", "image/svg+xml" },
		{ ".txt", "text/plain" },
		{ ".htm", "text/html" },
		{ ".html", "text/html" },
		{ ".pdf", "application/pdf" },
		{ ".xml", "application/xml" },
	};
	size_t len = name != NULL ? strlen(name) : 0;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t n = strlen(types[i][0]);

		if (len >= n && strcasecmp(name + len - n, types[i][0]) == 0)
			return types[i][1];
	}
	return NULL;
}

static bool
has_header(const struct ldi_curl_part *part, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < part->headers.n; i++)
		if (strncasecmp(part->headers.list[i].text, name, len) == 0 &&
		    part->headers.list[i].text[len] == ':')
			return true;
	return false;
}

const char *
ldi_curl_multipart_type(const struct ldi_curl_part *part)
{
	const char *type;

	if (part->type.text != NULL)
		return part->type.text;
	if (has_header(part, "Content-Type"))
		return NULL;
	type = guess_type(part->filename.text);
	if (type == NULL)
		type = guess_type(part->source);
	if (type == NULL && part->source != NULL && part->filename.text != NULL)
		type = "application/octet-stream";
	if (type != NULL && strcmp(type, "text/plain") == 0 &&
	    part->filename.text == NULL)
		type = NULL;
	return type;
}

/* -- what a plan can say -------------------------------------------------- */

static bool
is_text(const struct ldi_curl_word *word)
{
	return word->text == NULL || ldi_utf8_valid(word->text, word->len);
}

/* Do curl and ld-run write it alike between quotation marks? */
static bool
is_plain_name(const struct ldi_curl_op *op, const struct ldi_curl_word *word)
{
	for (size_t i = 0; i < word->len; i++) {
		unsigned char c = (unsigned char)word->text[i];

		if ((op->form_escape && (c == '"' || c == '\\')) || c == 0x7f ||
		    (c != '\0' && c < 0x20 && (c != '\r' && c != '\n')))
			return false;
	}
	return is_text(word);
}

static bool
part_fits(const struct ldi_curl_op *op, const struct ldi_curl_part *part)
{
	if (part->nested || part->encoder.text != NULL ||
	    part->name.text == NULL || !is_plain_name(op, &part->name) ||
	    !is_plain_name(op, &part->filename) || !is_text(&part->type) ||
	    (part->path != NULL && part->filename.text == NULL) ||
	    (!part->binary && !ldi_utf8_valid(part->bytes, part->len)))
		return false;
	/* ld-run names a type for bytes. */
	if (part->binary && part->path == NULL &&
	    ldi_curl_multipart_type(part) == NULL)
		return false;
	for (size_t i = 0; i < part->headers.n; i++)
		if (!is_text(&part->headers.list[i]) ||
		    strchr(part->headers.list[i].text, ':') == NULL ||
		    has_header(part, "Content-Type"))
			return false;
	return true;
}

bool
ldi_curl_multipart_fits(
    const struct ldi_curl_op *op, const struct ldi_curl_part *parts)
{
	for (; parts != NULL; parts = parts->next)
		if (!part_fits(op, parts))
			return false;
	return true;
}

/* -- the body itself ------------------------------------------------------ */

static void
put_boundary(const struct writer *w, struct ld_buf *out, unsigned serial)
{
	ld_buf_addf(out, "------------------------%08x%08x", w->mark, serial);
}

static void
put_name(
    const struct writer *w, const char *key, const struct ldi_curl_word *name)
{
	ld_buf_addf(w->out, "; %s=\"", key);
	for (size_t i = 0; i < name->len; i++) {
		char c = name->text[i];

		if (w->escape && (c == '"' || c == '\\'))
			ld_buf_addf(w->out, "\\%c", c);
		else if (!w->escape && (c == '"' || c == '\r' || c == '\n'))
			ld_buf_addf(w->out, "%%%02X", (unsigned)c);
		else
			ld_buf_addc(w->out, c);
	}
	ld_buf_addc(w->out, '"');
}

static void
put_disposition(const struct writer *w, const struct ldi_curl_part *part,
    const char *disposition)
{
	if (has_header(part, "Content-Disposition") ||
	    (strcmp(disposition, "attachment") == 0 &&
		part->name.text == NULL && part->filename.text == NULL))
		return;
	ld_buf_addf(w->out, "Content-Disposition: %s", disposition);
	if (part->name.text != NULL)
		put_name(w, "name", &part->name);
	if (part->filename.text != NULL)
		put_name(w, "filename", &part->filename);
	ld_buf_adds(w->out, "\r\n");
}

/* 76 characters a line, of 57 bytes each (RFC 2045, 6.8). */
static void
add_lines(struct ld_buf *out, const char *bytes, size_t len)
{
	for (size_t at = 0; at < len; at += 57) {
		if (at > 0)
			ld_buf_adds(out, "\r\n");
		ldi_base64_add(out, bytes + at, len - at < 57 ? len - at : 57);
	}
}

/* The encodings that change no byte, and base64 in lines. */
static enum ld_status
put_bytes(const struct writer *w, const struct ldi_curl_part *part)
{
	const char *encoder = part->encoder.text;
	struct ldi_curl_word file = { .text = part->path, .at = part->at };

	if (part->path != NULL)
		return ldi_curl_file_read(w->curl, &file, part->path, w->out);
	if (encoder != NULL && strcasecmp(encoder, "base64") == 0)
		add_lines(w->out, part->bytes, part->len);
	else
		ld_buf_add(w->out, part->bytes, part->len);
	return LD_OK;
}

static enum ld_status
check_encoder(const struct writer *w, const struct ldi_curl_part *part)
{
	static const char *const known[] = { "base64", "8bit", "7bit",
		"binary" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(part->encoder.text, known[i]) == 0)
			return LD_OK;
	return ldi_curl_error(w->curl, &part->at,
	    "the encoder '%s' of a form field cannot be imported",
	    part->encoder.text);
}

static enum ld_status put_parts(struct writer *w,
    const struct ldi_curl_part *parts, unsigned serial,
    const char *disposition);

static enum ld_status
put_part(
    struct writer *w, const struct ldi_curl_part *part, const char *disposition)
{
	const char *type = ldi_curl_multipart_type(part);
	unsigned serial = 0;
	enum ld_status st = LD_OK;

	put_disposition(w, part, disposition);
	if (part->nested) {
		serial = ++w->serial;
		ld_buf_addf(w->out, "Content-Type: %s; boundary=",
		    type != NULL ? type : "multipart/mixed");
		put_boundary(w, w->out, serial);
		ld_buf_adds(w->out, "\r\n");
	} else if (type != NULL) {
		ld_buf_addf(w->out, "Content-Type: %s\r\n", type);
	}
	if (part->encoder.text != NULL && !part->nested) {
		st = check_encoder(w, part);
		ld_buf_addf(w->out, "Content-Transfer-Encoding: %s\r\n",
		    part->encoder.text);
	}
	for (size_t i = 0; i < part->headers.n; i++) {
		ld_buf_add(w->out, part->headers.list[i].text,
		    part->headers.list[i].len);
		ld_buf_adds(w->out, "\r\n");
	}
	ld_buf_adds(w->out, "\r\n");
	if (st != LD_OK)
		return st;
	return part->nested ? put_parts(w, part->children, serial, "attachment")
			    : put_bytes(w, part);
}

static enum ld_status
put_parts(struct writer *w, const struct ldi_curl_part *parts, unsigned serial,
    const char *disposition)
{
	enum ld_status st = LD_OK;

	for (; parts != NULL && st == LD_OK; parts = parts->next) {
		ld_buf_adds(w->out, "--");
		put_boundary(w, w->out, serial);
		ld_buf_adds(w->out, "\r\n");
		st = put_part(w, parts, disposition);
		ld_buf_adds(w->out, "\r\n");
	}
	ld_buf_adds(w->out, "--");
	put_boundary(w, w->out, serial);
	ld_buf_adds(w->out, "--\r\n");
	return st;
}

/* -- boundaries, and what must not be in the text ------------------------- */

static bool
any_holds(const struct ldi_curl_part *parts, const char *text, size_t len)
{
	for (; parts != NULL; parts = parts->next)
		if ((parts->len > 0 &&
			memmem(parts->bytes, parts->len, text, len) != NULL) ||
		    any_holds(parts->children, text, len))
			return true;
	return false;
}

static void
choose_mark(struct writer *w, const struct ldi_curl_part *parts)
{
	char text[33];

	for (w->mark = 0; w->mark < UINT32_MAX; w->mark++) {
		snprintf(text, sizeof(text), "------------------------%08x",
		    w->mark);
		if (!any_holds(parts, text, 32))
			return;
	}
}

static bool
any_binary_nul(const struct ldi_curl_part *parts)
{
	for (; parts != NULL; parts = parts->next)
		if ((parts->binary && parts->len > 0 &&
			memchr(parts->bytes, '\0', parts->len) != NULL) ||
		    parts->path != NULL || any_binary_nul(parts->children))
			return true;
	return false;
}

static bool
any_variable(const struct ldi_curl_part *parts)
{
	for (; parts != NULL; parts = parts->next)
		if ((!parts->binary && parts->len > 0 &&
			memchr(parts->bytes, '\0', parts->len) != NULL) ||
		    ldi_curl_has_variable(&parts->name) ||
		    ldi_curl_has_variable(&parts->filename) ||
		    any_variable(parts->children))
			return true;
	return false;
}

enum ld_status
ldi_curl_multipart_write(struct ldi_curl *curl, const struct ldi_curl_op *op,
    struct ldi_curl_body *body, bool form_data, struct ld_buf *boundary_out)
{
	struct writer w = {
		.curl = curl, .out = &body->bytes, .escape = op->form_escape
	};
	enum ld_status st;

	body->binary = any_binary_nul(body->form);
	if (body->binary && any_variable(body->form))
		return ldi_curl_error(curl, &body->form->at,
		    "a body cannot hold a file's bytes and a variable of the "
		    "shell");
	choose_mark(&w, body->form);
	put_boundary(&w, boundary_out, 0);
	st = put_parts(
	    &w, body->form, 0, form_data ? "form-data" : "attachment");
	return st == LD_OK && body->bytes.failed ? ldi_curl_nomem(curl) : st;
}
