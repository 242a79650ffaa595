/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ld/plan.h>

#include "actions/schema.h"
#include "plan/field_schema.h"

static const struct ldi_schema_head head = {
	"ld.plan-1",
	"A record of a plan stream, ld.plan/1",
	"One line of what ld-import writes and ld-run reads. A bare number of "
	"time is seconds, strings take units. A task inherits what it does not "
	"name from defaults of the config before it, so that no key of a task "
	"is required here. Types that are not listed pass.",
};

static const char *const types[] = { "begin", "config", "task", "arrival",
	"action", "loss", "finding", "end", NULL };

static void
put_choice(struct ld_json_out *out)
{
	ldi_schema_member(out, "type", "'object'");
	ldi_schema_member(out, "required", "['type']");
	ldi_schema_member(out, "properties", "{'type':{'type':'string'}}");
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	for (size_t i = 0; types[i] != NULL; i++) {
		ld_json_out_object(out);
		ld_json_out_key(out, "if");
		ld_json_out_object(out);
		ld_json_out_key(out, "properties");
		ld_json_out_object(out);
		ld_json_out_key(out, "type");
		ld_json_out_object(out);
		ld_json_out_key(out, "const");
		ld_json_out_string(out, types[i]);
		ld_json_out_end(out);
		ld_json_out_end(out);
		ld_json_out_end(out);
		ld_json_out_key(out, "then");
		ldi_schema_ref(out, "record.", types[i]);
		ld_json_out_end(out);
	}
	ldi_schema_put(out, "{'properties':{'type':{'not':{'enum':['sample',"
			    "'interval']}}}}");
	ld_json_out_end(out);
}

static void
put_frames(struct ld_json_out *out)
{
	ldi_schema_member(out, "record.begin",
	    "{'required':['schema'],'properties':{"
	    "'schema':{'description':'format and version','const':"
	    "'" LD_PLAN_SCHEMA "'},"
	    "'importer':{'description':'format that the plan was made of',"
	    "'type':'string'},"
	    "'source':{'description':'file that the plan was made of',"
	    "'type':'string'},"
	    "'tool':{'description':'that wrote the schedule',"
	    "'type':'string'}}}");
	ldi_schema_member(out, "record.end",
	    "{'properties':{"
	    "'tasks':{'description':'tasks since begin','type':'integer',"
	    "'minimum':0},"
	    "'losses':{'description':'losses since begin','type':'integer',"
	    "'minimum':0},"
	    "'arrivals':{'description':'arrivals since begin',"
	    "'type':'integer','minimum':0}}}");
	ldi_schema_member(out, "record.arrival",
	    "{'description':'when a pass of the run begins','required':"
	    "['arrival','due_ns'],'properties':{'type':{},"
	    "'arrival':{'description':'number of the arrival',"
	    "'type':'integer','minimum':0},"
	    "'due_ns':{'description':'nanoseconds after T0',"
	    "'type':'integer','minimum':0}},'additionalProperties':false}");
	ldi_schema_member(out, "record.loss",
	    "{'description':'what an importer could not carry',"
	    "'properties':{"
	    "'place':{'description':'in the foreign file','type':'string'},"
	    "'what':{'type':'string'},'why':{'type':'string'}}}");
	ldi_schema_member(out, "record.finding",
	    "{'description':'of ld-lint; severity error refuses the plan',"
	    "'properties':{'severity':{'type':'string'},"
	    "'text':{'type':'string'}}}");
}

static void
put_action(struct ld_json_out *out)
{
	ld_json_out_key(out, "record.action");
	ld_json_out_object(out);
	ldi_schema_member(out, "required", "['command']");
	ldi_schema_member(out, "properties",
	    "{'type':{},'command':{'$ref':'#/definitions/command'},"
	    "'args':{'type':['object','array']}}");
	ldi_schema_member(out, "additionalProperties", "false");
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	ldi_schema_calls(out, true);
	ld_json_out_end(out);
	ld_json_out_end(out);
}

void
ldi_schema_plan(struct ld_json_out *out)
{
	ldi_schema_head(out, &head);
	put_choice(out);
	ld_json_out_key(out, "definitions");
	ld_json_out_object(out);
	put_frames(out);
	put_action(out);
	ldi_schema_records(out);
	ldi_schema_commands(out);
	ldi_schema_tasks(out);
	ld_json_out_end(out);
}
