/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/redact.h"
#include "data/redact_json.h"

static struct ld_redactor *
redactor_with(const char *value)
{
	struct ld_redactor *r = ld_redactor_new();
	struct ld_err err = LD_ERR_INIT;

	assert_non_null(r);
	assert_int_equal(
	    ld_redactor_secret(r, "s", value, strlen(value), &err), LD_OK);
	return r;
}

static void
check_by(const struct ld_redactor *r, const char *text, const char *want)
{
	char out[2048];
	size_t n = ldi_redact(r, NULL, 0, text, strlen(text), out, sizeof(out));

	if (n != strlen(want) || memcmp(out, want, n) != 0) {
		print_error("# %s -> %.*s, not %s\n", text, (int)n, out, want);
		fail();
	}
}

/* With this one secret. */
static void
check(const char *value, const char *text, const char *want)
{
	struct ld_redactor *r = redactor_with(value);

	check_by(r, text, want);
	ld_redactor_free(r);
}

static void
a_secret_is_found_in_every_spelling(void **state)
{
	static const char secret[] = "s3cret/+ \"q\"\xc3\xa9";

	(void)state;
	check(secret, "a s3cret/+ \"q\"\xc3\xa9 b", "a *** b");
	check(secret, "x=s3cret%2F%2B%20%22q%22%C3%A9&y", "x=***&y");
	check(secret, "x=s3cret%2f%2b+%22q%22%c3%a9&y", "x=***&y");
	check(secret, "x=s3cret%252F%252B%2520%2522q%2522%25C3%25A9&y",
	    "x=***&y");
	check(secret, "{\"a\":\"s3cret\\/+ \\\"q\\\"\\u00e9\"}",
	    "{\"a\":\"***\"}");
	check(secret,
	    "\"{\\\"a\\\":\\\"s3cret/+ \\\\\\\"q\\\\\\\"\\u00e9\\\"}\"",
	    "\"{\\\"a\\\":\\\"***\\\"}\"");
	check(secret, "s3cret/+ &quot;q&#34;\\xc3\\xa9", "***");
}

static void
base64_is_found_wherever_it_begins(void **state)
{
	static const char secret[] = "correct horse battery";

	(void)state;
	/* "u:", "us:", "use:" in front of it. */
	check(secret, "Basic dTpjb3JyZWN0IGhvcnNlIGJhdHRlcnk=", "Basic ***");
	check(secret, "<dXM6Y29ycmVjdCBob3JzZSBiYXR0ZXJ5>", "<dXM6***>");
	check(
	    secret, "(dXNlOmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==)", "(dXNlOm***Q==)");
}

static void
a_part_of_a_secret_is_one_where_the_text_was_cut(void **state)
{
	(void)state;
	check("abcdefghijklmnop", "was abcdefghijkl...", "was ***...");
	check("abcdefghijklmnop", "got abcdefgh", "got ***");
	check("abcdefghijklmnop", "the abc is known", "the abc is known");
}

static void
a_whole_text_may_end_like_a_secret_begins(void **state)
{
	static const char name[] = "POST /shop/api/cart";
	struct ld_redactor *r = ld_redactor_new();
	char out[100];

	(void)state;
	ldi_redactor_taint(r, "cart=8x1-13x1", 13);
	check_by(r, "no cart=8x1-13x1", "no ***");
	assert_int_equal(
	    ldi_redact_whole(r, name, strlen(name), out, sizeof(out)),
	    strlen(name));
	assert_memory_equal(out, name, strlen(name));
	assert_int_equal(
	    ldi_redact_whole(r, "a 8x1-13x1", 10, out, sizeof(out)), 5);
	ld_redactor_free(r);
}

static void
names_tell_where_no_value_is_known(void **state)
{
	(void)state;
	check_by(NULL, "/a?token=abc&x=1", "/a?token=***&x=1");
	check_by(NULL, "{\"password\": \"x y\", \"n\": 1}",
	    "{\"password\": \"***\", \"n\": 1}");
	check_by(NULL, "{\\\"password\\\":\\\"a\\\\\\\"b\\\",\\\"n\\\":1}",
	    "{\\\"password\\\":\\\"***\\\",\\\"n\\\":1}");
	check_by(
	    NULL, "{'api_key': 'k', 'n': 1}", "{'api_key': '***', 'n': 1}");
	check_by(NULL, "Authorization: Bearer abc\r\nHost: h",
	    "Authorization: ***\r\nHost: h");
	check_by(NULL, "got Bearer eyJhbGciOi.x1", "got Bearer ***");
	check_by(NULL, "http://u:pw@h/p", "http://u:***@h/p");
	check_by(NULL, "redis://tok3n@h:1/0", "redis://***@h:1/0");
	check_by(NULL, "/a?token=${t}", "/a?token=${t}");
	check_by(NULL, "the key: it is lost, monkey=2",
	    "the key: it is lost, monkey=2");
	check_by(NULL, "", "");
}

static void
what_a_header_holds_is_hidden_in_its_parts(void **state)
{
	struct ld_redactor *r = ld_redactor_new();

	(void)state;
	ldi_redactor_taint(r, "Bearer abc.def-123", 18);
	ldi_redactor_taint(r, "sid=q1w2e3r4; theme=t5y6u7", 26);
	ldi_redactor_taint(r, "Basic dTpodW50ZXIy", 18);
	ldi_redactor_scan(r, "{\"sort_key\":\"created_at\"}", 25);
	check_by(r, "abc.def-123 q1w2e3r4 t5y6u7 hunter2", "*** *** *** ***");
	check_by(r, "ORDER BY created_at", "ORDER BY created_at");
	ld_redactor_free(r);
}

static void
what_a_session_knows_is_hidden(void **state)
{
	const struct ld_str more[] = { { "row-secret", 10 }, { "ab", 2 } };
	char out[100];
	size_t n = ldi_redact(NULL, more, 2, "ab row-secret cm93LXNlY3JldA", 28,
	    out, sizeof(out));

	(void)state;
	assert_int_equal(n, strlen("ab *** ***A"));
	/* Two bits of the last letter are not the secret's. */
	assert_memory_equal(out, "ab *** ***A", n);
}

static void
no_mask_is_cut(void **state)
{
	struct ld_redactor *r = redactor_with("topsecret");
	char out[8];

	(void)state;
	for (size_t size = 0; size <= sizeof(out); size++) {
		size_t n =
		    ldi_redact(r, NULL, 0, "a topsecret b", 13, out, size);

		assert_true(n <= size);
		assert_int_equal(n, size < 2 ? size : size < 5 ? 2 : n);
	}
	ld_redactor_free(r);
}

static void
a_secret_that_cannot_be_hidden_is_refused(void **state)
{
	struct ld_redactor *r = redactor_with("value-1");
	struct ld_err err = LD_ERR_INIT;

	(void)state;
	assert_int_equal(
	    ld_redactor_secret(r, "a", "abc", 3, &err), LD_INVALID);
	assert_null(strstr(err.text, "abc"));
	assert_int_equal(ld_redactor_secret(r, "a", "", 0, &err), LD_INVALID);
	assert_int_equal(
	    ld_redactor_secret(r, "s", "value-2", 7, &err), LD_INVALID);
	assert_non_null(strstr(err.text, "twice"));
	assert_int_equal(
	    ld_redactor_secret(r, "a", "ab\0cd", 5, &err), LD_INVALID);
	assert_int_equal(
	    ld_redactor_option(r, "b=opensesame", &err), LD_INVALID);
	assert_null(strstr(err.text, "opensesame"));
	assert_int_equal(ld_redactor_option(r, "=@x", &err), LD_INVALID);
	assert_int_equal(ld_redactor_option(r, "b", &err), LD_INVALID);
	assert_int_equal(ld_redactor_option(r, "b=fd:-1", &err), LD_INVALID);
	assert_int_equal(
	    ld_redactor_option(r, "b=env:LD_NOBODY_SETS_THIS", &err),
	    LD_INVALID);
	assert_int_not_equal(
	    ld_redactor_option(r, "b=@/nowhere/at/all", &err), LD_OK);
	ld_redactor_free(r);
}

static void
errors_lose_what_is_known_and_no_word_else(void **state)
{
	struct ld_redactor *r = redactor_with("opensesame");
	struct ld_err err = LD_ERR_INIT;

	(void)state;
	ld_err_set(&err, LD_INVALID,
	    "'token': a number is wanted here, not 'opensesame'");
	ld_redactor_err(r, &err);
	assert_string_equal(
	    err.text, "'token': a number is wanted here, not '***'");
	ld_redactor_free(r);
}

static void
json_stays_json(void **state)
{
	static const char text[] =
	    "{\"token\":{\"a\":[1,\"x\",null]},\"opensesame\":"
	    "\"is opensesame\",\"n\":1.50}";
	struct ld_redactor *r = redactor_with("opensesame");
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 4096);
	assert_int_equal(
	    ldi_redact_json(r, text, strlen(text), &out, &err), LD_OK);
	assert_string_equal(ld_buf_str(&out),
	    "{\"token\":{\"a\":[\"***\",\"***\",null]},\"***\":"
	    "\"is ***\",\"n\":1.50}");
	ld_buf_reset(&out);
	assert_int_equal(ldi_redact_json(r, "{", 1, &out, &err), LD_SYNTAX);
	ld_redactor_show(r);
	ld_buf_reset(&out);
	assert_int_equal(
	    ldi_redact_json(r, text, strlen(text), &out, &err), LD_OK);
	assert_string_equal(ld_buf_str(&out), text);
	ld_buf_clear(&out);
	ld_redactor_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_is_found_in_every_spelling),
		cmocka_unit_test(base64_is_found_wherever_it_begins),
		cmocka_unit_test(
		    a_part_of_a_secret_is_one_where_the_text_was_cut),
		cmocka_unit_test(a_whole_text_may_end_like_a_secret_begins),
		cmocka_unit_test(names_tell_where_no_value_is_known),
		cmocka_unit_test(what_a_header_holds_is_hidden_in_its_parts),
		cmocka_unit_test(what_a_session_knows_is_hidden),
		cmocka_unit_test(no_mask_is_cut),
		cmocka_unit_test(a_secret_that_cannot_be_hidden_is_refused),
		cmocka_unit_test(errors_lose_what_is_known_and_no_word_else),
		cmocka_unit_test(json_stays_json),
	};

	return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
