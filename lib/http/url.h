/* SPDX-License-Identifier: MIT */
/*
 * http/url.h - where a request goes, and what it asks for there.
 *
 * http://, https:// and http+unix://%2Fpath%2Fto%2Fsocket/.  User names in a
 * URL are refused (they would end up in series names), a fragment is dropped,
 * bytes that may not stand in a request line are percent-encoded.
 */
#ifndef LDI_HTTP_URL_H
#define LDI_HTTP_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>

#define LDI_URL_HOST_SIZE 256
#define LDI_URL_UNIX_SIZE 108 /* of sun_path on Linux */

struct ldi_url_origin {
	bool tls;
	uint16_t port;                     /* 0 with a unix socket */
	char host[LDI_URL_HOST_SIZE];      /* lower case; IPv6 without [] */
	char unix_path[LDI_URL_UNIX_SIZE]; /* "" = none */
	/* The value of Host: host and, unless it is the default, port. */
	char authority[LDI_URL_HOST_SIZE + 16];
};

/* Does the text begin with a scheme and "://"? */
bool ldi_url_has_scheme(const char *text, size_t len);

/*
 * Read scheme and authority.  *rest_out is where path, query or fragment
 * begin (len when there are none).  NULL, or a sentence saying what is wrong.
 */
const char *ldi_url_origin_parse(
    const char *text, size_t len, struct ldi_url_origin *out, size_t *rest_out);
/* How much of a URL an error may show: what stands in front of an '@' may be
 * a password. */
int ldi_url_shown(const char *text, size_t len);
/* Does the shape of a template name a user in front of the host, with
 * placeholders or without? */
bool ldi_url_shape_has_user(const char *shape);
#define LDI_URL_NO_USER "a user name in a URL is not accepted: use a header"
bool ldi_url_origin_same(
    const struct ldi_url_origin *a, const struct ldi_url_origin *b);

/* Append path and query: encoded, up to the fragment. */
void ldi_url_target_add(struct ld_buf *out, const char *text, size_t len);

/* Append as application/x-www-form-urlencoded has it: ' ' becomes '+'. */
void ldi_url_form_add(struct ld_buf *out, const char *text, size_t len);

#endif /* LDI_HTTP_URL_H */
