/* SPDX-License-Identifier: MIT */
/*
 * plan/function.h - what stands as ${name(arguments)} in a template.
 */
#ifndef LDI_PLAN_FUNCTION_H
#define LDI_PLAN_FUNCTION_H

#include <stdint.h>

#include <ld/err.h>
#include <ld/json.h>

struct ld_scope;
struct ldi_call;

/* A result is no longer than this. */
#define LDI_CALL_SIZE 40
/* No function takes more arguments. */
#define LDI_CALL_ARGS 4

typedef enum ld_status ldi_call_compile_fn(struct ldi_call *call,
    const char *const *args, const size_t *lens, struct ld_err *err);
/* Returns the length. */
typedef size_t ldi_call_render_fn(const struct ldi_call *call,
    struct ld_scope *scope, char out[LDI_CALL_SIZE]);

struct ldi_function {
	const char *name;
	unsigned n_args;
	enum ld_json_kind kind;       /* of the result */
	ldi_call_compile_fn *compile; /* absent: nothing to prepare */
	ldi_call_render_fn *render;
};

struct ldi_call {
	const struct ldi_function *function;
	int64_t low;   /* randint */
	uint64_t span; /* values beyond `low`: high - low */
};

/* "name(a, b)" without the braces; the error has no place. */
enum ld_status ldi_call_compile(
    const char *text, size_t len, struct ldi_call *call, struct ld_err *err);
/* Is it of that form? */
bool ldi_call_like(const char *text, size_t len);

#endif /* LDI_PLAN_FUNCTION_H */
