/* SPDX-License-Identifier: MIT */
/*
 * ld/buf.h - bytes that grow up to a stated ceiling.
 *
 * Every buffer that input can grow has a ceiling, given at init (the common
 * ones stand in ld/limits.h).  Appending to a full buffer, or without memory,
 * sets `failed` and appends nothing; later appends do nothing either, so a
 * writer may append many times and look once, with ld_buf_status().
 *
 * Ownership   the bytes belong to the buffer until ld_buf_take().
 * Threads     none.
 */
#ifndef LD_BUF_H
#define LD_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ld/api.h>
#include <ld/err.h>

struct ld_buf {
	char *data; /* NULL while nothing was appended; not terminated */
	size_t len;
	size_t cap;
	size_t max;  /* ceiling in bytes */
	bool failed; /* an append was refused */
};

/* An empty buffer that will never hold more than `max` bytes. */
LD_API void ld_buf_init(struct ld_buf *buf, size_t max);

/* Free the bytes; the buffer is as after ld_buf_init() with its old max. */
LD_API void ld_buf_clear(struct ld_buf *buf);

/* Forget the content and the failure, keep the memory. */
LD_API void ld_buf_reset(struct ld_buf *buf);

/* Make room for `more` bytes behind the content: an append that fits in it
 * cannot fail and does not allocate. */
LD_API enum ld_status ld_buf_reserve(struct ld_buf *buf, size_t more);

/* The slow half of an append: false, and `failed`, when there is no room. */
LD_API bool ld_buf_grow(struct ld_buf *buf, size_t more);

/* Appends are inline, for they are what formatting a record consists of. */
static inline void
ld_buf_add(struct ld_buf *buf, const void *data, size_t len)
{
	if (buf->failed || len >= buf->cap - buf->len) {
		if (len == 0 || !ld_buf_grow(buf, len))
			return;
	}
	if (len > 0) /* memcpy() takes no NULL, not even for no bytes */
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
}

static inline void
ld_buf_adds(struct ld_buf *buf, const char *text)
{
	ld_buf_add(buf, text, strlen(text));
}

static inline void
ld_buf_addc(struct ld_buf *buf, char c)
{
	if ((buf->failed || buf->len == buf->cap) && !ld_buf_grow(buf, 1))
		return;
	buf->data[buf->len++] = c;
}

LD_API void ld_buf_add_u64(struct ld_buf *buf, uint64_t value);
LD_API void ld_buf_add_i64(struct ld_buf *buf, int64_t value);
LD_API void ld_buf_addf(struct ld_buf *buf, const char *fmt, ...)
    LD_PRINTF(2, 3);
LD_API void ld_buf_addv(struct ld_buf *buf, const char *fmt, va_list args)
    LD_PRINTF(2, 0);

/* Remove `len` bytes (at most all) from the front. */
LD_API void ld_buf_drop(struct ld_buf *buf, size_t len);

/* The content as a C string (a NUL is put behind it, not counted), or NULL
 * when it failed.  Valid until the next call on the buffer. */
LD_API const char *ld_buf_str(struct ld_buf *buf);

/* Hand the bytes, NUL-terminated, to the caller, who frees them with free().
 * NULL when the buffer failed or memory is short.  The buffer is then empty. */
LD_API char *ld_buf_take(struct ld_buf *buf, size_t *len_out);

/* LD_OK, or LD_NOMEM with `what` and the ceiling in the text. */
LD_API enum ld_status ld_buf_status(
    const struct ld_buf *buf, const char *what, struct ld_err *err);

#endif /* LD_BUF_H */
