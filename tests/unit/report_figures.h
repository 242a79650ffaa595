/* SPDX-License-Identifier: MIT */
/*
 * Figures of runs made by hand, for tests of reporters: feed requests, get
 * what a summary of them would hold.
 */
#ifndef TESTS_REPORT_FIGURES_H
#define TESTS_REPORT_FIGURES_H

#include "reporters/view.h"

#define MS UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)

struct figures {
	struct ld_run_figures run;
	const struct ld_run_figures *list[1];
	struct ldi_view view; /* of this run alone */
	struct ld_report_options options;
	uint64_t random;
};

struct request {
	size_t series;
	uint64_t intended_ns, lag_ns, service_ns;
	enum ld_outcome_kind outcome;
	enum ld_class cls;
	const char *text;
	uint64_t bytes_in;
};

/* A run of `n` series, `/series/I` unless named later, and `slots` seconds. */
struct figures *figures_new(size_t n, size_t slots);
void figures_free(struct figures *f);
void figures_add(struct figures *f, const struct request *request);
/* Totals, balance, the view. */
void figures_finish(struct figures *f);
uint64_t figures_random(struct figures *f, uint64_t below);

/* 60 s, 50 users that ramp up, four series, a stall at 31 s, failures of two
 * classes. */
struct figures *figures_demo(void);
/* A run without any request. */
struct figures *figures_empty(void);
/* `n` requests of one series, each 5 ms, in the first second. */
struct figures *figures_few(size_t n);
/* Names and texts that try to break out of a document. */
struct figures *figures_hostile(void);

/* A document of the view; freed by the caller. */
char *figures_write(const struct figures *f, ldi_view_write_fn *write);

/* Compare with $srcdir/tests/data/reports/NAME.  When they differ, the text
 * is left in the working directory as NAME.new and the test fails. */
void figures_golden(const char *name, const char *text);

#endif /* TESTS_REPORT_FIGURES_H */
