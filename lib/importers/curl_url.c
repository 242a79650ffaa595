/* SPDX-License-Identifier: MIT */
/*
 * A URL as curl 7.88 reads it: a scheme is guessed, dots in the path are
 * resolved, bytes beyond ASCII in it are percent-encoded in lower case, and all
 * else is sent as it was written.  Where ld-run would encode more, the task
 * gets a request_target beside the URL.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/http_text.h"
#include "base/utf8.h"
#include "importers/curl_url.h"

void
ldi_curl_url_init(struct ldi_curl_url *url)
{
	*url = (struct ldi_curl_url){ 0 };
	ld_buf_init(&url->user, LDI_CURL_MAX_TEXT);
	ld_buf_init(&url->password, LDI_CURL_MAX_TEXT);
	ld_buf_init(&url->host, LDI_CURL_MAX_TEXT);
	ld_buf_init(&url->target, LDI_CURL_MAX_TEXT);
	ld_buf_init(&url->text, LDI_CURL_MAX_TEXT);
}

void
ldi_curl_url_clear(struct ldi_curl_url *url)
{
	ld_buf_clear(&url->user);
	ld_buf_clear(&url->password);
	ld_buf_clear(&url->host);
	ld_buf_clear(&url->target);
	ld_buf_clear(&url->text);
}

void
ldi_curl_url_escape(struct ld_buf *out, const char *text, size_t len, bool plus)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr("-._~", c) != NULL)) {
			ld_buf_addc(out, (char)c);
		} else if (c == ' ' && plus) {
			ld_buf_addc(out, '+');
		} else {
			ld_buf_addc(out, '%');
			ld_buf_addc(out, digits[c >> 4]);
			ld_buf_addc(out, digits[c & 15]);
		}
	}
}

/* -- pieces --------------------------------------------------------------- */

static bool
is_escape(const char *p, const char *end)
{
	return end - p >= 3 && p[0] == '%' && ldi_hex_value(p[1]) >= 0 &&
	       ldi_hex_value(p[2]) >= 0;
}

static void
decode(struct ld_buf *out, const char *text, size_t len)
{
	const char *end = text + len;

	for (const char *p = text; p < end; p++) {
		if (is_escape(p, end)) {
			ld_buf_addc(out, (char)(ldi_hex_value(p[1]) << 4 |
						ldi_hex_value(p[2])));
			p += 2;
		} else {
			ld_buf_addc(out, *p);
		}
	}
}

/* Text of a path. */
static void
add_encoded(struct ld_buf *out, const char *text, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x80) {
			ld_buf_addc(out, (char)c);
			continue;
		}
		ld_buf_addc(out, '%');
		ld_buf_addc(out, digits[c >> 4]);
		ld_buf_addc(out, digits[c & 15]);
	}
}

/* Text of a query, which curl leaves alone, but that what --get and
 * --url-query append has its escapes in lower case.  Bytes that a plan cannot
 * hold are encoded. */
static void
add_query_text(struct ld_buf *out, const char *text, size_t len, bool lower)
{
	static const char digits[] = "0123456789abcdef";
	const char *end = text + len;

	if (!ldi_utf8_valid(text, len)) {
		add_encoded(out, text, len);
		return;
	}
	for (const char *p = text; p < end; p++) {
		if (!lower || !is_escape(p, end)) {
			ld_buf_addc(out, *p);
			continue;
		}
		ld_buf_addc(out, '%');
		ld_buf_addc(out, digits[ldi_hex_value(p[1])]);
		ld_buf_addc(out, digits[ldi_hex_value(p[2])]);
		p += 2;
	}
}

/* RFC 3986, 5.2.4, for a path that begins with a slash. */
static void
add_path(struct ld_buf *out, const char *path, size_t len)
{
	const char *end = path + len;
	size_t base = out->len;

	while (path < end) {
		const char *next =
		    memchr(path + 1, '/', (size_t)(end - path - 1));
		size_t n = (size_t)((next != NULL ? next : end) - path);
		bool one = n == 2 && path[1] == '.';
		bool two = n == 3 && path[1] == '.' && path[2] == '.';

		if (two)
			while (out->len > base && out->data[--out->len] != '/')
				continue;
		if (!one && !two)
			add_encoded(out, path, n);
		else if (next == NULL)
			ld_buf_addc(out, '/');
		path += n;
	}
}

/* Would ld-run's own rules change it? */
static bool
is_odd(const struct ld_buf *target)
{
	const char *end = target->data + target->len;

	for (const char *p = target->data; p < end; p++) {
		if ((unsigned char)*p >= 0x80 ||
		    strchr("\"<>\\^`{|}", *p) != NULL ||
		    (*p == '%' && !is_escape(p, end)))
			return true;
	}
	return false;
}

/* -- in front of the path ------------------------------------------------- */

/* Behind "scheme://", of which curl takes one to three slashes; NULL when
 * there is none. */
static const char *
skip_scheme(const char *text, size_t *len_out)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	size_t slashes;

	if (len == 0 || text[len] != ':' || text[len + 1] != '/')
		return NULL;
	*len_out = len;
	slashes = strspn(text + len + 1, "/");
	return text + len + 1 + (slashes < 3 ? slashes : 3);
}

static bool
is_word(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

/* What curl guesses from the name of a host: a protocol that is none of
 * ours? */
static bool
guesses_other(const char *host)
{
	static const char *const names[] = { "ftp.", "dict.", "ldap.", "imap.",
		"smtp.", "pop3." };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncasecmp(host, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static const char *
read_scheme(
    struct ldi_curl_url *url, const struct ldi_curl_op *op, const char *text)
{
	const char *rest, *scheme = text;
	size_t len;

	rest = skip_scheme(text, &len);
	if (rest == NULL && op->proto_default.text != NULL) {
		scheme = op->proto_default.text;
		len = op->proto_default.len;
		rest = text;
	} else if (rest == NULL) {
		if (guesses_other(text))
			url->fault = "curl guesses another protocol than HTTP "
				     "from the name of the host";
		return text;
	}
	url->https = is_word(scheme, len, "https");
	if (!url->https && !is_word(scheme, len, "http"))
		url->fault = "its URL is neither http nor https";
	return rest;
}

static const char *
read_port(struct ldi_curl_url *url, const char *p, const char *end)
{
	unsigned long port = 0;

	if (p == end)
		return NULL;
	if (*p++ != ':')
		return "its URL has no proper host";
	for (; p < end; p++) {
		if (*p < '0' || *p > '9')
			return "its URL has no proper port";
		port = port * 10 + (unsigned long)(*p - '0');
		if (port > 65535)
			return "its URL has no proper port";
	}
	if (port != (url->https ? 443 : 80))
		url->port = (unsigned)port;
	return NULL;
}

static const char *
read_host(struct ldi_curl_url *url, const char *p, const char *end)
{
	const char *host = p;

	if (p < end && *p == '[') {
		p += strcspn(p, "]") + 1;
		if (p > end)
			return "its URL has no proper host";
	} else {
		while (p < end && *p != ':')
			p++;
	}
	if (p == host)
		return "its URL names no host";
	for (const char *c = host; c < p; c++)
		if ((unsigned char)*c >= 0x80)
			return "its host is beyond ASCII: write it as xn--...";
		else if (strchr("\"<>\\^`{|} %", *c) != NULL)
			return "its URL has no proper host";
	ld_buf_add(&url->host, host, (size_t)(p - host));
	return read_port(url, p, end);
}

/* It would look like a variable. */
static bool
has_nul(const struct ld_buf *buf)
{
	return buf->len > 0 && memchr(buf->data, '\0', buf->len) != NULL;
}

static const char *
read_authority(struct ldi_curl_url *url, const char *p, const char *end)
{
	const char *at = NULL, *colon;

	for (const char *c = p; c < end; c++)
		if (*c == '@')
			at = c;
	url->has_user = at != NULL;
	if (at != NULL) {
		colon = memchr(p, ':', (size_t)(at - p));
		decode(
		    &url->user, p, (size_t)((colon != NULL ? colon : at) - p));
		if (colon != NULL)
			decode(&url->password, colon + 1,
			    (size_t)(at - colon - 1));
		p = at + 1;
		if (has_nul(&url->user) || has_nul(&url->password))
			return "its user name holds a NUL";
	}
	return read_host(url, p, end);
}

/* -- the whole ------------------------------------------------------------ */

static void
add_query(struct ld_buf *target, bool has_query, const struct ld_buf *query)
{
	if (query == NULL || query->len == 0)
		return;
	if (!has_query)
		ld_buf_addc(target, '?');
	else if (target->data[target->len - 1] != '?')
		ld_buf_addc(target, '&');
	add_query_text(target, query->data, query->len, true);
}

static void
add_file(struct ld_buf *target, const char *file)
{
	const char *slash = strrchr(file, '/');

	file = slash != NULL ? slash + 1 : file;
	ldi_curl_url_escape(target, file, strlen(file), false);
}

/* Path and query, from behind the host. */
static void
read_target(struct ldi_curl_url *url, const struct ldi_curl_op *op,
    const char *p, const struct ld_buf *query, const char *file)
{
	size_t path_len = strcspn(p, "?#");
	size_t len = strcspn(p, "#");
	bool has_query = len > path_len;

	if (path_len == 0)
		ld_buf_addc(&url->target, '/');
	else if (op->path_as_is)
		add_encoded(&url->target, p, path_len);
	else
		add_path(&url->target, p, path_len);
	if (file != NULL && url->target.len > 0 &&
	    url->target.data[url->target.len - 1] == '/')
		add_file(&url->target, file);
	if (has_query && len > path_len + 1)
		add_query_text(
		    &url->target, p + path_len, len - path_len, false);
	else if (has_query)
		ld_buf_addc(&url->target, '?');
	add_query(&url->target, has_query, query);
}

static const char *
find_fault(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return "its URL holds a blank or control character, "
			       "which curl refuses";
	return strlen(text) > 64 << 10 ? "its URL is longer than 64 KiB" : NULL;
}

static void
read_known(struct ldi_curl_url *url, const struct ldi_curl_op *op,
    const char *text, const struct ld_buf *query, const char *file)
{
	const char *p, *end;

	url->fault = find_fault(text);
	if (url->fault == NULL && query != NULL && query->len > 0) {
		struct ld_buf copy = *query;

		for (size_t i = 0; i < copy.len && url->fault == NULL; i++)
			if ((unsigned char)copy.data[i] <= ' ' ||
			    copy.data[i] == 0x7f)
				url->fault = "the query holds a blank or "
					     "control character, which curl "
					     "refuses";
	}
	if (url->fault != NULL)
		return;
	p = read_scheme(url, op, text);
	end = p + strcspn(p, "/?#");
	if (url->fault == NULL)
		url->fault = read_authority(url, p, end);
	if (url->fault != NULL)
		return;
	read_target(url, op, end, query, file);
	url->odd = !url->target.failed && is_odd(&url->target);
	ld_buf_adds(&url->text, url->https ? "https://" : "http://");
	ld_buf_add(&url->text, url->host.data, url->host.len);
	if (url->port != 0)
		ld_buf_addf(&url->text, ":%u", url->port);
	ld_buf_add(&url->text, url->target.data, url->target.len);
}

/* One with variables stays as it is, but for its fragment. */
static void
read_variable(struct ldi_curl_url *url, const struct ldi_curl_word *word,
    const struct ld_buf *query, const char *file)
{
	const char *hash = memchr(word->text, '#', word->len);
	size_t len = hash != NULL ? (size_t)(hash - word->text) : word->len;
	bool has_query = memchr(word->text, '?', len) != NULL;

	url->variable = true;
	if (memmem(word->text, len, "://", 3) == NULL && word->text[0] != '\0')
		ld_buf_adds(&url->text, "http://");
	ld_buf_add(&url->text, word->text, len);
	if (file != NULL && len > 0 && !has_query && word->text[len - 1] == '/')
		add_file(&url->text, file);
	if (query == NULL || query->len == 0)
		return;
	ld_buf_addc(&url->text, has_query ? '&' : '?');
	ld_buf_add(&url->text, query->data, query->len);
}

enum ld_status
ldi_curl_url_read(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, const struct ld_buf *query,
    const char *file, struct ldi_curl_url *url)
{
	if (ldi_curl_has_variable(word) ||
	    (query != NULL && query->len > 0 &&
		memchr(query->data, '\0', query->len) != NULL))
		read_variable(url, word, query, file);
	else
		read_known(url, op, word->text, query, file);
	return url->user.failed || url->password.failed || url->host.failed ||
		       url->target.failed || url->text.failed
		   ? ldi_curl_nomem(curl)
		   : LD_OK;
}
