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

/* Below 10^8, as eight digits, the first in the least byte. */
static inline uint64_t
ldi_digits8(uint32_t value)
{
	uint64_t v = value / 10000 | (uint64_t)(value % 10000) << 32;
	uint64_t hundreds = (v * 10486 >> 20) & UINT64_C(0x7f0000007f);
	uint64_t tens;

	v = hundreds + ((v - 100 * hundreds) << 16);
	tens = (v * 103 >> 10) & UINT64_C(0x000f000f000f000f);
	return tens + ((v - 10 * tens) << 8);
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#define LDI_ASCII_ZEROS UINT64_C(0x3030303030303030)

/* Below 10^8, without leading zeros. */
static inline char *
ldi_u32_put(char *at, uint32_t value)
{
	uint64_t digits = ldi_digits8(value);
	/* The last digit stays, also when it is 0. */
	unsigned skip =
	    (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 56) & ~7u;

	digits = (digits | LDI_ASCII_ZEROS) >> skip;
	memcpy(at, &digits, 8);
	return at + 8 - skip / 8;
}

/* As ldi_u64_write(), without a loop for what is usual; may write up to seven
 * bytes behind the end. */
static inline char *
ldi_u64_put(char *at, uint64_t value)
{
	uint64_t digits;

	if (value < 100000000)
		return ldi_u32_put(at, (uint32_t)value);
	if (value >= UINT64_C(10000000000000000))
		return ldi_u64_write(at, value);
	at = ldi_u32_put(at, (uint32_t)(value / 100000000));
	digits = ldi_digits8((uint32_t)(value % 100000000)) | LDI_ASCII_ZEROS;
	memcpy(at, &digits, 8);
	return at + 8;
}

#else

static inline char *
ldi_u64_put(char *at, uint64_t value)
{
	return ldi_u64_write(at, value);
}

#endif

/* Writes at most LDI_U128_DIGITS; returns how many. */
size_t ldi_u128_write(char *at, ldi_u128 value);
/* Digits alone, no sign; false for anything else and for what does not fit. */
bool ldi_u128_read(const char *text, size_t len, ldi_u128 *out);

#endif /* LDI_DATA_NUMBER_H */
