/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan_test.h"

#include <stdlib.h>

#include "plan/config_read.h"
#include "plan/task.h"

static void
must(enum ld_status st, const struct ld_err *err)
{
	if (st != LD_OK)
		fail_msg("%s", plan_error(err));
}

struct opened {
	struct ld_doc *doc;
	struct ld_resolver *resolver;
	struct ld_config config;
};

/* LD_start_test with these arguments, on the second line of its input. */
static enum ld_status
read_config(struct opened *o, const char *args, const struct ld_field *driver,
    const struct ld_overrides *overrides, struct ld_err *err)
{
	char text[2048];
	enum ld_status st;

	o->doc = ld_doc_new();
	o->resolver = ld_resolver_new();
	assert_non_null(o->doc);
	assert_non_null(o->resolver);
	snprintf(text, sizeof(text), "[[\"LD_start_test\",\n%s]]", args);
	st = ld_doc_add_text(o->doc, "t", text, strlen(text), err);
	if (st == LD_OK)
		st = ld_config_read(ld_doc_item(o->doc, 0), overrides, driver,
		    o->resolver, &o->config, err);
	return st;
}

static void
close_config(struct opened *o)
{
	ld_doc_free(o->doc);
	ld_resolver_free(o->resolver);
}

static void
defaults_are_those_of_the_original(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct opened o;

	must(read_config(&o, "{}", NULL, NULL, &err), &err);
	assert_string_equal(o.config.user, "fast_http_user");
	assert_true(o.config.user_count == 50);
	assert_true(o.config.spawn_rate == 10);
	assert_true(o.config.test_time_ns == UINT64_C(60000000000));
	assert_true(o.config.passes == 0);
	assert_true(o.config.wait.min_ns == 100000000);
	assert_true(o.config.wait.max_ns == 200000000);
	assert_true(o.config.timeout_ns == UINT64_C(60000000000));
	assert_true(o.config.grace_ns == UINT64_C(5000000000));
	assert_null(o.config.host);
	assert_false(o.config.seed_given);
	assert_false(o.config.test_time_given);
	assert_false(o.config.passes_given);
	assert_int_equal(o.config.defaults.ref, LD_JSON_NONE);
	close_config(&o);
	(void)state;
}

static void
every_key_is_read(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct opened o;
	const char *args =
	    "{\"user_detail_dict\":{\"user\":\"http_user\"},\"user_count\":3,"
	    "\"spawn_rate\":0.5,\"test_time\":\"1m30s\",\"passes\":7,"
	    "\"wait\":\"${w}\",\"timeout\":2.5e-1,\"grace\":0,"
	    "\"seed\":\"18446744073709551615\",\"host\":\"http://${h}\","
	    "\"variables\":{\"w\":\"1s..2s\",\"h\":\"x\"},\"tasks\":[],"
	    "\"runner_mode\":\"local\",\"master_port\":5557,"
	    "\"web_ui_dict\":null,\"load_shape\":null,"
	    "\"defaults\":{\"headers\":{}}}";

	must(read_config(&o, args, NULL, NULL, &err), &err);
	assert_string_equal(o.config.user, "http_user");
	assert_true(o.config.user_count == 3);
	assert_true(o.config.spawn_rate == 0.5);
	assert_true(o.config.test_time_ns == UINT64_C(90000000000));
	assert_true(o.config.test_time_given);
	assert_true(o.config.passes == 7);
	assert_true(o.config.wait.min_ns == UINT64_C(1000000000));
	assert_true(o.config.wait.max_ns == UINT64_C(2000000000));
	assert_true(o.config.timeout_ns == 250000000);
	assert_true(o.config.grace_ns == 0);
	assert_true(o.config.seed == UINT64_MAX && o.config.seed_given);
	assert_string_equal(o.config.host, "http://x");
	assert_int_not_equal(o.config.defaults.ref, LD_JSON_NONE);
	close_config(&o);
	(void)state;
}

static void
null_test_time_and_given_passes_mean_no_time_limit(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_overrides with = { .has_passes = true, .passes = 4 };
	struct opened o;

	must(read_config(&o, "{\"test_time\":null}", NULL, NULL, &err), &err);
	assert_true(o.config.test_time_ns == UINT64_MAX);
	close_config(&o);
	must(read_config(&o, "{}", NULL, &with, &err), &err);
	assert_true(o.config.test_time_ns == UINT64_MAX);
	assert_true(o.config.passes == 4);
	close_config(&o);
	must(read_config(&o, "{\"test_time\":9}", NULL, &with, &err), &err);
	assert_true(o.config.test_time_ns == UINT64_C(9000000000));
	close_config(&o);
	(void)state;
}

static void
command_line_wins_over_the_plan(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_overrides with = { .user = "null_user",
		.has_users = true,
		.users = 9,
		.has_time = true,
		.time_ns = 5,
		.has_seed = true,
		.seed = 6,
		.has_wait = true };
	struct opened o;

	must(read_config(&o, "{\"user\":\"x\",\"user_count\":1,\"seed\":1}",
		 NULL, &with, &err),
	    &err);
	assert_string_equal(o.config.user, "null_user");
	assert_true(o.config.user_count == 9 && o.config.seed == 6);
	assert_true(o.config.test_time_ns == 5 && o.config.test_time_given);
	assert_true(o.config.wait.max_ns == 0);
	close_config(&o);
	(void)state;
}

static const struct {
	const char *args;
	enum ld_status status;
	const char *want;
} bad_configs[] = {
	{ "{\"spwan_rate\":1}", LD_INVALID,
	    "t:2:2: unknown key 'spwan_rate'; did you mean "
	    "'spawn_rate'?" },
	{ "{\"user_count\":\"many\"}", LD_INVALID,
	    "t:2:15: 'user_count' is a whole number from 0, not "
	    "'many'" },
	{ "{\"user_count\":1.5}", LD_INVALID,
	    "t:2:15: 'user_count' is a whole number from 0, not a "
	    "number" },
	{ "{\"user_count\":0}", LD_INVALID,
	    "t:2:15: 'user_count' is at least 1" },
	{ "{\"spawn_rate\":0}", LD_INVALID,
	    "t:2:15: 'spawn_rate' is more than 0" },
	{ "{\"timeout\":0}", LD_INVALID, "t:2:12: 'timeout' is more than 0" },
	{ "{\"test_time\":\"10parsecs\"}", LD_INVALID,
	    "t:2:14: 'test_time': '10parsecs' is not a duration such "
	    "as 250ms or 10s: the units are d, h, m, s, ms, us and ns" },
	{ "{\"test_time\":-1}", LD_INVALID,
	    "t:2:14: 'test_time' is a duration such as 250ms or 10s, "
	    "not a number" },
	{ "{\"test_time\":[]}", LD_INVALID,
	    "t:2:14: 'test_time' is a duration such as 250ms or 10s, "
	    "not an array" },
	{ "{\"test_time\":1e300}", LD_INVALID,
	    "t:2:14: 'test_time' is a duration such as 250ms or 10s, "
	    "not a number" },
	{ "{\"seed\":-1}", LD_INVALID,
	    "t:2:9: 'seed' is a whole number from 0 to 2^64-1" },
	{ "{\"host\":\"${uuid()}\"}", LD_INVALID,
	    "t:2:9: 'host' must be known before the run, and "
	    "${uuid()} is not" },
	{ "{\"host\":\"${hots}\",\"variables\":{\"host\":1}}", LD_INVALID,
	    "t:2:10: no variable 'hots'; did you mean 'host'? (set "
	    "it with --var hots=...)" },
	{ "{\"load_shape\":\"spike\"}", LD_UNSUPPORTED,
	    "t:2:15: 'load_shape' is not in this build" },
	{ "{\"runner_mode\":\"master\"}", LD_UNSUPPORTED,
	    "t:2:16: 'runner_mode' is not in this build" },
	{ "{\"arrival\":{}}", LD_INVALID,
	    "t:2:12: nothing would ever arrive: the rate is, and stays, 0" },
	{ "{\"arrival\":\"fast\"}", LD_INVALID,
	    "t:2:12: 'arrival': 'fast' is not a rate such as 100/s or 6k/m: "
	    "the units are /s, /m, /h and /d" },
	{ "{\"arrival\":[5]}", LD_INVALID,
	    "t:2:12: 'arrival' is a rate such as \"500/s\", or an object with "
	    "a 'rate', not an array" },
	{ "{\"arrival\":-1}", LD_INVALID,
	    "t:2:12: 'arrival' is a rate such as 10 or \"6k/m\", not a "
	    "number" },
	{ "{\"arrival\":{\"rate\":5,\"distribution\":\"poison\"}}", LD_INVALID,
	    "t:2:37: unknown distribution 'poison'; did you mean 'poisson'?" },
	{ "{\"arrival\":{\"rate\":5,\"limits\":1}}", LD_INVALID,
	    "t:2:22: unknown key 'limits'; did you mean 'limit'?" },
	{ "{\"arrival\":{\"rate\":5,\"limit\":0}}", LD_INVALID,
	    "t:2:12: 'limit' is at least 1 session" },
	{ "{\"arrival\":{\"stages\":[{\"duration\":5}]}}", LD_INVALID,
	    "t:2:23: 'rate' is missing" },
	{ "{\"arrival\":{\"stages\":[5]}}", LD_INVALID,
	    "t:2:23: a stage is an object such as {\"duration\": \"30s\", "
	    "\"rate\": \"500/s\"}, not a number" },
	{ "{\"arrival\":{\"rate\":\"2000M/s\"}}", LD_INVALID,
	    "t:2:12: a rate of arrivals is at most 1000M/s" },
	{ "{\"arrival\":{\"from\":\"records\"}}", LD_INVALID,
	    "t:2:12: arrivals are announced as records, and there is none" },
	{ "{\"arrival\":{\"from\":\"records\",\"rate\":1}}", LD_INVALID,
	    "t:2:12: arrivals come from records here: 'rate', 'stages' and "
	    "'distribution' have no effect" },
	{ "{\"arrival\":5,\"user_count\":3}", LD_INVALID,
	    "t:2:27: 'user_count' has no effect beside 'arrival': sessions "
	    "come and go with the arrivals" },
	{ "{\"arrival\":5,\"wait\":\"1s\"}", LD_INVALID,
	    "t:2:21: 'wait' has no effect beside 'arrival': sessions come and "
	    "go with the arrivals" },
	{ "{\"user_detail_dict\":{\"usr\":\"x\"}}", LD_INVALID,
	    "t:2:22: unknown key 'usr'; did you mean 'user'?" },
	{ "{\"user_detail_dict\":7}", LD_INVALID,
	    "t:2:21: 'user_detail_dict' is an object such as "
	    "{\"user\": \"fast_http_user\"}, not a number" },
	{ "{\"user_detail_dict\":{\"user\":\"a\"},\"user\":\"b\"}", LD_INVALID,
	    "t:2:41: 'user' and 'user_detail_dict' name different "
	    "user types" },
	{ "{\"variables\":[]}", LD_INVALID,
	    "t:2:14: 'variables' is an object, not an array" },
	{ "{\"csv_sources\":[{\"name\":\"u\"}]}", LD_INVALID,
	    "t:2:17: 'file_path' is missing" },
	{ "{\"csv_sources\":[{\"name\":\"u.v\","
	  "\"file_path\":\"/dev/null\"}]}",
	    LD_INVALID,
	    "t:2:17: 'u.v' cannot name a CSV source: no placeholder "
	    "would reach it" },
	{ "{\"csv_sources\":[{\"name\":\"u\","
	  "\"file_path\":\"/dev/null\"}]}",
	    LD_INVALID, "/dev/null:1:1: no header line: the file is empty" },
	{ "{\"defaults\":[]}", LD_INVALID,
	    "t:2:13: 'defaults' is an object of task fields, not an "
	    "array" },
};

static void
every_bad_config_is_refused_at_its_place(void **state)
{
	for (size_t i = 0; i < sizeof(bad_configs) / sizeof(bad_configs[0]);
	     i++) {
		struct ld_err err = LD_ERR_INIT;
		struct opened o;

		assert_int_equal(
		    read_config(&o, bad_configs[i].args, NULL, NULL, &err),
		    bad_configs[i].status);
		assert_string_equal(plan_error(&err), bad_configs[i].want);
		close_config(&o);
	}
	(void)state;
}

/* -- the open model ------------------------------------------------------ */

static void
arrivals_are_read_in_every_form(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct opened o;
	const struct ld_arrivals *a = &o.config.arrivals;

	(void)state;
	must(read_config(&o, "{}", NULL, NULL, &err), &err);
	assert_false(a->given);
	close_config(&o);
	must(read_config(&o, "{\"arrival\":\"6k/m\"}", NULL, NULL, &err), &err);
	assert_true(a->given && a->rate == 100 && !a->poisson && !a->keep);
	assert_true(a->limit == LD_DEFAULT_SESSIONS && a->n_stages == 0);
	assert_true(o.config.test_time_ns == UINT64_C(60000000000));
	close_config(&o);
	must(read_config(&o,
		 "{\"variables\":{\"r\":7},\"arrival\":{\"rate\":\"${r}\","
		 "\"distribution\":\"Poisson\",\"session\":\"keep\","
		 "\"limit\":3,\"stages\":[{\"duration\":2,\"rate\":9},"
		 "{\"duration\":\"500ms\",\"rate\":\"1/s\"}]}}",
		 NULL, NULL, &err),
	    &err);
	assert_true(a->given && a->rate == 7 && a->poisson && a->keep);
	assert_true(a->limit == 3 && a->n_stages == 2);
	assert_true(a->stages[0].duration_ns == UINT64_C(2000000000));
	assert_true(a->stages[0].rate == 9 && a->stages[1].rate == 1);
	/* Stages say how long, unless something else does. */
	assert_true(o.config.test_time_ns == UINT64_C(2500000000));
	close_config(&o);
}

static void
a_rate_of_the_command_line_replaces_that_of_the_plan(void **state)
{
	struct ld_overrides with = { .has_arrival_rate = true,
		.arrival_rate = 20 };
	const struct ld_stage stage = { 1000, 5 };
	const char *plan = "{\"arrival\":{\"rate\":1,\"limit\":4,\"stages\":"
			   "[{\"duration\":1,\"rate\":2}]}}";
	struct ld_err err = LD_ERR_INIT;
	struct opened o;
	const struct ld_arrivals *a = &o.config.arrivals;

	(void)state;
	must(read_config(&o, plan, NULL, &with, &err), &err);
	assert_true(a->rate == 20 && a->n_stages == 0 && a->limit == 4);
	close_config(&o);
	/* What a plan says of the closed model gives way. */
	must(read_config(
		 &o, "{\"user_count\":7,\"wait\":\"1s\"}", NULL, &with, &err),
	    &err);
	assert_true(a->given && a->rate == 20);
	close_config(&o);
	with = (struct ld_overrides){ .stages = &stage,
		.n_stages = 1,
		.has_sessions = true,
		.sessions = 9,
		.poisson = true };
	must(read_config(&o, plan, NULL, &with, &err), &err);
	assert_true(a->rate == 0 && a->n_stages == 1 && a->limit == 9);
	assert_true(a->poisson);
	close_config(&o);
}

static void
options_without_effect_are_refused(void **state)
{
	const struct ld_overrides closed = { .has_users = true, .users = 2 };
	const struct ld_overrides open = { .poisson = true };
	const struct ld_stage stage = { 1000, 2e9 };
	const struct ld_overrides fast = { .has_arrival_rate = true,
		.arrival_rate = 1e10 };
	const struct ld_overrides faster = { .stages = &stage, .n_stages = 1 };
	struct ld_err err = LD_ERR_INIT;
	struct opened o;

	(void)state;
	assert_int_equal(
	    read_config(&o, "{\"arrival\":5}", NULL, &closed, &err),
	    LD_INVALID);
	assert_non_null(strstr(err.text, "passes begin with arrivals here"));
	close_config(&o);
	assert_int_equal(read_config(&o, "{}", NULL, &fast, &err), LD_INVALID);
	assert_string_equal(err.text, "a rate of arrivals is at most 1000M/s");
	close_config(&o);
	assert_int_equal(
	    read_config(&o, "{}", NULL, &faster, &err), LD_INVALID);
	assert_string_equal(err.text, "a rate of arrivals is at most 1000M/s");
	close_config(&o);
	assert_int_equal(read_config(&o, "{}", NULL, &open, &err), LD_INVALID);
	assert_non_null(strstr(err.text, "neither the plan nor the command"));
	close_config(&o);
}

/* -- a driver's table ----------------------------------------------------- */

struct driver_config {
	bool http2;
	uint64_t window;
	const char *word;
};

static const struct ld_field driver_config_fields[] = {
	LD_FIELD(BOOL, struct driver_config, http2, "http2", "false", "x"),
	LD_FIELD(SIZE, struct driver_config, window, "window", "64KiB", "x"),
	LD_FIELD(STRING, struct driver_config, word, "word", NULL, "x"),
	LD_FIELD_END,
};

static const char *const levels[] = { "low", "high", NULL };

struct driver_task {
	const struct ld_template *url, *json;
	struct ld_pairs headers;
	unsigned level;
	bool level_seen;
	const char *method;
};

static const struct ld_field driver_task_fields[] = {
	{ .name = "request_url",
	    .alias = "url",
	    .kind = LD_FIELD_TEXT,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = offsetof(struct driver_task, url),
	    .seen_offset = LD_FIELD_NO_SEEN },
	LD_FIELD(JSON, struct driver_task, json, "json", NULL, "x"),
	LD_FIELD(PAIRS, struct driver_task, headers, "headers", NULL, "x"),
	LD_FIELD(STRING, struct driver_task, method, "method", "GET", "x"),
	{ .name = "level",
	    .kind = LD_FIELD_CHOICE,
	    .offset = offsetof(struct driver_task, level),
	    .seen_offset = offsetof(struct driver_task, level_seen),
	    .def = "high",
	    .choices = levels },
	{ .name = "password",
	    .kind = LD_FIELD_CHOICE,
	    .flags = LD_FIELD_SECRET,
	    .offset = offsetof(struct driver_task, level),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .choices = levels },
	LD_FIELD_END,
};

static void
keys_of_the_driver_are_accepted_and_read_later(void **state)
{
	struct driver_config config = { 0 };
	struct ld_err err = LD_ERR_INIT;
	struct ldi_bind *bind;
	struct opened o;

	must(read_config(&o, "{\"http2\":true,\"user_count\":2}",
		 driver_config_fields, NULL, &err),
	    &err);
	must(ldi_bind_new(o.resolver, 0, &bind, &err), &err);
	must(ldi_config_read_driver(
		 &o.config, driver_config_fields, &config, bind, &err),
	    &err);
	assert_true(config.http2);
	assert_true(config.window == 65536);
	assert_null(config.word);
	ldi_bind_free(bind);
	close_config(&o);
	assert_int_equal(read_config(&o, "{\"htp2\":true}",
			     driver_config_fields, NULL, &err),
	    LD_INVALID);
	assert_string_equal(plan_error(&err),
	    "t:2:2: unknown key 'htp2'; did you mean 'http2'?");
	close_config(&o);
	(void)state;
}

struct task_case {
	struct ld_resolver *resolver;
	struct ldi_bind *bind;
	struct plan_input task, defaults;
	struct ldi_task_common common;
	struct driver_task own;
};

static enum ld_status
read_task(struct task_case *c, const char *task, const char *defaults,
    struct ld_err *err)
{
	struct ldi_task_driver driver = { driver_task_fields, &c->own };
	struct ld_node under = { .ref = LD_JSON_NONE };
	struct ld_node own;

	*c = (struct task_case){ .resolver = ld_resolver_new() };
	assert_non_null(c->resolver);
	must(ldi_bind_new(c->resolver, 0, &c->bind, err), err);
	own = plan_input(&c->task, task);
	if (defaults != NULL)
		under = plan_input(&c->defaults, defaults);
	return ldi_task_read(own, under, &driver, c->bind, &c->common, err);
}

static void
close_task(struct task_case *c)
{
	plan_input_clear(&c->task);
	plan_input_clear(&c->defaults);
	ldi_bind_free(c->bind);
	ld_resolver_free(c->resolver);
}

static const char *
constant(const struct ld_template *tpl)
{
	const char *text;
	size_t len;

	assert_non_null(tpl);
	assert_true(ld_template_constant(tpl, &text, &len));
	return text;
}

static void
task_inherits_what_it_does_not_name(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct task_case c;

	must(read_task(&c,
		 "{\"url\":\"/a\",\"headers\":null,\"name\":\"n ${uuid()}\","
		 "\"assertions\":[]}",
		 "{\"request_url\":\"/b\",\"headers\":{\"A\":\"1\"},"
		 "\"timeout\":\"250ms\",\"level\":\"LOW\",\"extract\":[]}",
		 &err),
	    &err);
	assert_string_equal(constant(c.own.url), "/a");
	assert_string_equal(c.own.method, "GET");
	assert_int_equal(c.own.headers.n, 0); /* null stops it */
	assert_int_equal(c.own.level, 0);
	assert_true(c.own.level_seen);
	assert_true(c.common.timeout_given);
	assert_true(c.common.timeout_ns == 250000000);
	assert_string_equal(ld_template_shape(c.common.name), "n ${uuid()}");
	assert_ptr_equal(c.common.assertions.json, &c.task.json);
	assert_ptr_equal(c.common.extract.json, &c.defaults.json);
	close_task(&c);
	must(read_task(&c, "{\"url\":\"\",\"request_url\":\"/c\"}", NULL, &err),
	    &err);
	assert_string_equal(constant(c.own.url), "/c");
	assert_int_equal(c.own.level, 1);
	assert_false(c.own.level_seen);
	assert_false(c.common.timeout_given);
	assert_null(c.common.name);
	assert_int_equal(c.common.extract.ref, LD_JSON_NONE);
	close_task(&c);
	(void)state;
}

static const struct {
	const char *task, *defaults;
	enum ld_status status;
	const char *want;
} bad_tasks[] = {
	{ "{}", NULL, LD_INVALID, "t:1:1: 'request_url' is missing" },
	{ "{\"url\":\"/\",\"hedaers\":{}}", NULL, LD_INVALID,
	    "t:1:12: unknown key 'hedaers'; did you mean "
	    "'headers'?" },
	{ "{\"url\":\"/\"}", "{\n\"jsn\":{}}", LD_INVALID,
	    "t:2:1: unknown key 'jsn'; did you mean 'json'?" },
	{ "{\"url\":\"/\",\"request_url\":\"/\"}", NULL, LD_INVALID,
	    "t:1:2: 'request_url' and 'url' are two names of one "
	    "key: give only one" },
	{ "{\"url\":\"/\",\"think_time\":1}", NULL, LD_UNSUPPORTED,
	    "t:1:25: 'think_time' is not in this build" },
	{ "{\"url\":\"/\",\"weight\":2}", NULL, LD_UNSUPPORTED,
	    "t:1:21: 'weight' is not in this build" },
	{ "{\"url\":\"/\",\"level\":\"lowest\"}", NULL, LD_INVALID,
	    "t:1:20: unknown level 'lowest'" },
	{ "{\"url\":\"/\",\"headers\":[]}", NULL, LD_INVALID,
	    "t:1:22: 'headers' is an object, not an array" },
	{ "{\"url\":\"/\",\"json\":{\"a\":[\"${x1}\"]}}", NULL, LD_INVALID,
	    "t:1:26: no variable 'x1': no extractor, --var, "
	    "`variables` or environment sets it (set it with --var "
	    "x1=...)" },
	{ "{\"url\":\"/\",\"method\":7}", NULL, LD_INVALID,
	    "t:1:21: 'method' is a string, not a number" },
	{ "{\"url\":\"/\",\"password\":\"hunter2\"}", NULL, LD_INVALID,
	    "t:1:23: 'password': not an acceptable value" },
};

static void
every_bad_task_is_refused_at_its_place(void **state)
{
	for (size_t i = 0; i < sizeof(bad_tasks) / sizeof(bad_tasks[0]); i++) {
		struct ld_err err = LD_ERR_INIT;
		struct task_case c;

		assert_int_equal(read_task(&c, bad_tasks[i].task,
				     bad_tasks[i].defaults, &err),
		    bad_tasks[i].status);
		assert_string_equal(plan_error(&err), bad_tasks[i].want);
		close_task(&c);
	}
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_of_the_original),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(
		    null_test_time_and_given_passes_mean_no_time_limit),
		cmocka_unit_test(command_line_wins_over_the_plan),
		cmocka_unit_test(every_bad_config_is_refused_at_its_place),
		cmocka_unit_test(arrivals_are_read_in_every_form),
		cmocka_unit_test(
		    a_rate_of_the_command_line_replaces_that_of_the_plan),
		cmocka_unit_test(options_without_effect_are_refused),
		cmocka_unit_test(
		    keys_of_the_driver_are_accepted_and_read_later),
		cmocka_unit_test(task_inherits_what_it_does_not_name),
		cmocka_unit_test(every_bad_task_is_refused_at_its_place),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
