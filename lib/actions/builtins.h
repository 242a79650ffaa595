/* SPDX-License-Identifier: MIT */
/*
 * actions/builtins.h - Python's functions that only compute with what they
 * are given.
 *
 * Results are Python 3.11's for values that JSON has.  What Python answers
 * with an exception fails the action.
 */
#ifndef LDI_ACTIONS_BUILTINS_H
#define LDI_ACTIONS_BUILTINS_H

#include "actions/action.h"

/* range() makes a list; what would be longer is refused. */
#define LDI_RANGE_ITEMS 100000
/* The width of a field, and digits behind a point, that format() takes. */
#define LDI_FORMAT_WIDTH 10000
#define LDI_FORMAT_PRECISION 1000

/* builtins.c */
ldi_action_fn ldi_builtin_all, ldi_builtin_any, ldi_builtin_ascii,
    ldi_builtin_chr, ldi_builtin_len, ldi_builtin_max, ldi_builtin_min,
    ldi_builtin_ord, ldi_builtin_print, ldi_builtin_range, ldi_builtin_repr,
    ldi_builtin_sorted;
/* arithmetic.c */
ldi_action_fn ldi_builtin_abs, ldi_builtin_bin, ldi_builtin_divmod,
    ldi_builtin_hex, ldi_builtin_oct, ldi_builtin_pow, ldi_builtin_round,
    ldi_builtin_sum;
/* format.c */
ldi_action_fn ldi_builtin_format;

#endif /* LDI_ACTIONS_BUILTINS_H */
