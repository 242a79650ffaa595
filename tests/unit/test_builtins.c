/* SPDX-License-Identifier: MIT */
/* Python's functions as commands.  What is wanted is what CPython 3.11 gives;
 * an integer beyond 2^53 is a string in a record. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "action_value.h"

struct call {
	const char *command, *args, *want;
};

static void
expect(const struct call *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = action_value(calls[i].command, calls[i].args);

		if (strcmp(got, calls[i].want) != 0)
			print_error(
			    "# %s %s\n", calls[i].command, calls[i].args);
		assert_string_equal(got, calls[i].want);
	}
}

#define EXPECT(calls) expect(calls, sizeof(calls) / sizeof(calls[0]))

static void
integers_are_exact_whatever_their_length(void **state)
{
	static const struct call calls[] = {
		{ "abs", "[-3]", "3" },
		{ "abs", "[-9007199254740991]", "9007199254740991" },
		{ "abs", "[-9007199254740992]", "\"9007199254740992\"" },
		{ "abs", "[-123456789012345678901234567890]",
		    "\"123456789012345678901234567890\"" },
		{ "pow", "[2, 10]", "1024" },
		{ "pow", "[-3, 41]", "\"-36472996377170786403\"" },
		{ "pow", "[-1, 123456789012345678901]", "-1" },
		{ "pow", "[0, 0]", "1" },
		{ "pow", "[2, 100, 1000007]", "698635" },
		{ "pow", "[3, -1, 7]", "5" },
		{ "pow", "[3, 2, -5]", "-1" },
		{ "divmod", "[-7, 2]", "[-4,1]" },
		{ "divmod", "[7, -2]", "[-4,-1]" },
		{ "divmod", "[100000000000000000000, 7]",
		    "[\"14285714285714285714\",2]" },
		{ "sum", "[[9007199254740992, 1]]", "\"9007199254740993\"" },
		{ "hex", "[255]", "\"0xff\"" },
		{ "hex", "[-4722366482869645213696]",
		    "\"-0x1000000000000000000\"" },
		{ "oct", "[8]", "\"0o10\"" },
		{ "bin", "[0]", "\"0b0\"" },
		{ "bin", "[true]", "\"0b1\"" },
		{ "round", "[25, -1]", "20" },
		{ "round", "[-35, -1]", "-40" },
		{ "round", "[99999999999999999999, -1]",
		    "\"100000000000000000000\"" },
		{ "max", "[[9007199254740992.0, 9007199254740993]]",
		    "\"9007199254740993\"" },
		{ "min", "[9007199254740993, 9007199254740992.0]",
		    "9007199254740992.0" },
	};

	(void)state;
	EXPECT(calls);
}

static void
doubles_are_those_of_python(void **state)
{
	static const struct call calls[] = {
		{ "abs", "[-0.0]", "0.0" },
		{ "abs", "[-1e22]", "1e+22" },
		{ "abs", "[0.0001]", "0.0001" },
		{ "abs", "[0.00001]", "1e-05" },
		{ "sum", "[[0.1, 0.2]]", "0.30000000000000004" },
		{ "sum", "[[1, 2], 0.5]", "3.5" },
		{ "round", "[2.5]", "2" },
		{ "round", "[3.5]", "4" },
		{ "round", "[-0.4]", "0" },
		{ "round", "[2.675, 2]", "2.67" },
		{ "round", "[{}]",
		    "failed: a number is wanted, not an object" },
		{ "round", "{\"number\": 1234.5, \"ndigits\": -2}", "1200.0" },
		{ "round", "[5e20]", "\"500000000000000000000\"" },
		{ "round", "[1.5, null]", "2" },
		{ "divmod", "[-7.5, 2]", "[-4.0,0.5]" },
		{ "divmod", "[1, 0.1]", "[9.0,0.09999999999999995]" },
		{ "pow", "[2, -2]", "0.25" },
		{ "pow", "{\"base\": 4, \"exp\": 0.5}", "2.0" },
	};

	(void)state;
	EXPECT(calls);
}

static void
what_python_raises_fails_the_action(void **state)
{
	static const struct call calls[] = {
		{ "abs", "[\"a\"]",
		    "failed: a number is wanted, not a string" },
		{ "pow", "[10, 4300]",
		    "failed: the result has more than 4300 digits" },
		{ "pow", "[2, 99999999999999999999]",
		    "failed: the result has more than 4300 digits" },
		{ "pow", "[0, -1]",
		    "failed: zero to a negative power is no number" },
		{ "pow", "[-8, 0.5]",
		    "failed: the result would be a complex number" },
		{ "pow", "[10.0, 400]",
		    "failed: the result is beyond the "
		    "largest number there is" },
		{ "pow", "[2, -1, 4]",
		    "failed: it has no inverse for this modulus" },
		{ "pow", "[2, 2, 0]", "failed: the modulus is 0" },
		{ "pow", "[2, 2.0, 3]",
		    "failed: a modulus goes with integers only" },
		{ "divmod", "[1, 0]", "failed: division by zero" },
		{ "divmod", "[1.5, 0.0]", "failed: division by zero" },
		{ "hex", "[1.0]",
		    "failed: an integer is wanted, not one with "
		    "a fraction or an exponent" },
		{ "abs", "[1e999]",
		    "failed: this number is beyond the largest there is" },
		{ "chr", "[1114112]",
		    "failed: a character is a number from 0 to 1114111" },
		{ "chr", "[55296]",
		    "failed: half of a surrogate pair is no character" },
		{ "ord", "[\"ab\"]",
		    "failed: a string of one character is wanted" },
		{ "ord", "[\"\"]",
		    "failed: a string of one character is wanted" },
		{ "len", "[5]",
		    "failed: a list, a string or an object is "
		    "wanted, not a number" },
		{ "max", "[[]]", "failed: there is nothing in it" },
		{ "max", "[1, \"a\"]",
		    "failed: a number and a string have no order" },
		{ "sorted", "[[{}, {}]]",
		    "failed: an object and an object have no order" },
		{ "sum", "[[1, \"a\"]]",
		    "failed: a number is wanted, not a string" },
		{ "sum", "[\"ab\"]",
		    "failed: a number is wanted, not a string" },
		{ "sum", "[[1], []]",
		    "failed: a list is wanted here, as "
		    "`start` is one, not a number" },
		{ "range", "[0, 5, 0]", "failed: a step of 0 never ends" },
		{ "range", "[100001]",
		    "failed: a list of 100001 integers is "
		    "too long; at most 100000" },
		{ "range", "[99999999999999999999]",
		    "failed: this integer is too large here" },
	};

	(void)state;
	EXPECT(calls);
}

static void
lists_strings_and_objects_are_walked(void **state)
{
	static const struct call calls[] = {
		{ "len", "[\"a\\u20ac\\ud83d\\ude00\"]", "3" },
		{ "len", "[[1, [2, 3]]]", "2" },
		{ "len", "[{\"a\": 1}]", "1" },
		{ "range", "[3]", "[0,1,2]" },
		{ "range", "[1, 8, 3]", "[1,4,7]" },
		{ "range", "[3, 0, -1]", "[3,2,1]" },
		{ "range",
		    "[-9223372036854775808, 9223372036854775807, "
		    "9223372036854775807]",
		    "[\"-9223372036854775808\",-1,\"9223372036854775806\"]" },
		{ "range", "[5, 5]", "[]" },
		{ "sorted", "[[3, 1, 2.5, true]]", "[1,true,2.5,3]" },
		{ "sorted", "[\"bca\"]", "[\"a\",\"b\",\"c\"]" },
		{ "sorted", "[{\"z\": 1, \"a\": 2}]", "[\"a\",\"z\"]" },
		{ "sorted", "[[[1, \"b\"], [1, \"a\"], [1]]]",
		    "[[1],[1,\"a\"],[1,\"b\"]]" },
		{ "min", "[\"b\", \"a\"]", "\"a\"" },
		{ "max", "[\"hello\"]", "\"o\"" },
		{ "all", "[[1, \"x\", [0]]]", "true" },
		{ "all", "[[]]", "true" },
		{ "all", "[[1, 0.0]]", "false" },
		{ "any", "[[0, \"\", null, {}, -0]]", "false" },
		{ "any", "[[[], false, \"0\"]]", "true" },
		{ "sum", "[[[1], [[2]]], [0]]", "[0,1,[2]]" },
		{ "chr", "[8364]", "\"\xe2\x82\xac\"" },
		{ "ord", "[\"\\ud83d\\ude00\"]", "128512" },
	};

	(void)state;
	EXPECT(calls);
}

static void
repr_is_that_of_python(void **state)
{
	static const struct call calls[] = {
		{ "repr", "[null]", "\"None\"" },
		{ "repr", "[[true, 1, 1.0, -0, 1e3, \"a\"]]",
		    "\"[True, 1, 1.0, 0, 1000.0, 'a']\"" },
		{ "repr", "[{\"k\": {\"v\": []}}]", "\"{'k': {'v': []}}\"" },
		{ "repr", "[\"it's\"]", "\"\\\"it's\\\"\"" },
		{ "repr", "[\"it's \\\"x\\\"\"]", "\"'it\\\\'s \\\"x\\\"'\"" },
		{ "repr", "[\"\\n\\u0001\\u00a0\\u202e\\u20ac\"]",
		    "\"'\\\\n\\\\x01\\\\xa0\\\\u202e\xe2\x82\xac'\"" },
		{ "ascii", "[\"\\u00e9\\u20ac\\ud83d\\ude00\"]",
		    "\"'\\\\xe9\\\\u20ac\\\\U0001f600'\"" },
		{ "repr", "[12345678901234567890]",
		    "\"12345678901234567890\"" },
	};

	(void)state;
	EXPECT(calls);
}

static void
format_takes_the_whole_mini_language(void **state)
{
	static const struct call calls[] = {
		{ "format", "[[1, null]]", "\"[1, None]\"" },
		{ "format", "[255, \"#06x\"]", "\"0x00ff\"" },
		{ "format", "[1234567, \",\"]", "\"1,234,567\"" },
		{ "format", "[1234, \"010,\"]", "\"00,001,234\"" },
		{ "format", "[3735928559, \"_x\"]", "\"dead_beef\"" },
		{ "format", "[-5, \"=+8d\"]", "\"-      5\"" },
		{ "format", "[3.14159, \".2f\"]", "\"3.14\"" },
		{ "format", "[0.256, \".1%\"]", "\"25.6%\"" },
		{ "format", "[123.0, \".3\"]", "\"1.23e+02\"" },
		{ "format", "[-0.001, \"z.1f\"]", "\"0.0\"" },
		{ "format", "[1e16, \"#\"]", "\"1.e+16\"" },
		{ "format", "[2.0, \"E\"]", "\"2.000000E+00\"" },
		{ "format", "[\"\\u20ac\", \"*^5\"]", "\"**\xe2\x82\xac**\"" },
		{ "format", "[\"abcdef\", \".3s\"]", "\"abc\"" },
		{ "format", "[true, \"\"]", "\"True\"" },
		{ "format", "[true, \"d\"]", "\"1\"" },
		{ "format", "[97, \"c\"]", "\"a\"" },
		{ "format", "[\"a\", \"d\"]",
		    "failed: a string has no format 'd'" },
		{ "format", "[1.5, \"d\"]",
		    "failed: a number has no format 'd'" },
		{ "format", "[1, \".2d\"]",
		    "failed: an integer has no precision" },
		{ "format", "[[], \"5\"]",
		    "failed: an array has no format but ''" },
		{ "format", "[1, \"99999999999d\"]",
		    "failed: the width is too large" },
		{ "format", "[1, \"d5\"]",
		    "failed: this is no format such as "
		    "'>10', ',d' or '.2f'" },
		{ "format", "[1, \".f\"]",
		    "failed: digits are missing behind the point" },
	};

	(void)state;
	EXPECT(calls);
}

static void
arguments_are_counted_before_anything_runs(void **state)
{
	static const struct call calls[] = {
		{ "abs", "", "refused: abs wants the argument 'x'" },
		{ "abs", "[]", "refused: abs wants the argument 'x'" },
		{ "abs", "[1, 2]",
		    "refused: abs takes at most 1 arguments, "
		    "not 2" },
		{ "abs", "{\"x\": 1}",
		    "refused: abs takes a list of values, "
		    "not names and values" },
		{ "divmod", "[1]", "refused: divmod wants the argument 'y'" },
		{ "round", "{\"numbr\": 1}",
		    "refused: round has no argument "
		    "'numbr'; did you mean 'number'?" },
		{ "max", "[]", "refused: max wants the argument 'iterable'" },
		{ "format", "[1, 2]",
		    "refused: format: 'format_spec' is to be "
		    "a string without NUL, not number" },
	};

	(void)state;
	EXPECT(calls);
}

static void
what_could_run_code_is_refused_by_name(void **state)
{
	static const char *const names[] = { "__import__", "breakpoint",
		"compile", "eval", "exec", "input", "open" };
	char want[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(want, sizeof(want),
		    "refused: '%s' is refused: a plan must not run code or "
		    "open files",
		    names[i]);
		assert_string_equal(action_value(names[i], "[\"1\"]"), want);
	}
	assert_string_equal(action_value("getattr", "[1]"),
	    "refused: unknown command 'getattr'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_exact_whatever_their_length),
		cmocka_unit_test(doubles_are_those_of_python),
		cmocka_unit_test(what_python_raises_fails_the_action),
		cmocka_unit_test(lists_strings_and_objects_are_walked),
		cmocka_unit_test(repr_is_that_of_python),
		cmocka_unit_test(format_takes_the_whole_mini_language),
		cmocka_unit_test(arguments_are_counted_before_anything_runs),
		cmocka_unit_test(what_could_run_code_is_refused_by_name),
	};

	return cmocka_run_group_tests_name("builtins", tests, NULL, NULL);
}
