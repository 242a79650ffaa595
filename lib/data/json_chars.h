/* SPDX-License-Identifier: MIT */
/*
 * data/json_chars.h - the decoded bytes of a string node, one by one, so that
 * strings with escapes can be compared without memory for a copy.
 */
#ifndef LDI_DATA_JSON_CHARS_H
#define LDI_DATA_JSON_CHARS_H

#include <ld/json.h>

struct ldi_json_chars {
	const char *p;   /* in the text; at a backslash when an escape begins */
	const char *end; /* the closing quote */
	unsigned char used, len; /* of bytes */
	char bytes[4];           /* what the last escape stands for */
};

/* `ref` must be a string. */
void ldi_json_chars(
    struct ldi_json_chars *chars, const struct ld_json *doc, ld_json_ref ref);

/* Read the escape that begins at chars->p into chars->bytes. */
void ldi_json_chars_escape(struct ldi_json_chars *chars);

/* The next byte, -1 at the end. */
static inline int
ldi_json_chars_next(struct ldi_json_chars *chars)
{
	if (chars->used == chars->len) {
		if (chars->p == chars->end)
			return -1;
		if (*chars->p != '\\')
			return (unsigned char)*chars->p++;
		ldi_json_chars_escape(chars);
	}
	return (unsigned char)chars->bytes[chars->used++];
}

/* Does the string node `ref`, decoded, equal these bytes? */
bool ldi_json_is(
    const struct ld_json *doc, ld_json_ref ref, const char *text, size_t len);

#endif /* LDI_DATA_JSON_CHARS_H */
