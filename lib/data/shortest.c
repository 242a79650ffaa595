/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "data/shortest.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/scan.h"

/* Digits that never tell too much. */
#define DIGITS_SAFE 15

static void
take_digits(struct ldi_shortest *out, const char *text)
{
	out->count = 0;
	for (; *text != 'e'; text++)
		if (ldi_scan_is_digit((unsigned char)*text))
			out->digits[out->count++] = *text;
	out->exp = (int)strtol(text + 1, NULL, 10);
	while (out->count > 1 && out->digits[out->count - 1] == '0')
		out->count--;
}

/*
 * printf and strtod are used in whatever locale the thread has: both take the
 * same decimal point, which is skipped here, so no other one can get out.
 */
void
ldi_shortest(struct ldi_shortest *out, double value)
{
	/* Subnormal numbers have fewer digits that mean something. */
	int digits = value < DBL_MIN ? 1 : DIGITS_SAFE;
	char text[64];

	do
		snprintf(text, sizeof(text), "%.*e", digits - 1, value);
	while (digits++ < LDI_SHORTEST_MAX && strtod(text, NULL) != value);
	take_digits(out, text);
}

void
ldi_shortest_rounded(struct ldi_shortest *out, double value, int count)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*e", count - 1, value);
	take_digits(out, text);
}
