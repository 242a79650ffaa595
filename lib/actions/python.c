/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "actions/python.h"

#include <math.h>
#include <string.h>

#include <ld/limits.h>

#include "actions/action.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "data/shortest.h"
#include "plan/node.h"

/* The first of the digits of 2^53. */
#define EXACT "9007199254740992"
#define EXACT_DIGITS (sizeof(EXACT) - 1)

/* -- numbers -------------------------------------------------------------- */

static void
add_zeros(struct ld_buf *out, int n)
{
	for (; n > 0; n--)
		ld_buf_addc(out, '0');
}

static void
add_scientific(struct ld_buf *out, const struct ldi_shortest *s)
{
	ld_buf_addc(out, s->digits[0]);
	if (s->count > 1) {
		ld_buf_addc(out, '.');
		ld_buf_add(out, s->digits + 1, (size_t)s->count - 1);
	}
	ld_buf_addf(out, "e%c%02d", s->exp < 0 ? '-' : '+',
	    s->exp < 0 ? -s->exp : s->exp);
}

static void
add_fixed(struct ld_buf *out, const struct ldi_shortest *s)
{
	int whole = s->exp + 1; /* digits before the point */
	int here = whole < s->count ? whole : s->count;

	if (whole <= 0) {
		ld_buf_adds(out, "0.");
		add_zeros(out, -whole);
		ld_buf_add(out, s->digits, (size_t)s->count);
		return;
	}
	ld_buf_add(out, s->digits, (size_t)here);
	add_zeros(out, whole - s->count);
	ld_buf_addc(out, '.');
	if (s->count > whole)
		ld_buf_add(out, s->digits + whole, (size_t)(s->count - whole));
	else
		ld_buf_addc(out, '0');
}

void
ldi_python_repr_double(struct ld_buf *out, double value)
{
	struct ldi_shortest s;

	if (signbit(value))
		ld_buf_addc(out, '-');
	ldi_shortest(&s, fabs(value));
	if (s.exp < -4 || s.exp >= 16)
		add_scientific(out, &s);
	else
		add_fixed(out, &s);
}

static bool
is_integer(const char *text, size_t len)
{
	return strcspn(text, ".eE") >= len;
}

bool
ldi_python_wide(const char *text, size_t len)
{
	if (len > 0 && *text == '-')
		text++, len--;
	return strspn(text, "0123456789") >= len &&
	       (len > EXACT_DIGITS ||
		   (len == EXACT_DIGITS && memcmp(text, EXACT, len) >= 0));
}

/* An integer stands as it is, anything else as the double it is. */
static void
add_number(struct ld_buf *out, struct ld_node value)
{
	size_t len;
	const char *text = ld_json_raw(value.json, value.ref, &len);
	double d;

	if (is_integer(text, len))
		ld_buf_add(out,
		    len == 2 && text[0] == '-' && text[1] == '0' ? text + 1
								 : text,
		    len == 2 && text[0] == '-' && text[1] == '0' ? 1 : len);
	else if (ld_json_double(value.json, value.ref, &d))
		ldi_python_repr_double(out, d);
	else
		ld_buf_adds(out, *text == '-' ? "-inf" : "inf");
}

/* -- text ----------------------------------------------------------------- */

/* What str.isprintable() says no to: blanks other than the one, controls,
 * what is invisible, what is private. */
static bool
printable(uint32_t code)
{
	return ldi_utf8_showable(code) && code != 0xa0 && code != 0x1680 &&
	       (code < 0x2000 || code > 0x200f) &&
	       (code < 0x2028 || code > 0x202f) &&
	       (code < 0x205f || code > 0x206f) && code != 0x3000 &&
	       (code < 0xe000 || code > 0xf8ff) && code < 0xe0000;
}

static void
add_code(struct ld_buf *out, const char *text, size_t n, uint32_t code,
    char quote, unsigned flags)
{
	if (code == (uint32_t)quote || code == '\\')
		ld_buf_addf(out, "\\%c", (char)code);
	else if (code == '\n' || code == '\r' || code == '\t')
		ld_buf_addf(out, "\\%c",
		    code == '\n'   ? 'n'
		    : code == '\r' ? 'r'
				   : 't');
	else if (code >= ' ' && code != 0x7f &&
		 (code < 0x7f ||
		     ((flags & LDI_PYTHON_ASCII) == 0 && printable(code))))
		ld_buf_add(out, text, n);
	else if (code < 0x100)
		ld_buf_addf(out, "\\x%02x", (unsigned)code);
	else if (code < 0x10000)
		ld_buf_addf(out, "\\u%04x", (unsigned)code);
	else
		ld_buf_addf(out, "\\U%08x", (unsigned)code);
}

void
ldi_python_repr_text(
    struct ld_buf *out, const char *text, size_t len, unsigned flags)
{
	bool single = len > 0 && memchr(text, '\'', len) != NULL;
	char quote = single && memchr(text, '"', len) == NULL ? '"' : '\'';

	ld_buf_addc(out, quote);
	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t n = ldi_utf8_next(text + at, len - at, &code);

		add_code(out, text + at, n,
		    code == LDI_UTF8_BAD ? 0xfffd : code, quote, flags);
		at += n;
	}
	ld_buf_addc(out, quote);
}

static void
add_string(struct ld_buf *out, struct ld_node value, unsigned flags)
{
	struct ld_buf text;

	ld_buf_init(&text, LD_MAX_DOCUMENT);
	ld_json_text(value.json, value.ref, &text);
	ldi_python_repr_text(out, text.data, text.len, flags);
	out->failed |= text.failed;
	ld_buf_clear(&text);
}

/* -- secrets -------------------------------------------------------------- */

static bool
names_secret(struct ld_node name)
{
	const char *text;
	size_t len;

	return ld_json_plain(name.json, name.ref, &text, &len) &&
	       ldi_secret_name(text, len);
}

/* A name with a value is no place for a secret: neither {"password": V}, nor
 * {"name": "Cookie", "value": V}. */
static bool
is_secret(struct ld_node object, struct ld_node key)
{
	enum ld_json_kind kind = ldi_node_kind(ldi_node_value(key));

	return (kind == LD_JSON_STRING || kind == LD_JSON_NUMBER) &&
	       (names_secret(key) ||
		   (ld_json_is(key.json, key.ref, "value") &&
		       names_secret(ld_node_get(object, "name"))));
}

/* Everything in "cookies" is one, and in a list of a header's values. */
static bool
holds_secrets(struct ld_node key)
{
	return ld_json_is(key.json, key.ref, "cookies") ||
	       (ldi_node_kind(ldi_node_value(key)) == LD_JSON_ARRAY &&
		   names_secret(key));
}

/* ["LD_...", arguments], whose arguments are. */
static bool
is_secret_action(struct ld_node list)
{
	struct ld_node first = ldi_node_first(list);
	const struct ldi_action *action;
	const char *text;
	size_t len;
	char name[64];

	if (!ldi_node_present(first) ||
	    !ld_json_plain(first.json, first.ref, &text, &len) ||
	    len >= sizeof(name))
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	action = ldi_action_find(name);
	return action != NULL && (action->flags & LDI_ACTION_SECRET) != 0;
}

/* -- values --------------------------------------------------------------- */

/* What differs between Python's text and JSON. */
struct style {
	const char *comma, *colon, *null, *yes, *no, *mask;
	void (*number)(struct ld_buf *out, struct ld_node value);
	void (*string)(
	    struct ld_buf *out, struct ld_node value, unsigned flags);
	unsigned flags;
};

static void add_value(struct ld_buf *out, struct ld_node value,
    const struct style *style, bool secret);

static void
add_members(struct ld_buf *out, struct ld_node value, const struct style *style,
    bool secret)
{
	bool object = ldi_node_kind(value) == LD_JSON_OBJECT;
	bool mask = (style->flags & LDI_PYTHON_MASK) != 0, first = true;
	bool hide = mask && !object && is_secret_action(value);
	struct ld_node at;

	ld_buf_addc(out, object ? '{' : '[');
	for (at = ldi_node_first(value); ldi_node_present(at);
	     at = ldi_node_next(value, at)) {
		ld_buf_adds(out, first ? "" : style->comma);
		if (!object) {
			add_value(out, at, style, secret || (hide && !first));
			first = false;
			continue;
		}
		first = false;
		style->string(out, at, style->flags);
		ld_buf_adds(out, style->colon);
		if (mask && is_secret(value, at))
			ld_buf_adds(out, style->mask);
		else
			add_value(out, ldi_node_value(at), style,
			    secret || (mask && holds_secrets(at)));
	}
	ld_buf_addc(out, object ? '}' : ']');
}

/* Recursion is bounded by LD_MAX_JSON_DEPTH, which the reader enforces. */
static void
add_value(struct ld_buf *out, struct ld_node value, const struct style *style,
    bool secret)
{
	enum ld_json_kind kind = ldi_node_kind(value);

	if (kind == LD_JSON_NULL)
		ld_buf_adds(out, style->null);
	else if (kind == LD_JSON_TRUE || kind == LD_JSON_FALSE)
		ld_buf_adds(out, kind == LD_JSON_TRUE ? style->yes : style->no);
	else if (kind == LD_JSON_ARRAY || kind == LD_JSON_OBJECT)
		add_members(out, value, style, secret);
	else if (secret)
		ld_buf_adds(out, style->mask);
	else if (kind == LD_JSON_NUMBER)
		style->number(out, value);
	else
		style->string(out, value, style->flags);
}

void
ldi_python_repr(struct ld_buf *out, struct ld_node value, unsigned flags)
{
	const struct style style = {
		.comma = ", ",
		.colon = ": ",
		.null = "None",
		.yes = "True",
		.no = "False",
		.mask = "'" LDI_SECRET_MASK "'",
		.number = add_number,
		.string = add_string,
		.flags = flags,
	};

	add_value(out, value, &style, (flags & LDI_PYTHON_HIDE) != 0);
}

void
ldi_python_str(struct ld_buf *out, struct ld_node value)
{
	if (ldi_node_kind(value) == LD_JSON_STRING)
		ld_json_text(value.json, value.ref, out);
	else
		ldi_python_repr(out, value, 0);
}

static void
json_number(struct ld_buf *out, struct ld_node value)
{
	size_t len;
	const char *text = ld_json_raw(value.json, value.ref, &len);

	if (ldi_python_wide(text, len))
		ld_json_add_string(out, text, len);
	else
		ld_buf_add(out, text, len);
}

static void
json_string(struct ld_buf *out, struct ld_node value, unsigned flags)
{
	size_t len;
	const char *text = ld_json_raw(value.json, value.ref, &len);

	(void)flags;
	ld_buf_add(out, text, len);
}

void
ldi_python_json(struct ld_buf *out, struct ld_node value, bool mask)
{
	const struct style style = {
		.comma = ",",
		.colon = ":",
		.null = "null",
		.yes = "true",
		.no = "false",
		.mask = "\"" LDI_SECRET_MASK "\"",
		.number = json_number,
		.string = json_string,
		.flags = mask ? LDI_PYTHON_MASK : 0,
	};

	add_value(out, value, &style, false);
}
