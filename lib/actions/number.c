/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "actions/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include <ld/num.h>

#include "actions/python.h"
#include "plan/node.h"

/* A double has at most this many digits before and behind its point. */
#define DOUBLE_WHOLE 309
#define DOUBLE_FRACTION 1074

/* -- reading -------------------------------------------------------------- */

static enum ld_status
read_integer(struct ld_node node, const char *text, size_t len,
    struct ldi_number *out, struct ld_err *err)
{
	char *copy;
	bool ok;

	if (len > LDI_NUMBER_DIGITS + 1)
		return ld_node_error(node, err, LD_INVALID,
		    "an integer has at most %d digits, not %zu",
		    LDI_NUMBER_DIGITS, len);
	copy = strndup(text, len);
	ok = copy != NULL && BN_dec2bn(&out->n, copy) != 0;
	free(copy);
	return ok ? LD_OK : ldi_nomem(err);
}

enum ld_status
ldi_number_read(struct ld_node node, struct ldi_number *out, struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(node);
	const char *text;
	size_t len;

	*out = (struct ldi_number){ .n = NULL };
	if (kind == LD_JSON_TRUE || kind == LD_JSON_FALSE)
		return read_integer(
		    node, kind == LD_JSON_TRUE ? "1" : "0", 1, out, err);
	if (kind != LD_JSON_NUMBER)
		return ld_node_error(node, err, LD_INVALID,
		    "a number is wanted, not %s", ldi_node_article(node));
	text = ld_json_raw(node.json, node.ref, &len);
	if (strcspn(text, ".eE") >= len)
		return read_integer(node, text, len, out, err);
	if (!ld_json_double(node.json, node.ref, &out->d))
		return ld_node_error(node, err, LD_INVALID,
		    "this number is beyond the largest there is");
	return LD_OK;
}

enum ld_status
ldi_number_read_int(
    struct ld_node node, struct ldi_number *out, struct ld_err *err)
{
	enum ld_status st = ldi_number_read(node, out, err);

	if (st == LD_OK && out->n == NULL)
		st = ld_node_error(node, err, LD_INVALID,
		    "an integer is wanted, not one with a fraction or an "
		    "exponent");
	return st;
}

enum ld_status
ldi_number_read_i64(struct ld_node node, int64_t *out, struct ld_err *err)
{
	struct ldi_number number;
	enum ld_status st = ldi_number_read_int(node, &number, err);
	char *text;

	if (st == LD_OK) {
		text = BN_bn2dec(number.n);
		if (text == NULL)
			st = ldi_nomem(err);
		else if (ld_num_i64(text, strlen(text), out, NULL) != LD_OK)
			st = ld_node_error(node, err, LD_INVALID,
			    "this integer is too large here");
		OPENSSL_free(text);
	}
	ldi_number_clear(&number);
	return st;
}

void
ldi_number_clear(struct ldi_number *number)
{
	BN_free(number->n);
	number->n = NULL;
}

/* -- writing -------------------------------------------------------------- */

bool
ldi_number_text(const struct ldi_number *number, struct ld_buf *out)
{
	char *text = NULL;
	bool ok;

	if (number->n == NULL) {
		ldi_python_repr_double(out, number->d);
		return true;
	}
	if (BN_num_bits(number->n) <= LDI_NUMBER_BITS)
		text = BN_bn2dec(number->n);
	ok = text != NULL && strlen(text) <= LDI_NUMBER_DIGITS + (*text == '-');
	if (ok)
		ld_buf_adds(out, strcmp(text, "-0") == 0 ? "0" : text);
	OPENSSL_free(text);
	return ok;
}

enum ld_status
ldi_number_json(const struct ldi_number *number, struct ld_node place,
    struct ld_buf *out, struct ld_err *err)
{
	struct ld_buf text;
	enum ld_status st = LD_OK;

	if (number->n == NULL && !isfinite(number->d))
		return ld_node_error(place, err, LD_INVALID,
		    "the result is beyond the largest number there is");
	ld_buf_init(&text, LDI_NUMBER_DIGITS + 64);
	if (!ldi_number_text(number, &text))
		st = ld_node_error(place, err, LD_INVALID,
		    "the result has more than %d digits", LDI_NUMBER_DIGITS);
	else if (ldi_python_wide(text.data, text.len))
		ld_json_add_string(out, text.data, text.len);
	else
		ld_buf_add(out, text.data, text.len);
	ld_buf_clear(&text);
	return st;
}

enum ld_status
ldi_number_double(const struct ldi_number *number, struct ld_node place,
    double *out, struct ld_err *err)
{
	char *text;
	enum ld_status st;

	*out = number->d;
	if (number->n == NULL)
		return LD_OK;
	text = BN_bn2dec(number->n);
	if (text == NULL)
		return ldi_nomem(err);
	st = ld_num_double(text, strlen(text), out, NULL);
	OPENSSL_free(text);
	return st == LD_OK ? LD_OK
			   : ld_node_error(place, err, LD_INVALID,
				 "this integer is beyond the largest number "
				 "with a fraction");
}

/* -- order ---------------------------------------------------------------- */

/* An integer against a double: first the whole parts, then the fraction. */
static bool
compare_mixed(const BIGNUM *n, double d, int *order_out)
{
	char text[DOUBLE_WHOLE + 8];
	BIGNUM *whole = NULL;

	snprintf(text, sizeof(text), "%.0f", floor(d));
	if (BN_dec2bn(&whole, text) == 0)
		return false;
	*order_out = BN_cmp(n, whole);
	if (*order_out == 0 && d > floor(d))
		*order_out = -1;
	BN_free(whole);
	return true;
}

bool
ldi_number_compare(
    const struct ldi_number *a, const struct ldi_number *b, int *order_out)
{
	bool ok = true;

	if (a->n != NULL && b->n != NULL) {
		*order_out = BN_cmp(a->n, b->n);
	} else if (a->n != NULL) {
		ok = compare_mixed(a->n, b->d, order_out);
	} else if (b->n != NULL) {
		ok = compare_mixed(b->n, a->d, order_out);
		*order_out = -*order_out;
	} else {
		*order_out = (a->d > b->d) - (a->d < b->d);
	}
	return ok;
}

/* -- rounding ------------------------------------------------------------- */

/* Decimal digits without a sign or a point; `whole` stand in front of it. */
struct digits {
	char *d;
	size_t n, whole;
};

/* Of what is cut behind `keep`: is it more than half, or half behind an odd
 * digit? */
static bool
rounds_up(const struct digits *digits, size_t keep)
{
	const char *cut = digits->d + keep;
	size_t n = digits->n - keep;

	if (n == 0 || *cut != '5')
		return n > 0 && *cut > '5';
	for (size_t i = 1; i < n; i++)
		if (cut[i] != '0')
			return true;
	return keep > 0 && (cut[-1] - '0') % 2 == 1;
}

/* d[0] is a spare zero in front, which takes a carry. */
static void
round_digits(struct digits *digits, size_t keep)
{
	bool up = rounds_up(digits, keep);

	memset(digits->d + keep, '0', digits->n - keep);
	while (up) {
		keep--;
		up = digits->d[keep] == '9';
		digits->d[keep] = up ? '0' : (char)(digits->d[keep] + 1);
	}
}

/* To `places` digits behind the point; negative: in front of it. */
static void
round_places(struct digits *digits, int64_t places)
{
	int64_t keep = (int64_t)digits->whole + places;

	if (keep < 1) /* the highest digit is far below half */
		memset(digits->d, '0', digits->n);
	else if (keep < (int64_t)digits->n)
		round_digits(digits, (size_t)keep);
}

static enum ld_status
round_integer(const struct ldi_number *number, int64_t places,
    struct ldi_number *out, struct ld_err *err)
{
	char *text = BN_bn2dec(number->n);
	size_t sign = text != NULL && *text == '-';
	size_t len = text == NULL ? 0 : strlen(text + sign);
	char *copy = text == NULL ? NULL : malloc(len + 2);
	struct digits digits;
	bool ok = copy != NULL;

	if (ok) {
		copy[0] = '0';
		memcpy(copy + 1, text + sign, len + 1);
		digits.d = copy;
		digits.n = digits.whole = len + 1;
		if (places < 0)
			round_places(&digits, places);
		ok = BN_dec2bn(&out->n, copy) != 0;
	}
	if (ok)
		BN_set_negative(out->n, sign);
	free(copy);
	OPENSSL_free(text);
	return ok ? LD_OK : ldi_nomem(err);
}

/* The exact decimal expansion of a double, rounded there. */
static enum ld_status
round_double(
    double d, const int64_t *places, struct ldi_number *out, struct ld_err *err)
{
	char text[DOUBLE_WHOLE + DOUBLE_FRACTION + 8];
	struct digits digits = { .d = text };
	size_t point;
	bool ok;

	text[0] = '0';
	snprintf(text + 1, sizeof(text) - 1, "%.*f", DOUBLE_FRACTION, fabs(d));
	point = strspn(text, "0123456789");
	digits.whole = point;
	digits.n = strlen(text) - 1;
	memmove(text + point, text + point + 1, digits.n - point + 1);
	round_places(&digits, places == NULL ? 0 : *places);
	if (places == NULL) {
		text[point] = '\0';
		ok = BN_dec2bn(&out->n, text) != 0;
		if (ok)
			BN_set_negative(out->n, d < 0);
		return ok ? LD_OK : ldi_nomem(err);
	}
	memmove(text + point + 1, text + point, digits.n - point + 1);
	text[point] = '.';
	while (text[digits.n] == '0' && digits.n > point + 1)
		digits.n--;
	if (ld_num_double(text, digits.n + 1, &out->d, NULL) != LD_OK)
		out->d = HUGE_VAL;
	out->d = copysign(out->d, d);
	return LD_OK;
}

enum ld_status
ldi_number_round(const struct ldi_number *number, const int64_t *places,
    struct ld_node place, struct ldi_number *out, struct ld_err *err)
{
	int64_t bounded;
	enum ld_status st;

	*out = (struct ldi_number){ .n = NULL };
	if (places != NULL) { /* so that no sum can overflow */
		bounded = *places > 10000    ? 10000
			  : *places < -10000 ? -10000
					     : *places;
		places = &bounded;
	}
	if (number->n != NULL)
		st = round_integer(
		    number, places == NULL ? 0 : *places, out, err);
	else
		st = round_double(number->d, places, out, err);
	if (st == LD_OK && out->n == NULL && !isfinite(out->d))
		st = ld_node_error(place, err, LD_INVALID,
		    "the result is beyond the largest number there is");
	return st;
}
