/* SPDX-License-Identifier: MIT */
/* The lines of a head: grammar, and the few fields that frame an answer. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "base/http_text.h"
#include "http/response.h"

bool
ldi_response_break(struct ldi_response *a, enum ld_class cls, const char *text)
{
	a->state = LDI_RESPONSE_BROKEN;
	a->cls = cls;
	a->text = text;
	a->keep_alive = false;
	return false;
}

static bool
protocol(struct ldi_response *a, const char *text)
{
	return ldi_response_break(a, LD_CLASS_PROTOCOL, text);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* HTTP/1.x SP 3DIGIT [SP reason] */
bool
ldi_response_status_line(struct ldi_response *a, const char *line, size_t len)
{
	if (len < 12 || memcmp(line, "HTTP/1.", 7) != 0 || !is_digit(line[7]) ||
	    line[8] != ' ')
		return protocol(a, "the answer does not begin as HTTP/1 does");
	if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]) ||
	    line[9] == '0' || (len > 12 && line[12] != ' '))
		return protocol(a, "the status is no number of three digits");
	if (!ldi_http_is_value(line + 12, len - 12))
		return protocol(a, "a control character in the status line");
	a->minor0 = line[7] == '0';
	a->status =
	    (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
	return true;
}

/* The next element of a comma-separated list, blanks around it cut off. */
static bool
next_element(const char **at, const char *end, const char **text, size_t *len)
{
	const char *p = *at, *q;

	if (p > end)
		return false;
	q = memchr(p, ',', (size_t)(end - p));
	if (q == NULL)
		q = end;
	*at = q + 1;
	while (p < q && is_blank(*p))
		p++;
	while (q > p && is_blank(q[-1]))
		q--;
	*text = p;
	*len = (size_t)(q - p);
	return true;
}

/* Equal repetitions are harmless (RFC 9112, 6.3), anything else is not. */
static bool
content_length(struct ldi_response *a, const char *value, size_t len)
{
	const char *at = value, *end = value + len, *text;
	size_t n;

	while (next_element(&at, end, &text, &n)) {
		uint64_t v = 0;

		if (n == 0)
			return protocol(a, "Content-Length is no number");
		for (size_t i = 0; i < n; i++) {
			if (!is_digit(text[i]))
				return protocol(
				    a, "Content-Length is no number");
			if (v > (INT64_MAX - 9) / 10)
				return protocol(
				    a, "Content-Length is beyond all bounds");
			v = v * 10 + (uint64_t)(text[i] - '0');
		}
		if (a->has_length && a->left != v)
			return protocol(
			    a, "two Content-Length that are not equal");
		a->has_length = true;
		a->left = v;
	}
	return true;
}

static bool
transfer_encoding(struct ldi_response *a, const char *value, size_t len)
{
	if (a->chunked || !ldi_http_same(value, len, "chunked"))
		return protocol(
		    a, "a Transfer-Encoding other than 'chunked', or two");
	a->chunked = true;
	return true;
}

static void
connection(struct ldi_response *a, const char *value, size_t len)
{
	const char *at = value, *text;
	size_t n;

	while (next_element(&at, value + len, &text, &n)) {
		if (ldi_http_same(text, n, "close"))
			a->close_token = true;
		else if (ldi_http_same(text, n, "keep-alive"))
			a->keep_token = true;
	}
}

static void
content_encoding(struct ldi_response *a, const char *value, size_t len)
{
	enum ldi_coding coding = ldi_coding_named(value, len);

	if (coding == LDI_CODING_IDENTITY)
		return;
	a->coding = a->has_coding ? LDI_CODING_OTHER : coding;
	a->has_coding = true;
}

/* Length and first letter tell nearly all fields from those that matter. */
static bool
known_field(struct ldi_response *a, const char *line, size_t name_len,
    const char *value, size_t len)
{
	char first = (char)(line[0] | 0x20);

	switch (name_len) {
	case 8:
		if (first == 'l' && ldi_http_same(line, 8, "location"))
			a->marked = true;
		return true;
	case 10:
		if (first == 'c' && ldi_http_same(line, 10, "connection"))
			connection(a, value, len);
		else if (first == 's' && ldi_http_same(line, 10, "set-cookie"))
			a->marked = true;
		return true;
	case 14:
		if (first == 'c' && ldi_http_same(line, 14, "content-length"))
			return content_length(a, value, len);
		return true;
	case 16:
		if (first == 'c' && ldi_http_same(line, 16, "content-encoding"))
			content_encoding(a, value, len);
		return true;
	case 17:
		if (first == 't' &&
		    ldi_http_same(line, 17, "transfer-encoding"))
			return transfer_encoding(a, value, len);
		return true;
	default:
		return true;
	}
}

bool
ldi_response_field_line(struct ldi_response *a, const char *line, size_t len)
{
	size_t n = 0, from;

	if (is_blank(line[0]))
		return protocol(a, "a folded header line");
	while (n < len && ldi_http_is_token((unsigned char)line[n]))
		n++;
	if (n == 0 || n == len || line[n] != ':')
		return protocol(a, "a header line without a proper name");
	if (!ldi_http_is_value(line + n + 1, len - n - 1))
		return protocol(a, "a control character in a header line");
	for (from = n + 1; from < len && is_blank(line[from]);)
		from++;
	while (len > from && is_blank(line[len - 1]))
		len--;
	return known_field(a, line, n, line + from, len - from);
}

const char *
ldi_response_field(const char *head, size_t head_len, const char *name,
    size_t *pos, size_t *len_out)
{
	size_t name_len = strlen(name);

	while (*pos < head_len) {
		const char *line = head + *pos, *end, *value;

		end = memchr(line, '\n', head_len - *pos);
		if (end == NULL)
			end = head + head_len;
		*pos = (size_t)(end - head) + 1;
		if ((size_t)(end - line) <= name_len || line[name_len] != ':' ||
		    strncasecmp(line, name, name_len) != 0)
			continue;
		value = line + name_len + 1;
		while (value < end && is_blank(*value))
			value++;
		while (end > value && (is_blank(end[-1]) || end[-1] == '\r'))
			end--;
		*len_out = (size_t)(end - value);
		return value;
	}
	return NULL;
}
