/* SPDX-License-Identifier: MIT */
/*
 * base/redactor.h - inside a redactor.
 */
#ifndef LDI_BASE_REDACTOR_H
#define LDI_BASE_REDACTOR_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/limits.h>

/* A text that is looked for. */
struct ldi_secret_value {
	struct ldi_secret_value *next; /* that begins with the same byte */
	size_t len;
	char room[];
};

struct ldi_secret_named {
	char *name, *text;
	size_t len;
};

struct ld_redactor {
	struct ldi_secret_value *values[256]; /* by their first byte */
	struct ldi_secret_named named[LD_MAX_SECRETS];
	size_t n_named, n_values;
	bool shows, failed;
};

#endif /* LDI_BASE_REDACTOR_H */
