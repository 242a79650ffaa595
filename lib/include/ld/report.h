/* SPDX-License-Identifier: MIT */
/*
 * ld/report.h - documents made from the figures of runs.
 *
 * A reporter is one constant struct; the list of built-in ones is in
 * reporters/registry.c.  The same stream gives the same bytes: no clock, no
 * random ids, no locale.  Everything from a server or a plan is escaped for
 * where it goes.
 */
#ifndef LD_REPORT_H
#define LD_REPORT_H

#include <stdbool.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>
#include <ld/summary.h>

struct ld_report_options {
	bool color;        /* text: ANSI colours */
	unsigned width;    /* text: columns of the terminal; 0 = 100 */
	bool csv_raw;      /* csv: text as it is, formulas and all */
	bool annotations;  /* github: commands of a workflow */
	const char *title; /* NULL = the default */
};

/* Append the document to `out`, whose ceiling the caller chose. */
typedef enum ld_status ld_report_write_fn(const struct ld_summary *summary,
    const struct ld_report_options *options, struct ld_buf *out,
    struct ld_err *err);

struct ld_reporter {
	const char *name;    /* "html" */
	const char *summary; /* one line, for --help */
	const char *suffix;  /* of a file: ".html" */
	ld_report_write_fn *write;
};

/* NULL when unknown; *err then names the nearest, status LD_INVALID, or
 * LD_UNSUPPORTED for a format of the design that is not built in. */
LD_API const struct ld_reporter *ld_reporter_find(
    const char *name, struct ld_err *err);
/* All built-in reporters, NULL behind the last. */
LD_API const struct ld_reporter *const *ld_reporters(void);

#endif /* LD_REPORT_H */
