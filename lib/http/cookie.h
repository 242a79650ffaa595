/* SPDX-License-Identifier: MIT */
/*
 * http/cookie.h - what one Set-Cookie says, and to whom cookies go.
 *
 * There is no list of public suffixes: a Domain of one label ("com") is
 * refused unless it is the host's own name, and longer ones ("co.uk") are
 * believed.  HttpOnly and SameSite mean nothing here, where there is neither
 * script nor site.  A loopback host counts as secure, as it does in curl and
 * browsers, and so does a unix socket.
 */
#ifndef LDI_HTTP_COOKIE_H
#define LDI_HTTP_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/url.h"

/* Who asks or answers: the URL of a request. */
struct ldi_jar_url {
	const struct ldi_url_origin *origin;
	const char *target; /* path and query */
	size_t len;
};

/* A cookie lives by the monotonic clock; a date is compared with the other
 * one once, when it comes. */
struct ldi_jar_time {
	uint64_t now_ns;
	int64_t wall_s; /* since 1970 */
};

/* A cookie, its parts somewhere else. */
struct ldi_cookie_text {
	const char *name, *value, *domain, *path;
	size_t name_len, value_len, domain_len, path_len;
	bool host_only; /* not for hosts below its domain */
	bool secure;
	uint64_t expires_ns; /* UINT64_MAX = with the session; not beyond
				now_ns: it is to be removed */
	/* `domain` when it is not written as it is compared. */
	char lower[LDI_URL_HOST_SIZE];
};

size_t ldi_cookie_text_len(const struct ldi_cookie_text *t);

/* Read the value of a Set-Cookie that `from` sent.  False: it is to be
 * ignored.  The parts lie in `value`, in `from`, or in *out. */
bool ldi_cookie_parse(struct ldi_cookie_text *out,
    const struct ldi_jar_url *from, const char *value, size_t len,
    const struct ldi_jar_time *now);

/* What stands for the host in a cookie's domain. */
const char *ldi_cookie_host(
    const struct ldi_url_origin *origin, size_t *len_out);
/* May cookies marked Secure go there, and come from there? */
bool ldi_cookie_is_safe(const struct ldi_url_origin *origin);
/* RFC 6265, 5.1.3: is the host that domain, or below it? */
bool ldi_cookie_domain_match(
    const char *host, size_t host_len, const char *domain, size_t domain_len);
/* 5.1.4: does a path lie in that of a cookie? */
bool ldi_cookie_path_match(
    const char *path, size_t path_len, const char *cookie, size_t cookie_len);

/* Can it stand in a Cookie header, as the name or the value of one? */
bool ldi_cookie_is_name(const char *name, size_t len);
bool ldi_cookie_is_value(const char *value, size_t len);

#endif /* LDI_HTTP_COOKIE_H */
