/* SPDX-License-Identifier: MIT */
/* Methods, credentials and the frame of multipart bodies. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/auth.h"
#include "http/method.h"
#include "http/multipart.h"

static void
methods_are_known_in_any_case(void **state)
{
	(void)state;
	assert_string_equal(ldi_method_find("get")->name, "GET");
	assert_string_equal(ldi_method_find("PropFind")->name, "PROPFIND");
	assert_true(ldi_method_find("put")->idempotent);
	assert_true(ldi_method_find("put")->has_body);
	assert_false(ldi_method_find("post")->idempotent);
	assert_false(ldi_method_find("patch")->idempotent);
	assert_false(ldi_method_find("lock")->idempotent);
	assert_false(ldi_method_find("head")->has_body);
	assert_null(ldi_method_find("PURGE"));
	assert_null(ldi_method_find("CONNECT"));
	assert_null(ldi_method_find(""));
}

static void
a_misspelt_method_is_near_one(void **state)
{
	static const char *const far[] = { "PURGE", "BAN", "LIST", "VIEW",
		"FETCH", "NOTIFY", "SUBSCRIBE",
		"ANAMETHATISLONGERTHANEVERYNAMETHEREIS" };

	(void)state;
	assert_string_equal(ldi_method_nearest("GTE"), "GET");
	assert_string_equal(ldi_method_nearest("pots"), "POST");
	assert_string_equal(ldi_method_nearest("delte"), "DELETE");
	assert_string_equal(ldi_method_nearest("Option"), "OPTIONS");
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		if (ldi_method_nearest(far[i]) != NULL)
			fail_msg("%s is near %s", far[i],
			    ldi_method_nearest(far[i]));
}

static void
basic_credentials_are_those_of_the_rfc(void **state)
{
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 100);
	/* RFC 7617, 2 and 2.1. */
	assert_null(ldi_auth_basic_add(&buf, "Aladdin:open sesame", 7, 19));
	assert_string_equal(
	    ld_buf_str(&buf), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	ld_buf_reset(&buf);
	assert_null(ldi_auth_basic_add(&buf, "test:123\xc2\xa3", 4, 10));
	assert_string_equal(ld_buf_str(&buf), "Basic dGVzdDoxMjPCow==");
	ld_buf_reset(&buf);
	assert_null(ldi_auth_basic_add(&buf, "u:a:b", 1, 5));
	assert_string_equal(ld_buf_str(&buf), "Basic dTphOmI=");
	ld_buf_reset(&buf);
	assert_null(ldi_auth_basic_add(&buf, ":", 0, 1));
	assert_string_equal(ld_buf_str(&buf), "Basic Og==");
	ld_buf_clear(&buf);
}

static void
credentials_that_cannot_be_sent_are_not_shown(void **state)
{
	const char *why;
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 100);
	why = ldi_auth_basic_add(&buf, "na:me:s3cret", 5, 12);
	assert_non_null(why);
	assert_null(strstr(why, "s3cret"));
	assert_non_null(ldi_auth_basic_add(&buf, "u:s3cr\net", 1, 9));
	assert_non_null(ldi_auth_bearer_add(&buf, "", 0));
	assert_non_null(ldi_auth_bearer_add(&buf, "a b", 3));
	assert_non_null(ldi_auth_bearer_add(&buf, "a\r\nX: y", 7));
	assert_int_equal(buf.len, 0);
	assert_null(ldi_auth_bearer_add(&buf, "a.b-c_d~e+f/g==", 15));
	assert_string_equal(ld_buf_str(&buf), "Bearer a.b-c_d~e+f/g==");
	ld_buf_clear(&buf);
}

static void
a_boundary_depends_on_seed_task_and_attempt_alone(void **state)
{
	char a[LDI_MULTIPART_BOUNDARY], b[LDI_MULTIPART_BOUNDARY];

	(void)state;
	ldi_multipart_boundary(7, 1, 0, a);
	ldi_multipart_boundary(7, 1, 0, b);
	assert_string_equal(a, b);
	assert_int_equal(strlen(a), 35);
	assert_int_equal(strspn(a, "ld-0123456789abcdef"), 35);
	ldi_multipart_boundary(8, 1, 0, b);
	assert_string_not_equal(a, b);
	ldi_multipart_boundary(7, 2, 0, b);
	assert_string_not_equal(a, b);
	ldi_multipart_boundary(7, 1, 1, b);
	assert_string_not_equal(a, b);
}

static void
nothing_breaks_out_of_quotation_marks(void **state)
{
	static const char name[] = "a\"b\r\nc\\d\x7f\0e";
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 100);
	ldi_multipart_quote_add(&buf, name, sizeof(name) - 1);
	assert_string_equal(ld_buf_str(&buf), "a%22b%0D%0Ac\\d%7F%00e");
	ld_buf_clear(&buf);
}

static void
a_file_is_typed_by_its_name(void **state)
{
	(void)state;
	assert_string_equal(ldi_multipart_base_name("/a/b.txt"), "b.txt");
	assert_string_equal(ldi_multipart_base_name("b"), "b");
	assert_string_equal(ldi_multipart_type("x.tar.PNG"), "image/png");
	assert_string_equal(
	    ldi_multipart_type("png"), "application/octet-stream");
	assert_string_equal(ldi_multipart_type(""), "application/octet-stream");
}

int
main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(methods_are_known_in_any_case),
		T(a_misspelt_method_is_near_one),
		T(basic_credentials_are_those_of_the_rfc),
		T(credentials_that_cannot_be_sent_are_not_shown),
		T(a_boundary_depends_on_seed_task_and_attempt_alone),
		T(nothing_breaks_out_of_quotation_marks),
		T(a_file_is_typed_by_its_name),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
