/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "base/http_text.h"
#include "base/map.h"
#include "importers/har.h"

void
ldi_har_pairs_init(struct ldi_har_pairs *pairs)
{
	memset(pairs, 0, sizeof(*pairs));
	ld_buf_init(&pairs->text, LD_MAX_DOCUMENT);
}

void
ldi_har_pairs_clear(struct ldi_har_pairs *pairs)
{
	free(pairs->list);
	pairs->list = NULL;
	pairs->n = pairs->cap = 0;
	ld_buf_clear(&pairs->text);
}

void
ldi_har_pairs_reset(struct ldi_har_pairs *pairs)
{
	pairs->n = 0;
	ld_buf_reset(&pairs->text);
}

struct ldi_har_pair *
ldi_har_pair_begin(struct ldi_har_pairs *pairs)
{
	struct ldi_har_pair *pair;

	if (pairs->n == pairs->cap) {
		size_t cap = pairs->cap > 0 ? 2 * pairs->cap : 16;
		struct ldi_har_pair *list =
		    realloc(pairs->list, cap * sizeof(*list));

		if (list == NULL) {
			pairs->text.failed = true;
			return NULL;
		}
		pairs->list = list;
		pairs->cap = cap;
	}
	pair = &pairs->list[pairs->n++];
	memset(pair, 0, sizeof(*pair));
	pair->name = pairs->text.len;
	return pair;
}

void
ldi_har_pair_value(struct ldi_har_pairs *pairs)
{
	struct ldi_har_pair *pair = &pairs->list[pairs->n - 1];

	pair->value = pairs->text.len;
	pair->name_len = pair->value - pair->name;
}

void
ldi_har_pair_end(struct ldi_har_pairs *pairs)
{
	struct ldi_har_pair *pair = &pairs->list[pairs->n - 1];

	pair->value_len = pairs->text.len - pair->value;
}

static const char *
at(const struct ldi_har_pairs *pairs, size_t off)
{
	return pairs->text.data != NULL ? pairs->text.data + off : "";
}

const char *
ldi_har_pair_name(const struct ldi_har_pairs *pairs, size_t i, size_t *len_out)
{
	*len_out = pairs->list[i].name_len;
	return at(pairs, pairs->list[i].name);
}

const char *
ldi_har_pair_text(const struct ldi_har_pairs *pairs, size_t i, size_t *len_out)
{
	*len_out = pairs->list[i].value_len;
	return at(pairs, pairs->list[i].value);
}

bool
ldi_har_pairs_fit(const struct ldi_har_pairs *pairs)
{
	struct ldi_map *map = ldi_map_new();
	bool fit = map != NULL;

	for (size_t i = 0; i < pairs->n && fit; i++) {
		void *old = NULL;
		size_t len;
		const char *name = ldi_har_pair_name(pairs, i, &len);

		fit = memmem(name, len, "${", 2) == NULL &&
		      ldi_map_set(map, name, len, map, &old) && old == NULL;
	}
	ldi_map_free(map);
	return fit;
}

static bool
same(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len == b_len && memcmp(a, b, a_len) == 0;
}

bool
ldi_har_pairs_equal(
    const struct ldi_har_pairs *a, const struct ldi_har_pairs *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct ldi_har_pair *p = &a->list[i], *q = &b->list[i];

		if (!same(at(a, p->name), p->name_len, at(b, q->name),
			q->name_len) ||
		    !same(at(a, p->value), p->value_len, at(b, q->value),
			q->value_len))
			return false;
	}
	return true;
}

static void
add_piece(const char *text, size_t len, bool decode, struct ld_buf *out)
{
	for (size_t i = 0; i < len; i++) {
		if (decode && text[i] == '%' && len - i > 2 &&
		    ldi_hex_value(text[i + 1]) >= 0 &&
		    ldi_hex_value(text[i + 2]) >= 0) {
			ld_buf_addc(
			    out, (char)(ldi_hex_value(text[i + 1]) * 16 +
					ldi_hex_value(text[i + 2])));
			i += 2;
		} else {
			ld_buf_addc(
			    out, decode && text[i] == '+' ? ' ' : text[i]);
		}
	}
}

void
ldi_har_pairs_parse(
    struct ldi_har_pairs *pairs, const char *text, size_t len, bool decode)
{
	const char *p = text, *end = text + len;

	ldi_har_pairs_reset(pairs);
	while (p < end) {
		const char *stop = memchr(p, '&', (size_t)(end - p)), *eq;

		if (stop == NULL)
			stop = end;
		eq = memchr(p, '=', (size_t)(stop - p));
		if (stop > p && ldi_har_pair_begin(pairs) != NULL) {
			const char *mid = eq != NULL ? eq : stop;

			add_piece(p, (size_t)(mid - p), decode, &pairs->text);
			ldi_har_pair_value(pairs);
			if (eq != NULL)
				add_piece(eq + 1, (size_t)(stop - eq - 1),
				    decode, &pairs->text);
			ldi_har_pair_end(pairs);
		}
		p = stop + 1;
	}
}

void
ldi_har_percent(const char *text, size_t len, struct ld_buf *out)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '.' ||
		    c == '_' || c == '~') {
			ld_buf_addc(out, (char)c);
		} else {
			char code[3] = { '%', digits[c >> 4], digits[c & 15] };

			ld_buf_add(out, code, sizeof(code));
		}
	}
}

void
ldi_har_pairs_encode(const struct ldi_har_pairs *pairs, struct ld_buf *out)
{
	for (size_t i = 0; i < pairs->n; i++) {
		const struct ldi_har_pair *pair = &pairs->list[i];

		if (i > 0)
			ld_buf_addc(out, '&');
		ldi_har_percent(at(pairs, pair->name), pair->name_len, out);
		ld_buf_addc(out, '=');
		ldi_har_percent(at(pairs, pair->value), pair->value_len, out);
	}
}
