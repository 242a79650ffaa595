/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "base/base64.h"

static const char digits[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";

void
ldi_base64_add(struct ld_buf *out, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		unsigned v = (unsigned)p[i] << 16 |
			     (left > 1 ? (unsigned)p[i + 1] << 8 : 0) |
			     (left > 2 ? p[i + 2] : 0u);
		const char four[4] = { digits[v >> 18], digits[v >> 12 & 63],
			left > 1 ? digits[v >> 6 & 63] : '=',
			left > 2 ? digits[v & 63] : '=' };

		ld_buf_add(out, four, 4);
	}
}

size_t
ldi_base64_part(char *to, const char *data, size_t len, size_t before)
{
	size_t from = (8 * before + 5) / 6, stop = 8 * (before + len) / 6;

	for (size_t i = from; i < stop; i++) {
		unsigned value = 0;

		for (size_t bit = 6 * i; bit < 6 * i + 6; bit++) {
			unsigned char byte =
			    (unsigned char)data[bit / 8 - before];

			value = value << 1 | (byte >> (7 - bit % 8) & 1);
		}
		to[i - from] = digits[value];
	}
	return stop - from;
}

static int
value_of(char c)
{
	const char *at = memchr(digits, c, sizeof(digits));

	return at != NULL ? (int)(at - digits) : -1;
}

bool
ldi_base64_decode(struct ld_buf *out, const char *text, size_t len)
{
	size_t padding = 0;
	unsigned bits = 0, n = 0;

	while (len > 0 && text[len - 1] == '=' && padding < 2)
		len--, padding++;
	/* One digit holds no byte; padding fills a group of four. */
	if (len % 4 == 1 || (padding > 0 && (len + padding) % 4 != 0))
		return false;
	for (size_t i = 0; i < len; i++) {
		int value = value_of(text[i]);

		if (value < 0)
			return false;
		bits = (bits << 6 | (unsigned)value) & 0xffffff;
		n += 6;
		if (n >= 8) {
			n -= 8;
			ld_buf_addc(out, (char)(bits >> n & 0xff));
		}
	}
	return true;
}
