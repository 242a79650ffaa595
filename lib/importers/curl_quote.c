/* SPDX-License-Identifier: MIT */
/* $'...' of bash: what browsers write when a request holds unusual bytes. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "base/http_text.h"
#include "base/utf8.h"
#include "importers/curl.h"

/* Up to `max` hex digits at *p. */
static uint32_t
read_hex(const char **p, const char *end, unsigned max)
{
	uint32_t value = 0;

	for (; max > 0 && *p < end && ldi_hex_value(**p) >= 0; max--)
		value = value << 4 | (uint32_t)ldi_hex_value(*(*p)++);
	return value;
}

static uint32_t
read_octal(const char **p, const char *end)
{
	uint32_t value = 0;

	for (unsigned max = 3; max > 0 && *p < end && **p >= '0' && **p <= '7';
	     max--)
		value = value << 3 | (uint32_t)(*(*p)++ - '0');
	return value & 0xff;
}

/* The second half of a character beyond U+FFFF that was written as two
 * escapes, as browsers do; 0 = none stands there. */
static uint32_t
read_low_surrogate(const char **p, const char *end)
{
	const char *at = *p;
	uint32_t low;

	if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
		return 0;
	at += 2;
	low = read_hex(&at, end, 4);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*p = at;
	return low;
}

/* Bash writes a lone surrogate as the three bytes it would have. */
static void
add_code(uint32_t code, struct ld_buf *out)
{
	char at[4];
	size_t len = ldi_utf8_encode(code, at);

	if (len > 0)
		ld_buf_add(out, at, len);
	else if (code <= 0xffff) {
		ld_buf_addc(out, (char)(0xe0 | code >> 12));
		ld_buf_addc(out, (char)(0x80 | (code >> 6 & 0x3f)));
		ld_buf_addc(out, (char)(0x80 | (code & 0x3f)));
	}
}

static uint32_t
read_unicode(const char **p, const char *end, unsigned digits)
{
	uint32_t code = read_hex(p, end, digits), low;

	if (code < 0xd800 || code > 0xdbff)
		return code;
	low = read_low_surrogate(p, end);
	return low == 0 ? code
			: 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
}

/* One escape, behind its backslash; false when it makes a NUL, at which bash
 * ends the string. */
static bool
read_escape(const char **p, const char *end, struct ld_buf *out)
{
	static const char letters[] = "abeEfnrtv\\'\"?";
	static const char bytes[] = "\a\b\033\033\f\n\r\t\v\\'\"?";
	const char *letter, *from = *p;
	uint32_t code;

	if (**p == '\0') {
		++*p;
		return true;
	}
	letter = strchr(letters, **p);
	if (letter != NULL) {
		ld_buf_addc(out, bytes[letter - letters]);
		++*p;
		return true;
	}
	switch (*(*p)++) {
	case 'x':
		code = read_hex(p, end, 2);
		break;
	case 'u':
	case 'U':
		code = read_unicode(p, end, *from == 'u' ? 4 : 8);
		if (*p > from + 1 && code > 0)
			add_code(code, out);
		break;
	case 'c':
		code = *p < end ? (uint32_t)(*(*p)++ & 0x1f) : 0;
		break;
	default:
		--*p;
		code = read_octal(p, end);
		break;
	}
	if (*p == from || (*p == from + 1 && strchr("xuUc", *from) != NULL)) {
		*p = from + 1; /* no escape: it stands for itself */
		ld_buf_addc(out, '\\');
		ld_buf_addc(out, *from);
		return true;
	}
	if (code > 0 && *from != 'u' && *from != 'U')
		ld_buf_addc(out, (char)code);
	return code > 0;
}

const char *
ldi_curl_quote_ansi(const char *p, const char *end, struct ld_buf *out)
{
	struct ld_buf rest;
	bool open = true;

	ld_buf_init(&rest, LDI_CURL_MAX_TEXT);
	while (p < end && *p != '\'') {
		struct ld_buf *to = open ? out : &rest;

		if (*p == '\0') {
			p++; /* a shell drops it */
		} else if (*p != '\\' || p + 1 == end) {
			ld_buf_addc(to, *p++);
		} else {
			p++;
			open = read_escape(&p, end, to) && open;
		}
	}
	ld_buf_clear(&rest);
	return p < end ? p + 1 : NULL;
}
