/* SPDX-License-Identifier: MIT */
/*
 * http1/url.h - where a request goes, and what it asks for there.
 *
 * http://, https:// and http+unix://%2Fpath%2Fto%2Fsocket/.  User names in a
 * URL are refused (they would end up in series names), a fragment is dropped,
 * bytes that may not stand in a request line are percent-encoded.
 */
#ifndef LDI_HTTP1_URL_H
#define LDI_HTTP1_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>

#define LDI_H1_HOST_SIZE 256
#define LDI_H1_UNIX_SIZE 108 /* of sun_path on Linux */

struct ldi_h1_origin {
	bool tls;
	uint16_t port;                    /* 0 with a unix socket */
	char host[LDI_H1_HOST_SIZE];      /* lower case; IPv6 without [] */
	char unix_path[LDI_H1_UNIX_SIZE]; /* "" = none */
	/* The value of Host: host and, unless it is the default, port. */
	char authority[LDI_H1_HOST_SIZE + 16];
};

/* Does the text begin with a scheme and "://"? */
bool ldi_h1_has_scheme(const char *text, size_t len);

/*
 * Read scheme and authority.  *rest_out is where path, query or fragment
 * begin (len when there are none).  NULL, or a sentence saying what is wrong.
 */
const char *ldi_h1_origin_parse(
    const char *text, size_t len, struct ldi_h1_origin *out, size_t *rest_out);
/* How much of a URL an error may show: what stands in front of an '@' may be
 * a password. */
int ldi_h1_shown(const char *text, size_t len);
/* Does the shape of a template name a user in front of the host, with
 * placeholders or without? */
bool ldi_h1_shape_has_user(const char *shape);
#define LDI_H1_NO_USER "a user name in a URL is not accepted: use a header"
bool ldi_h1_origin_same(
    const struct ldi_h1_origin *a, const struct ldi_h1_origin *b);

/* Append path and query: encoded, up to the fragment. */
void ldi_h1_target_add(struct ld_buf *out, const char *text, size_t len);

/* Append as application/x-www-form-urlencoded has it: ' ' becomes '+'. */
void ldi_h1_form_add(struct ld_buf *out, const char *text, size_t len);

#endif /* LDI_HTTP1_URL_H */
