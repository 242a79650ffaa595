/* SPDX-License-Identifier: MIT */
/*
 * data/late.h - what a late start and a busy second are.
 *
 * The engine judges a run by them at its end, progress while it goes on.
 */
#ifndef LDI_DATA_LATE_H
#define LDI_DATA_LATE_H

/* Fewer late starts than this are an accident, not a tendency. */
#define LDI_LATE_MANY 10
/* CPU time of a sending thread in a second in which it computed all the time:
 * the rest is what the kernel takes to switch. */
#define LDI_BUSY_NS (LD_NS_PER_S * 95 / 100)

#endif /* LDI_DATA_LATE_H */
