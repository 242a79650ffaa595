/* SPDX-License-Identifier: MIT */
/*
 * actions/number.h - numbers as Python has them: integers of any length,
 * exact, and doubles.
 *
 * An integer has at most 4300 digits, Python's own bound for text; a longer
 * one is an error, and nothing is ever rounded on the way.
 */
#ifndef LDI_ACTIONS_NUMBER_H
#define LDI_ACTIONS_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/bn.h>

#include <ld/buf.h>
#include <ld/err.h>
#include <ld/field.h>

#define LDI_NUMBER_DIGITS 4300
/* No number of more bits has so few digits. */
#define LDI_NUMBER_BITS 14285

struct ldi_number {
	BIGNUM *n; /* an integer, if it is not NULL */
	double d;
};

/* A number, or a Boolean (0 and 1, as in Python); an error with the place of
 * the node for anything else.  To be cleared, also after an error. */
enum ld_status ldi_number_read(
    struct ld_node node, struct ldi_number *out, struct ld_err *err);
/* The same for what must be an integer. */
enum ld_status ldi_number_read_int(
    struct ld_node node, struct ldi_number *out, struct ld_err *err);
enum ld_status ldi_number_read_i64(
    struct ld_node node, int64_t *out, struct ld_err *err);
void ldi_number_clear(struct ldi_number *number);

/* The nearest double; an error for what is beyond the largest. */
enum ld_status ldi_number_double(const struct ldi_number *number,
    struct ld_node place, double *out, struct ld_err *err);
/* < 0, 0, > 0: exact, whatever the kinds.  false without memory. */
bool ldi_number_compare(
    const struct ldi_number *a, const struct ldi_number *b, int *order_out);
/* Digits as they stand; false when there are too many, or no memory. */
bool ldi_number_text(const struct ldi_number *number, struct ld_buf *out);
/* As the value of an action; an error for too many digits or no number. */
enum ld_status ldi_number_json(const struct ldi_number *number,
    struct ld_node place, struct ld_buf *out, struct ld_err *err);

/* round(), half to even, the fraction being exact.  `places` NULL gives an
 * integer. */
enum ld_status ldi_number_round(const struct ldi_number *number,
    const int64_t *places, struct ld_node place, struct ldi_number *out,
    struct ld_err *err);

#endif /* LDI_ACTIONS_NUMBER_H */
