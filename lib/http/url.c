/* SPDX-License-Identifier: MIT */
/* URLs: origin, target, and the two ways to encode. */
#include "config.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/http_text.h"
#include "http/url.h"

static bool
is_alpha(char c)
{
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Length of "scheme://", or 0. */
static size_t
scheme_len(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && (is_alpha(text[n]) ||
			      (n > 0 && (is_digit(text[n]) || text[n] == '+' ||
					    text[n] == '-' || text[n] == '.'))))
		n++;
	if (n == 0 || len - n < 3 || memcmp(text + n, "://", 3) != 0)
		return 0;
	return n + 3;
}

bool
ldi_url_has_scheme(const char *text, size_t len)
{
	return scheme_len(text, len) != 0;
}

static bool
scheme_is(const char *text, size_t len, const char *name)
{
	return len == strlen(name) && strncasecmp(text, name, len) == 0;
}

static const char *
unix_socket(const char *text, size_t len, struct ldi_url_origin *out)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++, n++) {
		char c = text[i];

		if (c == '%') {
			if (len - i < 3 || ldi_hex_value(text[i + 1]) < 0 ||
			    ldi_hex_value(text[i + 2]) < 0)
				return "a '%' without two hex digits in the "
				       "socket's path";
			c = (char)(ldi_hex_value(text[i + 1]) * 16 +
				   ldi_hex_value(text[i + 2]));
			i += 2;
		}
		if (c == '\0' || n + 1 >= LDI_URL_UNIX_SIZE)
			return "the socket's path holds a NUL or is over 107 "
			       "bytes";
		out->unix_path[n] = c;
	}
	if (n == 0)
		return "the socket's path is missing "
		       "(http+unix://%2Fpath%2Fto%2Fsocket/)";
	snprintf(out->authority, sizeof(out->authority), "localhost");
	return NULL;
}

static const char *
port_number(
    const char *text, size_t len, uint16_t standard, struct ldi_url_origin *out)
{
	unsigned v = 0;

	out->port = standard;
	if (len == 0)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(text[i]) || v > 6553)
			return "the port is no number from 1 to 65535";
		v = v * 10 + (unsigned)(text[i] - '0');
	}
	if (v == 0 || v > 65535)
		return "the port is no number from 1 to 65535";
	out->port = (uint16_t)v;
	return NULL;
}

static const char *
host_name(const char *text, size_t len, struct ldi_url_origin *out)
{
	if (len == 0)
		return "the host is missing";
	if (len >= LDI_URL_HOST_SIZE - 2)
		return "the host is too long";
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c & 0x80)
			return "the host is not ASCII: write its xn-- form";
		if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.' &&
		    c != '_')
			return "the host holds a character that no host has";
		out->host[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return NULL;
}

/* Behind the '['.  *end_out: behind the ']'. */
static const char *
host_v6(
    const char *text, size_t len, struct ldi_url_origin *out, size_t *end_out)
{
	const char *close = memchr(text, ']', len);
	size_t n = close != NULL ? (size_t)(close - text) : 0;
	struct in6_addr address;

	if (n == 0 || n >= INET6_ADDRSTRLEN)
		return "the host is no IPv6 address in brackets";
	memcpy(out->host, text, n);
	if (inet_pton(AF_INET6, out->host, &address) != 1)
		return "the host is no IPv6 address in brackets";
	*end_out = n + 1;
	return NULL;
}

static const char *
network(const char *text, size_t len, struct ldi_url_origin *out)
{
	const uint16_t standard = out->tls ? 443 : 80;
	const char *why;
	size_t end = 0;
	bool v6 = len > 0 && text[0] == '[';

	if (v6) {
		why = host_v6(text + 1, len - 1, out, &end);
		end++;
	} else {
		const char *colon = memchr(text, ':', len);

		end = colon != NULL ? (size_t)(colon - text) : len;
		why = host_name(text, end, out);
	}
	if (why != NULL)
		return why;
	if (end < len && text[end] != ':')
		return "something stands between the host and its port";
	if (end < len)
		end++;
	why = port_number(text + end, len - end, standard, out);
	if (why != NULL)
		return why;
	if (out->port == standard)
		snprintf(out->authority, sizeof(out->authority), "%s%s%s",
		    v6 ? "[" : "", out->host, v6 ? "]" : "");
	else
		snprintf(out->authority, sizeof(out->authority), "%s%s%s:%u",
		    v6 ? "[" : "", out->host, v6 ? "]" : "",
		    (unsigned)out->port);
	return NULL;
}

const char *
ldi_url_origin_parse(
    const char *text, size_t len, struct ldi_url_origin *out, size_t *rest_out)
{
	size_t from = scheme_len(text, len), end = from;
	bool is_unix;

	memset(out, 0, sizeof(*out));
	*rest_out = len;
	if (from == 0)
		return "the URL has no scheme";
	is_unix = scheme_is(text, from - 3, "http+unix");
	out->tls = scheme_is(text, from - 3, "https");
	if (!is_unix && !out->tls && !scheme_is(text, from - 3, "http"))
		return "the scheme is none of http, https and http+unix";
	while (end < len && text[end] != '/' && text[end] != '?' &&
	       text[end] != '#')
		end++;
	*rest_out = end;
	if (memchr(text + from, '@', end - from) != NULL)
		return LDI_URL_NO_USER;
	return is_unix ? unix_socket(text + from, end - from, out)
		       : network(text + from, end - from, out);
}

int
ldi_url_shown(const char *text, size_t len)
{
	if (len > 0 && memchr(text, '@', len) != NULL)
		len = scheme_len(text, len);
	return len < 100 ? (int)len : 100;
}

/* Behind a placeholder that begins at `at`. */
static const char *
behind_placeholder(const char *at)
{
	const char *close = strchr(at + 2, '}');

	return close != NULL ? close + 1 : at + 2;
}

bool
ldi_url_shape_has_user(const char *shape)
{
	const char *at = strstr(shape, "://");

	if (at == NULL)
		return false;
	/* What stands in front may be a placeholder, but no path. */
	for (const char *p = shape; p < at;) {
		if (p[0] == '$' && p[1] == '{')
			p = behind_placeholder(p);
		else if (strchr("/?#", *p++) != NULL)
			return false;
	}
	for (at += 3; *at != '\0' && strchr("/?#", *at) == NULL;) {
		if (*at == '@')
			return true;
		at = at[0] == '$' && at[1] == '{' ? behind_placeholder(at)
						  : at + 1;
	}
	return false;
}

bool
ldi_url_origin_same(
    const struct ldi_url_origin *a, const struct ldi_url_origin *b)
{
	return a->tls == b->tls && a->port == b->port &&
	       strcmp(a->host, b->host) == 0 &&
	       strcmp(a->unix_path, b->unix_path) == 0;
}

static void
add_percent(struct ld_buf *out, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char text[3] = { '%', digits[c >> 4], digits[c & 15] };

	ld_buf_add(out, text, sizeof(text));
}

/* What RFC 3986 allows in a path or query, '%' only in front of two hex
 * digits. */
static bool
target_plain(const char *text, size_t len, size_t i)
{
	unsigned char c = (unsigned char)text[i];

	if (c == '%')
		return len - i > 2 && ldi_hex_value(text[i + 1]) >= 0 &&
		       ldi_hex_value(text[i + 2]) >= 0;
	return is_alpha((char)c) || is_digit((char)c) ||
	       (c != 0 && strchr("-._~!$&'()*+,;=:@/?[]", c) != NULL);
}

void
ldi_url_target_add(struct ld_buf *out, const char *text, size_t len)
{
	const char *fragment = memchr(text, '#', len);
	size_t plain = 0;

	if (fragment != NULL)
		len = (size_t)(fragment - text);
	if (len == 0 || text[0] != '/')
		ld_buf_addc(out, '/');
	for (size_t i = 0; i < len; i++) {
		if (target_plain(text, len, i))
			continue;
		ld_buf_add(out, text + plain, i - plain);
		add_percent(out, (unsigned char)text[i]);
		plain = i + 1;
	}
	ld_buf_add(out, text + plain, len - plain);
}

void
ldi_url_form_add(struct ld_buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (is_alpha((char)c) || is_digit((char)c) || c == '-' ||
		    c == '.' || c == '_' || c == '~')
			ld_buf_addc(out, (char)c);
		else if (c == ' ')
			ld_buf_addc(out, '+');
		else
			add_percent(out, c);
	}
}
