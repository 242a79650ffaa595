/* SPDX-License-Identifier: MIT */
/*
 * actions/python.h - values of JSON as Python writes them.
 *
 * The original is a Python program: the keys of its results, and what its
 * print, repr and format give, are Python's.  A character that Unicode has
 * not assigned is shown as it is, as we keep no table of them.
 */
#ifndef LDI_ACTIONS_PYTHON_H
#define LDI_ACTIONS_PYTHON_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/field.h>

enum ldi_python_flags {
	LDI_PYTHON_ASCII = 1 << 0, /* ascii(): nothing beyond ASCII */
	LDI_PYTHON_MASK = 1 << 1,  /* secrets become "***" */
	LDI_PYTHON_HIDE = 1 << 2,  /* all strings and numbers are secrets */
};

/* repr(): None, True, 'text', [1, 'a'], {'k': 2.0} */
void ldi_python_repr(struct ld_buf *out, struct ld_node value, unsigned flags);
/* str(): the same, but a string stands as it is. */
void ldi_python_str(struct ld_buf *out, struct ld_node value);
void ldi_python_repr_text(
    struct ld_buf *out, const char *text, size_t len, unsigned flags);
/* 1.0, 1e+16, 0.0001; finite. */
void ldi_python_repr_double(struct ld_buf *out, double value);

/*
 * JSON in one line.  An integer that not every reader of JSON has exactly
 * (beyond 2^53) becomes a string of its digits.  With `mask`, secrets become
 * "***": strings and numbers under a key that says so, and the `value` beside
 * a `name` that does, as recordings have headers and cookies.
 */
void ldi_python_json(struct ld_buf *out, struct ld_node value, bool mask);
/* Is it such an integer?  `text` is that of a JSON number. */
bool ldi_python_wide(const char *text, size_t len);

#endif /* LDI_ACTIONS_PYTHON_H */
