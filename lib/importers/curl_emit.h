/* SPDX-License-Identifier: MIT */
/*
 * importers/curl_emit.h - operations as tasks.
 */
#ifndef LDI_IMPORTERS_CURL_EMIT_H
#define LDI_IMPORTERS_CURL_EMIT_H

#include "importers/curl.h"
#include "importers/curl_body.h"
#include "importers/curl_headers.h"
#include "importers/curl_url.h"

/* Everything about one request, before it is written. */
struct ldi_curl_exchange {
	const struct ldi_curl_op *op;
	const char *method;
	struct ldi_curl_request request;
	struct ldi_curl_fields custom, fields;
	struct ldi_curl_body body;
	struct ldi_curl_url url;
	struct ld_buf query, type, cookies, host, target;
	bool files; /* the form is written as `files` */
};

/* Write the tasks of an operation, one per URL. */
enum ld_status ldi_curl_emit(
    struct ldi_curl *curl, const struct ldi_curl_op *op);

/* The URLs of an operation, patterns resolved; for counting origins, too. */
enum ld_status ldi_curl_emit_urls(struct ldi_curl *curl,
    const struct ldi_curl_op *op, size_t i, struct ldi_curl_words *out);

/* -- curl_write.c --------------------------------------------------------- */

enum ld_status ldi_curl_write(
    struct ldi_curl *curl, struct ldi_curl_exchange *x);

#endif /* LDI_IMPORTERS_CURL_EMIT_H */
