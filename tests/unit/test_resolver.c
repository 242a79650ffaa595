/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan_test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/resolver.h>

#include "plan/resolve.h"

#define CSV "test_resolver.csv"

static const char *
look_up(const struct ld_resolver *resolver, const char *name)
{
	static char text[256];
	struct ldi_value value;

	if (!ldi_resolver_find(resolver, name, &value))
		return "none";
	snprintf(text, sizeof(text), "%s %.*s", ld_json_kind_name(value.kind),
	    (int)value.len, value.text);
	return text;
}

static struct ld_resolver *
example(void)
{
	struct ld_resolver *resolver = ld_resolver_new();
	struct ld_err err = LD_ERR_INIT;
	struct plan_input in;

	assert_non_null(resolver);
	assert_int_equal(
	    ld_resolver_variables(resolver,
		plan_input(&in, "{\"n\":1.50,\"s\":\"a\\\"\","
				"\"o\":{ \"x\" : [ 1 ] },\"both\":1,"
				"\"LD_TEST_ENV\":2}"),
		&err),
	    LD_OK);
	plan_input_clear(&in);
	assert_int_equal(
	    ld_resolver_option(resolver, "both", "2", &err), LD_OK);
	setenv("LD_TEST_ENV", "env", 1);
	setenv("LD_TEST_ONLY_ENV", "only", 1);
	return resolver;
}

static void
option_variable_and_environment_are_asked_in_this_order(void **state)
{
	struct ld_resolver *resolver = example();

	assert_string_equal(look_up(resolver, "n"), "number 1.50");
	assert_string_equal(look_up(resolver, "s"), "string a\"");
	assert_string_equal(look_up(resolver, "o"), "object {\"x\":[1]}");
	assert_string_equal(look_up(resolver, "both"), "string 2");
	assert_string_equal(look_up(resolver, "LD_TEST_ENV"), "number 2");
	assert_string_equal(
	    look_up(resolver, "LD_TEST_ONLY_ENV"), "string only");
	assert_string_equal(look_up(resolver, "nothing here"), "none");
	assert_string_equal(look_up(resolver, ""), "none");
	ld_resolver_free(resolver);
	(void)state;
}

static void
clear_forgets_all_but_the_command_line(void **state)
{
	struct ld_resolver *resolver = example();

	ld_resolver_clear(resolver);
	assert_string_equal(look_up(resolver, "n"), "none");
	assert_string_equal(look_up(resolver, "both"), "string 2");
	assert_string_equal(look_up(resolver, "LD_TEST_ENV"), "string env");
	ld_resolver_free(resolver);
	(void)state;
}

static void
clone_shares_nothing_that_changes(void **state)
{
	struct ld_resolver *resolver = example(), *clone;
	struct ld_err err = LD_ERR_INIT;
	FILE *file = fopen(CSV, "w");
	const struct ldi_csv_source *source;

	assert_non_null(file);
	fputs("a\n1\n", file);
	fclose(file);
	assert_int_equal(
	    ld_resolver_csv(resolver, "u", CSV, true, &err), LD_OK);
	clone = ld_resolver_clone(resolver);
	assert_non_null(clone);
	/* Registered again: the clone keeps what it had. */
	assert_int_equal(
	    ld_resolver_csv(resolver, "u", CSV, false, &err), LD_OK);
	ld_resolver_free(resolver);
	unlink(CSV);
	source = ldi_resolver_find_csv(clone, "u");
	assert_non_null(source);
	assert_true(source->cycle);
	assert_int_equal(ldi_csv_rows(source->csv), 1);
	assert_string_equal(look_up(clone, "o"), "object {\"x\":[1]}");
	assert_string_equal(look_up(clone, "both"), "string 2");
	ld_resolver_free(clone);
	(void)state;
}

static void
names_that_no_placeholder_reaches_are_refused(void **state)
{
	struct ld_resolver *resolver = ld_resolver_new();
	struct ld_err err = LD_ERR_INIT;

	assert_int_equal(
	    ld_resolver_option(resolver, "", "x", &err), LD_INVALID);
	assert_int_equal(
	    ld_resolver_option(resolver, "a}b", "x", &err), LD_INVALID);
	assert_int_equal(
	    ld_resolver_csv(resolver, "a.b", "x", true, &err), LD_INVALID);
	assert_int_equal(
	    ld_resolver_csv(resolver, "u", "/nonexistent.csv", true, &err),
	    LD_IO);
	/* The place is the caller's to give: that of the plan which names it.
	 */
	assert_non_null(strstr(err.text, "/nonexistent.csv"));
	ld_resolver_free(resolver);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    option_variable_and_environment_are_asked_in_this_order),
		cmocka_unit_test(clear_forgets_all_but_the_command_line),
		cmocka_unit_test(clone_shares_nothing_that_changes),
		cmocka_unit_test(names_that_no_placeholder_reaches_are_refused),
	};

	return cmocka_run_group_tests_name("resolver", tests, NULL, NULL);
}
