/* SPDX-License-Identifier: MIT */
/*
 * ld/template.h - text with placeholders, compiled.
 *
 * "${var.base}/item/${id}" becomes pieces: literals and slot numbers.  What
 * is known before the run is folded into the literals, so most templates are
 * constants when the first request is sent.  A template that renders JSON
 * keeps the type of a placeholder that is a whole string and escapes the
 * others.
 *
 * Ownership   templates belong to the program that compiled them.
 * Threads     a template is constant and may be shared; a scope belongs to
 *             one session.
 */
#ifndef LD_TEMPLATE_H
#define LD_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>

struct ld_template;
struct ld_scope; /* the values one session sees during one task */

/* Is it a constant?  Then its text, NUL-terminated, borrowed. */
LD_API bool ld_template_constant(
    const struct ld_template *tpl, const char **text_out, size_t *len_out);

/* The literal text in front of the first placeholder; may be empty. */
LD_API void ld_template_prefix(
    const struct ld_template *tpl, const char **text_out, size_t *len_out);

/* The template with each placeholder that is not constant as it was written:
 * "/item/${id}".  For the default name of a series.  Borrowed. */
LD_API const char *ld_template_shape(const struct ld_template *tpl);

/*
 * Append the text.  LD_INVALID when a placeholder has no value now (a
 * variable not yet extracted, a CSV source at its end): the exchange then
 * fails with LD_CLASS_VALUE.  Allocates only to grow `out`.
 */
LD_API enum ld_status ld_template_render(const struct ld_template *tpl,
    struct ld_scope *scope, struct ld_buf *out, struct ld_err *err);

#endif /* LD_TEMPLATE_H */
