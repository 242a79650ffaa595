/* SPDX-License-Identifier: MIT */
/*
 * http/jar.h - the cookies of one user (RFC 6265, and of its successor the
 * prefixes and the rules for Secure).
 *
 * What a Set-Cookie may say, and what is made of it, is http/cookie.h.
 *
 * Bounds      LD_MAX_COOKIES and LD_MAX_COOKIE_TOTAL per jar, in favour of
 *             whom expired cookies and then the oldest go; LD_MAX_COOKIE_BYTES
 *             of name and value, beyond which a cookie is ignored.
 * Memory      none until the first cookie.  Storing a cookie that is there
 *             allocates only if its text has grown; sending allocates only
 *             while the text of the header grows.
 * Threads     none.
 */
#ifndef LDI_HTTP_JAR_H
#define LDI_HTTP_JAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/err.h>
#include <ld/record.h>

#include "http/cookie.h"

struct ldi_cookie;

struct ldi_jar {
	struct ldi_cookie **cookies; /* longest path first, then oldest */
	uint32_t n;
	uint32_t held, cap;  /* of `cookies`: behind the n are spare ones */
	uint32_t bytes;      /* of the texts of the n */
	uint64_t created;    /* cookies so far: their age */
	uint64_t expires_ns; /* of the first that does; UINT64_MAX = none */
	struct ldi_jar_cache *cache; /* the header that was asked for last */
};

void ldi_jar_init(struct ldi_jar *jar);
/* Forget everything and give the memory back. */
void ldi_jar_clear(struct ldi_jar *jar);
/* Forget the cookies, keep the memory for the next user's. */
void ldi_jar_empty(struct ldi_jar *jar);

/* Take the value of a Set-Cookie.  What a browser would ignore is ignored;
 * LD_NOMEM only. */
enum ld_status ldi_jar_store(struct ldi_jar *jar,
    const struct ldi_jar_url *from, const char *value, size_t len,
    const struct ldi_jar_time *now);

/* Store a cookie that the plan gives: of this host alone, for all its paths,
 * until the session ends.  Name and value have been looked at, with
 * ldi_cookie_is_name() and _is_value().  LD_INVALID when it is too large. */
enum ld_status ldi_jar_give(struct ldi_jar *jar, const struct ldi_jar_url *to,
    const char *name, size_t name_len, const char *value, size_t len);

/* "Cookie: a=b; c=d", its line break, and the empty line that ends a header;
 * valid until the jar is asked again, whatever comes in meanwhile.  Length 0:
 * there is none to send there.  LD_NOMEM only. */
enum ld_status ldi_jar_header(struct ldi_jar *jar, const struct ldi_jar_url *to,
    uint64_t now_ns, const char **text_out, size_t *len_out);

/* The values of the cookies, `max` at most; borrowed until the jar changes. */
size_t ldi_jar_values(
    const struct ldi_jar *jar, struct ld_str *out, size_t max);

#endif /* LDI_HTTP_JAR_H */
