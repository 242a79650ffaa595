/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "plan/arrival.h"
#include "plan/fields.h"
#include "plan/node.h"

/* A thousand arrivals per microsecond: beyond any clock. */
#define MAX_RATE 1e9
#define MAX_STAGES 10000
/* A year; sums of stages stay far below 2^63. */
#define MAX_STAGE_NS (UINT64_C(366) * 86400 * 1000000000)

struct raw {
	double rate;
	bool rate_given;
	unsigned distribution, session, from;
	struct ld_node stages;
	uint64_t limit;
};

static const char *const distributions[] = { "fixed", "poisson", NULL };
static const char *const origins[] = { "rate", "records", NULL };
static const char *const sessions[] = { "fresh", "keep", NULL };

/* clang-format off */
const struct ld_field ldi_arrival_fields[] = {
	{ .name = "rate", .kind = LD_FIELD_RATE,
	  .offset = LD_FIELD_OFFSET(struct raw, rate, LD_FIELD_TYPE_RATE),
	  .seen_offset = offsetof(struct raw, rate_given),
	  .help = "arrivals per second when the run begins" },
	{ .name = "distribution", .kind = LD_FIELD_CHOICE,
	  .offset = LD_FIELD_OFFSET(struct raw, distribution, LD_FIELD_TYPE_CHOICE),
	  .seen_offset = LD_FIELD_NO_SEEN, .def = "fixed",
	  .choices = distributions,
	  .help = "fixed: evenly spaced; poisson: random gaps, as of "
	          "independent people" },
	LD_FIELD_SHAPED(struct raw, stages, "stages",
	    "{'type':'array','maxItems':10000,'items':{'$ref':'#/definitions/stage'}}",
	    "how the rate goes on: each brings it to a new value in a "
	    "straight line"),
	{ .name = "limit", .kind = LD_FIELD_COUNT,
	  .offset = LD_FIELD_OFFSET(struct raw, limit, LD_FIELD_TYPE_COUNT),
	  .seen_offset = LD_FIELD_NO_SEEN, .def = "10000",
	  .help = "sessions at most; an arrival that finds all of them busy is "
	          "not started, and counted" },
	{ .name = "session", .kind = LD_FIELD_CHOICE,
	  .offset = LD_FIELD_OFFSET(struct raw, session, LD_FIELD_TYPE_CHOICE),
	  .seen_offset = LD_FIELD_NO_SEEN, .def = "fresh",
	  .choices = sessions,
	  .help = "fresh: each arrival is a new visitor; keep: variables and "
	          "cookies stay with the session" },
	{ .name = "from", .kind = LD_FIELD_CHOICE,
	  .offset = LD_FIELD_OFFSET(struct raw, from, LD_FIELD_TYPE_CHOICE),
	  .seen_offset = LD_FIELD_NO_SEEN, .def = "rate", .choices = origins,
	  .help = "records: the arrivals are records of the plan stream, as "
	          "ld-run --dry writes them" },
	LD_FIELD_END,
};

const struct ld_field ldi_stage_fields[] = {
	{ .name = "duration", .kind = LD_FIELD_DURATION,
	  .flags = LD_FIELD_REQUIRED,
	  .offset = LD_FIELD_OFFSET(struct ld_stage, duration_ns, LD_FIELD_TYPE_DURATION),
	  .seen_offset = LD_FIELD_NO_SEEN,
	  .help = "how long the change takes; 0 = at once" },
	{ .name = "rate", .kind = LD_FIELD_RATE, .flags = LD_FIELD_REQUIRED,
	  .offset = LD_FIELD_OFFSET(struct ld_stage, rate, LD_FIELD_TYPE_RATE),
	  .seen_offset = LD_FIELD_NO_SEEN,
	  .help = "arrivals per second at its end" },
	LD_FIELD_END,
};

/* `arrival` that is only a rate. */
static const struct ld_field short_field[] = {
	LD_FIELD(RATE, struct raw, rate, "arrival", NULL, "arrivals per second"),
	LD_FIELD_END,
};
/* clang-format on */

static enum ld_status
check_rate(struct ld_node place, double rate, struct ld_err *err)
{
	if (rate >= 0 && rate <= MAX_RATE)
		return LD_OK;
	return ld_node_error(
	    place, err, LD_INVALID, "a rate of arrivals is at most 1000M/s");
}

/* -- stages --------------------------------------------------------------- */

static enum ld_status
read_stage(struct ld_node node, const struct ld_resolver *resolver,
    struct ldi_arena *arena, struct ld_stage *out, struct ld_err *err)
{
	const struct ld_field *const tables[] = { ldi_stage_fields, NULL };
	void *const bases[] = { out };
	enum ld_status st;

	if (ldi_node_kind(node) != LD_JSON_OBJECT)
		return ld_node_error(node, err, LD_INVALID,
		    "a stage is an object such as {\"duration\": \"30s\", "
		    "\"rate\": \"500/s\"}, not %s",
		    ldi_node_article(node));
	st = ldi_fields_read(tables, bases, node, NULL, resolver, arena, err);
	if (st == LD_OK)
		st = check_rate(node, out->rate, err);
	if (st == LD_OK && out->duration_ns > MAX_STAGE_NS)
		st = ld_node_error(
		    node, err, LD_INVALID, "a stage is at most a year long");
	return st;
}

static enum ld_status
read_stages(struct ld_node list, const struct ld_resolver *resolver,
    struct ldi_arena *arena, struct ld_arrivals *out, struct ld_err *err)
{
	struct ld_stage *stages;
	size_t n = 0;
	enum ld_status st = LD_OK;

	if (ldi_node_kind(list) == LD_JSON_NULL)
		return LD_OK;
	if (ldi_node_kind(list) != LD_JSON_ARRAY)
		return ld_node_error(list, err, LD_INVALID,
		    "'stages' is an array, not %s", ldi_node_article(list));
	out->n_stages = ld_json_count(list.json, list.ref);
	if (out->n_stages > MAX_STAGES)
		return ld_node_error(list, err, LD_INVALID,
		    "%zu stages are more than %d", out->n_stages, MAX_STAGES);
	stages = ldi_arena_array(arena, out->n_stages, sizeof(*stages));
	if (stages == NULL)
		return ldi_nomem(err);
	out->stages = stages;
	for (struct ld_node node = ldi_node_first(list);
	     st == LD_OK && ldi_node_present(node);
	     node = ldi_node_next(list, node))
		st = read_stage(node, resolver, arena, &stages[n++], err);
	return st;
}

/* -- the value of `arrival` ----------------------------------------------- */

static enum ld_status
read_short(struct ld_node node, const struct ld_resolver *resolver,
    struct ldi_arena *arena, struct ld_arrivals *out, struct ld_err *err)
{
	const struct ldi_fields how = { .resolver = resolver, .arena = arena };
	struct raw raw = { 0 };
	enum ld_status st = ldi_field_value(&how, short_field, &raw, node, err);

	out->rate = raw.rate;
	return st;
}

static enum ld_status
read_object(struct ld_node node, const struct ld_resolver *resolver,
    struct ldi_arena *arena, struct ld_arrivals *out, struct ld_err *err)
{
	const struct ld_field *const tables[] = { ldi_arrival_fields, NULL };
	struct raw raw = { .stages = LDI_NODE_ABSENT };
	void *const bases[] = { &raw };
	enum ld_status st =
	    ldi_fields_read(tables, bases, node, NULL, resolver, arena, err);

	if (st == LD_OK)
		st = read_stages(raw.stages, resolver, arena, out, err);
	if (st != LD_OK)
		return st;
	if (raw.limit == 0)
		return ld_node_error(
		    node, err, LD_INVALID, "'limit' is at least 1 session");
	if (raw.from == 1 &&
	    (raw.rate_given || out->n_stages > 0 || raw.distribution == 1))
		return ld_node_error(node, err, LD_INVALID,
		    "arrivals come from records here: 'rate', 'stages' and "
		    "'distribution' have no effect");
	out->from_records = raw.from == 1;
	out->rate = raw.rate;
	out->poisson = raw.distribution == 1;
	out->keep = raw.session == 1;
	out->limit = raw.limit;
	return LD_OK;
}

static enum ld_status
read_value(struct ld_node node, const struct ld_resolver *resolver,
    struct ldi_arena *arena, struct ld_arrivals *out, struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(node);

	if (kind == LD_JSON_NULL)
		return LD_OK;
	out->given = true;
	if (kind == LD_JSON_NUMBER || kind == LD_JSON_STRING)
		return read_short(node, resolver, arena, out, err);
	if (kind == LD_JSON_OBJECT)
		return read_object(node, resolver, arena, out, err);
	return ld_node_error(node, err, LD_INVALID,
	    "'arrival' is a rate such as \"500/s\", or an object with a "
	    "'rate', not %s",
	    ldi_node_article(node));
}

/* -- overrides ------------------------------------------------------------ */

static void
override(struct ld_arrivals *out, const struct ld_overrides *with)
{
	bool rated = with->has_arrival_rate || with->n_stages > 0;

	if (rated) {
		out->from_records = false;
		out->given = true;
		out->rate = with->has_arrival_rate ? with->arrival_rate : 0;
		out->stages = with->stages;
		out->n_stages = with->n_stages;
	}
	if (with->has_sessions)
		out->limit = with->sessions;
	out->poisson = out->poisson || with->poisson;
	out->keep = out->keep || with->keep_sessions;
}

/* Keys of the plan, beside `arrival` in the same config, that only the closed
 * model knows. */
static enum ld_status
check_closed_keys(const struct ld_item *item, struct ld_err *err)
{
	static const char *const keys[] = { "user_count", "spawn_rate",
		"wait" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct ld_node at = ld_node_get(item->args, keys[i]);

		if (ldi_node_kind(at) != LD_JSON_NULL)
			return ld_node_error(at, err, LD_INVALID,
			    "'%s' has no effect beside 'arrival': sessions "
			    "come and go with the arrivals",
			    keys[i]);
	}
	return LD_OK;
}

static enum ld_status
check_overrides(const struct ld_item *item, const struct ld_overrides *with,
    const struct ld_arrivals *a, struct ld_err *err)
{
	bool rated = with->has_arrival_rate || with->n_stages > 0;

	if (!a->given &&
	    (with->has_sessions || with->poisson || with->keep_sessions))
		return ld_node_error(item->node, err, LD_INVALID,
		    "options of the open model, but neither the plan nor the "
		    "command line gives a rate of arrivals");
	if (a->given && (with->has_users || with->has_rate || with->has_wait))
		return ld_node_error(item->node, err, LD_INVALID,
		    "passes begin with arrivals here: options for the number "
		    "of users, their spawn rate and their waits have no "
		    "effect");
	if ((rated || with->poisson) && item->arrivals != NULL)
		return ld_node_error(item->node, err, LD_INVALID,
		    "the plan brings its own arrivals, and the command line %s",
		    rated ? "a rate" : "a distribution");
	return LD_OK;
}

/* Records say when: what the config says of it has no effect. */
static enum ld_status
check_records(const struct ld_item *item, struct ld_node node,
    const struct ld_arrivals *a, struct ld_err *err)
{
	if (item->arrivals == NULL ||
	    !(a->rate > 0 || a->n_stages > 0 || a->poisson))
		return LD_OK;
	return ld_node_error(node, err, LD_INVALID,
	    "the plan brings its own arrivals: a rate, stages and a "
	    "distribution have no effect");
}

static enum ld_status
check_shape(const struct ld_item *item, struct ld_node node,
    const struct ld_arrivals *a, struct ld_err *err)
{
	double rate = a->rate;
	bool any = a->list != NULL;

	if (a->from_records && a->list == NULL)
		return ld_node_error(ldi_node_present(node) ? node : item->node,
		    err, LD_INVALID,
		    "arrivals are announced as records, and there is none");
	for (size_t i = 0; i < a->n_stages; i++) {
		any = any || (a->stages[i].duration_ns > 0 &&
				 rate + a->stages[i].rate > 0);
		rate = a->stages[i].rate;
	}
	if (any || rate > 0)
		return LD_OK;
	return ld_node_error(ldi_node_present(node) ? node : item->node, err,
	    LD_INVALID, "nothing would ever arrive: the rate is, and stays, 0");
}

/* Whoever gave them. */
static enum ld_status
check_rates(const struct ld_item *item, struct ld_node node,
    const struct ld_arrivals *a, struct ld_err *err)
{
	struct ld_node place = ldi_node_present(node) ? node : item->node;
	enum ld_status st = check_rate(place, a->rate, err);

	for (size_t i = 0; st == LD_OK && i < a->n_stages; i++)
		st = check_rate(place, a->stages[i].rate, err);
	return st;
}

/* -- all of it ------------------------------------------------------------ */

enum ld_status
ldi_arrival_read(const struct ld_item *item, struct ld_node node,
    const struct ld_overrides *overrides, const struct ld_resolver *resolver,
    struct ldi_arena *arena, struct ld_arrivals *out, struct ld_err *err)
{
	enum ld_status st;

	*out = (struct ld_arrivals){ .limit = LD_DEFAULT_SESSIONS };
	st = read_value(node, resolver, arena, out, err);
	out->list = item->arrivals;
	out->n_list = item->n_arrivals;
	out->given = out->given || out->list != NULL;
	if (st == LD_OK && out->given)
		st = check_closed_keys(item, err);
	if (st == LD_OK)
		st = check_records(item, node, out, err);
	if (st != LD_OK)
		return st;
	if (overrides != NULL) {
		override(out, overrides);
		st = check_overrides(item, overrides, out, err);
	}
	if (st == LD_OK)
		st = check_rates(item, node, out, err);
	return st == LD_OK && out->given ? check_shape(item, node, out, err)
					 : st;
}

uint64_t
ldi_arrival_span_ns(const struct ld_arrivals *arrivals)
{
	uint64_t span_ns = 0;

	if (arrivals->n_stages == 0 || arrivals->list != NULL)
		return UINT64_MAX;
	for (size_t i = 0; i < arrivals->n_stages; i++)
		span_ns += arrivals->stages[i].duration_ns;
	return span_ns;
}
