/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "drivers/socket/socket.h"

static const char hex_prefix[] = "hex:";
#define HEX_PREFIX_LEN (sizeof(hex_prefix) - 1)

bool
ldi_socket_is_hex(const struct ld_template *payload)
{
	const char *text;
	size_t len;

	ld_template_prefix(payload, &text, &len);
	return len >= HEX_PREFIX_LEN &&
	       memcmp(text, hex_prefix, HEX_PREFIX_LEN) == 0;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *
ldi_socket_unhex(char *text, size_t *len)
{
	size_t n = 0, digits = 0;

	for (size_t i = HEX_PREFIX_LEN; i < *len; i++) {
		int value = digit(text[i]);

		if (value < 0 && digits % 2 == 0 && is_blank(text[i]))
			continue;
		if (value < 0)
			return "'hex:' is followed by pairs of hexadecimal "
			       "digits";
		if (digits++ % 2 == 0)
			text[n] = (char)(value << 4);
		else
			text[n++] |= (char)value;
	}
	if (digits % 2 != 0)
		return "'hex:' is followed by an odd number of digits";
	*len = n;
	return NULL;
}

/* -- targets -------------------------------------------------------------- */

static bool
read_port(const char *text, size_t len, uint16_t *out)
{
	unsigned port = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9' || i == 5)
			return false;
		port = port * 10 + (unsigned)(text[i] - '0');
	}
	*out = (uint16_t)port;
	return port > 0 && port <= UINT16_MAX;
}

static const char *
copy(char *out, const char *text, size_t len)
{
	if (len == 0)
		return "the target has no host";
	if (len >= LDI_SOCKET_HOST_SIZE)
		return "the target's host is too long";
	if (memchr(text, '\0', len) != NULL)
		return "the target holds a NUL";
	memcpy(out, text, len);
	out[len] = '\0';
	return NULL;
}

static const char *
read_unix(const char *path, size_t len, struct ldi_socket_target *out)
{
	/* sun_path of Linux. */
	if (len >= 108)
		return "the path of a unix socket is too long";
	out->of_unix = true;
	out->port = 0;
	return copy(out->host, path, len);
}

const char *
ldi_socket_target_read(
    const char *text, size_t len, struct ldi_socket_target *out)
{
	static const char of_unix[] = "unix:";
	const char *colon = memrchr(text, ':', len), *host = text;
	size_t host_len;

	if (len > sizeof(of_unix) - 1 &&
	    memcmp(text, of_unix, sizeof(of_unix) - 1) == 0)
		return read_unix(
		    text + sizeof(of_unix) - 1, len - sizeof(of_unix) + 1, out);
	out->of_unix = false;
	if (colon == NULL ||
	    !read_port(colon + 1, (size_t)(text + len - colon - 1), &out->port))
		return "a target is HOST:PORT, [IPv6]:PORT or unix:PATH";
	host_len = (size_t)(colon - text);
	if (host_len >= 2 && host[0] == '[' && host[host_len - 1] == ']') {
		host++;
		host_len -= 2;
	} else if (memchr(host, ':', host_len) != NULL) {
		return "an IPv6 address stands in [] in front of its port";
	}
	return copy(out->host, host, host_len);
}
