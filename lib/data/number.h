/* SPDX-License-Identifier: MIT */
/*
 * data/number.h - whole numbers to digits and back, where it must be quick.
 */
#ifndef LDI_DATA_NUMBER_H
#define LDI_DATA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Room for the digits of any uint64_t, and of 128 bits. */
#define LDI_U64_DIGITS 20
#define LDI_U128_DIGITS 39

__extension__ typedef unsigned __int128 ldi_u128;

extern const char ldi_digit_pairs[200];

/* How many digits a value has; 0 has one. */
static inline unsigned
ldi_u64_width(uint64_t value)
{
	static const uint64_t power[20] = { 0, UINT64_C(10), UINT64_C(100),
		UINT64_C(1000), UINT64_C(10000), UINT64_C(100000),
		UINT64_C(1000000), UINT64_C(10000000), UINT64_C(100000000),
		UINT64_C(1000000000), UINT64_C(10000000000),
		UINT64_C(100000000000), UINT64_C(1000000000000),
		UINT64_C(10000000000000), UINT64_C(100000000000000),
		UINT64_C(1000000000000000), UINT64_C(10000000000000000),
		UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
		UINT64_C(10000000000000000000) };
	/* 1233 / 4096 is log10(2), near enough for 64 bits. */
	unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
	unsigned guess = bits * 1233 >> 12;

	return guess + (value >= power[guess]);
}

/* Writes the digits at `at`; returns where they end. */
static inline char *
ldi_u64_write(char *at, uint64_t value)
{
	char *end = at + ldi_u64_width(value);
	char *p = end;

	while (value >= 100) {
		p -= 2;
		memcpy(p, ldi_digit_pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (value >= 10)
		memcpy(p - 2, ldi_digit_pairs + value * 2, 2);
	else
		p[-1] = (char)('0' + value);
	return end;
}

/* Writes at most LDI_U128_DIGITS; returns how many. */
size_t ldi_u128_write(char *at, ldi_u128 value);
/* Digits alone, no sign; false for anything else and for what does not fit. */
bool ldi_u128_read(const char *text, size_t len, ldi_u128 *out);

#endif /* LDI_DATA_NUMBER_H */
