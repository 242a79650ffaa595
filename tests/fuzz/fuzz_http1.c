/* SPDX-License-Identifier: MIT */
/*
 * The HTTP/1 reader and its decoders: whatever comes, where a piece ends must
 * not change the result.  The first byte is the mode, the second the seed of
 * the splits, the rest the answer.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/response.h"
#include "http/coding.h"

#include "fuzz.h"

enum mode {
	TO_HEAD = 1 << 0,
	KEEP_HEAD = 1 << 1,
	KEEP_BODY = 1 << 2,
	ENDS = 1 << 3,
	RESETS = 1 << 4,
};

struct result {
	struct ldi_response answer;
	struct ld_buf kept, head, body;
	size_t surplus;
};

static struct ld_buf *
give_kept(void *ctx)
{
	struct result *r = ctx;

	require(r->kept.max == 0); /* asked for once */
	ld_buf_init(&r->kept, LDI_RESPONSE_MAX_KEPT);
	return &r->kept;
}

static void
take(struct result *r)
{
	const char *text;
	size_t len;

	if (r->answer.state != LDI_RESPONSE_DONE)
		return;
	if (r->answer.keep_head) {
		text = ldi_response_head(&r->answer, &len);
		ld_buf_add(&r->head, text, len);
	}
	text = ldi_response_body(&r->answer, &len);
	ld_buf_add(&r->body, text, len);
	require(len == (r->answer.keep_body ? r->answer.body_len : 0));
}

/* Length of the next piece: all, one byte, or by chance. */
static size_t
next_piece(size_t left, unsigned how, uint32_t *seed)
{
	size_t n;

	if (how == 0)
		return left;
	if (how == 1)
		return 1;
	*seed = *seed * 1664525 + 1013904223;
	n = 1 + (*seed >> 24) % (*seed & 1 ? 8 : 200);
	return n < left ? n : left;
}

static void
feed(struct result *r, const uint8_t *data, size_t size, unsigned how)
{
	uint32_t seed = data[1];
	unsigned mode = data[0];
	size_t pos = 2;

	memset(r, 0, sizeof(*r));
	ld_buf_init(&r->head, LDI_RESPONSE_MAX_KEPT);
	ld_buf_init(&r->body, LDI_RESPONSE_MAX_KEPT);
	r->answer.buffer = give_kept;
	r->answer.ctx = r;
	r->answer.to_head = (mode & TO_HEAD) != 0;
	r->answer.keep_head = (mode & KEEP_HEAD) != 0;
	r->answer.keep_body = (mode & KEEP_BODY) != 0;
	ldi_response_begin(&r->answer);
	while (pos < size && r->answer.state < LDI_RESPONSE_DONE) {
		size_t n = next_piece(size - pos, how, &seed), used;
		char *piece = malloc(n);

		require(piece != NULL);
		memcpy(piece, data + pos, n);
		ldi_response_feed(&r->answer, piece, n, &used);
		require(used <= n);
		require(used == n || r->answer.state >= LDI_RESPONSE_DONE);
		pos += used;
		if (r->answer.state == LDI_RESPONSE_DONE) {
			r->surplus = size - pos;
			take(r);
			free(piece);
			return;
		}
		free(piece);
	}
	if ((mode & ENDS) && r->answer.state < LDI_RESPONSE_DONE) {
		ldi_response_eof(
		    &r->answer, mode & RESETS ? LD_CLASS_RESET : LD_CLASS_NONE);
		require(r->answer.state >= LDI_RESPONSE_DONE);
		take(r);
	}
}

static void
same_bytes(const struct ld_buf *a, const struct ld_buf *b)
{
	require(!a->failed && !b->failed && a->len == b->len);
	require(a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static void
compare(const struct result *a, const struct result *b)
{
	require(a->answer.state == b->answer.state);
	require(a->answer.cls == b->answer.cls);
	require(a->answer.text == b->answer.text);
	require(a->answer.keep_alive == b->answer.keep_alive);
	require(a->answer.head_len == b->answer.head_len);
	if (a->answer.state != LDI_RESPONSE_DONE)
		return;
	require(a->surplus == b->surplus);
	require(a->answer.status == b->answer.status);
	require(a->answer.coding == b->answer.coding);
	require(a->answer.body_len == b->answer.body_len);
	same_bytes(&a->head, &b->head);
	same_bytes(&a->body, &b->body);
}

static void
clear(struct result *r)
{
	ld_buf_clear(&r->kept);
	ld_buf_clear(&r->head);
	ld_buf_clear(&r->body);
}

static void
decode(const struct result *r)
{
	static struct ldi_coding_decoder decoder;
	const char *why;
	enum ld_class cls;

	if (decoder.out.max == 0)
		ldi_coding_init(&decoder);
	cls = ldi_coding_undo(
	    &decoder, r->answer.coding, r->body.data, r->body.len, &why);
	require((cls == LD_CLASS_NONE) == (why == NULL));
	require(decoder.out.len <= LD_MAX_DECODED_BYTES);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct result whole, split;

	if (size < 2)
		return 0;
	feed(&whole, data, size, 0);
	for (unsigned how = 1; how <= 2; how++) {
		feed(&split, data, size, how);
		compare(&whole, &split);
		clear(&split);
	}
	if (whole.answer.state == LDI_RESPONSE_DONE &&
	    whole.answer.coding != LDI_CODING_IDENTITY)
		decode(&whole);
	clear(&whole);
	return 0;
}
