/* SPDX-License-Identifier: MIT */
/*
 * ld/err.h - say once, where it happened, what went wrong.
 *
 * A function that can fail returns an enum ld_status and, as its last
 * parameter, takes a struct ld_err that the caller owns.  The function that
 * meets the failure fills it; functions above only pass it on, or put their
 * own context in front with ld_err_context().  Nothing in libld prints.
 */
#ifndef LD_ERR_H
#define LD_ERR_H

#include <stddef.h>

#include <ld/api.h>

/* clang-format off */
#define LD_STATUS_MAP(X)                                           \
	X(LD_OK,           0, "success")                           \
	X(LD_NOMEM,       -1, "out of memory")                     \
	X(LD_IO,          -2, "input or output failed")            \
	X(LD_SYNTAX,      -3, "malformed input")                   \
	X(LD_INVALID,     -4, "well formed, but not acceptable")   \
	X(LD_UNSUPPORTED, -5, "not in this build")                 \
	X(LD_CANCELED,    -6, "stopped on request")                \
	X(LD_TORN,        -7, "cannot be judged: the input is not whole")  \
	X(LD_REFUSED,     -8, "more than there is, or may be used")
/* clang-format on */

enum ld_status {
#define X(name, value, text) name = value,
	LD_STATUS_MAP(X)
#undef X
};

struct ld_err {
	enum ld_status status;
	unsigned line;   /* of the input, from 1; 0 = does not apply */
	unsigned column; /* in bytes, from 1; 0 = does not apply */
	char file[160];  /* name of the input as the user gave it; "" = none */
	char text[360];  /* one sentence, no newline, no full stop */
};

#define LD_ERR_INIT             \
	{                       \
		.status = LD_OK \
	}

/* Name of a status in words.  Static storage; never NULL. */
LD_API const char *ld_status_text(enum ld_status status);

/*
 * Fill *err and return `status`, so that a failing branch is one line:
 *
 *	return ld_err_set(err, LD_SYNTAX, "rate '%s' has no unit", s);
 *
 * A NULL err is allowed: the text is dropped, the status is still returned.
 * Text that does not fit is cut, never overrun.  Control characters in the
 * text are shown as \xNN, so that foreign input cannot drive a terminal.
 * Place (file, line, column) is cleared.
 */
LD_API enum ld_status ld_err_set(struct ld_err *err, enum ld_status status,
    const char *fmt, ...) LD_PRINTF(3, 4);

/* As ld_err_set() with ": " and strerror(errnum) behind the text. */
LD_API enum ld_status ld_err_errno(
    struct ld_err *err, int errnum, const char *fmt, ...) LD_PRINTF(3, 4);

/* Add the place of a failure that is already described. */
LD_API void ld_err_place(
    struct ld_err *err, const char *file, unsigned line, unsigned column);

/* Put "context: " in front of the text; returns err->status unchanged. */
LD_API enum ld_status ld_err_context(struct ld_err *err, const char *fmt, ...)
    LD_PRINTF(2, 3);

/*
 * The nearest of `n` names to `word` (Damerau-Levenshtein, at most a third of
 * its length away), or NULL: for "did you mean".  `stride` is the distance in
 * bytes from one `const char *` to the next, so that names inside an array of
 * structs can be searched in place.
 */
LD_API const char *ld_err_nearest(
    const char *word, const char *const *names, size_t n, size_t stride);

#endif /* LD_ERR_H */
