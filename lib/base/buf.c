/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <ld/buf.h>

/* The smallest block; below it malloc's own overhead would dominate. */
#define FIRST_CAP 64

void
ld_buf_init(struct ld_buf *buf, size_t max)
{
	/* One byte is always kept for a NUL, and doubling must not wrap. */
	if (max > SIZE_MAX / 4)
		max = SIZE_MAX / 4;
	*buf = (struct ld_buf){ .max = max };
}

void
ld_buf_clear(struct ld_buf *buf)
{
	free(buf->data);
	ld_buf_init(buf, buf->max);
}

void
ld_buf_reset(struct ld_buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

bool
ld_buf_grow(struct ld_buf *buf, size_t more)
{
	size_t cap = buf->cap * 2;
	char *data;

	if (buf->failed)
		return false;
	if (more <= buf->cap - buf->len && buf->data != NULL)
		return true;
	if (more > buf->max - buf->len)
		goto fail;
	if (cap < FIRST_CAP)
		cap = FIRST_CAP;
	if (cap < buf->len + more)
		cap = buf->len + more;
	if (cap > buf->max)
		cap = buf->max;
	data = realloc(buf->data, cap + 1);
	if (data == NULL)
		goto fail;
	buf->data = data;
	buf->cap = cap;
	return true;
fail:
	buf->failed = true;
	return false;
}

enum ld_status
ld_buf_reserve(struct ld_buf *buf, size_t more)
{
	return ld_buf_grow(buf, more) ? LD_OK : LD_NOMEM;
}

/* Two digits at a time: half the divisions of the obvious loop. */
static const char pairs[] = "00010203040506070809"
			    "10111213141516171819"
			    "20212223242526272829"
			    "30313233343536373839"
			    "40414243444546474849"
			    "50515253545556575859"
			    "60616263646566676869"
			    "70717273747576777879"
			    "80818283848586878889"
			    "90919293949596979899";

#define U64_DIGITS 20

static size_t
format_u64(char digits[U64_DIGITS], uint64_t value)
{
	char *at = digits + U64_DIGITS;

	while (value >= 100) {
		at -= 2;
		memcpy(at, pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (value >= 10) {
		at -= 2;
		memcpy(at, pairs + value * 2, 2);
	} else {
		*--at = (char)('0' + value);
	}
	return (size_t)(at - digits);
}

void
ld_buf_add_u64(struct ld_buf *buf, uint64_t value)
{
	char digits[U64_DIGITS];
	size_t from = format_u64(digits, value);

	ld_buf_add(buf, digits + from, U64_DIGITS - from);
}

void
ld_buf_add_i64(struct ld_buf *buf, int64_t value)
{
	char digits[1 + U64_DIGITS];
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t from = 1 + format_u64(digits + 1, size);

	if (value < 0)
		digits[--from] = '-';
	ld_buf_add(buf, digits + from, sizeof(digits) - from);
}

void
ld_buf_addv(struct ld_buf *buf, const char *fmt, va_list args)
{
	va_list again;
	size_t room = buf->data == NULL ? 0 : buf->cap - buf->len + 1;
	int n;

	if (buf->failed)
		return;
	va_copy(again, args);
	n = vsnprintf(room == 0 ? NULL : buf->data + buf->len, room, fmt, args);
	if (n < 0) {
		buf->failed = true;
	} else if ((size_t)n < room) {
		buf->len += (size_t)n;
	} else if (ld_buf_grow(buf, (size_t)n)) {
		vsnprintf(buf->data + buf->len, (size_t)n + 1, fmt, again);
		buf->len += (size_t)n;
	}
	va_end(again);
}

void
ld_buf_addf(struct ld_buf *buf, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ld_buf_addv(buf, fmt, args);
	va_end(args);
}

void
ld_buf_drop(struct ld_buf *buf, size_t len)
{
	if (len >= buf->len) {
		buf->len = 0;
		return;
	}
	if (len == 0)
		return;
	buf->len -= len;
	memmove(buf->data, buf->data + len, buf->len);
}

const char *
ld_buf_str(struct ld_buf *buf)
{
	if (buf->failed)
		return NULL;
	if (buf->data == NULL)
		return "";
	buf->data[buf->len] = '\0';
	return buf->data;
}

char *
ld_buf_take(struct ld_buf *buf, size_t *len_out)
{
	char *data = NULL;
	size_t len = buf->len;

	if (!buf->failed && (buf->data != NULL || ld_buf_grow(buf, 0))) {
		data = buf->data;
		data[len] = '\0';
		buf->data = NULL;
		if (len_out != NULL)
			*len_out = len;
	}
	ld_buf_clear(buf);
	return data;
}

enum ld_status
ld_buf_status(const struct ld_buf *buf, const char *what, struct ld_err *err)
{
	if (!buf->failed)
		return LD_OK;
	return ld_err_set(err, LD_NOMEM,
	    "%s: no memory for more than %zu bytes (the limit is %zu)", what,
	    buf->len, buf->max);
}
