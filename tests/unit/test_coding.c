/* SPDX-License-Identifier: MIT */
/* Content codings: right, cut, corrupt, and too large. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/coding.h"

static const char text[] = "It was the best of times, it was the worst of "
			   "times, it was the age of wisdom, it was ...";

/* `bits` as deflateInit2() has them: 31 gzip, 15 zlib, -15 bare. */
static size_t
pack(int bits, const char *data, size_t len, char *out, size_t room)
{
	union {
		const char *in;
		unsigned char *next;
	} alias = { .in = data };
	z_stream z;
	size_t n;

	memset(&z, 0, sizeof(z));
	assert_int_equal(
	    deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = alias.next;
	z.avail_in = (unsigned)len;
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	n = room - z.avail_out;
	deflateEnd(&z);
	return n;
}

static void
expect_text(struct ldi_coding_decoder *d, enum ldi_coding coding,
    const char *data, size_t len, const char *want)
{
	const char *why;

	assert_int_equal(
	    ldi_coding_undo(d, coding, data, len, &why), LD_CLASS_NONE);
	assert_null(why);
	assert_int_equal(d->out.len, strlen(want));
	assert_memory_equal(d->out.data, want, d->out.len);
}

static void
expect_failure(struct ldi_coding_decoder *d, enum ldi_coding coding,
    const char *data, size_t len, const char *word)
{
	const char *why;

	assert_int_equal(
	    ldi_coding_undo(d, coding, data, len, &why), LD_CLASS_DECODE);
	assert_non_null(why);
	if (strstr(why, word) == NULL)
		fail_msg("'%s' instead of something about '%s'", why, word);
}

static const struct {
	enum ldi_coding coding;
	int bits;
} zlib_forms[] = {
	{ LDI_CODING_GZIP, 31 },
	{ LDI_CODING_DEFLATE, 15 },
	{ LDI_CODING_DEFLATE, -15 },
};

static void
each_coding_comes_back(void **state)
{
	struct ldi_coding_decoder d;
	char packed[512];

	(void)state;
	ldi_coding_init(&d);
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < 3; i++) {
			size_t n = pack(zlib_forms[i].bits, text, strlen(text),
			    packed, sizeof(packed));

			expect_text(&d, zlib_forms[i].coding, packed, n, text);
		}
	ldi_coding_clear(&d);
}

static void
members_of_gzip_follow_one_another(void **state)
{
	struct ldi_coding_decoder d;
	char packed[512];
	size_t n;

	(void)state;
	ldi_coding_init(&d);
	n = pack(31, "first ", 6, packed, sizeof(packed));
	n += pack(31, "second", 6, packed + n, sizeof(packed) - n);
	expect_text(&d, LDI_CODING_GZIP, packed, n, "first second");
	packed[n] = 'x';
	expect_failure(&d, LDI_CODING_GZIP, packed, n + 1, "cut short");
	ldi_coding_clear(&d);
}

static void
an_empty_body_needs_no_decoding(void **state)
{
	struct ldi_coding_decoder d;
	const char *why;

	(void)state;
	ldi_coding_init(&d);
	assert_int_equal(
	    ldi_coding_undo(&d, LDI_CODING_GZIP, "", 0, &why), LD_CLASS_NONE);
	assert_int_equal(d.out.len, 0);
	ldi_coding_clear(&d);
}

static void
cut_at_any_byte_is_an_error(void **state)
{
	struct ldi_coding_decoder d;
	char packed[512];

	(void)state;
	ldi_coding_init(&d);
	for (size_t i = 0; i < 3; i++) {
		size_t n = pack(zlib_forms[i].bits, text, strlen(text), packed,
		    sizeof(packed));

		for (size_t cut = 1; cut < n; cut++) {
			const char *why;
			char *exact = malloc(cut);

			assert_non_null(exact);
			memcpy(exact, packed, cut);
			assert_int_equal(
			    ldi_coding_undo(
				&d, zlib_forms[i].coding, exact, cut, &why),
			    LD_CLASS_DECODE);
			free(exact);
		}
		expect_text(&d, zlib_forms[i].coding, packed, n, text);
	}
	ldi_coding_clear(&d);
}

static void
corrupt_bodies_are_an_error(void **state)
{
	struct ldi_coding_decoder d;
	char packed[512];
	size_t n;

	(void)state;
	ldi_coding_init(&d);
	n = pack(31, text, strlen(text), packed, sizeof(packed));
	packed[n - 8] ^= 1; /* the checksum */
	expect_failure(&d, LDI_CODING_GZIP, packed, n, "corrupt");
	expect_failure(&d, LDI_CODING_GZIP, "<html>", 6, "corrupt");
	expect_failure(&d, LDI_CODING_DEFLATE, "\x07\xff<html>", 8, "corrupt");
	expect_failure(&d, LDI_CODING_OTHER, "x", 1, "not supported");
	ldi_coding_clear(&d);
}

static void
a_bomb_is_defused(void **state)
{
	const size_t size = (size_t)80 << 20;
	struct ldi_coding_decoder d;
	char *zeros = calloc(1, size), *packed = malloc(size / 100);
	size_t n;

	(void)state;
	assert_non_null(zeros);
	assert_non_null(packed);
	ldi_coding_init(&d);
	n = pack(31, zeros, size, packed, size / 100);
	expect_failure(&d, LDI_CODING_GZIP, packed, n, "200 times");
	assert_true(d.out.cap < (size_t)64 << 20);
	/* Small ones may be as dense as they like. */
	n = pack(31, zeros, 500000, packed, size / 100);
	assert_int_equal(ldi_coding_undo(&d, LDI_CODING_GZIP, packed, n,
			     &(const char *){ NULL }),
	    LD_CLASS_NONE);
	assert_int_equal(d.out.len, 500000);
	ldi_coding_clear(&d);
	free(packed);
	free(zeros);
}

#ifdef HAVE_BROTLI
/* "hello brotli hello brotli hello brotli", by the reference encoder. */
static const unsigned char br[] = { 0x1b, 0x25, 0x00, 0xf8, 0x1d, 0xa9, 0x53,
	0x9f, 0xbb, 0x70, 0x2d, 0x56, 0x86, 0x26, 0x27, 0x41, 0xd8, 0xe8, 0x92,
	0x2d, 0xed, 0x2d, 0x88, 0x8a, 0x06, 0x5e, 0x66, 0xfc, 0x02 };

static void
brotli_comes_back_and_cut_is_an_error(void **state)
{
	struct ldi_coding_decoder d;

	(void)state;
	ldi_coding_init(&d);
	expect_text(&d, LDI_CODING_BR, (const char *)br, sizeof(br),
	    "hello brotli hello brotli hello brotli");
	for (size_t n = 1; n < sizeof(br); n++)
		expect_failure(
		    &d, LDI_CODING_BR, (const char *)br, n, "cut short");
	expect_failure(&d, LDI_CODING_BR, "\xff\xff\xff\xff", 4, "corrupt");
	ldi_coding_clear(&d);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_coding_comes_back),
		cmocka_unit_test(members_of_gzip_follow_one_another),
		cmocka_unit_test(an_empty_body_needs_no_decoding),
		cmocka_unit_test(cut_at_any_byte_is_an_error),
		cmocka_unit_test(corrupt_bodies_are_an_error),
		cmocka_unit_test(a_bomb_is_defused),
#ifdef HAVE_BROTLI
		cmocka_unit_test(brotli_comes_back_and_cut_is_an_error),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
