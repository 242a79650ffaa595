/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/secret.h"
#include "engine/name.h"

/* Length of one "name=value" of a query. */
static size_t
pair_length(const char *at)
{
	return strcspn(at, "&;#");
}

static bool
is_masked(const char *pair, size_t len, size_t *name_len)
{
	const char *eq = memchr(pair, '=', len);

	if (eq == NULL || eq + 1 == pair + len)
		return false;
	*name_len = (size_t)(eq - pair);
	return strncmp(eq + 1, "${", 2) != 0 &&
	       ldi_secret_name(pair, *name_len);
}

/* Copy with the values of secret parameters masked; the room is enough, as a
 * mask may be longer than its value by at most two bytes a pair. */
static size_t
mask_query(const char *query, char *to)
{
	char *at = to;

	while (*query != '\0') {
		size_t len = pair_length(query), name_len;

		if (is_masked(query, len, &name_len)) {
			memcpy(at, query, name_len + 1);
			at += name_len + 1;
			memcpy(
			    at, LDI_SECRET_MASK, sizeof(LDI_SECRET_MASK) - 1);
			at += sizeof(LDI_SECRET_MASK) - 1;
		} else {
			memcpy(at, query, len);
			at += len;
		}
		query += len;
		if (*query == '#') {
			len = strlen(query);
			memcpy(at, query, len);
			return (size_t)(at - to) + len;
		}
		if (*query != '\0')
			*at++ = *query++;
	}
	return (size_t)(at - to);
}

static size_t
cut(char *name, size_t len)
{
	if (len <= LDI_NAME_BYTES)
		return len;
	len = LDI_NAME_BYTES - 3;
	while (len > 0 && ((unsigned char)name[len] & 0xc0) == 0x80)
		len--;
	memcpy(name + len, "...", 3);
	return len + 3;
}

struct ld_str
ldi_series_name(struct ldi_arena *arena, const char *name)
{
	struct ld_str out = { name, strlen(name) };
	const char *query = strchr(name, '?');
	size_t before;
	char *text;

	if (query == NULL && out.len <= LDI_NAME_BYTES)
		return out;
	text = ldi_arena_array(arena, out.len + 4, sizeof(LDI_SECRET_MASK) - 1);
	out.data = text;
	if (text == NULL)
		return out;
	before = query == NULL ? out.len : (size_t)(query - name) + 1;
	memcpy(text, name, before);
	out.len = before;
	if (query != NULL)
		out.len += mask_query(query + 1, text + before);
	out.len = cut(text, out.len);
	return out;
}
