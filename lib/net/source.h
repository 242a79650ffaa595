/* SPDX-License-Identifier: MIT */
/*
 * net/source.h - the addresses of this host that connections come from.
 *
 * Each pair of a source and a target has the whole range of local ports to
 * itself, so more sources are more connections.  The kernel picks the port
 * when it knows the target (IP_BIND_ADDRESS_NO_PORT), or the pairs would share
 * one range after all.
 */
#ifndef LDI_NET_SOURCE_H
#define LDI_NET_SOURCE_H

#include <stdbool.h>

#include <ld/err.h>

#include "net/resolve.h"

#define LDI_MAX_SOURCES 256

struct ldi_sources {
	unsigned n;
	struct ldi_addr addrs[LDI_MAX_SOURCES];
};

/* ADDRESS[,ADDRESS]..., each of this host. */
enum ld_status ldi_sources_add(
    struct ldi_sources *sources, const char *text, struct ld_err *err);

/*
 * Bind a socket of that family to the next source, `turn` counting them; 0, or
 * an errno.  Without any source nothing is bound; with sources, but of other
 * families, it is EAFNOSUPPORT.
 */
int ldi_sources_bind(
    const struct ldi_sources *sources, int family, int fd, unsigned *turn);

#endif /* LDI_NET_SOURCE_H */
