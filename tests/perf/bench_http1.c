/* SPDX-License-Identifier: MIT */
/* What reading one answer costs: ns per answer, for bodies of some sizes. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <ld/time.h>

#include "http/response.h"

#define ROUNDS 2000000

static double
measure(const char *text, size_t len, bool keep)
{
	struct ldi_response a = { .keep_head = keep, .keep_body = keep };
	uint64_t begin = ld_thread_cpu_ns();
	unsigned long status = 0;

	for (int i = 0; i < ROUNDS; i++) {
		size_t used;

		ldi_response_begin(&a);
		ldi_response_feed(&a, text, len, &used);
		status += (unsigned long)a.status + used;
	}
	if (status != (200 + len) * ROUNDS)
		printf("wrong answer\n");
	return (double)(ld_thread_cpu_ns() - begin) / ROUNDS;
}

int
main(void)
{
	static const char small[] =
	    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n"
	    "Date: Mon, 23 Nov 2026 06:00:00 GMT\r\n"
	    "Content-Type: text/plain\r\nContent-Length: 13\r\n"
	    "Connection: keep-alive\r\n\r\nHello, World!";
	static const char chunked[] =
	    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n"
	    "0f\r\n{\"hello\":\"you\"}\r\n0\r\n\r\n";

	printf("%zu bytes: %.0f ns, kept %.0f ns\n", sizeof(small) - 1,
	    measure(small, sizeof(small) - 1, false),
	    measure(small, sizeof(small) - 1, true));
	printf("%zu bytes, chunked: %.0f ns, kept %.0f ns\n",
	    sizeof(chunked) - 1, measure(chunked, sizeof(chunked) - 1, false),
	    measure(chunked, sizeof(chunked) - 1, true));
	return 0;
}
