/* SPDX-License-Identifier: MIT */
/*
 * base/secret.h - which names stand for values that no record may show.
 *
 * One list for parameters of a query, headers, and members of JSON.
 */
#ifndef LDI_BASE_SECRET_H
#define LDI_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* What is shown in their place. */
#define LDI_SECRET_MASK "***"

/* Does something of this name hold a secret? */
bool ldi_secret_name(const char *name, size_t len);

#endif /* LDI_BASE_SECRET_H */
