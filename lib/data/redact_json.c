/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "data/redact_json.h"

#include <ld/json.h>

#include "base/redact.h"

struct copying {
	const struct ld_redactor *redactor;
	const struct ld_json *json;
	struct ld_json_out out;
	struct ld_buf text, clean; /* of one string */
};

static void
add_string(struct copying *c, ld_json_ref ref, bool key)
{
	ld_buf_reset(&c->text);
	ld_buf_reset(&c->clean);
	ld_json_text(c->json, ref, &c->text);
	if (c->text.len > 0)
		ldi_redact_add(
		    c->redactor, &c->clean, c->text.data, c->text.len);
	if (c->text.failed || c->clean.failed)
		c->out.buf->failed = true;
	else if (key)
		ld_json_out_keyn(&c->out, c->clean.len > 0 ? c->clean.data : "",
		    c->clean.len);
	else
		ld_json_out_stringn(&c->out,
		    c->clean.len > 0 ? c->clean.data : "", c->clean.len);
}

static bool
names_secret(struct copying *c, ld_json_ref key)
{
	ld_buf_reset(&c->text);
	ld_json_text(c->json, key, &c->text);
	return c->text.len > 0 && ldi_secret_name(c->text.data, c->text.len);
}

/* Depth is bounded by the parser. */
static void
add_value(struct copying *c, ld_json_ref ref, bool secret)
{
	enum ld_json_kind kind = ld_json_kind(c->json, ref);
	ld_json_ref at;
	const char *raw;
	size_t len;

	switch (kind) {
	case LD_JSON_OBJECT:
	case LD_JSON_ARRAY:
		if (kind == LD_JSON_OBJECT)
			ld_json_out_object(&c->out);
		else
			ld_json_out_array(&c->out);
		for (at = ld_json_first(c->json, ref); at != LD_JSON_NONE;
		     at = ld_json_next(c->json, ref, at)) {
			bool hidden = secret;
			ld_json_ref value = at;

			if (kind == LD_JSON_OBJECT) {
				hidden = hidden || names_secret(c, at);
				add_string(c, at, true);
				value = ld_json_value(c->json, at);
			}
			add_value(c, value, hidden);
		}
		ld_json_out_end(&c->out);
		break;
	case LD_JSON_STRING:
		if (secret)
			ld_json_out_string(&c->out, LDI_SECRET_MASK);
		else
			add_string(c, ref, false);
		break;
	case LD_JSON_NULL:
	case LD_JSON_FALSE:
	case LD_JSON_TRUE:
	case LD_JSON_NUMBER:
		raw = ld_json_raw(c->json, ref, &len);
		if (secret && kind == LD_JSON_NUMBER)
			ld_json_out_string(&c->out, LDI_SECRET_MASK);
		else
			ld_json_out_raw(&c->out, raw, len);
		break;
	}
}

enum ld_status
ldi_redact_json(const struct ld_redactor *redactor, const char *text,
    size_t len, struct ld_buf *out, struct ld_err *err)
{
	struct copying c = { .redactor = redactor };
	struct ld_json json;
	enum ld_status st;

	ld_json_init(&json);
	st = ld_json_parse(&json, text, len, 0, err);
	if (st == LD_OK && ldi_redactor_shows(redactor)) {
		ld_buf_add(out, text, len);
	} else if (st == LD_OK) {
		c.json = &json;
		ld_buf_init(&c.text, len + 1);
		/* A mask is at most three bytes for one. */
		ld_buf_init(&c.clean, 3 * len + 16);
		ld_json_out_init(&c.out, out, 0);
		add_value(&c, LD_JSON_ROOT, false);
		ld_buf_clear(&c.text);
		ld_buf_clear(&c.clean);
	}
	ld_json_clear(&json);
	return st == LD_OK ? ld_buf_status(out, "a value", err) : st;
}
