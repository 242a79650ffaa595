/* SPDX-License-Identifier: MIT */
/*
 * --form NAME=CONTENT[;type=T][;filename=F][;headers=H][;encoder=E], where
 * CONTENT is text, @file[,file...], <file, "(" which opens a multipart part,
 * or ")" without a name, which closes it.  Words may stand in double quotes.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "importers/curl_body.h"

struct form {
	struct ldi_curl *curl;
	const struct ldi_curl_op *op;
	const struct ldi_curl_word *word;
	const char *p, *end; /* in it */
	char stop;           /* ends a parameter besides ';' */
	/* Where the next part goes: the innermost list that is open. */
	struct ldi_curl_part **next[LDI_CURL_MAX_NESTING];
	size_t depth;
};

static enum ld_status
fail(const struct form *form, const char *what)
{
	return ldi_curl_error(form->curl, &form->word->at,
	    "the form field '%s': %s", form->word->text, what);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
skip_spaces(struct form *form)
{
	while (form->p < form->end && is_space(*form->p))
		form->p++;
}

static bool
at_stop(const struct form *form)
{
	return form->p == form->end || *form->p == ';' ||
	       (form->stop != '\0' && *form->p == form->stop);
}

/* Where the quotes that begin here end, or NULL. */
static const char *
quote_end(const struct form *form)
{
	for (const char *p = form->p + 1; p < form->end; p++) {
		if (*p == '\\' && p + 1 < form->end &&
		    (p[1] == '\\' || p[1] == '"'))
			p++;
		else if (*p == '"')
			return p;
	}
	return NULL;
}

/* A word, quoted or up to the next ';'. */
static enum ld_status
read_param(struct form *form, struct ldi_curl_word *out)
{
	const char *from, *quote = NULL;
	enum ld_status st;
	struct ld_buf text;

	skip_spaces(form);
	if (form->p < form->end && *form->p == '"')
		quote = quote_end(form);
	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	if (quote != NULL) {
		for (form->p++; form->p < quote; form->p++) {
			form->p += *form->p == '\\' &&
				   (form->p[1] == '\\' || form->p[1] == '"');
			ld_buf_addc(&text, *form->p);
		}
		while (!at_stop(form))
			form->p++;
	} else {
		from = form->p;
		while (!at_stop(form))
			form->p++;
		ld_buf_add(&text, from, (size_t)(form->p - from));
		while (text.len > 0 && is_space(text.data[text.len - 1]))
			text.len--;
	}
	st = text.failed ? ldi_curl_nomem(form->curl)
			 : ldi_curl_word(form->curl, out, text.data, text.len,
			       &form->word->at);
	ld_buf_clear(&text);
	return st;
}

/* -- parameters behind the content ---------------------------------------- */

/* A type may have parameters of its own: everything up to the next word that
 * is one of ours. */
static bool
begins_param(const char *p, const char *end)
{
	static const char *const names[] = {
		"type=", "filename=", "headers=", "encoder="
	};

	while (p < end && is_space(*p))
		p++;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((size_t)(end - p) >= strlen(names[i]) &&
		    strncasecmp(p, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static enum ld_status
read_type(struct form *form, struct ldi_curl_word *out)
{
	const char *from, *slash;
	size_t len;

	skip_spaces(form);
	from = form->p;
	while (form->p < form->end &&
	       (form->stop == '\0' || *form->p != form->stop) &&
	       (*form->p != ';' || !begins_param(form->p + 1, form->end)))
		form->p++;
	len = (size_t)(form->p - from);
	while (len > 0 && is_space(from[len - 1]))
		len--;
	slash = len > 0 ? memchr(from, '/', len) : NULL;
	if (slash == NULL || slash == from || slash + 1 == from + len ||
	    strchr(" ;,\n", slash[1]) != NULL)
		return fail(form, "its type is none such as text/plain");
	return ldi_curl_word(form->curl, out, from, len, &form->word->at);
}

static enum ld_status
add_header(
    struct form *form, struct ldi_curl_part *part, const char *text, size_t len)
{
	struct ldi_curl_word word;
	enum ld_status st;

	while (len > 0 && is_space(text[len - 1]))
		len--;
	if (len == 0)
		return LD_OK;
	st = ldi_curl_word(form->curl, &word, text, len, &form->word->at);
	return st == LD_OK ? ldi_curl_push(form->curl, &part->headers, &word)
			   : st;
}

/* Headers of a file, a line each; '#' begins a comment, a line that begins
 * with a blank continues the one before. */
static enum ld_status
read_header_file(struct form *form, struct ldi_curl_part *part)
{
	struct ldi_curl_word name;
	struct ld_buf text;
	enum ld_status st;

	form->p++;
	st = read_param(form, &name);
	if (st == LD_OK)
		st = ldi_curl_plain(form->curl, &name, "the name of a file");
	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	if (st == LD_OK)
		st = ldi_curl_body_read(
		    form->curl, form->op, &name, name.text, &text, NULL, NULL);
	if (st == LD_OK && text.len > 0 &&
	    memchr(text.data, '\0', text.len) != NULL)
		st = fail(form, "its file of headers holds a NUL");
	for (size_t i = 0; st == LD_OK && i < text.len;) {
		const char *line = text.data + i;
		const char *eol = memchr(line, '\n', text.len - i);
		size_t len = eol != NULL ? (size_t)(eol - line) : text.len - i;

		i += len + 1;
		if (line[0] == '#' || len == 0)
			continue;
		if (is_space(line[0]) && part->headers.n > 0)
			st =
			    fail(form, "its file of headers has a folded line");
		else
			st = add_header(form, part, line, len);
	}
	ld_buf_clear(&text);
	return st;
}

static enum ld_status
read_headers(struct form *form, struct ldi_curl_part *part)
{
	struct ldi_curl_word word;
	enum ld_status st;

	if (form->p < form->end && (*form->p == '@' || *form->p == '<'))
		return read_header_file(form, part);
	st = read_param(form, &word);
	return st == LD_OK ? add_header(form, part, word.text, word.len) : st;
}

static bool
takes(struct form *form, const char *name)
{
	size_t len = strlen(name);

	if ((size_t)(form->end - form->p) < len ||
	    strncasecmp(form->p, name, len) != 0)
		return false;
	form->p += len;
	return true;
}

/* Everything behind the content. */
static enum ld_status
read_params(struct form *form, struct ldi_curl_part *part)
{
	struct ldi_curl_word other;
	enum ld_status st = LD_OK;

	while (st == LD_OK && form->p < form->end && *form->p == ';') {
		form->p++;
		skip_spaces(form);
		if (takes(form, "type="))
			st = read_type(form, &part->type);
		else if (takes(form, "filename="))
			st = read_param(form, &part->filename);
		else if (takes(form, "headers="))
			st = read_headers(form, part);
		else if (takes(form, "encoder="))
			st = read_param(form, &part->encoder);
		else {
			st = read_param(form, &other);
			if (st == LD_OK && other.len > 0)
				st = ldi_curl_lose(form->curl, &form->word->at,
				    "a form field's parameter",
				    "curl knows none of this name");
		}
	}
	return st;
}

/* -- parts ---------------------------------------------------------------- */

static enum ld_status
new_part(struct form *form, struct ldi_curl_part **part_out)
{
	struct ldi_curl_part *part =
	    ldi_arena_alloc(form->curl->arena, sizeof(*part));

	if (part == NULL)
		return ldi_curl_nomem(form->curl);
	part->at = form->word->at;
	*form->next[form->depth] = part;
	form->next[form->depth] = &part->next;
	*part_out = part;
	return LD_OK;
}

/* The bytes of a file into the part; a name of its own unless it has one. */
static enum ld_status
read_file(struct form *form, struct ldi_curl_part *part,
    const struct ldi_curl_word *name, bool named)
{
	const char *slash = strrchr(name->text, '/');
	struct ldi_curl_word copy;
	struct ld_buf bytes;
	enum ld_status st =
	    ldi_curl_plain(form->curl, name, "the name of a file");

	ld_buf_init(&bytes, LDI_CURL_MAX_FILE);
	if (st == LD_OK)
		st = ldi_curl_body_read(form->curl, form->op, name, name->text,
		    &bytes, &part->path, &part->size);
	if (st == LD_OK && bytes.failed)
		st = ldi_curl_nomem(form->curl);
	if (st == LD_OK)
		st = ldi_curl_word(
		    form->curl, &copy, bytes.data, bytes.len, &name->at);
	ld_buf_clear(&bytes);
	if (st != LD_OK)
		return st;
	part->bytes = copy.text;
	part->len = copy.len;
	part->binary = true;
	part->source = name->text;
	if (named && part->filename.text == NULL) {
		const char *base = slash != NULL ? slash + 1 : name->text;

		return ldi_curl_word(
		    form->curl, &part->filename, base, strlen(base), &name->at);
	}
	return LD_OK;
}

/* @a,b;type=...: at the name of the first file. */
static enum ld_status
read_files(struct form *form, const struct ldi_curl_word *name)
{
	struct ldi_curl_part *part, *first = NULL, *parent;
	struct ldi_curl_word file;
	enum ld_status st;

	if (form->depth + 1 == LDI_CURL_MAX_NESTING)
		return fail(form, "it is nested too deep");
	st = new_part(form, &parent);
	if (st != LD_OK)
		return st;
	form->next[++form->depth] = &parent->children;
	form->stop = ',';
	do {
		form->p += form->p < form->end && *form->p == ',';
		st = new_part(form, &part);
		if (st == LD_OK)
			st = read_param(form, &file);
		if (st == LD_OK)
			st = read_params(form, part);
		if (st == LD_OK)
			st = read_file(form, part, &file, true);
		first = first == NULL ? part : first;
	} while (st == LD_OK && form->p < form->end && *form->p == ',');
	form->depth--;
	if (st != LD_OK)
		return st;
	if (first->next == NULL)
		*parent = *first; /* one file is a part of its own */
	else
		parent->nested = true;
	form->next[form->depth] = &parent->next;
	parent->name = *name;
	return LD_OK;
}

static enum ld_status
open_part(struct form *form, const struct ldi_curl_word *name)
{
	struct ldi_curl_part *part;
	struct ldi_curl_word none;
	enum ld_status st;

	if (form->depth + 1 == LDI_CURL_MAX_NESTING)
		return fail(form, "it is nested too deep");
	st = new_part(form, &part);
	if (st == LD_OK)
		st = read_param(form, &none);
	if (st == LD_OK)
		st = read_params(form, part);
	if (st != LD_OK)
		return st;
	part->name = *name;
	part->nested = true;
	form->next[++form->depth] = &part->children;
	return LD_OK;
}

static enum ld_status
read_content(struct form *form, const struct ldi_curl_word *name)
{
	struct ldi_curl_part *part;
	struct ldi_curl_word content;
	char first = form->p < form->end ? *form->p : '\0';
	bool literal = form->word->kind == LDI_CURL_FORM_STRING;
	enum ld_status st;

	if (!literal && first == '@') {
		form->p++;
		return read_files(form, name);
	}
	if (!literal && first == '(')
		return open_part(form, name);
	st = new_part(form, &part);
	if (st != LD_OK)
		return st;
	part->name = *name;
	if (literal) {
		part->bytes = form->p;
		part->len = (size_t)(form->end - form->p);
		return LD_OK;
	}
	form->p += first == '<';
	st = read_param(form, &content);
	if (st == LD_OK)
		st = read_params(form, part);
	if (st == LD_OK && first == '<')
		return read_file(form, part, &content, false);
	part->bytes = content.text;
	part->len = content.len;
	return st;
}

static enum ld_status
read_field(struct form *form)
{
	const struct ldi_curl_word *word = form->word;
	const char *equals = memchr(word->text, '=', word->len);
	struct ldi_curl_word name = { 0 };
	enum ld_status st = LD_OK;

	if (equals == NULL)
		return fail(form, "it is none such as name=content");
	form->p = equals + 1;
	form->end = word->text + word->len;
	form->stop = '\0';
	if (equals > word->text)
		st = ldi_curl_word(form->curl, &name, word->text,
		    (size_t)(equals - word->text), &word->at);
	if (st != LD_OK)
		return st;
	if (name.text == NULL && word->kind == LDI_CURL_FORM &&
	    strcmp(form->p, ")") == 0) {
		if (form->depth == 0)
			return fail(form, "it closes what was not opened");
		form->depth--;
		return LD_OK;
	}
	return read_content(form, &name);
}

enum ld_status
ldi_curl_form_read(struct ldi_curl *curl, const struct ldi_curl_op *op,
    struct ldi_curl_body *body)
{
	struct form form = { .curl = curl, .op = op };
	enum ld_status st = LD_OK;

	body->given = true;
	form.next[0] = &body->form;
	for (size_t i = 0; i < op->forms.n && st == LD_OK; i++) {
		form.word = &op->forms.list[i];
		st = read_field(&form);
	}
	return st;
}
