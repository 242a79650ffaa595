/* SPDX-License-Identifier: MIT */
/* Whatever text a server sends: nothing of a secret is left in it, nothing is
 * written beyond the end, and JSON stays JSON. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/json.h>
#include <ld/limits.h>

#include "base/redact.h"
#include "data/redact_json.h"

#include "fuzz.h"

static const char secret[] = "s3cret/\"x\"+y";

static void
any_room(const struct ld_redactor *r, const char *text, size_t size)
{
	static const size_t rooms[] = { 0, 1, 3, 17, 512 };
	const struct ld_str more = { "row-secret", 10 };

	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		char *out = malloc(rooms[i] + 1);
		size_t n;

		require(out != NULL);
		n = ldi_redact(r, &more, 1, text, size, out, rooms[i]);
		require(n <= rooms[i]);
		require(memmem(out, n, secret, sizeof(secret) - 1) == NULL);
		require(memmem(out, n, more.data, more.len) == NULL);
		free(out);
	}
}

static void
json(const struct ld_redactor *r, const char *text, size_t size)
{
	struct ld_json before, after;
	struct ld_buf out;

	ld_json_init(&before);
	ld_json_init(&after);
	ld_buf_init(&out, 8 * size + 64);
	if (ld_json_parse(&before, text, size, 0, NULL) == LD_OK) {
		require(ldi_redact_json(r, text, size, &out, NULL) == LD_OK);
		require(
		    ld_json_parse(&after, out.data, out.len, 0, NULL) == LD_OK);
		require(ld_json_count(&before, LD_JSON_ROOT) ==
			ld_json_count(&after, LD_JSON_ROOT));
	}
	ld_buf_clear(&out);
	ld_json_clear(&before);
	ld_json_clear(&after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ld_redactor *r = ld_redactor_new();
	char *text = malloc(size + 1);

	if (r == NULL || text == NULL || size > 65536) {
		ld_redactor_free(r);
		free(text);
		return 0;
	}
	memcpy(text, data, size);
	require(ld_redactor_secret(r, "s", secret, sizeof(secret) - 1, NULL) ==
		LD_OK);
	any_room(r, text, size);
	any_room(NULL, "", 0);
	json(r, text, size);
	/* What a plan holds may be anything as well. */
	ldi_redactor_scan(r, text, size);
	ldi_redactor_taint(r, text, size);
	any_room(r, text, size);
	ld_redactor_free(r);
	free(text);
	return 0;
}
