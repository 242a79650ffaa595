/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <ld/limits.h>

#include "plan/node.h"
#include "plan/regex.h"
#include "plan/scope.h"

/* Stack of the machine code, touched as far as it is used; a match that needs
 * more is tried again by the interpreter, whose frames are on the heap. */
#define STACK_BYTES_MIN ((size_t)32 << 10)
#define STACK_BYTES_MAX ((size_t)1 << 20)
#define HEAP_KIB ((uint32_t)64 << 10)
/* Walking over text is cheaper than a decision. */
#define BYTES_PER_STEP 16

struct ldi_regex {
	struct ldi_regex *next;
	pcre2_code *code;
	const char *pattern;
	uint32_t group;
	bool refers_back; /* \1: comparing texts costs their length */
};

struct ldi_regex_room {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	/* Of the match under way. */
	uint64_t steps;
	size_t position;
	bool refers_back;
};

/* -- compile -------------------------------------------------------------- */

static enum ld_status
find_group(const struct ldi_regex_how *how, struct ldi_bind *bind,
    struct ldi_regex *regex, uint32_t groups, struct ld_err *err)
{
	struct ld_node node = how->group;
	uint64_t number;
	enum ld_status st;
	char *name;
	int found;

	if (ldi_node_kind(node) == LD_JSON_NULL) {
		regex->group = groups > 0 ? 1 : 0;
		return LD_OK;
	}
	if (ldi_node_kind(node) == LD_JSON_STRING) {
		st = ldi_node_name(node, ldi_bind_arena(bind), &name, err);
		if (st != LD_OK)
			return st;
		found = pcre2_substring_number_from_name(
		    regex->code, (PCRE2_SPTR)name);
		regex->group = (uint32_t)found;
		if (found > 0)
			return LD_OK;
		return ld_node_error(node, err, LD_INVALID,
		    found == PCRE2_ERROR_NOUNIQUESUBSTRING
			? "several groups of the pattern are named '%.60s'"
			: "the pattern has no group named '%.60s'",
		    name);
	}
	if (!ld_json_u64(node.json, node.ref, &number))
		return ld_node_error(node, err, LD_INVALID,
		    "'group' is a number or a name, not %s",
		    ldi_node_article(node));
	if (number > groups)
		return ld_node_error(node, err, LD_INVALID,
		    "the pattern has %u group%s", (unsigned)groups,
		    groups == 1 ? "" : "s");
	regex->group = (uint32_t)number;
	return LD_OK;
}

static enum ld_status
compile_code(const struct ldi_regex_how *how, struct ldi_regex *regex,
    struct ld_err *err)
{
	uint32_t options =
	    PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_AUTO_CALLOUT;
	unsigned char text[120] = "";
	size_t at;
	int code;

	if (how->ignore_case)
		options |= PCRE2_CASELESS;
	regex->code = pcre2_compile((PCRE2_SPTR)how->pattern,
	    PCRE2_ZERO_TERMINATED, options, &code, &at, NULL);
	if (regex->code == NULL) {
		pcre2_get_error_message(code, text, sizeof(text));
		return ld_node_error(how->node, err, LD_INVALID,
		    "'%.60s' is not a regular expression: %s (at byte %zu)",
		    how->pattern, (const char *)text, at + 1);
	}
	/* Where there is no machine code, the interpreter does. */
	(void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
	return LD_OK;
}

enum ld_status
ldi_regex_compile(struct ldi_bind *bind, const struct ldi_regex_how *how,
    const struct ldi_regex **out, struct ld_err *err)
{
	struct ldi_regex *regex =
	    ldi_arena_alloc(ldi_bind_arena(bind), sizeof(*regex));
	uint32_t groups = 0, refers = 0;
	enum ld_status st;

	if (regex == NULL)
		return ldi_nomem(err);
	*regex = (struct ldi_regex){ .pattern = how->pattern };
	st = compile_code(how, regex, err);
	if (st != LD_OK)
		return st;
	/* From here on the binding frees the code. */
	regex->next = bind->regexes;
	bind->regexes = regex;
	pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	pcre2_pattern_info(regex->code, PCRE2_INFO_BACKREFMAX, &refers);
	regex->refers_back = refers != 0;
	if (groups > bind->regex_groups)
		bind->regex_groups = groups;
	*out = regex;
	return find_group(how, bind, regex, groups, err);
}

void
ldi_regexes_free(struct ldi_regex *regex)
{
	for (; regex != NULL; regex = regex->next)
		pcre2_code_free(regex->code);
}

const char *
ldi_regex_pattern(const struct ldi_regex *regex)
{
	return regex->pattern;
}

/* -- match ---------------------------------------------------------------- */

/* The longest text that \1 and its kin might be compared with. */
static size_t
longest_group(const pcre2_callout_block *block)
{
	const size_t *pair = block->offset_vector;
	size_t longest = 0;

	for (uint32_t i = 1; i < block->capture_top; i++)
		if (pair[2 * i] != PCRE2_UNSET &&
		    pair[2 * i + 1] > pair[2 * i] &&
		    pair[2 * i + 1] - pair[2 * i] > longest)
			longest = pair[2 * i + 1] - pair[2 * i];
	return longest;
}

/*
 * In front of each item of the pattern.  PCRE2's own match limit begins anew
 * at every start position and does not see how far a repeat has walked; this
 * counts both, over the whole search.
 */
static int
on_item(pcre2_callout_block *block, void *opaque)
{
	struct ldi_regex_room *room = opaque;
	size_t at = block->current_position, before = room->position;

	room->position = at;
	room->steps +=
	    1 + (at > before ? at - before : before - at) / BYTES_PER_STEP;
	if (room->refers_back)
		room->steps += longest_group(block) / BYTES_PER_STEP;
	return room->steps > LD_MAX_REGEX_STEPS ? PCRE2_ERROR_MATCHLIMIT : 0;
}

struct ldi_regex_room *
ldi_regex_room_new(uint32_t groups)
{
	struct ldi_regex_room *room = calloc(1, sizeof(*room));

	if (room == NULL)
		return NULL;
	room->data = pcre2_match_data_create(groups + 1, NULL);
	room->context = pcre2_match_context_create(NULL);
	room->stack =
	    pcre2_jit_stack_create(STACK_BYTES_MIN, STACK_BYTES_MAX, NULL);
	if (room->data == NULL || room->context == NULL) {
		ldi_regex_room_free(room);
		return NULL;
	}
	/* Without a stack of its own the code has 32 KiB of the thread's. */
	if (room->stack != NULL)
		pcre2_jit_stack_assign(room->context, NULL, room->stack);
	pcre2_set_callout(room->context, on_item, room);
	pcre2_set_match_limit(room->context, LD_MAX_REGEX_STEPS);
	pcre2_set_heap_limit(room->context, HEAP_KIB);
	return room;
}

void
ldi_regex_room_free(struct ldi_regex_room *room)
{
	if (room == NULL)
		return;
	pcre2_match_data_free(room->data);
	pcre2_match_context_free(room->context);
	pcre2_jit_stack_free(room->stack);
	free(room);
}

static int
match(const struct ldi_regex *regex, struct ldi_regex_room *room,
    const char *text, size_t len, uint32_t options)
{
	room->steps = 0;
	room->position = 0;
	room->refers_back = regex->refers_back;
	return pcre2_match(regex->code, (PCRE2_SPTR)text, len, 0, options,
	    room->data, room->context);
}

enum ldi_regex_result
ldi_regex_match(const struct ldi_regex *regex, struct ldi_regex_room *room,
    const char *text, size_t len, const char **text_out, size_t *len_out)
{
	const size_t *pair;
	int rc;

	if (text == NULL)
		text = "";
	rc = match(regex, room, text, len, 0);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = match(regex, room, text, len, PCRE2_NO_JIT);
	if (rc == PCRE2_ERROR_NOMATCH)
		return LDI_REGEX_NONE;
	if (rc < 0)
		return LDI_REGEX_LIMIT;
	pair = pcre2_get_ovector_pointer(room->data) + 2 * regex->group;
	*text_out = NULL;
	*len_out = 0;
	/* \K in a look-ahead can put the end before the start. */
	if ((uint32_t)rc <= regex->group || pair[0] == PCRE2_UNSET ||
	    pair[1] < pair[0])
		return LDI_REGEX_MATCH;
	*text_out = text + pair[0];
	*len_out = pair[1] - pair[0];
	return LDI_REGEX_MATCH;
}
