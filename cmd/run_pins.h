/* SPDX-License-Identifier: MIT */
/*
 * run_pins.h - where ld-run connects to instead, and where from, as its
 * command line says.
 */
#ifndef RUN_PINS_H
#define RUN_PINS_H

#include <ld/opt.h>

/* --resolve, --connect-to and --bind are checked before any plan is read: what
 * is wrong with them is a usage error. */
enum ld_status run_pins_check(const struct ld_opt_list *resolve,
    const struct ld_opt_list *connect_to, const struct ld_opt_list *bind,
    struct ld_err *err);

#endif /* RUN_PINS_H */
