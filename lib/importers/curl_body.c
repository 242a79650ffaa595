/* SPDX-License-Identifier: MIT */
/* The pieces of --data, --json, --data-urlencode and --upload-file. */
#include "config.h"

#include <string.h>

#include "importers/curl_body.h"
#include "importers/curl_url.h"

void
ldi_curl_body_init(struct ldi_curl_body *body)
{
	*body = (struct ldi_curl_body){ 0 };
	ld_buf_init(&body->bytes, LDI_CURL_MAX_FILE);
}

void
ldi_curl_body_clear(struct ldi_curl_body *body)
{
	ld_buf_clear(&body->bytes);
}

bool
ldi_curl_body_has_variable(const struct ldi_curl_body *body)
{
	return !body->binary && body->bytes.len > 0 &&
	       memchr(body->bytes.data, '\0', body->bytes.len) != NULL;
}

enum ld_status
ldi_curl_body_read(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, const char *name, struct ld_buf *out,
    const char **path_out, uint64_t *size_out)
{
	struct ldi_curl_word file = op->input;

	if (strcmp(name, "-") != 0 && strcmp(name, ".") != 0) {
		if (path_out == NULL)
			return ldi_curl_file_read(curl, word, name, out);
		*path_out = NULL;
		if (ldi_curl_file_embed(curl, word, name, out, size_out) !=
		    LD_OK)
			return LD_INVALID;
		if (*size_out > LDI_CURL_MAX_EMBED)
			*path_out = name;
		return LD_OK;
	}
	if (file.text == NULL)
		return ldi_curl_error(curl, &word->at,
		    "'%s' is standard input, and the command has none: no "
		    "here-document, no '<file'",
		    name);
	if (file.kind == '<')
		return ldi_curl_file_read(curl, &file, file.text, out);
	ld_buf_add(out, file.text, file.len);
	return LD_OK;
}

/* -- --data --------------------------------------------------------------- */

/* As curl does with text files; a NUL goes too, unless it marks a variable. */
static void
drop_newlines(struct ld_buf *bytes, size_t from, bool marked)
{
	size_t to = from;

	for (size_t i = from; i < bytes->len; i++) {
		char c = bytes->data[i];

		if (c != '\r' && c != '\n' && (c != '\0' || marked))
			bytes->data[to++] = c;
	}
	bytes->len = to;
}

/* Does this name stand for a here-document, which is text of the shell? */
static bool
is_marked(const struct ldi_curl_op *op, const char *name)
{
	return strcmp(name, "-") == 0 && op->input.text != NULL &&
	       op->input.kind != '<';
}

/* --data-urlencode: "text", "=text", "name=text", "@file", "name@file". */
static enum ld_status
add_encoded(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, struct ld_buf *out)
{
	const char *mark = memchr(word->text, '=', word->len);
	const char *content = word->text;
	enum ld_status st = LD_OK;
	struct ld_buf text;
	size_t len;

	if (mark == NULL)
		mark = memchr(word->text, '@', word->len);
	if (mark != NULL)
		content = mark + 1;
	if (mark != NULL && mark > word->text) {
		ld_buf_add(out, word->text, (size_t)(mark - word->text));
		ld_buf_addc(out, '=');
	}
	len = word->len - (size_t)(content - word->text);
	ld_buf_init(&text, LDI_CURL_MAX_FILE);
	if (mark != NULL && *mark == '@') {
		st = ldi_curl_plain(curl, word, "the name of a file");
		if (st == LD_OK)
			st = ldi_curl_body_read(
			    curl, op, word, content, &text, NULL, NULL);
		ldi_curl_url_escape(out, text.data, text.len, true);
	} else if (len > 0 && memchr(content, '\0', len) != NULL) {
		ld_buf_add(out, content, len);
		st = ldi_curl_lose(curl, &word->at, "the encoding",
		    "the value of a variable is put in as it is");
	} else {
		ldi_curl_url_escape(out, content, len, true);
	}
	ld_buf_clear(&text);
	return st;
}

static enum ld_status
add_file(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, bool may_name, struct ldi_curl_body *body)
{
	size_t from = body->bytes.len;
	enum ld_status st = ldi_curl_plain(curl, word, "the name of a file");

	if (st == LD_OK)
		st = ldi_curl_body_read(curl, op, word, word->text + 1,
		    &body->bytes,
		    may_name && word->kind != LDI_CURL_DATA ? &body->path
							    : NULL,
		    &body->size);
	if (st == LD_OK && word->kind == LDI_CURL_DATA)
		drop_newlines(
		    &body->bytes, from, is_marked(op, word->text + 1));
	else if (!is_marked(op, word->text + 1))
		body->binary = true;
	return st;
}

static enum ld_status
add_piece(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, bool may_name, struct ldi_curl_body *body)
{
	if (word->kind == LDI_CURL_DATA_QUERY && word->text[0] == '+') {
		ld_buf_add(&body->bytes, word->text + 1, word->len - 1);
		return LD_OK;
	}
	if (word->kind == LDI_CURL_DATA_ENCODE ||
	    word->kind == LDI_CURL_DATA_QUERY)
		return add_encoded(curl, op, word, &body->bytes);
	if (word->kind != LDI_CURL_DATA_RAW && word->text[0] == '@')
		return add_file(curl, op, word, may_name, body);
	ld_buf_add(&body->bytes, word->text, word->len);
	return LD_OK;
}

/* A marker of a variable cannot be told from a NUL of a file. */
static enum ld_status
refuse_mixture(struct ldi_curl *curl, const struct ldi_curl_words *pieces,
    const struct ldi_curl_body *body)
{
	for (size_t i = 0; body->binary && i < pieces->n; i++)
		if (ldi_curl_has_variable(&pieces->list[i]))
			return ldi_curl_error(curl, &pieces->list[i].at,
			    "a body cannot hold a file's bytes and a variable "
			    "of the shell");
	return LD_OK;
}

enum ld_status
ldi_curl_body_data(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_words *pieces, bool may_name,
    struct ldi_curl_body *body)
{
	enum ld_status st = LD_OK;

	body->given = pieces->n > 0;
	for (size_t i = 0; i < pieces->n && st == LD_OK; i++) {
		const struct ldi_curl_word *word = &pieces->list[i];

		if (i > 0 && word->kind != LDI_CURL_DATA_JSON)
			ld_buf_addc(&body->bytes, '&');
		st =
		    add_piece(curl, op, word, may_name && pieces->n == 1, body);
	}
	if (st == LD_OK)
		st = refuse_mixture(curl, pieces, body);
	return st == LD_OK && body->bytes.failed ? ldi_curl_nomem(curl) : st;
}

enum ld_status
ldi_curl_body_upload(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, struct ldi_curl_body *body)
{
	enum ld_status st = ldi_curl_plain(curl, word, "the name of a file");

	body->given = true;
	body->binary = !is_marked(op, word->text);
	if (st == LD_OK)
		st = ldi_curl_body_read(curl, op, word, word->text,
		    &body->bytes, &body->path, &body->size);
	return st == LD_OK && body->bytes.failed ? ldi_curl_nomem(curl) : st;
}
