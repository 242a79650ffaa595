/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/utf8.h"

/* Range of the second byte, which rules out overlong forms, surrogates and
 * what lies beyond U+10FFFF (Unicode, table 3-7). */
static void
second_range(unsigned char lead, unsigned char *low, unsigned char *high)
{
	*low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	*high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
}

size_t
ldi_utf8_next(const char *text, size_t len, uint32_t *cp_out)
{
	unsigned char lead = (unsigned char)text[0], low, high;
	size_t need = lead < 0xC2 || lead > 0xF4 ? 0
		      : lead < 0xE0              ? 1
		      : lead < 0xF0              ? 2
						 : 3;
	uint32_t cp = need == 0 ? lead : lead & (0x3FU >> need);
	size_t n = 1;

	*cp_out = LDI_UTF8_BAD;
	if (lead >= 0x80 && need == 0)
		return 1;
	second_range(lead, &low, &high);
	for (; n <= need; n++) {
		unsigned char c;

		if (n >= len)
			return n;
		c = (unsigned char)text[n];
		if (c < low || c > high)
			return n;
		cp = cp << 6 | (c & 0x3F);
		low = 0x80, high = 0xBF;
	}
	*cp_out = cp;
	return n;
}

size_t
ldi_utf8_decode(const char *text, size_t len, uint32_t *code_out)
{
	size_t n = len > 0 ? ldi_utf8_next(text, len, code_out) : 0;

	return n > 0 && *code_out != LDI_UTF8_BAD ? n : 0;
}

size_t
ldi_utf8_encode(uint32_t code, char at[4])
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n;

	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	if (code < 0x80) {
		at[0] = (char)code;
		return 1;
	}
	n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		at[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	at[0] = (char)(lead[n] | code);
	return n;
}

bool
ldi_utf8_valid(const char *text, size_t len)
{
	uint32_t code;

	while (len > 0) {
		size_t n = ldi_utf8_decode(text, len, &code);

		if (n == 0)
			return false;
		text += n;
		len -= n;
	}
	return true;
}

size_t
ldi_utf8_count(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

bool
ldi_utf8_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = { { 0x00AD, 0x00AD }, { 0x061C, 0x061C },
		{ 0x180E, 0x180E }, { 0x200B, 0x200F }, { 0x2028, 0x202E },
		{ 0x2060, 0x206F }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB },
		{ 0xE0000, 0xE0FFF } };

	if (code < hidden[0].first)
		return false;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	return false;
}

bool
ldi_utf8_showable(uint32_t code)
{
	return code >= 0x20 && !(code >= 0x7f && code <= 0x9f) &&
	       !ldi_utf8_hidden(code);
}
