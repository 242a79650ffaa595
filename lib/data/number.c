/* SPDX-License-Identifier: MIT */
/*
 * Digits of numbers that are larger than a machine word, and their table.
 */
#include "config.h"

#include "data/number.h"

/* clang-format off */
const char ldi_digit_pairs[200] = {
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899"
};
/* clang-format on */

/* 10^19, the largest power of ten in 64 bits. */
#define CHUNK UINT64_C(10000000000000000000)
#define CHUNK_DIGITS 19

static char *
chunk_write(char *at, uint64_t value)
{
	for (unsigned i = CHUNK_DIGITS; i > 0; i--) {
		at[i - 1] = (char)('0' + value % 10);
		value /= 10;
	}
	return at + CHUNK_DIGITS;
}

size_t
ldi_u128_write(char *at, ldi_u128 value)
{
	ldi_u128 high = value / CHUNK;
	uint64_t low = (uint64_t)(value % CHUNK);
	char *end;

	if (high == 0) {
		end = ldi_u64_write(at, low);
	} else if (high < CHUNK) {
		end = chunk_write(ldi_u64_write(at, (uint64_t)high), low);
	} else {
		end = ldi_u64_write(at, (uint64_t)(high / CHUNK));
		end = chunk_write(end, (uint64_t)(high % CHUNK));
		end = chunk_write(end, low);
	}
	return (size_t)(end - at);
}

bool
ldi_u128_read(const char *text, size_t len, ldi_u128 *out)
{
	ldi_u128 value = 0;

	if (len == 0 || len > LDI_U128_DIGITS)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned char)text[i] - (unsigned)'0';

		if (digit > 9 || value > (~(ldi_u128)0 - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}
