/* SPDX-License-Identifier: MIT */
/* Drivers and their fields, from the tables that plans are read by. */
#include "config.h"

#include <string.h>

#include <ld/driver.h>
#include <ld/drivers.h>

#include "base/opt_describe.h"
#include "drivers/registry.h"
#include "plan/config_read.h"
#include "plan/task.h"

/* -- the list ------------------------------------------------------------- */

static void
add_line(struct ld_buf *out, const char *user, const char *driver,
    const char *where, const char *summary)
{
	ld_buf_addf(
	    out, "%-17s %-10s %-11s %s\n", user, driver, where, summary);
}

static void
list_type(struct ld_buf *out, const struct ldi_user_type *type)
{
	const struct ld_driver *driver;
	struct ld_err err = LD_ERR_INIT;

	if (ld_driver_for_user(type->user, &driver, &err) == LD_OK)
		add_line(out, type->user, driver->name,
		    ldi_driver_is_builtin(driver) ? "built in" : "module",
		    driver->summary);
	else
		add_line(
		    out, type->user, type->driver, "-", "not in this build");
}

void
ld_drivers_list(struct ld_buf *out)
{
	const struct ldi_user_type *type;

	add_line(out, "USER TYPE", "DRIVER", "WHERE", "WHAT IT DOES");
	for (size_t i = 0; (type = ldi_user_type_at(i)) != NULL; i++)
		list_type(out, type);
}

/* -- fields --------------------------------------------------------------- */

/* In the order of enum ld_field_kind. */
static const char *const kinds[] = {
	[LD_FIELD_TEXT] = "text",
	[LD_FIELD_STRING] = "string",
	[LD_FIELD_JSON] = "any JSON",
	[LD_FIELD_PAIRS] = "object",
	[LD_FIELD_BOOL] = "true|false",
	[LD_FIELD_COUNT] = "count",
	[LD_FIELD_NUMBER] = "number",
	[LD_FIELD_DURATION] = "duration",
	[LD_FIELD_RANGE] = "duration..duration",
	[LD_FIELD_SIZE] = "size",
	[LD_FIELD_RATE] = "rate",
	[LD_FIELD_CHOICE] = "word",
	[LD_FIELD_NODE] = "value",
	[LD_FIELD_LATER] = "not in this build",
	[LD_FIELD_IGNORED] = "no effect",
};

static void
add_field(struct ld_buf *out, const struct ld_field *field)
{
	struct ld_buf left, right;

	ld_buf_init(&left, 200);
	ld_buf_init(&right, 4000);
	ld_buf_addf(&left, "  %s", field->name);
	if (field->alias != NULL)
		ld_buf_addf(&left, ", %s", field->alias);
	ld_buf_addf(&left, " <%s>", kinds[field->kind]);
	ld_buf_adds(&right, field->help != NULL ? field->help : "");
	for (size_t i = 0; field->choices != NULL && field->choices[i] != NULL;
	     i++)
		ld_buf_addf(
		    &right, "%s%s", i == 0 ? ": " : ", ", field->choices[i]);
	if ((field->flags & LD_FIELD_REQUIRED) != 0)
		ld_buf_adds(&right, " (required)");
	else if (field->def != NULL)
		ld_buf_addf(&right, " [%s]", field->def);
	if (left.failed || right.failed)
		out->failed = true;
	else
		ldi_opt_add_pair(out, ld_buf_str(&left), ld_buf_str(&right));
	ld_buf_clear(&left);
	ld_buf_clear(&right);
}

static void
add_fields(struct ld_buf *out, const char *title, const struct ld_field *fields)
{
	if (fields == NULL || fields->name == NULL)
		return;
	ld_buf_addf(out, "\n%s:\n", title);
	for (; fields->name != NULL; fields++)
		add_field(out, fields);
}

/* The user type of that name, or the first of the driver of that name, or the
 * name itself: the registry says what is wrong with it. */
static const char *
user_of(const char *name)
{
	const struct ldi_user_type *type;

	for (size_t i = 0; (type = ldi_user_type_at(i)) != NULL; i++)
		if (strcmp(type->user, name) == 0 ||
		    strcmp(type->driver, name) == 0)
			return type->user;
	return name;
}

enum ld_status
ld_drivers_help(const char *name, struct ld_buf *out, struct ld_err *err)
{
	const struct ld_driver *driver;
	enum ld_status st = ld_driver_for_user(user_of(name), &driver, err);

	if (st != LD_OK)
		return st;
	ld_buf_addf(
	    out, "%s - %s\n\nuser types:\n", driver->name, driver->summary);
	for (size_t i = 0; driver->users[i] != NULL; i++)
		ld_buf_addf(out, "  %s\n", driver->users[i]);
	add_fields(out, "fields of a task", driver->task_fields);
	add_fields(out, "fields of every task", ldi_task_fields);
	add_fields(
	    out, "fields of the config, of this driver", driver->config_fields);
	add_fields(out, "fields of every config", ldi_config_fields);
	return ld_buf_status(out, "help", err);
}
