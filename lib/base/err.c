/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <ld/err.h>

#include "base/utf8.h"

/* Longer words are nobody's typing error. */
#define NEAREST_MAX 64

const char *
ld_status_text(enum ld_status status)
{
	switch (status) {
#define X(name, value, text) \
	case name:           \
		return text;
		LD_STATUS_MAP(X)
#undef X
	}
	return "unknown status";
}

/* Copy what may be shown as it is, anything else as \xNN per byte, and stop
 * where the next piece does not fit whole. */
static void
show(char *at, size_t size, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		uint32_t code;
		size_t n = ldi_utf8_decode(text, len, &code);
		bool plain = n > 0 && ldi_utf8_showable(code);

		if (n == 0)
			n = 1;
		if ((plain ? n : 4 * n) >= size)
			break;
		if (plain) {
			memcpy(at, text, n);
			at += n, size -= n;
		} else {
			for (size_t i = 0; i < n; i++, at += 4, size -= 4)
				snprintf(at, size, "\\x%02x", text[i] & 0xffu);
		}
		text += n, len -= n;
	}
	*at = '\0';
}

/* Showing never shortens, so a raw text cut at this size fills err->text
 * before its cut end is reached. */
#define RAW_SIZE (2 * sizeof(((struct ld_err *)0)->text))

enum ld_status
ld_err_set(struct ld_err *err, enum ld_status status, const char *fmt, ...)
{
	char raw[RAW_SIZE];
	va_list args;

	if (err == NULL)
		return status;
	va_start(args, fmt);
	vsnprintf(raw, sizeof(raw), fmt, args);
	va_end(args);
	err->status = status;
	err->line = err->column = 0;
	err->file[0] = '\0';
	show(err->text, sizeof(err->text), raw);
	return status;
}

enum ld_status
ld_err_errno(struct ld_err *err, int errnum, const char *fmt, ...)
{
	char raw[RAW_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(raw, sizeof(raw), fmt, args);
	va_end(args);
	/* strerror() of known numbers is constant text in every libc we run
	 * on, and thread-local for others. */
	return ld_err_set(err, LD_IO, "%s: %s", raw, strerror(errnum));
}

void
ld_err_place(
    struct ld_err *err, const char *file, unsigned line, unsigned column)
{
	if (err == NULL)
		return;
	show(err->file, sizeof(err->file), file == NULL ? "" : file);
	err->line = line;
	err->column = column;
}

enum ld_status
ld_err_context(struct ld_err *err, const char *fmt, ...)
{
	char raw[RAW_SIZE], all[2 * RAW_SIZE];
	va_list args;

	if (err == NULL)
		return LD_OK;
	va_start(args, fmt);
	vsnprintf(raw, sizeof(raw), fmt, args);
	va_end(args);
	snprintf(all, sizeof(all), "%s: %s", raw, err->text);
	show(err->text, sizeof(err->text), all);
	return err->status;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein distance in its optimal string alignment form: three
 * rows of the usual table, the oldest for exchanged neighbours. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][NEAREST_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *spare = before;

		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t cost = a[i - 1] != b[j - 1];

			now[j] = least(
			    last[j - 1] + cost, least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		before = last, last = now, now = spare;
	}
	return last[b_len];
}

const char *
ld_err_nearest(
    const char *word, const char *const *names, size_t n, size_t stride)
{
	size_t len = strlen(word);
	size_t best = len < 3 ? len / 2 : len / 3;
	const char *found = NULL;

	if (len > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const char *const *slot =
		    (const void *)((const char *)names + i * stride);
		size_t name_len, d;

		if (*slot == NULL)
			continue;
		name_len = strlen(*slot);
		if (name_len > NEAREST_MAX)
			continue;
		d = distance(word, len, *slot, name_len);
		if (d < best + (found == NULL)) {
			best = d;
			found = *slot;
		}
	}
	return found;
}
