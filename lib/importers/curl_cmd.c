/* SPDX-License-Identifier: MIT */
/*
 * Commands as browsers copy them for cmd.exe.
 *
 * Two programs read such a line.  cmd.exe takes its carets away, which outside
 * of its own quotes make the next character an ordinary one, and cuts the line
 * at & and |.  Then curl's start-up code makes words of what is left, where a
 * backslash counts in front of a quote only and "" within quotes is a quote.
 */
#include "config.h"

#include <string.h>

#include "importers/curl.h"

/* What cmd.exe leaves of one command, and where each byte came from. */
struct line {
	struct ld_buf text, offsets; /* char, uint32_t */
};

struct reader {
	struct ldi_curl *curl;
	const char *text, *p, *end;
	struct line line;
	struct ldi_curl_command **next;
	size_t n_commands;
	/* Line and column are counted on from the place asked for last. */
	const char *counted, *bol;
	unsigned line_number;
};

static struct ldi_curl_place
place_of(struct reader *r, const char *p)
{
	for (; r->counted < p; r->counted++)
		if (*r->counted == '\n') {
			r->line_number++;
			r->bol = r->counted + 1;
		}
	return (struct ldi_curl_place){ .line = r->line_number,
		.column = (unsigned)(p - r->bol) + 1 };
}

/* -- cmd.exe -------------------------------------------------------------- */

static void
keep_byte(struct reader *r, const char *p)
{
	uint32_t offset = (uint32_t)(p - r->text);

	if (*p == '\0')
		return;
	ld_buf_addc(&r->line.text, *p);
	ld_buf_add(&r->line.offsets, &offset, sizeof(offset));
}

/* Behind a caret: at the end of a line it and the line end go, and what
 * follows, were it another line end, is an ordinary character. */
static void
read_caret(struct reader *r)
{
	if (r->p < r->end && *r->p == '\r')
		r->p++;
	if (r->p < r->end && *r->p == '\n') {
		r->p++;
		if (r->p < r->end && *r->p == '\r')
			r->p++;
		if (r->p == r->end || *r->p != '\n')
			return;
	}
	if (r->p < r->end)
		keep_byte(r, r->p++);
}

/* Up to the end of the command. */
static void
read_line(struct reader *r)
{
	bool quoted = false;

	for (; r->p < r->end; r->p++) {
		char c = *r->p;

		if (c == '\n' || (!quoted && (c == '&' || c == '|')))
			break;
		if (c == '"')
			quoted = !quoted;
		if (c == '^' && !quoted) {
			r->p++;
			read_caret(r);
			r->p--;
		} else if (c != '\r') {
			keep_byte(r, r->p);
		}
	}
	if (r->p < r->end)
		r->p++;
}

/* -- words ---------------------------------------------------------------- */

/* Backslashes at text[i]: doubled ones in front of a quote are one each, and
 * an odd one makes the quote ordinary. */
static size_t
read_backslashes(const struct ld_buf *text, size_t i, struct ld_buf *word)
{
	size_t n = 0;
	bool before_quote;

	while (i + n < text->len && text->data[i + n] == '\\')
		n++;
	before_quote = i + n < text->len && text->data[i + n] == '"';
	for (size_t k = 0; k < (before_quote ? n / 2 : n); k++)
		ld_buf_addc(word, '\\');
	if (before_quote && n % 2 == 1) {
		ld_buf_addc(word, '"');
		n++;
	}
	return i + n;
}

static size_t
read_word(const struct ld_buf *text, size_t i, struct ld_buf *word)
{
	bool quoted = false;

	while (i < text->len) {
		char c = text->data[i];

		if (!quoted && (c == ' ' || c == '\t' || c == '\n'))
			break;
		if (c == '\\') {
			i = read_backslashes(text, i, word);
		} else if (c != '"') {
			ld_buf_addc(word, c);
			i++;
		} else if (quoted && i + 1 < text->len &&
			   text->data[i + 1] == '"') {
			ld_buf_addc(word, '"');
			i += 2;
		} else {
			quoted = !quoted;
			i++;
		}
	}
	return i;
}

static size_t
skip_blanks(const struct ld_buf *text, size_t i)
{
	while (i < text->len && strchr(" \t\n", text->data[i]) != NULL)
		i++;
	return i;
}

static enum ld_status
read_words(struct reader *r, struct ldi_curl_command *command)
{
	const struct ld_buf *text = &r->line.text;
	struct ldi_curl_word word;
	enum ld_status st = LD_OK;
	struct ld_buf buf;
	size_t i = 0;

	ld_buf_init(&buf, LDI_CURL_MAX_TEXT);
	while (st == LD_OK && (i = skip_blanks(text, i)) < text->len) {
		struct ldi_curl_place at;
		uint32_t offset;

		memcpy(&offset, r->line.offsets.data + i * sizeof(offset),
		    sizeof(offset));
		at = place_of(r, r->text + offset);
		ld_buf_reset(&buf);
		i = read_word(text, i, &buf);
		st = buf.failed ? ldi_curl_nomem(r->curl)
				: ldi_curl_word(
				      r->curl, &word, buf.data, buf.len, &at);
		if (st == LD_OK)
			st = ldi_curl_push(r->curl, &command->words, &word);
	}
	ld_buf_clear(&buf);
	return st;
}

/* -- the whole ------------------------------------------------------------ */

static enum ld_status
read_command(struct reader *r)
{
	struct ldi_curl_command *command;
	const char *from = r->p;
	enum ld_status st;

	ld_buf_reset(&r->line.text);
	ld_buf_reset(&r->line.offsets);
	read_line(r);
	if (r->line.text.failed || r->line.offsets.failed)
		return ldi_curl_nomem(r->curl);
	if (skip_blanks(&r->line.text, 0) == r->line.text.len ||
	    r->line.text.data[skip_blanks(&r->line.text, 0)] == '#')
		return LD_OK;
	if (++r->n_commands > LDI_CURL_MAX_COMMANDS) {
		struct ldi_curl_place at = place_of(r, from);

		return ldi_curl_error(r->curl, &at, "more than %d commands",
		    LDI_CURL_MAX_COMMANDS);
	}
	command = ldi_arena_alloc(r->curl->arena, sizeof(*command));
	if (command == NULL)
		return ldi_curl_nomem(r->curl);
	st = read_words(r, command);
	*r->next = command;
	r->next = &command->next;
	return st;
}

enum ld_status
ldi_curl_cmd_read(struct ldi_curl *curl, const char *text, size_t len,
    struct ldi_curl_command **first_out)
{
	struct reader r = { .curl = curl,
		.text = text,
		.p = text,
		.end = text + len,
		.next = first_out,
		.counted = text,
		.bol = text,
		.line_number = 1 };
	enum ld_status st = LD_OK;

	*first_out = NULL;
	ld_buf_init(&r.line.text, LDI_CURL_MAX_TEXT);
	ld_buf_init(&r.line.offsets, LDI_CURL_MAX_TEXT * sizeof(uint32_t));
	while (st == LD_OK && r.p < r.end)
		st = read_command(&r);
	ld_buf_clear(&r.line.text);
	ld_buf_clear(&r.line.offsets);
	return st;
}

/* A caret before a quote or a line end, outside of single quotes, means
 * nothing to a POSIX shell, and a backslash before a line end nothing to
 * cmd.exe. */
bool
ldi_curl_cmd_looks(const char *text, size_t len)
{
	bool single = false;

	for (size_t i = 0; i + 1 < len; i++) {
		char c = text[i], next = text[i + 1];

		if (c == '\'')
			single = !single;
		if (single)
			continue;
		if (c == '\\' && (next == '\n' || next == '\r'))
			return false;
		if (c == '^' && (next == '"' || next == '\n' || next == '\r'))
			return true;
	}
	return false;
}
