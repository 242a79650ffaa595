/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/http_text.h"
#include "base/map.h"

void
ldi_pairs_init(struct ldi_pairs *pairs)
{
	memset(pairs, 0, sizeof(*pairs));
	ld_buf_init(&pairs->text, LDI_TARGET_MAX_BODY + LDI_TARGET_MAX_HEAD);
}

void
ldi_pairs_clear(struct ldi_pairs *pairs)
{
	free(pairs->list);
	pairs->list = NULL;
	pairs->n = pairs->cap = 0;
	ld_buf_clear(&pairs->text);
}

static struct ldi_pair *
pair_new(struct ldi_pairs *pairs)
{
	if (pairs->n == LDI_TARGET_MAX_PAIRS)
		return NULL;
	if (pairs->n == pairs->cap) {
		size_t cap = pairs->cap > 0 ? 2 * pairs->cap : 16;
		struct ldi_pair *list =
		    realloc(pairs->list, cap * sizeof(*list));

		if (list == NULL)
			return NULL;
		pairs->list = list;
		pairs->cap = cap;
	}
	pairs->list[pairs->n] = (struct ldi_pair){ 0 };
	return &pairs->list[pairs->n++];
}

void
ldi_pairs_add(
    struct ldi_pairs *pairs, struct ldi_slice name, struct ldi_slice value)
{
	struct ldi_pair *pair = pair_new(pairs);

	if (pair == NULL)
		return;
	pair->name = pairs->text.len;
	pair->name_len = name.len;
	ld_buf_add(&pairs->text, name.p, name.len);
	pair->value = pairs->text.len;
	pair->value_len = value.len;
	ld_buf_add(&pairs->text, value.p, value.len);
	if (pairs->text.failed)
		pairs->n--;
}

void
ldi_percent_decode(struct ldi_slice text, bool plus, struct ld_buf *out)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		int value;

		if (c == '+' && plus)
			value = ' ';
		else if (c == '%' && text.len - i > 2 &&
			 ldi_hex_value(text.p[i + 1]) >= 0 &&
			 ldi_hex_value(text.p[i + 2]) >= 0)
			value = ldi_hex_value(text.p[i + 1]) * 16 +
				ldi_hex_value(text.p[i + 2]);
		else
			continue;
		ld_buf_add(out, text.p + from, i - from);
		ld_buf_addc(out, (char)value);
		i += c == '%' ? 2 : 0;
		from = i + 1;
	}
	ld_buf_add(out, text.p + from, text.len - from);
}

/* The text up to `mark`, which is taken off with it. */
static struct ldi_slice
cut(struct ldi_slice *rest, char mark, bool *found_out)
{
	const char *at =
	    rest->len > 0 ? memchr(rest->p, mark, rest->len) : NULL;
	struct ldi_slice piece = *rest;

	*found_out = at != NULL;
	if (at == NULL) {
		rest->len = 0;
		return piece;
	}
	piece.len = (size_t)(at - rest->p);
	rest->p += piece.len + 1;
	rest->len -= piece.len + 1;
	return piece;
}

void
ldi_pairs_urlencoded(struct ldi_pairs *pairs, struct ldi_slice text)
{
	while (text.len > 0) {
		bool found;
		struct ldi_slice value = cut(&text, '&', &found);
		struct ldi_slice name;
		struct ldi_pair *pair;

		if (value.len == 0)
			continue;
		name = cut(&value, '=', &found);
		if (!found)
			value = (struct ldi_slice){ "", 0 };
		pair = pair_new(pairs);
		if (pair == NULL)
			return;
		pair->name = pairs->text.len;
		ldi_percent_decode(name, true, &pairs->text);
		pair->value = pairs->text.len;
		pair->name_len = pair->value - pair->name;
		ldi_percent_decode(value, true, &pairs->text);
		pair->value_len = pairs->text.len - pair->value;
	}
}

static struct ldi_slice
trim(struct ldi_slice s)
{
	while (s.len > 0 && (*s.p == ' ' || *s.p == '\t')) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

void
ldi_pairs_cookies(struct ldi_pairs *pairs, struct ldi_slice text)
{
	while (text.len > 0) {
		bool found;
		struct ldi_slice value = trim(cut(&text, ';', &found));
		struct ldi_slice name = cut(&value, '=', &found);

		if (found)
			ldi_pairs_add(pairs, trim(name), trim(value));
	}
}

/* -- multipart/form-data -------------------------------------------------- */

/* `name` of a header's parameters: name="text" or name=text. */
static bool
parameter(struct ldi_slice header, const char *name, struct ldi_slice *out)
{
	bool found;

	(void)cut(&header, ';', &found);
	while (header.len > 0) {
		struct ldi_slice key = trim(cut(&header, '=', &found));

		if (header.len > 0 && *header.p == '"') {
			header.p++;
			header.len--;
			*out = cut(&header, '"', &found);
			if (!found)
				return false;
			(void)cut(&header, ';', &found);
		} else {
			*out = trim(cut(&header, ';', &found));
		}
		if (ldi_slice_is(key, name))
			return true;
	}
	return false;
}

static void
add_part(struct ldi_pairs *fields, struct ldi_pairs *files,
    struct ldi_slice head, struct ldi_slice content)
{
	while (head.len > 0) {
		bool found;
		struct ldi_slice line = cut(&head, '\n', &found), name, file;

		if (line.len > 0 && line.p[line.len - 1] == '\r')
			line.len--;
		if (line.len < 20 ||
		    strncasecmp(line.p, "content-disposition:", 20) != 0 ||
		    !parameter(line, "name", &name))
			continue;
		ldi_pairs_add(
		    parameter(line, "filename", &file) ? files : fields, name,
		    content);
		return;
	}
}

/* "\r\n--boundary" from `from` on, or NULL. */
static const char *
find_boundary(struct ldi_slice rest, struct ldi_slice mark)
{
	return rest.len > 0 ? memmem(rest.p, rest.len, mark.p, mark.len) : NULL;
}

static void
walk_parts(struct ldi_pairs *fields, struct ldi_pairs *files,
    struct ldi_slice mark, struct ldi_slice body)
{
	const char *end = body.p + body.len, *p = body.p, *stop;

	/* The first one has no line break in front. */
	if (body.len < mark.len - 2 || memcmp(p, mark.p + 2, mark.len - 2) != 0)
		return;
	p += mark.len - 2;
	while (end - p >= 2 && p[0] == '\r' && p[1] == '\n') {
		struct ldi_slice rest = { p, (size_t)(end - p) };
		struct ldi_slice head, content;
		const char *blank = memmem(p, rest.len, "\r\n\r\n", 4);

		stop = find_boundary(rest, mark);
		if (stop == NULL || blank == NULL || blank >= stop)
			return;
		head = (struct ldi_slice){ p + 2,
			blank > p ? (size_t)(blank - p - 2) : 0 };
		/* An empty part's boundary begins with the blank line's end. */
		content = (struct ldi_slice){ blank + 4,
			stop > blank + 4 ? (size_t)(stop - blank - 4) : 0 };
		add_part(fields, files, head, content);
		p = stop + mark.len;
	}
}

void
ldi_pairs_multipart(struct ldi_pairs *fields, struct ldi_pairs *files,
    struct ldi_slice content_type, struct ldi_slice body)
{
	struct ldi_slice boundary;
	char mark[80];

	if (!parameter(content_type, "boundary", &boundary) ||
	    boundary.len == 0 || boundary.len > 70)
		return;
	memcpy(mark, "\r\n--", 4);
	memcpy(mark + 4, boundary.p, boundary.len);
	walk_parts(
	    fields, files, (struct ldi_slice){ mark, boundary.len + 4 }, body);
}

/* -- reading back --------------------------------------------------------- */

static const char *
at(const struct ldi_pairs *pairs, size_t off)
{
	return pairs->text.data != NULL ? pairs->text.data + off : "";
}

struct ldi_slice
ldi_pairs_name(const struct ldi_pairs *pairs, size_t i)
{
	const struct ldi_pair *pair = &pairs->list[i];

	return (struct ldi_slice){ at(pairs, pair->name), pair->name_len };
}

struct ldi_slice
ldi_pairs_value(const struct ldi_pairs *pairs, size_t i)
{
	const struct ldi_pair *pair = &pairs->list[i];

	return (struct ldi_slice){ at(pairs, pair->value), pair->value_len };
}

struct ldi_slice
ldi_pairs_get(const struct ldi_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->n; i++) {
		struct ldi_slice own = ldi_pairs_name(pairs, i);

		if (own.len == strlen(name) &&
		    memcmp(own.p, name, own.len) == 0)
			return ldi_pairs_value(pairs, i);
	}
	return (struct ldi_slice){ NULL, 0 };
}

/* Chain the pairs of one name: the map holds the last one, from 1. */
static void
chain(struct ldi_pairs *pairs)
{
	struct ldi_map *map = ldi_map_new();

	for (size_t i = 0; i < pairs->n; i++) {
		struct ldi_pair *pair = &pairs->list[i];
		void *last = NULL;

		pair->next = 0;
		if (map != NULL)
			(void)ldi_map_set(map, at(pairs, pair->name),
			    pair->name_len, &pairs->list[i], &last);
		pair->first = last == NULL;
		if (last != NULL)
			((struct ldi_pair *)last)->next = i + 1;
	}
	ldi_map_free(map);
}

static void
put_values(const struct ldi_pairs *pairs, const struct ldi_pair *pair,
    struct ld_json_out *out)
{
	bool many = pair->next != 0;

	if (many)
		ld_json_out_array(out);
	for (;;) {
		ld_json_out_stringn(
		    out, at(pairs, pair->value), pair->value_len);
		if (pair->next == 0)
			break;
		pair = &pairs->list[pair->next - 1];
	}
	if (many)
		ld_json_out_end(out);
}

void
ldi_pairs_json(struct ldi_pairs *pairs, struct ld_json_out *out)
{
	if (pairs->n > 0)
		chain(pairs);
	ld_json_out_object(out);
	for (size_t i = 0; i < pairs->n; i++) {
		const struct ldi_pair *pair = &pairs->list[i];

		if (!pair->first)
			continue;
		ld_json_out_keyn(out, at(pairs, pair->name), pair->name_len);
		put_values(pairs, pair, out);
	}
	ld_json_out_end(out);
}
