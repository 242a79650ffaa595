/* SPDX-License-Identifier: MIT */
/*
 * importers/curl_headers.h - the header fields of one request, in curl's
 * order.
 */
#ifndef LDI_IMPORTERS_CURL_HEADERS_H
#define LDI_IMPORTERS_CURL_HEADERS_H

#include "importers/curl.h"
#include "importers/curl_body.h"

struct ldi_curl_field {
	const char *name;
	size_t name_len;
	const char *value; /* NULL = a header of ours that curl does not send */
	size_t value_len;
	struct ldi_curl_place at;
};

struct ldi_curl_fields {
	struct ldi_curl_field *list;
	size_t n, cap;
};

/* What the fields depend on besides the options. */
struct ldi_curl_request {
	const char *method; /* as it is sent */
	bool get;           /* GET or HEAD, by curl's own reckoning */
	bool upload;
	const struct ldi_curl_body *body;
	const char *type; /* of the body; NULL = none by itself */
	bool body_fields; /* `files` in the plan name the type */
	const char *host; /* to be said, where it is not the URL's; or NULL */
};

/* Read --header into fields; what stands in files, too. */
enum ld_status ldi_curl_headers_read(struct ldi_curl *curl,
    const struct ldi_curl_op *op, struct ldi_curl_fields *custom_out);

/* Does the user give this one?  *value_out may be NULL: "take it away". */
bool ldi_curl_headers_find(const struct ldi_curl_fields *custom,
    const char *name, const char **value_out, size_t *len_out);

/* All of them together. */
enum ld_status ldi_curl_headers_make(struct ldi_curl *curl,
    const struct ldi_curl_op *op, const struct ldi_curl_fields *custom,
    const struct ldi_curl_request *request, struct ldi_curl_fields *out);

/* -- curl_cookies.c ------------------------------------------------------- */

struct ldi_curl_url;

/* What --cookie sends to this URL, as one Cookie value. */
enum ld_status ldi_curl_cookies_make(struct ldi_curl *curl,
    const struct ldi_curl_op *op, const struct ldi_curl_url *url,
    struct ld_buf *out);

/* -- curl_date.c ---------------------------------------------------------- */

/* Seconds since 1970 of a date in one of the forms that curl reads. */
bool ldi_curl_date_read(const char *text, int64_t *seconds_out);
/* "Tue, 04 Nov 2025 10:00:00 GMT" */
void ldi_curl_date_add(struct ld_buf *out, int64_t seconds);
/* The wall clock. */
int64_t ldi_curl_date_now(void);

#endif /* LDI_IMPORTERS_CURL_HEADERS_H */
