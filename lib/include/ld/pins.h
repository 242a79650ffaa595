/* SPDX-License-Identifier: MIT */
/*
 * ld/pins.h - where connections go instead, as with curl's --resolve and
 * --connect-to.
 *
 * What is pinned is not looked up.  The name stays the name: for Host, for
 * SNI, and for the verification of certificates.
 *
 * Threads     pins are constant once they are filled, and may be shared.
 */
#ifndef LD_PINS_H
#define LD_PINS_H

#include <ld/api.h>
#include <ld/err.h>

struct ld_pins;

/* NULL when memory is short. */
LD_API struct ld_pins *ld_pins_new(void) LD_MUST_CHECK;
LD_API void ld_pins_free(struct ld_pins *pins);

/*
 * Add HOST:PORT:ADDRESS[,ADDRESS]...; HOST may be * for any name that no
 * other pin names, IPv6 addresses may stand in [].  A leading + is taken for
 * nothing: pins hold for the whole run.  Addresses are tried in their order.
 * Of two pins for one host and port the later holds.
 */
LD_API enum ld_status ld_pins_add(
    struct ld_pins *pins, const char *text, struct ld_err *err);

/*
 * Add HOST1:PORT1:HOST2:PORT2: what is for the first goes to the second, which
 * is looked up, or pinned.  HOST1 and PORT1 may be empty, any; so may one of
 * HOST2 and PORT2, the same.  Of several that match the first holds.
 */
LD_API enum ld_status ld_pins_connect_to(
    struct ld_pins *pins, const char *text, struct ld_err *err);

/*
 * Add ADDRESS[,ADDRESS]...: connections come from these addresses in turn, each
 * from one of its target's family.  One that this host does not have is
 * LD_INVALID.
 */
LD_API enum ld_status ld_pins_bind(
    struct ld_pins *pins, const char *text, struct ld_err *err);

#endif /* LD_PINS_H */
