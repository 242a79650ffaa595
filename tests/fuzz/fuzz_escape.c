/* SPDX-License-Identifier: MIT */
/* Whatever bytes foreign text holds: what each encoder makes of them is UTF-8
 * that a terminal may see, and cannot leave the place it was made for. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/json.h>
#include <ld/limits.h>

#include "base/utf8.h"
#include "data/csv_read.h"
#include "data/escape.h"

#include "fuzz.h"

/* No control, nothing that hides or reorders, but for the bytes of `allowed`;
 * and none of those in `forbidden`. */
static void
require_inert(
    const struct ld_buf *out, const char *allowed, const char *forbidden)
{
	const char *at = out->data;
	size_t len = out->len;

	require(!out->failed);
	while (len > 0) {
		uint32_t code;
		size_t n = ldi_utf8_next(at, len, &code);

		require(code != LDI_UTF8_BAD && code != 0);
		if (code >= 0x80)
			require(ldi_utf8_showable(code));
		else if (strchr(allowed, (int)code) == NULL)
			require(code >= 0x20 && code != 0x7F);
		if (code < 0x80)
			require(strchr(forbidden, (int)code) == NULL);
		at += n, len -= n;
	}
}

static void
markup(const char *text, size_t size)
{
	struct ld_buf out;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	ldi_esc_html(&out, text, size);
	require_inert(&out, "\t\n", "<>\"'");
	ld_buf_reset(&out);
	ldi_esc_attr(&out, text, size);
	require_inert(&out, "", "<>\"'`=");
	ld_buf_reset(&out);
	ldi_esc_xml(&out, text, size);
	require_inert(&out, "", "<>\"'");
	ld_buf_clear(&out);
}

/* Both forms mean the same JSON as before. */
static void
json(const char *text, size_t size)
{
	void (*const encoders[])(struct ld_buf *, const char *,
	    size_t) = { ldi_esc_script, ldi_esc_ascii };
	struct ld_json before, after;
	struct ld_buf quoted, out;

	ld_buf_init(&quoted, LD_MAX_DOCUMENT);
	ld_buf_init(&out, LD_MAX_DOCUMENT);
	ld_json_init(&before);
	ld_json_add_string(&quoted, text, size);
	require(
	    ld_json_parse(&before, quoted.data, quoted.len, 0, NULL) == LD_OK);
	for (size_t i = 0; i < 2; i++) {
		ld_json_init(&after);
		ld_buf_reset(&out);
		encoders[i](&out, quoted.data, quoted.len);
		require(
		    ld_json_parse(&after, out.data, out.len, 0, NULL) == LD_OK);
		require(
		    ld_json_equal(&before, LD_JSON_ROOT, &after, LD_JSON_ROOT));
		for (size_t k = 0; k < out.len; k++)
			require(i == 0 ? strchr("<>&", out.data[k]) == NULL
				       : (unsigned char)out.data[k] < 0x7F);
		ld_json_clear(&after);
	}
	ld_json_clear(&before);
	ld_buf_clear(&quoted);
	ld_buf_clear(&out);
}

static bool
begins_formula(const char *cell, size_t len)
{
	static const char *const wide[] = { "\uFF1D", "\uFF0B", "\uFF0D",
		"\uFF20" };

	for (size_t i = 0; i < 4; i++)
		if (len >= 3 && memcmp(cell, wide[i], 3) == 0)
			return true;
	return len > 0 && strchr("=+-@\t\r", cell[0]) != NULL;
}

/* A row of both forms, as our own reader finds it. */
static void
csv(const char *text, size_t size)
{
	struct ldi_csv *table;
	struct ld_buf out;
	const char *cell;
	char *copy;
	size_t len;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	ldi_esc_csv(&out, text, size);
	require_inert(&out, "", "");
	ld_buf_reset(&out);
	ld_buf_adds(&out, "raw,text,last\r\n");
	ldi_esc_csv_raw(&out, text, size);
	ld_buf_addc(&out, ',');
	ldi_esc_csv(&out, text, size);
	ld_buf_adds(&out, ",x\r\n");
	require(!out.failed);
	copy = malloc(out.len);
	require(copy != NULL);
	memcpy(copy, out.data, out.len);
	require(ldi_csv_adopt("t", copy, out.len, &table, NULL) == LD_OK);
	require(ldi_csv_rows(table) == 1 && ldi_csv_columns(table) == 3);
	cell = ldi_csv_cell(table, 0, 0, &len);
	if (ldi_utf8_valid(text, size) && memchr(text, '\0', size) == NULL)
		require(len == size && memcmp(cell, text, size) == 0);
	cell = ldi_csv_cell(table, 0, 1, &len);
	require(!begins_formula(cell, len));
	ldi_csv_free(table);
	ld_buf_clear(&out);
}

/* Behind its backslashes and comments, nothing is left that means anything. */
static void
markdown(const char *text, size_t size)
{
	static const char comment[] = "<!-- -->";
	struct ld_buf out;
	const char *at, *end;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	ldi_esc_markdown(&out, text, size);
	require_inert(&out, "", "");
	at = out.len > 0 ? out.data : "";
	end = at + out.len;
	while (at < end) {
		size_t left = (size_t)(end - at);
		bool sign =
		    *at == '@' || (left > 1 && *at == '\\' && at[1] == '#');

		if (*at == '\\') {
			require(left > 1 && at[1] > 0x20);
			at++, left--;
		} else {
			/* "[U+202E]" is text: no link follows it. */
			require(*at == '[' || *at == ']' ||
				strchr("`*_{}()<>#|~!&:$^=", *at) == NULL);
			require(*at != '[' ||
				(left >= 8 && memcmp(at, "[U+", 3) == 0));
		}
		at++, left--;
		if (sign) {
			require(left >= 8 && memcmp(at, comment, 8) == 0);
			at += 8;
		}
	}
	ld_buf_clear(&out);
}

/* Each % begins the code of a byte, and there is no other way to read it. */
static void
github(const char *text, size_t size)
{
	static const char *const codes[] = { "%25", "%0D", "%0A", "%3A",
		"%2C" };
	struct ld_buf out;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	ldi_esc_github(&out, text, size);
	require_inert(&out, "", "");
	ld_buf_reset(&out);
	ldi_esc_github_property(&out, text, size);
	require_inert(&out, "", ":,");
	for (size_t i = 0; i < out.len; i++) {
		bool coded = false;

		if (out.data[i] != '%')
			continue;
		for (size_t k = 0; k < 5 && out.len - i >= 3; k++)
			coded |= memcmp(out.data + i, codes[k], 3) == 0;
		require(coded);
	}
	ld_buf_clear(&out);
}

static void
terminal(const char *text, size_t size)
{
	static const size_t columns[] = { 0, 1, 2, 3, 7, 80, SIZE_MAX };
	struct ld_buf out;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		ld_buf_reset(&out);
		require(
		    ldi_esc_term(&out, text, size, columns[i]) <= columns[i]);
		require_inert(&out, "", "");
	}
	ld_buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	/* An encoded byte is up to 25 bytes: all fit a document. */
	if (size > 65536)
		return 0;
	markup(text, size);
	json(text, size);
	csv(text, size);
	markdown(text, size);
	github(text, size);
	terminal(text, size);
	return 0;
}
