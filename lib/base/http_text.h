/* SPDX-License-Identifier: MIT */
/*
 * base/http_text.h - what may stand in a header field, and hex digits.
 *
 * Whoever writes a field checks it with these: a line break in a value would
 * be a field of the sender's choice.
 */
#ifndef LDI_BASE_HTTP_TEXT_H
#define LDI_BASE_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Is the byte allowed in a field's name (tchar of RFC 9110, 5.6.2)? */
bool ldi_http_is_token(unsigned char c);
/* Is all of it a field's name?  An empty one is none. */
bool ldi_http_is_name(const char *text, size_t len);
/* Are all bytes allowed in a field's value?  An empty one is. */
bool ldi_http_is_value(const char *text, size_t len);

/* Is it `name`, ASCII, in any case? */
bool ldi_http_same(const char *text, size_t len, const char *name);

/* 0 to 15, or -1. */
static inline int
ldi_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif /* LDI_BASE_HTTP_TEXT_H */
