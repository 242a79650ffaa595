/* SPDX-License-Identifier: MIT */
/* Patterns in URLs: {one,two} and [1-100:10], every one with every other. */
#include "config.h"

#include <stdio.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "importers/curl_url.h"

struct glob {
	struct ldi_curl *curl;
	const struct ldi_curl_word *word;
	const char *p;
	struct ldi_curl_words urls; /* up to here */
	size_t bytes;               /* of all that were made */
};

static enum ld_status
fail(const struct glob *glob, const char *what)
{
	return ldi_curl_error(glob->curl, &glob->word->at,
	    "the URL '%s': %s at '%.20s'; --globoff takes it as it is",
	    glob->word->text, what, glob->p);
}

/* Every URL so far with every piece behind it. */
static enum ld_status
multiply(struct glob *glob, const struct ldi_curl_words *pieces)
{
	struct ldi_curl_words out = { 0 };
	struct ld_buf text;
	struct ldi_curl_word word;
	enum ld_status st = LD_OK;

	if (pieces->n > 0 && glob->urls.n > LDI_CURL_MAX_TASKS / pieces->n)
		return ldi_curl_error(glob->curl, &glob->word->at,
		    "the URL '%s' stands for more than %d", glob->word->text,
		    LDI_CURL_MAX_TASKS);
	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	for (size_t i = 0; i < glob->urls.n && st == LD_OK; i++)
		for (size_t k = 0; k < pieces->n && st == LD_OK; k++) {
			const struct ldi_curl_word *a = &glob->urls.list[i];
			const struct ldi_curl_word *b = &pieces->list[k];

			ld_buf_reset(&text);
			ld_buf_add(&text, a->text, a->len);
			ld_buf_add(&text, b->text, b->len);
			glob->bytes += text.len;
			if (text.failed || glob->bytes > LDI_CURL_MAX_TEXT)
				st = ldi_curl_error(glob->curl, &glob->word->at,
				    "the URLs of '%.40s...' are too long",
				    glob->word->text);
			else
				st = ldi_curl_word(glob->curl, &word, text.data,
				    text.len, &glob->word->at);
			if (st == LD_OK)
				st = ldi_curl_push(glob->curl, &out, &word);
		}
	ld_buf_clear(&text);
	glob->urls = out;
	return st;
}

static enum ld_status
add_piece(struct glob *glob, struct ldi_curl_words *pieces, const char *text,
    size_t len)
{
	struct ldi_curl_word word;
	enum ld_status st =
	    ldi_curl_word(glob->curl, &word, text, len, &glob->word->at);

	return st == LD_OK ? ldi_curl_push(glob->curl, pieces, &word) : st;
}

/* {a,b}: at the brace. */
static enum ld_status
read_set(struct glob *glob)
{
	const char *from = ++glob->p;
	struct ldi_curl_words pieces = { 0 };
	struct ld_buf text;
	enum ld_status st = LD_OK;
	bool more = true;

	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	for (; st == LD_OK && more; glob->p++) {
		char c = *glob->p;

		if (c == '\0' || c == '{' || c == '[' || c == ']') {
			st = fail(glob, c == '\0' ? "a brace is not closed"
						  : "brackets in braces");
		} else if (c == ',' || c == '}') {
			st = add_piece(glob, &pieces, text.data, text.len);
			ld_buf_reset(&text);
			more = c == ',';
		} else {
			glob->p += c == '\\' && glob->p[1] != '\0';
			ld_buf_addc(&text, *glob->p);
		}
	}
	if (st == LD_OK && glob->p == from + 1)
		st = fail(glob, "empty braces");
	if (text.failed)
		st = ldi_curl_nomem(glob->curl);
	ld_buf_clear(&text);
	return st == LD_OK ? multiply(glob, &pieces) : st;
}

/* The ":STEP]" of a range. */
static bool
read_step(struct glob *glob, unsigned long *step_out)
{
	char *end;

	*step_out = 1;
	if (*glob->p == ':') {
		if (glob->p[1] < '0' || glob->p[1] > '9')
			return false;
		errno = 0;
		*step_out = strtoul(glob->p + 1, &end, 10);
		glob->p = end;
		if (errno != 0)
			return false;
	}
	return *glob->p++ == ']' && *step_out > 0;
}

static bool
is_range(unsigned long min, unsigned long max, unsigned long step)
{
	return min == max ? step == 1 : min < max && step <= max - min;
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* [a-z:2]: at the first letter. */
static enum ld_status
read_letters(struct glob *glob)
{
	const char *from = glob->p;
	struct ldi_curl_words pieces = { 0 };
	unsigned long step = 1;
	enum ld_status st = LD_OK;
	bool ok =
	    from[1] == '-' && ((is_lower(from[0]) && is_lower(from[2])) ||
				  (is_upper(from[0]) && is_upper(from[2])));

	if (ok) {
		glob->p += 3;
		ok =
		    read_step(glob, &step) && is_range((unsigned char)from[0],
						  (unsigned char)from[2], step);
	}
	if (!ok)
		return fail(glob, "no range such as [a-z]");
	for (unsigned long c = (unsigned char)from[0];
	     st == LD_OK && c <= (unsigned char)from[2]; c += step) {
		char text = (char)c;

		st = add_piece(glob, &pieces, &text, 1);
	}
	return st == LD_OK ? multiply(glob, &pieces) : st;
}

/* [001-100:5]: at the first digit. */
static enum ld_status
read_numbers(struct glob *glob)
{
	const char *from = glob->p;
	struct ldi_curl_words pieces = { 0 };
	unsigned long min, max = 0, step = 1;
	enum ld_status st = LD_OK;
	int width = 0;
	char *end, text[64];
	bool ok;

	errno = 0;
	min = strtoul(from, &end, 10);
	if (*from == '0')
		width = end - from < 40 ? (int)(end - from) : 40;
	ok = errno == 0 && *end == '-' && end[1] >= '0' && end[1] <= '9';
	if (ok) {
		max = strtoul(end + 1, &end, 10);
		glob->p = end;
		ok = errno == 0 && read_step(glob, &step) &&
		     is_range(min, max, step);
	}
	if (!ok)
		return fail(glob, "no range such as [1-100]");
	if ((max - min) / step >= LDI_CURL_MAX_TASKS)
		return ldi_curl_error(glob->curl, &glob->word->at,
		    "the URL '%s' stands for more than %d", glob->word->text,
		    LDI_CURL_MAX_TASKS);
	for (unsigned long i = 0; st == LD_OK && i <= (max - min) / step; i++) {
		snprintf(text, sizeof(text), "%0*lu", width, min + i * step);
		st = add_piece(glob, &pieces, text, strlen(text));
	}
	return st == LD_OK ? multiply(glob, &pieces) : st;
}

/* How long the IPv6 address in brackets is that begins here; 0 = it is a
 * range. */
static size_t
address_length(const char *p)
{
	size_t len = strspn(p + 1, "0123456789abcdefABCDEF:.");

	if (p[1 + len] == '%')
		len += strcspn(p + 1 + len, "]");
	return p[1 + len] == ']' && memchr(p + 1, ':', len) != NULL &&
		       strchr(p + 1, ':') + 1 < p + 1 + len &&
		       memchr(p + 1, '-', len) == NULL
		   ? len + 2
		   : 0;
}

static enum ld_status
read_literal(struct glob *glob)
{
	struct ldi_curl_words pieces = { 0 };
	struct ld_buf text;
	enum ld_status st;

	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	while (*glob->p != '\0' && *glob->p != '{') {
		size_t len = *glob->p == '[' ? address_length(glob->p) : 0;

		if (len > 0) {
			ld_buf_add(&text, glob->p, len);
			glob->p += len;
			continue;
		}
		if (strchr("[]}", *glob->p) != NULL)
			break;
		if (*glob->p == '\\' && glob->p[1] != '\0' &&
		    strchr("{}[]", glob->p[1]) != NULL)
			glob->p++;
		ld_buf_addc(&text, *glob->p++);
	}
	st = text.failed ? ldi_curl_nomem(glob->curl)
			 : add_piece(glob, &pieces, text.data, text.len);
	ld_buf_clear(&text);
	if (st == LD_OK && (*glob->p == ']' || *glob->p == '}'))
		st = fail(glob, "a bracket or brace that was not opened");
	return st == LD_OK ? multiply(glob, &pieces) : st;
}

enum ld_status
ldi_curl_glob(struct ldi_curl *curl, const struct ldi_curl_word *word,
    struct ldi_curl_words *out)
{
	struct glob glob = { .curl = curl, .word = word, .p = word->text };
	enum ld_status st;

	st = add_piece(&glob, &glob.urls, "", 0);
	while (st == LD_OK && *glob.p != '\0') {
		if (*glob.p == '{')
			st = read_set(&glob);
		else if (*glob.p != '[' || address_length(glob.p) > 0)
			st = read_literal(&glob);
		else if (*++glob.p >= '0' && *glob.p <= '9')
			st = read_numbers(&glob);
		else
			st = read_letters(&glob);
	}
	*out = glob.urls;
	return st;
}
