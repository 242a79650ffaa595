/* SPDX-License-Identifier: MIT */
/*
 * engine/clockwatch.h - did time pass as it should while the run went on?
 *
 * Three clocks are compared at each look: the monotonic one, by which all is
 * measured; the one that also counts while the host is suspended; and the
 * wall clock, which somebody may set.  No clock is read here.
 */
#ifndef LDI_ENGINE_CLOCKWATCH_H
#define LDI_ENGINE_CLOCKWATCH_H

#include <stdint.h>

/* All at once, in nanoseconds. */
struct ldi_clocks {
	uint64_t monotonic, boot, wall;
};

/* Less is how clocks are read and adjusted. */
#define LDI_CLOCK_NOISE_NS UINT64_C(50000000)
/* The kernel slews the wall clock by at most 500 parts in a million, as NTP
 * asks for: that is no step. */
#define LDI_CLOCK_SLEW 2000

struct ldi_clockwatch {
	struct ldi_clocks first, last;
	int64_t told_off;    /* of the wall clock, when a step was told last */
	uint64_t told_boot;  /* and when that was */
	uint64_t step_ns;    /* of the wall clock, the largest, either way */
	uint64_t suspend_ns; /* in all */
	uint64_t stall_ns;   /* between two looks, the longest beyond `every` */
	uint64_t every_ns;   /* how often there is a look */
};

struct ldi_clocknews {
	uint64_t step_ns, suspend_ns, stall_ns; /* of this look; 0 = nothing */
};

void ldi_clockwatch_begin(struct ldi_clockwatch *watch,
    const struct ldi_clocks *now, uint64_t every_ns);
struct ldi_clocknews ldi_clockwatch_look(
    struct ldi_clockwatch *watch, const struct ldi_clocks *now);

#endif /* LDI_ENGINE_CLOCKWATCH_H */
