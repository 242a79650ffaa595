/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/spelling.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/http_text.h"
#include "base/utf8.h"

/* One character that is written in another way: its bytes, and how long the
 * text of it is; 0 = it is none. */
struct unit {
	char bytes[4];
	size_t n, used;
};

/* Digits of a number; -1 when they are none. */
static int32_t
hexes(const char *text, size_t len, size_t digits)
{
	int32_t value = 0;

	if (len < digits)
		return -1;
	for (size_t i = 0; i < digits; i++) {
		int digit = ldi_hex_value(text[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static struct unit
one(int byte, size_t used)
{
	return (struct unit){ { (char)byte }, 1, used };
}

/* %41, and %2541, which is %41 once more. */
static struct unit
percent(const char *text, size_t len)
{
	int32_t byte = hexes(text + 1, len - 1, 2), again;

	if (byte < 0)
		return (struct unit){ .used = 0 };
	again = byte == '%' ? hexes(text + 3, len - 3, 2) : -1;
	return again >= 0 ? one(again, 5) : one(byte, 3);
}

static struct unit
character(uint32_t code, size_t used)
{
	struct unit unit = { .used = used };

	unit.n = ldi_utf8_encode(code, unit.bytes);
	if (unit.n > 0)
		return unit;
	/* Half a pair, as careless writers encode it. */
	unit.bytes[unit.n++] = (char)(0xe0 | code >> 12);
	unit.bytes[unit.n++] = (char)(0x80 | (code >> 6 & 63));
	unit.bytes[unit.n++] = (char)(0x80 | (code & 63));
	return unit;
}

/* Behind the backslashes: u00e9, ud83dude00 with a backslash inside. */
static struct unit
unicode(const char *text, size_t len, size_t slashes)
{
	size_t at = slashes + 1, low_at = at + 4 + slashes + 1;
	int32_t code = hexes(text + at, len - at, 4), low = -1;

	if (code < 0)
		return (struct unit){ .used = 0 };
	if (code >= 0xd800 && code < 0xdc00 && len > low_at &&
	    text[low_at - 1] == 'u')
		low = hexes(text + low_at, len - low_at, 4);
	if (low >= 0xdc00 && low < 0xe000)
		return character(0x10000 + ((uint32_t)(code - 0xd800) << 10) +
				     (uint32_t)(low - 0xdc00),
		    low_at + 4);
	return character((uint32_t)code, at + 4);
}

static struct unit
escape(const char *text, size_t len)
{
	static const char names[] = "nrtbf", bytes[] = "\n\r\t\b\f";
	size_t slashes = 0;
	const char *name;
	int32_t byte;

	while (slashes < len && text[slashes] == '\\')
		slashes++;
	if (slashes == len)
		return (struct unit){ .used = 0 };
	if (text[slashes] == 'u')
		return unicode(text, len, slashes);
	if (text[slashes] == 'x') {
		byte = hexes(text + slashes + 1, len - slashes - 1, 2);
		return byte < 0 ? (struct unit){ .used = 0 }
				: one(byte, slashes + 3);
	}
	name = strchr(names, text[slashes]);
	if (name != NULL && *name != '\0')
		return one(bytes[name - names], slashes + 1);
	if (text[slashes] != '\0' && strchr("\"'/", text[slashes]) != NULL)
		return one(text[slashes], slashes + 1);
	return (struct unit){ .used = 0 };
}

static struct unit
entity(const char *text, size_t len)
{
	static const struct {
		const char *text;
		char byte;
	} all[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&quot;", '"' }, { "&#34;", '"' }, { "&#39;", '\'' },
		{ "&apos;", '\'' }, { "&#x27;", '\'' }, { "&#x2F;", '/' } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		size_t n = strlen(all[i].text);

		if (len >= n && memcmp(text, all[i].text, n) == 0)
			return one(all[i].byte, n);
	}
	return (struct unit){ .used = 0 };
}

static struct unit
unit_at(const char *text, size_t len)
{
	switch (*text) {
	case '%':
		return percent(text, len);
	case '+':
		return one(' ', 1);
	case '\\':
		return escape(text, len);
	case '&':
		return entity(text, len);
	default:
		return (struct unit){ .used = 0 };
	}
}

static size_t
slashes(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] == '\\')
		n++;
	return n;
}

size_t
ldi_spelling_match(const char *text, size_t text_len, const char *value,
    size_t value_len, size_t *used_out)
{
	size_t at = 0, n = 0;

	while (n < value_len && at < text_len) {
		size_t want = slashes(value + n, value_len - n);
		size_t have = slashes(text + at, text_len - at);
		struct unit unit = unit_at(text + at, text_len - at);

		if (unit.used > 0 && unit.n <= value_len - n &&
		    memcmp(unit.bytes, value + n, unit.n) == 0) {
			at += unit.used;
			n += unit.n;
		} else if (want > 0 && have >= want) {
			/* Each level of escaping doubles them. */
			at += have;
			n += want;
		} else if (want == 0 && text[at] == value[n]) {
			at++;
			n++;
		} else {
			break;
		}
	}
	*used_out = at;
	return n;
}

int
ldi_spelling_first(const char *text, size_t len)
{
	struct unit unit = unit_at(text, len);

	return unit.used > 0 ? (unsigned char)unit.bytes[0] : -1;
}
