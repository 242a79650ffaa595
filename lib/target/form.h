/* SPDX-License-Identifier: MIT */
/*
 * target/form.h - names and values as clients send them, as JSON objects.
 *
 * A name that comes more than once gets an array of its values, as in
 * httpbin.
 *
 * Ownership   pairs keep decoded text of their own.
 */
#ifndef LDI_TARGET_FORM_H
#define LDI_TARGET_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/json.h>

#include "target/request.h"

/* More are dropped: an echo is no place to store things. */
#define LDI_TARGET_MAX_PAIRS 20000

struct ldi_pair {
	size_t name, name_len, value, value_len; /* in `text` */
	size_t next; /* with the same name, from 1; 0 = last */
	bool first;  /* of its name */
};

struct ldi_pairs {
	struct ldi_pair *list;
	size_t n, cap;
	struct ld_buf text;
};

void ldi_pairs_init(struct ldi_pairs *pairs);
void ldi_pairs_clear(struct ldi_pairs *pairs);
/* Add copies. */
void ldi_pairs_add(
    struct ldi_pairs *pairs, struct ldi_slice name, struct ldi_slice value);
/* a=1&b=2, percent-decoded, '+' is a blank. */
void ldi_pairs_urlencoded(struct ldi_pairs *pairs, struct ldi_slice text);
/* a=1; b=2, as they are. */
void ldi_pairs_cookies(struct ldi_pairs *pairs, struct ldi_slice text);
/* Parts with a file name go to `files`. */
void ldi_pairs_multipart(struct ldi_pairs *fields, struct ldi_pairs *files,
    struct ldi_slice content_type, struct ldi_slice body);
/* Of the i-th pair, decoded.  Until the next addition. */
struct ldi_slice ldi_pairs_name(const struct ldi_pairs *pairs, size_t i);
struct ldi_slice ldi_pairs_value(const struct ldi_pairs *pairs, size_t i);
/* The first value of a name; p is NULL when there is none.  Until the next
 * addition. */
struct ldi_slice ldi_pairs_get(const struct ldi_pairs *pairs, const char *name);
void ldi_pairs_json(struct ldi_pairs *pairs, struct ld_json_out *out);

/* Append `text` with %XX decoded, and '+' too if `plus`. */
void ldi_percent_decode(struct ldi_slice text, bool plus, struct ld_buf *out);

#endif /* LDI_TARGET_FORM_H */
