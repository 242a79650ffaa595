/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/http_text.h"

/* RFC 9110, 5.6.2: one bit per byte. */
bool
ldi_http_is_token(unsigned char c)
{
	static const uint32_t bits[8] = {
		0,
		0x03ff6cfa,
		0xc7fffffe,
		0x57ffffff,
		0,
		0,
		0,
		0,
	};

	return bits[c >> 5] >> (c & 31) & 1;
}

/* No control character but the tab.  Eight bytes at a time: a byte below
 * 0x20 borrows into its top bit unless that was set, 0x7f is zero after the
 * exclusive or. */
bool
ldi_http_is_value(const char *text, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t tops = UINT64_C(0x8080808080808080);
	size_t i = 0;

	while (len - i >= 8) {
		uint64_t word, del;

		memcpy(&word, text + i, 8);
		del = word ^ (ones * 0x7f);
		if (((word - ones * 0x20) & ~word & tops) |
		    ((del - ones) & ~del & tops))
			break; /* perhaps a tab, perhaps a false alarm */
		i += 8;
	}
	for (; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

bool
ldi_http_is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!ldi_http_is_token((unsigned char)text[i]))
			return false;
	return len > 0;
}

bool
ldi_http_same(const char *text, size_t len, const char *name)
{
	return strlen(name) == len && strncasecmp(text, name, len) == 0;
}
