/* SPDX-License-Identifier: MIT */
/*
 * data/late.h - when late starts make the figures of a run doubtful.
 *
 * A start is late that comes more than 10 ms behind its time.  The engine
 * judges a run by this at its end, progress while it goes on.
 */
#ifndef LDI_DATA_LATE_H
#define LDI_DATA_LATE_H

/* In parts of all starts. */
#define LDI_LATE_DEGRADED 0.01
#define LDI_LATE_INVALID 0.05
/* Fewer late starts than this are an accident, not a tendency. */
#define LDI_LATE_MANY 10

#endif /* LDI_DATA_LATE_H */
