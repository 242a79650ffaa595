/* SPDX-License-Identifier: MIT */
/*
 * data/json_number.h - a number in decimal, as it is written, of any length.
 */
#ifndef LDI_DATA_JSON_NUMBER_H
#define LDI_DATA_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Value = (-1)^negative * 0.DDD * 10^(point + E): DDD are the `count` digits
 * from `digits` on (a decimal point may stand among them), the first and the
 * last of them not 0; E is the exponent as it is written.  Zero has none.
 */
struct ldi_json_number {
	bool negative;
	const char *digits;
	size_t count;
	int64_t point;
	bool exp_negative;
	const char *exp; /* digits of E */
	size_t exp_len;
};

/* `text` must be a number as JSON has it. */
void ldi_json_number(
    struct ldi_json_number *number, const char *text, size_t len);

/* Equal in value; exact, in time linear in the length of the text. */
bool ldi_json_number_equal(
    const struct ldi_json_number *a, const struct ldi_json_number *b);

/* The magnitude, if it is an integer that fits. */
bool ldi_json_number_u64(const struct ldi_json_number *number, uint64_t *out);

#endif /* LDI_DATA_JSON_NUMBER_H */
