/* SPDX-License-Identifier: MIT */
/*
 * Config files: an option a line, without its dashes if one likes, and its
 * value behind blanks, "=" or ":", in quotes if it has blanks in it.
 */
#include "config.h"

#include <string.h>

#include "importers/curl_options.h"

struct lines {
	struct ldi_curl *curl;
	const char *p, *end; /* of the line at hand */
	struct ldi_curl_place at;
	struct ldi_curl_words *out;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void
skip_blanks(struct lines *lines)
{
	while (lines->p < lines->end && is_blank(*lines->p))
		lines->p++;
}

static enum ld_status
push(struct lines *lines, const char *text, size_t len)
{
	struct ldi_curl_word word;
	enum ld_status st;

	if (len > 0 && memchr(text, '\0', len) != NULL)
		return ldi_curl_error(
		    lines->curl, &lines->at, "a NUL byte in a config file");
	st = ldi_curl_word(lines->curl, &word, text, len, &lines->at);
	return st == LD_OK ? ldi_curl_push(lines->curl, lines->out, &word) : st;
}

static enum ld_status
push_quoted(struct lines *lines)
{
	static const char letters[] = "tnrv", bytes[] = "\t\n\r\v";
	struct ld_buf text;
	enum ld_status st;

	ld_buf_init(&text, LDI_CURL_MAX_FILE);
	for (lines->p++; lines->p < lines->end && *lines->p != '"';
	     lines->p++) {
		const char *letter;

		if (*lines->p != '\\' || lines->p + 1 == lines->end) {
			ld_buf_addc(&text, *lines->p);
			continue;
		}
		lines->p++;
		letter = *lines->p != '\0' ? strchr(letters, *lines->p) : NULL;
		ld_buf_addc(&text,
		    letter != NULL ? bytes[letter - letters] : *lines->p);
	}
	st = text.failed ? ldi_curl_nomem(lines->curl)
			 : push(lines, text.len > 0 ? text.data : "", text.len);
	ld_buf_clear(&text);
	return st;
}

static enum ld_status
read_value(struct lines *lines)
{
	const char *from = lines->p;

	if (*from == '"')
		return push_quoted(lines);
	while (lines->p < lines->end && !is_blank(*lines->p))
		lines->p++;
	return push(lines, from, (size_t)(lines->p - from));
}

/* The option as a word with its dashes. */
static enum ld_status
read_name(struct lines *lines)
{
	const char *from = lines->p;
	struct ld_buf text;
	enum ld_status st;
	bool dashed = *from == '-';

	while (lines->p < lines->end && !is_blank(*lines->p) &&
	       (dashed || (*lines->p != '=' && *lines->p != ':')))
		lines->p++;
	ld_buf_init(&text, LDI_CURL_MAX_FILE);
	ld_buf_adds(&text, dashed ? "" : "--");
	ld_buf_add(&text, from, (size_t)(lines->p - from));
	st = text.failed ? ldi_curl_nomem(lines->curl)
			 : push(lines, text.data, text.len);
	ld_buf_clear(&text);
	return st;
}

/* Does the option that was read last take a value? */
static bool
wants_value(const struct lines *lines)
{
	const struct ldi_curl_word *word = &lines->out->list[lines->out->n - 1];
	const struct ldi_curl_option *o;
	bool many;

	if (word->text[0] == '-' && word->text[1] != '-')
		o = word->len == 2 ? ldi_curl_option_letter(word->text[1])
				   : NULL;
	else
		o = ldi_curl_option_name(word->text + 2, &many);
	return o != NULL && o->arg == LDI_CURL_VALUE;
}

static enum ld_status
read_line(struct lines *lines)
{
	enum ld_status st;

	skip_blanks(lines);
	if (lines->p == lines->end || *lines->p == '#')
		return LD_OK;
	st = read_name(lines);
	skip_blanks(lines);
	if (st == LD_OK && lines->p < lines->end &&
	    (*lines->p == '=' || *lines->p == ':')) {
		lines->p++;
		skip_blanks(lines);
	}
	if (st == LD_OK && lines->p == lines->end && wants_value(lines))
		return push(lines, "", 0);
	if (st != LD_OK || lines->p == lines->end || *lines->p == '#')
		return st;
	return read_value(lines);
}

static enum ld_status
read_text(struct lines *lines, const char *p, const char *end)
{
	enum ld_status st = LD_OK;

	for (; st == LD_OK && p < end; lines->at.line++) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		lines->p = p;
		lines->end = eol != NULL ? eol : end;
		lines->at.column = 1;
		st = read_line(lines);
		p = eol != NULL ? eol + 1 : end;
	}
	return st;
}

enum ld_status
ldi_curl_config_read(struct ldi_curl *curl, const struct ldi_curl_word *name,
    struct ldi_curl_words *words_out)
{
	struct lines lines = { .curl = curl,
		.at = { .file = name->text, .line = 1 },
		.out = words_out };
	struct ld_buf text;
	enum ld_status st;

	if (strcmp(name->text, "-") == 0)
		return ldi_curl_error(curl, &name->at,
		    "a config file on standard input cannot be imported");
	st = ldi_curl_plain(curl, name, "the name of a config file");
	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	if (st == LD_OK)
		st = ldi_curl_file_read(curl, name, name->text, &text);
	if (st == LD_OK && text.len > 0)
		st = read_text(&lines, text.data, text.data + text.len);
	ld_buf_clear(&text);
	return st;
}
