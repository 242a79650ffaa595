/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "base/http_text.h"
#include "http/redirect.h"

bool
ldi_redirect_is(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

bool
ldi_redirect_to_get(
    const struct ldi_redirect_rule *rule, int status, const char *method)
{
	bool post = strcmp(method, "POST") == 0;

	if (post && status <= 303 &&
	    (rule->keep_post >> (unsigned)(status - 301) & 1))
		return false;
	if (status == 303)
		return strcmp(method, "GET") != 0 &&
		       strcmp(method, "HEAD") != 0;
	return post && (status == 301 || status == 302);
}

/* -- resolving ------------------------------------------------------------ */

/* Length of "scheme:", or 0. */
static size_t
scheme_len(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = (char)(text[i] | 0x20);

		if (text[i] == ':')
			return i > 0 ? i + 1 : 0;
		if (!(c >= 'a' && c <= 'z') &&
		    (i == 0 || strchr("+-.0123456789", text[i]) == NULL ||
			text[i] == '\0'))
			return 0;
	}
	return 0;
}

/* Up to the query or fragment. */
static size_t
path_len(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] != '?' && text[n] != '#')
		n++;
	return n;
}

/*
 * RFC 3986, 5.2.4, in place, of a path that begins with '/': what is written
 * never overtakes what is read.  Returns the new length.
 */
static size_t
remove_dots(char *path, size_t len)
{
	size_t out = 0, end;

	for (size_t i = 0; i < len; i = end) {
		size_t n;

		for (end = i + 1; end < len && path[end] != '/';)
			end++;
		n = end - i; /* with the '/' in front */
		if (n == 2 && path[i + 1] == '.') {
			n = 0;
		} else if (n == 3 && memcmp(path + i + 1, "..", 2) == 0) {
			while (out > 0 && path[--out] != '/')
				continue;
			n = 0;
		} else {
			memmove(path + out, path + i, n);
			out += n;
		}
		if (n == 0 && end == len)
			path[out++] = '/';
	}
	return out;
}

/* Write what stands in scratch, a path and a query. */
static void
add_target(const struct ldi_redirect_to *to)
{
	struct ld_buf *text = to->scratch;
	size_t path, shorter;

	if (text->failed)
		to->target->failed = true;
	if (text->failed || text->len == 0) {
		ld_buf_addc(to->target, '/');
		return;
	}
	path = path_len(text->data, text->len);
	if (path > 0 && text->data[0] == '/' &&
	    memmem(text->data, path, "/.", 2) != NULL) {
		shorter = remove_dots(text->data, path);
		memmove(
		    text->data + shorter, text->data + path, text->len - path);
		text->len -= path - shorter;
	}
	ldi_url_target_add(to->target, text->data, text->len);
}

/* A reference without scheme and authority. */
static void
add_relative(const struct ldi_redirect_from *from, const char *text, size_t len,
    const struct ldi_redirect_to *to)
{
	size_t keep = path_len(from->target, from->len);

	if (len == 0 || text[0] == '#')
		keep = from->len;
	else if (text[0] == '/')
		keep = 0;
	else if (text[0] != '?')
		while (keep > 0 && from->target[keep - 1] != '/')
			keep--;
	ld_buf_reset(to->scratch);
	ld_buf_add(to->scratch, from->target, keep);
	ld_buf_add(to->scratch, text, len);
	*to->origin = *from->origin;
	add_target(to);
}

/* A server on a unix socket knows no other name of itself than the Host that
 * it was sent. */
static void
stay_on_socket(const struct ldi_url_origin *from, struct ldi_url_origin *to)
{
	if (from->unix_path[0] != '\0' && !to->tls &&
	    strcmp(to->authority, from->authority) == 0)
		*to = *from;
}

/* An absolute URL in scratch. */
static const char *
add_absolute(
    const struct ldi_redirect_from *from, const struct ldi_redirect_to *to)
{
	struct ld_buf *text = to->scratch;
	const char *why;
	size_t rest;

	if (text->failed)
		return "it is longer than a request may be";
	if (text->len >= 5 && strncasecmp(text->data, "http+", 5) == 0)
		return "it leads to a socket of this host";
	why = ldi_url_origin_parse(text->data, text->len, to->origin, &rest);
	if (why != NULL)
		return why;
	stay_on_socket(from->origin, to->origin);
	ld_buf_drop(text, rest);
	add_target(to);
	return NULL;
}

const char *
ldi_redirect_resolve(const struct ldi_redirect_from *from, const char *location,
    size_t len, const struct ldi_redirect_to *to)
{
	size_t scheme = scheme_len(location, len);

	if (scheme > 0 &&
	    (len - scheme < 2 || memcmp(location + scheme, "//", 2) != 0))
		return "it leads to a URL that is none of HTTP";
	if (scheme == 0 && (len < 2 || memcmp(location, "//", 2) != 0)) {
		add_relative(from, location, len, to);
		return NULL;
	}
	ld_buf_reset(to->scratch);
	if (scheme == 0)
		ld_buf_adds(
		    to->scratch, from->origin->tls ? "https:" : "http:");
	ld_buf_add(to->scratch, location, len);
	return add_absolute(from, to);
}

/* -- what stays behind ---------------------------------------------------- */

static bool
is_one_of(const char *line, size_t len, const char *const *names, size_t n)
{
	const char *colon = memchr(line, ':', len);

	if (colon == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		if (ldi_http_same(line, (size_t)(colon - line), names[i]))
			return true;
	return false;
}

#define IS_ONE_OF(line, len, names) \
	is_one_of(line, len, names, sizeof(names) / sizeof((names)[0]))

bool
ldi_redirect_is_credential(const char *line, size_t len)
{
	static const char *const names[] = { "authorization", "cookie",
		"proxy-authorization" };

	return IS_ONE_OF(line, len, names);
}

bool
ldi_redirect_is_of_body(const char *line, size_t len)
{
	static const char *const names[] = { "content-type", "content-encoding",
		"content-language", "content-location", "content-disposition",
		"digest", "content-digest", "expect" };

	return IS_ONE_OF(line, len, names);
}
