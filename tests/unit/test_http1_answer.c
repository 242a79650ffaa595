/* SPDX-License-Identifier: MIT */
/* The HTTP/1 reader: results, and that splits cannot change them. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/response.h"

#define DONE LD_CLASS_NONE

enum mode { PLAIN = 0, TO_HEAD = 1, EOF_AT_END = 2, MORE = 4 };

struct expected {
	const char *title;
	const char *text;
	unsigned mode; /* enum mode; MORE: the answer is not whole yet */
	enum ld_class cls;
	int status;
	const char *body; /* NULL = not looked at */
	size_t surplus;
	bool keep_alive;
};

#define OK11 "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK11 "Transfer-Encoding: chunked\r\n\r\n"

/* clang-format off */
static const struct expected cases[] = {
	/* what servers send */
	{ "length", OK11 "Content-Length: 5\r\n\r\nhello", 0, DONE, 200, "hello", 0, true },
	{ "length 0", OK11 "Content-Length: 0\r\n\r\n", 0, DONE, 200, "", 0, true },
	{ "no reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 0, DONE, 200, "", 0, true },
	{ "empty reason", "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", 0, DONE, 404, "", 0, true },
	{ "LF alone in the head", "HTTP/1.1 200 OK\nContent-Length: 1\n\nx", 0, DONE, 200, "x", 0, true },
	{ "status over 599", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", 0, DONE, 999, "", 0, true },
	{ "higher minor", "HTTP/1.9 200 OK\r\nContent-Length: 0\r\n\r\n", 0, DONE, 200, "", 0, true },
	{ "no blank behind the colon", OK11 "content-length:2\r\n\r\nab", 0, DONE, 200, "ab", 0, true },
	{ "tabs around a value", OK11 "Content-Length: \t2 \t\r\n\r\nab", 0, DONE, 200, "ab", 0, true },
	{ "empty value", OK11 "X-Empty:\r\nContent-Length: 0\r\n\r\n", 0, DONE, 200, "", 0, true },
	{ "bytes over 127 in a value", OK11 "X-Name: \xc3\xa4\xff\r\nContent-Length: 0\r\n\r\n", 0, DONE, 200, "", 0, true },
	{ "equal lengths twice", OK11 "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", 0, DONE, 200, "ab", 0, true },
	{ "equal lengths in a list", OK11 "Content-Length: 2, 2\r\n\r\nab", 0, DONE, 200, "ab", 0, true },
	{ "until the end", OK11 "\r\nto the end", EOF_AT_END, DONE, 200, "to the end", 0, false },
	{ "until the end, nothing", OK11 "\r\n", EOF_AT_END, DONE, 200, "", 0, false },
	{ "1.0 closes", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 0, DONE, 200, "x", 0, false },
	{ "1.0 kept", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx", 0, DONE, 200, "x", 0, true },
	{ "1.1 closes", OK11 "Connection: foo, Close\r\nContent-Length: 1\r\n\r\nx", 0, DONE, 200, "x", 0, false },
	{ "close wins", OK11 "Connection: keep-alive\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", 0, DONE, 200, "x", 0, false },
	{ "HEAD with a length", OK11 "Content-Length: 500\r\n\r\n", TO_HEAD, DONE, 200, "", 0, true },
	{ "HEAD with chunked", CHUNKED, TO_HEAD, DONE, 200, "", 0, true },
	{ "HEAD with a huge length", OK11 "Content-Length: 99999999999\r\n\r\n", TO_HEAD, DONE, 200, "", 0, true },
	{ "204", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 0, DONE, 204, "", 0, true },
	{ "304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 0, DONE, 304, "", 0, true },
	{ "chunks", CHUNKED "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 0, DONE, 200, "hello world", 0, true },
	{ "no chunk", CHUNKED "0\r\n\r\n", 0, DONE, 200, "", 0, true },
	{ "hex sizes", CHUNKED "00A\r\n0123456789\r\n000\r\n\r\n", 0, DONE, 200, "0123456789", 0, true },
	{ "extensions", CHUNKED "1;a=b;c=\"d\"\r\nx\r\n0;z\r\n\r\n", 0, DONE, 200, "x", 0, true },
	{ "blanks behind a size", CHUNKED "1 \t\r\nx\r\n0 ;z\r\n\r\n", 0, DONE, 200, "x", 0, true },
	{ "trailers", CHUNKED "1\r\nx\r\n0\r\nX-Sum: 1\r\nX-B:\r\n\r\n", 0, DONE, 200, "x", 0, true },
	{ "chunked in capitals", OK11 "TRANSFER-ENCODING: CHUNKED\r\n\r\n0\r\n\r\n", 0, DONE, 200, "", 0, true },
	{ "100 first", "HTTP/1.1 100 Continue\r\n\r\n" OK11 "Content-Length: 1\r\n\r\nx", 0, DONE, 200, "x", 0, true },
	{ "103 with fields first", "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\nConnection: close\r\n\r\nHTTP/1.1 102 P\r\n\r\n" OK11 "Content-Length: 1\r\n\r\nx", 0, DONE, 200, "x", 0, true },
	/* more than the answer */
	{ "double", OK11 "Content-Length: 1\r\n\r\nxHTTP/1.1", 0, DONE, 200, "x", 8, true },
	{ "HEAD with a body", OK11 "Content-Length: 3\r\n\r\nabc", TO_HEAD, DONE, 200, "", 3, true },
	{ "204 with a body", "HTTP/1.1 204 No\r\n\r\nabc", 0, DONE, 204, "", 3, true },
	{ "behind the last chunk", CHUNKED "0\r\n\r\n\r\n", 0, DONE, 200, "", 2, true },
	/* not HTTP/1 */
	{ "nothing", "", EOF_AT_END, LD_CLASS_CLOSED_EARLY, -1, NULL, 0, false },
	{ "ssh", "SSH-2.0-OpenSSH_9.6\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "one wrong byte", "X", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "no minor", "HTTP/1. 200 OK\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "lower case", "http/1.1 200 OK\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "empty line first", "\r\n" OK11 "\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "two digits", "HTTP/1.1 20 OK\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "four digits", "HTTP/1.1 2000 OK\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "status 0xx", "HTTP/1.1 099 OK\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "negative status", "HTTP/1.1 -20 OK\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "two blanks", "HTTP/1.1  200 OK\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "control in the reason", "HTTP/1.1 200 O\x01K\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	/* header lines */
	{ "folded", OK11 "A: b\r\n c\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "folded first", OK11 " A: b\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "no colon", OK11 "Abc\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "no name", OK11 ": b\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "blank in front of the colon", OK11 "Content-Length : 0\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "CR in a value", OK11 "A: b\rc\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "DEL in a value", OK11 "A: aaaaaaaaaaaa\x7f\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "byte over 127 in a name", OK11 "\xc3: b\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	/* lengths */
	{ "length no number", OK11 "Content-Length: x\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "length empty", OK11 "Content-Length:\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "length negative", OK11 "Content-Length: -1\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "length with a sign", OK11 "Content-Length: +1\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "length hex", OK11 "Content-Length: 0x1\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "length over 2^63", OK11 "Content-Length: 9223372036854775808\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "length over 2^64", OK11 "Content-Length: 18446744073709551617\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "two lengths", OK11 "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "two lengths in a list", OK11 "Content-Length: 1, 2\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "list with a gap", OK11 "Content-Length: 1,\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "length over the limit", OK11 "Content-Length: 67108865\r\n\r\n", 0, LD_CLASS_BODY_TOO_LARGE, 200, NULL, 0, false },
	{ "length at the end of the header only", OK11 "Content-Length: 5\r\n\r\nhell", EOF_AT_END, LD_CLASS_TRUNCATED, 200, NULL, 0, false },
	/* codings */
	{ "length and chunked", OK11 "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "chunked twice", OK11 "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "gzip, chunked", OK11 "Transfer-Encoding: gzip, chunked\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "identity", OK11 "Transfer-Encoding: identity\r\n\r\n", 0, LD_CLASS_PROTOCOL, -1, NULL, 0, false },
	{ "chunked in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	/* chunks */
	{ "size empty", CHUNKED "\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "size no hex", CHUNKED "g\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "size negative", CHUNKED "-1\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "size 0x1", CHUNKED "0x1\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "size in two parts", CHUNKED "1 1\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "size of 17 digits", CHUNKED "00000000000000001\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "size huge", CHUNKED "ffffffffffffffff\r\n", 0, LD_CLASS_BODY_TOO_LARGE, 200, NULL, 0, false },
	{ "size ends in LF", CHUNKED "1\nx", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "size with CR inside", CHUNKED "1\rx", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "LF in an extension", CHUNKED "1;a\nx", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "chunk too long", CHUNKED "1\r\nxy\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "chunk ends in LF", CHUNKED "1\r\nx\n0\r\n\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "no last chunk", CHUNKED "1\r\nx\r\n", EOF_AT_END, LD_CLASS_TRUNCATED, 200, NULL, 0, false },
	{ "cut behind the last chunk", CHUNKED "1\r\nx\r\n0\r\n", EOF_AT_END, LD_CLASS_TRUNCATED, 200, NULL, 0, false },
	{ "trailer without a name", CHUNKED "0\r\n: x\r\n\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "trailer folded", CHUNKED "0\r\nA: b\r\n c\r\n\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "trailer without a colon", CHUNKED "0\r\nabc\r\n\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	{ "trailer with LF alone", CHUNKED "0\r\nA: b\n\r\n", 0, LD_CLASS_PROTOCOL, 200, NULL, 0, false },
	/* interim answers */
	{ "101 unasked", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", 0, LD_CLASS_PROTOCOL, 101, NULL, 0, false },
	{ "100 and the end", "HTTP/1.1 100 Continue\r\n\r\n", EOF_AT_END, LD_CLASS_TRUNCATED, -1, NULL, 0, false },
	/* not whole */
	{ "half a prefix", "HTT", EOF_AT_END, LD_CLASS_TRUNCATED, -1, NULL, 0, false },
	{ "half a status line", "HTTP/1.1 200 O", EOF_AT_END, LD_CLASS_TRUNCATED, -1, NULL, 0, false },
	{ "half a head", OK11 "Content-", EOF_AT_END, LD_CLASS_TRUNCATED, -1, NULL, 0, false },
	{ "waits for more", OK11 "Content-Length: 5\r\n\r\nhel", MORE, DONE, 200, NULL, 0, false },
};
/* clang-format on */
#define N_CASES (sizeof(cases) / sizeof(cases[0]))

/* What came out of one feeding, in our own memory. */
struct result {
	enum ldi_response_state state;
	enum ld_class cls;
	int status;
	bool keep_alive;
	size_t surplus;
	char *head, *body;
	size_t head_len, body_len;
	uint64_t counted;
};

static struct ld_buf kept;

static struct ld_buf *
give_kept(void *ctx)
{
	(void)ctx;
	ld_buf_clear(&kept);
	ld_buf_init(&kept, LDI_RESPONSE_MAX_KEPT);
	return &kept;
}

static char *
copy(const char *text, size_t len)
{
	char *mine = malloc(len + 1);

	assert_non_null(mine);
	if (len > 0)
		memcpy(mine, text, len);
	mine[len] = '\0';
	return mine;
}

static void
take(const struct ldi_response *a, struct result *r)
{
	const char *text;

	r->state = a->state;
	r->cls = a->cls;
	r->status =
	    a->head_len > 0 || a->cls == LD_CLASS_PROTOCOL ? a->status : -1;
	r->keep_alive = a->keep_alive;
	r->counted = a->body_len;
	if (a->state != LDI_RESPONSE_DONE)
		return;
	text = ldi_response_body(a, &r->body_len);
	r->body = copy(text, r->body_len);
	if (a->keep_head) {
		text = ldi_response_head(a, &r->head_len);
		r->head = copy(text, r->head_len);
	}
}

/* Feed in pieces of their own memory, so that a view kept too long is seen by
 * the sanitizer: cut at a and b, or every byte alone when a is SIZE_MAX. */
static struct result
feed(const char *text, size_t len, unsigned mode, size_t a, size_t b)
{
	struct ldi_response answer = { .buffer = give_kept,
		.to_head = (mode & TO_HEAD) != 0,
		.keep_head = true,
		.keep_body = true };
	struct result r = { 0 };
	size_t pos = 0;

	ldi_response_begin(&answer);
	while (pos < len && answer.state < LDI_RESPONSE_DONE) {
		size_t end = a == SIZE_MAX ? pos + 1
			     : pos < a     ? a
			     : pos < b     ? b
					   : len;
		char *piece = copy(text + pos, end - pos);
		size_t used;

		ldi_response_feed(&answer, piece, end - pos, &used);
		assert_true(used <= end - pos);
		if (answer.state < LDI_RESPONSE_DONE)
			assert_int_equal(used, end - pos);
		pos += answer.state == LDI_RESPONSE_DONE ? used : end - pos;
		if (answer.state == LDI_RESPONSE_DONE) {
			r.surplus = len - pos;
			take(&answer, &r);
		}
		free(piece);
	}
	if (mode & EOF_AT_END)
		ldi_response_eof(&answer, LD_CLASS_NONE);
	if (r.body == NULL)
		take(&answer, &r);
	return r;
}

static void
drop(struct result *r)
{
	free(r->head);
	free(r->body);
}

static void
same(const struct result *a, const struct result *b, const char *title)
{
	if (a->state != b->state || a->cls != b->cls ||
	    a->surplus != b->surplus || a->keep_alive != b->keep_alive ||
	    a->body_len != b->body_len || a->head_len != b->head_len)
		fail_msg("%s: another result when split", title);
	if (a->state == LDI_RESPONSE_DONE) {
		assert_int_equal(a->status, b->status);
		assert_memory_equal(a->body, b->body, a->body_len);
		assert_memory_equal(a->head, b->head, a->head_len);
		assert_int_equal(a->counted, b->counted);
	}
}

static void
check(const struct expected *e)
{
	struct result r = feed(e->text, strlen(e->text), e->mode, 0, 0);
	enum ldi_response_state want =
	    e->cls == DONE ? LDI_RESPONSE_DONE : LDI_RESPONSE_BROKEN;

	if (e->mode & MORE) {
		assert_true(r.state < LDI_RESPONSE_DONE);
		drop(&r);
		return;
	}
	if (r.state != want || r.cls != e->cls)
		fail_msg("%s: state %d, class %d instead of %d", e->title,
		    (int)r.state, (int)r.cls, (int)e->cls);
	if (e->status >= 0 && r.status != e->status)
		fail_msg("%s: status %d", e->title, r.status);
	if (e->cls == DONE) {
		if (r.surplus != e->surplus || r.keep_alive != e->keep_alive)
			fail_msg("%s: surplus %zu, keep %d", e->title,
			    r.surplus, r.keep_alive);
		assert_int_equal(r.body_len, strlen(e->body));
		assert_memory_equal(r.body, e->body, r.body_len);
	}
	drop(&r);
}

static void
answers_are_read_as_the_rfc_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CASES; i++)
		check(&cases[i]);
}

static void
splits_do_not_change_a_result(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CASES; i++) {
		const struct expected *e = &cases[i];
		size_t len = strlen(e->text);
		struct result whole = feed(e->text, len, e->mode, 0, 0);

		for (size_t a = 0; a <= len; a++)
			for (size_t b = a; b <= len; b += 1 + len / 32) {
				struct result r =
				    feed(e->text, len, e->mode, a, b);

				same(&whole, &r, e->title);
				drop(&r);
			}
		struct result r = feed(e->text, len, e->mode, SIZE_MAX, 0);

		same(&whole, &r, e->title);
		drop(&r);
		drop(&whole);
	}
}

static void
cut_at_any_byte_is_truncated(void **state)
{
	static const char *const texts[] = {
		OK11 "Server: x\r\nContent-Length: 11\r\n\r\nhello world",
		CHUNKED "5\r\nhello\r\n6;x\r\n world\r\n0\r\nA: b\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (size_t n = 0; n < strlen(texts[i]); n++) {
			struct result r =
			    feed(texts[i], n, EOF_AT_END, n / 2, n);

			assert_int_equal(r.state, LDI_RESPONSE_BROKEN);
			assert_int_equal(r.cls, n == 0 ? LD_CLASS_CLOSED_EARLY
						       : LD_CLASS_TRUNCATED);
			drop(&r);
		}
}

static void
a_reset_in_the_middle_is_the_transports_class(void **state)
{
	struct ldi_response a = { .buffer = give_kept };
	size_t used;

	(void)state;
	ldi_response_begin(&a);
	ldi_response_feed(&a, OK11 "\r\nbody", strlen(OK11) + 6, &used);
	ldi_response_eof(&a, LD_CLASS_RESET);
	assert_int_equal(a.state, LDI_RESPONSE_BROKEN);
	assert_int_equal(a.cls, LD_CLASS_RESET);
}

static void
nothing_is_copied_when_it_comes_in_one_piece(void **state)
{
	static const char text[] =
	    OK11 "Server: x\r\nContent-Length: 5\r\n\r\nhello";
	struct ldi_response a = { .keep_head = true, .keep_body = true };
	size_t used, len;

	(void)state;
	ldi_response_begin(&a); /* has no buffer function: it would crash */
	ldi_response_feed(&a, text, sizeof(text) - 1, &used);
	assert_int_equal(a.state, LDI_RESPONSE_DONE);
	assert_ptr_equal(ldi_response_head(&a, &len), text);
	assert_ptr_equal(ldi_response_body(&a, &len), text + sizeof(text) - 6);
	assert_int_equal(len, 5);
}

static void
a_body_that_nobody_needs_is_only_counted(void **state)
{
	static const char head[] = OK11 "Content-Length: 30000000\r\n\r\n";
	struct ldi_response a = { .buffer = NULL };
	static char block[50000];
	size_t used;

	(void)state;
	ldi_response_begin(&a);
	ldi_response_feed(&a, head, sizeof(head) - 1, &used);
	for (int i = 0; i < 600; i++) {
		assert_int_equal(a.state, LDI_RESPONSE_LENGTH);
		ldi_response_feed(&a, block, sizeof(block), &used);
	}
	assert_int_equal(a.state, LDI_RESPONSE_DONE);
	assert_int_equal(a.body_len, 30000000);
}

/* Feed `text` n times; the class at the end. */
static enum ld_class
flood(const char *head, const char *text, size_t n, bool keep_body)
{
	struct ldi_response a = { .buffer = give_kept, .keep_body = keep_body };
	size_t used;

	ldi_response_begin(&a);
	ldi_response_feed(&a, head, strlen(head), &used);
	for (size_t i = 0; i < n && a.state < LDI_RESPONSE_DONE; i++)
		ldi_response_feed(&a, text, strlen(text), &used);
	return a.state == LDI_RESPONSE_BROKEN ? a.cls : LD_CLASS_NONE;
}

static void
what_has_no_end_meets_a_limit(void **state)
{
	static char big[(1 << 20) + 1];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	assert_int_equal(
	    flood(OK11, "A: b\r\n", 1001, false), LD_CLASS_HEADER_TOO_LARGE);
	assert_int_equal(flood(OK11, "A: b\r\n", 900, false), LD_CLASS_NONE);
	assert_int_equal(flood(OK11 "A: ", "0123456789012345", 1 << 15, false),
	    LD_CLASS_HEADER_TOO_LARGE);
	assert_int_equal(
	    flood("", "HTTP/1.1 100 C\r\n\r\n", 17, false), LD_CLASS_PROTOCOL);
	assert_int_equal(
	    flood("", "HTTP/1.1 100 C\r\n\r\n", 16, false), LD_CLASS_NONE);
	assert_int_equal(flood(CHUNKED "1;", "extension", 1 << 12, false),
	    LD_CLASS_PROTOCOL);
	assert_int_equal(
	    flood(CHUNKED, "1;a\r\nx\r\n", 1 << 15, false), LD_CLASS_PROTOCOL);
	assert_int_equal(flood(CHUNKED "0\r\n", "A: b\r\n", 1001, false),
	    LD_CLASS_HEADER_TOO_LARGE);
	assert_int_equal(
	    flood(CHUNKED "0\r\nA: ", "0123456789abcdef", 1 << 15, false),
	    LD_CLASS_HEADER_TOO_LARGE);
	assert_int_equal(
	    flood(OK11 "\r\n", big, 65, false), LD_CLASS_BODY_TOO_LARGE);
	assert_int_equal(flood(OK11 "\r\n", big, 64, false), LD_CLASS_NONE);
	assert_int_equal(
	    flood(OK11 "\r\n", big, 17, true), LD_CLASS_BODY_TOO_LARGE);
	assert_int_equal(flood(OK11 "\r\n", big, 16, true), LD_CLASS_NONE);
	ld_buf_clear(&kept);
}

static void
fields_are_found_in_any_case_and_in_order(void **state)
{
	static const char head[] = OK11 "Set-Cookie: a=1\r\nETag:\"x\" \r\n"
					"X: y\nset-cookie:b=2\r\n\r\n";
	size_t pos = 0, len;
	const char *v;

	(void)state;
	v = ldi_response_field(
	    head, sizeof(head) - 1, "SET-COOKIE", &pos, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(v, "a=1", 3);
	v = ldi_response_field(
	    head, sizeof(head) - 1, "SET-COOKIE", &pos, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(v, "b=2", 3);
	v = ldi_response_field(
	    head, sizeof(head) - 1, "SET-COOKIE", &pos, &len);
	assert_null(v);
	pos = 0;
	v = ldi_response_field(head, sizeof(head) - 1, "etag", &pos, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(v, "\"x\"", 3);
	pos = 0;
	v = ldi_response_field(head, sizeof(head) - 1, "x", &pos, &len);
	assert_int_equal(len, 1);
	pos = 0;
	assert_null(
	    ldi_response_field(head, sizeof(head) - 1, "ta", &pos, &len));
}

static enum ldi_coding
coding_of(const char *fields)
{
	struct ldi_response a = { .to_head = true };
	char text[256];
	size_t used;
	int n = snprintf(text, sizeof(text), OK11 "%s\r\n", fields);

	ldi_response_begin(&a);
	ldi_response_feed(&a, text, (size_t)n, &used);
	assert_int_equal(a.state, LDI_RESPONSE_DONE);
	return a.coding;
}

static void
content_codings_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(coding_of(""), LDI_CODING_IDENTITY);
	assert_int_equal(
	    coding_of("Content-Encoding: identity\r\n"), LDI_CODING_IDENTITY);
	assert_int_equal(
	    coding_of("Content-Encoding: GZip\r\n"), LDI_CODING_GZIP);
	assert_int_equal(
	    coding_of("Content-Encoding: x-gzip\r\n"), LDI_CODING_GZIP);
	assert_int_equal(
	    coding_of("Content-Encoding: deflate\r\n"), LDI_CODING_DEFLATE);
	assert_int_equal(coding_of("Content-Encoding: br\r\n"), LDI_CODING_BR);
	assert_int_equal(
	    coding_of("Content-Encoding: zstd\r\n"), LDI_CODING_OTHER);
	assert_int_equal(
	    coding_of("Content-Encoding: gzip, gzip\r\n"), LDI_CODING_OTHER);
	assert_int_equal(coding_of("Content-Encoding: gzip\r\n"
				   "Content-Encoding: gzip\r\n"),
	    LDI_CODING_OTHER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_read_as_the_rfc_says),
		cmocka_unit_test(splits_do_not_change_a_result),
		cmocka_unit_test(cut_at_any_byte_is_truncated),
		cmocka_unit_test(a_reset_in_the_middle_is_the_transports_class),
		cmocka_unit_test(nothing_is_copied_when_it_comes_in_one_piece),
		cmocka_unit_test(a_body_that_nobody_needs_is_only_counted),
		cmocka_unit_test(what_has_no_end_meets_a_limit),
		cmocka_unit_test(fields_are_found_in_any_case_and_in_order),
		cmocka_unit_test(content_codings_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
