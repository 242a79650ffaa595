/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/json.h>
#include <ld/num.h>

#include "data/json_number.h"
#include "data/scan.h"

/* Beyond any sum of a point (under 2^30) and an exponent that matters. */
#define FAR (INT64_C(1) << 40)

static bool
is_digit(char c)
{
	return ldi_scan_is_digit((unsigned char)c);
}

static void
read_exponent(struct ldi_json_number *number, const char *p, const char *end)
{
	number->exp = end;
	number->exp_len = 0;
	number->exp_negative = false;
	if (p == end)
		return;
	p++;
	number->exp_negative = *p == '-';
	if (!is_digit(*p))
		p++;
	number->exp = p;
	number->exp_len = (size_t)(end - p);
}

void
ldi_json_number(struct ldi_json_number *number, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	const char *dot = NULL, *first = NULL, *last = NULL;

	number->negative = *p == '-';
	if (number->negative)
		p++;
	for (; p < end && (is_digit(*p) || *p == '.'); p++) {
		if (*p == '.') {
			dot = p;
		} else if (*p != '0') {
			first = first == NULL ? p : first;
			last = p;
		}
	}
	read_exponent(number, p, end);
	number->count = 0;
	number->digits = first;
	if (first == NULL)
		return;
	number->count = (size_t)(last - first) + 1;
	if (dot != NULL && dot > first && dot < last)
		number->count--;
	number->point = (dot == NULL ? p : dot) - first;
	if (number->point < 0)
		number->point++; /* the dot itself is no digit */
}

static int
exp_digit(const struct ldi_json_number *number, size_t from_end)
{
	int digit;

	if (from_end > number->exp_len)
		return 0;
	digit = number->exp[number->exp_len - from_end] - '0';
	return number->exp_negative ? -digit : digit;
}

/* E of a minus E of b, by Horner's rule from the highest digit on.  Beyond
 * FAR the digits that follow cannot bring it back, so it stops there: exact
 * where it matters, for exponents of any length.  A NULL b stands for 0. */
static int64_t
exp_difference(const struct ldi_json_number *a, const struct ldi_json_number *b)
{
	size_t i = a->exp_len;
	int64_t sum = 0;

	if (b != NULL && b->exp_len > i)
		i = b->exp_len;
	for (; i > 0 && sum < FAR && sum > -FAR; i--)
		sum = sum * 10 + exp_digit(a, i) -
		      (b == NULL ? 0 : exp_digit(b, i));
	return sum;
}

bool
ldi_json_number_equal(
    const struct ldi_json_number *a, const struct ldi_json_number *b)
{
	const char *p = a->digits, *q = b->digits;

	if (a->count == 0 || b->count == 0)
		return a->count == b->count;
	if (a->negative != b->negative || a->count != b->count ||
	    exp_difference(a, b) + a->point - b->point != 0)
		return false;
	for (size_t left = a->count; left > 0; left--, p++, q++) {
		p += *p == '.';
		q += *q == '.';
		if (*p != *q)
			return false;
	}
	return true;
}

bool
ldi_json_number_u64(const struct ldi_json_number *number, uint64_t *out)
{
	const char *p = number->digits;
	int64_t digits; /* before the point */
	uint64_t value = 0;

	*out = 0;
	if (number->count == 0)
		return true;
	digits = exp_difference(number, NULL) + number->point;
	if (digits > 20 || digits < (int64_t)number->count)
		return false;
	for (int64_t i = 0; i < digits; i++) {
		unsigned digit = 0;

		if (i < (int64_t)number->count) {
			p += *p == '.';
			digit = (unsigned)(*p++ - '0');
		}
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*out = value;
	return true;
}

/* Digits only, and too few to overflow: what nearly every number is. */
static bool
short_integer(const char *text, size_t len, uint64_t *out)
{
	uint64_t value = 0;

	if (len > 19)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(text[i]))
			return false;
		value = value * 10 + (uint64_t)(text[i] - '0');
	}
	*out = value;
	return true;
}

/* The text of a number, NULL when the node is none. */
static const char *
number_text(const struct ld_json *doc, ld_json_ref ref, size_t *len_out)
{
	if (ld_json_kind(doc, ref) != LD_JSON_NUMBER)
		return NULL;
	return ld_json_raw(doc, ref, len_out);
}

bool
ld_json_u64(const struct ld_json *doc, ld_json_ref ref, uint64_t *out)
{
	struct ldi_json_number number;
	size_t len;
	const char *text = number_text(doc, ref, &len);
	uint64_t value;

	if (text == NULL)
		return false;
	if (short_integer(text, len, out))
		return true;
	ldi_json_number(&number, text, len);
	if (!ldi_json_number_u64(&number, &value) ||
	    (number.negative && value != 0))
		return false;
	*out = value;
	return true;
}

bool
ld_json_i64(const struct ld_json *doc, ld_json_ref ref, int64_t *out)
{
	struct ldi_json_number number;
	size_t len;
	const char *text = number_text(doc, ref, &len);
	uint64_t value;
	size_t sign;

	if (text == NULL)
		return false;
	/* At most 18 digits, so that the value has a sign to spare. */
	sign = *text == '-' ? 1 : 0;
	if (len < 19 + sign && short_integer(text + sign, len - sign, &value)) {
		*out = sign ? -(int64_t)value : (int64_t)value;
		return true;
	}
	ldi_json_number(&number, text, len);
	if (!ldi_json_number_u64(&number, &value) ||
	    value > (uint64_t)INT64_MAX + number.negative)
		return false;
	/* -2^63 has no positive counterpart, hence by way of value - 1. */
	if (!number.negative)
		*out = (int64_t)value;
	else
		*out = value == 0 ? 0 : -(int64_t)(value - 1) - 1;
	return true;
}

bool
ld_json_double(const struct ld_json *doc, ld_json_ref ref, double *out)
{
	size_t len;
	const char *text = number_text(doc, ref, &len);

	return text != NULL && ld_num_double(text, len, out, NULL) == LD_OK;
}
