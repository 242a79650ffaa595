/* SPDX-License-Identifier: MIT */
/*
 * The schemas, seen from the tables that they are made of.  (Whether they
 * accept and refuse what they should is tests/pipe/schemas.bats.)
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ld/driver.h>
#include <ld/limits.h>
#include <ld/schema.h>

#include "data/record_fields.h"
#include "plan/config_read.h"
#include "plan/field_schema.h"
#include "plan/task.h"

struct document {
	struct ld_buf text;
	struct ld_json json;
	ld_json_ref definitions;
};

static void
open_schema(struct document *doc, const char *name)
{
	struct ld_err err = LD_ERR_INIT;

	ld_buf_init(&doc->text, LD_MAX_DOCUMENT);
	ld_json_init(&doc->json);
	assert_int_equal(ld_schema_write(name, &doc->text, &err), LD_OK);
	assert_int_equal(
	    ld_json_parse(&doc->json, doc->text.data, doc->text.len, 0, &err),
	    LD_OK);
	doc->definitions = ld_json_get(&doc->json, LD_JSON_ROOT, "definitions");
	assert_int_not_equal(doc->definitions, LD_JSON_NONE);
}

static void
close_schema(struct document *doc)
{
	ld_json_clear(&doc->json);
	ld_buf_clear(&doc->text);
}

/* The property of a definition. */
static ld_json_ref
property(const struct document *doc, const char *definition, const char *name)
{
	ld_json_ref ref = ld_json_get(&doc->json, doc->definitions, definition);

	return ld_json_get(
	    &doc->json, ld_json_get(&doc->json, ref, "properties"), name);
}

static void
every_schema_is_json_that_ends_with_a_line_feed(void **state)
{
	struct document doc;

	(void)state;
	for (size_t i = 0; ld_schema_names()[i] != NULL; i++) {
		open_schema(&doc, ld_schema_names()[i]);
		assert_int_equal(doc.text.data[doc.text.len - 1], '\n');
		close_schema(&doc);
	}
}

static void
an_unknown_schema_is_refused_with_the_nearest(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, LD_MAX_DOCUMENT);
	assert_int_equal(ld_schema_write("plans", &out, &err), LD_INVALID);
	assert_string_equal(
	    err.text, "there is no schema 'plans'; did you mean 'plan'?");
	assert_int_equal(ld_schema_write("", &out, &err), LD_INVALID);
	assert_int_equal(out.len, 0);
	ld_buf_clear(&out);
}

static void
a_schema_that_does_not_fit_is_told(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;

	(void)state;
	for (size_t i = 0; ld_schema_names()[i] != NULL; i++) {
		ld_buf_init(&out, 1000);
		assert_int_equal(
		    ld_schema_write(ld_schema_names()[i], &out, &err),
		    LD_NOMEM);
		ld_buf_clear(&out);
	}
}

/* -- result --------------------------------------------------------------- */

static void
every_key_that_is_read_of_a_record_is_described_and_no_other(void **state)
{
	const struct ldi_field *fields;
	struct document doc;
	const char *name;
	ld_json_ref keys, ref;
	unsigned n;

	(void)state;
	open_schema(&doc, "result");
	for (unsigned i = 0; (name = ldi_record_fields(i, &fields, &n)) != NULL;
	     i++) {
		for (unsigned k = 0; k < n; k++)
			if (property(&doc, name, fields[k].name) ==
			    LD_JSON_NONE)
				fail_msg("%s of %s is not in the schema",
				    fields[k].name, name);
		ref = ld_json_get(&doc.json, doc.definitions, name);
		keys = ld_json_get(&doc.json, ref, "properties");
		/* "type" is read before the others. */
		assert_int_equal(ld_json_count(&doc.json, keys), n + 1);
	}
	assert_true(n > 0);
	close_schema(&doc);
}

/* -- plan ----------------------------------------------------------------- */

/* Has it a sentence, and its default? */
static void
check_row(const struct document *doc, const char *definition,
    const struct ld_field *row, const char *spelling)
{
	ld_json_ref ref = property(doc, definition, spelling);

	if (ref == LD_JSON_NONE)
		fail_msg("%s is not in %s", spelling, definition);
	assert_int_equal(ld_json_kind(&doc->json,
			     ld_json_get(&doc->json, ref, "description")),
	    LD_JSON_STRING);
	assert_int_equal(
	    ld_json_get(&doc->json, ref, "default") == LD_JSON_NONE,
	    row->def == NULL);
}

static void
check_table(const struct document *doc, const char *definition,
    const struct ld_field *table)
{
	ld_json_ref ref = ld_json_get(&doc->json, doc->definitions, definition);
	unsigned n = 0;

	assert_int_not_equal(ref, LD_JSON_NONE);
	for (; table != NULL && table->name != NULL; table++, n++) {
		check_row(doc, definition, table, table->name);
		if (table->alias != NULL) {
			check_row(doc, definition, table, table->alias);
			n++;
		}
	}
	assert_int_equal(ld_json_count(&doc->json,
			     ld_json_get(&doc->json, ref, "properties")),
	    n);
}

static void
check_driver(const struct document *doc, const struct ld_driver *driver)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.task_fields", driver->name);
	check_table(doc, name, driver->task_fields);
	snprintf(name, sizeof(name), "%s.config_fields", driver->name);
	check_table(doc, name, driver->config_fields);
}

static void
every_field_of_every_table_is_described_and_no_other(void **state)
{
	static const char *const names[] = { "plan", "action" };
	const struct ld_driver *driver;
	struct document doc;

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		open_schema(&doc, names[k]);
		check_table(&doc, "config_fields", ldi_config_fields);
		check_table(&doc, "task_fields", ldi_task_fields);
		for (size_t i = 0; (driver = ld_driver_at(i)) != NULL; i++)
			check_driver(&doc, driver);
		close_schema(&doc);
	}
}

static void
every_command_has_arguments(void **state)
{
	struct document doc;
	const char *const *name = ld_command_names();

	(void)state;
	open_schema(&doc, "action");
	for (; *name != NULL; name++)
		if (strcmp(*name, "LD_start_test") != 0)
			assert_int_not_equal(
			    ld_json_get(&doc.json, doc.definitions, *name),
			    LD_JSON_NONE);
	close_schema(&doc);
}

/* -- one row -------------------------------------------------------------- */

static void
expect_row(const struct ld_field *row, const char *want)
{
	const struct ld_field table[] = { *row, LD_FIELD_END };
	struct ld_json_out out;
	struct ld_buf text;

	ld_buf_init(&text, LD_MAX_DOCUMENT);
	ld_json_out_init(&out, &text, 0);
	ldi_field_schema_closed(&out, table);
	assert_string_equal(ld_buf_str(&text), want);
	ld_buf_clear(&text);
}

#define ROW(text)                                                           \
	"{\"type\":\"object\",\"properties\":{\"k\":{\"description\":\"it'" \
	"s\"" text "}},\"additionalProperties\":false}"

static void
a_choice_takes_its_words_in_any_case(void **state)
{
	static const char *const words[] = { "a1", "b-C", NULL };

	(void)state;
	expect_row(&(struct ld_field){ .name = "k",
		       .kind = LD_FIELD_CHOICE,
		       .choices = words,
		       .def = "a1",
		       .help = "it's" },
	    ROW(",\"default\":\"a1\",\"anyOf\":[{\"type\":\"string\","
		"\"pattern\":\"^(?:[aA]1|[bB][-][cC])$\"},"
		"{\"$ref\":\"#/definitions/placeholder\"},"
		"{\"type\":\"null\"}]"));
}

static void
a_later_field_takes_nothing_but_its_default(void **state)
{
	(void)state;
	expect_row(
	    &(struct ld_field){
		.name = "k", .kind = LD_FIELD_LATER, .help = "it's" },
	    "{\"type\":\"object\",\"properties\":{\"k\":{\"description\":"
	    "\"it's (not in this build)\",\"anyOf\":[{\"type\":\"null\"}]}},"
	    "\"additionalProperties\":false}");
	expect_row(&(struct ld_field){ .name = "k",
		       .kind = LD_FIELD_LATER,
		       .def = "7",
		       .help = "it's" },
	    "{\"type\":\"object\",\"properties\":{\"k\":{\"description\":"
	    "\"it's (not in this build)\",\"default\":7,\"anyOf\":["
	    "{\"enum\":[7]},{\"type\":\"string\",\"pattern\":\"^(?:7)$\"},"
	    "{\"type\":\"null\"}]}},\"additionalProperties\":false}");
}

static void
a_shape_wins_over_the_kind(void **state)
{
	(void)state;
	expect_row(&(struct ld_field){ .name = "k",
		       .kind = LD_FIELD_STRING,
		       .help = "it's",
		       .shape = "{'minLength':1}" },
	    ROW(",\"anyOf\":[{\"minLength\":1},{\"type\":\"null\"}]"));
}

static void
every_kind_has_a_shape(void **state)
{
	static const char *const words[] = { "a", NULL };
	struct ld_json_out out;
	struct ld_buf text;

	(void)state;
	for (int kind = 0; kind <= LD_FIELD_IGNORED; kind++) {
		const struct ld_field table[] = {
			{ .name = "k",
			    .kind = (enum ld_field_kind)kind,
			    .choices = kind == LD_FIELD_CHOICE ? words : NULL,
			    .help = "it's" },
			LD_FIELD_END,
		};

		ld_buf_init(&text, LD_MAX_DOCUMENT);
		ld_json_out_init(&out, &text, 0);
		ldi_field_schema_closed(&out, table);
		assert_false(text.failed);
		/* JSON, NODE and IGNORED take anything. */
		assert_int_equal(strstr(ld_buf_str(&text), "anyOf") == NULL,
		    kind == LD_FIELD_JSON || kind == LD_FIELD_NODE ||
			kind == LD_FIELD_IGNORED);
		ld_buf_clear(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_schema_is_json_that_ends_with_a_line_feed),
		cmocka_unit_test(an_unknown_schema_is_refused_with_the_nearest),
		cmocka_unit_test(a_schema_that_does_not_fit_is_told),
		cmocka_unit_test(
		    every_key_that_is_read_of_a_record_is_described_and_no_other),
		cmocka_unit_test(
		    every_field_of_every_table_is_described_and_no_other),
		cmocka_unit_test(every_command_has_arguments),
		cmocka_unit_test(a_choice_takes_its_words_in_any_case),
		cmocka_unit_test(a_later_field_takes_nothing_but_its_default),
		cmocka_unit_test(a_shape_wins_over_the_kind),
		cmocka_unit_test(every_kind_has_a_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
