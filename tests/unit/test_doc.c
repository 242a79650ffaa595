/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan_test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ld/buf.h>
#include <ld/limits.h>

/* printf '[["LD_summary"]]' | sha256sum */
#define HASH_ONE                           \
	"de6dff13730d6dcab8412caf081cac1c" \
	"22fffeca94808c0315462f8d2b02bc53"

static enum ld_status
add(struct ld_doc *doc, const char *text, struct ld_err *err)
{
	return ld_doc_add_text(doc, "t", text, strlen(text), err);
}

static const char *
text_of(struct ld_node node)
{
	static char text[256];
	struct ld_buf buf;

	ld_buf_init(&buf, sizeof(text) - 1);
	ld_json_text(node.json, node.ref, &buf);
	assert_false(buf.failed);
	memcpy(text, ld_buf_str(&buf), buf.len + 1);
	ld_buf_clear(&buf);
	return text;
}

/* A word per item: "name(tasks)" for runs, the command for actions. */
static const char *
outline(const char *text)
{
	static char line[512];
	struct ld_doc *doc = ld_doc_new();
	struct ld_err err = LD_ERR_INIT;
	const struct ld_item *item;
	size_t at = 0;

	assert_non_null(doc);
	line[0] = '\0';
	if (add(doc, text, &err) != LD_OK)
		fail_msg("%s", plan_error(&err));
	for (size_t i = 0; i < ld_doc_count(doc); i++) {
		item = ld_doc_item(doc, i);
		assert_int_equal(item->index, i);
		at += (size_t)snprintf(line + at, sizeof(line) - at, "%s%s",
		    i != 0 ? " " : "", item->command);
		if (item->kind == LD_ITEM_RUN)
			at += (size_t)snprintf(line + at, sizeof(line) - at,
			    "(%s %zu%s)", item->mode, item->n_tasks,
			    item->tasks_given ? "" : " none");
	}
	ld_doc_free(doc);
	return line;
}

static void
every_good_shape_is_read(void **state)
{
	static const struct {
		const char *text, *want;
	} good[] = {
		{ "[[\"LD_summary\"]]", "LD_summary" },
		{ "\xef\xbb\xbf[[\"LD_summary\"]]", "LD_summary" },
		{ " [\n[\"LD_summary\", {}], [\"LD_clear_records\", []]]\n",
		    "LD_summary LD_clear_records" },
		{ "{\"load_density\": [[\"print\", [\"a\", 1]]], \"x\": 1}",
		    "print" },
		{ "[[\"LD_register_variable\", [\"a\", 1]]]",
		    "LD_register_variable" },
		{ "[[\"LD_register_variable\", {\"value\":1,\"name\":\"a\"}]]",
		    "LD_register_variable" },
		{ "[[\"LD_start_test\"]]", "LD_start_test(sequence 0 none)" },
		{ "[[\"LD_start_test\", {\"tasks\": null}]]",
		    "LD_start_test(sequence 0 none)" },
		{ "[[\"LD_start_test\", {\"tasks\": []}]]",
		    "LD_start_test(sequence 0)" },
		{ "[[\"LD_start_test\", {\"tasks\": [{},{}]}]]",
		    "LD_start_test(sequence 2)" },
		{ "[[\"LD_start_test\", {\"tasks\": {\"mode\":\"Sequence\","
		  "\"tasks\":[{}]}}]]",
		    "LD_start_test(sequence 1)" },
		{ "[[\"LD_start_test\", {\"tasks\": {\"mode\":\"conditional\","
		  "\"tasks\":{\"get\":{}}}}]]",
		    "LD_start_test(conditional 1)" },
		{ "[[\"LD_start_test\", {\"tasks\": {\"get\":{},\"post\":{}}}]"
		  "]",
		    "LD_start_test(sequence 2)" },
		{ "{\"type\":\"action\",\"command\":\"LD_summary\"}",
		    "LD_summary" },
		{ "{\"type\":\"task\",\"url\":\"/\"}",
		    "LD_start_test(sequence 1)" },
		{ "{\"type\":\"config\"}\n{\"type\":\"task\"}\r\n\n"
		  "{\"type\":\"task\"}\n{\"type\":\"unheard\",\"of\":1}\n"
		  "{\"type\":\"config\"}",
		    "LD_start_test(sequence 2) LD_start_test(sequence 0 "
		    "none)" },
		{ "{\"type\":\"begin\",\"schema\":\"ld.plan/1\"}\n"
		  "{\"type\":\"task\"}\n"
		  "{\"type\":\"action\",\"command\":\"LD_summary\","
		  "\"args\":{}}\n"
		  "{\"type\":\"finding\",\"severity\":\"warning\"}\n"
		  "{\"type\":\"end\"}\n"
		  "{\"type\":\"begin\",\"schema\":\"ld.plan/1\"}\n"
		  "{\"type\":\"task\"}\n{\"type\":\"end\"}\n",
		    "LD_start_test(sequence 1) LD_summary "
		    "LD_start_test(sequence 1)" },
		{ "{\"type\":\"action\",\"command\":\"LD_start_test\","
		  "\"args\":{\"tasks\":{\"get\":{}}}}",
		    "LD_start_test(sequence 1)" },
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_string_equal(outline(good[i].text), good[i].want);
	(void)state;
}

static const struct {
	const char *text;
	enum ld_status status;
	const char *want;
} bad[] = {
	{ "", LD_TORN, "t: the input is empty: no plan" },
	{ " \n\t", LD_TORN, "t: the input is empty: no plan" },
	{ "[]", LD_INVALID, "t:1:1: the list of actions is empty" },
	{ "{}", LD_INVALID,
	    "t:1:1: this object has no 'load_density' list of actions" },
	{ "{\"load_densty\":[]}", LD_INVALID,
	    "t:1:2: unknown key 'load_densty'; did you mean 'load_density'?" },
	{ "{\"load_density\": {}}", LD_INVALID,
	    "t:1:18: a plan is an array of actions, not an object" },
	{ "{\"load_density\": null}", LD_INVALID,
	    "t:1:18: a plan is an array of actions, not null" },
	{ "{\"log\":{\"entries\":[]}}", LD_INVALID,
	    "t:1:1: this looks like a HAR; 'ld-import har' makes a plan of "
	    "it" },
	{ "7", LD_INVALID,
	    "t:1:1: a plan is an array of actions, not a number" },
	{ "[\n  7]", LD_INVALID,
	    "t:2:3: an action is an array such as [\"LD_start_test\", {}], "
	    "not a number" },
	{ "[[]]", LD_INVALID,
	    "t:1:2: an action is [\"command\"] or [\"command\", arguments], "
	    "not an array of 0" },
	{ "[[\"LD_summary\",{},{}]]", LD_INVALID,
	    "t:1:2: an action is [\"command\"] or [\"command\", arguments], "
	    "not an array of 3" },
	{ "[[\"LD_summary\",\n null]]", LD_INVALID,
	    "t:2:2: the arguments of LD_summary are an object or an array, "
	    "not null" },
	{ "[[1]]", LD_INVALID,
	    "t:1:3: a command is a string such as \"LD_start_test\", not a "
	    "number" },
	{ "[[\"LD_strat_test\"]]", LD_INVALID,
	    "t:1:3: unknown command 'LD_strat_test'; did you mean "
	    "'LD_start_test'?" },
	{ "[[\"start_test\"]]", LD_INVALID,
	    "t:1:3: unknown command 'start_test'; did you mean "
	    "'LD_start_test'?" },
	{ "[[\"prnt\"]]", LD_INVALID,
	    "t:1:3: unknown command 'prnt'; did you mean 'print'?" },
	{ "[[\"frobnicate\"]]", LD_INVALID,
	    "t:1:3: unknown command 'frobnicate'" },
	{ "[[\"eval\", [\"1\"]]]", LD_INVALID,
	    "t:1:3: 'eval' is refused: a plan must not run code or open "
	    "files" },
	{ "[[\"getattr\", [1]]]", LD_INVALID,
	    "t:1:3: unknown command 'getattr'" },
	{ "[[\"LD_summary\", {\"x\":1}]]", LD_INVALID,
	    "t:1:18: unknown parameter 'x'" },
	{ "[[\"LD_generate_html_report\", {\"html_nam\":\"x\"}]]", LD_INVALID,
	    "t:1:31: unknown parameter 'html_nam'; did you mean "
	    "'html_name'?" },
	{ "[[\"LD_register_variable\", {\"name\":\"x\"}]]", LD_INVALID,
	    "t:1:2: LD_register_variable needs 'value'" },
	{ "[[\"LD_register_variable\", [\"x\"]]]", LD_INVALID,
	    "t:1:27: LD_register_variable needs 'value'" },
	{ "[[\"LD_register_variable\", [1,2,3]]]", LD_INVALID,
	    "t:1:27: LD_register_variable takes at most 2 arguments, not 3" },
	{ "[[\"LD_load_har\"]]", LD_INVALID,
	    "t:1:2: LD_load_har needs 'file_path'" },
	{ "[[\"LD_start_test\", [{}]]]", LD_INVALID,
	    "t:1:20: LD_start_test wants an object: `tasks` cannot be given "
	    "by position" },
	{ "[[\"LD_start_test\", {\"tasks\": [{},\n 5]}]]", LD_INVALID,
	    "t:2:2: a task is an object, not a number" },
	{ "[[\"LD_start_test\", {\"tasks\": \"x\"}]]", LD_INVALID,
	    "t:1:30: 'tasks' is an array of objects, not a string" },
	{ "[[\"LD_start_test\", {\"tasks\": {\"get\": 1}}]]", LD_INVALID,
	    "t:1:38: a task is an object, not a number" },
	{ "[[\"LD_start_test\", {\"tasks\": {\"mode\":\"weighted\","
	  "\"tasks\":[]}}]]",
	    LD_UNSUPPORTED, "t:1:38: mode 'weighted' is not in this build" },
	{ "[[\"LD_start_test\", {\"tasks\": {\"mode\":\"sequense\","
	  "\"tasks\":[]}}]]",
	    LD_INVALID,
	    "t:1:38: unknown mode 'sequense'; did you mean 'sequence'?" },
	{ "[[\"LD_start_test\", {\"tasks\": {\"tasks\":[],\"mod\":1}}]]",
	    LD_INVALID, "t:1:42: unknown key 'mod'; did you mean 'mode'?" },
	{ "[[\"LD_start_test\",\n{\"a\":1,\"b\":{\"c\":1,\"\\u0063\":2}}]]",
	    LD_INVALID,
	    "t:2:19: key \"\\u0063\" stands twice in this object; first at "
	    "2:13" },
	{ "{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,"
	  "\"8\":1,\"9\":1,\"1\":1}",
	    LD_INVALID,
	    "t:1:56: key \"1\" stands twice in this object; first at 1:2" },
	{ "{\"type\":\"begin\",\"schema\":\"ld.plan/1\"}\n"
	  "{\"type\":\"task\"}\n",
	    LD_TORN, "t:1:1: the plan stream has no 'end': it was cut short" },
	{ "{\"type\":\"task\"}\n{\"type\":\"end\"}\n", LD_TORN,
	    "t:2:1: 'end' without 'begin': the plan stream is not whole" },
	{ "{\"type\":\"begin\",\"schema\":\"ld.plan/1\"}\n"
	  "{\"type\":\"begin\",\"schema\":\"ld.plan/1\"}\n",
	    LD_TORN,
	    "t:2:1: a second 'begin', and the first had no 'end': the plan "
	    "stream is not whole" },
	{ "{\"type\":\"begin\",\"schema\":\"ld.result/1\"}\n", LD_INVALID,
	    "t:1:1: this is a result stream, not a plan" },
	{ "{\"type\":\"sample\"}\n", LD_INVALID,
	    "t:1:1: this is a result stream, not a plan" },
	{ "{\"type\":\"begin\",\"schema\":\"ld.plan/2\"}\n", LD_UNSUPPORTED,
	    "t:1:26: only plan streams of \"ld.plan/1\" are understood" },
	{ "{\"type\":\"begin\",\"schema\":\"x\"}\n", LD_INVALID,
	    "t:1:26: schema is not \"ld.plan/1\"" },
	{ "{\"type\":\"begin\"}\n", LD_INVALID,
	    "t:1:1: 'begin' has no 'schema' such as \"ld.plan/1\"" },
	{ "{\"type\":\"task\"}\n[1]\n", LD_INVALID,
	    "t:2:1: a record is an object, not an array" },
	{ "{\"type\":\"task\"}\n{\"typ\":1}\n", LD_INVALID,
	    "t:2:1: this record has no 'type' such as \"task\"" },
	{ "{\"type\":\"config\",\"tasks\":[]}\n", LD_INVALID,
	    "t:1:26: a config record has no 'tasks': they follow it as "
	    "records of type \"task\"" },
	{ "{\"type\":\"config\"}\n"
	  "{\"type\":\"action\",\"command\":\"LD_summary\"}\n"
	  "{\"type\":\"task\"}\n",
	    LD_INVALID,
	    "t:3:1: this task belongs to no run: the action before it ended "
	    "the run, and no config opened another" },
	{ "{\"type\":\"action\",\"comand\":\"LD_summary\"}\n", LD_INVALID,
	    "t:1:18: unknown key 'comand'; did you mean 'command'?" },
	{ "{\"type\":\"action\"}\n", LD_INVALID,
	    "t:1:1: this action has no 'command'" },
	{ "{\"type\":\"action\",\"command\":\"eval\"}\n", LD_INVALID,
	    "t:1:28: 'eval' is refused: a plan must not run code or open "
	    "files" },
	{ "{\"type\":\"task\"}\n"
	  "{\"type\":\"finding\",\"severity\":\"error\",\"text\":\"no "
	  "url\"}\n",
	    LD_INVALID, "t:2:1: ld-lint found an error: no url" },
	{ "{\"type\":\"task\",\"a\":1,\"a\":2}\n", LD_INVALID,
	    "t:1:22: key \"a\" stands twice in this object; first at 1:16" },
};

static void
every_bad_document_is_refused_at_its_place(void **state)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ld_doc *doc = ld_doc_new();
		struct ld_err err = LD_ERR_INIT;

		assert_non_null(doc);
		if (add(doc, bad[i].text, &err) != bad[i].status)
			print_message("# for: %s\n", bad[i].text);
		assert_string_equal(plan_error(&err), bad[i].want);
		assert_int_equal(err.status, bad[i].status);
		ld_doc_free(doc);
	}
	(void)state;
}

static void
malformed_json_is_told_with_line_and_column_of_the_whole_input(void **state)
{
	struct ld_doc *doc = ld_doc_new();
	struct ld_err err = LD_ERR_INIT;

	assert_int_equal(add(doc, "[[\"LD_summary\"],\n  }", &err), LD_SYNTAX);
	assert_string_equal(err.file, "t");
	assert_int_equal(err.line, 2);
	assert_int_equal(err.column, 3);
	assert_int_equal(
	    add(doc, "{\"type\":\"task\"}\n{\"type\":\"task\"\n", &err),
	    LD_SYNTAX);
	assert_int_equal(err.line, 2);
	assert_int_equal(add(doc, "[[\"LD_summary\"]] x", &err), LD_SYNTAX);
	assert_int_equal(err.column, 18);
	ld_doc_free(doc);
	(void)state;
}

static void
key_of_a_legacy_map_is_the_method_unless_the_entry_has_one(void **state)
{
	struct ld_doc *doc = ld_doc_new();
	struct ld_err err = LD_ERR_INIT;
	const struct ld_item *item;
	struct ld_node method;

	assert_int_equal(
	    add(doc,
		"[[\"LD_start_test\", {\"tasks\": {\"get\": {\"url\": \"/a\"},"
		"\"post\": {\"method\": \"put\", \"url\": \"/b\"}}}]]",
		&err),
	    LD_OK);
	item = ld_doc_item(doc, 0);
	assert_int_equal(item->n_tasks, 2);
	method = ld_node_get(item->tasks[0], "method");
	assert_string_equal(text_of(method), "get");
	assert_string_equal(text_of(ld_node_get(item->tasks[0], "url")), "/a");
	ld_node_error(method, &err, LD_INVALID, "x");
	assert_string_equal(plan_error(&err), "t:1:31: x");
	method = ld_node_get(item->tasks[1], "method");
	assert_string_equal(text_of(method), "put");
	ld_doc_free(doc);
	(void)state;
}

static void
records_lose_their_type_and_keep_their_place(void **state)
{
	struct ld_doc *doc = ld_doc_new();
	struct ld_err err = LD_ERR_INIT;
	const struct ld_item *item;

	assert_int_equal(
	    add(doc,
		"{\"type\":\"loss\"}\n{\"type\":\"loss\"}\n"
		"{\"type\":\"config\",\"user_count\":3}\n"
		"{\"url\":\"/x\",\"type\":\"task\",\"json\":{\"type\":1}}\n",
		&err),
	    LD_OK);
	item = ld_doc_item(doc, 0);
	assert_true(item->losses == 2);
	assert_int_equal(ld_node_get(item->args, "type").ref, LD_JSON_NONE);
	assert_string_equal(
	    text_of(ld_node_get(item->args, "user_count")), "3");
	assert_int_equal(ld_node_get(item->tasks[0], "type").ref, LD_JSON_NONE);
	ld_node_error(ld_node_get(ld_node_get(item->tasks[0], "json"), "type"),
	    &err, LD_INVALID, "x");
	assert_string_equal(plan_error(&err), "t:4:42: x");
	ld_doc_free(doc);
	(void)state;
}

static void
hash_of_one_input_is_its_sha256(void **state)
{
	struct ld_doc *doc = ld_doc_new();
	struct ld_err err = LD_ERR_INIT;

	assert_string_equal(ld_doc_hash(doc),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_int_equal(add(doc, "[[\"LD_summary\"]]", &err), LD_OK);
	assert_string_equal(ld_doc_hash(doc), HASH_ONE);
	assert_string_equal(ld_doc_hash(doc), HASH_ONE);
	ld_doc_free(doc);
	(void)state;
}

static void
write_file(const char *dir, const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* A fresh directory; its name is valid until the next call. */
static const char *
new_directory(void)
{
	static char dir[64];

	strcpy(dir, "/tmp/test_doc.XXXXXX");
	assert_non_null(mkdtemp(dir));
	return dir;
}

static void
remove_directory(const char *dir)
{
	char command[128];

	snprintf(
	    command, sizeof(command), "chmod -R u+rwx %s; rm -r %s", dir, dir);
	assert_int_equal(system(command), 0);
}

static const char *
in(const char *dir, const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

/* Each file prints its name; the order of names as it is read. */
static const char *
read_order(const char *dir, struct ld_err *err)
{
	static char order[512];
	struct ld_doc *doc = ld_doc_new();
	const char *const *paths;
	size_t n, at = 0;

	*err = (struct ld_err)LD_ERR_INIT;
	order[0] = '\0';
	ld_doc_add_path(doc, dir, err);
	paths = ld_doc_paths(doc, &n);
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(order + at, sizeof(order) - at, "%s ",
		    paths[i] + strlen(dir) + 1);
	if (err->status == LD_OK)
		assert_int_equal(ld_doc_count(doc), n);
	ld_doc_free(doc);
	return order;
}

#define PLAN "[[\"LD_summary\"]]"

static void
directory_is_all_json_files_below_it_in_order_of_name(void **state)
{
	const char *dir = new_directory();
	struct ld_err err;

	assert_string_equal(read_order(dir, &err), "");
	assert_int_equal(err.status, LD_INVALID);
	assert_string_equal(err.text, "no *.json file in this directory");
	write_file(dir, "c.txt", "nothing");
	write_file(dir, ".d.json", "nothing");
	assert_int_equal(mkdir(in(dir, "b"), 0700), 0);
	assert_int_equal(mkdir(in(dir, ".git"), 0700), 0);
	read_order(dir, &err);
	assert_int_equal(err.status, LD_INVALID);
	write_file(dir, "b.json", PLAN);
	write_file(dir, "B.json", PLAN);
	write_file(dir, "a10.json", PLAN);
	write_file(dir, "a9.json", PLAN);
	write_file(dir, "b/z.json", PLAN);
	write_file(dir, ".git/x.json", "nothing");
	assert_string_equal(
	    read_order(dir, &err), "B.json a10.json a9.json b/z.json b.json ");
	assert_int_equal(err.status, LD_OK);
	remove_directory(dir);
	read_order(dir, &err);
	assert_int_equal(err.status, LD_IO);
	assert_string_equal(err.file, dir);
	(void)state;
}

static void
links_lead_to_files_and_not_in_circles(void **state)
{
	const char *dir = new_directory();
	struct ld_err err;

	assert_int_equal(mkdir(in(dir, "sub"), 0700), 0);
	write_file(dir, "sub/real.json", PLAN);
	assert_int_equal(symlink("sub/real.json", in(dir, "link.json")), 0);
	assert_int_equal(symlink("..", in(dir, "sub/up")), 0);
	assert_int_equal(symlink(".", in(dir, "self.json")), 0);
	assert_string_equal(read_order(dir, &err), "link.json sub/real.json ");
	assert_int_equal(err.status, LD_OK);
	assert_int_equal(symlink("none", in(dir, "gone.json")), 0);
	read_order(dir, &err);
	assert_int_equal(err.status, LD_IO);
	assert_string_equal(err.file, in(dir, "gone.json"));
	remove_directory(dir);
	(void)state;
}

static void
what_cannot_be_read_below_a_directory_is_an_error(void **state)
{
	const char *dir = new_directory();
	struct ld_err err;
	char path[512];

	write_file(dir, "a.json", PLAN);
	assert_int_equal(mkfifo(in(dir, "b.json"), 0600), 0);
	assert_string_equal(read_order(dir, &err), "a.json ");
	assert_string_equal(err.text, "this is no regular file");
	assert_string_equal(err.file, in(dir, "b.json"));
	assert_int_equal(unlink(in(dir, "b.json")), 0);
	if (geteuid() != 0) { /* root reads everything */
		assert_int_equal(mkdir(in(dir, "c"), 0), 0);
		read_order(dir, &err);
		assert_int_equal(err.status, LD_IO);
		assert_string_equal(err.file, in(dir, "c"));
		assert_int_equal(rmdir(in(dir, "c")), 0);
		assert_int_equal(chmod(in(dir, "a.json"), 0), 0);
		read_order(dir, &err);
		assert_int_equal(err.status, LD_IO);
		assert_string_equal(err.file, in(dir, "a.json"));
	}
	snprintf(path, sizeof(path), "%s", dir);
	for (int i = 0; i < LD_MAX_PLAN_DEPTH; i++) {
		strcat(path, "/d");
		assert_int_equal(mkdir(path, 0700), 0);
	}
	read_order(dir, &err);
	assert_string_equal(
	    err.text, "directories of plans are at most 32 deep");
	remove_directory(dir);
	(void)state;
}

static void
there_are_66_commands_in_order(void **state)
{
	const char *const *names = ld_command_names();
	size_t n = 0;

	for (; names[n] != NULL; n++) {
		assert_true(ld_command_exists(names[n]));
		assert_true(n == 0 || strcmp(names[n - 1], names[n]) < 0);
	}
	assert_int_equal(n, 66);
	assert_false(ld_command_exists("LD_nonsense"));
	assert_false(ld_command_exists("print"));
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_good_shape_is_read),
		cmocka_unit_test(every_bad_document_is_refused_at_its_place),
		cmocka_unit_test(
		    malformed_json_is_told_with_line_and_column_of_the_whole_input),
		cmocka_unit_test(
		    key_of_a_legacy_map_is_the_method_unless_the_entry_has_one),
		cmocka_unit_test(records_lose_their_type_and_keep_their_place),
		cmocka_unit_test(hash_of_one_input_is_its_sha256),
		cmocka_unit_test(
		    directory_is_all_json_files_below_it_in_order_of_name),
		cmocka_unit_test(links_lead_to_files_and_not_in_circles),
		cmocka_unit_test(
		    what_cannot_be_read_below_a_directory_is_an_error),
		cmocka_unit_test(there_are_66_commands_in_order),
	};

	return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
