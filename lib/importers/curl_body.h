/* SPDX-License-Identifier: MIT */
/*
 * importers/curl_body.h - what a request carries.
 */
#ifndef LDI_IMPORTERS_CURL_BODY_H
#define LDI_IMPORTERS_CURL_BODY_H

#include "importers/curl.h"

struct ldi_curl_part {
	struct ldi_curl_part *next, *children;
	struct ldi_curl_place at;
	struct ldi_curl_word name, filename, type,
	    encoder; /* text NULL = none */
	struct ldi_curl_words headers;
	bool nested;        /* holds `children` instead of bytes */
	const char *source; /* name of the file it was read from; NULL = none */
	const char *path;   /* of a file that is too large to stand here */
	uint64_t size;      /* of that file */
	const char *bytes;
	size_t len;
	bool binary; /* the bytes are a file's: a NUL in them is a NUL */
};

struct ldi_curl_body {
	bool given;
	bool binary;      /* holds a file's bytes: a NUL in them is a NUL */
	const char *path; /* it is this file, too large to stand in a plan */
	uint64_t size;    /* of that file */
	struct ld_buf bytes;
	struct ldi_curl_part *form; /* or these parts */
};

void ldi_curl_body_init(struct ldi_curl_body *body);
void ldi_curl_body_clear(struct ldi_curl_body *body);

/* Put together the pieces of --data and its like, or of --url-query. */
enum ld_status ldi_curl_body_data(struct ldi_curl *curl,
    const struct ldi_curl_op *op, const struct ldi_curl_words *pieces,
    bool may_name, struct ldi_curl_body *body);
/* What --upload-file sends. */
enum ld_status ldi_curl_body_upload(struct ldi_curl *curl,
    const struct ldi_curl_op *op, const struct ldi_curl_word *word,
    struct ldi_curl_body *body);

/* Would it be a text with a shell's variable in it? */
bool ldi_curl_body_has_variable(const struct ldi_curl_body *body);

/* Read what a name such as "-" or "x.json" stands for; *path_out is set
 * instead when it is too large to stand in a plan and may be named there. */
enum ld_status ldi_curl_body_read(struct ldi_curl *curl,
    const struct ldi_curl_op *op, const struct ldi_curl_word *word,
    const char *name, struct ld_buf *out, const char **path_out,
    uint64_t *size_out);

/* -- curl_form.c ---------------------------------------------------------- */

/* Read --form and --form-string into body->form. */
enum ld_status ldi_curl_form_read(struct ldi_curl *curl,
    const struct ldi_curl_op *op, struct ldi_curl_body *body);

/* -- curl_multipart.c ----------------------------------------------------- */

/* The type a part is sent with, or NULL. */
const char *ldi_curl_multipart_type(const struct ldi_curl_part *part);

/* Can a plan's `files` say it, so that the bytes are the same? */
bool ldi_curl_multipart_fits(
    const struct ldi_curl_op *op, const struct ldi_curl_part *parts);

/* Write body->form into body->bytes, between boundaries that nothing in it
 * holds; form-data says how parts are named. */
enum ld_status ldi_curl_multipart_write(struct ldi_curl *curl,
    const struct ldi_curl_op *op, struct ldi_curl_body *body, bool form_data,
    struct ld_buf *boundary_out);

#endif /* LDI_IMPORTERS_CURL_BODY_H */
