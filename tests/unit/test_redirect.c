/* SPDX-License-Identifier: MIT */
/* Where a redirect leads, and what goes with it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http/redirect.h"

/* Resolve `location` against the URL `base`: "http://host/target", or the
 * reason why not. */
static const char *
resolve(const char *base, const char *location)
{
	static char text[1024];
	struct ldi_url_origin from_origin, origin;
	struct ldi_redirect_from from = { .origin = &from_origin };
	struct ld_buf target, scratch;
	struct ldi_redirect_to to = { &origin, &target, &scratch };
	const char *why;
	size_t rest;

	assert_null(
	    ldi_url_origin_parse(base, strlen(base), &from_origin, &rest));
	from.target = base + rest;
	from.len = strlen(base + rest);
	ld_buf_init(&target, 1000);
	ld_buf_init(&scratch, 1000);
	why = ldi_redirect_resolve(&from, location, strlen(location), &to);
	if (why != NULL)
		snprintf(text, sizeof(text), "%s", why);
	else
		snprintf(text, sizeof(text), "%s://%s%s%s",
		    origin.unix_path[0] != '\0' ? "unix"
		    : origin.tls                ? "https"
						: "http",
		    origin.unix_path, origin.authority,
		    target.failed ? " is too long" : ld_buf_str(&target));
	ld_buf_clear(&target);
	ld_buf_clear(&scratch);
	return text;
}

/* RFC 3986, 5.4: what can be said of http. */
static void
the_examples_of_the_rfc_hold(void **state)
{
	static const char *const examples[][2] = {
		{ "g", "/b/c/g" },
		{ "./g", "/b/c/g" },
		{ "g/", "/b/c/g/" },
		{ "/g", "/g" },
		{ "?y", "/b/c/d;p?y" },
		{ "g?y", "/b/c/g?y" },
		{ "#s", "/b/c/d;p?q" },
		{ "g#s", "/b/c/g" },
		{ "g?y#s", "/b/c/g?y" },
		{ ";x", "/b/c/;x" },
		{ "g;x", "/b/c/g;x" },
		{ "g;x?y#s", "/b/c/g;x?y" },
		{ "", "/b/c/d;p?q" },
		{ ".", "/b/c/" },
		{ "./", "/b/c/" },
		{ "..", "/b/" },
		{ "../", "/b/" },
		{ "../g", "/b/g" },
		{ "../..", "/" },
		{ "../../", "/" },
		{ "../../g", "/g" },
		{ "../../../g", "/g" },
		{ "../../../../g", "/g" },
		{ "/./g", "/g" },
		{ "/../g", "/g" },
		{ "g.", "/b/c/g." },
		{ ".g", "/b/c/.g" },
		{ "g..", "/b/c/g.." },
		{ "..g", "/b/c/..g" },
		{ "./../g", "/b/g" },
		{ "./g/.", "/b/c/g/" },
		{ "g/./h", "/b/c/g/h" },
		{ "g/../h", "/b/c/h" },
		{ "g;x=1/./y", "/b/c/g;x=1/y" },
		{ "g;x=1/../y", "/b/c/y" },
		{ "g?y/./x", "/b/c/g?y/./x" },
		{ "g?y/../x", "/b/c/g?y/../x" },
	};
	char want[200];

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		snprintf(want, sizeof(want), "http://a%s", examples[i][1]);
		assert_string_equal(
		    resolve("http://a/b/c/d;p?q", examples[i][0]), want);
	}
}

static void
other_origins_are_reached(void **state)
{
	static const char *const cases[][3] = {
		{ "http://a/x", "http://b/y", "http://b/y" },
		{ "http://a/x", "HTTPS://B:8443", "https://b:8443/" },
		{ "http://a/x", "http://b?q", "http://b/?q" },
		{ "http://a/x", "http://b/c/../d?e/../f#g",
		    "http://b/d?e/../f" },
		{ "https://a/x", "//b/y", "https://b/y" },
		{ "http://a/x", "//b:81", "http://b:81/" },
		{ "https://a/x", "http://a/y", "http://a/y" },
		{ "http://[::1]:80/x", "//[::1]:81/y", "http://[::1]:81/y" },
		{ "http://a:8080/b/c", "d", "http://a:8080/b/d" },
		{ "http://a/x", "/caf\xc3\xa9 1", "http://a/caf%C3%A9%201" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    resolve(cases[i][0], cases[i][1]), cases[i][2]);
}

static void
what_is_no_web_page_is_refused(void **state)
{
	static const char *const bad[] = { "ftp://b/", "file:///etc/passwd",
		"mailto:a@b", "http:foo", "javascript:alert(1)", "http://",
		"http://u:s3cret@b/", "//u:s3cret@b/", "http://b:99999/",
		"http://b:0/", "http:///x", "//", "http://b\x01/",
		"http+unix://%2Fvar%2Frun%2Fdocker.sock/info" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *said = resolve("http://a/x", bad[i]);

		if (strstr(said, "://a") != NULL ||
		    strncmp(said, "http", 4) == 0)
			fail_msg("'%s' led to %s", bad[i], said);
		assert_null(strstr(said, "s3cret"));
	}
}

static void
a_server_on_a_socket_is_not_left_by_its_own_name(void **state)
{
	const char *base = "http+unix://%2Frun%2Fx/a/b";

	(void)state;
	assert_string_equal(resolve(base, "c"), "unix:///run/xlocalhost/a/c");
	assert_string_equal(
	    resolve(base, "http://localhost/d"), "unix:///run/xlocalhost/d");
	assert_string_equal(resolve(base, "http://b/d"), "http://b/d");
	assert_string_equal(
	    resolve(base, "https://localhost/d"), "https://localhost/d");
}

static void
it_is_bounded(void **state)
{
	char location[2000];

	(void)state;
	memset(location, 'x', sizeof(location));
	location[0] = '/';
	location[sizeof(location) - 1] = '\0';
	/* The target's buffer says that it failed. */
	assert_string_equal(
	    resolve("http://a/", location), "http://a is too long");
	memcpy(location, "http://a/", 9);
	assert_string_equal(resolve("http://a/", location),
	    "it is longer than a request may be");
}

static void
methods_change_as_in_browsers(void **state)
{
	static const struct {
		int status;
		const char *method;
		bool to_get;
	} cases[] = {
		{ 301, "POST", true },
		{ 302, "POST", true },
		{ 303, "POST", true },
		{ 307, "POST", false },
		{ 308, "POST", false },
		{ 301, "PUT", false },
		{ 302, "DELETE", false },
		{ 303, "PUT", true },
		{ 303, "HEAD", false },
		{ 303, "GET", false },
		{ 302, "GET", false },
	};
	struct ldi_redirect_rule rule = { .limit = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ldi_redirect_to_get(
				     &rule, cases[i].status, cases[i].method),
		    cases[i].to_get);
	rule.keep_post = 1 << 1; /* 302 */
	assert_true(ldi_redirect_to_get(&rule, 301, "POST"));
	assert_false(ldi_redirect_to_get(&rule, 302, "POST"));
	assert_true(ldi_redirect_to_get(&rule, 303, "POST"));
	rule.keep_post = 7;
	assert_false(ldi_redirect_to_get(&rule, 303, "POST"));
	assert_true(ldi_redirect_to_get(&rule, 303, "PUT"));
}

static void
only_five_statuses_redirect(void **state)
{
	(void)state;
	for (int status = 100; status < 600; status++)
		assert_int_equal(ldi_redirect_is(status),
		    status == 301 || status == 302 || status == 303 ||
			status == 307 || status == 308);
}

#define IS(kind, line) ldi_redirect_is_##kind(line, strlen(line))

static void
credentials_and_body_lines_are_known(void **state)
{
	(void)state;
	assert_true(IS(credential, "authorization: Basic eDp5"));
	assert_true(IS(credential, "COOKIE: a=b"));
	assert_false(IS(credential, "Cookies: a=b"));
	assert_false(IS(credential, "X-Authorization: a"));
	assert_true(IS(of_body, "Content-Type: a/b"));
	assert_true(IS(of_body, "expect: 100-continue"));
	assert_false(IS(of_body, "Accept: a/b"));
	assert_false(IS(of_body, "no colon"));
}

int
main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(the_examples_of_the_rfc_hold),
		T(other_origins_are_reached),
		T(what_is_no_web_page_is_refused),
		T(a_server_on_a_socket_is_not_left_by_its_own_name),
		T(it_is_bounded),
		T(methods_change_as_in_browsers),
		T(only_five_statuses_redirect),
		T(credentials_and_body_lines_are_known),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
