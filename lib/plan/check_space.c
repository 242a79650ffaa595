/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "plan/check_kind.h"
#include "plan/node.h"
#include "plan/scope.h"

static enum ld_status
make_jqs(struct ldi_check_space *space, const struct ldi_bind *bind,
    struct ld_err *err)
{
	size_t n = ldi_map_count(bind->programs), len;
	enum ld_status st = LD_OK;

	if (n == 0)
		return LD_OK;
	space->jqs = calloc(n, sizeof(struct ldi_jq *));
	space->jq_input = ldi_jq_input_new();
	if (space->jqs == NULL || space->jq_input == NULL)
		return ldi_nomem(err);
	for (; st == LD_OK && space->n_jqs < n; space->n_jqs++)
		st = ldi_jq_new(ldi_map_key(bind->programs, space->n_jqs, &len),
		    false, &space->jqs[space->n_jqs], err);
	return st;
}

enum ld_status
ldi_check_space_new(const struct ldi_bind *bind, struct ldi_check_space **out,
    struct ld_err *err)
{
	struct ldi_check_space *space = calloc(1, sizeof(*space));
	enum ld_status st;

	*out = NULL;
	if (space == NULL)
		return ldi_nomem(err);
	space->shows = ldi_bind_shows(bind);
	ld_json_init(&space->body);
	ld_json_init(&space->expected);
	ld_json_init(&space->output);
	ld_buf_init(&space->value, LD_MAX_BODY_KEPT);
	ld_buf_init(&space->output_text, LD_MAX_BODY_KEPT);
	ld_buf_init(&space->rendered, LD_MAX_BODY_KEPT);
	ld_buf_init(&space->text, LD_MAX_FAILURE_TEXT);
	st = make_jqs(space, bind, err);
	if (st == LD_OK && bind->regexes != NULL) {
		space->regex_room = ldi_regex_room_new(bind->regex_groups);
		if (space->regex_room == NULL)
			st = ldi_nomem(err);
	}
	if (st != LD_OK) {
		ldi_check_space_free(space);
		return st;
	}
	*out = space;
	return LD_OK;
}

void
ldi_check_space_free(struct ldi_check_space *space)
{
	if (space == NULL)
		return;
	for (uint32_t i = 0; i < space->n_jqs; i++)
		ldi_jq_free(space->jqs[i]);
	free(space->jqs);
	ldi_jq_input_free(space->jq_input);
	ldi_regex_room_free(space->regex_room);
	ld_json_clear(&space->body);
	ld_json_clear(&space->expected);
	ld_json_clear(&space->output);
	ld_buf_clear(&space->value);
	ld_buf_clear(&space->output_text);
	ld_buf_clear(&space->rendered);
	ld_buf_clear(&space->text);
	free(space);
}

void
ldi_check_space_begin(struct ldi_check_space *space,
    const struct ld_reply *reply, const struct ldi_check_times *times,
    struct ld_scope *scope)
{
	space->reply = reply;
	space->times = *times;
	space->scope = scope;
	space->parsed = space->is_json = false;
	if (space->jq_input != NULL)
		ldi_jq_input_reset(space->jq_input);
	ld_buf_reset(&space->text);
}

const struct ld_json *
ldi_space_body(struct ldi_check_space *space)
{
	const struct ld_reply *reply = space->reply;

	if (!space->parsed) {
		space->parsed = true;
		space->is_json =
		    reply->body != NULL &&
		    ld_json_parse(&space->body, reply->body, reply->body_len,
			LD_JSON_ALLOW_BOM, NULL) == LD_OK;
	}
	return space->is_json ? &space->body : NULL;
}

const char *
ldi_space_header(
    const struct ldi_check_space *space, const char *name, size_t *len_out)
{
	const struct ld_reply *reply = space->reply;

	*len_out = 0;
	return reply->header != NULL
		   ? reply->header(reply->header_ctx, name, len_out)
		   : NULL;
}

void
ldi_space_clip(struct ldi_check_space *space, const char *text, size_t len)
{
	bool cut = len > LDI_CLIP;

	if (cut) {
		/* Not in the middle of a character. */
		for (len = LDI_CLIP - 3;
		     len > LDI_CLIP - 7 &&
		     ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	}
	if (len != 0)
		ld_buf_add(&space->text, text, len);
	if (cut)
		ld_buf_adds(&space->text, "...");
}

void
ldi_space_clip_json(
    struct ldi_check_space *space, const struct ld_json *json, ld_json_ref ref)
{
	const char *raw = "null";
	size_t len = 4;

	if (json != NULL && json->n != 0 &&
	    ld_json_kind(json, ref) != LD_JSON_NULL)
		raw = ld_json_raw(json, ref, &len);
	ldi_space_clip(space, raw, len);
}

/* -- filters -------------------------------------------------------------- */

static enum ldi_found
run_program(
    struct ldi_check_space *space, uint32_t program, const struct ld_json *body)
{
	struct ld_buf *text = &space->output_text;

	switch (ldi_jq_run(space->jqs[program], space->jq_input, body, text)) {
	case LDI_JQ_NOTHING:
		return LDI_FOUND_NOTHING;
	case LDI_JQ_ERROR:
		return LDI_FOUND_ERROR;
	case LDI_JQ_VALUE:
		break;
	}
	if (ld_json_parse(&space->output, text->data, text->len, 0, NULL) ==
	    LD_OK)
		return LDI_FOUND;
	ld_buf_reset(text);
	ld_buf_adds(text, "its output is nested too deeply");
	return LDI_FOUND_ERROR;
}

enum ldi_found
ldi_space_filter(struct ldi_check_space *space, const struct ldi_filter *filter,
    const struct ld_json **json_out, ld_json_ref *ref_out)
{
	const struct ld_json *body = ldi_space_body(space);

	ld_buf_reset(&space->output_text);
	*ref_out = LD_JSON_ROOT;
	if (body == NULL && space->reply->body_len == 0)
		return LDI_FOUND_NOTHING;
	if (body == NULL) {
		ld_buf_adds(&space->output_text, "the body is not JSON");
		return LDI_FOUND_ERROR;
	}
	if (!filter->plain) {
		*json_out = &space->output;
		return run_program(space, filter->program, body);
	}
	*json_out = body;
	*ref_out = ldi_filter_walk(filter, body, &space->output_text);
	return space->output_text.len == 0 ? LDI_FOUND : LDI_FOUND_ERROR;
}
