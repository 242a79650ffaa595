/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "importers/origin.h"

#include <stdint.h>
#include <string.h>

#include "base/map.h"

size_t
ldi_origin_length(const char *url)
{
	const char *mark = strstr(url, "://");
	size_t len;

	if (mark == NULL || strcspn(url, "/?#") < (size_t)(mark - url))
		return 0;
	len = strcspn(mark + 3, "/?#");
	return memchr(mark + 3, '@', len) == NULL && len > 0
		   ? (size_t)(mark + 3 - url) + len
		   : 0;
}

bool
ldi_origin_count(struct ldi_map *origins, const char *origin, size_t len)
{
	uintptr_t n = (uintptr_t)ldi_map_get(origins, origin, len);

	return ldi_map_set(origins, origin, len, (void *)(n + 1), NULL);
}

const char *
ldi_origin_most(const struct ldi_map *origins, size_t *len_out)
{
	size_t best = 0;

	if (ldi_map_count(origins) == 0)
		return NULL;
	for (size_t i = 1; i < ldi_map_count(origins); i++)
		if ((uintptr_t)ldi_map_value(origins, i) >
		    (uintptr_t)ldi_map_value(origins, best))
			best = i;
	return ldi_map_key(origins, best, len_out);
}
