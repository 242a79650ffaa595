/* SPDX-License-Identifier: MIT */
/* Walking the tape and reading the strings on it. */
#include "config.h"

#include <string.h>

#include <ld/json.h>

#include "base/utf8.h"
#include "data/json_chars.h"
#include "data/scan.h"

#define COUNT_MAX ((UINT32_C(1) << 23) - 1)

/* NULL for LD_JSON_NONE, and for the root of a document that is empty. */
static const struct ld_json_node *
node_at(const struct ld_json *doc, ld_json_ref ref)
{
	return ref < doc->n ? &doc->nodes[ref] : NULL;
}

static bool
is_kind(const struct ld_json *doc, ld_json_ref ref, enum ld_json_kind kind)
{
	const struct ld_json_node *node = node_at(doc, ref);

	return node != NULL && node->kind == kind;
}

enum ld_json_kind
ld_json_kind(const struct ld_json *doc, ld_json_ref ref)
{
	const struct ld_json_node *node = node_at(doc, ref);

	return node == NULL ? LD_JSON_NULL : (enum ld_json_kind)node->kind;
}

const char *
ld_json_kind_name(enum ld_json_kind kind)
{
	switch (kind) {
	case LD_JSON_NULL:
		return "null";
	case LD_JSON_FALSE:
		return "false";
	case LD_JSON_TRUE:
		return "true";
	case LD_JSON_NUMBER:
		return "number";
	case LD_JSON_STRING:
		return "string";
	case LD_JSON_ARRAY:
		return "array";
	case LD_JSON_OBJECT:
		return "object";
	}
	return "unknown";
}

ld_json_ref
ld_json_first(const struct ld_json *doc, ld_json_ref ref)
{
	const struct ld_json_node *node = node_at(doc, ref);

	/* Only containers have more than themselves in their subtree. */
	return node == NULL || node->skip == 1 ? LD_JSON_NONE : ref + 1;
}

ld_json_ref
ld_json_next(const struct ld_json *doc, ld_json_ref parent, ld_json_ref ref)
{
	const struct ld_json_node *up = node_at(doc, parent);

	if (up == NULL || node_at(doc, ref) == NULL)
		return LD_JSON_NONE;
	if (up->kind == LD_JSON_OBJECT)
		ref++;
	ref += doc->nodes[ref].skip;
	return ref < parent + up->skip ? ref : LD_JSON_NONE;
}

ld_json_ref
ld_json_value(const struct ld_json *doc, ld_json_ref key)
{
	return node_at(doc, key) == NULL ? LD_JSON_NONE : key + 1;
}

uint32_t
ld_json_count(const struct ld_json *doc, ld_json_ref ref)
{
	const struct ld_json_node *node = node_at(doc, ref);
	uint32_t n = 0;

	if (node == NULL)
		return 0;
	if (node->count < COUNT_MAX)
		return node->count;
	for (ld_json_ref at = ref + 1; at != LD_JSON_NONE;
	     at = ld_json_next(doc, ref, at))
		n++;
	return n;
}

ld_json_ref
ld_json_getn(
    const struct ld_json *doc, ld_json_ref object, const char *name, size_t len)
{
	ld_json_ref found = LD_JSON_NONE;
	ld_json_ref key;

	if (!is_kind(doc, object, LD_JSON_OBJECT))
		return LD_JSON_NONE;
	for (key = ld_json_first(doc, object); key != LD_JSON_NONE;
	     key = ld_json_next(doc, object, key))
		if (ldi_json_is(doc, key, name, len))
			found = key + 1;
	return found;
}

ld_json_ref
ld_json_get(const struct ld_json *doc, ld_json_ref object, const char *name)
{
	return ld_json_getn(doc, object, name, strlen(name));
}

ld_json_ref
ld_json_at(const struct ld_json *doc, ld_json_ref array, uint32_t index)
{
	ld_json_ref at;

	if (!is_kind(doc, array, LD_JSON_ARRAY))
		return LD_JSON_NONE;
	at = ld_json_first(doc, array);
	while (index > 0 && at != LD_JSON_NONE) {
		at = ld_json_next(doc, array, at);
		index--;
	}
	return at;
}

const char *
ld_json_raw(const struct ld_json *doc, ld_json_ref ref, size_t *len_out)
{
	const struct ld_json_node *node = node_at(doc, ref);

	*len_out = node == NULL ? 0 : node->len;
	return node == NULL ? "" : doc->text + node->off;
}

bool
ld_json_plain(const struct ld_json *doc, ld_json_ref ref, const char **text_out,
    size_t *len_out)
{
	const struct ld_json_node *node = node_at(doc, ref);

	if (node == NULL || node->kind != LD_JSON_STRING || node->escaped)
		return false;
	*text_out = doc->text + node->off + 1;
	*len_out = node->len - 2;
	return true;
}

void
ldi_json_chars(
    struct ldi_json_chars *chars, const struct ld_json *doc, ld_json_ref ref)
{
	const struct ld_json_node *node = &doc->nodes[ref];

	chars->p = doc->text + node->off + 1;
	chars->end = doc->text + node->off + node->len - 1;
	chars->used = chars->len = 0;
}

static unsigned
hex4(const char *p)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)p[i];

		value = value << 4 |
			(ldi_scan_is_digit(c) ? c - (unsigned)'0'
					      : (c | 0x20U) - 'a' + 10);
	}
	return value;
}

/* Behind "\u"; both halves of a pair are taken together. */
static void
decode_unicode(struct ldi_json_chars *chars)
{
	uint32_t code = hex4(chars->p);
	size_t len;

	chars->p += 4;
	if (code >= 0xd800 && code <= 0xdbff && chars->end - chars->p >= 6 &&
	    chars->p[0] == '\\' && chars->p[1] == 'u') {
		unsigned low = hex4(chars->p + 2);

		if (low >= 0xdc00 && low <= 0xdfff) {
			code = 0x10000 + ((code - 0xd800) << 10) + low - 0xdc00;
			chars->p += 6;
		}
	}
	len = ldi_utf8_encode(code, chars->bytes);
	if (len == 0)
		len = ldi_utf8_encode(0xfffd, chars->bytes);
	chars->len = (unsigned char)len;
}

void
ldi_json_chars_escape(struct ldi_json_chars *chars)
{
	static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
	char c = chars->p[1];
	const char *found = strchr(letters, c);

	chars->p += 2;
	chars->used = 0;
	chars->len = 1;
	if (c == 'u')
		decode_unicode(chars);
	else
		chars->bytes[0] = found == NULL ? c : meant[found - letters];
}

bool
ldi_json_is(
    const struct ld_json *doc, ld_json_ref ref, const char *text, size_t len)
{
	const struct ld_json_node *node = &doc->nodes[ref];
	struct ldi_json_chars chars;

	if (!node->escaped)
		return node->len == len + 2 &&
		       memcmp(doc->text + node->off + 1, text, len) == 0;
	ldi_json_chars(&chars, doc, ref);
	for (size_t i = 0; i < len; i++)
		if (ldi_json_chars_next(&chars) != (unsigned char)text[i])
			return false;
	return ldi_json_chars_next(&chars) < 0;
}

bool
ld_json_is(const struct ld_json *doc, ld_json_ref ref, const char *text)
{
	return is_kind(doc, ref, LD_JSON_STRING) &&
	       ldi_json_is(doc, ref, text, strlen(text));
}

void
ld_json_text(const struct ld_json *doc, ld_json_ref ref, struct ld_buf *out)
{
	struct ldi_json_chars chars;
	const char *text;
	size_t len;

	if (!is_kind(doc, ref, LD_JSON_STRING)) {
		text = ld_json_raw(doc, ref, &len);
		ld_buf_add(out, text, len);
		return;
	}
	ldi_json_chars(&chars, doc, ref);
	while (chars.p < chars.end) {
		const char *slash =
		    memchr(chars.p, '\\', (size_t)(chars.end - chars.p));
		const char *stop = slash == NULL ? chars.end : slash;

		ld_buf_add(out, chars.p, (size_t)(stop - chars.p));
		chars.p = stop;
		if (slash == NULL)
			break;
		ldi_json_chars_escape(&chars);
		ld_buf_add(out, chars.bytes, chars.len);
	}
}

void
ld_json_offset_place(
    const char *text, size_t off, unsigned *line_out, unsigned *column_out)
{
	const char *at = text + off;
	const char *line = text;
	const char *end;

	*line_out = 1;
	while ((end = memchr(line, '\n', (size_t)(at - line))) != NULL) {
		line = end + 1;
		++*line_out;
	}
	*column_out = (unsigned)(at - line) + 1;
}

void
ld_json_place(const struct ld_json *doc, ld_json_ref ref, unsigned *line_out,
    unsigned *column_out)
{
	const struct ld_json_node *node = node_at(doc, ref);

	ld_json_offset_place(
	    doc->text, node == NULL ? 0 : node->off, line_out, column_out);
}
