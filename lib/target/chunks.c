/* SPDX-License-Identifier: MIT */
/*
 * The framing is small, so one byte at a time decides it; content is moved in
 * runs.
 */
#include "config.h"

#include "target/request.h"

#include <string.h>

#include "base/http_text.h"

enum state {
	SIZE,
	EXTENSION,
	SIZE_LF,
	CONTENT,
	CONTENT_CR,
	CONTENT_LF,
	TRAILER_START,
	TRAILER,
	TRAILER_LF,
	END_LF,
};

/* One byte of a size line. */
static unsigned
size_byte(struct ldi_target_chunks *k, unsigned char c, size_t have)
{
	int digit = ldi_hex_value((char)c);

	if (digit >= 0) {
		if (++k->digits > 15)
			return 413;
		k->left = k->left * 16 + (unsigned)digit;
		return have + k->left > LDI_TARGET_MAX_BODY ? 413 : 0;
	}
	if (k->digits == 0)
		return 400;
	if (c == '\r')
		k->state = SIZE_LF;
	else if (c == ';' || c == ' ' || c == '\t')
		k->state = EXTENSION;
	else
		return 400;
	return 0;
}

/* One byte of an extension or a trailer, both of which are dropped. */
static unsigned
extra_byte(struct ldi_target_chunks *k, unsigned char c, unsigned after)
{
	if (c == '\r')
		k->state = after;
	else if ((c < ' ' && c != '\t') || c == 0x7f)
		return 400;
	return ++k->extra_len > LDI_TARGET_MAX_HEAD ? 431 : 0;
}

static unsigned
expect(struct ldi_target_chunks *k, unsigned char c, char want, unsigned next)
{
	k->state = next;
	return c == (unsigned char)want ? 0 : 400;
}

static unsigned
frame_byte(struct ldi_target_chunks *k, unsigned char c, size_t have)
{
	switch ((enum state)k->state) {
	case SIZE:
		return size_byte(k, c, have);
	case EXTENSION:
		return extra_byte(k, c, SIZE_LF);
	case SIZE_LF:
		return expect(
		    k, c, '\n', k->left > 0 ? CONTENT : TRAILER_START);
	case CONTENT_CR:
		return expect(k, c, '\r', CONTENT_LF);
	case CONTENT_LF:
		k->digits = 0;
		return expect(k, c, '\n', SIZE);
	case TRAILER_START:
		k->state = TRAILER;
		if (c == '\r') {
			k->state = END_LF;
			return 0;
		}
		return extra_byte(k, c, TRAILER_LF);
	case TRAILER:
		return extra_byte(k, c, TRAILER_LF);
	case TRAILER_LF:
		return expect(k, c, '\n', TRAILER_START);
	case CONTENT:
	case END_LF:
		break;
	}
	return 400;
}

unsigned
ldi_target_chunks_decode(struct ldi_target_chunks *k, char *data, size_t len,
    size_t have, size_t *len_out, size_t *used_out)
{
	size_t r = 0, w = 0;
	unsigned status = LDI_TARGET_MORE;

	while (r < len) {
		if (k->state == CONTENT) {
			size_t n =
			    len - r < k->left ? len - r : (size_t)k->left;

			memmove(data + w, data + r, n);
			r += n;
			w += n;
			k->left -= n;
			if (k->left == 0)
				k->state = CONTENT_CR;
			continue;
		}
		if (k->state == END_LF) {
			status = data[r++] == '\n' ? 0 : 400;
			break;
		}
		status = frame_byte(k, (unsigned char)data[r++], have + w);
		if (status != 0)
			break;
		status = LDI_TARGET_MORE;
	}
	*len_out = w;
	*used_out = r;
	return status;
}
