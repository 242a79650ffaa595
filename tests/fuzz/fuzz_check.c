/* SPDX-License-Identifier: MIT */
/* Whatever a server answers: every kind of assertion and extractor comes to an
 * end with a class, and a failure has a text that fits into a record. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>
#include <ld/resolver.h>

#include "plan/check.h"

#include "fuzz.h"

static const char *const assertions[] = {
	"[{\"type\":\"contains\",\"value\":\"a\"}]",
	"[{\"type\":\"not_contains\",\"value\":\"a\"}]",
	"[{\"type\":\"json_path\",\"path\":\"a.0.b\",\"value\":1}]",
	"[{\"type\":\"jq\",\"filter\":\".a[0].b\",\"value\":[1,\"x\"]}]",
	"[{\"type\":\"jq\",\"filter\":\"[.. | strings] | sort | length\"}]",
	"[{\"type\":\"regex\",\"pattern\":\"(a+)+(b|c)*\\\\1$\"}]",
	"[{\"type\":\"regex\",\"pattern\":\"(?i)x=(\\\\d+)\",\"value\":\"7\"}]",
	"[{\"type\":\"size\",\"min\":3,\"max\":20}]",
	"[{\"type\":\"header\",\"name\":\"h\",\"value\":\"v\"},"
	"{\"type\":\"status_code\",\"value\":[\"2xx\",404]}]",
};

static const char extract[] =
    "[{\"var\":\"a\",\"path\":\"a.0\"},"
    "{\"var\":\"b\",\"from\":\"jq\",\"filter\":\".a\",\"default\":1},"
    "{\"var\":\"c\",\"from\":\"regex\",\"pattern\":\"(?<n>b.)\",\"group\":"
    "\"n\"},"
    "{\"var\":\"d\",\"from\":\"header\",\"name\":\"h\"},"
    "{\"var\":\"e\",\"from\":\"status_code\"}]";

#define N (sizeof(assertions) / sizeof(assertions[0]))

static struct ld_source sources[N + 1];
static struct ld_json jsons[N + 1];
static struct ld_resolver *resolver;
static struct ldi_bind *bind;
static struct ldi_checks *checks[N];
static struct ldi_check_space *space;
static struct ld_scope *scope;

static struct ld_node
parse(size_t i, const char *text)
{
	sources[i] = (struct ld_source){ "t", text, strlen(text) };
	ld_json_init(&jsons[i]);
	require(
	    ld_json_parse(&jsons[i], text, sources[i].len, 0, NULL) == LD_OK);
	return (struct ld_node){ &sources[i], &jsons[i], LD_JSON_ROOT };
}

/* Or libjq's memory, to which nothing points that LeakSanitizer sees, would
 * look lost. */
static void
clear(void)
{
	ldi_scope_free(scope);
	ldi_check_space_free(space);
	ldi_bind_free(bind);
	ld_resolver_free(resolver);
	for (size_t i = 0; i <= N; i++)
		ld_json_clear(&jsons[i]);
}

static void
set_up(void)
{
	struct ld_node values = parse(N, extract);

	resolver = ld_resolver_new();
	require(resolver != NULL);
	require(ldi_bind_new(resolver, 1, &bind, NULL) == LD_OK);
	require(ldi_checks_declare(bind, values, NULL) == LD_OK);
	for (size_t i = 0; i < N; i++)
		require(ldi_checks_compile(bind, parse(i, assertions[i]),
			    values, &checks[i], NULL) == LD_OK);
	require(ldi_check_space_new(bind, &space, NULL) == LD_OK);
	require(ldi_scope_new(bind, &scope, NULL) == LD_OK);
	require(ldi_scope_begin_pass(scope, 0, 0, 0));
	atexit(clear);
}

static const char *
header(const void *ctx, const char *name, size_t *len_out)
{
	const struct ld_str *body = ctx;

	(void)name;
	*len_out = body->len < 100 ? body->len : 100;
	return body->data;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ld_str body = { (const char *)data, size };
	const struct ld_reply reply = { .status = 200,
		.body = body.data,
		.body_len = size,
		.header = header,
		.header_ctx = &body };
	const struct ldi_check_times times = { 1, 1 };

	if (space == NULL)
		set_up();
	for (size_t i = 0; i < N; i++) {
		struct ld_str text = { NULL, 0 };
		enum ld_class cls = ldi_checks_run(
		    checks[i], &reply, &times, scope, space, &text);

		require(cls == LD_CLASS_NONE || cls == LD_CLASS_ASSERTION);
		require(text.len <= LD_MAX_FAILURE_TEXT);
		require((cls == LD_CLASS_NONE) == (text.len == 0));
	}
	return 0;
}
