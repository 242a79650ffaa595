/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/decimal.h"

#define NANO UINT64_C(1000000000)

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t
ldi_decimal_read(const char *text, size_t len, struct ldi_decimal *out)
{
	size_t i = 0, digits = 0;
	uint64_t place = NANO;

	*out = (struct ldi_decimal){ .whole = 0 };
	for (; i < len && is_digit(text[i]); i++, digits++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (out->whole > (UINT64_MAX - digit) / 10)
			return 0;
		out->whole = out->whole * 10 + digit;
	}
	if (i + 1 < len && text[i] == '.' && is_digit(text[i + 1])) {
		out->fraction = true;
		for (i++; i < len && is_digit(text[i]); i++, digits++) {
			place /= 10;
			out->nano += place * (uint64_t)(text[i] - '0');
		}
	}
	return digits == 0 ? 0 : i;
}

bool
ldi_decimal_times(const struct ldi_decimal *value, uint64_t unit, uint64_t *out)
{
	/* nano x unit / 10^9 without leaving 64 bits: nano < 2^30. */
	uint64_t high = unit >> 32, low = unit & UINT32_MAX;
	uint64_t part = value->nano * high;
	uint64_t rest = (part % NANO << 32) + value->nano * low;
	uint64_t fraction = (part / NANO << 32) + rest / NANO;

	if (unit != 0 && value->whole > (UINT64_MAX - fraction) / unit)
		return false;
	*out = value->whole * unit + fraction;
	return true;
}
