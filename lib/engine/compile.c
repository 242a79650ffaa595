/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/compile.h"

void *
ld_compile_alloc(struct ld_compile *cc, size_t size)
{
	return ldi_arena_alloc(ldi_bind_arena(cc->bind), size);
}

char *
ld_compile_strdup(struct ld_compile *cc, const char *text)
{
	return ldi_arena_strdup(ldi_bind_arena(cc->bind), text);
}

enum ld_status
ld_compile_text(struct ld_compile *cc, struct ld_node node,
    const struct ld_template **out, struct ld_err *err)
{
	return ldi_bind_text(cc->bind, node, out, err);
}

enum ld_status
ld_compile_json(struct ld_compile *cc, struct ld_node node,
    const struct ld_template **out, struct ld_err *err)
{
	return ldi_bind_json(cc->bind, node, out, err);
}

enum ld_status
ld_compile_secret(
    struct ld_compile *cc, const struct ld_template *tpl, struct ld_err *err)
{
	return ldi_bind_taint(cc->bind, tpl, true, err);
}

enum ld_status
ld_compile_pairs(struct ld_compile *cc, struct ld_node node,
    struct ld_pairs *out, struct ld_err *err)
{
	return ldi_bind_pairs(cc->bind, node, out, false, err);
}

enum ld_status
ld_compile_fields(struct ld_compile *cc, struct ld_node object,
    const struct ld_field *table, void *base, struct ld_err *err)
{
	const struct ld_field *const tables[] = { table, NULL };
	void *const bases[] = { base };

	return ldi_fields_read(tables, bases, object, cc->bind, NULL,
	    ldi_bind_arena(cc->bind), err);
}

const char *const *
ld_compile_wanted_headers(struct ld_compile *cc)
{
	static const char *const none[] = { NULL };

	return cc->checks == NULL ? none : ldi_checks_headers(cc->checks);
}
