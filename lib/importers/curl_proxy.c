/* SPDX-License-Identifier: MIT */
/*
 * Proxies, and whether a plan needs http_user: curl's options take a host, a
 * host and a port, or a URL, and the user of the proxy beside it; a plan has
 * all of it in one URL.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "importers/curl.h"

struct proxy_scheme {
	char kind; /* of the option's row */
	const char *scheme;
};

static const struct proxy_scheme schemes[] = {
	{ 'h', "http" },
	{ '4', "socks4" },
	{ 'a', "socks4a" },
	{ '5', "socks5" },
	{ 'H', "socks5h" },
};

/* The option's own, unless the word brings one along. */
static const char *
scheme_of(char kind)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (schemes[i].kind == kind)
			return schemes[i].scheme;
	return "http";
}

/* In a URL; a variable of the shell is left to be one. */
static void
add_user(struct ld_buf *out, const struct ldi_curl_word *user)
{
	bool as_is = ldi_curl_has_variable(user);

	for (size_t i = 0; i < user->len; i++) {
		unsigned char c = (unsigned char)user->text[i];

		if (as_is || isalnum(c) || strchr("-._~:", c) != NULL)
			ld_buf_add(out, user->text + i, 1);
		else
			ld_buf_addf(out, "%%%02X", c);
	}
	ld_buf_adds(out, "@");
}

/* Is there a port behind the host?  Curl's own is 1080 else. */
static bool
has_port(const char *host, size_t len)
{
	const char *end = memrchr(host, ']', len);
	size_t from = end != NULL ? (size_t)(end - host) : 0;

	return memchr(host + from, ':', len - from) != NULL;
}

static bool
is_https(const struct ldi_curl_word *proxy)
{
	return proxy->len > 8 && strncasecmp(proxy->text, "https://", 8) == 0;
}

/* With its "://"; curl takes "socks" for socks4. */
static void
add_scheme(struct ld_buf *out, const char *text, size_t len)
{
	if (len == 8 && strncasecmp(text, "socks://", 8) == 0)
		ld_buf_adds(out, "socks4://");
	else
		ld_buf_add(out, text, len);
}

void
ldi_curl_proxy_url(const struct ldi_curl_op *op, struct ld_buf *out)
{
	const struct ldi_curl_word *proxy = &op->proxy;
	const char *at, *host = memmem(proxy->text, proxy->len, "://", 3);
	size_t len = proxy->len;

	if (host != NULL) {
		host += 3;
		add_scheme(out, proxy->text, (size_t)(host - proxy->text));
		len -= (size_t)(host - proxy->text);
	} else {
		host = proxy->text;
		ld_buf_addf(out, "%s://", scheme_of(proxy->kind));
	}
	at = memchr(host, '/', len); /* a path means nothing */
	if (at != NULL)
		len = (size_t)(at - host);
	at = memrchr(host, '@', len);
	if (at == NULL && op->proxy_user.text != NULL)
		add_user(out, &op->proxy_user);
	ld_buf_add(out, host, len);
	if (at != NULL) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	if (!ldi_curl_has_variable(proxy) && !has_port(host, len))
		ld_buf_adds(out, is_https(proxy) ? ":443" : ":1080");
}

bool
ldi_curl_op_needs_more(const struct ldi_curl_op *op)
{
	return op->proxy.text != NULL || op->digest || op->http_version == '2';
}

bool
ldi_curl_wants_more(const struct ldi_curl *curl)
{
	const char *user = curl->options->user;

	return user != NULL ? strcmp(user, "http_user") == 0 : curl->more;
}
