/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include <ld/limits.h>
#include <ld/time.h>

#include "base/http_text.h"
#include "http/cookie.h"
#include "http/date.h"

/* Of one attribute (RFC 6265bis, 5.6); what is longer is ignored. */
#define MAX_ATTRIBUTE 1024
/* 400 days, likewise: no cookie lives longer. */
#define MAX_AGE_S (INT64_C(400) * 86400)

size_t
ldi_cookie_text_len(const struct ldi_cookie_text *t)
{
	return t->name_len + t->value_len + t->domain_len + t->path_len;
}

/* -- hosts and paths ------------------------------------------------------ */

const char *
ldi_cookie_host(const struct ldi_url_origin *origin, size_t *len_out)
{
	const char *host =
	    origin->unix_path[0] != '\0' ? origin->unix_path : origin->host;

	*len_out = strlen(host);
	return host;
}

static bool
ends_with(const char *text, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len >= n && memcmp(text + len - n, end, n) == 0;
}

bool
ldi_cookie_is_safe(const struct ldi_url_origin *origin)
{
	const char *host = origin->host;

	return origin->tls || origin->unix_path[0] != '\0' ||
	       strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 ||
	       strcmp(host, "localhost") == 0 ||
	       ends_with(host, strlen(host), ".localhost");
}

static bool
is_address(const char *host, size_t len)
{
	unsigned char bytes[16];
	char text[INET6_ADDRSTRLEN];

	if (len >= sizeof(text))
		return false;
	memcpy(text, host, len);
	text[len] = '\0';
	return inet_pton(AF_INET, text, bytes) == 1 ||
	       inet_pton(AF_INET6, text, bytes) == 1;
}

bool
ldi_cookie_domain_match(
    const char *host, size_t host_len, const char *domain, size_t domain_len)
{
	size_t front = host_len - domain_len;

	if (domain_len == 0 || host_len < domain_len ||
	    memcmp(host + front, domain, domain_len) != 0)
		return false;
	return front == 0 ||
	       (host[front - 1] == '.' && !is_address(host, host_len));
}

bool
ldi_cookie_path_match(
    const char *path, size_t path_len, const char *cookie, size_t cookie_len)
{
	if (path_len < cookie_len || memcmp(path, cookie, cookie_len) != 0)
		return false;
	return path_len == cookie_len || cookie[cookie_len - 1] == '/' ||
	       path[cookie_len] == '/';
}

/* -- Set-Cookie ----------------------------------------------------------- */

static void
trim(const char **text, size_t *len)
{
	while (*len > 0 && (**text == ' ' || **text == '\t'))
		(*text)++, (*len)--;
	while (
	    *len > 0 && ((*text)[*len - 1] == ' ' || (*text)[*len - 1] == '\t'))
		(*len)--;
}

/* Cut "name=value" off the front, up to a ';'.  False: there was no '='. */
static bool
next_pair(const char **at, const char *end, const char **name, size_t *name_len,
    const char **value, size_t *len)
{
	const char *semicolon = memchr(*at, ';', (size_t)(end - *at));
	const char *stop = semicolon != NULL ? semicolon : end;
	const char *equals = memchr(*at, '=', (size_t)(stop - *at));

	*name = *at;
	*name_len = (size_t)((equals != NULL ? equals : stop) - *at);
	*value = equals != NULL ? equals + 1 : stop;
	*len = (size_t)(stop - *value);
	trim(name, name_len);
	trim(value, len);
	*at = semicolon != NULL ? semicolon + 1 : end;
	return equals != NULL;
}

/* What the attributes say; of one that is repeated the last counts. */
struct attributes {
	const char *domain, *path;
	size_t domain_len, path_len;
	bool secure, has_age, has_date;
	int64_t age_s, date_s;
};

static void
take_age(struct attributes *a, const char *text, size_t len)
{
	bool negative = len > 0 && text[0] == '-';
	int64_t age = 0;

	if (len == negative)
		return;
	for (size_t i = negative; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return;
		if (age < MAX_AGE_S)
			age = age * 10 + (text[i] - '0');
	}
	a->has_age = true;
	a->age_s = negative ? -age : age;
}

static void
take_domain(struct attributes *a, const char *text, size_t len)
{
	if (len > 0 && *text == '.')
		text++, len--;
	a->domain = text;
	a->domain_len = len;
}

static void
take_attribute(struct attributes *a, const char *name, size_t name_len,
    const char *value, size_t len)
{
	if (len > MAX_ATTRIBUTE)
		return;
	if (ldi_http_same(name, name_len, "expires")) {
		if (ldi_date_parse(value, len, &a->date_s))
			a->has_date = true;
	} else if (ldi_http_same(name, name_len, "max-age")) {
		take_age(a, value, len);
	} else if (ldi_http_same(name, name_len, "domain")) {
		take_domain(a, value, len);
	} else if (ldi_http_same(name, name_len, "path")) {
		a->path = value;
		a->path_len = len;
	} else if (ldi_http_same(name, name_len, "secure")) {
		a->secure = true;
	}
}

static uint64_t
expiry(const struct attributes *a, const struct ldi_jar_time *now)
{
	int64_t left_s;

	if (!a->has_age && !a->has_date)
		return UINT64_MAX;
	left_s = a->has_age ? a->age_s : a->date_s - now->wall_s;
	if (left_s <= 0)
		return 0;
	if (left_s > MAX_AGE_S)
		left_s = MAX_AGE_S;
	return now->now_ns + (uint64_t)left_s * LD_NS_PER_S;
}

/* False: the cookie is not for this host. */
static bool
set_domain(struct ldi_cookie_text *out, const struct ldi_jar_url *from,
    const struct attributes *a)
{
	size_t host_len, len = a->domain_len;
	const char *host = ldi_cookie_host(from->origin, &host_len);

	out->domain = host;
	out->domain_len = host_len;
	out->host_only = true;
	if (len == 0)
		return true;
	if (len >= sizeof(out->lower) || from->origin->unix_path[0] != '\0')
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = a->domain[i];

		out->lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	if (!ldi_cookie_domain_match(host, host_len, out->lower, len))
		return false;
	/* Of one label, or an address: for this host alone. */
	if (memchr(out->lower, '.', len) == NULL || is_address(host, host_len))
		return len == host_len;
	out->domain = out->lower;
	out->domain_len = len;
	out->host_only = false;
	return true;
}

static void
set_path(struct ldi_cookie_text *out, const struct ldi_jar_url *from,
    const struct attributes *a)
{
	const char *query = memchr(from->target, '?', from->len);
	size_t len = query != NULL ? (size_t)(query - from->target) : from->len;

	out->path = a->path;
	out->path_len = a->path_len;
	if (a->path_len > 0 && a->path[0] == '/')
		return;
	/* 5.1.4: that of the request, up to its last '/'. */
	while (len > 0 && from->target[len - 1] != '/')
		len--;
	out->path = len > 1 ? from->target : "/";
	out->path_len = len > 1 ? len - 1 : 1;
}

static bool
begins(const struct ldi_cookie_text *t, const char *prefix)
{
	size_t len = strlen(prefix);

	return t->name_len >= len && strncasecmp(t->name, prefix, len) == 0;
}

/* What its name promises. */
static bool
keeps_promise(const struct ldi_cookie_text *t, const struct attributes *a)
{
	if (begins(t, "__Secure-"))
		return t->secure;
	if (begins(t, "__Host-"))
		return t->secure && a->domain_len == 0 && a->path_len == 1 &&
		       a->path[0] == '/';
	return true;
}

bool
ldi_cookie_parse(struct ldi_cookie_text *out, const struct ldi_jar_url *from,
    const char *value, size_t len, const struct ldi_jar_time *now)
{
	const char *at = value, *end = value + len;
	struct attributes a = { 0 };

	if (!next_pair(&at, end, &out->name, &out->name_len, &out->value,
		&out->value_len) ||
	    out->name_len == 0 ||
	    out->name_len + out->value_len > LD_MAX_COOKIE_BYTES ||
	    !ldi_http_is_value(value, len))
		return false;
	while (at < end) {
		const char *name, *text;
		size_t name_len, text_len;

		next_pair(&at, end, &name, &name_len, &text, &text_len);
		take_attribute(&a, name, name_len, text, text_len);
	}
	if (a.secure && !ldi_cookie_is_safe(from->origin))
		return false;
	out->secure = a.secure;
	out->expires_ns = expiry(&a, now);
	set_path(out, from, &a);
	return out->path_len <= MAX_ATTRIBUTE && set_domain(out, from, &a) &&
	       keeps_promise(out, &a);
}

/* -- what a plan gives ---------------------------------------------------- */

bool
ldi_cookie_is_name(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (name[i] == '=' || name[i] == ';')
			return false;
	return len > 0 && ldi_http_is_value(name, len) && name[0] != ' ' &&
	       name[0] != '\t' && name[len - 1] != ' ' && name[len - 1] != '\t';
}

bool
ldi_cookie_is_value(const char *value, size_t len)
{
	return (len == 0 || memchr(value, ';', len) == NULL) &&
	       ldi_http_is_value(value, len);
}
