/* SPDX-License-Identifier: MIT */
/* URLs: origins, targets, forms. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/url.h"

/* clang-format off */
static const struct good {
	const char *url;
	bool tls;
	const char *host;
	unsigned port;
	const char *authority;
	const char *target;
} goods[] = {
	{ "http://example.org", false, "example.org", 80, "example.org", "/" },
	{ "http://example.org/", false, "example.org", 80, "example.org", "/" },
	{ "HTTPS://Example.ORG/a/b?c=d", true, "example.org", 443, "example.org", "/a/b?c=d" },
	{ "http://h:8080/x", false, "h", 8080, "h:8080", "/x" },
	{ "http://h:80/x", false, "h", 80, "h", "/x" },
	{ "http://h:443/x", false, "h", 443, "h:443", "/x" },
	{ "https://h:443/x", true, "h", 443, "h", "/x" },
	{ "http://h:/x", false, "h", 80, "h", "/x" },
	{ "http://h:65535/x", false, "h", 65535, "h:65535", "/x" },
	{ "http://127.0.0.1:1/x", false, "127.0.0.1", 1, "127.0.0.1:1", "/x" },
	{ "http://[::1]/x", false, "::1", 80, "[::1]", "/x" },
	{ "https://[2001:db8::1]:8443/x", true, "2001:db8::1", 8443, "[2001:db8::1]:8443", "/x" },
	{ "http://h?q=1", false, "h", 80, "h", "/?q=1" },
	{ "http://h#top", false, "h", 80, "h", "/" },
	{ "http://h/a#b?c", false, "h", 80, "h", "/a" },
	{ "http://h/a b\r\nX: y", false, "h", 80, "h", "/a%20b%0D%0AX:%20y" },
	{ "http://h/\xc3\xa4?\xff", false, "h", 80, "h", "/%C3%A4?%FF" },
	{ "http://h/%41%zz%4", false, "h", 80, "h", "/%41%25zz%254" },
	{ "http://h/\"<>\\^`{|}\x7f", false, "h", 80, "h", "/%22%3C%3E%5C%5E%60%7B%7C%7D%7F" },
	{ "http://h/-._~!$&'()*+,;=:@/?[]", false, "h", 80, "h", "/-._~!$&'()*+,;=:@/?[]" },
	{ "http://a_b-c.d/", false, "a_b-c.d", 80, "a_b-c.d", "/" },
};

static const char *const bads[] = {
	"", "h/x", "//h/x", "ftp://h/", "httpx://h/", "://h", "http:/h", "http:h",
	"http://", "http:///x", "http://?x", "http://:80/",
	"http://h:0/", "http://h:65536/", "http://h:99999999999/", "http://h:-1/", "http://h:8a/",
	"http://user@h/", "http://user:secret@h/", "http://h h/", "http://h\r\n/", "http://h%41/",
	"http://\xc3\xa4.org/", "http://[::1/", "http://[]/", "http://[::g]/", "http://[::1]x/",
	"http://[fe80::1%25eth0]/", "http://h:1:2/", "http://a,b/",
	"http+unix:///x", "http+unix://%2/x", "http+unix://%00/x", "https+unix://%2Fa/",
};
/* clang-format on */

static void
good_urls_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
		const struct good *g = &goods[i];
		size_t len = strlen(g->url), rest;
		struct ldi_url_origin o;
		struct ld_buf target;
		const char *why = ldi_url_origin_parse(g->url, len, &o, &rest);

		if (why != NULL)
			fail_msg("%s: %s", g->url, why);
		assert_int_equal(o.tls, g->tls);
		assert_string_equal(o.host, g->host);
		assert_int_equal(o.port, g->port);
		assert_string_equal(o.authority, g->authority);
		assert_string_equal(o.unix_path, "");
		ld_buf_init(&target, 4096);
		ldi_url_target_add(&target, g->url + rest, len - rest);
		assert_string_equal(ld_buf_str(&target), g->target);
		ld_buf_clear(&target);
	}
}

static void
bad_urls_are_refused_with_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		struct ldi_url_origin o;
		size_t rest;
		const char *why =
		    ldi_url_origin_parse(bads[i], strlen(bads[i]), &o, &rest);

		if (why == NULL || why[0] == '\0')
			fail_msg("'%s' was accepted", bads[i]);
	}
}

static void
unix_sockets_are_percent_decoded(void **state)
{
	static const char url[] = "http+unix://%2Ftmp%2Fa%20b.sock/x?y";
	struct ldi_url_origin o;
	char longest[400] = "http+unix://";
	size_t rest;

	(void)state;
	assert_null(ldi_url_origin_parse(url, strlen(url), &o, &rest));
	assert_string_equal(o.unix_path, "/tmp/a b.sock");
	assert_string_equal(o.authority, "localhost");
	assert_string_equal(url + rest, "/x?y");
	memset(longest + 12, 'a', 107);
	assert_null(ldi_url_origin_parse(longest, 12 + 107, &o, &rest));
	assert_int_equal(strlen(o.unix_path), 107);
	memset(longest + 12, 'a', 108);
	assert_non_null(ldi_url_origin_parse(longest, 12 + 108, &o, &rest));
}

static void
a_host_has_a_longest_length(void **state)
{
	char url[400] = "http://";
	struct ldi_url_origin o;
	size_t rest;

	(void)state;
	memset(url + 7, 'a', 300);
	assert_null(ldi_url_origin_parse(url, 7 + 253, &o, &rest));
	assert_int_equal(strlen(o.host), 253);
	assert_non_null(ldi_url_origin_parse(url, 7 + 254, &o, &rest));
}

static void
origins_are_compared_by_where_they_lead(void **state)
{
	struct ldi_url_origin a, b;
	size_t rest;

	(void)state;
	ldi_url_origin_parse("http://H/", 9, &a, &rest);
	ldi_url_origin_parse("http://h:80", 11, &b, &rest);
	assert_true(ldi_url_origin_same(&a, &b));
	ldi_url_origin_parse("https://h:80", 12, &b, &rest);
	assert_false(ldi_url_origin_same(&a, &b));
	ldi_url_origin_parse("http://i", 8, &b, &rest);
	assert_false(ldi_url_origin_same(&a, &b));
}

static void
a_user_is_seen_in_front_of_any_host(void **state)
{
	static const char *const with[] = { "http://me:secret@h/",
		"http://me:secret@${host}/", "https://${me}:secret@h",
		"${scheme}://me@h?x", "http://${a/b}@h/" };
	static const char *const without[] = { "http://h/@me", "http://h?a=@",
		"http://h#@", "${base}/users/@me", "/next?to=http://a@b/",
		"http://${csv.users.name@home}/", "http://h:80/", "/@" };

	(void)state;
	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
		assert_true(ldi_url_shape_has_user(with[i]));
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
		assert_false(ldi_url_shape_has_user(without[i]));
}

static void
forms_are_encoded_as_browsers_do(void **state)
{
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 4096);
	ldi_url_form_add(&out, "a b&c=d/\xc3\xa4~._-\n", 16);
	assert_string_equal(ld_buf_str(&out), "a+b%26c%3Dd%2F%C3%A4~._-%0A%00");
	ld_buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_urls_are_taken_apart),
		cmocka_unit_test(bad_urls_are_refused_with_a_reason),
		cmocka_unit_test(unix_sockets_are_percent_decoded),
		cmocka_unit_test(a_host_has_a_longest_length),
		cmocka_unit_test(origins_are_compared_by_where_they_lead),
		cmocka_unit_test(a_user_is_seen_in_front_of_any_host),
		cmocka_unit_test(forms_are_encoded_as_browsers_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
