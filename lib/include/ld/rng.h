/* SPDX-License-Identifier: MIT */
/*
 * ld/rng.h - random numbers by counter: no state, no order.
 *
 * A draw is a pure function of (seed, key, pass, task, number of the draw),
 * so the same seed gives the same values whatever the number of threads, and
 * any single arrival can be sent again.  The function is Philox 4x32-10
 * (Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3",
 * SC 2011): the seed, with the number of the draw folded in, is its key, the
 * other numbers are its counter.
 */
#ifndef LD_RNG_H
#define LD_RNG_H

#include <stdint.h>

#include <ld/api.h>

/* Whose values: the coordinates of one task of one pass. */
struct ld_rng_key {
	uint64_t seed;
	uint64_t key;  /* user, or arrival */
	uint32_t pass; /* 0 in the open model */
	uint32_t task; /* LD_RNG_PASS for draws that belong to the pass */
};

#define LD_RNG_PASS UINT32_C(0xffffffff)
/* For the gap in front of an arrival. */
#define LD_RNG_ARRIVAL UINT32_C(0xfffffffe)

/* Draw number `draw`: 64 uniform bits. */
LD_API uint64_t ld_rng_u64(const struct ld_rng_key *key, uint32_t draw);

/* Uniform in [0, n) without bias beyond 2^-64; n > 0. */
LD_API uint64_t ld_rng_below(
    const struct ld_rng_key *key, uint32_t draw, uint64_t n);

/* Uniform in [0, 1) with 53 bits. */
LD_API double ld_rng_unit(const struct ld_rng_key *key, uint32_t draw);

/* A seed from the system, for runs that name none. */
LD_API uint64_t ld_rng_seed(void);

#endif /* LD_RNG_H */
