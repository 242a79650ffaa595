/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include <ld/limits.h>

#include "data/schema.h"

/* The original keeps its own schema under the same host. */
#define SCHEMA_BASE "https://loaddensity.readthedocs.io/schema/"
#define FRAGMENT_MAX ((size_t)1 << 16)

static void
put_buf(struct ld_json_out *out, struct ld_buf *buf)
{
	if (buf->failed)
		out->buf->failed = true;
	else
		ld_json_out_raw(out, buf->data, buf->len);
	ld_buf_clear(buf);
}

static void
add_fragment(struct ld_buf *buf, const char *fragment)
{
	for (; *fragment != '\0'; fragment++)
		ld_buf_addc(buf, *fragment == '\'' ? '"' : *fragment);
}

void
ldi_schema_put(struct ld_json_out *out, const char *fragment)
{
	struct ld_buf buf;

	ld_buf_init(&buf, FRAGMENT_MAX);
	add_fragment(&buf, fragment);
	put_buf(out, &buf);
}

void
ldi_schema_member(
    struct ld_json_out *out, const char *key, const char *fragment)
{
	ld_json_out_key(out, key);
	ldi_schema_put(out, fragment);
}

unsigned
ldi_schema_line(struct ld_json_out *out)
{
	unsigned indent = out->indent;

	out->indent = 0;
	return indent;
}

void
ldi_schema_line_end(struct ld_json_out *out, unsigned indent)
{
	ld_json_out_end(out);
	out->indent = indent;
}

void
ldi_schema_described(
    struct ld_json_out *out, const char *help, const char *shape)
{
	struct ld_buf buf;

	ld_buf_init(&buf, FRAGMENT_MAX);
	ld_buf_adds(&buf, "{\"description\":");
	ld_json_add_string(&buf, help, strlen(help));
	if (strncmp(shape, "{'$ref'", 7) == 0) {
		ld_buf_adds(&buf, ",\"allOf\":[");
		add_fragment(&buf, shape);
		ld_buf_adds(&buf, "]}");
	} else {
		ld_buf_adds(&buf, shape[1] != '}' ? "," : "");
		add_fragment(&buf, shape + 1);
	}
	put_buf(out, &buf);
}

void
ldi_schema_ref(struct ld_json_out *out, const char *prefix, const char *name)
{
	struct ld_buf buf;

	ld_buf_init(&buf, FRAGMENT_MAX);
	ld_buf_addf(&buf, "{\"$ref\":\"#/definitions/%s%s\"}", prefix, name);
	put_buf(out, &buf);
}

static void
add_word(struct ld_buf *buf, const char *word)
{
	for (; *word != '\0'; word++) {
		int c = (unsigned char)*word;

		if (isalpha(c))
			ld_buf_addf(buf, "[%c%c]", tolower(c), toupper(c));
		else if (isalnum(c) || c == '_')
			ld_buf_addc(buf, *word);
		else
			ld_buf_addf(buf, "[%c]", c);
	}
}

void
ldi_schema_words(struct ld_json_out *out, const char *const *words)
{
	struct ld_buf buf;

	ld_buf_init(&buf, FRAGMENT_MAX);
	ld_buf_adds(&buf, "^(?:");
	for (size_t i = 0; words[i] != NULL; i++) {
		if (i > 0)
			ld_buf_addc(&buf, '|');
		add_word(&buf, words[i]);
	}
	ld_buf_adds(&buf, ")$");
	ld_json_out_key(out, "pattern");
	if (buf.failed)
		out->buf->failed = true;
	else
		ld_json_out_stringn(out, buf.data, buf.len);
	ld_buf_clear(&buf);
}

void
ldi_schema_list(struct ld_json_out *out, const char *const *words)
{
	unsigned indent = ldi_schema_line(out);

	ld_json_out_array(out);
	for (size_t i = 0; words[i] != NULL; i++)
		ld_json_out_string(out, words[i]);
	ldi_schema_line_end(out, indent);
}

void
ldi_schema_head(struct ld_json_out *out, const struct ldi_schema_head *head)
{
	struct ld_buf id;

	ld_buf_init(&id, FRAGMENT_MAX);
	ld_buf_addf(&id, SCHEMA_BASE "%s.json", head->name);
	ldi_schema_member(
	    out, "$schema", "'http://json-schema.org/draft-07/schema#'");
	ld_json_out_key(out, "$id");
	ld_json_out_stringn(out, id.data != NULL ? id.data : "", id.len);
	out->buf->failed |= id.failed;
	ld_json_out_key(out, "title");
	ld_json_out_string(out, head->title);
	ld_json_out_key(out, "description");
	ld_json_out_string(out, head->help);
	ld_buf_clear(&id);
}

static void
put_required(struct ld_json_out *out, const struct ldi_schema_key *keys)
{
	unsigned indent;

	ld_json_out_key(out, "required");
	indent = ldi_schema_line(out);
	ld_json_out_array(out);
	for (; keys->name != NULL; keys++)
		if (!keys->optional)
			ld_json_out_string(out, keys->name);
	ldi_schema_line_end(out, indent);
}

void
ldi_schema_object(struct ld_json_out *out, const struct ldi_schema_key *keys)
{
	ldi_schema_member(out, "type", "'object'");
	put_required(out, keys);
	ld_json_out_key(out, "properties");
	ld_json_out_object(out);
	for (; keys->name != NULL; keys++) {
		ld_json_out_key(out, keys->name);
		ldi_schema_described(out, keys->help, keys->shape);
	}
	ld_json_out_end(out);
	ldi_schema_member(out, "additionalProperties", "false");
}
