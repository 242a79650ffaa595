/* SPDX-License-Identifier: MIT */
/* Python's functions of numbers: integers exact, of whatever length. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "actions/builtins.h"
#include "actions/items.h"
#include "actions/number.h"
#include "actions/python.h"
#include "plan/node.h"

static struct ld_node
argument(const struct ld_item *item, const char *name)
{
	return ldi_arg(ldi_action_find(item->command), item, name);
}

/* -- one number ----------------------------------------------------------- */

enum ld_status
ldi_builtin_abs(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_node node = argument(item, "x");
	struct ldi_number number;
	enum ld_status st = ldi_number_read(node, &number, err);

	(void)exec;
	if (number.n != NULL)
		BN_set_negative(number.n, 0);
	number.d = fabs(number.d);
	if (st == LD_OK)
		st = ldi_number_json(&number, node, value, err);
	ldi_number_clear(&number);
	return st;
}

/* Digits of `bits` bits each, behind a sign and a prefix. */
static enum ld_status
add_digits(const struct ld_item *item, const char *prefix, int bits,
    struct ld_buf *value, struct ld_err *err)
{
	struct ldi_number number;
	enum ld_status st =
	    ldi_number_read_int(argument(item, "number"), &number, err);
	int n = st == LD_OK ? BN_num_bits(number.n) : 0;

	if (st == LD_OK) {
		ld_buf_addf(value, "\"%s%s",
		    BN_is_negative(number.n) && n > 0 ? "-" : "", prefix);
		for (int at = n == 0 ? 0 : (n - 1) / bits; at >= 0; at--) {
			int digit = 0;

			for (int b = bits - 1; b >= 0; b--)
				digit = 2 * digit +
					BN_is_bit_set(number.n, at * bits + b);
			ld_buf_addc(value, "0123456789abcdef"[digit]);
		}
		ld_buf_addc(value, '"');
	}
	ldi_number_clear(&number);
	return st;
}

enum ld_status
ldi_builtin_bin(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)exec;
	return add_digits(item, "0b", 1, value, err);
}

enum ld_status
ldi_builtin_oct(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)exec;
	return add_digits(item, "0o", 3, value, err);
}

enum ld_status
ldi_builtin_hex(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)exec;
	return add_digits(item, "0x", 4, value, err);
}

enum ld_status
ldi_builtin_round(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_node node = argument(item, "number");
	struct ld_node places_node = argument(item, "ndigits");
	bool given = ldi_node_kind(places_node) != LD_JSON_NULL;
	struct ldi_number number, rounded = { .n = NULL };
	int64_t places = 0;
	enum ld_status st = ldi_number_read(node, &number, err);

	(void)exec;
	if (st == LD_OK && given)
		st = ldi_number_read_i64(places_node, &places, err);
	if (st == LD_OK)
		st = ldi_number_round(
		    &number, given ? &places : NULL, node, &rounded, err);
	if (st == LD_OK)
		st = ldi_number_json(&rounded, node, value, err);
	ldi_number_clear(&number);
	ldi_number_clear(&rounded);
	return st;
}

/* -- divmod --------------------------------------------------------------- */

/* The quotient is rounded down, so the remainder has the divisor's sign. */
static enum ld_status
divide_integers(const struct ldi_number *a, const struct ldi_number *b,
    struct ldi_number *quotient, struct ldi_number *rest, struct ld_err *err)
{
	BN_CTX *ctx = BN_CTX_new();
	bool ok;

	quotient->n = BN_new();
	rest->n = BN_new();
	ok = ctx != NULL && quotient->n != NULL && rest->n != NULL &&
	     BN_div(quotient->n, rest->n, a->n, b->n, ctx) == 1;
	if (ok && !BN_is_zero(rest->n) &&
	    BN_is_negative(rest->n) != BN_is_negative(b->n))
		ok = BN_add(rest->n, rest->n, b->n) == 1 &&
		     BN_sub_word(quotient->n, 1) == 1;
	BN_CTX_free(ctx);
	return ok ? LD_OK : ldi_nomem(err);
}

static void
divide_doubles(double a, double b, double *quotient_out, double *rest_out)
{
	double rest = fmod(a, b), quotient = (a - rest) / b;

	if (rest == 0) {
		rest = copysign(0, b);
	} else if ((b < 0) != (rest < 0)) {
		rest += b;
		quotient -= 1;
	}
	if (quotient == 0)
		quotient = copysign(0, a / b);
	else if (quotient - floor(quotient) > 0.5)
		quotient = floor(quotient) + 1;
	else
		quotient = floor(quotient);
	*quotient_out = quotient;
	*rest_out = rest;
}

static enum ld_status
divide(const struct ldi_number *a, const struct ldi_number *b,
    const struct ld_node at[2], struct ldi_number out[2], struct ld_err *err)
{
	double x, y;
	enum ld_status st;

	if (a->n != NULL && b->n != NULL) {
		if (BN_is_zero(b->n))
			return ld_node_error(
			    at[1], err, LD_INVALID, "division by zero");
		return divide_integers(a, b, &out[0], &out[1], err);
	}
	st = ldi_number_double(a, at[0], &x, err);
	if (st == LD_OK)
		st = ldi_number_double(b, at[1], &y, err);
	if (st == LD_OK && y == 0)
		st = ld_node_error(at[1], err, LD_INVALID, "division by zero");
	if (st == LD_OK)
		divide_doubles(x, y, &out[0].d, &out[1].d);
	return st;
}

enum ld_status
ldi_builtin_divmod(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ld_node at[2] = { argument(item, "x"),
		argument(item, "y") };
	struct ldi_number a, b = { .n = NULL }, out[2] = { { .n = NULL } };
	enum ld_status st = ldi_number_read(at[0], &a, err);

	(void)exec;
	if (st == LD_OK)
		st = ldi_number_read(at[1], &b, err);
	if (st == LD_OK)
		st = divide(&a, &b, at, out, err);
	ld_buf_addc(value, '[');
	if (st == LD_OK)
		st = ldi_number_json(&out[0], at[0], value, err);
	ld_buf_addc(value, ',');
	if (st == LD_OK)
		st = ldi_number_json(&out[1], at[0], value, err);
	ld_buf_addc(value, ']');
	ldi_number_clear(&a);
	ldi_number_clear(&b);
	ldi_number_clear(&out[0]);
	ldi_number_clear(&out[1]);
	return st;
}

/* -- pow ------------------------------------------------------------------ */

struct power {
	struct ld_node at[3]; /* base, exponent, modulus */
	struct ldi_number base, exp, mod;
};

static enum ld_status
power_too_large(const struct power *p, struct ld_err *err)
{
	return ld_node_error(p->at[1], err, LD_INVALID,
	    "the result has more than %d digits", LDI_NUMBER_DIGITS);
}

/* Integers, the exponent not negative.  The size of the result is known
 * before it is computed. */
static enum ld_status
power_integers(
    const struct power *p, struct ldi_number *out, struct ld_err *err)
{
	const BIGNUM *base = p->base.n, *exp = p->exp.n;
	bool negative = BN_is_negative(base) && BN_is_bit_set(exp, 0);
	bool small = BN_num_bits(base) <= 1; /* 0, 1 and -1 */
	BN_CTX *ctx;
	bool ok;

	if (!small && (BN_num_bits(exp) > 15 ||
			  (uint64_t)(BN_num_bits(base) - 1) * BN_get_word(exp) >
			      LDI_NUMBER_BITS))
		return power_too_large(p, err);
	ctx = BN_CTX_new();
	out->n = BN_new();
	ok = ctx != NULL && out->n != NULL;
	if (ok && small && !BN_is_zero(exp))
		ok = BN_copy(out->n, base) != NULL;
	else if (ok)
		ok = BN_exp(out->n, base, exp, ctx) == 1;
	if (ok)
		BN_set_negative(out->n, negative);
	BN_CTX_free(ctx);
	return ok ? LD_OK : ldi_nomem(err);
}

static enum ld_status
power_doubles(const struct power *p, struct ldi_number *out, struct ld_err *err)
{
	double base, exp;
	enum ld_status st = ldi_number_double(&p->base, p->at[0], &base, err);

	if (st == LD_OK)
		st = ldi_number_double(&p->exp, p->at[1], &exp, err);
	if (st != LD_OK)
		return st;
	if (base == 0 && exp < 0)
		return ld_node_error(p->at[1], err, LD_INVALID,
		    "zero to a negative power is no number");
	if (base < 0 && exp != floor(exp))
		return ld_node_error(p->at[1], err, LD_INVALID,
		    "the result would be a complex number");
	out->d = pow(base, exp);
	return LD_OK;
}

/* base^exp mod |m|; a negative exponent takes the inverse. */
static enum ld_status
power_residue(const struct power *p, const BIGNUM *m, BIGNUM *out, BN_CTX *ctx,
    struct ld_err *err)
{
	BIGNUM *base = BN_dup(p->base.n), *exp = BN_dup(p->exp.n);
	enum ld_status st = LD_OK;
	bool ok =
	    base != NULL && exp != NULL && BN_nnmod(base, base, m, ctx) == 1;

	if (ok && BN_is_negative(exp) && !BN_is_one(m)) {
		BN_set_negative(exp, 0);
		if (BN_mod_inverse(base, base, m, ctx) == NULL)
			st = ld_node_error(p->at[0], err, LD_INVALID,
			    "it has no inverse for this modulus");
	}
	if (ok && st == LD_OK && BN_is_one(m))
		BN_zero(out);
	else if (ok && st == LD_OK)
		ok = BN_mod_exp(out, base, exp, m, ctx) == 1;
	BN_free(base);
	BN_free(exp);
	return ok ? st : ldi_nomem(err);
}

static enum ld_status
power_modulo(const struct power *p, struct ldi_number *out, struct ld_err *err)
{
	BN_CTX *ctx;
	BIGNUM *m;
	enum ld_status st = LD_NOMEM;

	if (p->base.n == NULL || p->exp.n == NULL || p->mod.n == NULL)
		return ld_node_error(p->at[2], err, LD_INVALID,
		    "a modulus goes with integers only");
	if (BN_is_zero(p->mod.n))
		return ld_node_error(
		    p->at[2], err, LD_INVALID, "the modulus is 0");
	ctx = BN_CTX_new();
	m = BN_dup(p->mod.n);
	out->n = BN_new();
	if (ctx == NULL || m == NULL || out->n == NULL) {
		ldi_nomem(err);
	} else {
		BN_set_negative(m, 0);
		st = power_residue(p, m, out->n, ctx, err);
		if (st == LD_OK && BN_is_negative(p->mod.n) &&
		    !BN_is_zero(out->n) && BN_sub(out->n, out->n, m) != 1)
			st = ldi_nomem(err);
	}
	BN_CTX_free(ctx);
	BN_free(m);
	return st;
}

enum ld_status
ldi_builtin_pow(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct power p = { .at = { argument(item, "base"),
			       argument(item, "exp"), argument(item, "mod") } };
	struct ldi_number out = { .n = NULL };
	bool modulo = ldi_node_kind(p.at[2]) != LD_JSON_NULL;
	enum ld_status st = ldi_number_read(p.at[0], &p.base, err);

	(void)exec;
	if (st == LD_OK)
		st = ldi_number_read(p.at[1], &p.exp, err);
	if (st == LD_OK && modulo)
		st = ldi_number_read(p.at[2], &p.mod, err);
	if (st == LD_OK && modulo)
		st = power_modulo(&p, &out, err);
	else if (st == LD_OK && p.base.n != NULL && p.exp.n != NULL &&
		 !BN_is_negative(p.exp.n))
		st = power_integers(&p, &out, err);
	else if (st == LD_OK)
		st = power_doubles(&p, &out, err);
	if (st == LD_OK)
		st = ldi_number_json(&out, p.at[0], value, err);
	ldi_number_clear(&p.base);
	ldi_number_clear(&p.exp);
	ldi_number_clear(&p.mod);
	ldi_number_clear(&out);
	return st;
}

/* -- sum ------------------------------------------------------------------ */

/* Integers stay exact until the first double comes. */
static enum ld_status
add_number(struct ldi_number *sum, struct ld_node node, struct ld_err *err)
{
	struct ldi_number number;
	double a, b;
	enum ld_status st = ldi_number_read(node, &number, err);

	if (st == LD_OK && sum->n != NULL && number.n != NULL) {
		if (BN_add(sum->n, sum->n, number.n) != 1)
			st = ldi_nomem(err);
	} else if (st == LD_OK) {
		st = ldi_number_double(sum, node, &a, err);
		if (st == LD_OK)
			st = ldi_number_double(&number, node, &b, err);
		if (st == LD_OK) {
			ldi_number_clear(sum);
			sum->d = a + b;
		}
	}
	ldi_number_clear(&number);
	return st;
}

static enum ld_status
sum_numbers(const struct ldi_items *items, struct ld_node start,
    struct ld_buf *value, struct ld_err *err)
{
	struct ldi_number sum = { .n = NULL };
	enum ld_status st = LD_OK;

	if (ldi_node_present(start)) {
		st = ldi_number_read(start, &sum, err);
	} else {
		sum.n = BN_new();
		st = sum.n == NULL ? ldi_nomem(err) : LD_OK;
	}
	for (size_t i = 0; st == LD_OK && i < items->n; i++)
		st = add_number(&sum, items->at[i], err);
	if (st == LD_OK)
		st = ldi_number_json(
		    &sum, items->n > 0 ? items->at[0] : start, value, err);
	ldi_number_clear(&sum);
	return st;
}

static void
add_elements(struct ld_buf *value, struct ld_node list, bool *first)
{
	struct ld_node at;

	for (at = ldi_node_first(list); ldi_node_present(at);
	     at = ldi_node_next(list, at)) {
		ld_buf_adds(value, *first ? "" : ",");
		*first = false;
		ldi_python_json(value, at, false);
	}
}

/* Lists behind each other. */
static enum ld_status
sum_lists(const struct ldi_items *items, struct ld_node start,
    struct ld_buf *value, struct ld_err *err)
{
	bool first = true;

	ld_buf_addc(value, '[');
	add_elements(value, start, &first);
	for (size_t i = 0; i < items->n; i++) {
		if (ldi_node_kind(items->at[i]) != LD_JSON_ARRAY)
			return ld_node_error(items->at[i], err, LD_INVALID,
			    "a list is wanted here, as `start` is one, not %s",
			    ldi_node_article(items->at[i]));
		add_elements(value, items->at[i], &first);
	}
	ld_buf_addc(value, ']');
	return LD_OK;
}

enum ld_status
ldi_builtin_sum(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_node start = argument(item, "start");
	struct ldi_items items;
	enum ld_status st =
	    ldi_items_read(argument(item, "iterable"), &items, err);

	(void)exec;
	if (st == LD_OK && ldi_node_kind(start) == LD_JSON_ARRAY)
		st = sum_lists(&items, start, value, err);
	else if (st == LD_OK)
		st = sum_numbers(&items, start, value, err);
	ldi_items_clear(&items);
	return st;
}
