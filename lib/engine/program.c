/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "engine/compile.h"
#include "engine/name.h"
#include "engine/program.h"
#include "plan/config_read.h"
#include "plan/node.h"
#include "plan/task.h"

/* -- series --------------------------------------------------------------- */

static bool
same(struct ld_str a, struct ld_str b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static uint32_t
find_series(const struct ld_program *p, const struct ld_series_key *key)
{
	uint32_t i = 0;

	while (i < p->n_series &&
	       !(same(p->series[i].request_type, key->request_type) &&
		   same(p->series[i].name, key->name)))
		i++;
	return i;
}

static uint32_t
series_of(struct ld_program *p, const char *request_type, const char *name)
{
	struct ld_series_key key = {
		.user_type = { p->config->user, strlen(p->config->user) },
		.request_type = { request_type, strlen(request_type) },
		.name =
		    ldi_series_name(ldi_bind_arena(p->bind), p->redactor, name),
	};
	uint32_t at = find_series(p, &key);

	if (at == p->n_series && p->n_series >= LD_MAX_SERIES - 1) {
		p->series_overflow = true;
		key.name = (struct ld_str){ "(other)", 7 };
		key.request_type = (struct ld_str){ "(other)", 7 };
		at = find_series(p, &key);
	}
	if (at == p->n_series)
		p->series[p->n_series++] = key;
	return at;
}

/* -- steps ---------------------------------------------------------------- */

struct task_in_hand {
	struct ldi_task_common common;
	struct ld_task task;
	void *fields;
};

static enum ld_status
read_task(struct ld_program *p, uint32_t i, struct task_in_hand *t,
    struct ld_err *err)
{
	struct ldi_task_driver driver = { .fields = p->driver->task_fields };
	enum ld_status st;

	t->fields =
	    ldi_arena_alloc(ldi_bind_arena(p->bind), p->driver->task_size);
	if (t->fields == NULL)
		return ld_err_set(err, LD_NOMEM, "task %u", i);
	driver.base = t->fields;
	st = ldi_task_read(p->item->tasks[i], p->config->defaults, &driver,
	    p->bind, &t->common, err);
	if (st != LD_OK)
		return st;
	t->task = (struct ld_task){
		.node = p->item->tasks[i],
		.index = i,
		.config = p->config,
		.config_fields = p->config_fields,
		.fields = t->fields,
		.name = t->common.name == NULL
			    ? NULL
			    : ld_template_shape(t->common.name),
		.timeout_ns = t->common.timeout_given ? t->common.timeout_ns
						      : p->config->timeout_ns,
	};
	return LD_OK;
}

static enum ld_status
compile_step(struct ld_program *p, uint32_t i, struct ld_err *err)
{
	struct ldi_step *step = &p->steps[i];
	struct ld_compile cc = { .bind = p->bind };
	struct ld_step_info info = { 0 };
	struct task_in_hand t;
	void *driver_step;
	enum ld_status st = read_task(p, i, &t, err);

	if (st == LD_OK)
		st = ldi_checks_compile(p->bind, t.common.assertions,
		    t.common.extract, &step->checks, err);
	if (st != LD_OK)
		return st;
	cc.checks = step->checks;
	driver_step =
	    ldi_arena_alloc(ldi_bind_arena(p->bind), p->driver->step_size);
	if (driver_step == NULL)
		return ld_err_set(err, LD_NOMEM, "task %u", i);
	st = p->driver->compile(
	    p->run_block, driver_step, &t.task, &cc, &info, err);
	if (st != LD_OK)
		return st;
	p->n_compiled++;
	step->driver_step = driver_step;
	step->needs = step->checks == NULL ? 0 : ldi_checks_needs(step->checks);
	step->timeout_ns = t.task.timeout_ns;
	step->request_type = info.request_type;
	step->name = t.task.name != NULL && *t.task.name != '\0' ? t.task.name
								 : info.name;
	if (p->target == NULL)
		p->target = info.target;
	p->tls_unverified = p->tls_unverified || info.tls_unverified;
	return LD_OK;
}

/* -- the program ---------------------------------------------------------- */

/* Every variable that some task extracts has its slot before the first
 * template is compiled, whatever the order of the tasks. */
static enum ld_status
declare_extracts(struct ld_program *p, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < p->item->n_tasks; i++) {
		struct ld_node extract = ldi_task_member(
		    p->item->tasks[i], p->config->defaults, "extract");

		if (extract.ref != LD_JSON_NONE)
			st = ldi_checks_declare(p->bind, extract, err);
	}
	return st;
}

/* Not before every secret of the run is known. */
static enum ld_status
name_series(struct ld_program *p, struct ld_err *err)
{
	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct ldi_step *step = &p->steps[i];

		step->series = series_of(p, step->request_type, step->name);
		if (p->series[step->series].name.data == NULL)
			return ld_err_set(err, LD_NOMEM, "a series name");
	}
	return LD_OK;
}

static enum ld_status
open_driver(struct ld_program *p, struct ld_err *err)
{
	const struct ld_driver *driver = p->driver;
	struct ldi_arena *arena = ldi_bind_arena(p->bind);
	struct ld_run_open how = { .config = p->config };
	enum ld_status st = LD_OK;

	p->config_fields = ldi_arena_alloc(arena, driver->config_size);
	p->run_block = ldi_arena_alloc(arena, driver->run_size);
	p->steps = ldi_arena_array(arena, p->item->n_tasks, sizeof(*p->steps));
	p->series =
	    ldi_arena_array(arena, p->item->n_tasks + 1, sizeof(*p->series));
	if (p->config_fields == NULL || p->run_block == NULL ||
	    p->steps == NULL || p->series == NULL)
		return ld_err_set(err, LD_NOMEM, "a program");
	if (driver->config_fields != NULL)
		st = ldi_config_read_driver(p->config, driver->config_fields,
		    p->config_fields, p->bind, err);
	how.config_fields = p->config_fields;
	if (st == LD_OK && driver->run_open != NULL)
		st = driver->run_open(p->run_block, &how, err);
	p->run_opened = st == LD_OK;
	return st;
}

static enum ld_status
build(struct ld_program *p, const struct ld_resolver *resolver,
    struct ld_err *err)
{
	enum ld_status st;

	if (p->item->n_tasks == 0)
		return ld_node_error(p->item->node, err, LD_INVALID,
		    "%s: there are no tasks, so there is nothing to send",
		    p->item->command);
	st = ldi_bind_new(resolver, p->config->seed, &p->bind, err);
	if (st == LD_OK)
		p->redactor = ldi_bind_redactor(p->bind);
	if (st == LD_OK)
		st = declare_extracts(p, err);
	if (st == LD_OK)
		st = ldi_program_pins(p, err);
	if (st == LD_OK)
		st = open_driver(p, err);
	for (uint32_t i = 0; st == LD_OK && i < p->item->n_tasks; i++)
		st = compile_step(p, i, err);
	p->n_steps = (uint32_t)p->item->n_tasks;
	return st == LD_OK ? name_series(p, err) : st;
}

enum ld_status
ld_program_new(const struct ld_item *item, const struct ld_config *config,
    const struct ld_driver *driver, const struct ld_resolver *resolver,
    struct ld_program **program_out, struct ld_err *err)
{
	struct ld_program *p = calloc(1, sizeof(*p));
	enum ld_status st;

	*program_out = NULL;
	if (p == NULL)
		return ld_err_set(err, LD_NOMEM, "a program");
	p->item = item;
	p->config = config;
	p->driver = driver;
	st = build(p, resolver, err);
	if (st != LD_OK) {
		ld_program_free(p);
		return st;
	}
	*program_out = p;
	return LD_OK;
}

void
ld_program_free(struct ld_program *p)
{
	if (p == NULL)
		return;
	for (uint32_t i = 0; i < p->n_compiled; i++) {
		if (p->driver->step_free != NULL)
			p->driver->step_free(
			    (void *)(uintptr_t)p->steps[i].driver_step);
	}
	if (p->run_opened && p->driver->run_close != NULL)
		p->driver->run_close(p->run_block);
	ld_pins_free(p->pins);
	ldi_bind_free(p->bind);
	free(p);
}
