/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/fit.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PLAIN "\x1b[0m"

static void LD_PRINTF(4, 0) append(struct ldi_fit *line, unsigned rank,
    const char *color, const char *fmt, va_list args)
{
	struct ldi_fit_field *field;

	assert(line->n < LDI_FIT_FIELDS);
	field = &line->fields[line->n++];
	*field = (struct ldi_fit_field){ .rank = rank, .color = color };
	vsnprintf(field->text, sizeof(field->text), fmt, args);
}

void
ldi_fit_add(struct ldi_fit *line, unsigned rank, const char *color,
    const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	append(line, rank, color, fmt, args);
	va_end(args);
	line->right = line->n;
}

void
ldi_fit_add_right(struct ldi_fit *line, unsigned rank, const char *color,
    const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	append(line, rank, color, fmt, args);
	va_end(args);
}

static bool
fits(const struct ldi_fit *line, size_t len)
{
	return line->used + (line->used > 0 ? LDI_FIT_GAP : 0) + len <=
	       line->room;
}

void
ldi_fit_choose(struct ldi_fit *line)
{
	line->used = 0;
	for (unsigned rank = 1; rank <= LDI_FIT_FIELDS; rank++)
		for (size_t i = 0; i < line->n; i++) {
			struct ldi_fit_field *field = &line->fields[i];
			size_t len = strlen(field->text);

			if (field->rank != rank || len == 0 || !fits(line, len))
				continue;
			field->shown = true;
			line->used +=
			    (line->used > 0 ? LDI_FIT_GAP : 0) + (unsigned)len;
		}
}

bool
ldi_fit_shows(const struct ldi_fit *line, unsigned rank)
{
	for (size_t i = 0; i < line->n; i++)
		if (line->fields[i].rank <= rank &&
		    line->fields[i].text[0] != '\0' && !line->fields[i].shown)
			return false;
	return true;
}

static void
pad(struct ld_buf *out, unsigned n)
{
	for (; n > 0; n--)
		ld_buf_addc(out, ' ');
}

static void
put(struct ld_buf *out, const struct ldi_fit_field *field, bool color)
{
	const char *text = field->text;
	size_t blanks = strspn(text, " ");

	ld_buf_add(out, text, blanks);
	if (color && field->color != NULL)
		ld_buf_adds(out, field->color);
	ld_buf_adds(out, text + blanks);
	if (color && field->color != NULL)
		ld_buf_adds(out, PLAIN);
}

void
ldi_fit_write(const struct ldi_fit *line, bool color, struct ld_buf *out)
{
	unsigned columns = 0;
	bool padded = false;

	for (size_t i = 0; i < line->n; i++) {
		const struct ldi_fit_field *field = &line->fields[i];
		unsigned gap = columns > 0 ? LDI_FIT_GAP : 0;

		if (!field->shown)
			continue;
		if (i >= line->right && !padded) {
			padded = true;
			gap += line->room - line->used;
		}
		pad(out, gap);
		put(out, field, color);
		columns += gap + (unsigned)strlen(field->text);
	}
}
