/* SPDX-License-Identifier: MIT */
/*
 * reporters/finding.h - what a reader should know before the numbers: a few
 * sentences made by rules, worst first.
 *
 * The sentences are plain text and may quote a plan or a server: encode them
 * for where they go.
 */
#ifndef LDI_REPORTERS_FINDING_H
#define LDI_REPORTERS_FINDING_H

#include <stddef.h>

#include <ld/err.h>
#include <ld/summary.h>

enum ldi_finding_level {
	LDI_FINDING_FINE,
	LDI_FINDING_NOTE,
	LDI_FINDING_WARN, /* the target did not do well */
	LDI_FINDING_STOP, /* the figures cannot be trusted as they stand */
};

struct ldi_finding {
	enum ldi_finding_level level;
	const char *evidence; /* part of the report: "failures", "ledger" ... */
	char text[480];
};

#define LDI_FINDINGS_MAX 5

struct ldi_findings {
	struct ldi_finding at[LDI_FINDINGS_MAX];
	size_t n; /* at least 1 */
};

/* Judge a run.  Deterministic; *out is overwritten. */
void ldi_findings_make(
    const struct ld_run_figures *run, struct ldi_findings *out);

#endif /* LDI_REPORTERS_FINDING_H */
