/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <ld/json.h>
#include <ld/limits.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* A text that may hold NUL bytes. */
struct text {
	const char *at;
	size_t len;
};

#define T(literal)                           \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

/* Parse a copy that ends where the text ends, so that a sanitizer sees any
 * byte read beyond it. */
static enum ld_status
parse(const char *text, size_t len, unsigned flags, struct ld_err *err)
{
	struct ld_json doc;
	char *copy = malloc(len + (len == 0));
	enum ld_status status;

	assert_non_null(copy);
	memcpy(copy, text, len);
	ld_json_init(&doc);
	status = ld_json_parse(&doc, copy, len, flags, err);
	assert_int_equal(status == LD_OK, doc.n > 0);
	ld_json_clear(&doc);
	free(copy);
	return status;
}

/* clang-format off */
static const struct text accepted[] = {
	T("null"), T("true"), T("false"), T("0"), T("-0"), T("\"\""), T("[]"),
	T("{}"), T(" \t\r\n1 \t\r\n"), T("[1,2]"), T("{\"a\":1}"), T("[[]]"),
	T("[{},[]]"), T("{\"\":\"\"}"), T("{\"a\":{\"a\":{}}}"),
	T("{\"a\":1,\"a\":2}"), T("[ ]"), T("{ }"), T("[\n1\n,\n2\n]"),
	T("{ \"a\" : 1 , \"b\" : [ ] }"), T("-1"), T("-1.5"), T("0.0"),
	T("0e0"), T("0E+1"), T("1e-1"), T("1.25E3"), T("123456789012345678901"),
	T("[0]"), T("[-0,0.5]"), T("1e400"), T("1e-400"),
	T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), T("\"\\u0000\""),
	T("\"\\uABCD\\uabcd\""), T("\"\\ud83d\\ude00\""), T("\"\\ud83d\""),
	T("\"\\udc00\\ud800\""), T("\"\x7f\""), T("\"\xc2\x80\""),
	T("\"\xdf\xbf\""), T("\"\xe0\xa0\x80\""), T("\"\xed\x9f\xbf\""),
	T("\"\xee\x80\x80\""), T("\"\xef\xbf\xbf\""), T("\"\xf0\x90\x80\x80\""),
	T("\"\xf4\x8f\xbf\xbf\""), T("\"\xe2\x80\xa8\xe2\x80\xa9\""),
	T("\"\xef\xbb\xbf\""), T("\"seven..\""), T("\"eight...\""),
	T("\"nine.....\""), T("\"seven..\\n\""), T("\"a//b/*c*/#\""),
	T("\"sixteen and more of plain text, then \xc3\xbc and plain again\""),
	T("[\"a\",\"b\"]"), T("[null,true,false]"), T("[1.0e+10,1]"),
};

static const struct text rejected[] = {
	T(""), T(" "), T("\0"), T("nul"), T("nulll"), T("True"), T("NaN"),
	T("Infinity"), T("-Infinity"), T("undefined"), T("truefalse"),
	T("["), T("]"), T("{"), T("}"), T("[1"), T("[1,"), T("[,1]"), T("[1,]"),
	T("[,]"), T("[1 2]"), T("[1,,2]"), T("[}"), T("{]"), T("[1}"),
	T("{\"a\"]"), T("{\"a\""), T("{\"a\":"), T("{\"a\":}"), T("{\"a\":1"),
	T("{\"a\":1]"), T("{\"a\":1,"), T("{\"a\":1,}"), T("{,\"a\":1}"),
	T("{\"a\" 1}"), T("{\"a\":1 \"b\":2}"), T("{\"a\":1,,\"b\":2}"),
	T("{a:1}"), T("{'a':1}"), T("{1:1}"), T("{null:1}"), T("{[]:1}"),
	T("{\"a\":1}}"), T("[1]]"), T("1 2"), T("[]{}"), T("// c\n1"),
	T("1 // c"), T("/**/1"), T("[1]#"), T("'a'"), T("-"), T("+1"), T("--1"),
	T("01"), T("-01"), T("00"), T("1."), T(".5"), T("-.5"), T("1.e1"),
	T("1e"), T("1e+"), T("1E-"), T("1e1.5"), T("1.2.3"), T("1_000"),
	T("0x10"), T("1a"), T("1,"), T("[1e]"), T("[-]"), T("\xef\xbc\x91"),
	T("\""), T("\"a"), T("\"\\"), T("\"\\\""), T("\"\\a\""), T("\"\\'\""),
	T("\"\\x41\""), T("\"\\u\""), T("\"\\u12\""), T("\"\\u123\""),
	T("\"\\u12g4\""), T("\"\\u 123\""), T("\"\\U0041\""), T("\"\\0\""),
	T("\"\\\0\""), T("\"\0\""), T("\"\n\""), T("\"\t\""), T("\"\r\""),
	T("\"\x1f\""), T("\"1234567\n\""), T("\"\x80\""), T("\"\xbf\""),
	T("\"\xc0\x80\""), T("\"\xc1\xbf\""), T("\"\xc2\""), T("\"\xc2"),
	T("\"\xe0\x80\x80\""), T("\"\xe0\x9f\xbf\""), T("\"\xed\xa0\x80\""),
	T("\"\xed\xbf\xbf\""), T("\"\xe2\x82\""), T("\"\xe2\x82"),
	T("\"\xf0\x80\x80\x80\""), T("\"\xf0\x8f\xbf\xbf\""),
	T("\"\xf4\x90\x80\x80\""), T("\"\xf5\x80\x80\x80\""), T("\"\xff\""),
	T("\"\xf0\x9f\x98\""), T("\"\xf0\x9f\x98"), T("\xef\xbb\xbf" "1"),
	T("\xfe\xff\0" "1"), T("1\0"), T("[1]\0"), T("\f1"), T("\v1"),
	T("\xc2\xa0" "1"), T("\xe2\x80\xa8" "1"), T("[\"a\" : 1]"),
	T("{\"a\",1}"), T("[\"a\"\x80]"),
};
/* clang-format on */

static void
well_formed_text_is_accepted(void **state)
{
	struct ld_err err;

	(void)state;
	for (size_t i = 0; i < N(accepted); i++)
		if (parse(accepted[i].at, accepted[i].len, 0, &err) != LD_OK)
			fail_msg("%s: %s", accepted[i].at, err.text);
}

static void
malformed_text_is_refused(void **state)
{
	struct ld_err err;

	(void)state;
	for (size_t i = 0; i < N(rejected); i++) {
		if (parse(rejected[i].at, rejected[i].len, 0, &err) !=
		    LD_SYNTAX)
			fail_msg("accepted: %s", rejected[i].at);
		assert_true(err.line > 0 && err.column > 0);
		assert_non_null(strstr(err.text, ", found "));
		assert_int_equal(
		    parse(rejected[i].at, rejected[i].len, 0, NULL), LD_SYNTAX);
	}
}

static void
a_cut_text_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(accepted); i++) {
		const char *text = accepted[i].at;
		size_t len = accepted[i].len;

		text += strspn(text, " \t\r\n");
		if (strchr("[{\"ntf", *text) == NULL)
			continue; /* numbers may be cut */
		while (--len > 0)
			if (parse(text, len, 0, NULL) == LD_OK)
				fail_msg("accepted: %.*s", (int)len, text);
	}
}

static void
a_failure_says_where_and_what(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *says;
	} cases[] = {
		{ "", 1, 1, "expected a value, found the end of the text" },
		{ "{\"a\":1 x}", 1, 8,
		    "expected ',' or '}' after a member, found 'x'" },
		{ "[1 2]", 1, 4,
		    "expected ',' or ']' after an element, found '2'" },
		{ "{\n  \"a\" = 1\n}", 2, 7,
		    "expected ':' after a key, found '='" },
		{ "{\"a\":1,\n}", 2, 1, "expected a key after ',', found '}'" },
		{ "{a:1}", 1, 2, "expected a key or '}' after '{', found 'a'" },
		{ "{'a':1}", 1, 2,
		    "expected a key or '}' after '{', found \"'\"" },
		{ "[1,]", 1, 4, "expected a value, found ']'" },
		{ "[", 1, 2,
		    "expected a value or ']' after '[', found the end of the "
		    "text" },
		{ "\r\n\r\nNaN", 3, 1, "expected a value, found 'NaN'" },
		{ "[nul]", 1, 2, "expected a value, found 'nul'" },
		{ "true false", 1, 6,
		    "expected the end of the text after the value, found "
		    "'false'" },
		{ "\xef\xbb\xbf{}", 1, 1,
		    "expected a value, found U+FEFF (a byte order mark)" },
		{ "[\xe2\x80\x9c", 1, 2, "expected a value, found U+201C" },
		{ "[\x80", 1, 2, "expected a value, found byte 0x80" },
		{ "\"ab\ncd\"", 1, 4,
		    "a control character in a string must be written as an "
		    "escape, found byte 0x0A" },
		{ "\"\xc3\xbc\xff\"", 1, 4,
		    "invalid UTF-8 in a string, found byte 0xFF" },
		{ "\"a", 1, 3,
		    "expected '\"' at the end of a string, found the end of "
		    "the text" },
		{ "\"\\q\"", 1, 3,
		    "expected one of \" \\ / b f n r t u after '\\', found "
		    "'q'" },
		{ "\"\\u12x4\"", 1, 6,
		    "expected four hexadecimal digits after '\\u', found "
		    "'x4'" },
		{ "-x", 1, 2, "expected a digit after '-', found 'x'" },
		{ "1.x", 1, 3, "expected a digit after '.', found 'x'" },
		{ "1e+", 1, 4,
		    "expected a digit in the exponent, found the end of the "
		    "text" },
		{ "012", 1, 2,
		    "expected no digit after a leading 0, found "
		    "'12'" },
	};
	struct ld_err err;

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		assert_int_equal(
		    parse(cases[i].text, strlen(cases[i].text), 0, &err),
		    LD_SYNTAX);
		assert_string_equal(err.text, cases[i].says);
		assert_int_equal(err.line, cases[i].line);
		assert_int_equal(err.column, cases[i].column);
	}
}

/* `depth` brackets that open, and as many that close. */
static enum ld_status
parse_nested(size_t depth, struct ld_err *err)
{
	char *text = malloc(2 * depth);
	enum ld_status status;

	assert_non_null(text);
	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	status = parse(text, 2 * depth, 0, err);
	free(text);
	return status;
}

static void
nesting_is_bounded(void **state)
{
	struct ld_err err;

	(void)state;
	assert_int_equal(parse_nested(LD_MAX_JSON_DEPTH, &err), LD_OK);
	assert_int_equal(parse_nested(LD_MAX_JSON_DEPTH + 1, &err), LD_SYNTAX);
	assert_int_equal(err.column, LD_MAX_JSON_DEPTH + 1);
	assert_string_equal(
	    err.text, "more than 256 levels of nesting, found '['");
	assert_int_equal(parse_nested(100000, &err), LD_SYNTAX);
}

static void
a_text_over_the_ceiling_is_refused(void **state)
{
	struct ld_json doc;
	struct ld_err err;

	(void)state;
	ld_json_init(&doc);
	assert_int_equal(
	    ld_json_parse(&doc, "1", LD_MAX_DOCUMENT + 1, 0, &err), LD_NOMEM);
	assert_int_equal(doc.n, 0);
	assert_int_equal(ld_json_parse(&doc, NULL, 0, 0, NULL), LD_SYNTAX);
}

static void
a_byte_order_mark_is_skipped_on_request(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("\xef\xbb\xbf[]", 5, LD_JSON_ALLOW_BOM, NULL), LD_OK);
	assert_int_equal(parse("[]", 2, LD_JSON_ALLOW_BOM, NULL), LD_OK);
	assert_int_equal(
	    parse("\xef\xbb", 2, LD_JSON_ALLOW_BOM, NULL), LD_SYNTAX);
	assert_int_equal(
	    parse("\xef\xbb\xbf\xef\xbb\xbf[]", 8, LD_JSON_ALLOW_BOM, NULL),
	    LD_SYNTAX);
}

static void
what_follows_is_left_alone_on_request(void **state)
{
	struct ld_json doc;
	struct ld_err err;

	(void)state;
	ld_json_init(&doc);
	assert_int_equal(
	    ld_json_parse(&doc, " [1] rest", 9, LD_JSON_ALLOW_TRAILING, &err),
	    LD_OK);
	assert_int_equal(doc.nodes[0].off + doc.nodes[0].len, 4);
	ld_json_clear(&doc);
}

static void
the_tape_is_flat_and_in_order(void **state)
{
	static const char text[] = " {\"a\" : [1, {}], \"\\n\":null}";
	static const struct {
		uint32_t off, len, skip;
		enum ld_json_kind kind;
		unsigned escaped, count;
	} nodes[] = {
		{ 1, 26, 7, LD_JSON_OBJECT, 0, 2 },
		{ 2, 3, 1, LD_JSON_STRING, 0, 0 },
		{ 8, 7, 3, LD_JSON_ARRAY, 0, 2 },
		{ 9, 1, 1, LD_JSON_NUMBER, 0, 0 },
		{ 12, 2, 1, LD_JSON_OBJECT, 0, 0 },
		{ 17, 4, 1, LD_JSON_STRING, 1, 0 },
		{ 22, 4, 1, LD_JSON_NULL, 0, 0 },
	};
	struct ld_json doc;

	(void)state;
	ld_json_init(&doc);
	assert_int_equal(
	    ld_json_parse(&doc, text, sizeof(text) - 1, 0, NULL), LD_OK);
	assert_int_equal(doc.n, N(nodes));
	for (size_t i = 0; i < N(nodes); i++) {
		assert_int_equal(doc.nodes[i].off, nodes[i].off);
		assert_int_equal(doc.nodes[i].len, nodes[i].len);
		assert_int_equal(doc.nodes[i].skip, nodes[i].skip);
		assert_int_equal(doc.nodes[i].kind, nodes[i].kind);
		assert_int_equal(doc.nodes[i].escaped, nodes[i].escaped);
		assert_int_equal(doc.nodes[i].count, nodes[i].count);
	}
	ld_json_clear(&doc);
}

static void
a_document_is_used_again_without_allocation(void **state)
{
	struct ld_json doc;
	struct ld_json_node *nodes;
	char many[2001];

	(void)state;
	memset(many, '1', sizeof(many));
	for (size_t i = 2; i < sizeof(many); i += 2)
		many[i] = ',';
	many[0] = '[';
	many[sizeof(many) - 1] = ']';
	ld_json_init(&doc);
	assert_int_equal(
	    ld_json_parse(&doc, many, sizeof(many), 0, NULL), LD_OK);
	assert_int_equal(doc.n, 1001);
	nodes = doc.nodes;
	assert_int_equal(ld_json_parse(&doc, "[", 1, 0, NULL), LD_SYNTAX);
	assert_int_equal(doc.n, 0);
	assert_int_equal(ld_json_kind(&doc, LD_JSON_ROOT), LD_JSON_NULL);
	assert_int_equal(
	    ld_json_parse(&doc, many, sizeof(many), 0, NULL), LD_OK);
	assert_ptr_equal(doc.nodes, nodes);
	assert_int_equal(ld_json_count(&doc, LD_JSON_ROOT), 1000);
	ld_json_clear(&doc);
	assert_null(doc.nodes);
}

/* The scans take eight bytes at a time: whatever ends a run, it is found at
 * every place in a word, and nothing else is. */
static void
every_byte_at_every_place_is_judged_alike(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		bool plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';

		for (size_t at = 1; at < 20; at++) {
			char text[22];

			memset(text, 'x', sizeof(text));
			text[0] = text[21] = '"';
			text[at] = (char)c;
			assert_int_equal(
			    plain, parse(text, sizeof(text), 0, NULL) == LD_OK);
			memset(text, '1', sizeof(text));
			text[at] = (char)c;
			assert_int_equal((c >= '0' && c <= '9') || c == '.' ||
					     c == 'e' || c == 'E',
			    parse(text, sizeof(text), 0, NULL) == LD_OK);
		}
	}
}

int
main(void)
{
#define C(test) cmocka_unit_test(test)
	const struct CMUnitTest tests[] = {
		C(well_formed_text_is_accepted),
		C(malformed_text_is_refused),
		C(a_cut_text_is_refused),
		C(a_failure_says_where_and_what),
		C(nesting_is_bounded),
		C(a_text_over_the_ceiling_is_refused),
		C(a_byte_order_mark_is_skipped_on_request),
		C(what_follows_is_left_alone_on_request),
		C(the_tape_is_flat_and_in_order),
		C(a_document_is_used_again_without_allocation),
		C(every_byte_at_every_place_is_judged_alike),
	};
#undef C

	return cmocka_run_group_tests_name("json_read", tests, NULL, NULL);
}
