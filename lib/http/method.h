/* SPDX-License-Identifier: MIT */
/*
 * http/method.h - the methods that IANA lists, and what may be done with them.
 */
#ifndef LDI_HTTP_METHOD_H
#define LDI_HTTP_METHOD_H

#include <stdbool.h>
#include <stddef.h>

struct ldi_method {
	const char *name;
	bool idempotent; /* sending it twice is as good as once */
	bool has_body;   /* Content-Length is sent even when it is 0 */
};

/* The method of that name, in any case; or NULL. */
const struct ldi_method *ldi_method_find(const char *name);
/* The listed name that a misspelt one may have meant; or NULL. */
const char *ldi_method_nearest(const char *name);

#endif /* LDI_HTTP_METHOD_H */
