/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <ld/rng.h>

#include "http/multipart.h"

/* Draws that no placeholder makes: those belong to a user. */
#define NO_USER UINT64_MAX

void
ldi_multipart_boundary(uint64_t seed, uint32_t task, uint32_t attempt,
    char boundary_out[LDI_MULTIPART_BOUNDARY])
{
	const struct ld_rng_key key = {
		.seed = seed, .key = NO_USER, .pass = 0, .task = task
	};

	snprintf(boundary_out, LDI_MULTIPART_BOUNDARY,
	    "ld-%016" PRIx64 "%016" PRIx64, ld_rng_u64(&key, 2 * attempt),
	    ld_rng_u64(&key, 2 * attempt + 1));
}

void
ldi_multipart_quote_add(struct ld_buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == '"' || c == 0x7f)
			ld_buf_addf(out, "%%%02X", c);
		else
			ld_buf_addc(out, (char)c);
	}
}

const char *
ldi_multipart_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

const char *
ldi_multipart_type(const char *filename)
{
	static const struct {
		const char *end, *type;
	} types[] = {
		{ ".csv", "text/csv" },
		{ ".gif", "image/gif" },
		{ ".htm", "text/html" },
		{ ".html", "text/html" },
		{ ".jpeg", "image/jpeg" },
		{ ".jpg", "image/jpeg" },
		{ ".json", "application/json" },
		{ ".pdf", "application/pdf" },
		{ ".png", "image/png" },
		{ ".svg", "image/svg+xml" },
		{ ".txt", "text/plain" },
		{ ".xml", "application/xml" },
		{ ".zip", "application/zip" },
	};
	const char *dot = strrchr(filename, '.');

	for (size_t i = 0; dot != NULL && i < sizeof(types) / sizeof(types[0]);
	     i++)
		if (strcasecmp(dot, types[i].end) == 0)
			return types[i].type;
	return "application/octet-stream";
}
