/* SPDX-License-Identifier: MIT */
/*
 * plan/config_read.h - the config table, for those who read the driver's part.
 */
#ifndef LDI_PLAN_CONFIG_READ_H
#define LDI_PLAN_CONFIG_READ_H

#include <ld/plan.h>

#include "plan/bind.h"

/* Keywords of LD_start_test, and ours. */
extern const struct ld_field ldi_config_fields[];

/* Read the keys that the user type adds: the driver's table into `base`; the
 * keys of the config itself are known, and left alone. */
enum ld_status ldi_config_read_driver(const struct ld_config *config,
    const struct ld_field *fields, void *base, struct ldi_bind *bind,
    struct ld_err *err);

/* thresholds.c: the presets, then `object`, then the command line. */
enum ld_status ldi_thresholds_read(struct ld_thresholds *thresholds,
    struct ld_node object, const struct ld_overrides *with,
    struct ldi_arena *arena, struct ld_err *err);

#endif /* LDI_PLAN_CONFIG_READ_H */
