/* SPDX-License-Identifier: MIT */
/*
 * Set-Cookie and Location, as a hostile server writes them.  Lines parted by
 * LF: "C" and a Set-Cookie, "L" and a Location, "T" and a digit, seconds that
 * pass.  The client goes where Location leads, so cookies come from anywhere.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>
#include <ld/time.h>

#include "base/http_text.h"
#include "http/jar.h"
#include "http/redirect.h"

#include "fuzz.h"

struct client {
	struct ldi_jar jar;
	struct ldi_url_origin at, next;
	struct ld_buf target, next_target, scratch;
	struct ldi_jar_time now;
};

/* What is sent is one line, and bounded. */
static void
ask(struct client *c)
{
	const struct ldi_jar_url url = { &c->at, c->target.data,
		c->target.len };
	const char *text;
	size_t len;

	require(
	    ldi_jar_header(&c->jar, &url, c->now.now_ns, &text, &len) == LD_OK);
	require(c->jar.n <= LD_MAX_COOKIES);
	require(c->jar.bytes <= LD_MAX_COOKIE_TOTAL + LD_MAX_COOKIE_BYTES);
	if (len == 0)
		return;
	require(len > 12 && memcmp(text, "Cookie: ", 8) == 0);
	require(memcmp(text + len - 4, "\r\n\r\n", 4) == 0);
	require(ldi_http_is_value(text, len - 4));
}

static void
store(struct client *c, const char *value, size_t len)
{
	const struct ldi_jar_url url = { &c->at, c->target.data,
		c->target.len };

	require(ldi_jar_store(&c->jar, &url, value, len, &c->now) == LD_OK);
}

/* A target is a path of bytes that may stand in a request line. */
static void
follow(struct client *c, const char *location, size_t len)
{
	const struct ldi_redirect_from from = { &c->at, c->target.data,
		c->target.len };
	const struct ldi_redirect_to to = { &c->next, &c->next_target,
		&c->scratch };
	const char *why;

	ld_buf_reset(&c->next_target);
	why = ldi_redirect_resolve(&from, location, len, &to);
	if (why != NULL || c->next_target.failed)
		return;
	require(c->next_target.len > 0 && c->next_target.data[0] == '/');
	for (size_t i = 0; i < c->next_target.len; i++)
		require((unsigned char)c->next_target.data[i] > ' ' &&
			(unsigned char)c->next_target.data[i] < 0x7f &&
			c->next_target.data[i] != '#');
	require(c->next.host[0] != '\0' || c->next.unix_path[0] != '\0');
	c->at = c->next;
	ld_buf_reset(&c->target);
	ld_buf_add(&c->target, c->next_target.data, c->next_target.len);
}

static void
run(struct client *c, const char *line, size_t len)
{
	if (len == 0)
		return;
	if (*line == 'C')
		store(c, line + 1, len - 1);
	else if (*line == 'L')
		follow(c, line + 1, len - 1);
	else if (*line == 'T' && len > 1)
		c->now.now_ns += (uint64_t)(line[1] & 15) * LD_NS_PER_S;
	ask(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char start[] = "https://www.shop.test/a/b?c";
	const char *text = (const char *)data, *end = text + size;
	struct client c = { .now = { LD_NS_PER_S, 1700000000 } };
	size_t rest;

	ldi_jar_init(&c.jar);
	ld_buf_init(&c.target, LD_MAX_HEADER_BYTES);
	ld_buf_init(&c.next_target, LD_MAX_HEADER_BYTES);
	ld_buf_init(&c.scratch, LD_MAX_HEADER_BYTES);
	require(ldi_url_origin_parse(start, sizeof(start) - 1, &c.at, &rest) ==
		NULL);
	ld_buf_adds(&c.target, start + rest);
	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((lf != NULL ? lf : end) - text);
		char *line = malloc(len + 1);

		/* A block of its own shows reading beyond. */
		require(line != NULL);
		memcpy(line, text, len);
		run(&c, line, len);
		free(line);
		text += len + (lf != NULL);
	}
	ldi_jar_clear(&c.jar);
	ld_buf_clear(&c.target);
	ld_buf_clear(&c.next_target);
	ld_buf_clear(&c.scratch);
	return 0;
}
