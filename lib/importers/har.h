/* SPDX-License-Identifier: MIT */
/*
 * importers/har.h - what the files of the HAR importer share.
 */
#ifndef LDI_IMPORTERS_HAR_H
#define LDI_IMPORTERS_HAR_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/json.h>

#include "importers/sink.h"

/* A URL as it stands in one request line, and as browsers bound it. */
#define LDI_HAR_MAX_URL ((size_t)64 << 10)

enum ldi_har_body {
	LDI_HAR_NONE,
	LDI_HAR_JSON, /* `text` is JSON, ready for the plan */
	LDI_HAR_TEXT,
	LDI_HAR_FORM, /* `pairs` */
};

/* Names and values, kept in a buffer of their own. */
struct ldi_har_pair {
	size_t name, name_len, value, value_len;
	bool file;
};

struct ldi_har_pairs {
	struct ldi_har_pair *list;
	size_t n, cap;
	struct ld_buf text;
};

struct ldi_har {
	struct ld_import_sink *sink;
	const struct ld_json *doc;
	unsigned entry;      /* its number */
	struct ld_buf place; /* "log.entries[3].request" */
	struct ld_buf url, name, text, scratch;
	bool had_user; /* the recorded URL named one; it is not in `url` */
	/* The body of the request at hand. */
	enum ldi_har_body body;
	struct ld_buf type; /* the Content-Type it needs; empty = none */
	bool type_wins;     /* over the recorded header */
	struct ld_json json;
	struct ldi_har_pairs pairs, sent, headers;
};

/* Say that something of this entry was not carried.  `path` goes behind
 * "log.entries[N]"; `index` too, as [index], unless it is negative. */
void ldi_har_loss(struct ldi_har *har, const char *path, long index,
    const char *what, const char *why);
/* Decode a string member, or the raw text of a number; false, and nothing,
 * for anything else. */
bool ldi_har_text(struct ldi_har *har, ld_json_ref object, const char *name,
    struct ld_buf *out);

/* -- har_body.c ----------------------------------------------------------- */

/* Look at postData; false (the loss is told) when the request makes no sense
 * without a body that cannot be carried. */
bool ldi_har_body_read(struct ldi_har *har, ld_json_ref request);
void ldi_har_body_write(struct ldi_har *har, struct ld_json_out *out);

/* -- har_headers.c -------------------------------------------------------- */

void ldi_har_headers_write(
    struct ldi_har *har, ld_json_ref request, struct ld_json_out *out);

/* -- har_pairs.c ---------------------------------------------------------- */

void ldi_har_pairs_init(struct ldi_har_pairs *pairs);
void ldi_har_pairs_clear(struct ldi_har_pairs *pairs);
void ldi_har_pairs_reset(struct ldi_har_pairs *pairs);
/* Add one whose text is appended by the caller: name, then
 * ldi_har_pair_value(), then value, then ldi_har_pair_end().  NULL when
 * memory is short. */
struct ldi_har_pair *ldi_har_pair_begin(struct ldi_har_pairs *pairs);
void ldi_har_pair_value(struct ldi_har_pairs *pairs);
void ldi_har_pair_end(struct ldi_har_pairs *pairs);
const char *ldi_har_pair_name(
    const struct ldi_har_pairs *pairs, size_t i, size_t *len_out);
const char *ldi_har_pair_text(
    const struct ldi_har_pairs *pairs, size_t i, size_t *len_out);
/* Can the names be keys of a plan's object: do all differ, and does none
 * look like a placeholder? */
bool ldi_har_pairs_fit(const struct ldi_har_pairs *pairs);
bool ldi_har_pairs_equal(
    const struct ldi_har_pairs *a, const struct ldi_har_pairs *b);
/* "a=1&b=2"; decoded, or cut only. */
void ldi_har_pairs_parse(
    struct ldi_har_pairs *pairs, const char *text, size_t len, bool decode);
/* Append as a query or form. */
void ldi_har_pairs_encode(
    const struct ldi_har_pairs *pairs, struct ld_buf *out);
/* Append percent-encoded: all but unreserved characters. */
void ldi_har_percent(const char *text, size_t len, struct ld_buf *out);

#endif /* LDI_IMPORTERS_HAR_H */
