/* SPDX-License-Identifier: MIT */
/* Nanoseconds to parse one sample line, again and again into one document:
 * the least of several rounds, for other load only ever adds to it. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/json.h>
#include <ld/time.h>

#define LINES 64
#define ROUNDS 20
#define PARSES 50000

/* Samples whose numbers and names differ in length, as in a real stream. */
static void
add_line(struct ld_buf *buf, unsigned i)
{
	static const char *const names[] = { "/", "/cart", "/item/${id}",
		"/search?q=${word}&page=${page}", "/api/v1/users/me" };
	static const unsigned powers[] = { 1, 10, 100, 1000, 10000, 100000 };

	ld_buf_addf(buf,
	    "{\"type\":\"sample\",\"run\":\"7f3a9c1e\",\"user_type\":"
	    "\"fast_http_user\",\"request_type\":\"%s\",\"name\":\"%s\","
	    "\"user\":%u,\"pass\":%u,\"task\":%u,\"intended_ns\":%u%06u,"
	    "\"start_ns\":%u%06u,\"response_ns\":%u,\"service_ns\":%u,"
	    "\"ttfb_ns\":%u,\"status\":%u,\"bytes_out\":%u,\"bytes_in\":%u,"
	    "\"outcome\":\"%s\"}",
	    i % 7 == 0 ? "POST" : "GET", names[i % 5], i * 37 % 200, i * 7919,
	    i % 11, i * 1801, i * 4001, i * 1801, i * 4003,
	    powers[i % 6] * (i + 3), powers[i % 6] * (i + 1), i * 997,
	    i % 13 == 0 ? 503 : 200, 200 + i % 31, powers[i % 5] * (i + 9),
	    i % 13 == 0 ? "failure" : "success");
}

int
main(void)
{
	struct ld_json doc;
	struct ld_buf lines[LINES];
	size_t bytes = 0;
	uint64_t best = UINT64_MAX;
	double ns;

	ld_json_init(&doc);
	for (unsigned i = 0; i < LINES; i++) {
		ld_buf_init(&lines[i], 4096);
		add_line(&lines[i], i * 7 + 5);
		bytes += lines[i].len;
	}
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t begin = ld_now_ns(), took;

		for (int i = 0; i < PARSES; i++)
			if (ld_json_parse(&doc, lines[i % LINES].data,
				lines[i % LINES].len, 0, NULL) != LD_OK)
				return EXIT_FAILURE;
		took = ld_now_ns() - begin;
		best = took < best ? took : best;
	}
	ns = (double)best / PARSES;
	printf("%zu bytes, %" PRIu32 " nodes: %.0f ns per line, "
	       "%.2f ns per byte\n",
	    bytes / LINES, doc.n, ns, ns * LINES / (double)bytes);
	for (unsigned i = 0; i < LINES; i++)
		ld_buf_clear(&lines[i]);
	ld_json_clear(&doc);
	return EXIT_SUCCESS;
}
