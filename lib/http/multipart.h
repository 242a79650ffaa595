/* SPDX-License-Identifier: MIT */
/*
 * http/multipart.h - the frame of multipart/form-data (RFC 7578), as browsers
 * write it.
 */
#ifndef LDI_HTTP_MULTIPART_H
#define LDI_HTTP_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>

#define LDI_MULTIPART_BOUNDARY 40 /* with its NUL */

/* The boundary of a task: the same for the same seed.  `attempt` counts those
 * that occur in the parts. */
void ldi_multipart_boundary(uint64_t seed, uint32_t task, uint32_t attempt,
    char boundary_out[LDI_MULTIPART_BOUNDARY]);

/* Append a name or file name as it stands between quotation marks: those and
 * line breaks are percent-encoded, other controls too. */
void ldi_multipart_quote_add(struct ld_buf *out, const char *text, size_t len);

/* The last part of a path. */
const char *ldi_multipart_base_name(const char *path);
/* The Content-Type of a file, by its name. */
const char *ldi_multipart_type(const char *filename);

#endif /* LDI_HTTP_MULTIPART_H */
