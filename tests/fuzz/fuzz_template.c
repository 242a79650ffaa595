/* SPDX-License-Identifier: MIT */
/* Whatever stands in a template: it is refused with a reason, or what a JSON
 * template renders is JSON, and a constant is what is rendered. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>
#include <ld/plan.h>
#include <ld/resolver.h>

#include "plan/bind.h"

#include "fuzz.h"

static struct ldi_bind *
bind_new(struct ld_resolver *resolver)
{
	static const char vars[] = "{\"s\":\"q\\\"\\n\",\"n\":12e3,\"t\":true,"
				   "\"z\":null,\"o\":{\"a\":[1]}}";
	struct ld_source source = { "vars", vars, sizeof(vars) - 1 };
	struct ld_json json;
	struct ld_node root = { &source, &json, LD_JSON_ROOT };
	struct ldi_bind *bind;
	uint32_t slot;

	ld_json_init(&json);
	require(ld_json_parse(&json, vars, sizeof(vars) - 1, 0, NULL) == LD_OK);
	require(ld_resolver_variables(resolver, root, NULL) == LD_OK);
	ld_json_clear(&json);
	require(ldi_bind_new(resolver, 1, &bind, NULL) == LD_OK);
	require(ldi_bind_slot(bind, "x", &slot, NULL) == LD_OK);
	require(ldi_bind_slot(bind, "y", &slot, NULL) == LD_OK);
	return bind;
}

static void
check(const struct ld_template *tpl, struct ld_scope *scope, bool json)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_json doc;
	struct ld_buf out;
	const char *text;
	size_t len;

	ld_buf_init(&out, LD_MAX_REQUEST_BYTES);
	ld_json_init(&doc);
	require(ld_template_shape(tpl) != NULL);
	if (ld_template_render(tpl, scope, &out, &err) == LD_OK) {
		ld_template_prefix(tpl, &text, &len);
		require(len <= out.len &&
			(len == 0 || memcmp(text, out.data, len) == 0));
		if (ld_template_constant(tpl, &text, &len))
			require(len == out.len && text[len] == '\0');
		if (json)
			require(ld_json_parse(
				    &doc, out.data, out.len, 0, NULL) == LD_OK);
	} else {
		require(err.text[0] != '\0');
		require(!ld_template_constant(tpl, &text, &len));
	}
	ld_json_clear(&doc);
	ld_buf_clear(&out);
}

static void
both(struct ldi_bind *bind, struct ld_node node)
{
	struct ld_err err = LD_ERR_INIT;
	const struct ld_template *text = NULL, *json = NULL;
	enum ld_status st = ldi_bind_text(bind, node, &text, &err);
	struct ld_scope *scope;

	if (st != LD_OK)
		require(err.text[0] != '\0' && err.line != 0);
	require(ldi_bind_json(bind, node, &json, &err) == st);
	require(ldi_scope_new(bind, &scope, NULL) == LD_OK);
	require(ldi_scope_begin_pass(scope, 1, 2, 3));
	ldi_scope_begin_task(scope, 4);
	require(
	    ldi_scope_set(scope, 0, LD_JSON_STRING, "\"\\\xff", 3) == LD_OK);
	if (st == LD_OK) {
		check(text, scope, false);
		check(json, scope, true);
	}
	ldi_scope_free(scope);
}

/* A document, its strings templates. */
static void
compile(const char *text, size_t size)
{
	struct ld_resolver *resolver = ld_resolver_new();
	struct ldi_bind *bind;
	struct ld_source source = { "t", text, size };
	struct ld_json doc;
	struct ld_node root = { &source, &doc, LD_JSON_ROOT };

	require(resolver != NULL);
	bind = bind_new(resolver);
	ld_json_init(&doc);
	if (ld_json_parse(&doc, text, size, 0, NULL) == LD_OK)
		both(bind, root);
	ld_json_clear(&doc);
	ldi_bind_free(bind);
	ld_resolver_free(resolver);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct ld_buf quoted;

	ld_buf_init(&quoted, LD_MAX_DOCUMENT);
	ld_json_add_string(&quoted, text, size);
	compile(quoted.data, quoted.len);
	compile(text, size);
	ld_buf_clear(&quoted);
	return 0;
}
