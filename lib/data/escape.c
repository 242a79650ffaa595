/* SPDX-License-Identifier: MIT */
/* What each context needs is decided per character, never per byte, so that
 * no encoder can be led astray by half a sequence. */
#include "config.h"

#include <stdbool.h>

#include "base/utf8.h"
#include "data/escape.h"
#include "data/escape_char.h"

struct range {
	uint32_t first, last;
};

static bool
in_ranges(uint32_t cp, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return true;
	return false;
}

#define IN_RANGES(cp, table) \
	in_ranges(cp, table, sizeof(table) / sizeof((table)[0]))

static const char *
reference(uint32_t cp, bool attribute)
{
	switch (cp) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '`':
		return attribute ? "&#96;" : NULL;
	case '=':
		return attribute ? "&#61;" : NULL;
	case '\t':
		return attribute ? "&#9;" : NULL;
	case '\n':
		return attribute ? "&#10;" : NULL;
	default:
		return NULL;
	}
}

static void
esc_markup(struct ld_buf *out, const char *text, size_t len, bool attribute)
{
	while (len > 0) {
		uint32_t cp;
		size_t n = ldi_utf8_next(text, len, &cp);
		const char *ref = reference(cp, attribute);

		if (ref != NULL)
			ld_buf_adds(out, ref);
		else if (cp == '\t' || cp == '\n')
			ld_buf_addc(out, (char)cp);
		else
			ldi_escape_show(out, text, n, cp);
		text += n, len -= n;
	}
}

void
ldi_esc_html(struct ld_buf *out, const char *text, size_t len)
{
	esc_markup(out, text, len, false);
}

void
ldi_esc_attr(struct ld_buf *out, const char *text, size_t len)
{
	esc_markup(out, text, len, true);
}

/* All that XML forbids or gives a meaning is what an attribute of HTML cannot
 * hold, and references by number are the same in both. */
void
ldi_esc_xml(struct ld_buf *out, const char *text, size_t len)
{
	esc_markup(out, text, len, true);
}

static void
add_json_escape(struct ld_buf *out, uint32_t cp)
{
	if (cp == LDI_UTF8_BAD)
		cp = 0xFFFD;
	if (cp < 0x10000) {
		ld_buf_addf(out, "\\u%04x", (unsigned)cp);
		return;
	}
	cp -= 0x10000;
	ld_buf_addf(out, "\\u%04x\\u%04x", 0xD800 + (unsigned)(cp >> 10),
	    0xDC00 + (unsigned)(cp & 0x3FF));
}

/* In a JSON text these five stand only inside strings, where an escape means
 * the same. */
void
ldi_esc_script(struct ld_buf *out, const char *json, size_t len)
{
	while (len > 0) {
		uint32_t cp;
		size_t n = ldi_utf8_next(json, len, &cp);

		if (cp == '<' || cp == '>' || cp == '&' || cp == 0x2028 ||
		    cp == 0x2029 || cp == LDI_UTF8_BAD)
			add_json_escape(out, cp);
		else
			ld_buf_add(out, json, n);
		json += n, len -= n;
	}
}

void
ldi_esc_ascii(struct ld_buf *out, const char *json, size_t len)
{
	while (len > 0) {
		uint32_t cp;
		size_t n = ldi_utf8_next(json, len, &cp);

		if (cp >= 0x7F)
			add_json_escape(out, cp);
		else
			ld_buf_add(out, json, n);
		json += n, len -= n;
	}
}

/* 0 for marks that combine, 2 for East Asian wide and emoji, else 1.  Coarse
 * on purpose: a terminal's own tables differ too. */
static size_t
columns_of(uint32_t cp)
{
	static const struct range zero[] = { { 0x0300, 0x036F },
		{ 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A },
		{ 0x064B, 0x065F }, { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A },
		{ 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF },
		{ 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F } };
	static const struct range wide[] = { { 0x1100, 0x115F },
		{ 0x2E80, 0x303E }, { 0x3041, 0xA4CF }, { 0xAC00, 0xD7A3 },
		{ 0xF900, 0xFAFF }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 },
		{ 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1FAFF },
		{ 0x20000, 0x3FFFD } };

	if (cp < 0x300)
		return 1;
	return IN_RANGES(cp, zero) ? 0 : IN_RANGES(cp, wide) ? 2 : 1;
}

/* One character as a terminal may see it, in `piece`; returns its columns. */
static size_t
term_piece(struct ld_buf *piece, const char *text, size_t n, uint32_t cp)
{
	ld_buf_reset(piece);
	if (cp < 0x20 || cp == 0x7F || ldi_escape_void(cp)) {
		for (size_t i = 0; i < n; i++)
			ld_buf_addf(
			    piece, "\\x%02x", (unsigned)(unsigned char)text[i]);
		return piece->len;
	}
	if (ldi_utf8_hidden(cp)) {
		ld_buf_addf(piece, "\\u{%04X}", (unsigned)cp);
		return piece->len;
	}
	ld_buf_add(piece, text, n);
	return columns_of(cp);
}

size_t
ldi_esc_term(struct ld_buf *out, const char *text, size_t len, size_t columns)
{
	/* Where to cut when the rest turns out not to fit. */
	size_t mark = out->len, mark_used = 0, used = 0;
	size_t dots = columns < 3 ? columns : 3;
	struct ld_buf piece;

	ld_buf_init(&piece, 64);
	while (len > 0) {
		uint32_t cp;
		size_t n = ldi_utf8_next(text, len, &cp);
		size_t width = term_piece(&piece, text, n, cp);

		if (used + width > columns) {
			if (!out->failed)
				out->len = mark;
			ld_buf_add(out, "...", dots);
			used = mark_used + dots;
			break;
		}
		if (piece.failed)
			out->failed = true;
		ld_buf_add(out, piece.data, piece.len);
		used += width;
		if (used + dots <= columns)
			mark = out->len, mark_used = used;
		text += n, len -= n;
	}
	ld_buf_clear(&piece);
	return used;
}
