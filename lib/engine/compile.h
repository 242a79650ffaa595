/* SPDX-License-Identifier: MIT */
/*
 * engine/compile.h - what a driver's compile() may use.
 */
#ifndef LDI_ENGINE_COMPILE_H
#define LDI_ENGINE_COMPILE_H

#include <ld/driver.h>

#include "plan/bind.h"
#include "plan/check.h"

struct ld_compile {
	struct ldi_bind *bind;
	const struct ldi_checks *checks; /* of the task being compiled */
};

#endif /* LDI_ENGINE_COMPILE_H */
