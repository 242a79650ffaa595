/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan/jq.h"

#ifdef HAVE_JQ

#include <float.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <jq.h>
#include <jv.h>

/*
 * What stands around a program.
 *
 * The environment, the standard error and the end of the process are not a
 * filter's.  Some builtins of libjq 1.6 assert, or never end, on values that a
 * server may choose: a time beyond the calendar, a format that is no string,
 * an empty text to look for; and it loses memory each time it looks for
 * something in an array.  A global search that matches nothing at all somewhere
 * reads beyond a text that is not ASCII, and gsub() then never ends: there such
 * matches are left out (flag "n").  first() lets go of a program in an orderly
 * way: one that is left in the middle of path() asserts when it is started
 * again.  Modules cannot be imported from within parentheses, which is meant.
 */
static const char before[] =
    "def env: {}; def std" /* not the C one */
    "err: .;"
    "def halt: error(\"a filter cannot halt\");"
    "def halt_error: halt; def halt_error($code): halt;"
    "def modulemeta: error(\"a filter has no modules\");"
    "def _ld_strf(f): strftime(f);"
    "def strftime(f): f as $f | if ($f | type) != \"string\""
    " then error(\"strftime/1 requires a string format\")"
    " elif type == \"number\" then gmtime | _ld_strf($f)"
    " else _ld_strf($f) end;"
    "def _ld_strl(f): strflocaltime(f);"
    "def strflocaltime(f): f as $f | if ($f | type) != \"string\""
    " then error(\"strflocaltime/1 requires a string format\")"
    " elif type == \"number\" then localtime | _ld_strl($f)"
    " else _ld_strl($f) end;"
    "def todateiso8601: strftime(\"%Y-%m-%dT%H:%M:%SZ\");"
    "def todate: todateiso8601; def date: todate;"
    "def _ld_ix($i): indices($i);"
    "def indices($i): if type == \"string\" and $i == \"\" then null"
    " elif type != \"array\" then _ld_ix($i) else . as $a"
    " | if ($i | type) != \"array\""
    " then [range(0; $a | length) | select($a[.] == $i)]"
    " else ($i | length) as $n | if $n == 0 then null"
    " else [range(0; ($a | length) - $n + 1)"
    " | select($a[.:. + $n] == $i)] end end end;"
    "def index($i): indices($i) | .[0];"
    "def rindex($i): indices($i) | .[-1:][0];"
    "def _ld_g: if type == \"string\" and index(\"g\") then . + \"n\" else . "
    "end;"
    "def _ld_match($re; $f): match($re; $f); def _ld_match($v): match($v);"
    "def match($re; $f): _ld_match($re; $f | _ld_g);"
    "def match($v): if ($v | type) == \"array\" and ($v | length) > 1"
    " then match($v[0]; $v[1]) else _ld_match($v) end;"
    "def _ld_capt($re; $f): capture($re; $f); def _ld_capt($v): capture($v);"
    "def capture($re; $f): _ld_capt($re; $f | _ld_g);"
    "def capture($v): if ($v | type) == \"array\" and ($v | length) > 1"
    " then capture($v[0]; $v[1]) else _ld_capt($v) end;"
    "def scan($re): match($re; \"g\")"
    " | if .captures == [] then .string else [.captures[].string] end;"
    "def splits($re; $f): . as $s"
    " | [0, (match($re; \"g\" + $f) | .offset, .offset + .length),"
    " ($s | length)] as $at"
    " | range(0; $at | length; 2) | $s[$at[.]:$at[. + 1]];"
    "def splits($re): splits($re; null);"
    "def split($re; $f): [splits($re; $f)];"
    "def _ld_sub($re; s; $f): sub($re; s; $f);"
    "def sub($re; s; $f): _ld_sub($re; s; $f | _ld_g);"
    "def gsub($re; s; $f): sub($re; s; $f + \"g\");"
    "def gsub($re; s): sub($re; s; \"g\");"
    "{} as $ENV | first(\n";
static const char after[] = "\n)";

struct ldi_jq {
	jq_state *state;
};

struct ldi_jq_input {
	jv value;
	bool made;
	struct ld_buf text; /* of a string with escapes */
};

bool
ldi_jq_here(void)
{
	return true;
}

/* -- compile -------------------------------------------------------------- */

struct complaint {
	char text[200]; /* the first thing that jq said */
};

/* "jq: error: WHAT (Unix shell quoting issues?) at <top-level>, line 2:\n" and
 * the whole program behind it: WHAT is enough, the place is the plan's. */
static void
on_message(void *opaque, jv message)
{
	static const char lead[] = "jq: error: ";
	static const char *const tails[] = { " (Unix shell", " at <top", "\n" };
	struct complaint *complaint = opaque;
	const char *text, *end, *tail;
	size_t len;

	if (complaint != NULL && complaint->text[0] == '\0' &&
	    jv_get_kind(message) == JV_KIND_STRING) {
		text = jv_string_value(message);
		if (strncmp(text, lead, sizeof(lead) - 1) == 0)
			text += sizeof(lead) - 1;
		end = text + strlen(text);
		for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
			if ((tail = strstr(text, tails[i])) != NULL &&
			    tail < end)
				end = tail;
		len = (size_t)(end - text);
		if (len >= sizeof(complaint->text))
			len = sizeof(complaint->text) - 1;
		memcpy(complaint->text, text, len);
	}
	jv_free(message);
}

static jv
on_input(jq_state *state, void *opaque)
{
	(void)state, (void)opaque;
	return jv_invalid_with_msg(jv_string("a filter has one input"));
}

static void
on_debug(void *opaque, jv value)
{
	(void)opaque;
	jv_free(value);
}

/* All of it: what is not set libjq 1.6 does not initialise, or asserts on. */
static void
set_up(jq_state *state, struct complaint *complaint)
{
	jq_set_error_cb(state, on_message, complaint);
	jq_set_input_cb(state, on_input, NULL);
	jq_set_debug_cb(state, on_debug, NULL);
	jq_set_attr(state, jv_string("JQ_ORIGIN"), jv_string("/"));
	jq_set_attr(state, jv_string("PROGRAM_ORIGIN"), jv_string("/"));
	jq_set_attr(state, jv_string("JQ_LIBRARY_PATH"), jv_array());
}

static enum ld_status
compile(const char *text, const char *program, jq_state **state_out,
    struct ld_err *err)
{
	struct complaint complaint = { "" };
	jq_state *state = jq_init();

	*state_out = NULL;
	if (state == NULL)
		return ld_err_set(err, LD_NOMEM, "out of memory");
	set_up(state, &complaint);
	if (jq_compile(state, text)) {
		/* Nobody listens any more; without this it would print. */
		jq_set_error_cb(state, on_message, NULL);
		*state_out = state;
		return LD_OK;
	}
	jq_teardown(&state);
	return ld_err_set(err, LD_INVALID, "'%.60s' is not a jq program: %s",
	    program,
	    complaint.text[0] != '\0' ? complaint.text : "jq refuses it");
}

enum ld_status
ldi_jq_new(
    const char *program, bool strict, struct ldi_jq **out, struct ld_err *err)
{
	struct ldi_jq *jq = calloc(1, sizeof(*jq));
	jq_state *alone = NULL;
	struct ld_buf text;
	enum ld_status st = LD_OK;

	*out = NULL;
	if (jq == NULL)
		return ld_err_set(err, LD_NOMEM, "out of memory");
	ld_buf_init(&text, 1 << 20);
	ld_buf_adds(&text, before);
	ld_buf_adds(&text, program);
	ld_buf_adds(&text, after);
	if (ld_buf_str(&text) == NULL)
		st = ld_buf_status(&text, "a jq program", err);
	/* Alone first: what is one with the text around it only, such as
	 * "1), (2", is not one; and what jq says is about its own text. */
	if (st == LD_OK && strict)
		st = compile(program, program, &alone, err);
	if (st == LD_OK)
		st = compile(text.data, program, &jq->state, err);
	if (alone != NULL)
		jq_teardown(&alone);
	ld_buf_clear(&text);
	if (st != LD_OK) {
		ldi_jq_free(jq);
		return st;
	}
	*out = jq;
	return LD_OK;
}

void
ldi_jq_free(struct ldi_jq *jq)
{
	if (jq == NULL)
		return;
	if (jq->state != NULL)
		jq_teardown(&jq->state);
	free(jq);
}

/* -- from our tape -------------------------------------------------------- */

struct ldi_jq_input *
ldi_jq_input_new(void)
{
	struct ldi_jq_input *input = calloc(1, sizeof(*input));

	if (input != NULL)
		ld_buf_init(&input->text, INT_MAX);
	return input;
}

void
ldi_jq_input_reset(struct ldi_jq_input *input)
{
	if (input->made)
		jv_free(input->value);
	input->made = false;
}

void
ldi_jq_input_free(struct ldi_jq_input *input)
{
	if (input == NULL)
		return;
	ldi_jq_input_reset(input);
	ld_buf_clear(&input->text);
	free(input);
}

static jv
string_of(
    struct ldi_jq_input *input, const struct ld_json *json, ld_json_ref ref)
{
	const char *text;
	size_t len;

	if (!ld_json_plain(json, ref, &text, &len)) {
		ld_buf_reset(&input->text);
		ld_json_text(json, ref, &input->text);
		text = input->text.len != 0 ? input->text.data : "";
		len = input->text.len;
	}
	return jv_string_sized(text, (int)len);
}

/* What is beyond the largest double becomes that, as with jq itself. */
static jv
number_of(const struct ld_json *json, ld_json_ref ref)
{
	double value;
	size_t len;

	if (!ld_json_double(json, ref, &value))
		value =
		    *ld_json_raw(json, ref, &len) == '-' ? -DBL_MAX : DBL_MAX;
	return jv_number(value);
}

/* Recursion is bounded by LD_MAX_JSON_DEPTH, which the reader enforces. */
static jv
value_of(
    struct ldi_jq_input *input, const struct ld_json *json, ld_json_ref ref)
{
	enum ld_json_kind kind = ld_json_kind(json, ref);
	ld_json_ref child;
	jv value, key;

	if (kind == LD_JSON_STRING)
		return string_of(input, json, ref);
	if (kind == LD_JSON_NUMBER)
		return number_of(json, ref);
	if (kind == LD_JSON_NULL)
		return jv_null();
	if (kind != LD_JSON_ARRAY && kind != LD_JSON_OBJECT)
		return jv_bool(kind == LD_JSON_TRUE);
	value = kind == LD_JSON_ARRAY ? jv_array() : jv_object();
	for (child = ld_json_first(json, ref); child != LD_JSON_NONE;
	     child = ld_json_next(json, ref, child)) {
		if (kind == LD_JSON_ARRAY) {
			value = jv_array_append(
			    value, value_of(input, json, child));
			continue;
		}
		key = string_of(input, json, child);
		value = jv_object_set(value, key,
		    value_of(input, json, ld_json_value(json, child)));
	}
	return value;
}

/* -- run ------------------------------------------------------------------ */

/* Take a string, or anything, and append its text. */
static void
add_text(struct ld_buf *out, jv value)
{
	if (jv_get_kind(value) != JV_KIND_STRING)
		value = jv_dump_string(value, 0);
	ld_buf_add(out, jv_string_value(value),
	    (size_t)jv_string_length_bytes(jv_copy(value)));
	jv_free(value);
}

static enum ldi_jq_result
take(jv output, struct ld_buf *out)
{
	jv message;

	if (jv_is_valid(output)) {
		add_text(out, jv_dump_string(output, 0));
		if (!out->failed)
			return LDI_JQ_VALUE;
		ld_buf_reset(out);
		ld_buf_adds(out, "its output is too long");
		return LDI_JQ_ERROR;
	}
	if (!jv_invalid_has_msg(jv_copy(output))) {
		jv_free(output);
		return LDI_JQ_NOTHING;
	}
	message = jv_invalid_get_msg(output);
	add_text(out, message);
	if (out->failed) {
		ld_buf_reset(out);
		ld_buf_adds(out, "an error with a very long text");
	}
	return LDI_JQ_ERROR;
}

enum ldi_jq_result
ldi_jq_run(struct ldi_jq *jq, struct ldi_jq_input *input,
    const struct ld_json *document, struct ld_buf *out)
{
	enum ldi_jq_result result;
	jv more;

	ld_buf_reset(out);
	if (!input->made) {
		input->value = value_of(input, document, LD_JSON_ROOT);
		input->made = true;
	}
	jq_start(jq->state, jv_copy(input->value), 0);
	result = take(jq_next(jq->state), out);
	if (result == LDI_JQ_VALUE) {
		/* To its end, which first() has put right behind. */
		more = jq_next(jq->state);
		jv_free(more);
	}
	return result;
}

#else /* !HAVE_JQ: no program can be made, so nothing else is reached */

bool
ldi_jq_here(void)
{
	return false;
}

enum ld_status
ldi_jq_new(
    const char *program, bool strict, struct ldi_jq **out, struct ld_err *err)
{
	(void)strict;
	*out = NULL;
	return ld_err_set(err, LD_UNSUPPORTED,
	    "'%.60s' is more than a path such as .items[0].id, and libjq is "
	    "not in this build (configure --with-jq; Debian: libjq-dev)",
	    program);
}

void
ldi_jq_free(struct ldi_jq *jq)
{
	(void)jq;
}

struct ldi_jq_input *
ldi_jq_input_new(void)
{
	return NULL;
}

void
ldi_jq_input_free(struct ldi_jq_input *input)
{
	(void)input;
}

void
ldi_jq_input_reset(struct ldi_jq_input *input)
{
	(void)input;
}

enum ldi_jq_result
ldi_jq_run(struct ldi_jq *jq, struct ldi_jq_input *input,
    const struct ld_json *document, struct ld_buf *out)
{
	(void)jq, (void)input, (void)document, (void)out;
	return LDI_JQ_NOTHING;
}

#endif /* HAVE_JQ */
