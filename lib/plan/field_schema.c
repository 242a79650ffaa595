/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <ld/buf.h>

#include "plan/field_schema.h"

/* What a kind takes; a placeholder stands for any of it. */
static const char *const shapes[] = {
	[LD_FIELD_TEXT] = "{'$ref':'#/definitions/text'}",
	[LD_FIELD_STRING] = "{'type':'string'}",
	[LD_FIELD_JSON] = "{}",
	[LD_FIELD_PAIRS] = "{'$ref':'#/definitions/pairs'}",
	[LD_FIELD_BOOL] = "{'$ref':'#/definitions/bool'}",
	[LD_FIELD_COUNT] = "{'$ref':'#/definitions/count'}",
	[LD_FIELD_NUMBER] = "{'$ref':'#/definitions/number'}",
	[LD_FIELD_DURATION] = "{'$ref':'#/definitions/duration'}",
	[LD_FIELD_RANGE] = "{'$ref':'#/definitions/range'}",
	[LD_FIELD_SIZE] = "{'$ref':'#/definitions/size'}",
	[LD_FIELD_RATE] = "{'$ref':'#/definitions/rate'}",
	[LD_FIELD_CHOICE] = NULL, /* its words */
	[LD_FIELD_NODE] = "{}",
	[LD_FIELD_LATER] = NULL, /* its default */
	[LD_FIELD_IGNORED] = "{}",
};

#define BARE_DURATION "[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?"
#define DURATION "(" BARE_DURATION "|([0-9]+([.][0-9]+)?(d|h|m|s|ms|us|ns))+)"
#define PLACEHOLDER "{'$ref':'#/definitions/placeholder'}"

static const struct {
	const char *name, *shape;
} kinds[] = {
	{ "placeholder",
	    "{'description':'text with a placeholder, which becomes the value "
	    "before the run','type':'string','pattern':'[$][{][^}]+[}]'}" },
	{ "text",
	    "{'description':'text, placeholders resolved at each exchange; "
	    "what is no string stands for its JSON',"
	    "'type':['string','number','boolean','object','array']}" },
	{ "scalar",
	    "{'description':'a value of a header, parameter or form field',"
	    "'type':['string','number','boolean','null']}" },
	{ "pairs",
	    "{'description':'names and values; an array repeats its name, "
	    "null drops it','type':'object','additionalProperties':{'anyOf':["
	    "{'$ref':'#/definitions/scalar'},{'type':'array',"
	    "'items':{'$ref':'#/definitions/scalar'}}]}}" },
	{ "bool", "{'anyOf':[{'type':'boolean'}," PLACEHOLDER "]}" },
	{ "count", "{'anyOf':[{'type':'integer','minimum':0,"
		   "'maximum':18446744073709551615}," PLACEHOLDER "]}" },
	{ "number", "{'anyOf':[{'type':'number'}," PLACEHOLDER "]}" },
	{ "duration",
	    "{'description':'a number is seconds; a string has units: d h m s "
	    "ms us ns, as in 250ms or 1m30s','anyOf':["
	    "{'type':'number','minimum':0},"
	    "{'type':'string','pattern':'^" DURATION "$'}," PLACEHOLDER "]}" },
	{ "range", "{'description':'a duration, or two as in 1s..5s','anyOf':["
		   "{'type':'number','minimum':0},{'type':'string','pattern':"
		   "'^" DURATION "([.][.]" DURATION ")?$'}," PLACEHOLDER "]}" },
	{ "size",
	    "{'description':'a number is bytes; a string may have a unit, as "
	    "in 64KiB or 10MB','anyOf':[{'type':'integer','minimum':0},"
	    "{'type':'string','pattern':'^[0-9]+([.][0-9]+)?"
	    "(B|k|K|KiB|kB|KB|M|MiB|MB|G|GiB|GB|T|TiB|TB)?$'}," PLACEHOLDER
	    "]}" },
	{ "rate",
	    "{'description':'a number is per second; a string may have a unit, "
	    "as in 100/s or 6k/m','anyOf':[{'type':'number','minimum':0},"
	    "{'type':'string','pattern':'^[0-9]+([.][0-9]+)?"
	    "([eE][+-]?[0-9]+)?[kM]?(/(s|m|min|h|d))?$'}," PLACEHOLDER "]}" },
};

void
ldi_field_schema_kinds(struct ld_json_out *out)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		ldi_schema_member(out, kinds[i].name, kinds[i].shape);
}

/* -- a row ---------------------------------------------------------------- */

static bool
is_json(const char *text)
{
	struct ld_json json;
	bool is;

	ld_json_init(&json);
	is = ld_json_parse(&json, text, strlen(text), 0, NULL) == LD_OK;
	ld_json_clear(&json);
	return is;
}

static void
put_default(struct ld_json_out *out, const char *def)
{
	if (is_json(def))
		ld_json_out_raw(out, def, strlen(def));
	else
		ld_json_out_string(out, def);
}

static void
put_words(struct ld_json_out *out, const char *const *words)
{
	ld_json_out_object(out);
	ldi_schema_member(out, "type", "'string'");
	ldi_schema_words(out, words);
	ld_json_out_end(out);
}

/* What is not in this build takes null, and the default in any spelling. */
static void
put_later(struct ld_json_out *out, const struct ld_field *row)
{
	const char *const words[] = { row->def, NULL };

	if (row->def == NULL)
		return;
	if (is_json(row->def)) {
		ld_json_out_object(out);
		ld_json_out_key(out, "enum");
		ld_json_out_array(out);
		put_default(out, row->def);
		ld_json_out_end(out);
		ld_json_out_end(out);
	}
	put_words(out, words);
}

/* Alternatives, as elements of an anyOf. */
static void
put_value(struct ld_json_out *out, const struct ld_field *row)
{
	if (row->kind == LD_FIELD_LATER) {
		put_later(out, row);
	} else if (row->shape != NULL) {
		ldi_schema_put(out, row->shape);
	} else if (row->choices != NULL) {
		put_words(out, row->choices);
		ldi_schema_put(out, PLACEHOLDER);
	} else {
		ldi_schema_put(out, shapes[row->kind]);
	}
}

static bool
takes_anything(const struct ld_field *row)
{
	return row->shape == NULL && row->choices == NULL &&
	       row->kind != LD_FIELD_LATER &&
	       strcmp(shapes[row->kind], "{}") == 0;
}

static void
put_constraint(struct ld_json_out *out, const struct ld_field *row)
{
	bool required = (row->flags & LD_FIELD_REQUIRED) != 0;

	if (takes_anything(row)) {
		if (required)
			ldi_schema_member(out, "not", "{'type':'null'}");
		return;
	}
	ld_json_out_key(out, "anyOf");
	ld_json_out_array(out);
	put_value(out, row);
	if (!required)
		ldi_schema_put(out, "{'type':'null'}");
	ld_json_out_end(out);
}

static void
put_row(
    struct ld_json_out *out, const struct ld_field *row, const char *spelling)
{
	struct ld_buf help;
	unsigned indent;

	ld_buf_init(&help, 4096);
	if (spelling != row->name)
		ld_buf_addf(&help, "the same as %s: ", row->name);
	ld_buf_adds(&help, row->help);
	if (row->kind == LD_FIELD_LATER)
		ld_buf_adds(&help, " (not in this build)");
	ld_json_out_key(out, spelling);
	indent = ldi_schema_line(out);
	ld_json_out_object(out);
	ld_json_out_key(out, "description");
	ld_json_out_stringn(out, help.data, help.len);
	if (row->def != NULL) {
		ld_json_out_key(out, "default");
		put_default(out, row->def);
	}
	put_constraint(out, row);
	ldi_schema_line_end(out, indent);
	ld_buf_clear(&help);
}

/* -- a table -------------------------------------------------------------- */

static void
put_properties(struct ld_json_out *out, const struct ld_field *table)
{
	ld_json_out_key(out, "properties");
	ld_json_out_object(out);
	for (const struct ld_field *row = table; row->name != NULL; row++) {
		put_row(out, row, row->name);
		if (row->alias != NULL)
			put_row(out, row, row->alias);
	}
	ld_json_out_end(out);
}

static bool
has_alias(const struct ld_field *table)
{
	for (; table->name != NULL; table++)
		if (table->alias != NULL)
			return true;
	return false;
}

/* Both spellings in one object: one of them must be empty. */
static void
put_aliases(struct ld_json_out *out, const struct ld_field *table)
{
	char text[1024];

	for (; table->name != NULL; table++) {
		if (table->alias == NULL)
			continue;
		snprintf(text, sizeof(text),
		    "{'if':{'required':['%s','%s']},'then':{'anyOf':["
		    "{'properties':{'%s':{'enum':[null,'']}}},"
		    "{'properties':{'%s':{'enum':[null,'']}}}]}}",
		    table->name, table->alias, table->name, table->alias);
		ldi_schema_put(out, text);
	}
}

void
ldi_field_schema_required(struct ld_json_out *out, const struct ld_field *table)
{
	char text[1024];

	for (; table->name != NULL; table++) {
		if ((table->flags & LD_FIELD_REQUIRED) == 0)
			continue;
		if (table->alias == NULL)
			snprintf(text, sizeof(text), "{'required':['%s']}",
			    table->name);
		else
			snprintf(text, sizeof(text),
			    "{'anyOf':[{'required':['%s']},{'required':['%s']}]"
			    "}",
			    table->name, table->alias);
		ldi_schema_put(out, text);
	}
}

static bool
has_required(const struct ld_field *table)
{
	for (; table->name != NULL; table++)
		if (table->flags & LD_FIELD_REQUIRED)
			return true;
	return false;
}

void
ldi_field_schema_open(struct ld_json_out *out, const struct ld_field *table)
{
	ld_json_out_object(out);
	put_properties(out, table);
	if (has_alias(table)) {
		ld_json_out_key(out, "allOf");
		ld_json_out_array(out);
		put_aliases(out, table);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

void
ldi_field_schema_closed(struct ld_json_out *out, const struct ld_field *table)
{
	ld_json_out_object(out);
	ldi_schema_member(out, "type", "'object'");
	put_properties(out, table);
	ldi_schema_member(out, "additionalProperties", "false");
	if (has_alias(table) || has_required(table)) {
		ld_json_out_key(out, "allOf");
		ld_json_out_array(out);
		put_aliases(out, table);
		ldi_field_schema_required(out, table);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

void
ldi_field_schema_names(struct ld_json_out *out,
    const struct ld_field *const *tables, const char *const *more)
{
	unsigned indent;

	ld_json_out_key(out, "propertyNames");
	indent = ldi_schema_line(out);
	ld_json_out_object(out);
	ld_json_out_key(out, "enum");
	ld_json_out_array(out);
	for (; more != NULL && *more != NULL; more++)
		ld_json_out_string(out, *more);
	for (; *tables != NULL; tables++)
		for (const struct ld_field *row = *tables; row->name != NULL;
		     row++) {
			ld_json_out_string(out, row->name);
			if (row->alias != NULL)
				ld_json_out_string(out, row->alias);
		}
	ld_json_out_end(out);
	ldi_schema_line_end(out, indent);
}

/* -- an object of kinds --------------------------------------------------- */

static void
put_case(struct ld_json_out *out, const char *name, const char *key,
    const struct ldi_schema_kind *kind, bool by_default)
{
	const char *const words[] = { kind->name, NULL };
	char prefix[64];

	snprintf(prefix, sizeof(prefix), "%s.", name);
	ld_json_out_object(out);
	ld_json_out_key(out, "if");
	ld_json_out_object(out);
	if (!by_default) {
		ld_json_out_key(out, "required");
		ld_json_out_array(out);
		ld_json_out_string(out, key);
		ld_json_out_end(out);
	}
	ld_json_out_key(out, "properties");
	ld_json_out_object(out);
	ld_json_out_key(out, key);
	ld_json_out_object(out);
	ldi_schema_member(
	    out, "type", by_default ? "['string','null']" : "'string'");
	ldi_schema_words(out, words);
	ld_json_out_end(out);
	ld_json_out_end(out);
	ld_json_out_end(out);
	ld_json_out_key(out, "then");
	ldi_schema_ref(out, prefix, kind->name);
	ld_json_out_end(out);
}

static void
put_kind_names(struct ld_json_out *out, const char *key,
    const struct ldi_schema_kind *kind, bool first_default)
{
	const char *words[64];
	size_t n = 0;

	for (; kind[n].name != NULL && n < 63; n++)
		words[n] = kind[n].name;
	words[n] = NULL;
	ld_json_out_key(out, "properties");
	ld_json_out_object(out);
	ld_json_out_key(out, key);
	ld_json_out_object(out);
	ldi_schema_member(
	    out, "type", first_default ? "['string','null']" : "'string'");
	ldi_schema_words(out, words);
	ld_json_out_end(out);
	ld_json_out_end(out);
}

void
ldi_field_schema_kind(struct ld_json_out *out, const char *name,
    const char *key, const struct ldi_schema_kind *kind, bool first_default)
{
	char text[64];

	ld_json_out_key(out, name);
	ld_json_out_object(out);
	ldi_schema_member(out, "type", "'object'");
	if (!first_default) {
		snprintf(text, sizeof(text), "['%s']", key);
		ldi_schema_member(out, "required", text);
	}
	put_kind_names(out, key, kind, first_default);
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	for (size_t i = 0; kind[i].name != NULL; i++)
		put_case(out, name, key, &kind[i], first_default && i == 0);
	ld_json_out_end(out);
	ld_json_out_end(out);
	for (; kind->name != NULL; kind++) {
		snprintf(text, sizeof(text), "%s.%s", name, kind->name);
		ld_json_out_key(out, text);
		ldi_field_schema_closed(out, kind->fields);
	}
}
