/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <ld/json.h>
#include <ld/limits.h>

#include "base/utf8.h"
#include "data/scan.h"
#include "data/shortest.h"

static void
add_control(struct ld_buf *buf, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char named[] = "\b\f\n\r\t", letters[] = "bfnrt";
	const char *at = c == 0 ? NULL : strchr(named, c);
	char escape[] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	if (at == NULL) {
		ld_buf_add(buf, escape, sizeof(escape));
		return;
	}
	escape[1] = letters[at - named];
	ld_buf_add(buf, escape, 2);
}

/* The character at p, which is not plain; returns its length. */
static size_t
add_special(struct ld_buf *buf, const char *p, size_t len)
{
	uint32_t code;
	size_t n;

	if (*p == '"' || *p == '\\') {
		ld_buf_addc(buf, '\\');
		ld_buf_addc(buf, *p);
		return 1;
	}
	if ((unsigned char)*p < 0x20) {
		add_control(buf, (unsigned char)*p);
		return 1;
	}
	n = ldi_utf8_decode(p, len, &code);
	if (n == 0)
		ld_buf_adds(buf, "\xef\xbf\xbd");
	else if (code == 0x2028 || code == 0x2029)
		ld_buf_adds(buf, code == 0x2028 ? "\\u2028" : "\\u2029");
	else
		ld_buf_add(buf, p, n);
	return n == 0 ? 1 : n;
}

void
ld_json_add_chars(struct ld_buf *buf, const char *text, size_t len)
{
	/* An empty buffer has no text at all. */
	const char *end = len > 0 ? text + len : text;

	while (text < end) {
		const char *stop = (const char *)ldi_scan_plain(
		    (const unsigned char *)text, (const unsigned char *)end);

		if (stop > text)
			ld_buf_add(buf, text, (size_t)(stop - text));
		text = stop;
		if (text < end)
			text += add_special(buf, text, (size_t)(end - text));
	}
}

void
ld_json_add_string(struct ld_buf *buf, const char *text, size_t len)
{
	ld_buf_addc(buf, '"');
	ld_json_add_chars(buf, text, len);
	ld_buf_addc(buf, '"');
}

static void
add_zeros(struct ld_buf *buf, int n)
{
	for (; n > 0; n--)
		ld_buf_addc(buf, '0');
}

static void
add_fixed(struct ld_buf *buf, const struct ldi_shortest *decimal)
{
	int whole = decimal->exp + 1; /* digits before the point */

	if (whole <= 0) {
		ld_buf_adds(buf, "0.");
		add_zeros(buf, -whole);
		ld_buf_add(buf, decimal->digits, (size_t)decimal->count);
	} else if (whole >= decimal->count) {
		ld_buf_add(buf, decimal->digits, (size_t)decimal->count);
		add_zeros(buf, whole - decimal->count);
	} else {
		ld_buf_add(buf, decimal->digits, (size_t)whole);
		ld_buf_addc(buf, '.');
		ld_buf_add(buf, decimal->digits + whole,
		    (size_t)(decimal->count - whole));
	}
}

static void
add_scientific(struct ld_buf *buf, const struct ldi_shortest *decimal)
{
	ld_buf_addc(buf, decimal->digits[0]);
	if (decimal->count > 1) {
		ld_buf_addc(buf, '.');
		ld_buf_add(
		    buf, decimal->digits + 1, (size_t)decimal->count - 1);
	}
	ld_buf_addc(buf, 'e');
	ld_buf_add_i64(buf, decimal->exp);
}

void
ld_json_add_double(struct ld_buf *buf, double value)
{
	struct ldi_shortest decimal;

	if (!isfinite(value)) {
		ld_buf_adds(buf, "null");
		return;
	}
	if (signbit(value))
		ld_buf_addc(buf, '-');
	value = fabs(value);
	if (value < 9007199254740992.0 && value == floor(value)) {
		ld_buf_add_u64(buf, (uint64_t)value);
		return;
	}
	ldi_shortest(&decimal, value);
	if (decimal.exp >= -5 && decimal.exp < LDI_SHORTEST_MAX)
		add_fixed(buf, &decimal);
	else
		add_scientific(buf, &decimal);
}

static bool
in_object(const struct ld_json_out *out)
{
	unsigned level = out->depth - 1;

	return out->depth > 0 && (out->kind[level / 8] >> level % 8 & 1) != 0;
}

static void
add_line(struct ld_json_out *out)
{
	if (out->indent == 0)
		return;
	ld_buf_addc(out->buf, '\n');
	for (unsigned n = out->depth * out->indent; n > 0; n--)
		ld_buf_addc(out->buf, ' ');
}

/* In front of a key, or of a value that has none. */
static void
add_comma(struct ld_json_out *out)
{
	if (out->depth > 0) {
		if (!out->first)
			ld_buf_addc(out->buf, ',');
		add_line(out);
	}
	out->first = false;
}

/* Is the order of calls right?  Whoever had no memory for a value could only
 * mark the buffer, which is of no use to anybody from then on. */
static bool
in_order(const struct ld_json_out *out, bool right)
{
	return right || out->buf->failed;
}

static void
begin_value(struct ld_json_out *out)
{
	assert(in_order(out, out->after_key == in_object(out)));
	if (!out->after_key)
		add_comma(out);
	out->after_key = false;
}

static void
begin_container(struct ld_json_out *out, char bracket)
{
	unsigned char bit;

	begin_value(out);
	assert(out->depth < LD_MAX_JSON_DEPTH);
	bit = (unsigned char)(1U << out->depth % 8);
	if (bracket == '{')
		out->kind[out->depth / 8] |= bit;
	else
		out->kind[out->depth / 8] &= (unsigned char)~bit;
	out->depth++;
	out->first = true;
	ld_buf_addc(out->buf, bracket);
}

void
ld_json_out_init(struct ld_json_out *out, struct ld_buf *buf, unsigned indent)
{
	_Static_assert(sizeof(out->kind) * 8 >= LD_MAX_JSON_DEPTH,
	    "a bit for every level");
	*out = (struct ld_json_out){
		.buf = buf,
		.indent = indent,
		.first = true,
	};
}

void
ld_json_out_object(struct ld_json_out *out)
{
	begin_container(out, '{');
}

void
ld_json_out_array(struct ld_json_out *out)
{
	begin_container(out, '[');
}

void
ld_json_out_end(struct ld_json_out *out)
{
	char bracket = in_object(out) ? '}' : ']';

	assert(out->depth > 0 && in_order(out, !out->after_key));
	out->after_key = false;
	out->depth--;
	if (!out->first)
		add_line(out);
	out->first = false;
	ld_buf_addc(out->buf, bracket);
}

void
ld_json_out_keyn(struct ld_json_out *out, const char *key, size_t len)
{
	assert(in_object(out) && in_order(out, !out->after_key));
	add_comma(out);
	ld_json_add_string(out->buf, key, len);
	ld_buf_addc(out->buf, ':');
	if (out->indent > 0)
		ld_buf_addc(out->buf, ' ');
	out->after_key = true;
}

void
ld_json_out_key(struct ld_json_out *out, const char *key)
{
	ld_json_out_keyn(out, key, strlen(key));
}

void
ld_json_out_stringn(struct ld_json_out *out, const char *text, size_t len)
{
	begin_value(out);
	ld_json_add_string(out->buf, text, len);
}

void
ld_json_out_string(struct ld_json_out *out, const char *text)
{
	ld_json_out_stringn(out, text, strlen(text));
}

void
ld_json_out_u64(struct ld_json_out *out, uint64_t value)
{
	begin_value(out);
	ld_buf_add_u64(out->buf, value);
}

void
ld_json_out_i64(struct ld_json_out *out, int64_t value)
{
	begin_value(out);
	ld_buf_add_i64(out->buf, value);
}

void
ld_json_out_double(struct ld_json_out *out, double value)
{
	begin_value(out);
	ld_json_add_double(out->buf, value);
}

void
ld_json_out_bool(struct ld_json_out *out, bool value)
{
	ld_json_out_raw(out, value ? "true" : "false", value ? 4 : 5);
}

void
ld_json_out_null(struct ld_json_out *out)
{
	ld_json_out_raw(out, "null", 4);
}

void
ld_json_out_raw(struct ld_json_out *out, const char *json, size_t len)
{
	begin_value(out);
	ld_buf_add(out->buf, json, len);
}

void
ld_json_out_put_string(
    struct ld_json_out *out, const char *key, const char *text)
{
	ld_json_out_key(out, key);
	ld_json_out_string(out, text);
}

void
ld_json_out_put_u64(struct ld_json_out *out, const char *key, uint64_t value)
{
	ld_json_out_key(out, key);
	ld_json_out_u64(out, value);
}

void
ld_json_out_put_big(struct ld_json_out *out, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	ld_json_out_put_string(out, key, text);
}
