/* SPDX-License-Identifier: MIT */
/*
 * One pass over the text, one node per value or key, in order.  What is open
 * stands on a stack of frames, so hostile nesting costs a message and not the
 * machine's stack.
 *
 * The functions take the place in the text and give back the place behind
 * what they read, or NULL when `at` and `fault` say what is wrong: so the
 * place can stay in a register.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/json.h>
#include <ld/limits.h>

#include "base/utf8.h"
#include "data/scan.h"

#define COLD __attribute__((cold, noinline))
/* For what the loop is made of: it becomes one function. */
#define HOT inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define COUNT_MAX ((UINT32_C(1) << 23) - 1)
#define STRING_(x) #x
#define STRING(x) STRING_(x)
#define FIRST_NODES 64

typedef const unsigned char *place;

struct frame {
	uint32_t node;
	uint32_t count; /* elements or members begun */
	unsigned char close;
};

struct reader {
	struct ld_json *doc;
	place text;
	place end;
	unsigned depth;
	enum ld_status status; /* of a failure */
	place at;              /* where it happened */
	const char *fault;     /* what it is; "found ..." is put behind */
	struct frame frames[LD_MAX_JSON_DEPTH];
};

static COLD place
fault(struct reader *in, place at, const char *text)
{
	in->status = LD_SYNTAX;
	in->at = at;
	in->fault = text;
	return NULL;
}

static COLD bool
grow(struct reader *in)
{
	struct ld_json *doc = in->doc;
	/* A text of LD_MAX_DOCUMENT bytes has at most half as many nodes, and
	 * one; twice that is within 32 bits. */
	size_t cap = doc->cap == 0 ? FIRST_NODES : (size_t)doc->cap * 2;
	struct ld_json_node *nodes = NULL;

	if (cap <= SIZE_MAX / sizeof(*nodes))
		nodes = realloc(doc->nodes, cap * sizeof(*nodes));
	if (nodes == NULL) {
		in->status = LD_NOMEM;
		return false;
	}
	doc->nodes = nodes;
	doc->cap = (uint32_t)cap;
	return true;
}

static HOT bool
add_node(struct reader *in, enum ld_json_kind kind, place p, size_t len)
{
	struct ld_json *doc = in->doc;

	if (UNLIKELY(doc->n == doc->cap) && !grow(in))
		return false;
	doc->nodes[doc->n++] = (struct ld_json_node){
		.off = (uint32_t)(p - in->text),
		.len = (uint32_t)len,
		.skip = 1,
		.kind = kind,
	};
	return true;
}

static HOT place
skip_blanks(place p, place end)
{
	while (p < end && *p <= ' ' &&
	       (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

static bool
is_hex(unsigned char c)
{
	return ldi_scan_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static place
read_escape(struct reader *in, place p)
{
	p++;
	if (p == in->end || strchr("\"\\/bfnrtu", *p) == NULL || *p == '\0')
		return fault(
		    in, p, "expected one of \" \\ / b f n r t u after '\\'");
	if (*p++ != 'u')
		return p;
	for (int i = 0; i < 4; i++, p++)
		if (p == in->end || !is_hex(*p))
			return fault(in, p,
			    "expected four hexadecimal digits after '\\u'");
	return p;
}

static place
read_not_ascii(struct reader *in, place p)
{
	while (p < in->end && *p >= 0x80) {
		uint32_t code;
		size_t len = ldi_utf8_decode(
		    (const char *)p, (size_t)(in->end - p), &code);

		if (len == 0)
			return fault(in, p, "invalid UTF-8 in a string");
		p += len;
	}
	return p;
}

/* What is not plain in a string, except its end. */
static place
read_special(struct reader *in, place p)
{
	if (p == in->end)
		return fault(in, p, "expected '\"' at the end of a string");
	if (*p == '\\')
		return read_escape(in, p);
	if (*p >= 0x80)
		return read_not_ascii(in, p);
	return fault(in, p,
	    "a control character in a string must be written as an escape");
}

/* A string that is not all plain; p is where that shows. */
static __attribute__((noinline)) place
read_special_string(struct reader *in, place begin, place p)
{
	bool escaped = false;

	while (p == in->end || *p != '"') {
		escaped = escaped || (p < in->end && *p == '\\');
		p = read_special(in, p);
		if (p == NULL)
			return NULL;
		p = ldi_scan_plain(p, in->end);
	}
	p++;
	if (!add_node(in, LD_JSON_STRING, begin, (size_t)(p - begin)))
		return NULL;
	in->doc->nodes[in->doc->n - 1].escaped = escaped;
	return p;
}

static HOT place
read_string(struct reader *in, place begin)
{
	place p = ldi_scan_plain(begin + 1, in->end);

	if (UNLIKELY(p == in->end || *p != '"'))
		return read_special_string(in, begin, p);
	p++;
	if (!add_node(in, LD_JSON_STRING, begin, (size_t)(p - begin)))
		return NULL;
	return p;
}

/* Behind the digits before the point. */
static place
read_fraction(struct reader *in, place p)
{
	if (*p == '.') {
		place digits = p + 1;

		p = ldi_scan_digits(digits, in->end);
		if (p == digits)
			return fault(in, p, "expected a digit after '.'");
	}
	if (p < in->end && (*p | 0x20) == 'e') {
		place digits;

		p++;
		if (p < in->end && (*p == '+' || *p == '-'))
			p++;
		digits = p;
		p = ldi_scan_digits(digits, in->end);
		if (p == digits)
			return fault(in, p, "expected a digit in the exponent");
	}
	return p;
}

static HOT place
read_number(struct reader *in, place begin)
{
	place digits = begin + (*begin == '-');
	place p = ldi_scan_digits(digits, in->end);

	if (UNLIKELY(p == digits))
		return fault(in, p, "expected a digit after '-'");
	if (UNLIKELY(*digits == '0' && p - digits > 1))
		return fault(
		    in, digits + 1, "expected no digit after a leading 0");
	if (p < in->end && (*p == '.' || (*p | 0x20) == 'e')) {
		p = read_fraction(in, p);
		if (p == NULL)
			return NULL;
	}
	if (!add_node(in, LD_JSON_NUMBER, begin, (size_t)(p - begin)))
		return NULL;
	return p;
}

static place
read_word(struct reader *in, place p, const char *word, enum ld_json_kind kind)
{
	size_t len = strlen(word);

	if ((size_t)(in->end - p) < len || memcmp(p, word, len) != 0)
		return fault(in, p, "expected a value");
	return add_node(in, kind, p, len) ? p + len : NULL;
}

static HOT place
read_scalar(struct reader *in, place p)
{
	if (UNLIKELY(p == in->end))
		return fault(in, p, "expected a value");
	if (*p == '"')
		return read_string(in, p);
	if (*p == '-' || ldi_scan_is_digit(*p))
		return read_number(in, p);
	switch (*p) {
	case 'n':
		return read_word(in, p, "null", LD_JSON_NULL);
	case 'f':
		return read_word(in, p, "false", LD_JSON_FALSE);
	case 't':
		return read_word(in, p, "true", LD_JSON_TRUE);
	default:
		return fault(in, p, "expected a value");
	}
}

/* A key and its colon; `want` is the fault when there is none. */
static HOT place
read_key(struct reader *in, place p, const char *want)
{
	if (UNLIKELY(p == in->end || *p != '"'))
		return fault(in, p, want);
	p = read_string(in, p);
	if (p == NULL)
		return NULL;
	p = skip_blanks(p, in->end);
	if (UNLIKELY(p == in->end || *p != ':'))
		return fault(in, p, "expected ':' after a key");
	return p + 1;
}

static HOT void
close_container(struct reader *in, place behind)
{
	struct frame *top = &in->frames[--in->depth];
	struct ld_json_node *node = &in->doc->nodes[top->node];

	node->len = (uint32_t)(behind - in->text) - node->off;
	node->skip = in->doc->n - top->node;
	node->count = top->count < COUNT_MAX ? top->count : COUNT_MAX;
}

/* Behind a value: up to where the next one begins, or, with nothing open any
 * more, behind the root. */
static HOT place
read_separators(struct reader *in, place p)
{
	while (in->depth > 0) {
		struct frame *top = &in->frames[in->depth - 1];

		p = skip_blanks(p, in->end);
		if (LIKELY(p < in->end && *p == ',')) {
			top->count++;
			if (top->close == ']')
				return p + 1;
			return read_key(in, skip_blanks(p + 1, in->end),
			    "expected a key after ','");
		}
		if (UNLIKELY(p == in->end || *p != top->close))
			return fault(in, p,
			    top->close == '}'
				? "expected ',' or '}' after a member"
				: "expected ',' or ']' after an element");
		p++;
		close_container(in, p);
	}
	return p;
}

/* A bracket; gives the place behind it. */
static place
read_open(struct reader *in, place p)
{
	bool object = *p == '{';
	struct frame *top = &in->frames[in->depth];

	if (in->depth == LD_MAX_JSON_DEPTH)
		return fault(in, p,
		    "more than " STRING(
			LD_MAX_JSON_DEPTH) " levels of nesting");
	if (!add_node(in, object ? LD_JSON_OBJECT : LD_JSON_ARRAY, p, 1))
		return NULL;
	in->depth++;
	top->node = in->doc->n - 1;
	top->count = 0;
	top->close = object ? '}' : ']';
	return p + 1;
}

/* Behind a bracket that is not closed at once: up to the first value. */
static place
read_first(struct reader *in, place p)
{
	struct frame *top = &in->frames[in->depth - 1];

	top->count = 1;
	if (top->close == '}')
		return read_key(in, p, "expected a key or '}' after '{'");
	if (p == in->end)
		return fault(in, p, "expected a value or ']' after '['");
	return p;
}

static place
read_value(struct reader *in, place p)
{
	do {
		p = skip_blanks(p, in->end);
		if (p < in->end && (*p == '{' || *p == '[')) {
			p = read_open(in, p);
			if (p == NULL)
				break;
			p = skip_blanks(p, in->end);
			if (p == in->end ||
			    *p != in->frames[in->depth - 1].close) {
				p = read_first(in, p);
				continue;
			}
		} else {
			p = read_scalar(in, p);
		}
		if (p != NULL)
			p = read_separators(in, p);
	} while (p != NULL && in->depth > 0);
	return p;
}

static place
read_text(struct reader *in, unsigned flags)
{
	place p = in->text;

	if ((flags & LD_JSON_ALLOW_BOM) != 0 && in->end - p >= 3 &&
	    memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	p = read_value(in, p);
	if (p == NULL || (flags & LD_JSON_ALLOW_TRAILING) != 0)
		return p;
	p = skip_blanks(p, in->end);
	if (p < in->end)
		return fault(
		    in, p, "expected the end of the text after the value");
	return p;
}

static bool
is_word(unsigned char c)
{
	return ldi_scan_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* What stands at p, in words a terminal can show. */
static void
describe(char *out, size_t size, place p, place end)
{
	uint32_t code = 0;
	size_t len = 0;

	while (len < 20 && (size_t)(end - p) > len && is_word(p[len]))
		len++;
	if (p == end)
		snprintf(out, size, "the end of the text");
	else if (len > 0)
		snprintf(out, size, "'%.*s'", (int)len, (const char *)p);
	else if (*p == '\'')
		snprintf(out, size, "\"'\"");
	else if (*p >= 0x20 && *p < 0x7f)
		snprintf(out, size, "'%c'", *p);
	else if (*p >= 0x80 &&
		 ldi_utf8_decode((const char *)p, (size_t)(end - p), &code) > 0)
		snprintf(out, size, "U+%04" PRIX32 "%s", code,
		    code == 0xfeff ? " (a byte order mark)" : "");
	else
		snprintf(out, size, "byte 0x%02X", *p);
}

static COLD enum ld_status
report(const struct reader *in, struct ld_err *err)
{
	char found[48];
	unsigned line, column;

	if (in->status == LD_NOMEM)
		return ld_err_set(err, LD_NOMEM,
		    "no memory for the %" PRIu32 " values of the text so far",
		    in->doc->n);
	describe(found, sizeof(found), in->at, in->end);
	ld_err_set(err, LD_SYNTAX, "%s, found %s", in->fault, found);
	ld_json_offset_place((const char *)in->text,
	    (size_t)(in->at - in->text), &line, &column);
	if (err != NULL)
		ld_err_place(err, err->file, line, column);
	return LD_SYNTAX;
}

void
ld_json_init(struct ld_json *doc)
{
	*doc = (struct ld_json){ .text = "" };
}

void
ld_json_clear(struct ld_json *doc)
{
	free(doc->nodes);
	ld_json_init(doc);
}

enum ld_status
ld_json_parse(struct ld_json *doc, const char *text, size_t len, unsigned flags,
    struct ld_err *err)
{
	struct reader in;

	doc->text = text == NULL ? "" : text;
	doc->len = len;
	doc->n = 0;
	if (len > LD_MAX_DOCUMENT) {
		doc->len = 0;
		return ld_err_set(err, LD_NOMEM,
		    "a text of %zu bytes is over the ceiling of %zu", len,
		    LD_MAX_DOCUMENT);
	}
	in.doc = doc;
	in.text = (place)doc->text;
	in.end = in.text + len;
	in.depth = 0;
	if (LIKELY(read_text(&in, flags) != NULL))
		return LD_OK;
	report(&in, err);
	doc->n = 0;
	return in.status;
}
