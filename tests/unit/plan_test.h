/* SPDX-License-Identifier: MIT */
/*
 * unit/plan_test.h - what the tests of lib/plan share: an input that is one
 * JSON value, and errors as one line of text.
 */
#ifndef UNIT_PLAN_TEST_H
#define UNIT_PLAN_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ld/err.h>
#include <ld/field.h>
#include <ld/plan.h>

struct plan_input {
	struct ld_source source;
	struct ld_json json;
};

/* The root node; the text is borrowed. */
static inline struct ld_node
plan_input(struct plan_input *in, const char *text)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_node node = { &in->source, &in->json, LD_JSON_ROOT };

	in->source = (struct ld_source){ "t", text, strlen(text) };
	ld_json_init(&in->json);
	if (ld_json_parse(&in->json, text, strlen(text), 0, &err) != LD_OK)
		fail_msg("%s: %u:%u: %s", text, err.line, err.column, err.text);
	return node;
}

static inline void
plan_input_clear(struct plan_input *in)
{
	ld_json_clear(&in->json);
}

/* "file:line:column: text"; what does not apply is left out. */
static inline const char *
plan_error(const struct ld_err *err)
{
	static char line[640];

	if (err->line != 0)
		snprintf(line, sizeof(line), "%s:%u:%u: %s", err->file,
		    err->line, err->column, err->text);
	else
		snprintf(line, sizeof(line), "%s%s%s", err->file,
		    err->file[0] != '\0' ? ": " : "", err->text);
	return line;
}

#endif /* UNIT_PLAN_TEST_H */
