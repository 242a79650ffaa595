/* SPDX-License-Identifier: MIT */
/*
 * What a document would do, and what that takes of this host.  It is compiled
 * as if it were to run; nothing is sent and no name looked up.
 */
#include "config.h"

#include <string.h>

#include <ld/time.h>

#include "actions/action.h"
#include "engine/arrivals.h"
#include "engine/limits.h"
#include "engine/program.h"

/* Beyond this an exact number of arrivals takes seconds to count. */
#define COUNT_MAX UINT64_C(50000000)

struct explained {
	struct ldi_exec exec;
	struct ldi_limits limits;
	struct ld_json_out *json; /* NULL = words */
	struct ld_buf *out;
	unsigned runs;
};

struct facts {
	const struct ld_item *item;
	const struct ld_config *config;
	const struct ld_program *program;
	struct ldi_needs needs;
	bool counted; /* arrivals, all of them */
	uint64_t arrivals;
	uint64_t requests; /* at most; 0 = not known before */
	struct ld_err tight, refused;
};

/* Of the open model: a walk over the schedule, to the end of the run's time. */
static void
count_arrivals(struct facts *f)
{
	struct ldi_arrivals walk;
	uint64_t arrival, due_ns;

	ldi_arrivals_init(&walk, f->config, 1, 0);
	while (f->arrivals < COUNT_MAX &&
	       ldi_arrivals_next(&walk, &arrival, &due_ns) &&
	       due_ns < f->config->test_time_ns)
		f->arrivals++;
	f->counted = f->arrivals < COUNT_MAX;
}

static uint64_t
product(uint64_t a, uint64_t b)
{
	return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static void
find_facts(struct explained *e, struct facts *f)
{
	const struct ld_config *c = f->config;

	ldi_needs_of(f->program, e->exec.options->run.threads, &f->needs);
	(void)ldi_needs_check(&f->needs, &e->limits, &f->tight, &f->refused);
	if (c->arrivals.given) {
		count_arrivals(f);
		if (f->counted)
			f->requests = product(f->arrivals, f->item->n_tasks);
	} else if (c->passes > 0) {
		f->requests = product(
		    product(c->user_count, c->passes), f->item->n_tasks);
	}
}

/* -- words ---------------------------------------------------------------- */

static void
add_duration(struct ld_buf *out, uint64_t ns)
{
	if (ns == UINT64_MAX)
		ld_buf_adds(out, "without end");
	else
		ld_duration_add(out, ns);
}

static void
add_bytes(struct ld_buf *out, uint64_t bytes)
{
	if (bytes == UINT64_MAX)
		ld_buf_adds(out, "an unknown amount");
	else if (bytes < (uint64_t)10 << 30)
		ld_buf_addf(out, "%llu MiB", (unsigned long long)(bytes >> 20));
	else
		ld_buf_addf(out, "%llu GiB", (unsigned long long)(bytes >> 30));
}

static void
say_load(const struct facts *f, struct ld_buf *out)
{
	const struct ld_config *c = f->config;
	uint64_t users = c->user_count;
	double rate = c->spawn_rate;

	if (!c->arrivals.given) {
		ld_buf_addf(out,
		    "  load         %llu user%s, started at %.6g/s: all of "
		    "them after %.3g s\n",
		    (unsigned long long)users, users == 1 ? "" : "s", rate,
		    users > 0 ? (double)(users - 1) / rate : 0.0);
		return;
	}
	ld_buf_addf(out, "  load         %s%llu arrivals, %s",
	    f->counted ? "" : "more than ", (unsigned long long)f->arrivals,
	    c->arrivals.poisson ? "at random (Poisson)" : "evenly spaced");
	if (c->arrivals.list == NULL)
		ld_buf_addf(out, ", from %.6g/s", c->arrivals.rate);
	for (size_t i = 0; i < c->arrivals.n_stages; i++) {
		ld_buf_adds(out, i == 0 ? " through " : ", ");
		ld_duration_add(out, c->arrivals.stages[i].duration_ns);
		ld_buf_addf(out, " to %.6g/s", c->arrivals.stages[i].rate);
	}
	ld_buf_addf(out, "; at most %llu at once\n",
	    (unsigned long long)c->arrivals.limit);
}

static void
say_requests(const struct facts *f, struct ld_buf *out)
{
	size_t n = f->item->n_tasks;

	ld_buf_addf(out, "  requests     ");
	if (f->requests > 0)
		ld_buf_addf(
		    out, "%llu at most: ", (unsigned long long)f->requests);
	else
		ld_buf_adds(out, "as many as are answered in time: ");
	ld_buf_addf(out, "%zu task%s a pass", n, n == 1 ? "" : "s");
	if (f->program->target != NULL && f->program->target[0] != '\0')
		ld_buf_addf(out, ", to %s", f->program->target);
	ld_buf_addc(out, '\n');
}

static void
say_time(const struct facts *f, struct ld_buf *out)
{
	const struct ld_config *c = f->config;

	ld_buf_adds(out, "  time         ");
	add_duration(out, c->test_time_ns);
	if (c->passes > 0)
		ld_buf_addf(out, ", or %llu %s", (unsigned long long)c->passes,
		    c->arrivals.given ? "arrivals" : "passes of each user");
	ld_buf_adds(out, "; then ");
	add_duration(out, c->grace_ns);
	ld_buf_adds(out, " at most for what is in flight\n");
}

static void
say_needs(
    const struct facts *f, const struct ldi_limits *limits, struct ld_buf *out)
{
	const struct ldi_needs *n = &f->needs;
	uint64_t range = limits->last_port - limits->first_port + 1;

	ld_buf_addf(out, "  threads      %u, on %u core%s\n", n->threads,
	    limits->cores, limits->cores == 1 ? "" : "s");
	ld_buf_addf(out, "  connections  %s%llu to each server; ",
	    n->at_once ? "" : "at most ", (unsigned long long)n->connections);
	ld_buf_addf(out, "%llu descriptors, ", (unsigned long long)n->files);
	if (limits->files_hard == UINT64_MAX)
		ld_buf_adds(out, "no limit\n");
	else
		ld_buf_addf(out, "%llu can be had\n",
		    (unsigned long long)limits->files_hard);
	ld_buf_addf(out,
	    "  ports        %llu to one server address, %llu can be had\n",
	    (unsigned long long)n->ports,
	    (unsigned long long)product(range, n->sources));
	ld_buf_adds(out, "  memory       about ");
	add_bytes(out, n->memory_bytes);
	ld_buf_adds(out, ", ");
	add_bytes(out, limits->memory_bytes);
	ld_buf_adds(out, " can be had\n");
}

static void
say_run(const struct explained *e, const struct facts *f)
{
	struct ld_buf *out = e->out;

	ld_buf_addf(out, "run %u: %s, the %s model\n", e->runs, f->config->user,
	    f->config->arrivals.given ? "open" : "closed");
	say_requests(f, out);
	say_load(f, out);
	say_time(f, out);
	say_needs(f, &e->limits, out);
	if (f->config->seed_given)
		ld_buf_addf(out, "  seed         %llu\n",
		    (unsigned long long)f->config->seed);
	if (f->program->tls_unverified)
		ld_buf_adds(
		    out, "  careful      some task accepts any certificate\n");
	if (f->tight.status != LD_OK)
		ld_buf_addf(out, "  careful      %s\n", f->tight.text);
	if (f->refused.status != LD_OK)
		ld_buf_addf(out, "  refused      %s\n", f->refused.text);
}

/* -- JSON ----------------------------------------------------------------- */

static void
put_time(struct ld_json_out *o, const char *key, uint64_t ns)
{
	ld_json_out_key(o, key);
	if (ns == UINT64_MAX)
		ld_json_out_null(o);
	else
		ld_json_out_u64(o, ns);
}

static void
put_count(struct ld_json_out *o, const char *key, bool known, uint64_t n)
{
	ld_json_out_key(o, key);
	if (known && n < (UINT64_C(1) << 53))
		ld_json_out_u64(o, n);
	else
		ld_json_out_null(o);
}

static void
put_run(const struct explained *e, const struct facts *f)
{
	const struct ld_config *c = f->config;
	const struct ldi_needs *n = &f->needs;
	struct ld_json_out *o = e->json;
	uint64_t range = e->limits.last_port - e->limits.first_port + 1;

	ld_json_out_object(o);
	ld_json_out_put_string(o, "user", c->user);
	ld_json_out_put_string(
	    o, "model", c->arrivals.given ? "open" : "closed");
	ld_json_out_put_string(
	    o, "target", f->program->target != NULL ? f->program->target : "");
	ld_json_out_put_u64(o, "tasks", f->item->n_tasks);
	put_count(o, "requests_at_most", f->requests > 0, f->requests);
	put_count(o, "arrivals", c->arrivals.given && f->counted, f->arrivals);
	put_count(o, "users", !c->arrivals.given, c->user_count);
	put_count(o, "passes", c->passes > 0, c->passes);
	put_time(o, "time_ns", c->test_time_ns);
	put_time(o, "grace_ns", c->grace_ns);
	ld_json_out_put_u64(o, "sessions", n->sessions);
	ld_json_out_put_u64(o, "threads", n->threads);
	ld_json_out_put_u64(o, "connections", n->connections);
	ld_json_out_put_u64(o, "descriptors", n->files);
	ld_json_out_put_u64(o, "ports", n->ports);
	ld_json_out_put_u64(o, "ports_available", product(range, n->sources));
	put_count(o, "memory_bytes", true, n->memory_bytes);
	ld_json_out_key(o, "tls_verify");
	ld_json_out_bool(o, !f->program->tls_unverified);
	if (c->seed_given)
		ld_json_out_put_big(o, "seed", c->seed);
	if (f->tight.status != LD_OK)
		ld_json_out_put_string(o, "doubt", f->tight.text);
	if (f->refused.status != LD_OK)
		ld_json_out_put_string(o, "refused", f->refused.text);
	ld_json_out_end(o);
}

/* -- the whole ------------------------------------------------------------ */

static enum ld_status
explain_run(struct explained *e, const struct ld_item *item, struct ld_err *err)
{
	struct ld_program *program = NULL;
	struct ld_config config;
	struct facts facts = { .item = item,
		.config = &config,
		.tight = LD_ERR_INIT,
		.refused = LD_ERR_INIT };
	enum ld_status st =
	    ldi_exec_compile(&e->exec, item, &config, &program, err);

	if (st == LD_OK) {
		e->runs++;
		facts.program = program;
		find_facts(e, &facts);
		if (e->json != NULL)
			put_run(e, &facts);
		else
			say_run(e, &facts);
		if (facts.refused.status != LD_OK) {
			*err = facts.refused;
			st = LD_REFUSED;
		}
	}
	ld_program_free(program);
	return st;
}

/* Those before a run shape what it sends. */
static enum ld_status
explain_action(
    struct explained *e, const struct ld_item *item, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	enum ld_status st = LD_OK;
	struct ld_buf value;

	if (action != NULL && (action->flags & LDI_ACTION_SHAPES) != 0) {
		ld_buf_init(&value, LD_MAX_DOCUMENT);
		st = action->run(&e->exec, item, &value, err);
		ld_buf_clear(&value);
	}
	if (st == LD_OK && e->json == NULL)
		ld_buf_addf(e->out, "then: %s\n", item->command);
	return st;
}

static enum ld_status
explain_all(struct explained *e, const struct ld_doc *doc, struct ld_err *err)
{
	struct ld_err refused = LD_ERR_INIT;
	enum ld_status st = ldi_exec_option_vars(&e->exec, err);

	for (size_t i = 0; st == LD_OK && i < ld_doc_count(doc); i++) {
		const struct ld_item *item = ld_doc_item(doc, i);

		st = item->kind == LD_ITEM_RUN ? explain_run(e, item, err)
					       : explain_action(e, item, err);
		if (st == LD_REFUSED) {
			refused = *err;
			st = LD_OK;
		}
	}
	ld_resolver_free(e->exec.resolver);
	if (st == LD_OK && refused.status != LD_OK)
		*err = refused;
	return st == LD_OK ? refused.status : st;
}

enum ld_status
ld_exec_explain(const struct ld_doc *doc, const struct ld_exec_options *options,
    bool json, struct ld_buf *out, struct ld_err *err)
{
	struct explained e = { .exec = { .options = options }, .out = out };
	struct ld_json_out o;
	enum ld_status st;

	ldi_limits_read(&e.limits);
	if (!json)
		return explain_all(&e, doc, err);
	ld_json_out_init(&o, out, 2);
	e.json = &o;
	ld_json_out_object(&o);
	ld_json_out_key(&o, "limits");
	ldi_limits_write(&e.limits, &o);
	ld_json_out_key(&o, "runs");
	ld_json_out_array(&o);
	st = explain_all(&e, doc, err);
	ld_json_out_end(&o);
	ld_json_out_end(&o);
	ld_buf_addc(out, '\n');
	return st;
}
