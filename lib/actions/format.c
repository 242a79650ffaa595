/* SPDX-License-Identifier: MIT */
/*
 * format(): [[fill]align][sign][z][#][0][width][grouping][.precision][type].
 * A value becomes three parts, sign, prefix ("0x") and digits, which are
 * then grouped and filled up to the width.
 */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/builtins.h"
#include "actions/items.h"
#include "actions/number.h"
#include "actions/python.h"
#include "base/utf8.h"
#include "data/shortest.h"
#include "plan/node.h"

struct spec {
	char fill[5]; /* one character */
	char align;   /* '<' '>' '^' '=', 0 = that of the type */
	char sign;    /* '+' ' ' '-' */
	bool positive_zero, alternate, zeros;
	unsigned width;
	char group;        /* ',' '_', 0 = none */
	int precision;     /* -1 = none */
	char type;         /* 0 = none */
	struct ld_node at; /* of the specification */
};

static enum ld_status
refuse(const struct spec *spec, const char *why, struct ld_err *err)
{
	return ld_node_error(spec->at, err, LD_INVALID, "%s", why);
}

/* -- reading -------------------------------------------------------------- */

/* A number up to `most`; false beyond. */
static bool
read_number(const char **at, unsigned most, unsigned *out)
{
	*out = 0;
	for (; **at >= '0' && **at <= '9'; ++*at) {
		*out = *out * 10 + (unsigned)(**at - '0');
		if (*out > most)
			return false;
	}
	return true;
}

static void
read_align(const char **at, struct spec *spec)
{
	uint32_t code;
	size_t n = ldi_utf8_next(*at, strlen(*at), &code);
	static const char aligns[] = "<>=^";

	if (n > 0 && (*at)[n] != '\0' && strchr(aligns, (*at)[n]) != NULL) {
		memcpy(spec->fill, *at, n);
		spec->fill[n] = '\0';
		spec->align = (*at)[n];
		*at += n + 1;
	} else if (**at != '\0' && strchr(aligns, **at) != NULL) {
		spec->align = *(*at)++;
	}
}

static bool
read_flag(const char **at, char flag)
{
	if (**at != flag)
		return false;
	++*at;
	return true;
}

static enum ld_status
read_spec(const char *text, struct spec *spec, struct ld_err *err)
{
	const char *at = text;
	unsigned precision;

	read_align(&at, spec);
	if (*at != '\0' && strchr("+- ", *at) != NULL)
		spec->sign = *at++;
	spec->positive_zero = read_flag(&at, 'z');
	spec->alternate = read_flag(&at, '#');
	spec->zeros = read_flag(&at, '0');
	if (!read_number(&at, LDI_FORMAT_WIDTH, &spec->width))
		return refuse(spec, "the width is too large", err);
	if (*at == ',' || *at == '_')
		spec->group = *at++;
	if (read_flag(&at, '.')) {
		const char *digits = at;

		if (!read_number(&at, LDI_FORMAT_PRECISION, &precision))
			return refuse(spec, "the precision is too large", err);
		if (at == digits)
			return refuse(
			    spec, "digits are missing behind the point", err);
		spec->precision = (int)precision;
	}
	if (*at != '\0')
		spec->type = *at++;
	if (*at != '\0')
		return refuse(spec,
		    "this is no format such as '>10', ',d' or '.2f'", err);
	return LD_OK;
}

/* -- laying out ----------------------------------------------------------- */

struct parts {
	char sign; /* 0 = none */
	char prefix[3];
	struct ld_buf text; /* digits and what is behind them */
	size_t whole;       /* the digits of `text` that may be grouped */
	unsigned by;        /* how many of them make a group */
};

static void
add_fill(struct ld_buf *out, const struct spec *spec, size_t n)
{
	for (; n > 0; n--)
		ld_buf_adds(out, spec->fill);
}

static size_t
grouped_length(size_t digits, unsigned by, char group)
{
	return group == 0 || digits == 0 ? digits : digits + (digits - 1) / by;
}

/* The whole part; zeros in front belong to the groups. */
static void
add_grouped(
    struct ld_buf *out, const struct parts *parts, char group, size_t zeros)
{
	size_t n = zeros + parts->whole;

	for (size_t i = 0; i < n; i++) {
		if (group != 0 && i > 0 && (n - i) % parts->by == 0)
			ld_buf_addc(out, group);
		ld_buf_addc(out, i < zeros ? '0' : parts->text.data[i - zeros]);
	}
}

static void
lay_out(struct ld_buf *out, const struct spec *spec, const struct parts *parts)
{
	size_t before = (parts->sign != 0) + strlen(parts->prefix);
	size_t rest = parts->text.len - parts->whole, zeros = 0, pad, left;
	size_t tail =
	    rest == 0 ? 0
		      : ldi_utf8_count(parts->text.data + parts->whole, rest);
	size_t len;

	if (spec->align == '=' && strcmp(spec->fill, "0") == 0)
		while (before + tail +
			   grouped_length(
			       zeros + parts->whole, parts->by, spec->group) <
		       spec->width)
			zeros++;
	len = before + tail +
	      grouped_length(zeros + parts->whole, parts->by, spec->group);
	pad = len < spec->width ? spec->width - len : 0;
	left = spec->align == '<' ? 0 : spec->align == '^' ? pad / 2 : pad;
	if (spec->align != '=')
		add_fill(out, spec, left);
	if (parts->sign != 0)
		ld_buf_addc(out, parts->sign);
	ld_buf_adds(out, parts->prefix);
	if (spec->align == '=')
		add_fill(out, spec, left);
	add_grouped(out, parts, spec->group, zeros);
	if (rest > 0)
		ld_buf_add(out, parts->text.data + parts->whole, rest);
	add_fill(out, spec, pad - left);
}

/* -- numbers -------------------------------------------------------------- */

static void
set_sign(const struct spec *spec, bool negative, struct parts *parts)
{
	parts->sign = negative ? '-' : spec->sign == '-' ? 0 : spec->sign;
}

/* In a base that is a power of two. */
static void
add_bits(const BIGNUM *n, int bits, bool upper, struct parts *parts)
{
	static const char *const digits[] = { "0123456789abcdef",
		"0123456789ABCDEF" };
	int len = BN_num_bits(n);

	for (int at = len == 0 ? 0 : (len - 1) / bits; at >= 0; at--) {
		int digit = 0;

		for (int b = bits - 1; b >= 0; b--)
			digit = 2 * digit + BN_is_bit_set(n, at * bits + b);
		ld_buf_addc(&parts->text, digits[upper][digit]);
	}
	parts->by = 4;
}

static enum ld_status
format_character(const struct spec *spec, const struct ldi_number *number,
    struct parts *parts, struct ld_err *err)
{
	char text[4];
	size_t n = 0;

	if (spec->sign != '-' || spec->group != 0)
		return refuse(
		    spec, "type 'c' goes with no sign and no grouping", err);
	if (!BN_is_negative(number->n) && BN_num_bits(number->n) <= 21)
		n = ldi_utf8_encode((uint32_t)BN_get_word(number->n), text);
	if (n == 0)
		return refuse(spec, "the number is no character", err);
	ld_buf_add(&parts->text, text, n);
	parts->whole = 0;
	return LD_OK;
}

static enum ld_status
format_integer(const struct spec *spec, const struct ldi_number *number,
    struct parts *parts, struct ld_err *err)
{
	static const char types[] = "bodxXn";
	static const int bits[] = { 1, 3, 0, 4, 4, 0 };
	char type = spec->type == 0 ? 'd' : spec->type;
	const char *row = strchr(types, type);
	struct ld_buf text;

	if (spec->precision >= 0)
		return refuse(spec, "an integer has no precision", err);
	if (spec->positive_zero)
		return refuse(spec, "an integer has no negative zero", err);
	if (type == 'c')
		return format_character(spec, number, parts, err);
	if (type == 'n' && spec->group != 0)
		return refuse(spec, "type 'n' goes with no grouping", err);
	if (bits[row - types] != 0 && spec->group == ',')
		return refuse(spec, "only '_' groups digits of this type", err);
	set_sign(spec, BN_is_negative(number->n), parts);
	if (bits[row - types] != 0) {
		if (spec->alternate)
			snprintf(
			    parts->prefix, sizeof(parts->prefix), "0%c", type);
		add_bits(number->n, bits[row - types], type == 'X', parts);
	} else {
		ld_buf_init(&text, LDI_NUMBER_DIGITS + 8);
		if (ldi_number_text(number, &text))
			ld_buf_add(&parts->text,
			    text.data + (text.data[0] == '-'),
			    text.len - (text.data[0] == '-'));
		ld_buf_clear(&text);
	}
	parts->whole = parts->text.len;
	return LD_OK;
}

/* Without a type, with a precision: as 'g', but never without a point. */
static void
add_plain(struct ld_buf *out, double d, int precision, bool alternate)
{
	struct ldi_shortest s;
	int digits = precision < 1 ? 1 : precision;
	bool scientific;

	ldi_shortest_rounded(
	    &s, d, digits > LDI_SHORTEST_MAX ? LDI_SHORTEST_MAX : digits);
	scientific = s.exp < -4 || s.exp >= digits - 1;
	if (alternate)
		ld_buf_addf(out, scientific ? "%#.*e" : "%#.*g",
		    scientific ? digits - 1 : digits, d);
	else if (scientific)
		ld_buf_addf(out, "%.*e", s.count - 1, d);
	else
		ld_buf_addf(out, "%.*f",
		    s.count - 1 > s.exp + 1 ? s.count - 1 - s.exp : 1, d);
}

/* As repr(), which gives no point to "1e+16". */
static void
add_repr(struct ld_buf *out, double d, bool alternate)
{
	struct ld_buf text;
	size_t whole;

	ld_buf_init(&text, 64);
	ldi_python_repr_double(&text, d);
	whole = text.len == 0 ? 0 : strspn(ld_buf_str(&text), "0123456789");
	ld_buf_add(out, text.data, whole);
	if (alternate && whole < text.len && text.data[whole] == 'e')
		ld_buf_addc(out, '.');
	ld_buf_add(out, text.data + whole, text.len - whole);
	ld_buf_clear(&text);
}

static void
add_double(struct ld_buf *out, const struct spec *spec, double d)
{
	int precision = spec->precision < 0 ? 6 : spec->precision;

	switch (spec->type) {
	case 'e':
	case 'E':
		ld_buf_addf(
		    out, spec->alternate ? "%#.*e" : "%.*e", precision, d);
		break;
	case 'g':
	case 'G':
	case 'n':
		ld_buf_addf(
		    out, spec->alternate ? "%#.*g" : "%.*g", precision, d);
		break;
	case 0:
		if (spec->precision < 0)
			add_repr(out, d, spec->alternate);
		else
			add_plain(out, d, precision, spec->alternate);
		break;
	default:
		ld_buf_addf(
		    out, spec->alternate ? "%#.*f" : "%.*f", precision, d);
		break;
	}
	if (spec->type == '%')
		ld_buf_addc(out, '%');
	for (size_t i = 0; i < out->len; i++)
		if (spec->type == 'E' || spec->type == 'G')
			out->data[i] = out->data[i] == 'e' ? 'E' : out->data[i];
}

static enum ld_status
format_double(const struct spec *spec, const struct ldi_number *number,
    struct ld_node node, struct parts *parts, struct ld_err *err)
{
	double d;
	bool negative;
	enum ld_status st = ldi_number_double(number, node, &d, err);

	if (st != LD_OK)
		return st;
	if (spec->type == 'n' && spec->group != 0)
		return refuse(spec, "type 'n' goes with no grouping", err);
	if (spec->type == '%')
		d *= 100;
	if (!isfinite(d))
		return refuse(spec, "this is beyond the largest number", err);
	negative = signbit(d) != 0;
	add_double(&parts->text, spec, fabs(d));
	parts->whole = parts->text.len == 0
			   ? 0
			   : strspn(ld_buf_str(&parts->text), "0123456789");
	if (spec->positive_zero && negative &&
	    strspn(parts->text.data, "0.") >= strcspn(parts->text.data, "eE%"))
		negative = false;
	set_sign(spec, negative, parts);
	return LD_OK;
}

static enum ld_status
format_number(struct spec *spec, struct ld_node node, struct parts *parts,
    struct ld_err *err)
{
	struct ldi_number number;
	enum ld_status st = ldi_number_read(node, &number, err);

	if (spec->sign == 0)
		spec->sign = '-';
	if (spec->align == 0)
		spec->align = spec->zeros ? '=' : '>';
	parts->by = 3;
	if (st == LD_OK && number.n != NULL &&
	    (spec->type == 0 || strchr("bcdoxXn", spec->type) != NULL))
		st = format_integer(spec, &number, parts, err);
	else if (st == LD_OK &&
		 (spec->type == 0 || strchr("eEfFgGn%", spec->type) != NULL))
		st = format_double(spec, &number, node, parts, err);
	else if (st == LD_OK)
		st = ld_node_error(spec->at, err, LD_INVALID,
		    "a number has no format '%c'", spec->type);
	ldi_number_clear(&number);
	return st;
}

/* -- text ----------------------------------------------------------------- */

static enum ld_status
format_text(struct spec *spec, struct ld_node node, struct parts *parts,
    struct ld_err *err)
{
	size_t at = 0, n = 0;
	uint32_t code;

	if (spec->type != 0 && spec->type != 's')
		return ld_node_error(spec->at, err, LD_INVALID,
		    "a string has no format '%c'", spec->type);
	if (spec->sign != 0 || spec->positive_zero || spec->alternate ||
	    spec->group != 0 || spec->align == '=')
		return refuse(spec,
		    "a sign, '=', 'z', '#' and grouping are for numbers", err);
	if (spec->align == 0)
		spec->align = '<';
	ld_json_text(node.json, node.ref, &parts->text);
	for (; spec->precision >= 0 && at < parts->text.len &&
	       n < (size_t)spec->precision;
	     n++)
		at += ldi_utf8_next(
		    parts->text.data + at, parts->text.len - at, &code);
	if (spec->precision >= 0 && at < parts->text.len)
		parts->text.len = at;
	return LD_OK;
}

static enum ld_status
format_value(struct ld_node node, const char *text, struct spec *spec,
    struct ld_buf *out, struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(node);
	struct parts parts = { .by = 3 };
	enum ld_status st;

	if (*text == '\0') {
		ldi_python_str(out, node);
		return LD_OK;
	}
	if (kind == LD_JSON_NULL || kind == LD_JSON_ARRAY ||
	    kind == LD_JSON_OBJECT)
		return ld_node_error(spec->at, err, LD_INVALID,
		    "%s has no format but ''", ldi_node_article(node));
	st = read_spec(text, spec, err);
	if (st != LD_OK)
		return st;
	if (spec->fill[0] == '\0')
		spec->fill[0] = spec->zeros ? '0' : ' ';
	ld_buf_init(&parts.text, LD_MAX_DOCUMENT);
	if (kind == LD_JSON_STRING)
		st = format_text(spec, node, &parts, err);
	else
		st = format_number(spec, node, &parts, err);
	if (st == LD_OK)
		st = ld_buf_status(&parts.text, "the text", err);
	if (st == LD_OK)
		lay_out(out, spec, &parts);
	ld_buf_clear(&parts.text);
	return st;
}

enum ld_status
ldi_builtin_format(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	struct spec spec = { .precision = -1,
		.at = ldi_arg(action, item, "format_spec") };
	char *text = ldi_arg_text(action, item, "format_spec", "");
	struct ld_buf out;
	enum ld_status st;

	(void)exec;
	if (text == NULL)
		return ldi_nomem(err);
	ld_buf_init(&out, LD_MAX_DOCUMENT);
	st = format_value(
	    ldi_arg(action, item, "value"), text, &spec, &out, err);
	if (st == LD_OK)
		st = ld_buf_status(&out, "the text", err);
	if (st == LD_OK)
		ld_json_add_string(value, out.data, out.len);
	ld_buf_clear(&out);
	free(text);
	return st;
}
