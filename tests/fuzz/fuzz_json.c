/* SPDX-License-Identifier: MIT */
/* What parses must, written anew and read again, be equal; the writer's own
 * output must be a fixed point. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/json.h>
#include <ld/limits.h>

#include "../unit/json_copy.h"

#include "fuzz.h"

static void
write_all(const struct ld_json *doc, struct ld_buf *buf, unsigned indent)
{
	struct ld_json_out out;

	ld_json_out_init(&out, buf, indent);
	json_copy(doc, LD_JSON_ROOT, &out);
	require(out.depth == 0 && !buf->failed);
}

/* Every value can be asked for everything. */
static void
ask(const struct ld_json *doc)
{
	for (ld_json_ref ref = 0; ref < doc->n; ref++) {
		const struct ld_json_node *node = &doc->nodes[ref];
		uint64_t u64;
		int64_t i64;
		double number;

		require(node->off + node->len <= doc->len);
		require(node->skip >= 1 && ref + node->skip <= doc->n);
		if (ld_json_u64(doc, ref, &u64) && ld_json_i64(doc, ref, &i64))
			require(i64 >= 0 && (uint64_t)i64 == u64);
		ld_json_double(doc, ref, &number);
		ld_json_is(doc, ref, "a");
		ld_json_get(doc, ref, "a");
		ld_json_at(doc, ref, 1);
	}
}

static void
check(const struct ld_json *doc)
{
	struct ld_json again;
	struct ld_buf first, second;

	ld_json_init(&again);
	ld_buf_init(&first, LD_MAX_DOCUMENT);
	ld_buf_init(&second, LD_MAX_DOCUMENT);
	write_all(doc, &first, 2);
	require(ld_json_parse(&again, first.data, first.len, 0, NULL) == LD_OK);
	require(again.n == doc->n);
	require(ld_json_equal(doc, LD_JSON_ROOT, &again, LD_JSON_ROOT));
	write_all(&again, &second, 2);
	require(first.len == second.len &&
		memcmp(first.data, second.data, first.len) == 0);
	ld_buf_clear(&first);
	ld_buf_clear(&second);
	ld_json_clear(&again);
}

/* Whatever the bytes are, as a string they are well formed. */
static void
check_string(const char *text, size_t len)
{
	struct ld_json doc;
	struct ld_buf buf;

	ld_json_init(&doc);
	ld_buf_init(&buf, LD_MAX_DOCUMENT);
	ld_json_add_string(&buf, text, len);
	require(ld_json_parse(&doc, buf.data, buf.len, 0, NULL) == LD_OK);
	ld_buf_clear(&buf);
	ld_json_clear(&doc);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct ld_json doc;
	struct ld_err err;

	ld_json_init(&doc);
	if (ld_json_parse(&doc, text, size, 0, &err) == LD_OK) {
		ask(&doc);
		check(&doc);
	} else {
		require(err.text[0] != '\0' && err.line > 0 && err.column > 0);
	}
	ld_json_parse(
	    &doc, text, size, LD_JSON_ALLOW_BOM | LD_JSON_ALLOW_TRAILING, NULL);
	check_string(text, size);
	ld_json_clear(&doc);
	return 0;
}
