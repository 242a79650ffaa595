/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan/fields.h"
#include "plan/node.h"
#include "plan/task.h"

const struct ld_field ldi_task_fields[] = {
	LD_FIELD(TEXT, struct ldi_task_common, name, "name", NULL,
	    "name of the series in reports"),
	LD_FIELD_SHAPED(struct ldi_task_common, assertions, "assertions",
	    "{'type':'array','items':{'$ref':'#/definitions/assertion'}}",
	    "what the answer must be"),
	LD_FIELD_SHAPED(struct ldi_task_common, extract, "extract",
	    "{'type':'array','items':{'$ref':'#/definitions/extractor'}}",
	    "what to keep of the answer for later tasks"),
	{ .name = "timeout",
	    .kind = LD_FIELD_DURATION,
	    .offset = offsetof(struct ldi_task_common, timeout_ns),
	    .seen_offset = offsetof(struct ldi_task_common, timeout_given),
	    .help = "longest duration of this exchange" },
	LD_FIELD_BARE(LATER, "weight", NULL, "1",
	    "share among the tasks of mode weighted"),
	LD_FIELD_BARE(LATER, "think_time", NULL, NULL, "pause behind the task"),
	LD_FIELD_BARE(LATER, "throttle", NULL, NULL, "upper bound of a rate"),
	LD_FIELD_BARE(LATER, "retry", NULL, NULL, "attempts after a failure"),
	LD_FIELD_BARE(LATER, "run_if", NULL, NULL, "condition of the task"),
	LD_FIELD_BARE(
	    LATER, "skip_if", NULL, NULL, "condition of leaving the task out"),
	LD_FIELD_END,
};

struct ld_node
ldi_task_member(struct ld_node task, struct ld_node defaults, const char *name)
{
	struct ld_node node = ld_node_get(task, name);

	if (!ldi_node_present(node))
		node = ld_node_get(defaults, name);
	if (ldi_node_kind(node) == LD_JSON_NULL)
		node.ref = LD_JSON_NONE;
	return node;
}

enum ld_status
ldi_task_read(struct ld_node task, struct ld_node defaults,
    const struct ldi_task_driver *driver, struct ldi_bind *bind,
    struct ldi_task_common *out, struct ld_err *err)
{
	static const struct ld_field none[] = { LD_FIELD_END };
	const struct ld_field *tables[] = { ldi_task_fields, none, NULL };
	void *bases[] = { out, NULL };
	struct ldi_fields how = { .tables = tables,
		.bases = bases,
		.bind = bind,
		.arena = ldi_bind_arena(bind) };
	enum ld_status st;

	*out = (struct ldi_task_common){ .assertions = LDI_NODE_ABSENT,
		.extract = LDI_NODE_ABSENT };
	if (driver != NULL && driver->fields != NULL) {
		tables[1] = driver->fields;
		bases[1] = driver->base;
	}
	st = ldi_fields_inherit(&how, task, defaults, err);
	if (st == LD_OK && out->timeout_given && out->timeout_ns == 0)
		return ld_node_error(ldi_task_member(task, defaults, "timeout"),
		    err, LD_INVALID, "'timeout' is more than 0");
	return st;
}
