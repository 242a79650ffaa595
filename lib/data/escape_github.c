/* SPDX-License-Identifier: MIT */
/* Markdown as GitHub reads it, and the commands that it finds in what a step
 * of a workflow prints. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "data/escape.h"
#include "data/escape_char.h"

/* What begins markup, an entity, a link by a scheme, or a table cell.  A
 * point only matters in "www.", and where it would be the number of a list,
 * foreign text never stands. */
static const char marks[] = "\\`*_{}[]()<>#|~!&:$^=";

static bool
is_www(const char *begin, const char *at)
{
	return at - begin >= 3 && strncasecmp(at - 3, "www", 3) == 0;
}

/* Mentions and references are found in the text behind the markup, where a
 * backslash no longer is: a comment keeps the sign alone. */
static void
add_sign(struct ld_buf *out, char sign)
{
	if (sign == '#')
		ld_buf_addc(out, '\\');
	ld_buf_addc(out, sign);
	ld_buf_adds(out, "<!-- -->");
}

void
ldi_esc_markdown(struct ld_buf *out, const char *text, size_t len)
{
	const char *begin = text;

	while (len > 0) {
		uint32_t code;
		size_t n = ldi_utf8_next(text, len, &code);

		if (code == '@' || code == '#') {
			add_sign(out, (char)code);
		} else if (code == '\t') {
			ld_buf_addc(out, ' ');
		} else {
			if ((code != 0 && code < 0x80 &&
				strchr(marks, (int)code) != NULL) ||
			    (code == '.' && is_www(begin, text)))
				ld_buf_addc(out, '\\');
			ldi_escape_show(out, text, n, code);
		}
		text += n, len -= n;
	}
}

static void
add_command_text(
    struct ld_buf *out, const char *text, size_t len, const char *coded)
{
	while (len > 0) {
		uint32_t code;
		size_t n = ldi_utf8_next(text, len, &code);

		if (code != 0 && code < 0x80 &&
		    strchr(coded, (int)code) != NULL)
			ld_buf_addf(out, "%%%02X", (unsigned)code);
		else
			ldi_escape_show(out, text, n, code);
		text += n, len -= n;
	}
}

void
ldi_esc_github(struct ld_buf *out, const char *text, size_t len)
{
	add_command_text(out, text, len, "%\r\n");
}

void
ldi_esc_github_property(struct ld_buf *out, const char *text, size_t len)
{
	add_command_text(out, text, len, "%\r\n:,");
}
