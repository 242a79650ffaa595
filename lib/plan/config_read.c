/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/num.h>
#include <ld/rng.h>

#include "plan/arrival.h"
#include "plan/config_read.h"
#include "plan/doc.h"
#include "plan/fields.h"
#include "plan/node.h"

#define DEFAULT_USER "fast_http_user"

/* What the table fills, before it is judged. */
struct raw {
	const char *user;
	struct ld_node detail, seed, variables, csv_sources, defaults, mode;
	struct ld_node arrival;
	uint64_t user_count, passes;
	double spawn_rate;
	uint64_t test_time_ns, timeout_ns, grace_ns;
	struct ld_range_ns wait;
	const char *host, *cacert;
	bool tls_resume;
	struct ld_node resolve, bind, validity;
	bool test_time_given, passes_given;
};

#define SEEN(kind_, member, seen_, name_, def_, help_)                   \
	{                                                                \
		.name = name_, .kind = LD_FIELD_##kind_,                 \
		.offset = LD_FIELD_OFFSET(                               \
		    struct raw, member, LD_FIELD_TYPE_##kind_),          \
		.seen_offset = offsetof(struct raw, seen_), .def = def_, \
		.help = help_                                            \
	}

/* clang-format off */
const struct ld_field ldi_config_fields[] = {
	LD_FIELD_SHAPED(struct raw, detail, "user_detail_dict",
	    "{'anyOf':[{'$ref':'#/definitions/user'},{'type':'object','properties':{'user':{'$ref':'#/definitions/user'}},'additionalProperties':false}]}",
	    "{\"user\": TYPE}, or the name of the type itself"),
	{ .name = "user", .kind = LD_FIELD_STRING,
	  .offset = LD_FIELD_OFFSET(struct raw, user, LD_FIELD_TYPE_STRING),
	  .seen_offset = LD_FIELD_NO_SEEN, .help = "user type, as user_detail_dict",
	  .shape = "{'$ref':'#/definitions/user'}" },
	LD_FIELD(COUNT, struct raw, user_count, "user_count", "50",
	    "simulated users"),
	LD_FIELD(RATE, struct raw, spawn_rate, "spawn_rate", "10",
	    "users started per second"),
	SEEN(DURATION, test_time_ns, test_time_given, "test_time", "60",
	    "duration of the run; null = no limit"),
	SEEN(COUNT, passes, passes_given, "passes", "0",
	    "passes of each user, or arrivals of the open model; 0 = no limit"),
	LD_FIELD(RANGE, struct raw, wait, "wait", "100ms..200ms",
	    "pause between passes"),
	LD_FIELD(DURATION, struct raw, timeout_ns, "timeout", "60",
	    "longest duration of an exchange"),
	LD_FIELD(DURATION, struct raw, grace_ns, "grace", "5",
	    "how long the end waits for exchanges in flight"),
	LD_FIELD_SHAPED(struct raw, seed, "seed",
	    "{'anyOf':[{'type':'integer','minimum':0,'maximum':18446744073709551615},{'type':'string','pattern':'^[0-9]{1,20}$'},{'$ref':'#/definitions/placeholder'}]}",
	    "of all random draws; a number, or a string of digits"),
	LD_FIELD(STRING, struct raw, host, "host", NULL,
	    "base URL for relative targets"),
	LD_FIELD(STRING, struct raw, cacert, "cacert", NULL,
	    "PEM file with the authorities that are trusted, instead of the system's"),
	LD_FIELD(BOOL, struct raw, tls_resume, "tls_resume", "true",
	    "whether a user who connects again resumes the TLS session"),
	LD_FIELD_SHAPED(struct raw, resolve, "resolve",
	    "{'type':'array','items':{'type':'string'}}",
	    "array of HOST:PORT:ADDRESS: addresses of names, instead of a look-up"),
	LD_FIELD_SHAPED(struct raw, bind, "bind",
	    "{'type':'array','items':{'type':'string'}}",
	    "array of addresses of this host: connections come from these, in turn"),
	LD_FIELD_SHAPED(struct raw, validity, "validity",
	    "{'type':'object','additionalProperties':{'type':['string','number']}}",
	    "thresholds of the run's validity by rule: DEGRADED:INVALID"),
	LD_FIELD_SHAPED(struct raw, variables, "variables", "{'type':'object'}",
	    "values for ${NAME}"),
	LD_FIELD_SHAPED(struct raw, csv_sources, "csv_sources",
	    "{'type':'array','items':{'$ref':'#/definitions/csv_source'}}",
	    "files for ${csv.NAME.COLUMN}"),
	LD_FIELD_SHAPED(struct raw, defaults, "defaults",
	    "{'$ref':'#/definitions/task'}",
	    "fields that every task inherits"),
	{ .name = "mode", .kind = LD_FIELD_NODE, .choices = ldi_modes,
	  .offset = LD_FIELD_OFFSET(struct raw, mode, LD_FIELD_TYPE_NODE),
	  .seen_offset = LD_FIELD_NO_SEEN, .help = "which tasks a pass runs: sequence" },
	LD_FIELD_SHAPED(struct raw, arrival, "arrival",
	    "{'anyOf':[{'$ref':'#/definitions/rate'},{'$ref':'#/definitions/arrival'}]}",
	    "the open model: a rate of arrivals, or an object that has one"),
	LD_FIELD_BARE(LATER, "web_ui_dict", NULL, NULL, "a live view in the browser"),
	LD_FIELD_BARE(LATER, "runner_mode", NULL, "local", "local, master or worker"),
	LD_FIELD_BARE(LATER, "master_bind_host", NULL, "*", "address the master listens on"),
	LD_FIELD_BARE(LATER, "master_bind_port", NULL, "5557", "port the master listens on"),
	LD_FIELD_BARE(LATER, "master_host", NULL, "127.0.0.1", "address of the master"),
	LD_FIELD_BARE(LATER, "master_port", NULL, "5557", "port of the master"),
	LD_FIELD_BARE(LATER, "expected_workers", NULL, "0", "workers the master waits for"),
	LD_FIELD_BARE(LATER, "load_shape", NULL, NULL, "stages, spike or soak"),
	LD_FIELD_BARE(LATER, "shape_config", NULL, NULL, "figures of the load shape"),
	LD_FIELD_END,
};
/* clang-format on */

/* `tasks` stands beside the config in LD_start_test; the document has read
 * it. */
static const struct ld_field tasks_field[] = {
	{ .name = "tasks",
	    .kind = LD_FIELD_IGNORED,
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "what every pass does" },
	LD_FIELD_END,
};

static const struct ld_field no_fields[] = { LD_FIELD_END };

/* The user type of {"user": TYPE}, or of a plain string. */
static enum ld_status
detail_user(struct ld_node detail, struct ldi_arena *arena,
    const char **user_out, struct ld_err *err)
{
	static const struct ld_field fields[] = {
		LD_FIELD(STRING, struct raw, user, "user", NULL, "user type"),
		LD_FIELD_END,
	};
	const struct ld_field *const tables[] = { fields, NULL };
	struct raw raw = { 0 };
	void *const bases[] = { &raw };
	enum ld_status st;
	char *name;

	if (ldi_node_kind(detail) == LD_JSON_STRING) {
		st = ldi_node_name(detail, arena, &name, err);
		*user_out = name;
		return st;
	}
	if (ldi_node_kind(detail) != LD_JSON_OBJECT)
		return ld_node_error(detail, err, LD_INVALID,
		    "'user_detail_dict' is an object such as "
		    "{\"user\": \"" DEFAULT_USER "\"}, not %s",
		    ldi_node_article(detail));
	st = ldi_fields_read(tables, bases, detail, NULL, NULL, arena, err);
	*user_out = raw.user;
	return st;
}

enum ld_status
ld_config_user(const struct ld_item *item, const struct ld_overrides *overrides,
    const char **user_out, struct ld_err *err)
{
	/* Every item of a document is one of these. */
	struct ldi_arena *arena = ((const struct ldi_item *)item)->arena;
	struct ld_node detail = ld_node_get(item->args, "user_detail_dict");
	struct ld_node user = ld_node_get(item->args, "user");
	const char *first = NULL, *second = NULL;
	enum ld_status st = LD_OK;

	if (overrides != NULL && overrides->user != NULL) {
		*user_out = overrides->user;
		return LD_OK;
	}
	if (ldi_node_kind(detail) != LD_JSON_NULL)
		st = detail_user(detail, arena, &first, err);
	if (st == LD_OK && ldi_node_kind(user) != LD_JSON_NULL)
		st = detail_user(user, arena, &second, err);
	if (st != LD_OK)
		return st;
	if (first != NULL && second != NULL && strcmp(first, second) != 0)
		return ld_node_error(user, err, LD_INVALID,
		    "'user' and 'user_detail_dict' name different user types");
	if (first == NULL)
		first = second;
	*user_out = first != NULL ? first : DEFAULT_USER;
	/* It says which fields there are, so it is read before all else. */
	if (strstr(*user_out, "${") != NULL)
		return ld_node_error(ldi_node_present(user) ? user : detail,
		    err, LD_INVALID,
		    "a user type is a word of the plan: it holds no "
		    "placeholder");
	return LD_OK;
}

static enum ld_status
read_seed(struct ld_node node, const struct ld_resolver *resolver,
    struct ldi_arena *arena, struct ld_config *out, struct ld_err *err)
{
	static const struct ld_field text_field[] = {
		{ .name = "seed",
		    .kind = LD_FIELD_STRING,
		    .seen_offset = LD_FIELD_NO_SEEN },
		LD_FIELD_END,
	};
	const struct ldi_fields how = { .resolver = resolver, .arena = arena };
	const char *text = NULL;
	enum ld_status st;

	out->seed_given = ldi_node_kind(node) != LD_JSON_NULL;
	if (!out->seed_given)
		return LD_OK;
	if (ldi_node_kind(node) == LD_JSON_STRING) {
		st = ldi_field_value(&how, text_field, &text, node, err);
		if (st != LD_OK)
			return st;
		if (ld_num_u64(text, strlen(text), &out->seed, NULL) == LD_OK)
			return LD_OK;
	} else if (ldi_node_kind(node) == LD_JSON_NUMBER &&
		   ld_json_u64(node.json, node.ref, &out->seed)) {
		return LD_OK;
	}
	return ld_node_error(
	    node, err, LD_INVALID, "'seed' is a whole number from 0 to 2^64-1");
}

static void
override(struct ld_config *out, const struct ld_overrides *with)
{
	if (with == NULL)
		return;
	if (with->has_users)
		out->user_count = with->users;
	if (with->has_rate)
		out->spawn_rate = with->spawn_rate;
	if (with->has_time)
		out->test_time_ns = with->time_ns;
	if (with->has_passes)
		out->passes = with->passes;
	if (with->has_wait)
		out->wait = with->wait;
	if (with->has_seed)
		out->seed = with->seed;
	if (with->has_timeout)
		out->timeout_ns = with->timeout_ns;
	if (with->has_grace)
		out->grace_ns = with->grace_ns;
	if (with->cacert != NULL) {
		out->cacert = with->cacert;
		out->cacert_by_option = true;
	}
	out->option_resolve = with->resolve;
	out->n_option_resolve = with->n_resolve;
	out->option_bind = with->bind;
	out->n_option_bind = with->n_bind;
	out->option_connect_to = with->connect_to;
	out->n_option_connect_to = with->n_connect_to;
	out->seed_given = out->seed_given || with->has_seed;
	out->test_time_given = out->test_time_given || with->has_time;
	out->passes_given = out->passes_given || with->has_passes;
}

static enum ld_status
judge(const struct ld_item *item, struct ld_config *out, struct ld_err *err)
{
	struct ld_node args = item->args, defaults = out->defaults, at;

	/* null says "for ever"; absent is a default. */
	at = ld_node_get(args, "test_time");
	if (!out->test_time_given &&
	    ((ldi_node_present(at) && ldi_node_kind(at) == LD_JSON_NULL) ||
		(out->passes_given && out->passes != 0)))
		out->test_time_ns = UINT64_MAX;
	if (!out->test_time_given && !ldi_node_present(at) &&
	    (out->arrivals.n_stages > 0 || out->arrivals.list != NULL))
		out->test_time_ns = ldi_arrival_span_ns(&out->arrivals);
	at = ld_node_get(args, "user_count");
	if (out->user_count == 0)
		return ld_node_error(ldi_node_present(at) ? at : item->node,
		    err, LD_INVALID, "'user_count' is at least 1");
	at = ld_node_get(args, "spawn_rate");
	if (!(out->spawn_rate > 0))
		return ld_node_error(ldi_node_present(at) ? at : item->node,
		    err, LD_INVALID, "'spawn_rate' is more than 0");
	at = ld_node_get(args, "timeout");
	if (out->timeout_ns == 0)
		return ld_node_error(ldi_node_present(at) ? at : item->node,
		    err, LD_INVALID, "'timeout' is more than 0");
	if (ldi_node_present(defaults) &&
	    ldi_node_kind(defaults) != LD_JSON_OBJECT)
		return ld_node_error(defaults, err, LD_INVALID,
		    "'defaults' is an object of task fields, not %s",
		    ldi_node_article(defaults));
	return LD_OK;
}

static void
take(const struct raw *raw, struct ld_node object, struct ld_config *out)
{
	out->user_count = raw->user_count;
	out->spawn_rate = raw->spawn_rate;
	out->test_time_ns = raw->test_time_ns;
	out->test_time_given = raw->test_time_given;
	out->passes = raw->passes;
	out->passes_given = raw->passes_given;
	out->wait = raw->wait;
	out->timeout_ns = raw->timeout_ns;
	out->grace_ns = raw->grace_ns;
	out->host = raw->host;
	out->cacert = raw->cacert;
	out->tls_resume = raw->tls_resume;
	out->resolve = raw->resolve;
	out->bind = raw->bind;
	out->variables = raw->variables;
	out->csv_sources = raw->csv_sources;
	out->defaults = raw->defaults;
	out->object = object;
}

/* First of all: the other values may be placeholders for them. */
static enum ld_status
register_values(const struct ld_item *item, struct ld_resolver *resolver,
    struct ld_err *err)
{
	enum ld_status st = ld_resolver_variables(
	    resolver, ld_node_get(item->args, "variables"), err);

	if (st != LD_OK)
		return st;
	return ld_resolver_csv_sources(
	    resolver, ld_node_get(item->args, "csv_sources"), err);
}

enum ld_status
ld_config_read(const struct ld_item *item, const struct ld_overrides *overrides,
    const struct ld_field *driver_fields, struct ld_resolver *resolver,
    struct ld_config *out, struct ld_err *err)
{
	struct ldi_arena *arena = ((const struct ldi_item *)item)->arena;
	struct raw raw = { .detail = LDI_NODE_ABSENT,
		.seed = LDI_NODE_ABSENT,
		.resolve = LDI_NODE_ABSENT,
		.bind = LDI_NODE_ABSENT,
		.validity = LDI_NODE_ABSENT,
		.variables = LDI_NODE_ABSENT,
		.csv_sources = LDI_NODE_ABSENT,
		.defaults = LDI_NODE_ABSENT,
		.mode = LDI_NODE_ABSENT,
		.arrival = LDI_NODE_ABSENT };
	const struct ld_field *const tables[] = { ldi_config_fields,
		tasks_field, driver_fields != NULL ? driver_fields : no_fields,
		NULL };
	void *const bases[] = { &raw, NULL, NULL };
	enum ld_status st;

	*out = (struct ld_config){ 0 };
	st = ld_config_user(item, overrides, &out->user, err);
	if (st == LD_OK)
		st = register_values(item, resolver, err);
	if (st == LD_OK)
		st = ldi_fields_read(
		    tables, bases, item->args, NULL, resolver, arena, err);
	if (st == LD_OK)
		st = read_seed(raw.seed, resolver, arena, out, err);
	if (st != LD_OK)
		return st;
	take(&raw, item->args, out);
	override(out, overrides);
	st = ldi_thresholds_read(
	    &out->thresholds, raw.validity, overrides, arena, err);
	if (st != LD_OK)
		return st;
	st = ldi_arrival_read(
	    item, raw.arrival, overrides, resolver, arena, &out->arrivals, err);
	return st == LD_OK ? judge(item, out, err) : st;
}

enum ld_status
ldi_config_read_driver(const struct ld_config *config,
    const struct ld_field *fields, void *base, struct ldi_bind *bind,
    struct ld_err *err)
{
	const struct ld_field *const tables[] = { fields, ldi_config_fields,
		tasks_field, NULL };
	void *const bases[] = { base, NULL, NULL };

	return ldi_fields_read(tables, bases, config->object, bind, NULL,
	    ldi_bind_arena(bind), err);
}
