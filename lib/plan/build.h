/* SPDX-License-Identifier: MIT */
/*
 * plan/build.h - a template while it is compiled.
 */
#ifndef LDI_PLAN_BUILD_H
#define LDI_PLAN_BUILD_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/buf.h>
#include <ld/field.h>

#include "plan/piece.h"

struct ldi_build {
	struct ldi_bind *bind;
	struct ld_buf text; /* all literals, one behind the other */
	struct ld_buf shape;
	size_t literal; /* where in `text` the current one begins */
	struct ldi_piece *pieces;
	size_t n, cap;
	struct ld_node node; /* the string that is compiled */
	bool has_secret;     /* the shape has its name, not its value */
};

/* A placeholder: where it stands, and its trimmed inside. */
struct ldi_place {
	size_t at; /* in the decoded string */
	const char *raw;
	size_t raw_len;
	char *inner; /* NUL-terminated copy */
	size_t len;
	enum ldi_form form;
};

/* A value that is known: a part of the literal. */
void ldi_build_value(
    struct ldi_build *build, const struct ldi_value *value, enum ldi_form form);
/* One that is not yet. */
enum ld_status ldi_build_dynamic(struct ldi_build *build,
    const struct ldi_place *place, struct ldi_piece *piece, struct ld_err *err);
/* compile_source.c: whatever the placeholder names; errors have its place. */
enum ld_status ldi_build_placeholder(
    struct ldi_build *build, struct ldi_place *place, struct ld_err *err);

#endif /* LDI_PLAN_BUILD_H */
