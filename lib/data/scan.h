/* SPDX-License-Identifier: MIT */
/*
 * data/scan.h - look at text eight bytes at a time.
 *
 * A word is loaded so that the first byte of the text is its lowest one.  The
 * masks have bit 7 of a byte set where the byte is of interest; arithmetic
 * carries can set bits behind the first such byte, never before it, so only
 * the first one may be used.
 */
#ifndef LDI_DATA_SCAN_H
#define LDI_DATA_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SCAN_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define SCAN_HIGH SCAN_EACH(UINT64_C(0x80))

static inline uint64_t
ldi_scan_load(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Bytes of the word in front of the first one of interest; mask != 0. */
static inline unsigned
ldi_scan_first(uint64_t mask)
{
	return (unsigned)__builtin_ctzll(mask) / 8;
}

/* What ends a run of plain characters in a JSON string: a quote, a backslash,
 * a control character, a byte that is not ASCII. */
static inline uint64_t
ldi_scan_special(uint64_t word)
{
	uint64_t quote = word ^ SCAN_EACH('"');
	uint64_t slash = word ^ SCAN_EACH('\\');

	return ((quote - SCAN_EACH(1)) | (slash - SCAN_EACH(1)) |
		   (word - SCAN_EACH(0x20)) | word) &
	       SCAN_HIGH;
}

static inline bool
ldi_scan_is_special(unsigned char c)
{
	return c == '"' || c == '\\' || c < 0x20 || c >= 0x80;
}

/* The first special character at or behind p, or `end`. */
static inline const unsigned char *
ldi_scan_plain(const unsigned char *p, const unsigned char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t mask = ldi_scan_special(ldi_scan_load(p));

		if (mask != 0)
			return p + ldi_scan_first(mask);
	}
	while (p < end && !ldi_scan_is_special(*p))
		p++;
	return p;
}

static inline bool
ldi_scan_is_digit(unsigned char c)
{
	return (unsigned char)(c - '0') <= 9;
}

/* The first character at or behind p that is no digit, or `end`. */
static inline const unsigned char *
ldi_scan_digits(const unsigned char *p, const unsigned char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t word = ldi_scan_load(p);
		uint64_t mask = ((word - SCAN_EACH('0')) |
				    (word + SCAN_EACH(0x7f - '9')) | word) &
				SCAN_HIGH;

		if (mask != 0)
			return p + ldi_scan_first(mask);
	}
	while (p < end && ldi_scan_is_digit(*p))
		p++;
	return p;
}

#endif /* LDI_DATA_SCAN_H */
