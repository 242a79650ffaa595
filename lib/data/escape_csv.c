/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "data/escape.h"
#include "data/escape_char.h"

/* A spreadsheet takes a cell that begins so for a formula; the latter four
 * are the full-width forms of = + - @. */
static bool
begins_formula(uint32_t code)
{
	static const uint32_t codes[] = { '=', '+', '-', '@', '\t', '\r',
		0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (code == codes[i])
			return true;
	return false;
}

static bool
needs_quotes(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr("\",\r\n", text[i]) != NULL && text[i] != '\0')
			return true;
	return len > 0 && (text[0] == ' ' || text[len - 1] == ' ');
}

static void
add_cell(struct ld_buf *out, const char *text, size_t len, bool raw)
{
	bool first = true, quotes = needs_quotes(text, len);

	if (quotes)
		ld_buf_addc(out, '"');
	while (len > 0) {
		uint32_t code;
		size_t n = ldi_utf8_next(text, len, &code);

		if (first && !raw && begins_formula(code))
			ld_buf_addc(out, '\'');
		first = false;
		if (code == '"')
			ld_buf_adds(out, "\"\"");
		else if (raw && code != 0 && code != LDI_UTF8_BAD)
			ld_buf_add(out, text, n);
		else
			ldi_escape_show(out, text, n, code);
		text += n, len -= n;
	}
	if (quotes)
		ld_buf_addc(out, '"');
}

void
ldi_esc_csv(struct ld_buf *out, const char *text, size_t len)
{
	add_cell(out, text, len, false);
}

void
ldi_esc_csv_raw(struct ld_buf *out, const char *text, size_t len)
{
	add_cell(out, text, len, true);
}
