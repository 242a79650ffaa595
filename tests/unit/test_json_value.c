/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include <ld/json.h>

static void
parse(struct ld_json *doc, const char *text, size_t len)
{
	ld_json_init(doc);
	assert_int_equal(ld_json_parse(doc, text, len, 0, NULL), LD_OK);
}

#define PARSE(doc, literal) parse(doc, literal, sizeof(literal) - 1)

static void
assert_text(
    const struct ld_json *doc, ld_json_ref ref, const char *want, size_t len)
{
	struct ld_buf buf;

	ld_buf_init(&buf, 1000);
	ld_json_text(doc, ref, &buf);
	assert_int_equal(buf.len, len);
	assert_memory_equal(ld_buf_str(&buf), want, len);
	ld_buf_clear(&buf);
}

static void
members_are_found_by_name(void **state)
{
	struct ld_json doc;

	(void)state;
	PARSE(&doc, "{\"a\":1,\"b\":{\"a\":2},\"\\u0061\":[3],\"\":4,"
		    "\"a\\u0000b\":5}");
	assert_int_equal(ld_json_count(&doc, LD_JSON_ROOT), 5);
	assert_text(&doc, ld_json_get(&doc, LD_JSON_ROOT, "a"), "[3]", 3);
	assert_text(&doc, ld_json_get(&doc, LD_JSON_ROOT, ""), "4", 1);
	assert_text(&doc, ld_json_getn(&doc, LD_JSON_ROOT, "a\0b", 3), "5", 1);
	assert_text(&doc,
	    ld_json_get(&doc, ld_json_get(&doc, LD_JSON_ROOT, "b"), "a"), "2",
	    1);
	assert_int_equal(ld_json_get(&doc, LD_JSON_ROOT, "c"), LD_JSON_NONE);
	assert_int_equal(
	    ld_json_get(&doc, ld_json_get(&doc, LD_JSON_ROOT, "a"), "a"),
	    LD_JSON_NONE);
	ld_json_clear(&doc);
}

static void
elements_are_found_by_index(void **state)
{
	struct ld_json doc;

	(void)state;
	PARSE(&doc, "[[1,2],{\"k\":[]},3]");
	assert_text(&doc, ld_json_at(&doc, LD_JSON_ROOT, 0), "[1,2]", 5);
	assert_text(&doc, ld_json_at(&doc, LD_JSON_ROOT, 1), "{\"k\":[]}", 8);
	assert_text(&doc, ld_json_at(&doc, LD_JSON_ROOT, 2), "3", 1);
	assert_int_equal(ld_json_at(&doc, LD_JSON_ROOT, 3), LD_JSON_NONE);
	assert_int_equal(ld_json_at(&doc, ld_json_at(&doc, LD_JSON_ROOT, 1), 0),
	    LD_JSON_NONE);
	ld_json_clear(&doc);
}

static void
a_walk_meets_every_child_once(void **state)
{
	struct ld_json doc;
	ld_json_ref ref, list;
	const char *keys = "abc";

	(void)state;
	PARSE(&doc, "{\"a\":[[],[1],{\"x\":{}}],\"b\":{},\"c\":null}");
	for (ref = ld_json_first(&doc, LD_JSON_ROOT); ref != LD_JSON_NONE;
	     ref = ld_json_next(&doc, LD_JSON_ROOT, ref)) {
		assert_text(&doc, ref, keys, 1);
		keys++;
	}
	assert_string_equal(keys, "");
	list = ld_json_get(&doc, LD_JSON_ROOT, "a");
	ref = ld_json_first(&doc, list);
	assert_text(&doc, ref, "[]", 2);
	assert_int_equal(ld_json_first(&doc, ref), LD_JSON_NONE);
	ref = ld_json_next(&doc, list, ref);
	assert_text(&doc, ref, "[1]", 3);
	ref = ld_json_next(&doc, list, ref);
	assert_int_equal(ld_json_kind(&doc, ref), LD_JSON_OBJECT);
	assert_int_equal(ld_json_next(&doc, list, ref), LD_JSON_NONE);
	ld_json_clear(&doc);
}

static void
none_is_taken_and_given_back(void **state)
{
	struct ld_json doc;
	size_t len;
	double number;

	(void)state;
	PARSE(&doc, "{}");
	assert_int_equal(ld_json_first(&doc, LD_JSON_NONE), LD_JSON_NONE);
	assert_int_equal(ld_json_value(&doc, LD_JSON_NONE), LD_JSON_NONE);
	assert_int_equal(
	    ld_json_next(&doc, LD_JSON_ROOT, LD_JSON_NONE), LD_JSON_NONE);
	assert_int_equal(
	    ld_json_next(&doc, LD_JSON_NONE, LD_JSON_ROOT), LD_JSON_NONE);
	assert_int_equal(ld_json_get(&doc, LD_JSON_NONE, "a"), LD_JSON_NONE);
	assert_int_equal(ld_json_at(&doc, LD_JSON_NONE, 0), LD_JSON_NONE);
	assert_int_equal(ld_json_kind(&doc, LD_JSON_NONE), LD_JSON_NULL);
	assert_int_equal(ld_json_count(&doc, LD_JSON_NONE), 0);
	assert_string_equal(ld_json_raw(&doc, LD_JSON_NONE, &len), "");
	assert_int_equal(len, 0);
	assert_false(ld_json_is(&doc, LD_JSON_NONE, ""));
	assert_false(ld_json_double(&doc, LD_JSON_NONE, &number));
	assert_text(&doc, LD_JSON_NONE, "", 0);
	ld_json_clear(&doc);
}

static void
escapes_are_decoded(void **state)
{
	static const struct {
		const char *json, *text;
		size_t len;
	} cases[] = {
		{ "\"\"", "", 0 },
		{ "\"plain\"", "plain", 5 },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8 },
		{ "\"a\\u0000b\"", "a\0b", 3 },
		{ "\"\\u0041\\u00fC\\u20AC\"", "A\xc3\xbc\xe2\x82\xac", 6 },
		{ "\"\\ud83d\\uDE00!\"", "\xf0\x9f\x98\x80!", 5 },
		{ "\"\\ud800\\udc00\\udbff\\udfff\"",
		    "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8 },
		{ "\"\\ud83d\"", "\xef\xbf\xbd", 3 },
		{ "\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd", 6 },
		{ "\"\\ud83dx\"", "\xef\xbf\xbdx", 4 },
		{ "\"\\ud83d\\n\"", "\xef\xbf\xbd\n", 4 },
		{ "\"\\ud83d\\u0041\"",
		    "\xef\xbf\xbd"
		    "A",
		    4 },
		{ "\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80",
		    7 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ld_json doc;

		parse(&doc, cases[i].json, strlen(cases[i].json));
		assert_text(&doc, 0, cases[i].text, cases[i].len);
		if (strlen(cases[i].text) == cases[i].len)
			assert_true(ld_json_is(&doc, 0, cases[i].text));
		assert_false(ld_json_is(&doc, 0, "something else"));
		ld_json_clear(&doc);
	}
}

static void
only_what_has_no_escape_is_plain(void **state)
{
	struct ld_json doc;
	const char *text;
	size_t len;

	(void)state;
	PARSE(&doc, "[\"gr\xc3\xbc\xc3\x9f\",\"a\\n\",1]");
	assert_true(ld_json_plain(&doc, 1, &text, &len));
	assert_int_equal(len, 6);
	assert_ptr_equal(text, doc.text + 2);
	assert_false(ld_json_plain(&doc, 2, &text, &len));
	assert_false(ld_json_plain(&doc, 3, &text, &len));
	assert_true(ld_json_is(&doc, 2, "a\n"));
	assert_false(ld_json_is(&doc, 2, "a"));
	assert_false(ld_json_is(&doc, 2, "a\nb"));
	assert_false(ld_json_is(&doc, 3, "1"));
	ld_json_clear(&doc);
}

static void
a_node_knows_its_line_and_column(void **state)
{
	struct ld_json doc;
	unsigned line, column;

	(void)state;
	PARSE(&doc, "{\n  \"a\":\r\n\t[1]\n}");
	ld_json_place(
	    &doc, ld_json_get(&doc, LD_JSON_ROOT, "a"), &line, &column);
	assert_int_equal(line, 3);
	assert_int_equal(column, 2);
	ld_json_offset_place(doc.text, 0, &line, &column);
	assert_int_equal(line, 1);
	assert_int_equal(column, 1);
	ld_json_offset_place("\n\n", 2, &line, &column);
	assert_int_equal(line, 3);
	assert_int_equal(column, 1);
	ld_json_clear(&doc);
}

static void
kinds_have_names(void **state)
{
	static const char *const names[] = { "null", "false", "true", "number",
		"string", "array", "object" };

	(void)state;
	for (int kind = LD_JSON_NULL; kind <= LD_JSON_OBJECT; kind++)
		assert_string_equal(
		    ld_json_kind_name((enum ld_json_kind)kind), names[kind]);
}

int
main(void)
{
#define C(test) cmocka_unit_test(test)
	const struct CMUnitTest tests[] = {
		C(members_are_found_by_name),
		C(elements_are_found_by_index),
		C(a_walk_meets_every_child_once),
		C(none_is_taken_and_given_back),
		C(escapes_are_decoded),
		C(only_what_has_no_escape_is_plain),
		C(a_node_knows_its_line_and_column),
		C(kinds_have_names),
	};
#undef C

	return cmocka_run_group_tests_name("json_value", tests, NULL, NULL);
}
