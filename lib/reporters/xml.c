/* SPDX-License-Identifier: MIT */
/*
 * The json report as XML: a member is an element of its name, what stands in
 * an array is an element of what it is.  Made from that document, so that the
 * two cannot differ.
 */
#include "config.h"

#include <string.h>

#include "data/escape.h"
#include "reporters/json.h"

/* Deeper than the document is. */
#define MAX_DEPTH 16

struct xml {
	const struct ld_json *json;
	struct ld_buf *out;
	struct ld_buf text;
};

/* What one entry of an array is called. */
static const char *
entry_name(const char *array)
{
	static const char *const names[][2] = { { "runs", "run" },
		{ "series", "one" }, { "failures", "failure" },
		{ "failure_groups", "failure" }, { "slots", "slot" },
		{ "events", "event" }, { "validity_reasons", "reason" },
		{ "too_few", "quantile" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(array, names[i][0]) == 0)
			return names[i][1];
	return "entry";
}

static void
indent(struct xml *x, unsigned depth)
{
	ld_buf_addc(x->out, '\n');
	for (; depth > 0; depth--)
		ld_buf_addc(x->out, '\t');
}

/* Is it a name in XML?  What a stream brought along may be none. */
static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= 64 &&
	       strspn(name, "_abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == len &&
	       (name[0] < '0' || name[0] > '9');
}

static void
open_tag(struct xml *x, const char *name)
{
	ld_buf_addc(x->out, '<');
	if (is_name(name)) {
		ld_buf_adds(x->out, name);
		return;
	}
	ld_buf_adds(x->out, "member name=\"");
	ldi_esc_xml(x->out, name, strlen(name));
	ld_buf_addc(x->out, '"');
}

static void
close_tag(struct xml *x, const char *name)
{
	ld_buf_adds(x->out, "</");
	ld_buf_adds(x->out, is_name(name) ? name : "member");
	ld_buf_addc(x->out, '>');
}

static void
add_value(struct xml *x, ld_json_ref at)
{
	const char *text;
	size_t len;

	if (ld_json_kind(x->json, at) != LD_JSON_STRING) {
		text = ld_json_raw(x->json, at, &len);
		ld_buf_add(x->out, text, len);
		return;
	}
	ld_buf_reset(&x->text);
	ld_json_text(x->json, at, &x->text);
	x->out->failed |= x->text.failed;
	if (x->text.len > 0)
		ldi_esc_xml(x->out, x->text.data, x->text.len);
}

static void add_element(
    struct xml *x, const char *name, ld_json_ref at, unsigned depth);

static void
add_member(struct xml *x, ld_json_ref key, unsigned depth)
{
	struct ld_buf name;

	ld_buf_init(&name, x->out->max);
	ld_json_text(x->json, key, &name);
	if (ld_buf_str(&name) != NULL)
		add_element(
		    x, ld_buf_str(&name), ld_json_value(x->json, key), depth);
	else
		x->out->failed = true;
	ld_buf_clear(&name);
}

static void
add_entries(struct xml *x, const char *name, ld_json_ref at, unsigned depth)
{
	bool array = ld_json_kind(x->json, at) == LD_JSON_ARRAY;

	for (ld_json_ref child = ld_json_first(x->json, at);
	     child != LD_JSON_NONE; child = ld_json_next(x->json, at, child)) {
		if (array)
			add_element(x, entry_name(name), child, depth);
		else
			add_member(x, child, depth);
	}
}

static void
add_element(struct xml *x, const char *name, ld_json_ref at, unsigned depth)
{
	enum ld_json_kind kind = ld_json_kind(x->json, at);

	indent(x, depth);
	open_tag(x, name);
	if (kind == LD_JSON_NULL) {
		ld_buf_adds(x->out, " null=\"true\"/>");
		return;
	}
	if ((kind == LD_JSON_OBJECT || kind == LD_JSON_ARRAY) &&
	    (ld_json_first(x->json, at) == LD_JSON_NONE ||
		depth == MAX_DEPTH)) {
		ld_buf_adds(x->out, "/>");
		return;
	}
	ld_buf_addc(x->out, '>');
	if (kind == LD_JSON_OBJECT || kind == LD_JSON_ARRAY) {
		add_entries(x, name, at, depth + 1);
		indent(x, depth);
	} else {
		add_value(x, at);
	}
	close_tag(x, name);
}

enum ld_status
ldi_view_write_xml(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err)
{
	struct ld_json json;
	struct ld_buf document;
	struct xml x = { .json = &json, .out = out };
	enum ld_status st;

	ld_json_init(&json);
	ld_buf_init(&document, out->max);
	ld_buf_init(&x.text, out->max);
	st = ldi_json_document(view, 0, &document, err);
	if (st == LD_OK)
		st = ld_json_parse(&json, document.data, document.len, 0, err);
	if (st == LD_OK) {
		ld_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
		add_element(&x, "report", LD_JSON_ROOT, 0);
		ld_buf_addc(out, '\n');
		st = ld_buf_status(out, "the report", err);
	}
	ld_buf_clear(&x.text);
	ld_buf_clear(&document);
	ld_json_clear(&json);
	return st;
}
