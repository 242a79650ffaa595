/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/utf8.h"
#include "data/escape_char.h"

bool
ldi_escape_void(uint32_t code)
{
	return code == LDI_UTF8_BAD || (code >= 0x80 && code < 0xA0) ||
	       (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
}

/* The picture of a control character, UTF-8. */
static void
add_picture(struct ld_buf *out, uint32_t code)
{
	uint32_t low = code == 0x7F ? 0x21 : code;

	ld_buf_addc(out, (char)0xE2);
	ld_buf_addc(out, (char)0x90);
	ld_buf_addc(out, (char)(0x80 + low));
}

void
ldi_escape_show(struct ld_buf *out, const char *text, size_t n, uint32_t code)
{
	if (code < 0x20 || code == 0x7F)
		add_picture(out, code);
	else if (ldi_escape_void(code))
		ld_buf_adds(out, "\xEF\xBF\xBD");
	else if (ldi_utf8_hidden(code))
		ld_buf_addf(out, "[U+%04X]", (unsigned)code);
	else
		ld_buf_add(out, text, n);
}
