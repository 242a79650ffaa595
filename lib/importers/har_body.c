/* SPDX-License-Identifier: MIT */
/*
 * postData says the same thing twice: `text` is what was sent, `params` what
 * it meant.  A plan gets an object where that means the same, for it is what
 * people edit; else the text.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include <ld/limits.h>

#include "base/base64.h"
#include "base/http_text.h"
#include "base/utf8.h"
#include "importers/har.h"

/* -- small things --------------------------------------------------------- */

/* Does the recorded type hold `word`, in any case? */
static bool
type_has(const struct ldi_har *har, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= har->type.len; i++)
		if (strncasecmp(har->type.data + i, word, len) == 0)
			return true;
	return false;
}

/* Replace har->text, which is base64, by what it stands for, if that is
 * text: a plan is JSON and holds no other bytes. */
static bool
decode_text(struct ldi_har *har)
{
	struct ld_buf *plain = &har->scratch;

	ld_buf_reset(plain);
	if (!ldi_base64_decode(plain, har->text.data, har->text.len)) {
		ldi_har_loss(har, ".request.postData.text", -1, "the entry",
		    "its body says that it is base64, and is not");
		return false;
	}
	if (!ldi_utf8_valid(plain->data, plain->len)) {
		ldi_har_loss(har, ".request.postData.text", -1, "the entry",
		    "its body is binary, and a plan holds text");
		return false;
	}
	ld_buf_reset(&har->text);
	ld_buf_add(&har->text, plain->data, plain->len);
	return true;
}

/* -- params --------------------------------------------------------------- */

static void
read_param(struct ldi_har *har, ld_json_ref param, long index)
{
	struct ldi_har_pairs *pairs = &har->pairs;
	struct ldi_har_pair *pair;
	bool named, file;

	if (ldi_har_pair_begin(pairs) == NULL)
		return;
	named = ldi_har_text(har, param, "name", &pairs->text);
	ldi_har_pair_value(pairs);
	(void)ldi_har_text(har, param, "value", &pairs->text);
	ldi_har_pair_end(pairs);
	pair = &pairs->list[pairs->n - 1];
	file = ld_json_kind(har->doc,
		   ld_json_get(har->doc, param, "fileName")) == LD_JSON_STRING;
	if (!named && pair->value_len == 0) {
		ldi_har_loss(har, ".request.postData.params", index, "a field",
		    "it has neither name nor value");
		pairs->n--;
	} else if (file) {
		ldi_har_loss(har, ".request.postData.params", index, "a file",
		    "a plan made from a recording holds no files");
		pairs->n--;
	}
}

static void
read_params(struct ldi_har *har, ld_json_ref params)
{
	long index = 0;

	ldi_har_pairs_reset(&har->pairs);
	for (ld_json_ref at = ld_json_first(har->doc, params);
	     at != LD_JSON_NONE;
	     at = ld_json_next(har->doc, params, at), index++)
		read_param(har, at, index);
}

/* -- multipart ------------------------------------------------------------ */

/* The boundary that the recorded type names; 0 = none that could be used. */
static size_t
recorded_boundary(const struct ldi_har *har, char boundary[80])
{
	static const char word[] = "boundary=";
	const char *end = har->type.data + har->type.len, *p = NULL;
	size_t len = 0;

	for (size_t i = 0; i + sizeof(word) - 1 <= har->type.len; i++)
		if (strncasecmp(har->type.data + i, word, sizeof(word) - 1) ==
		    0)
			p = har->type.data + i + sizeof(word) - 1;
	if (p == NULL)
		return 0;
	if (p < end && *p == '"')
		p++;
	while (p + len < end && p[len] != '"' && p[len] != ';' &&
	       (unsigned char)p[len] > ' ' && (unsigned char)p[len] < 0x7f)
		len++;
	if (len > 70)
		return 0;
	memcpy(boundary, p, len);
	boundary[len] = '\0';
	return len;
}

/* Does a value hold the boundary? */
static bool
collides(const struct ldi_har *har, const char *boundary, size_t len)
{
	for (size_t i = 0; i < har->pairs.n; i++) {
		size_t text_len;
		const char *text = ldi_har_pair_text(&har->pairs, i, &text_len);

		if (memmem(text, text_len, boundary, len) != NULL)
			return true;
	}
	return false;
}

/* The recorded boundary, or one that no value holds. */
static void
choose_boundary(struct ldi_har *har, char boundary[80])
{
	size_t len = recorded_boundary(har, boundary);
	struct ld_buf buf;

	if (len > 0 && !collides(har, boundary, len))
		return;
	ld_buf_init(&buf, 80);
	for (unsigned i = 0;; i++) {
		ld_buf_reset(&buf);
		ld_buf_addf(&buf, "ld-boundary-%u", i);
		if (buf.failed || !collides(har, buf.data, buf.len))
			break;
	}
	if (buf.failed)
		har->text.failed = true;
	else
		memcpy(boundary, buf.data, buf.len);
	boundary[buf.failed ? 0 : buf.len] = '\0';
	ld_buf_clear(&buf);
	ld_buf_reset(&har->type);
	ld_buf_adds(&har->type, "multipart/form-data; boundary=");
	ld_buf_adds(&har->type, boundary);
}

/* As browsers write a name: quotes and line breaks are percent-encoded. */
static void
add_part_name(const char *name, size_t len, struct ld_buf *out)
{
	for (size_t i = 0; i < len; i++) {
		if (name[i] == '"' || name[i] == '\r' || name[i] == '\n')
			ldi_har_percent(name + i, 1, out);
		else
			ld_buf_addc(out, name[i]);
	}
}

static void
build_multipart(struct ldi_har *har)
{
	char boundary[80];
	struct ld_buf *text = &har->text;

	choose_boundary(har, boundary);
	ld_buf_reset(text);
	for (size_t i = 0; i < har->pairs.n; i++) {
		size_t len;
		const char *piece = ldi_har_pair_name(&har->pairs, i, &len);

		ld_buf_addf(text,
		    "--%s\r\nContent-Disposition: form-data; name=\"",
		    boundary);
		add_part_name(piece, len, text);
		ld_buf_adds(text, "\"\r\n\r\n");
		piece = ldi_har_pair_text(&har->pairs, i, &len);
		ld_buf_add(text, piece, len);
		ld_buf_adds(text, "\r\n");
	}
	ld_buf_addf(text, "--%s--\r\n", boundary);
	har->body = LDI_HAR_TEXT;
	har->type_wins = true;
}

/* -- forms ---------------------------------------------------------------- */

/* There is text and there are params.  Browsers disagree about whether
 * params are decoded, so both readings count as the same. */
static void
choose_form(struct ldi_har *har)
{
	struct ldi_har_pairs *sent = &har->sent;
	bool same;

	ldi_har_pairs_parse(sent, har->text.data, har->text.len, false);
	same = ldi_har_pairs_equal(&har->pairs, sent);
	ldi_har_pairs_parse(sent, har->text.data, har->text.len, true);
	same = same || ldi_har_pairs_equal(&har->pairs, sent);
	if (!same)
		ldi_har_loss(har, ".request.postData.params", -1, "params",
		    "they differ from the text, which is what was sent");
	if (same && type_has(har, "urlencoded") && ldi_har_pairs_fit(sent) &&
	    ldi_utf8_valid(sent->text.data, sent->text.len)) {
		struct ldi_har_pairs swap = har->pairs;

		har->pairs = *sent;
		*sent = swap;
		har->body = LDI_HAR_FORM;
	}
}

/* Names that cannot be keys of an object: then the form is written out. */
static void
form_alone(struct ldi_har *har)
{
	if (har->pairs.n == 0) {
		har->body = LDI_HAR_NONE;
	} else if (ldi_har_pairs_fit(&har->pairs)) {
		har->body = LDI_HAR_FORM;
	} else {
		ld_buf_reset(&har->text);
		ldi_har_pairs_encode(&har->pairs, &har->text);
		if (!type_has(har, "urlencoded")) {
			ld_buf_reset(&har->type);
			ld_buf_adds(
			    &har->type, "application/x-www-form-urlencoded");
		}
		har->body = LDI_HAR_TEXT;
	}
}

/* A JSON body stays JSON, but `null`, which a task takes for absent, and what
 * a plan cannot hold: that is sent as text, the same on the wire. */
static void
try_json(struct ldi_har *har)
{
	struct ld_json *doc = &har->json;

	if (ld_json_parse(doc, har->text.data, har->text.len, 0, NULL) !=
		LD_OK ||
	    ld_json_kind(doc, LD_JSON_ROOT) == LD_JSON_NULL)
		return;
	ld_buf_reset(&har->scratch);
	if (!ldi_sink_json(har->sink, doc, &har->scratch))
		return;
	ld_buf_reset(&har->text);
	ld_buf_add(&har->text, har->scratch.data, har->scratch.len);
	har->text.failed |= har->scratch.failed;
	har->body = LDI_HAR_JSON;
}

/* It becomes a header, which must not hold a line break. */
static void
read_type(struct ldi_har *har, ld_json_ref post)
{
	(void)ldi_har_text(har, post, "mimeType", &har->type);
	if (ldi_http_is_value(har->type.data, har->type.len))
		return;
	ld_buf_reset(&har->type);
	ldi_har_loss(har, ".request.postData.mimeType", -1, "the type",
	    "it holds control characters");
}

bool
ldi_har_body_read(struct ldi_har *har, ld_json_ref request)
{
	const struct ld_json *doc = har->doc;
	ld_json_ref post = ld_json_get(doc, request, "postData");
	ld_json_ref params = ld_json_get(doc, post, "params");
	bool has_params = ld_json_kind(doc, params) == LD_JSON_ARRAY &&
			  ld_json_count(doc, params) > 0;

	har->body = LDI_HAR_NONE;
	har->type_wins = false;
	ld_buf_reset(&har->type);
	ld_buf_reset(&har->text);
	if (ld_json_kind(doc, post) != LD_JSON_OBJECT)
		return true;
	read_type(har, post);
	(void)ldi_har_text(har, post, "text", &har->text);
	if (ld_json_is(doc, ld_json_get(doc, post, "encoding"), "base64") &&
	    !decode_text(har))
		return false;
	har->body = har->text.len > 0 ? LDI_HAR_TEXT : LDI_HAR_NONE;
	if (har->text.len > 0 && type_has(har, "application/json")) {
		try_json(har);
	} else if (has_params) {
		read_params(har, params);
		if (har->text.len > 0 && type_has(har, "urlencoded"))
			choose_form(har);
		else if (har->text.len == 0 && type_has(har, "multipart/"))
			build_multipart(har);
		else if (har->text.len == 0)
			form_alone(har);
	}
	/* The client names the type of these itself. */
	if (har->body != LDI_HAR_TEXT)
		ld_buf_reset(&har->type);
	return true;
}

void
ldi_har_body_write(struct ldi_har *har, struct ld_json_out *out)
{
	switch (har->body) {
	case LDI_HAR_NONE:
		return;
	case LDI_HAR_JSON:
		ld_json_out_key(out, "json");
		ld_json_out_raw(out, har->text.data, har->text.len);
		return;
	case LDI_HAR_TEXT:
		ld_json_out_key(out, "data");
		ldi_sink_text(har->sink, out, har->text.data, har->text.len);
		return;
	case LDI_HAR_FORM:
		break;
	}
	ld_json_out_key(out, "data");
	ld_json_out_object(out);
	for (size_t i = 0; i < har->pairs.n; i++) {
		size_t len;
		const char *text = ldi_har_pair_name(&har->pairs, i, &len);

		ld_json_out_keyn(out, text, len);
		text = ldi_har_pair_text(&har->pairs, i, &len);
		ldi_sink_text(har->sink, out, text, len);
	}
	ld_json_out_end(out);
}
