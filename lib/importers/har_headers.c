/* SPDX-License-Identifier: MIT */
/*
 * A plan's headers are an object, so each name comes once: a later value
 * replaces an earlier one, but cookies, which HTTP/2 sends in pieces, are put
 * together again (RFC 9113, 8.2.3).
 */
#include "config.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <ld/limits.h>

#include "base/http_text.h"
#include "base/map.h"
#include "importers/har.h"

/* A longer name is taken for none. */
#define MAX_NAME 256

/* What belongs to the connection, or is made anew for each request. */
static bool
is_dropped(const char *name, size_t len)
{
	static const char *const dropped[] = { "host", "content-length",
		"connection", "keep-alive", "proxy-connection",
		"transfer-encoding", "upgrade", "te", "http2-settings" };

	if (len > 0 && name[0] == ':')
		return true;
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
		if (strlen(dropped[i]) == len &&
		    strncasecmp(dropped[i], name, len) == 0)
			return true;
	return false;
}

static bool
is_name(const char *name, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(name, word, len) == 0;
}

/* Blanks at both ends are no part of a value. */
static void
trim(struct ldi_har_pairs *headers)
{
	struct ldi_har_pair *h = &headers->list[headers->n - 1];
	const char *text = headers->text.data;

	while (h->value_len > 0 &&
	       (text[h->value] == ' ' || text[h->value] == '\t')) {
		h->value++;
		h->value_len--;
	}
	while (
	    h->value_len > 0 && (text[h->value + h->value_len - 1] == ' ' ||
				    text[h->value + h->value_len - 1] == '\t'))
		h->value_len--;
}

/* The header at `ref` as the last of har->headers; false: it is none, or one
 * that is left out. */
static bool
read_header(struct ldi_har *har, ld_json_ref ref, long index)
{
	struct ldi_har_pairs *headers = &har->headers;
	const char *why = NULL, *name, *value;
	size_t name_len, value_len;
	bool given;

	if (ldi_har_pair_begin(headers) == NULL)
		return false;
	given = ldi_har_text(har, ref, "name", &headers->text);
	ldi_har_pair_value(headers);
	given = given && ldi_har_text(har, ref, "value", &headers->text);
	ldi_har_pair_end(headers);
	trim(headers);
	name = ldi_har_pair_name(headers, headers->n - 1, &name_len);
	value = ldi_har_pair_text(headers, headers->n - 1, &value_len);
	if (is_dropped(name, name_len) ||
	    (har->type_wins && is_name(name, name_len, "content-type")))
		return false;
	if (!given)
		why = "it has no name or no value";
	else if (name_len > MAX_NAME || !ldi_http_is_name(name, name_len))
		why = "HTTP does not allow this as a name";
	else if (!ldi_http_is_value(value, value_len))
		why = "its value holds control characters";
	if (why != NULL) {
		ld_buf_reset(&har->scratch);
		ld_buf_adds(&har->scratch, "header ");
		ld_buf_add(&har->scratch, name, name_len);
		ldi_har_loss(har, ".request.headers", index,
		    ld_buf_str(&har->scratch), why);
	}
	return why == NULL;
}

static void
join_cookie(struct ldi_har *har, size_t first, size_t last)
{
	struct ldi_har_pairs *headers = &har->headers;
	size_t a_len, b_len;
	const char *a = ldi_har_pair_text(headers, first, &a_len);
	const char *b = ldi_har_pair_text(headers, last, &b_len);
	struct ld_buf *joined = &har->scratch;

	ld_buf_reset(joined);
	ld_buf_add(joined, a, a_len);
	ld_buf_adds(joined, "; ");
	ld_buf_add(joined, b, b_len);
	headers->list[first].value = headers->text.len;
	ld_buf_add(&headers->text, joined->data, joined->len);
	headers->list[first].value_len =
	    headers->text.len - headers->list[first].value;
}

/* The last header has the name of an earlier one. */
static void
merge(struct ldi_har *har, size_t first, long index)
{
	struct ldi_har_pairs *headers = &har->headers;
	size_t last = headers->n - 1, len;
	const char *name = ldi_har_pair_name(headers, last, &len);

	if (is_name(name, len, "cookie")) {
		join_cookie(har, first, last);
		return;
	}
	headers->list[first].value = headers->list[last].value;
	headers->list[first].value_len = headers->list[last].value_len;
	ld_buf_reset(&har->scratch);
	ld_buf_adds(&har->scratch, "an earlier header ");
	ld_buf_add(&har->scratch, name, len);
	ldi_har_loss(har, ".request.headers", index, ld_buf_str(&har->scratch),
	    "a plan has each header once; the last value is kept");
}

/* The number, from 1, of an earlier header with the name of the last one; 0
 * when there is none, and the last one is then noted. */
static size_t
find_or_note(struct ldi_har_pairs *headers, struct ldi_map *seen)
{
	char lower[MAX_NAME];
	size_t len;
	const char *name = ldi_har_pair_name(headers, headers->n - 1, &len);
	void *first;

	for (size_t i = 0; i < len; i++)
		lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z'
				      ? name[i] - 'A' + 'a'
				      : name[i]);
	first = ldi_map_get(seen, lower, len);
	if (first == NULL &&
	    !ldi_map_set(seen, lower, len, (void *)(uintptr_t)headers->n, NULL))
		headers->text.failed = true;
	return (size_t)(uintptr_t)first;
}

static void
collect(struct ldi_har *har, ld_json_ref list, struct ldi_map *seen)
{
	struct ldi_har_pairs *headers = &har->headers;
	long index = 0;

	for (ld_json_ref at = ld_json_first(har->doc, list);
	     at != LD_JSON_NONE && !headers->text.failed;
	     at = ld_json_next(har->doc, list, at), index++) {
		size_t first;

		if (!read_header(har, at, index)) {
			headers->n -= headers->n > 0;
			continue;
		}
		first = find_or_note(headers, seen);
		if (first > 0) {
			merge(har, first - 1, index);
			headers->n--;
		}
	}
}

static bool
has_type(const struct ldi_har_pairs *headers)
{
	for (size_t i = 0; i < headers->n; i++) {
		size_t len;
		const char *name = ldi_har_pair_name(headers, i, &len);

		if (is_name(name, len, "content-type"))
			return true;
	}
	return false;
}

void
ldi_har_headers_write(
    struct ldi_har *har, ld_json_ref request, struct ld_json_out *out)
{
	struct ldi_har_pairs *headers = &har->headers;
	struct ldi_map *seen = ldi_map_new();
	ld_json_ref list = ld_json_get(har->doc, request, "headers");
	bool add_type;

	ldi_har_pairs_reset(headers);
	if (seen == NULL)
		headers->text.failed = true;
	else if (ld_json_kind(har->doc, list) == LD_JSON_ARRAY)
		collect(har, list, seen);
	ldi_map_free(seen);
	add_type = har->type.len > 0 && !has_type(headers);
	if (headers->n == 0 && !add_type)
		return;
	ld_json_out_key(out, "headers");
	ld_json_out_object(out);
	for (size_t i = 0; i < headers->n; i++) {
		size_t len;
		const char *text = ldi_har_pair_name(headers, i, &len);
		bool url = is_name(text, len, "origin") ||
			   is_name(text, len, "referer");

		ld_json_out_keyn(out, text, len);
		text = ldi_har_pair_text(headers, i, &len);
		(url ? ldi_sink_url : ldi_sink_text)(har->sink, out, text, len);
	}
	if (add_type) {
		ld_json_out_key(out, "Content-Type");
		ldi_sink_text(har->sink, out, har->type.data, har->type.len);
	}
	ld_json_out_end(out);
}
