/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/name.h"

#include <stdint.h>
#include <string.h>

#include "base/redact.h"

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
ldi_series_name(struct ldi_arena *arena, const struct ld_redactor *redactor,
    const char *name)
{
	size_t len = strlen(name);
	/* A mask may be longer than its value, by at most two bytes. */
	size_t size = len + 4 < SIZE_MAX / 3 ? 3 * (len + 4) : 0;
	char *text = size != 0 ? ldi_arena_alloc(arena, size) : NULL;
	struct ld_str out = { text, 0 };

	if (text == NULL)
		return out;
	out.len = ldi_redact_whole(redactor, name, len, text, size);
	out.len = cut(text, out.len);
	return out;
}
