/* SPDX-License-Identifier: MIT */
/*
 * reporters/asked.h - the rate of arrivals that a run was asked for, as the
 * `arrival` of its `begin` says: from `rate` in straight lines through the
 * stages, a stage without a duration being a step.
 */
#ifndef LDI_REPORTERS_ASKED_H
#define LDI_REPORTERS_ASKED_H

#include <ld/json.h>

struct ldi_asked {
	double rate; /* per second at T0; 0 = none */
	double most; /* that it ever is */
	struct ldi_asked_stage *stages;
	size_t n;
};

/* Without memory it is the rate at T0 that stays. */
void ldi_asked_read(
    struct ldi_asked *asked, const struct ld_json *json, ld_json_ref arrival);
void ldi_asked_clear(struct ldi_asked *asked);
double ldi_asked_at(const struct ldi_asked *asked, double t_ns);

#endif /* LDI_REPORTERS_ASKED_H */
