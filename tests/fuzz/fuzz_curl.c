/* SPDX-License-Identifier: MIT */
/* Whatever a command line holds, what comes out is a whole plan stream, each
 * line a JSON object; or there is an error with its place.  No file is read. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/import.h>
#include <ld/json.h>
#include <ld/limits.h>

#include "fuzz.h"

static void
check_stream(const char *text, size_t len, const struct ld_import_count *count)
{
	const char *end = text + len;
	struct ld_import_count seen = { 0, 0 };
	struct ld_json doc;
	bool ended = false;

	ld_json_init(&doc);
	for (const char *p = text; p < end;) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		ld_json_ref type;

		require(eol != NULL && !ended);
		require(ld_json_parse(&doc, p, (size_t)(eol - p), 0, NULL) ==
			LD_OK);
		type = ld_json_get(&doc, LD_JSON_ROOT, "type");
		seen.tasks += ld_json_is(&doc, type, "task");
		seen.losses += ld_json_is(&doc, type, "loss");
		ended = ld_json_is(&doc, type, "end");
		p = eol + 1;
	}
	require(ended && seen.tasks == count->tasks &&
		seen.losses == count->losses);
	ld_json_clear(&doc);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ld_import_options options = { .test_time_s = -1,
		.no_files = true };
	const struct ld_importer *curl = ld_importer_find("curl", NULL);
	struct ld_import_count count;
	struct ld_err err;
	struct ld_buf out;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	for (unsigned i = 0; i < 3; i++) {
		options.shell = (enum ld_import_shell)i;
		options.base = i == 1 ? "base" : NULL;
		ld_buf_reset(&out);
		if (ld_import(curl, "x", (const char *)data, size, &options,
			&out, &count, &err) != LD_OK)
			require(out.len == 0 && err.text[0] != '\0' &&
				err.line > 0 && err.column > 0);
		else
			check_stream(out.data, out.len, &count);
	}
	ld_buf_clear(&out);
	return 0;
}
