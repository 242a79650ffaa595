/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan_test.h"

#include <stdlib.h>
#include <unistd.h>

#include <ld/limits.h>
#include <ld/resolver.h>
#include <ld/template.h>

#include "plan/bind.h"

#define CSV "test_template.csv"

struct fixture {
	struct ld_resolver *resolver;
	struct ldi_bind *bind;
	struct plan_input vars;
	uint32_t token, later;
};

static void
must(enum ld_status st, const struct ld_err *err)
{
	if (st != LD_OK)
		fail_msg("%s", plan_error(err));
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct ld_err err = LD_ERR_INIT;
	struct ld_node vars;
	FILE *file = fopen(CSV, "w");

	assert_non_null(f);
	assert_non_null(file);
	fputs("name,pass word\nann,\"a\"\"1\"\nbob,b2\n", file);
	assert_int_equal(fclose(file), 0);
	setenv("LOAD_DENSITY_TEST", "from env", 1);
	setenv("base", "env must not win", 1);
	unsetenv("LOAD_DENSITY_UNSET");
	f->resolver = ld_resolver_new();
	assert_non_null(f->resolver);
	vars = plan_input(&f->vars,
	    "{\"base\":\"http://h\",\"id\":1234567890123456789,\"on\":true,"
	    "\"none\":null,\"quote\":\"a\\\"b\\n\",\"obj\":{ \"a\": [1, 2] },"
	    "\"token\":\"first\",\"opt\":\"config\"}");
	must(ld_resolver_variables(f->resolver, vars, &err), &err);
	must(ld_resolver_option(f->resolver, "opt", "5", &err), &err);
	must(ld_resolver_csv(f->resolver, "u", CSV, true, &err), &err);
	must(ldi_bind_new(f->resolver, 42, &f->bind, &err), &err);
	must(ldi_bind_slot(f->bind, "token", &f->token, &err), &err);
	must(ldi_bind_slot(f->bind, "later", &f->later, &err), &err);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	ldi_bind_free(f->bind);
	ld_resolver_free(f->resolver);
	plan_input_clear(&f->vars);
	free(f);
	unlink(CSV);
	return 0;
}

static enum ld_status
compile(struct fixture *f, const char *json_text, bool json,
    const struct ld_template **out, struct ld_err *err)
{
	struct plan_input in;
	struct ld_node node = plan_input(&in, json_text);
	enum ld_status st = json ? ldi_bind_json(f->bind, node, out, err)
				 : ldi_bind_text(f->bind, node, out, err);

	plan_input_clear(&in);
	return st;
}

static const struct {
	const char *source;
	bool json;
	const char *want;
} constants[] = {
	{ "\"plain\"", false, "plain" },
	{ "\"\"", false, "" },
	{ "\"${base}/x\"", false, "http://h/x" },
	{ "\"${ var.base }${VAR.base}\"", false, "http://hhttp://h" },
	{ "\"${id}-${on}-${none}\"", false, "1234567890123456789-true-null" },
	{ "\"${obj}\"", false, "{\"a\":[1,2]}" },
	{ "\"${env.LOAD_DENSITY_TEST}\"", false, "from env" },
	{ "\"${LOAD_DENSITY_TEST}\"", false, "from env" },
	{ "\"${opt}\"", true, "\"5\"" },
	{ "\"${'${base'}}\"", false, "${base}" },
	{ "\"${\\\"x y\\\"}\"", false, "x y" },
	{ "\"$ {a} ${} ${ $$ } ${open\"", false,
	    NULL /* "${ $$ }" names a variable */ },
	{ "\"$ {a} ${} $$ ${open\"", false, "$ {a} ${} $$ ${open" },
	{ "\"a\\u0041\\n${on}\"", false, "aA\ntrue" },
	{ "7.50", false, "7.50" },
	{ "true", false, "true" },
	{ "{ \"a\" : [ 1.0, \"x\" ] }", false, "{\"a\":[1.0,\"x\"]}" },
	{ "\"${id}\"", true, "1234567890123456789" },
	{ "\"${on}\"", true, "true" },
	{ "\"${none}\"", true, "null" },
	{ "\"${base}\"", true, "\"http://h\"" },
	{ "\"${obj}\"", true, "{\"a\":[1,2]}" },
	{ "\"<${obj}>\"", true, "\"<{\\\"a\\\":[1,2]}>\"" },
	{ "\"<${quote}>\"", true, "\"<a\\\"b\\n>\"" },
	{ "\"${quote}\"", true, "\"a\\\"b\\n\"" },
	{ "\"${'id'}\"", true, "\"id\"" },
	{ "{ \"${id}\": [ \"${id}\", { }, [ ], null ] }", true,
	    "{\"${id}\":[1234567890123456789,{},[],null]}" },
};

static void
constants_are_folded_and_keep_their_type_in_json(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	const struct ld_template *tpl;
	const char *text;
	size_t len;

	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		enum ld_status st = compile(
		    *state, constants[i].source, constants[i].json, &tpl, &err);

		if (constants[i].want == NULL) {
			assert_int_equal(st, LD_INVALID);
			continue;
		}
		must(st, &err);
		assert_true(ld_template_constant(tpl, &text, &len));
		assert_string_equal(text, constants[i].want);
		assert_int_equal(len, strlen(text));
		assert_string_equal(ld_template_shape(tpl), text);
	}
}

static const struct {
	const char *source;
	enum ld_status status;
	const char *want;
} mistakes[] = {
	{ "\"/x/${bse}\"", LD_INVALID,
	    "t:1:5: no variable 'bse'; did you mean 'base'? (set it "
	    "with --var bse=...)" },
	{ "[\"a\",\n \"${var.tokn}\"]", LD_INVALID,
	    "t:2:3: no variable 'tokn'; did you mean 'token'? (set "
	    "it with --var tokn=...)" },
	{ "\"\\n${zzzzzz}\"", LD_INVALID,
	    "t:1:1: no variable 'zzzzzz': no extractor, --var, "
	    "`variables` or environment sets it (set it with --var "
	    "zzzzzz=...)" },
	{ "\"${env.LOAD_DENSITY_UNSET}\"", LD_INVALID,
	    "t:1:2: no environment variable 'LOAD_DENSITY_UNSET' is "
	    "set" },
	{ "\"${csv.uu.name}\"", LD_INVALID,
	    "t:1:2: no CSV source 'uu'; did you mean 'u'?" },
	{ "\"${csv.u.nam}\"", LD_INVALID,
	    "t:1:2: " CSV " has no column 'nam'; did you mean "
	    "'name'?" },
	{ "\"${csv.u}\"", LD_INVALID,
	    "t:1:2: a CSV placeholder is ${csv.SOURCE.COLUMN}" },
	{ "\"${db.a.b}\"", LD_UNSUPPORTED,
	    "t:1:2: ${db.a.b}: databases are not in this build; "
	    "${csv.SOURCE.COLUMN} takes values from a file" },
	{ "\"${faker.name}\"", LD_UNSUPPORTED,
	    "t:1:2: ${faker.name}: faker is not in this build; ${uuid()}, "
	    "${now()} and ${randint(a, b)} make values, "
	    "${csv.SOURCE.COLUMN} takes values from a file" },
	{ "\"${vr.base}\"", LD_INVALID,
	    "t:1:2: no source 'vr' of values; did you mean 'var'?" },
	{ "\"${quux.base}\"", LD_INVALID,
	    "t:1:2: no source 'quux' of values; there are var, env, "
	    "csv and secret" },
	{ "\"${uuid(1)}\"", LD_INVALID,
	    "t:1:2: uuid takes 0 arguments, not 1" },
	{ "\"${uid()}\"", LD_INVALID,
	    "t:1:2: unknown function 'uid'; did you mean 'uuid'?" },
	{ "\"${frob()}\"", LD_INVALID,
	    "t:1:2: unknown function 'frob'; there are now, randint "
	    "and uuid" },
	{ "\"${randint(1)}\"", LD_INVALID,
	    "t:1:2: randint takes 2 arguments, not 1" },
	{ "\"${randint(2, 1)}\"", LD_INVALID,
	    "t:1:2: randint: the second bound is below the first" },
	{ "\"${ }\"", LD_INVALID, "t:1:2: a placeholder without a name" },
};

static void
what_cannot_be_resolved_is_an_error_at_its_place(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	const struct ld_template *tpl;

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		assert_int_equal(
		    compile(*state, mistakes[i].source, false, &tpl, &err),
		    mistakes[i].status);
		assert_string_equal(plan_error(&err), mistakes[i].want);
	}
	assert_int_equal(
	    compile(*state, "\"${randint(1,x)}\"", true, &tpl, &err),
	    LD_INVALID);
	assert_non_null(strstr(err.text, "randint: "));
	assert_int_equal(err.column, 2);
}

static struct ld_scope *
scope_new(struct fixture *f)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_scope *scope;

	must(ldi_scope_new(f->bind, &scope, &err), &err);
	assert_true(ldi_scope_begin_pass(scope, 7, 0, 0));
	ldi_scope_begin_task(scope, 3);
	return scope;
}

static const char *
render(const struct ld_template *tpl, struct ld_scope *scope)
{
	static char text[4096];
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;

	ld_buf_init(&out, sizeof(text) - 1);
	must(ld_template_render(tpl, scope, &out, &err), &err);
	memcpy(text, ld_buf_str(&out), out.len + 1);
	ld_buf_clear(&out);
	return text;
}

static void
extracted_values_win_and_keep_their_type(void **state)
{
	struct fixture *f = *state;
	const struct ld_template *text, *json, *inside, *obj;
	struct ld_err err = LD_ERR_INIT;
	struct ld_scope *scope;
	const char *prefix;
	size_t len;

	must(compile(f, "\"a${token}b${on}\"", false, &text, &err), &err);
	must(compile(f, "[\"${token}\"]", true, &json, &err), &err);
	must(compile(f, "[\"${token}!\"]", true, &inside, &err), &err);
	must(compile(f, "{\"k\":\"${token}\"}", false, &obj, &err), &err);
	assert_false(ld_template_constant(text, &prefix, &len));
	ld_template_prefix(text, &prefix, &len);
	assert_int_equal(len, 1);
	assert_memory_equal(prefix, "a", 1);
	ld_template_prefix(json, &prefix, &len);
	assert_string_equal(prefix, "[");
	assert_string_equal(ld_template_shape(text), "a${token}btrue");
	assert_string_equal(ld_template_shape(json), "[\"${token}\"]");

	scope = scope_new(f);
	assert_string_equal(render(text, scope), "afirstbtrue");
	assert_string_equal(render(json, scope), "[\"first\"]");
	must(ldi_scope_set(scope, f->token, LD_JSON_NUMBER, "12e3", 4), &err);
	assert_string_equal(render(text, scope), "a12e3btrue");
	assert_string_equal(render(json, scope), "[12e3]");
	assert_string_equal(render(inside, scope), "[\"12e3!\"]");
	must(ldi_scope_set(scope, f->token, LD_JSON_STRING, "q\"", 2), &err);
	assert_string_equal(render(json, scope), "[\"q\\\"\"]");
	assert_string_equal(render(inside, scope), "[\"q\\\"!\"]");
	assert_string_equal(render(obj, scope), "{\"k\":\"q\\\"\"}");
	must(ldi_scope_set(scope, f->token, LD_JSON_ARRAY, "[1]", 3), &err);
	assert_string_equal(render(json, scope), "[[1]]");
	ldi_scope_reset(scope);
	assert_string_equal(render(json, scope), "[\"first\"]");
	ldi_scope_free(scope);
}

static void
nothing_extracted_yet_is_an_error_that_names_the_placeholder(void **state)
{
	struct fixture *f = *state;
	const struct ld_template *tpl;
	struct ld_err err = LD_ERR_INIT;
	struct ld_scope *scope;
	struct ld_buf out;
	static char big[LD_MAX_VALUE_BYTES + 1];

	must(compile(f, "\"x${later}\"", false, &tpl, &err), &err);
	scope = scope_new(f);
	ld_buf_init(&out, 200000);
	assert_int_equal(
	    ld_template_render(tpl, scope, &out, &err), LD_INVALID);
	assert_string_equal(
	    err.text, "${later} has no value: no extractor has stored one yet");
	assert_int_equal(
	    ld_template_render(tpl, scope, &out, NULL), LD_INVALID);
	memset(big, 'y', sizeof(big));
	must(ldi_scope_set(
		 scope, f->later, LD_JSON_STRING, big, LD_MAX_VALUE_BYTES),
	    &err);
	ld_buf_reset(&out);
	must(ld_template_render(tpl, scope, &out, &err), &err);
	assert_int_equal(out.len, LD_MAX_VALUE_BYTES + 1);
	/* Too long: not stored, and the old value is not used for it. */
	assert_int_equal(
	    ldi_scope_set(scope, f->later, LD_JSON_STRING, big, sizeof(big)),
	    LD_INVALID);
	assert_int_equal(
	    ld_template_render(tpl, scope, &out, NULL), LD_INVALID);
	ld_buf_clear(&out);
	ldi_scope_free(scope);
}

static void
one_pass_sees_one_row_of_a_csv_source(void **state)
{
	struct fixture *f = *state;
	const struct ld_template *tpl, *json;
	struct ld_err err = LD_ERR_INIT;
	struct ld_scope *scope;

	must(compile(f, "\"${csv.u.name}:${csv.u.pass word}:${csv.u.name}\"",
		 false, &tpl, &err),
	    &err);
	must(compile(f, "\"${csv.u.pass word}\"", true, &json, &err), &err);
	assert_string_equal(ld_template_shape(tpl),
	    "${csv.u.name}:${csv.u.pass word}:${csv.u.name}");
	scope = scope_new(f);
	assert_string_equal(render(tpl, scope), "ann:a\"1:ann");
	assert_string_equal(render(json, scope), "\"a\\\"1\"");
	assert_true(ldi_scope_begin_pass(scope, 7, 1, 1));
	assert_string_equal(render(tpl, scope), "bob:b2:bob");
	assert_true(ldi_scope_begin_pass(scope, 7, 2, 1000000000002));
	assert_string_equal(render(tpl, scope), "ann:a\"1:ann");
	ldi_scope_free(scope);
}

static void
source_that_does_not_cycle_ends_the_user(void **state)
{
	struct fixture *f = *state;
	const struct ld_template *tpl;
	struct ld_err err = LD_ERR_INIT;
	struct ld_scope *scope;

	must(ld_resolver_csv(f->resolver, "once", CSV, false, &err), &err);
	scope = scope_new(f);
	/* A source that no template reads stops nobody. */
	assert_true(ldi_scope_begin_pass(scope, 0, 0, 99));
	ldi_scope_free(scope);
	must(compile(f, "\"${csv.once.name}\"", false, &tpl, &err), &err);
	scope = scope_new(f);
	assert_true(ldi_scope_begin_pass(scope, 0, 0, 1));
	assert_string_equal(render(tpl, scope), "bob");
	assert_false(ldi_scope_begin_pass(scope, 0, 0, 2));
	ldi_scope_free(scope);
}

static void
draws_depend_on_seed_key_pass_and_task_alone(void **state)
{
	struct fixture *f = *state;
	const struct ld_template *tpl;
	struct ld_err err = LD_ERR_INIT;
	struct ld_scope *a, *b;
	char first[128];

	must(compile(f, "\"${uuid()} ${randint(-5, 5)} ${UUID( )}\"", false,
		 &tpl, &err),
	    &err);
	a = scope_new(f);
	b = scope_new(f);
	snprintf(first, sizeof(first), "%s", render(tpl, a));
	assert_string_not_equal(render(tpl, a), first); /* later draws */
	assert_string_equal(render(tpl, b), first);
	ldi_scope_begin_task(a, 3);
	assert_string_equal(render(tpl, a), first);
	ldi_scope_begin_task(a, 4);
	assert_string_not_equal(render(tpl, a), first);
	assert_true(ldi_scope_begin_pass(a, 7, 1, 0));
	ldi_scope_begin_task(a, 3);
	assert_string_not_equal(render(tpl, a), first);
	assert_true(ldi_scope_begin_pass(a, 8, 0, 0));
	ldi_scope_begin_task(a, 3);
	assert_string_not_equal(render(tpl, a), first);
	ldi_scope_free(a);
	ldi_scope_free(b);
}

static void
functions_have_their_form_and_type(void **state)
{
	struct fixture *f = *state;
	const struct ld_template *uuid, *dice, *wide, *now, *one;
	struct ld_err err = LD_ERR_INIT;
	struct ld_scope *scope;
	unsigned seen = 0;
	const char *text;

	must(compile(f, "\"${uuid()}\"", true, &uuid, &err), &err);
	must(compile(f, "\"${randint(-1,1)}\"", true, &dice, &err), &err);
	must(compile(f, "\"${randint(7, 7)}\"", true, &one, &err), &err);
	must(compile(f,
		 "\"${randint(-9223372036854775808,9223372036854775807)}\"",
		 true, &wide, &err),
	    &err);
	must(compile(f, "\"${now()}\"", true, &now, &err), &err);
	scope = scope_new(f);
	for (int i = 0; i < 200; i++) {
		text = render(uuid, scope);
		assert_int_equal(strlen(text), 38);
		assert_true(text[9] == '-' && text[14] == '-');
		assert_int_equal(text[15], '4');
		assert_non_null(strchr("89ab", text[20]));
		assert_int_equal(strspn(text + 1, "0123456789abcdef-"), 36);
		seen |= 1u << (atoi(render(dice, scope)) + 1);
		assert_string_equal(render(one, scope), "7");
		text = render(wide, scope);
		assert_int_equal(strspn(text + (*text == '-'), "0123456789"),
		    strlen(text) - (*text == '-'));
	}
	assert_int_equal(seen, 7);
	text = render(now, scope);
	assert_int_equal(strlen(text), 21);
	assert_true(text[0] == '"' && text[5] == '-' && text[11] == 'T');
	ldi_scope_free(scope);
}

static void
pairs_are_an_object_of_scalars(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct plan_input in;
	struct ld_pairs pairs;
	struct ld_node node;
	const char *text;
	size_t len;

	node = plan_input(&in,
	    "{\"a\":1,\"b\":null,\"c-${on}\":\"${token}\",\"d\":[2,\"x\"],"
	    "\"e\":false}");
	must(ldi_bind_pairs(f->bind, node, &pairs, false, &err), &err);
	assert_int_equal(pairs.n, 5);
	assert_true(ld_template_constant(pairs.items[0].value, &text, &len));
	assert_string_equal(text, "1");
	assert_true(ld_template_constant(pairs.items[1].key, &text, &len));
	assert_string_equal(text, "c-true");
	assert_false(ld_template_constant(pairs.items[1].value, &text, &len));
	assert_true(ld_template_constant(pairs.items[3].key, &text, &len));
	assert_string_equal(text, "d");
	assert_true(ld_template_constant(pairs.items[3].value, &text, &len));
	assert_string_equal(text, "x");
	plan_input_clear(&in);
	node = plan_input(&in, "{\"a\":\n{}}");
	assert_int_equal(
	    ldi_bind_pairs(f->bind, node, &pairs, false, &err), LD_INVALID);
	assert_string_equal(plan_error(&err),
	    "t:2:1: a string or a number is wanted here, not an object");
	plan_input_clear(&in);
}

static void
rendering_into_a_grown_buffer_does_not_allocate(void **state)
{
	struct fixture *f = *state;
	const struct ld_template *tpl;
	struct ld_err err = LD_ERR_INIT;
	struct ld_scope *scope;
	struct ld_buf out;
	const char *data;

	must(compile(
		 f, "\"${csv.u.name} ${uuid()} ${token}\"", false, &tpl, &err),
	    &err);
	scope = scope_new(f);
	ld_buf_init(&out, 4096);
	must(ld_template_render(tpl, scope, &out, &err), &err);
	data = out.data;
	for (int i = 0; i < 1000; i++) {
		ld_buf_reset(&out);
		must(ld_template_render(tpl, scope, &out, &err), &err);
		assert_ptr_equal(out.data, data);
	}
	ld_buf_clear(&out);
	ld_buf_init(&out, 8);
	assert_int_equal(ld_template_render(tpl, scope, &out, &err), LD_NOMEM);
	ld_buf_clear(&out);
	ldi_scope_free(scope);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(constants_are_folded_and_keep_their_type_in_json),
		T(what_cannot_be_resolved_is_an_error_at_its_place),
		T(extracted_values_win_and_keep_their_type),
		T(nothing_extracted_yet_is_an_error_that_names_the_placeholder),
		T(one_pass_sees_one_row_of_a_csv_source),
		T(source_that_does_not_cycle_ends_the_user),
		T(draws_depend_on_seed_key_pass_and_task_alone),
		T(functions_have_their_form_and_type),
		T(pairs_are_an_object_of_scalars),
		T(rendering_into_a_grown_buffer_does_not_allocate),
	};
#undef T

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
