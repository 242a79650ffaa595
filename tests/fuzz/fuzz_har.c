/* SPDX-License-Identifier: MIT */
/* Whatever a recording holds, what comes out is a whole plan stream, each
 * line a JSON object, and as many of each kind as `end` says. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/import.h>
#include <ld/json.h>
#include <ld/limits.h>

#include "fuzz.h"

static uint64_t
number(const struct ld_json *doc, const char *key)
{
	uint64_t value = UINT64_MAX;

	require(ld_json_u64(doc, ld_json_get(doc, LD_JSON_ROOT, key), &value));
	return value;
}

static void
check_stream(const char *text, size_t len)
{
	const char *end = text + len;
	struct ld_import_count seen = { 0, 0 };
	struct ld_json doc;
	bool ended = false;
	size_t lines = 0;

	ld_json_init(&doc);
	for (const char *p = text; p < end; lines++) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		ld_json_ref type;

		require(eol != NULL && !ended);
		require(ld_json_parse(&doc, p, (size_t)(eol - p), 0, NULL) ==
			LD_OK);
		type = ld_json_get(&doc, LD_JSON_ROOT, "type");
		require(ld_json_is(&doc, type, "begin") == (lines == 0));
		require(ld_json_is(&doc, type, "config") == (lines == 1));
		seen.tasks += ld_json_is(&doc, type, "task");
		seen.losses += ld_json_is(&doc, type, "loss");
		ended = ld_json_is(&doc, type, "end");
		if (ended)
			require(number(&doc, "tasks") == seen.tasks &&
				number(&doc, "losses") == seen.losses);
		p = eol + 1;
	}
	require(ended);
	ld_json_clear(&doc);
}

static void
check_document(const char *text, size_t len)
{
	struct ld_json doc;

	ld_json_init(&doc);
	require(ld_json_parse(&doc, text, len, 0, NULL) == LD_OK);
	ld_json_clear(&doc);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ld_import_options options = { .test_time_s = -1 };
	const struct ld_importer *har = ld_importer_find("har", NULL);
	struct ld_import_count count;
	struct ld_err err;
	struct ld_buf out;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	for (unsigned i = 0; i < 4; i++) {
		options.action_json = (i & 1) != 0;
		options.base = (i & 2) != 0 ? "base" : NULL;
		ld_buf_reset(&out);
		if (ld_import(har, "x.har", (const char *)data, size, &options,
			&out, &count, &err) != LD_OK)
			require(out.len == 0 && err.text[0] != '\0' &&
				err.line > 0 && err.column > 0);
		else if (options.action_json)
			check_document(out.data, out.len);
		else
			check_stream(out.data, out.len);
	}
	ld_buf_clear(&out);
	return 0;
}
