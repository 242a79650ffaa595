/* SPDX-License-Identifier: MIT */
/*
 * Which keys a task and a config may have depends on the user type.  Each
 * driver brings its tables; a common table comes on top; and an object is
 * closed by the names in both.  So each driver NAME makes NAME.task (in a
 * document), NAME.task_record (in a stream), and so on.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <ld/driver.h>

#include "actions/schema.h"
#include "plan/arrival.h"
#include "plan/config_read.h"
#include "plan/field_schema.h"
#include "plan/resolve.h"
#include "plan/task.h"

static const struct ld_field none[] = { LD_FIELD_END };

static const struct ld_field *
or_none(const struct ld_field *table)
{
	return table != NULL ? table : none;
}

/* "NAME.what" */
static void
driver_key(
    struct ld_json_out *out, const struct ld_driver *driver, const char *what)
{
	char key[256];

	snprintf(key, sizeof(key), "%s.%s", driver->name, what);
	ld_json_out_key(out, key);
}

static void
driver_ref(
    struct ld_json_out *out, const struct ld_driver *driver, const char *what)
{
	char prefix[256];

	snprintf(prefix, sizeof(prefix), "%s.", driver->name);
	ldi_schema_ref(out, prefix, what);
}

/* An anyOf over what every driver calls `what`. */
static void
any_driver(struct ld_json_out *out, const char *what)
{
	const struct ld_driver *driver;

	ld_json_out_key(out, "anyOf");
	ld_json_out_array(out);
	for (size_t i = 0; (driver = ld_driver_at(i)) != NULL; i++)
		driver_ref(out, driver, what);
	ld_json_out_end(out);
}

/* -- one driver ----------------------------------------------------------- */

/* An object that has the fields of `common` and of the driver, and the keys
 * in `more`, and no others. */
static void
put_object(struct ld_json_out *out, const struct ld_driver *driver,
    const char *what, const struct ld_field *const *tables,
    const char *const *more)
{
	bool config = tables[0] == ldi_config_fields;

	driver_key(out, driver, what);
	ld_json_out_object(out);
	ldi_schema_member(out, "type", "'object'");
	ldi_field_schema_names(out, tables, more);
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	ldi_schema_ref(out, "", config ? "config_fields" : "task_fields");
	driver_ref(out, driver, config ? "config_fields" : "task_fields");
	ld_json_out_end(out);
	ld_json_out_end(out);
}

/* A task that inherits nothing. */
static void
put_whole(struct ld_json_out *out, const struct ld_driver *driver)
{
	driver_key(out, driver, "whole_task");
	ld_json_out_object(out);
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	driver_ref(out, driver, "task");
	ldi_field_schema_required(out, ldi_task_fields);
	ldi_field_schema_required(out, or_none(driver->task_fields));
	ld_json_out_end(out);
	ld_json_out_end(out);
}

/* `tasks` in its three shapes: an array; {"mode": M, "tasks": T}; and the old
 * map, whose keys are the methods of tasks that name none. */
static void
put_tasks(struct ld_json_out *out, const struct ld_driver *driver,
    const char *what, const char *element)
{
	char text[2048];

	snprintf(text, sizeof(text),
	    "{'if':{'type':'array'},"
	    "'then':{'items':{'$ref':'#/definitions/%s.%s'}},"
	    "'else':{'type':['object','null'],'if':{'anyOf':["
	    "{'required':['mode']},{'required':['tasks']}]},"
	    "'then':{'properties':{'mode':{'$ref':'#/definitions/mode'},"
	    "'tasks':{'anyOf':[{'type':'null'},"
	    "{'type':'array','items':{'$ref':'#/definitions/%s.%s'}},"
	    "{'type':'object','additionalProperties':"
	    "{'$ref':'#/definitions/%s.task'}}]}},"
	    "'additionalProperties':false},"
	    "'else':{'additionalProperties':{'$ref':'#/definitions/%s.task'}}"
	    "}}",
	    driver->name, element, driver->name, element, driver->name,
	    driver->name);
	driver_key(out, driver, what);
	ldi_schema_put(out, text);
}

/* The arguments of LD_start_test: without `defaults` every task is whole. */
static void
put_start(struct ld_json_out *out, const struct ld_driver *driver)
{
	char text[512];

	driver_key(out, driver, "start_test");
	ld_json_out_object(out);
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	driver_ref(out, driver, "config");
	snprintf(text, sizeof(text),
	    "{'if':{'required':['defaults']},'then':{'properties':{'tasks':"
	    "{'$ref':'#/definitions/%s.tasks'}}},'else':{'properties':"
	    "{'tasks':{'$ref':'#/definitions/%s.whole_tasks'}}}}",
	    driver->name, driver->name);
	ldi_schema_put(out, text);
	ld_json_out_end(out);
	ld_json_out_end(out);
}

static void
put_driver(struct ld_json_out *out, const struct ld_driver *driver)
{
	static const char *const record[] = { "type", NULL };
	static const char *const with_tasks[] = { "tasks", NULL };
	const struct ld_field *const task[] = { ldi_task_fields,
		or_none(driver->task_fields), NULL };
	const struct ld_field *const config[] = { ldi_config_fields,
		or_none(driver->config_fields), NULL };

	driver_key(out, driver, "task_fields");
	ldi_field_schema_open(out, or_none(driver->task_fields));
	driver_key(out, driver, "config_fields");
	ldi_field_schema_open(out, or_none(driver->config_fields));
	put_object(out, driver, "task", task, NULL);
	put_object(out, driver, "task_record", task, record);
	put_object(out, driver, "config", config, with_tasks);
	put_object(out, driver, "config_record", config, record);
	put_whole(out, driver);
	put_tasks(out, driver, "tasks", "task");
	put_tasks(out, driver, "whole_tasks", "whole_task");
	put_start(out, driver);
}

/* -- all of them ---------------------------------------------------------- */

static void
put_users(struct ld_json_out *out)
{
	const struct ld_driver *driver;

	ld_json_out_key(out, "user");
	ld_json_out_object(out);
	ldi_schema_member(out, "description", "'a user type of this build'");
	ld_json_out_key(out, "anyOf");
	ld_json_out_array(out);
	for (size_t i = 0; (driver = ld_driver_at(i)) != NULL; i++) {
		ld_json_out_object(out);
		ldi_schema_member(out, "type", "'string'");
		ld_json_out_key(out, "enum");
		ldi_schema_list(out, driver->users);
		ld_json_out_end(out);
	}
	ldi_schema_put(out, "{'$ref':'#/definitions/placeholder'}");
	ld_json_out_end(out);
	ld_json_out_end(out);
}

/* {"enum": the user types of the driver} */
static void
put_served(struct ld_json_out *out, const struct ld_driver *driver)
{
	ld_json_out_object(out);
	ld_json_out_key(out, "enum");
	ldi_schema_list(out, driver->users);
	ld_json_out_end(out);
}

/* Does the config name a user type of this driver, in `user` or in
 * `user_detail_dict`, as a string or as {"user": TYPE}? */
static void
put_names_user(struct ld_json_out *out, const struct ld_driver *driver)
{
	static const char *const keys[] = { "user", "user_detail_dict" };

	ld_json_out_object(out);
	ld_json_out_key(out, "anyOf");
	ld_json_out_array(out);
	for (size_t i = 0; i < 2; i++) {
		ld_json_out_object(out);
		ldi_schema_member(out, "required",
		    i == 0 ? "['user']" : "['user_detail_dict']");
		ld_json_out_key(out, "properties");
		ld_json_out_object(out);
		ld_json_out_key(out, keys[i]);
		ld_json_out_object(out);
		ld_json_out_key(out, "anyOf");
		ld_json_out_array(out);
		put_served(out, driver);
		ld_json_out_object(out);
		ldi_schema_member(out, "type", "'object'");
		ldi_schema_member(out, "required", "['user']");
		ld_json_out_key(out, "properties");
		ld_json_out_object(out);
		ld_json_out_key(out, "user");
		put_served(out, driver);
		ld_json_out_end(out);
		ld_json_out_end(out);
		ld_json_out_end(out);
		ld_json_out_end(out);
		ld_json_out_end(out);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
	ld_json_out_end(out);
}

/* By the user type that is named, else whatever some driver takes. */
static void
put_by_user(struct ld_json_out *out, const char *name, const char *what)
{
	const struct ld_driver *driver;

	ld_json_out_key(out, name);
	ld_json_out_object(out);
	ldi_schema_member(out, "type", "'object'");
	any_driver(out, what);
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	for (size_t i = 0; (driver = ld_driver_at(i)) != NULL; i++) {
		ld_json_out_object(out);
		ld_json_out_key(out, "if");
		put_names_user(out, driver);
		ld_json_out_key(out, "then");
		driver_ref(out, driver, what);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
	ld_json_out_end(out);
}

static void
put_common(struct ld_json_out *out)
{
	ld_json_out_key(out, "config_fields");
	ldi_field_schema_open(out, ldi_config_fields);
	ld_json_out_key(out, "task_fields");
	ldi_field_schema_open(out, ldi_task_fields);
	ld_json_out_key(out, "arrival");
	ldi_field_schema_closed(out, ldi_arrival_fields);
	ld_json_out_key(out, "stage");
	ldi_field_schema_closed(out, ldi_stage_fields);
	ld_json_out_key(out, "csv_source");
	ldi_field_schema_closed(out, ldi_csv_fields);
	ldi_schema_member(out, "mode",
	    "{'anyOf':[{'type':'null'},"
	    "{'$ref':'#/definitions/config_fields/properties/mode'}]}");
	ldi_assert_schema(out);
	ldi_extract_schema(out);
	put_users(out);
}

void
ldi_schema_records(struct ld_json_out *out)
{
	put_by_user(out, "record.config", "config_record");
	ld_json_out_key(out, "record.task");
	ld_json_out_object(out);
	any_driver(out, "task_record");
	ld_json_out_end(out);
}

void
ldi_schema_tasks(struct ld_json_out *out)
{
	const struct ld_driver *driver;

	ldi_field_schema_kinds(out);
	put_common(out);
	ld_json_out_key(out, "task");
	ld_json_out_object(out);
	ldi_schema_member(
	    out, "description", "'fields of a task, of whatever user type'");
	any_driver(out, "task");
	ld_json_out_end(out);
	put_by_user(out, "start_test", "start_test");
	for (size_t i = 0; (driver = ld_driver_at(i)) != NULL; i++)
		put_driver(out, driver);
}
