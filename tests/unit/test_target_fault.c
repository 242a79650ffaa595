/* SPDX-License-Identifier: MIT */
/*
 * Does the server misbehave exactly as it was told to, and count it?
 */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cmocka.h>
#include <zlib.h>

#include <ld/target.h>

#include "raw.h"

#define REFERENCE 200

enum ending { FIN, RST, SILENCE, FLOOD };

static struct ld_target *target;
static char reference[REFERENCE + 1];

static int
start(const char *const *faults, size_t n)
{
	struct ld_target_options options = {
		.faults = faults, .n_faults = n, .seed = 7, .has_seed = true
	};

	return ld_target_start(&options, &target, NULL) == LD_OK ? 0 : -1;
}

static int
setup(void **state)
{
	(void)state;
	return start(NULL, 0);
}

static int
teardown(void **state)
{
	(void)state;
	ld_target_stop(target);
	return 0;
}

/* What comes to `path` until `room` bytes, and how it ends.  A server that
 * says nothing for 0.1 s is silent: what it has to say was on loopback. */
static enum ending
ask(const char *path, char *data, size_t room, size_t *len_out)
{
	struct timeval wait = { .tv_usec = 100000 };
	enum ending ending = FLOOD;
	char request[300];
	struct raw raw;
	ssize_t n;

	*len_out = 0;
	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: t\r\n\r\n",
	    path);
	raw_open(&raw, ld_target_port(target));
	raw_send(&raw, request);
	setsockopt(raw.fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	while (*len_out < room && ending == FLOOD) {
		n = recv(raw.fd, data + *len_out, room - *len_out, 0);
		if (n > 0)
			*len_out += (size_t)n;
		else if (n == 0)
			ending = FIN;
		else
			ending = errno == ECONNRESET ? RST : SILENCE;
	}
	raw_close(&raw);
	return ending;
}

/* The whole of it, as text. */
static enum ending
say(const char *path, char text[4096])
{
	size_t len;
	enum ending ending = ask(path, text, 4095, &len);

	text[len] = '\0';
	return ending;
}

static uint64_t
counted(const char *key)
{
	struct ld_buf counts;
	char word[40];
	const char *at;
	uint64_t n = 0;

	ld_buf_init(&counts, 1 << 20);
	ld_target_counts(target, &counts);
	snprintf(word, sizeof(word), "\"%s\":", key);
	at = strstr(ld_buf_str(&counts), word);
	if (at != NULL)
		n = strtoull(at + strlen(word), NULL, 10);
	ld_buf_clear(&counts);
	return n;
}

static void
the_reference_is_200_bytes_long(void **state)
{
	size_t len;

	(void)state;
	assert_int_equal(
	    ask("/ld/reference", reference, REFERENCE, &len), FLOOD);
	assert_int_equal(len, REFERENCE);
	assert_non_null(strstr(reference, "Content-Length: 128\r\n\r\n{"));
	assert_int_equal(
	    ask("/ld/reference", reference, REFERENCE + 1, &len), SILENCE);
}

static void
an_answer_can_be_cut_at_every_byte(void **state)
{
	static const struct {
		const char *kind;
		enum ending ending;
		unsigned step; /* silence takes its time to be seen */
	} cuts[] = { { "close", FIN, 1 }, { "reset", RST, 1 },
		{ "half-close", FIN, 1 }, { "stall", SILENCE, 40 } };
	char path[60], data[REFERENCE + 1];
	uint64_t asked = 0;
	size_t len;

	(void)state;
	(void)ask("/ld/reference", reference, REFERENCE, &len);
	for (size_t k = 0; k < sizeof(cuts) / sizeof(cuts[0]); k++) {
		for (unsigned at = 0; at <= REFERENCE; at += cuts[k].step) {
			snprintf(path, sizeof(path), "/ld/fault/%s?at=%u",
			    cuts[k].kind, at);
			assert_int_equal(ask(path, data, sizeof(data), &len),
			    cuts[k].ending);
			/* RST may overtake bytes that nobody has read. */
			assert_true(
			    len == at || (cuts[k].ending == RST && len < at));
			assert_memory_equal(data, reference, len);
			asked++;
		}
	}
	assert_int_equal(counted("requests"), asked + 1);
	assert_int_equal(counted("close"), REFERENCE + 1);
	assert_int_equal(counted("reset"), REFERENCE + 1);
	assert_int_equal(counted("half-close"), REFERENCE + 1);
	assert_int_equal(counted("stall"), REFERENCE / 40 + 1);
}

static void
what_has_no_end_goes_on(void **state)
{
	static const char *const paths[] = { "/ld/fault/head",
		"/ld/fault/head?as=line", "/ld/fault/body",
		"/ld/fault/body?as=length", "/ld/fault/body?as=close",
		"/ld/fault/chunk?as=extension", "/ld/fault/chunk?as=trailer",
		"/ld/fault/interim", "/ld/fault/interim?as=100" };
	size_t room = (size_t)3 << 20, len;
	char *data = malloc(room);

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(ask(paths[i], data, room, &len), FLOOD);
		/* And others are served meanwhile and thereafter. */
		assert_int_equal(
		    ask("/ld/reference", data, REFERENCE, &len), FLOOD);
	}
	free(data);
}

static void
malformed_answers_are_what_they_are_called(void **state)
{
	static const struct {
		const char *path, *want;
		enum ending ending;
	} rows[] = {
		{ "truncate", "Content-Length: 128\r\n\r\n{", FIN },
		{ "garbage", "\x01\x02this is not HTTP", FIN },
		{ "garbage?as=ssh", "SSH-2.0-", FIN },
		{ "garbage?as=http09", "<html>", FIN },
		{ "garbage?as=version", "HTTP/7.3 200", FIN },
		{ "garbage?as=status", "HTTP/1.1 2OO", FIN },
		{ "garbage?as=empty", "\r\n\r\n\r\n", FIN },
		{ "head?as=fold", "X-Fault: a\r\n folded\r\n", SILENCE },
		{ "head?as=colon", "X-Fault without a colon\r\n", SILENCE },
		{ "head?as=blank", "X-Fault : a\r\n", SILENCE },
		{ "head?as=control",
		    "X-Fault: a\x01\x7f"
		    "b\r\n",
		    SILENCE },
		{ "chunk", "\r\n\r\nxyz\r\n", FIN },
		{ "chunk?as=negative", "\r\n\r\n-5\r\n", FIN },
		{ "chunk?as=huge", "\r\n7fffffffffffffff\r\n", FIN },
		{ "chunk?as=overflow", "\r\nfffffffffffffffffffff\r\n", FIN },
		{ "chunk?as=end", "helloXX0\r\n", FIN },
		{ "chunk?as=missing", "5\r\nhello\r\n", FIN },
		{ "length", "Content-Length: 5\r\n\r\n0123456789", SILENCE },
		{ "length?as=long", "Content-Length: 20\r\n\r\n0123456789",
		    FIN },
		{ "length?as=two", "Content-Length: 11\r\n\r\n", FIN },
		{ "length?as=both", "Transfer-Encoding: chunked\r\n\r\na\r\n",
		    FIN },
		{ "length?as=negative", "Content-Length: -10\r\n", FIN },
		{ "length?as=overflow", ": 99999999999999999999\r\n", FIN },
		{ "length?as=text", "Content-Length: ten\r\n", FIN },
		{ "interim?n=1", "HTTP/1.1 103 Early Hints\r\n", SILENCE },
		{ "interim?n=1&as=101", "HTTP/1.1 101 Switching", SILENCE },
		{ "redirect", "Location: /ld/fault/redirect\r\n", SILENCE },
		{ "redirect?as=two", "\r\nLocation: /uuid\r\n", SILENCE },
		{ "surplus?as=status204", "204 No Content\r\n", SILENCE },
		{ "surplus?as=bytes", "\"}\nsurplus", SILENCE },
		{ "coding?as=unknown", "Encoding: x-unknown\r\n", SILENCE },
		{ "coding?as=plain", "\r\n\r\n{\"text\":", SILENCE },
		{ "idle?every=1ms", "\"}\n", FIN },
		{ "nonsense", "there is no fault 'nonsense'", SILENCE },
		{ "clse", "did you mean 'close'?", SILENCE },
		{ "close?as=x", "close has no parameter 'as'", SILENCE },
		{ "body?as=x", "body: there is no form 'x'", SILENCE },
		{ "close?at=-1", "'-1' is not a whole number", SILENCE },
		{ "bomb?layers=9", "layers: from 1 to 5", SILENCE },
		{ "slow?every=0", "every: more than 0", SILENCE },
		{ "close?share=1", "close has no parameter 'share'", SILENCE },
	};
	char path[80], text[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(path, sizeof(path), "/ld/fault/%s", rows[i].path);
		if (say(path, text) != rows[i].ending ||
		    strstr(text, rows[i].want) == NULL)
			fail_msg("%s: '%s'", path, text);
	}
}

static void
a_nul_stands_in_a_head(void **state)
{
	char text[4096];
	size_t len;

	(void)state;
	(void)ask("/ld/fault/head?as=nul", text, sizeof(text), &len);
	assert_non_null(memmem(text, len, "X-Fault: a\0b\r\n", 14));
}

static void
finite_heads_end_in_the_answer(void **state)
{
	char text[4096];
	size_t lines = 0;

	(void)state;
	assert_int_equal(say("/ld/fault/head?n=5", text), SILENCE);
	for (const char *at = text; (at = strstr(at, "X-Filler: ")) != NULL;
	     at++)
		lines++;
	assert_int_equal(lines, 5);
	assert_non_null(strstr(text, "{\"reference\""));
	assert_int_equal(say("/ld/fault/interim?n=3&as=100", text), SILENCE);
	assert_int_equal(
	    strncmp(text + 3 * strlen("HTTP/1.1 100 Continue\r\n\r\n"),
		"HTTP/1.1 200 OK", 15),
	    0);
}

static void
slow_answers_come_byte_by_byte(void **state)
{
	char text[4096];

	(void)state;
	assert_int_equal(say("/ld/fault/slow?at=190&every=2ms", text), SILENCE);
	assert_int_equal(strlen(text), REFERENCE);
	assert_non_null(strstr(text, "{\"reference\""));
}

/* How much comes out of it, layer by layer. */
static uint64_t
unpack(const char *data, size_t len, int layers)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)data,
		.avail_in = (uInt)len };
	static char room[1 << 20];
	struct ld_buf inner;
	uint64_t sum = 0;
	int rc;

	ld_buf_init(&inner, (size_t)64 << 20);
	assert_int_equal(inflateInit2(&z, MAX_WBITS + 32), Z_OK);
	do {
		z.next_out = (Bytef *)room;
		z.avail_out = sizeof(room);
		rc = inflate(&z, Z_NO_FLUSH);
		sum += sizeof(room) - z.avail_out;
		if (layers > 1)
			ld_buf_add(&inner, room, sizeof(room) - z.avail_out);
	} while (rc == Z_OK);
	assert_int_equal(rc, Z_STREAM_END); /* its sum and length hold */
	inflateEnd(&z);
	if (layers > 1)
		sum = unpack(inner.data, inner.len, layers - 1);
	ld_buf_clear(&inner);
	return sum;
}

static void
bombs_decode_to_what_was_ordered(void **state)
{
	static const struct {
		const char *path;
		int layers;
		uint64_t bytes;
	} rows[] = { { "bytes=1MiB", 1, 1 << 20 }, { "bytes=0", 1, 0 },
		{ "bytes=5000001", 1, 5000001 },
		{ "bytes=30MiB&as=deflate", 1, 30 << 20 },
		{ "bytes=100MiB&layers=2", 2, 100 << 20 },
		{ "bytes=3MiB&layers=3&as=deflate", 3, 3 << 20 } };
	size_t room = (size_t)1 << 20, len;
	char *data = malloc(room + 1), path[80];

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *body;

		snprintf(path, sizeof(path), "/ld/fault/bomb?%s", rows[i].path);
		assert_int_equal(ask(path, data, room, &len), SILENCE);
		data[len] = '\0';
		body = strstr(data, "\r\n\r\n");
		assert_non_null(body);
		body += 4;
		assert_true(unpack(body, len - (size_t)(body - data),
				rows[i].layers) == rows[i].bytes);
	}
	free(data);
}

/* -- faults of the command line ------------------------------------------- */

static void
a_share_befalls_the_same_requests_under_the_same_seed(void **state)
{
	static const char *const faults[] = { "reset?share=20%",
		"close?path=/uuid" };
	char first[50], second[50], text[4096];
	uint64_t hits = 0;

	(void)state;
	assert_int_equal(start(faults, 2), 0);
	for (int i = 0; i < 50; i++) {
		first[i] = say("/uuid", text) == RST ? 'x' : '.';
		hits += first[i] == 'x';
	}
	assert_int_equal(counted("reset"), hits);
	assert_int_equal(counted("close"), 50 - hits);
	assert_true(hits > 0 && hits < 50);
	ld_target_stop(target);
	assert_int_equal(start(faults, 2), 0);
	for (int i = 0; i < 50; i++)
		second[i] = say("/uuid", text) == RST ? 'x' : '.';
	assert_memory_equal(first, second, 50);
	/* Control is spared. */
	assert_int_equal(say("/ld/counts", text), SILENCE);
	assert_non_null(strstr(text, "200 OK"));
	ld_target_stop(target);
}

static void
orders_that_make_no_sense_are_refused(void **state)
{
	static const struct {
		const char *fault, *listen, *text;
	} rows[] = {
		{ "stal", NULL,
		    "--fault 'stal': there is no fault 'stal'; did you mean "
		    "'stall'?" },
		{ "close?share=2", NULL,
		    "--fault 'close?share=2': '2' is no share such as 0.01 or "
		    "1%" },
		{ "close?path=x", NULL,
		    "--fault 'close?path=x': 'x' is no path of at most 199 "
		    "bytes" },
		{ NULL, "htps",
		    "--listen 'htps': there is no kind of port 'htps'; did "
		    "you mean 'https'?" },
		{ NULL, "https:70000",
		    "--listen 'https:70000': '70000' is no port" },
		{ NULL, "https?at=1",
		    "--listen 'https?at=1': https takes no "
		    "'at=1'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ld_target_options options = {
			.faults = &rows[i].fault,
			.n_faults = rows[i].fault != NULL,
			.listen = &rows[i].listen,
			.n_listen = rows[i].listen != NULL,
		};
		struct ld_target *none;
		struct ld_err err = LD_ERR_INIT;

		assert_int_equal(
		    ld_target_start(&options, &none, &err), LD_INVALID);
		assert_null(none);
		assert_string_equal(err.text, rows[i].text);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(the_reference_is_200_bytes_long),
		T(an_answer_can_be_cut_at_every_byte),
		T(what_has_no_end_goes_on),
		T(malformed_answers_are_what_they_are_called),
		T(a_nul_stands_in_a_head),
		T(finite_heads_end_in_the_answer),
		T(slow_answers_come_byte_by_byte),
		T(bombs_decode_to_what_was_ordered),
		cmocka_unit_test(
		    a_share_befalls_the_same_requests_under_the_same_seed),
		cmocka_unit_test(orders_that_make_no_sense_are_refused),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
