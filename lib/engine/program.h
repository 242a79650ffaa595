/* SPDX-License-Identifier: MIT */
/*
 * engine/program.h - a run, compiled: steps, series, the driver's blocks.
 *
 * Constant once made; all workers share it.
 */
#ifndef LDI_ENGINE_PROGRAM_H
#define LDI_ENGINE_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include <ld/driver.h>
#include <ld/pins.h>
#include <ld/run.h>

#include "plan/bind.h"
#include "plan/check.h"

struct ldi_step {
	const void *driver_step;
	struct ldi_checks *checks; /* NULL = none */
	unsigned needs;            /* enum ld_needs */
	uint32_t series;
	const char *request_type, *name; /* of the series */
	uint64_t timeout_ns;
};

struct ld_program {
	const struct ld_item *item;
	const struct ld_config *config;
	const struct ld_driver *driver;
	struct ldi_bind *bind;
	struct ld_redactor *redactor; /* borrowed; may be NULL */
	struct ld_pins *pins;         /* NULL = none */
	void *run_block;              /* of the driver */
	void *config_fields;          /* of the driver */
	struct ldi_step *steps;
	uint32_t n_steps, n_compiled;
	struct ld_series_key *series;
	uint32_t n_series;
	bool series_overflow; /* some names became "(other)" */
	const char *target;
	bool tls_unverified; /* some step accepts any certificate */
	bool run_opened;
};

/* program_pins.c: fills p->pins from the plan and the command line. */
enum ld_status ldi_program_pins(struct ld_program *p, struct ld_err *err);

#endif /* LDI_ENGINE_PROGRAM_H */
