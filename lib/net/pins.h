/* SPDX-License-Identifier: MIT */
/* net/pins.h - which addresses a name is pinned to, and where it leads. */
#ifndef LDI_NET_PINS_H
#define LDI_NET_PINS_H

#include <ld/pins.h>

#include "net/resolve.h"
#include "net/source.h"

struct ldi_pin {
	struct ldi_pin *next;
	uint16_t port;
	unsigned n_addrs;
	struct ldi_addr addrs[LDI_MAX_ADDRS];
	char host[]; /* "*" = any */
};

/* NULL when there is none; `pins` may be NULL.  Names in any case, a final dot
 * is no part of them. */
const struct ldi_pin *ldi_pins_find(
    const struct ld_pins *pins, const char *host, uint16_t port);

/* What the connection for *host and *port leads to instead, if it does. */
void ldi_pins_lead(
    const struct ld_pins *pins, const char **host, uint16_t *port);

/* Where connections come from; `pins` may be NULL, and so is the result then.
 */
const struct ldi_sources *ldi_pins_sources(const struct ld_pins *pins);

#endif /* LDI_NET_PINS_H */
