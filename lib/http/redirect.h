/* SPDX-License-Identifier: MIT */
/*
 * http/redirect.h - where an answer sends a client, and what goes with it.
 *
 * One rule for all HTTP user types.  301 and 302 make a GET of a POST, 303 of
 * everything but HEAD, as browsers do (and RFC 9110, 15.4, allows); 307 and
 * 308 change nothing.  Credentials stay behind when the origin changes, and
 * do not come back.
 */
#ifndef LDI_HTTP_REDIRECT_H
#define LDI_HTTP_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>

#include "http/url.h"

struct ldi_redirect_rule {
	uint32_t limit;     /* redirects that are followed; 0 = none */
	bool trust;         /* credentials go to other origins, too */
	unsigned keep_post; /* 1 << (status - 301): a POST stays one */
};

/* Those followed unless the plan says otherwise, as in browsers and curl. */
#define LDI_REDIRECT_LIMIT 30

/* Is it a status that Location makes a redirect of? */
bool ldi_redirect_is(int status);
/* Does the next request become a GET without a body? */
bool ldi_redirect_to_get(
    const struct ldi_redirect_rule *rule, int status, const char *method);

/* A URL taken apart: path and query are encoded, and begin with '/'. */
struct ldi_redirect_from {
	const struct ldi_url_origin *origin;
	const char *target;
	size_t len;
};
/* Where it leads to.  Nothing of it may be part of where it comes from. */
struct ldi_redirect_to {
	struct ldi_url_origin *origin;
	struct ld_buf *target;  /* path and query, encoded, are appended */
	struct ld_buf *scratch; /* overwritten */
};

/* Resolve Location (RFC 3986, 5.2); a fragment is dropped.  NULL, or a
 * sentence saying why nothing can be fetched there, which shows no part of
 * it. */
const char *ldi_redirect_resolve(const struct ldi_redirect_from *from,
    const char *location, size_t len, const struct ldi_redirect_to *to);

/* Is this line of a header ("Name: value") one that an origin keeps to
 * itself?  One that describes a body? */
bool ldi_redirect_is_credential(const char *line, size_t len);
bool ldi_redirect_is_of_body(const char *line, size_t len);

#endif /* LDI_HTTP_REDIRECT_H */
