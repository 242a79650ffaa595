/* SPDX-License-Identifier: MIT */
/*
 * ld/validity.h - when the figures of a run are doubtful, and when they are
 * not to be believed: one row for each thing that is measured.
 *
 * Something measured above its first threshold makes a run degraded, above
 * its second invalid.  A threshold that is infinite never does.
 */
#ifndef LD_VALIDITY_H
#define LD_VALIDITY_H

#include <stddef.h>

#include <ld/api.h>
#include <ld/err.h>

enum ld_rule_unit {
	LD_RULE_SHARE, /* 0 to 1 */
	LD_RULE_COUNT,
	LD_RULE_TIME, /* nanoseconds */
};

/* clang-format off */
#define LD_RULE_MAP(X) \
	X(LATE, "late", SHARE, 0.01, 0.05, \
	    "requests sent more than 10 ms behind their time, of all; fewer " \
	    "than ten degrade at most") \
	X(BUSY, "busy", SHARE, 0.5, HUGE_VAL, \
	    "seconds in which a sending thread computed all the time, of all") \
	X(MISSED, "missed", SHARE, 0, HUGE_VAL, \
	    "arrivals that found every session busy, of all planned") \
	X(SHED, "shed", COUNT, 0, HUGE_VAL, \
	    "samples that could not be written") \
	X(LOCAL, "local", COUNT, 0, 0, \
	    "requests that failed for want of something on this host") \
	X(CLOCK, "clock", TIME, 1e8, 1e8, \
	    "the largest step of the wall clock") \
	X(SUSPEND, "suspend", TIME, 1e8, 1e8, \
	    "how long this host was suspended") \
	X(STALL, "stall", TIME, 5e8, 2e9, \
	    "the longest time in which this process did not run")
/* clang-format on */

enum ld_rule {
#define X(name, ...) LD_RULE_##name,
	LD_RULE_MAP(X)
#undef X
	    LD_RULE_N
};

struct ld_rule_row {
	const char *name;
	enum ld_rule_unit unit;
	double degraded, invalid; /* unless somebody says else */
	const char *help;
};
LD_API const struct ld_rule_row *ld_rules(void); /* LD_RULE_N of them */

struct ld_thresholds {
	struct {
		double degraded, invalid;
	} of[LD_RULE_N];
};

LD_API void ld_thresholds_init(struct ld_thresholds *thresholds);

/* NAME=DEGRADED[:INVALID]: a share as 0.02 or 2%, a count, or a duration; "off"
 * is never.  With one alone the other is the same for a rule that only
 * invalidates, and otherwise stays. */
LD_API enum ld_status ld_thresholds_set(
    struct ld_thresholds *thresholds, const char *text, struct ld_err *err);

#endif /* LD_VALIDITY_H */
