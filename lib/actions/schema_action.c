/* SPDX-License-Identifier: MIT */
/*
 * The schema of an action document.  An action is an array of a command and
 * its arguments; draft-07 and 2020-12 have no common word for the place of an
 * element, so that the order within an action is the one thing not said.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <ld/plan.h>

#include "actions/action.h"
#include "actions/schema.h"
#include "plan/commands.h"
#include "plan/field_schema.h"

static const struct ldi_schema_head head = {
	"ld.action-1",
	"An action document",
	"A list of LD_* commands, or an object whose key load_density is one. "
	"In an action [command, arguments] the command stands first, which "
	"this schema cannot say.",
};

static bool
starts_test(const char *command)
{
	return strcmp(command, "LD_start_test") == 0;
}

/* -- arguments ------------------------------------------------------------ */

/* What this build wants of a parameter; other commands take anything. */
static const char *
param_shape(const struct ldi_action *action, const char *name)
{
	static const char *const shapes[] = {
		[LDI_ANY] = "{}",
		[LDI_TEXT] = "{'type':['string','null']}",
		[LDI_FLAG] = "{'type':['boolean','null']}",
		[LDI_OBJECT] = "{'type':['object','null']}",
		[LDI_LIST] = "{'type':['array','null']}",
		[LDI_TEXTS] = "{'anyOf':[{'type':'null'},{'type':'array',"
			      "'items':{'type':'string'}}]}",
		[LDI_COUNT] = "{'anyOf':[{'type':'null'},{'type':'integer',"
			      "'minimum':1}]}",
		[LDI_POSITIVE] = "{'anyOf':[{'type':'null'},{'type':'number',"
				 "'exclusiveMinimum':0}]}",
		[LDI_DURATION] = "{'anyOf':[{'type':'null'},{'type':'number',"
				 "'minimum':0}]}",
		[LDI_RECORDING] = "{'type':['object','string']}",
	};

	for (size_t i = 0;
	     action != NULL && i < LDI_PARAMS && action->params[i].name != NULL;
	     i++)
		if (strcmp(action->params[i].name, name) == 0)
			return shapes[action->params[i].type];
	return "{}";
}

static void
put_named(struct ld_json_out *out, const struct ldi_command *command)
{
	const struct ldi_action *action = ldi_action_find(command->name);
	unsigned n = ldi_command_params(command);

	ld_json_out_object(out);
	ldi_schema_member(out, "type", "'object'");
	ld_json_out_key(out, "required");
	ld_json_out_array(out);
	for (unsigned i = 0; i < command->required; i++)
		ld_json_out_string(out, command->params[i]);
	ld_json_out_end(out);
	ld_json_out_key(out, "properties");
	ld_json_out_object(out);
	for (unsigned i = 0; i < n; i++)
		ldi_schema_member(out, command->params[i],
		    param_shape(action, command->params[i]));
	ld_json_out_end(out);
	ldi_schema_member(out, "additionalProperties", "false");
	ld_json_out_end(out);
}

static void
put_arguments(struct ld_json_out *out, const struct ldi_command *command)
{
	unsigned indent;

	ld_json_out_key(out, command->name);
	indent = ldi_schema_line(out);
	ld_json_out_object(out);
	if (ldi_action_find(command->name) == NULL)
		ldi_schema_member(out, "description", "'not in this build'");
	ld_json_out_key(out, "anyOf");
	ld_json_out_array(out);
	put_named(out, command);
	ld_json_out_object(out);
	ldi_schema_member(out, "type", "'array'");
	ld_json_out_key(out, "minItems");
	ld_json_out_u64(out, command->required);
	ld_json_out_key(out, "maxItems");
	ld_json_out_u64(out, ldi_command_params(command));
	ld_json_out_end(out);
	ld_json_out_end(out);
	ldi_schema_line_end(out, indent);
}

/* -- commands ------------------------------------------------------------- */

void
ldi_schema_commands(struct ld_json_out *out)
{
	const char *const *names = ld_command_names();

	ld_json_out_key(out, "command");
	ld_json_out_object(out);
	ld_json_out_key(out, "anyOf");
	ld_json_out_array(out);
	ld_json_out_object(out);
	ld_json_out_key(out, "enum");
	ldi_schema_list(out, names);
	ld_json_out_end(out);
	ld_json_out_object(out);
	ldi_schema_member(out, "description",
	    "'functions of Python that only compute with their arguments'");
	ld_json_out_key(out, "enum");
	ldi_schema_list(out, ldi_command_builtins());
	ld_json_out_end(out);
	ld_json_out_end(out);
	ld_json_out_end(out);
	for (; *names != NULL; names++)
		if (!starts_test(*names))
			put_arguments(out, ldi_command_find(*names));
}

/* In an array: which elements an action of this command may have. */
static void
put_call(struct ld_json_out *out, const char *name, unsigned required)
{
	char text[512];

	snprintf(text, sizeof(text),
	    "{'if':{'contains':{'const':'%s'}},'then':{'minItems':%u,"
	    "'items':{'anyOf':[{'const':'%s'},"
	    "{'$ref':'#/definitions/%s'}]}}}",
	    name, required > 0 ? 2U : 1U, name,
	    starts_test(name) ? "start_test" : name);
	ldi_schema_put(out, text);
}

static void
put_record_call(struct ld_json_out *out, const char *name, unsigned required)
{
	char text[512];

	snprintf(text, sizeof(text),
	    "{'if':{'properties':{'command':{'const':'%s'}}},"
	    "'then':{'required':[%s],'properties':{'args':"
	    "{'$ref':'#/definitions/%s'}}}}",
	    name, required > 0 ? "'args'" : "",
	    starts_test(name) ? "start_test" : name);
	ldi_schema_put(out, text);
}

void
ldi_schema_calls(struct ld_json_out *out, bool record)
{
	const char *const *names = ld_command_names();

	for (; *names != NULL; names++)
		(record ? put_record_call : put_call)(
		    out, *names, ldi_command_find(*names)->required);
}

/* -- the document --------------------------------------------------------- */

static void
put_action(struct ld_json_out *out)
{
	ld_json_out_key(out, "action");
	ld_json_out_object(out);
	ldi_schema_member(
	    out, "description", "'[command] or [command, arguments]'");
	ldi_schema_member(out, "type", "'array'");
	ldi_schema_member(out, "minItems", "1");
	ldi_schema_member(out, "maxItems", "2");
	ldi_schema_member(out, "contains", "{'$ref':'#/definitions/command'}");
	ldi_schema_member(out, "items",
	    "{'anyOf':[{'$ref':'#/definitions/command'},"
	    "{'type':'object'},{'type':'array'}]}");
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	ldi_schema_calls(out, false);
	ld_json_out_end(out);
	ld_json_out_end(out);
}

void
ldi_schema_action(struct ld_json_out *out)
{
	ldi_schema_head(out, &head);
	ldi_schema_member(out, "type", "['array','object']");
	ldi_schema_member(out, "if", "{'type':'array'}");
	ldi_schema_member(out, "then", "{'$ref':'#/definitions/actions'}");
	ldi_schema_member(out, "else",
	    "{'required':['load_density'],"
	    "'properties':{'load_density':{'$ref':'#/definitions/actions'}}}");
	ld_json_out_key(out, "definitions");
	ld_json_out_object(out);
	ldi_schema_member(out, "actions",
	    "{'type':'array','minItems':1,"
	    "'items':{'$ref':'#/definitions/action'}}");
	put_action(out);
	ldi_schema_commands(out);
	ldi_schema_tasks(out);
	ld_json_out_end(out);
}
