/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"

/* RFC 4648, 10. */
static const struct {
	const char *bytes, *text;
} vectors[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xff\xfe\xfd", "//79" },
	{ "\xfb\xef\xbe", "++++" },
};

static void
the_vectors_of_the_rfc_hold_both_ways(void **state)
{
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 100);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		ld_buf_reset(&buf);
		ldi_base64_add(
		    &buf, vectors[i].bytes, strlen(vectors[i].bytes));
		assert_string_equal(ld_buf_str(&buf), vectors[i].text);
		ld_buf_reset(&buf);
		assert_true(ldi_base64_decode(
		    &buf, vectors[i].text, strlen(vectors[i].text)));
		assert_string_equal(ld_buf_str(&buf), vectors[i].bytes);
	}
	ld_buf_clear(&buf);
}

static void
padding_may_be_missing_but_not_wrong(void **state)
{
	static const char *const bad[] = { "Z",
		"Zg=", "Zm8==", "Zm9v=", "Zm9vY", "Zm 9v", "Zm9v\n",
		"Zg==Zg==", "====", "=", "Z-_v", "Zm9\xc3" };
	struct ld_buf buf;

	(void)state;
	ld_buf_init(&buf, 100);
	assert_true(ldi_base64_decode(&buf, "Zm8", 3));
	assert_string_equal(ld_buf_str(&buf), "fo");
	assert_true(ldi_base64_decode(&buf, "Zg", 2));
	assert_string_equal(ld_buf_str(&buf), "fof");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ldi_base64_decode(&buf, bad[i], strlen(bad[i])))
			fail_msg("'%s' was taken", bad[i]);
	ld_buf_clear(&buf);
}

static void
every_byte_comes_back(void **state)
{
	unsigned char bytes[257];
	struct ld_buf text, back;

	(void)state;
	ld_buf_init(&text, 1000);
	ld_buf_init(&back, 1000);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 7);
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		ld_buf_reset(&text);
		ld_buf_reset(&back);
		ldi_base64_add(&text, bytes, len);
		assert_int_equal(text.len, (len + 2) / 3 * 4);
		assert_true(ldi_base64_decode(&back, text.data, text.len));
		assert_int_equal(back.len, len);
		if (len > 0)
			assert_memory_equal(back.data, bytes, len);
	}
	ld_buf_clear(&text);
	ld_buf_clear(&back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc_hold_both_ways),
		cmocka_unit_test(padding_may_be_missing_but_not_wrong),
		cmocka_unit_test(every_byte_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
