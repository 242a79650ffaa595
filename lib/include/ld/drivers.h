/* SPDX-License-Identifier: MIT */
/*
 * ld/drivers.h - what this build can drive, told to people.
 *
 * Threads     none.
 */
#ifndef LD_DRIVERS_H
#define LD_DRIVERS_H

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>

/* Append a line for every user type: its driver, and whether that is linked
 * into libld, loaded as a module, or not in this build. */
LD_API void ld_drivers_list(struct ld_buf *out);

/* Append the fields that the plan of a user type may have, `name` being a
 * user type or a driver.  LD_INVALID when there is none of that name,
 * LD_UNSUPPORTED when it is not in this build. */
LD_API enum ld_status ld_drivers_help(
    const char *name, struct ld_buf *out, struct ld_err *err);

#endif /* LD_DRIVERS_H */
