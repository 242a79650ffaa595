/* SPDX-License-Identifier: MIT */
/*
 * Text without the secrets that a redactor, a session, or a name tells of.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/redact.h"
#include "base/redactor.h"
#include "base/spelling.h"

/* Values of a session are short; of longer ones only the text itself is
 * looked for. */
#define MORE_BYTES 160

/* What is looked for beside the values of a redactor: those of a session, and
 * their base64, made once per text. */
struct more {
	bool whole; /* the text ends where it ends, and was not cut there */
	const struct ld_str *values;
	size_t n, n_parts;
	struct ld_str parts[3 * LDI_REDACT_MORE];
	char room[LDI_REDACT_MORE][3][LDI_BASE64_PART(MORE_BYTES)];
};

static void
more_init(struct more *more, const struct ld_str *values, size_t n, bool whole)
{
	more->whole = whole;
	more->values = values;
	more->n = n < LDI_REDACT_MORE ? n : LDI_REDACT_MORE;
	more->n_parts = 0;
	for (size_t i = 0; i < more->n; i++)
		for (size_t before = 0; before < 3; before++) {
			struct ld_str *part = &more->parts[more->n_parts];
			size_t len = values[i].len;

			if (len < LD_MIN_SECRET_BYTES || len > MORE_BYTES)
				continue;
			part->data = more->room[i][before];
			part->len = ldi_base64_part(
			    more->room[i][before], values[i].data, len, before);
			more->n_parts++;
		}
}

/* From so many bytes on the beginning of a secret tells something. */
static size_t
telling(size_t len)
{
	if (len <= 8)
		return len;
	return len < 16 ? 8 : len > 32 ? 16 : len / 2;
}

/* Was the text cut here? */
static bool
is_cut(const struct more *more, const char *text, size_t len, size_t at)
{
	return (at == len && !more->whole) ||
	       (len - at >= 3 && memcmp(text + at, "...", 3) == 0);
}

/* How much of the text is this value, or the beginning of it. */
static size_t
match(const struct more *more, const char *text, size_t len, const char *value,
    size_t value_len)
{
	size_t used, n;

	if (value_len == 0)
		return 0;
	n = ldi_spelling_match(text, len, value, value_len, &used);
	if (n == value_len || n >= telling(value_len))
		return used;
	if (n >= 3 && is_cut(more, text, len, used))
		return used;
	return n >= 6 && used < len && (text[used] == '\'' || text[used] == '"')
		   ? used
		   : 0;
}

static size_t
longest(const struct more *more, const struct ldi_secret_value *value,
    const char *text, size_t len, size_t most)
{
	for (; value != NULL; value = value->next) {
		size_t n = match(more, text, len, value->room, value->len);

		most = n > most ? n : most;
	}
	return most;
}

static size_t
longest_of(const struct more *more, const struct ld_str *values, size_t n,
    const char *text, size_t len, int other)
{
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		size_t used;

		if (values[i].len < LD_MIN_SECRET_BYTES ||
		    (values[i].data[0] != *text &&
			(unsigned char)values[i].data[0] != other))
			continue;
		used = match(more, text, len, values[i].data, values[i].len);
		most = used > most ? used : most;
	}
	return most;
}

/* How many bytes at the front of the text are a secret. */
static size_t
secret_at(const struct ld_redactor *r, const struct more *more,
    const char *text, size_t len)
{
	int other = ldi_spelling_first(text, len);
	size_t most = 0, n;

	if (r != NULL) {
		most = longest(
		    more, r->values[(unsigned char)*text], text, len, most);
		if (other >= 0)
			most = longest(more, r->values[other], text, len, most);
	}
	n = longest_of(more, more->values, more->n, text, len, other);
	most = n > most ? n : most;
	n = longest_of(more, more->parts, more->n_parts, text, len, other);
	return n > most ? n : most;
}

/* Where what is written goes. */
struct copy {
	char *to;
	size_t n, size;
	bool full, masked; /* the last thing was a mask */
};

static void
put(struct copy *copy, const char *text, size_t len)
{
	if (copy->full || len > copy->size - copy->n) {
		copy->full = true;
		return;
	}
	memcpy(copy->to + copy->n, text, len);
	copy->n += len;
}

static void
put_mask(struct copy *copy)
{
	if (!copy->masked)
		put(copy, LDI_SECRET_MASK, sizeof(LDI_SECRET_MASK) - 1);
	copy->masked = true;
}

/* Not in the middle of a character. */
static size_t
whole_characters(const struct copy *copy)
{
	size_t n = copy->n;

	if (!copy->full || n == 0)
		return n;
	while (n > 0 && ((unsigned char)copy->to[n - 1] & 0xc0) == 0x80)
		n--;
	return n > 0 && (unsigned char)copy->to[n - 1] >= 0xc0 ? n - 1
							       : copy->n;
}

static size_t
redact(const struct ld_redactor *r, const struct more *more, bool named,
    const char *text, size_t len, struct copy *copy)
{
	size_t value_at = 0, value_len = 0;

	if (ldi_redactor_shows(r)) {
		put(copy, text, len < copy->size ? len : copy->size);
		copy->full = len > copy->size;
		return whole_characters(copy);
	}
	for (size_t at = 0, used; at < len && !copy->full; at += used) {
		if (named && at >= value_at + value_len)
			named = ldi_secret_find(
			    text, len, at, &value_at, &value_len);
		/* A match may have gone beyond the begin of the value. */
		used = secret_at(r, more, text + at, len - at);
		if (named && at >= value_at && used < value_at + value_len - at)
			used = value_at + value_len - at;
		if (used > 0) {
			put_mask(copy);
			continue;
		}
		used = 1;
		put(copy, text + at, 1);
		copy->masked = false;
	}
	return whole_characters(copy);
}

size_t
ldi_redact(const struct ld_redactor *r, const struct ld_str *values, size_t n,
    const char *text, size_t len, char *to, size_t size)
{
	struct copy copy = { .to = to, .size = size };
	struct more more;

	more_init(&more, values, n, false);
	return redact(r, &more, true, text, len, &copy);
}

size_t
ldi_redact_whole(const struct ld_redactor *r, const char *text, size_t len,
    char *to, size_t size)
{
	struct copy copy = { .to = to, .size = size };
	struct more none;

	more_init(&none, NULL, 0, true);
	return redact(r, &none, true, text, len, &copy);
}

size_t
ldi_redact_values(const struct ld_redactor *r, const char *text, size_t len,
    char *to, size_t size)
{
	struct copy copy = { .to = to, .size = size };
	struct more none;

	more_init(&none, NULL, 0, false);
	return redact(r, &none, false, text, len, &copy);
}

void
ldi_redact_add(const struct ld_redactor *r, struct ld_buf *out,
    const char *text, size_t len)
{
	/* A value of one byte, between two that are none, takes three. */
	size_t size = 3 * len + sizeof(LDI_SECRET_MASK);

	if (ld_buf_reserve(out, size) != LD_OK)
		return;
	out->len += ldi_redact_whole(r, text, len, out->data + out->len, size);
	out->data[out->len] = '\0';
}

static void
redact_in_place(const struct ld_redactor *r, char *text, size_t size)
{
	struct ld_buf copy;
	size_t n = strlen(text);

	/* A mask may be longer than what it hides: the end is cut, then. */
	ld_buf_init(&copy, n + 1);
	ld_buf_add(&copy, text, n);
	if (!copy.failed && copy.data != NULL) {
		n = ldi_redact_values(r, copy.data, copy.len, text, size - 1);
		text[n] = '\0';
	} else if (n > 0) {
		/* Rather nothing than a secret. */
		snprintf(text, size, "(out of memory)");
	}
	ld_buf_clear(&copy);
}

void
ld_redactor_err(const struct ld_redactor *r, struct ld_err *err)
{
	if (r == NULL)
		return;
	redact_in_place(r, err->text, sizeof(err->text));
	redact_in_place(r, err->file, sizeof(err->file));
}
