/* SPDX-License-Identifier: MIT */
/* Cookies: what is stored, for whom, for how long, and how much of it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ld/limits.h>
#include <ld/time.h>

#include "http/date.h"
#include "http/jar.h"

#define NOW_S 1000
#define WALL_S INT64_C(1700000000) /* 14 November 2023 */

static struct ldi_jar jar;
static struct ldi_jar_time now;

static int
setup(void **state)
{
	(void)state;
	ldi_jar_init(&jar);
	now.now_ns = NOW_S * LD_NS_PER_S;
	now.wall_s = WALL_S;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ldi_jar_clear(&jar);
	return 0;
}

static void
read_url(const char *url, struct ldi_url_origin *origin, struct ldi_jar_url *at)
{
	size_t rest;

	assert_null(ldi_url_origin_parse(url, strlen(url), origin, &rest));
	at->origin = origin;
	at->target = url[rest] != '\0' ? url + rest : "/";
	at->len = strlen(at->target);
}

/* `url` answered with this Set-Cookie. */
static void
set(const char *url, const char *value)
{
	struct ldi_url_origin origin;
	struct ldi_jar_url at;

	read_url(url, &origin, &at);
	assert_int_equal(
	    ldi_jar_store(&jar, &at, value, strlen(value), &now), LD_OK);
}

/* What is sent to `url`: "a=b; c=d", or "". */
static const char *
sent(const char *url)
{
	static char text[LD_MAX_COOKIE_TOTAL + 1000];
	struct ldi_url_origin origin;
	struct ldi_jar_url at;
	const char *header;
	size_t len;

	read_url(url, &origin, &at);
	assert_int_equal(
	    ldi_jar_header(&jar, &at, now.now_ns, &header, &len), LD_OK);
	if (len == 0)
		return "";
	assert_true(len > 12 && memcmp(header, "Cookie: ", 8) == 0);
	assert_memory_equal(header + len - 4, "\r\n\r\n", 4);
	snprintf(text, sizeof(text), "%.*s", (int)len - 12, header + 8);
	return text;
}

static void
a_cookie_goes_back_to_its_host_only(void **state)
{
	(void)state;
	set("http://a.test/", "sid=1");
	assert_string_equal(sent("http://a.test/x?y"), "sid=1");
	assert_string_equal(sent("https://a.test:8443/"), "sid=1");
	assert_string_equal(sent("http://b.a.test/"), "");
	assert_string_equal(sent("http://b.test/"), "");
	assert_string_equal(sent("http://test/"), "");
}

static void
a_domain_reaches_down_but_neither_up_nor_aside(void **state)
{
	(void)state;
	set("http://www.a.test/", "d=1; Domain=A.Test");
	set("http://www.a.test/", "dot=1; domain=.a.test");
	set("http://www.a.test/", "other=1; Domain=b.test");
	set("http://www.a.test/", "below=1; Domain=x.www.a.test");
	set("http://www.a.test/", "tail=1; Domain=w.a.test");
	assert_string_equal(sent("http://www.a.test/"), "d=1; dot=1");
	assert_string_equal(sent("http://a.test/"), "d=1; dot=1");
	assert_string_equal(sent("http://x.y.a.test/"), "d=1; dot=1");
	assert_string_equal(sent("http://aa.test/"), "");
	assert_int_equal(jar.n, 2);
}

static void
a_domain_of_one_label_is_refused(void **state)
{
	(void)state;
	set("http://a.test/", "x=1; Domain=test");
	set("http://a.com/", "x=1; Domain=.com");
	assert_int_equal(jar.n, 0);
	set("http://localhost/", "x=1; Domain=localhost");
	assert_string_equal(sent("http://localhost/"), "x=1");
	assert_string_equal(sent("http://a.localhost/"), "");
}

static void
addresses_are_hosts_not_domains(void **state)
{
	(void)state;
	set("http://127.0.0.1/", "a=1; Domain=0.0.1");
	set("http://127.0.0.1/", "b=1; Domain=127.0.0.1");
	set("http://[::1]/", "c=1");
	assert_string_equal(sent("http://127.0.0.1/"), "b=1");
	assert_string_equal(sent("http://[::1]:81/"), "c=1");
	assert_string_equal(sent("http://1.127.0.0.1/"), "");
}

static void
unix_sockets_are_told_apart(void **state)
{
	(void)state;
	set("http+unix://%2Frun%2Fa/", "x=1; Secure");
	set("http+unix://%2Frun%2Fa/", "y=1; Domain=localhost");
	assert_string_equal(sent("http+unix://%2Frun%2Fa/p"), "x=1");
	assert_string_equal(sent("http+unix://%2Frun%2Fb/"), "");
	assert_string_equal(sent("http://localhost/"), "");
}

static void
paths_match_at_a_slash(void **state)
{
	(void)state;
	set("http://a.test/", "p=1; Path=/shop");
	set("http://a.test/", "q=1; Path=/shop/cart/");
	set("http://a.test/", "r=1; Path=relative");
	set("http://a.test/shop/cart?x=/y", "s=1"); /* of /shop */
	set("http://a.test/top", "t=1");            /* of / */
	assert_string_equal(sent("http://a.test/"), "r=1; t=1");
	assert_string_equal(sent("http://a.test/shop?q"), "p=1; s=1; r=1; t=1");
	assert_string_equal(sent("http://a.test/shopping"), "r=1; t=1");
	/* The longest path first, then the oldest. */
	assert_string_equal(
	    sent("http://a.test/shop/cart/1"), "q=1; p=1; s=1; r=1; t=1");
	assert_string_equal(
	    sent("http://a.test/shop/cart"), "p=1; s=1; r=1; t=1");
}

static void
a_cookie_replaces_its_like_and_keeps_its_place(void **state)
{
	(void)state;
	set("http://a.test/", "a=1");
	set("http://a.test/", "b=2");
	set("http://a.test/",
	    "a=a much longer value than it had before, so that "
	    "it needs room");
	assert_string_equal(sent("http://a.test/"),
	    "a=a much longer value than it had before, so that it needs room; "
	    "b=2");
	set("http://a.test/", "a=");
	assert_string_equal(sent("http://a.test/"), "a=; b=2");
	set("http://a.test/", "a=3; Path=/x");
	set("http://a.test/", "a=4; Domain=a.test");
	assert_string_equal(sent("http://a.test/x"), "a=3; a=; b=2; a=4");
	assert_int_equal(jar.n, 4);
}

static void
secure_cookies_stay_with_tls_and_this_host(void **state)
{
	(void)state;
	set("https://a.test/", "s=1; Secure");
	set("http://a.test/", "t=1; Secure");
	assert_string_equal(sent("http://a.test/"), "");
	assert_string_equal(sent("https://a.test/"), "s=1");
	/* In the clear it can be neither replaced nor shadowed. */
	set("http://a.test/", "s=evil");
	set("http://x.a.test/", "s=evil; Domain=a.test; Path=/deep");
	set("http://a.test/", "s=evil; Max-Age=0");
	assert_string_equal(sent("https://a.test/deep"), "s=1");
	set("http://127.0.0.1/", "l=1; Secure");
	set("http://localhost/", "m=1; secure=yes");
	assert_string_equal(sent("http://127.0.0.1/"), "l=1");
	assert_string_equal(sent("http://localhost/"), "m=1");
}

static void
prefixes_are_promises(void **state)
{
	(void)state;
	set("https://a.test/", "__Secure-a=1");
	set("https://a.test/", "__secure-b=1");
	set("https://a.test/", "__Host-c=1; Secure");
	set("https://a.test/", "__Host-d=1; Secure; Path=/x");
	set("https://a.test/", "__Host-e=1; Secure; Path=/; Domain=a.test");
	set("https://a.test/", "__Host-f=1; Path=/");
	set("http://a.test/", "__Host-g=1; Secure; Path=/");
	assert_int_equal(jar.n, 0);
	set("https://a.test/", "__Secure-a=1; Secure; Domain=a.test");
	set("https://a.test/", "__Host-c=1; Secure; Path=/");
	assert_string_equal(
	    sent("https://a.test/"), "__Secure-a=1; __Host-c=1");
}

static void
cookies_end_at_their_time(void **state)
{
	(void)state;
	set("http://a.test/", "s=1");
	set("http://a.test/", "m=1; Max-Age=10");
	set("http://a.test/", "e=1; Expires=Tue, 14 Nov 2023 22:13:40 GMT");
	set("http://a.test/",
	    "both=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=30");
	assert_string_equal(sent("http://a.test/"), "s=1; m=1; e=1; both=1");
	now.now_ns = (NOW_S + 10) * LD_NS_PER_S - 1;
	assert_string_equal(sent("http://a.test/"), "s=1; m=1; e=1; both=1");
	now.now_ns++;
	assert_string_equal(sent("http://a.test/"), "s=1; e=1; both=1");
	now.now_ns = (NOW_S + 20) * LD_NS_PER_S;
	assert_string_equal(sent("http://a.test/"), "s=1; both=1");
	now.now_ns = (NOW_S + 30) * LD_NS_PER_S;
	assert_string_equal(sent("http://a.test/"), "s=1");
	now.now_ns = UINT64_MAX - 1;
	assert_string_equal(sent("http://a.test/"), "s=1");
}

static void
the_past_deletes(void **state)
{
	static const char *const past[] = { "a=; Max-Age=0", "a=; max-age=-1",
		"a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
		"a=x; expires=Sunday, 06-Nov-94 08:49:37 GMT" };

	(void)state;
	for (size_t i = 0; i < sizeof(past) / sizeof(past[0]); i++) {
		set("http://a.test/", "a=1");
		assert_string_equal(sent("http://a.test/"), "a=1");
		set("http://a.test/", past[i]);
		assert_string_equal(sent("http://a.test/"), "");
	}
	set("http://a.test/", "a=1; Max-Age=99999999999999999999");
	now.now_ns += UINT64_C(399) * 86400 * LD_NS_PER_S;
	assert_string_equal(sent("http://a.test/"), "a=1");
	now.now_ns += UINT64_C(1) * 86400 * LD_NS_PER_S;
	assert_string_equal(sent("http://a.test/"), "");
}

static void
odd_attributes_are_ignored_not_the_cookie(void **state)
{
	(void)state;
	set("http://a.test/", "a=1; Max-Age=ten; Expires=never; HttpOnly; "
			      "SameSite=Strict; Partitioned; ; =; Priority=x");
	assert_string_equal(sent("http://a.test/"), "a=1");
	now.now_ns = UINT64_MAX - 1;
	assert_string_equal(sent("http://a.test/"), "a=1");
	set("http://a.test/", "  b \t=  \"2 3\"  ; PATH = / ");
	assert_string_equal(sent("http://a.test/x/y"), "a=1; b=\"2 3\"");
	set("http://a.test/", "c==d=e");
	assert_string_equal(sent("http://a.test/"), "a=1; b=\"2 3\"; c==d=e");
}

static void
what_is_no_cookie_is_ignored(void **state)
{
	(void)state;
	set("http://a.test/", "");
	set("http://a.test/", "novalue");
	set("http://a.test/", "=noname");
	set("http://a.test/", "  = x");
	set("http://a.test/", ";a=1");
	set("http://a.test/", "a=1\x01");
	assert_int_equal(jar.n, 0);
	assert_null(jar.cookies);
	assert_null(jar.cache);
}

static void
too_many_and_too_large_ones_are_bounded(void **state)
{
	char text[2 * LD_MAX_COOKIE_BYTES];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "big=", 4);
	text[LD_MAX_COOKIE_BYTES + 2] = '\0'; /* one byte too long */
	set("http://a.test/", text);
	assert_int_equal(jar.n, 0);
	text[LD_MAX_COOKIE_BYTES + 1] = '\0';
	set("http://a.test/", text);
	assert_int_equal(jar.n, 1);
	ldi_jar_empty(&jar);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "c%d=%d", i, i);
		set("http://a.test/", text);
	}
	assert_int_equal(jar.n, LD_MAX_COOKIES);
	snprintf(text, sizeof(text), "c%d=%d; ", 1000 - LD_MAX_COOKIES,
	    1000 - LD_MAX_COOKIES);
	assert_memory_equal(sent("http://a.test/"), text, strlen(text));
	for (int i = 0; i < 100; i++) {
		int n = snprintf(text, sizeof(text), "d%d=", i);

		memset(text + n, 'y', 4000);
		text[n + 4000] = '\0';
		set("http://a.test/", text);
		assert_true(jar.bytes <= LD_MAX_COOKIE_TOTAL);
	}
	assert_true(strlen(sent("http://a.test/")) > 60000);
}

static void
expired_ones_make_room_first(void **state)
{
	char text[64];

	(void)state;
	set("http://a.test/", "old=1");
	for (int i = 1; i < LD_MAX_COOKIES; i++) {
		snprintf(text, sizeof(text), "c%d=1; Max-Age=5", i);
		set("http://a.test/", text);
	}
	now.now_ns += 6 * LD_NS_PER_S;
	set("http://a.test/", "new=1");
	assert_string_equal(sent("http://a.test/"), "old=1; new=1");
}

static void
the_header_is_made_once_until_the_jar_changes(void **state)
{
	struct ldi_url_origin origin;
	struct ldi_jar_url at;
	const char *header, *again;
	size_t len;

	(void)state;
	set("http://a.test/", "a=1");
	read_url("http://a.test/x", &origin, &at);
	ldi_jar_header(&jar, &at, now.now_ns, &header, &len);
	/* A mark shows whether it is written anew. */
	((char *)(uintptr_t)header)[0] = '#';
	set("http://a.test/", "a=1");
	read_url("http://a.test:81/other?path", &origin, &at);
	ldi_jar_header(&jar, &at, now.now_ns, &again, &len);
	assert_ptr_equal(again, header);
	assert_int_equal(again[0], '#');
	set("http://a.test/", "a=2");
	assert_string_equal(sent("http://a.test/"), "a=2");
	/* With a path in play, each path has its own. */
	set("http://a.test/", "b=1; Path=/x");
	assert_string_equal(sent("http://a.test/x"), "b=1; a=2");
	assert_string_equal(sent("http://a.test/y"), "a=2");
}

static void
a_plan_gives_cookies_to_one_host(void **state)
{
	struct ldi_url_origin origin;
	struct ldi_jar_url at;
	char large[LD_MAX_COOKIE_BYTES];

	(void)state;
	read_url("http://a.test/deep/path", &origin, &at);
	assert_int_equal(ldi_jar_give(&jar, &at, "k", 1, "v", 1), LD_OK);
	assert_int_equal(ldi_jar_give(&jar, &at, "l", 1, "", 0), LD_OK);
	assert_string_equal(sent("http://a.test/"), "k=v; l=");
	assert_string_equal(sent("http://x.a.test/"), "");
	set("http://a.test/", "k=server; Path=/");
	assert_string_equal(sent("http://a.test/"), "k=server; l=");
	memset(large, 'x', sizeof(large));
	assert_int_equal(
	    ldi_jar_give(&jar, &at, "m", 1, large, sizeof(large)), LD_INVALID);
	assert_true(ldi_cookie_is_name("a b", 3));
	assert_false(ldi_cookie_is_name("", 0));
	assert_false(ldi_cookie_is_name("a=b", 3));
	assert_false(ldi_cookie_is_name(" a", 2));
	assert_false(ldi_cookie_is_value("a;b", 3));
	assert_false(ldi_cookie_is_value("a\r\n", 3));
	assert_true(ldi_cookie_is_value("a=b, c", 6));
}

static void
an_emptied_jar_keeps_its_memory(void **state)
{
	struct ldi_cookie *block;

	(void)state;
	set("http://a.test/", "a=1; Max-Age=9");
	block = jar.cookies[0];
	ldi_jar_empty(&jar);
	assert_int_equal(jar.n, 0);
	assert_int_equal(jar.bytes, 0);
	assert_string_equal(sent("http://a.test/"), "");
	set("http://a.test/", "b=2");
	assert_ptr_equal(jar.cookies[0], block);
	assert_string_equal(sent("http://a.test/"), "b=2");
}

static void
dates_are_read_as_browsers_do(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = {
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "6 november 94 8:49:37", 784111777 },
		{ "08:49:37 06 Nov 1994", 784111777 },
		{ "Tue, 29 Feb 2000 23:59:59", 951868799 },
		{ "Mon, 31-Dec-69 23:59:59 GMT", 3155759999 },
		{ "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799 },
		{ "Mon, 01 Jan 1601 00:00:00 GMT", -11644473600 },
		{ "1 Mar 2100 0:0:0x", 4107542400 },
	};
	static const char *const bad[] = { "", "0", "Thu, 01 Jan 1970",
		"01 Jan 1600 00:00:00", "30 Feb 2000 00:00:00",
		"29 Feb 1900 00:00:00", "31 Apr 2000 00:00:00",
		"00 Jan 2000 00:00:00", "01 Jan 2000 24:00:00",
		"01 Jan 2000 00:60:00", "01 Jan 2000 00:00:60",
		"01 Foo 2000 00:00:00", "001 Jan 20000 00:00:00",
		"01 Jan 2000 00:00" };
	int64_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!ldi_date_parse(
			good[i].text, strlen(good[i].text), &seconds))
			fail_msg("'%s' is a date", good[i].text);
		if (seconds != good[i].seconds)
			fail_msg(
			    "'%s' is %lld", good[i].text, (long long)seconds);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ldi_date_parse(bad[i], strlen(bad[i]), &seconds))
			fail_msg("'%s' is no date", bad[i]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_cookie_goes_back_to_its_host_only),
		TEST(a_domain_reaches_down_but_neither_up_nor_aside),
		TEST(a_domain_of_one_label_is_refused),
		TEST(addresses_are_hosts_not_domains),
		TEST(unix_sockets_are_told_apart),
		TEST(paths_match_at_a_slash),
		TEST(a_cookie_replaces_its_like_and_keeps_its_place),
		TEST(secure_cookies_stay_with_tls_and_this_host),
		TEST(prefixes_are_promises),
		TEST(cookies_end_at_their_time),
		TEST(the_past_deletes),
		TEST(odd_attributes_are_ignored_not_the_cookie),
		TEST(what_is_no_cookie_is_ignored),
		TEST(too_many_and_too_large_ones_are_bounded),
		TEST(expired_ones_make_room_first),
		TEST(the_header_is_made_once_until_the_jar_changes),
		TEST(a_plan_gives_cookies_to_one_host),
		TEST(an_emptied_jar_keeps_its_memory),
		TEST(dates_are_read_as_browsers_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
