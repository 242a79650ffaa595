/* SPDX-License-Identifier: MIT */
/*
 * base/decimal.h - "12", "1.5", ".25": the plain decimals that durations,
 * sizes and rates begin with, without floating point.
 */
#ifndef LDI_BASE_DECIMAL_H
#define LDI_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ldi_decimal {
	uint64_t whole;
	uint64_t nano; /* the fraction in 10^-9; further digits are cut */
	bool fraction; /* there was a point */
};

/* Bytes used, 0 when there is no number or its whole part does not fit. */
size_t ldi_decimal_read(const char *text, size_t len, struct ldi_decimal *out);

/* value x unit, rounded down; false when that does not fit. */
bool ldi_decimal_times(
    const struct ldi_decimal *value, uint64_t unit, uint64_t *out);

#endif /* LDI_BASE_DECIMAL_H */
