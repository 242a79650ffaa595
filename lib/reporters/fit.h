/* SPDX-License-Identifier: MIT */
/*
 * reporters/fit.h - fields of a line, as many as it has room for.
 *
 * A field is shown whole or not at all, those of the lowest rank first; text
 * is ASCII of our own.  A field is as wide as its text, so whoever gives it
 * the same width every time gets lines that do not jump.
 */
#ifndef LDI_REPORTERS_FIT_H
#define LDI_REPORTERS_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/api.h>
#include <ld/buf.h>

#define LDI_FIT_FIELDS 12
#define LDI_FIT_BYTES 80
#define LDI_FIT_GAP 2 /* columns between fields */

struct ldi_fit_field {
	char text[LDI_FIT_BYTES]; /* empty = never shown */
	unsigned rank;            /* 1 = stays the longest */
	const char *color;        /* NULL = none */
	bool shown;
};

/* Fields in the order in which they stand; from `right` on at the right edge.
 */
struct ldi_fit {
	struct ldi_fit_field fields[LDI_FIT_FIELDS];
	size_t n, right;
	unsigned room, used; /* columns */
};

void ldi_fit_add(struct ldi_fit *line, unsigned rank, const char *color,
    const char *fmt, ...) LD_PRINTF(4, 5);
/* At the right edge, where everything stands that is added behind it. */
void ldi_fit_add_right(struct ldi_fit *line, unsigned rank, const char *color,
    const char *fmt, ...) LD_PRINTF(4, 5);
/* Decide what is shown. */
void ldi_fit_choose(struct ldi_fit *line);
/* Are all fields up to this rank? */
bool ldi_fit_shows(const struct ldi_fit *line, unsigned rank);
void ldi_fit_write(const struct ldi_fit *line, bool color, struct ld_buf *out);

#endif /* LDI_REPORTERS_FIT_H */
