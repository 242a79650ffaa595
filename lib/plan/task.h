/* SPDX-License-Identifier: MIT */
/*
 * plan/task.h - the fields that every task has, whatever its driver.
 */
#ifndef LDI_PLAN_TASK_H
#define LDI_PLAN_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/bind.h"

struct ldi_task_common {
	/* May hold placeholders: ld_template_shape() is the name of the
	 * series, so that "item ${id}" stays one.  NULL = none given. */
	const struct ld_template *name;
	struct ld_node assertions, extract; /* ref LD_JSON_NONE when absent */
	uint64_t timeout_ns;
	bool timeout_given; /* else timeout_ns is 0: that of the config */
};

/* Rows for struct ldi_task_common; those of `flow` are not in this build. */
extern const struct ld_field ldi_task_fields[];

/* A member of the task, else of `defaults`; null counts as absent, and in the
 * task stops the inheritance.  For `extract`, whose variables must be known
 * before anything is compiled. */
struct ld_node ldi_task_member(
    struct ld_node task, struct ld_node defaults, const char *name);

/* The driver's table and the struct that it fills; both may be NULL. */
struct ldi_task_driver {
	const struct ld_field *fields;
	void *base;
};

/* Read a task: common fields and those of the driver, what it does not name
 * taken from `defaults` (may be absent). */
enum ld_status ldi_task_read(struct ld_node task, struct ld_node defaults,
    const struct ldi_task_driver *driver, struct ldi_bind *bind,
    struct ldi_task_common *out, struct ld_err *err);

#endif /* LDI_PLAN_TASK_H */
