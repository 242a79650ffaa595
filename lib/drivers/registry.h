/* SPDX-License-Identifier: MIT */
/* drivers/registry.h - what the registry knows without loading anything. */
#ifndef LDI_DRIVERS_REGISTRY_H
#define LDI_DRIVERS_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

struct ld_driver;

/* A user type and the driver that it asks for, in this build or not. */
struct ldi_user_type {
	const char *user;
	const char *driver;
};

/* Every one there is; NULL behind the last. */
const struct ldi_user_type *ldi_user_type_at(size_t i);

/* Is it part of libld, rather than a module or registered? */
bool ldi_driver_is_builtin(const struct ld_driver *driver);

#endif /* LDI_DRIVERS_REGISTRY_H */
