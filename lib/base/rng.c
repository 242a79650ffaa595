/* SPDX-License-Identifier: MIT */
/*
 * The coordinates of a draw are 160 bits, a Philox counter has 128.  Key,
 * pass and task fill the counter; the draw is multiplied by an odd constant
 * and folded into the seed, which is the Philox key.  For one seed the map
 * from coordinates to (key, counter) is one to one, so no two draws of a run
 * use the same block; draw 0 uses the seed as it is.
 */
#include "config.h"

#include <sys/random.h>
#include <unistd.h>

#include <ld/rng.h>
#include <ld/time.h>

#include "base/philox.h"

#define ROUNDS 10
#define MULTIPLIER_0 UINT32_C(0xd2511f53)
#define MULTIPLIER_1 UINT32_C(0xcd9e8d57)
#define WEYL_0 UINT32_C(0x9e3779b9) /* the golden ratio */
#define WEYL_1 UINT32_C(0xbb67ae85) /* the root of three, less one */
#define FOLD UINT64_C(0x9e3779b97f4a7c15)

void
ldi_philox(uint32_t block[4], uint32_t key0, uint32_t key1)
{
	uint32_t a = block[0], b = block[1], c = block[2], d = block[3];

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t p = (uint64_t)MULTIPLIER_0 * a;
		uint64_t q = (uint64_t)MULTIPLIER_1 * c;

		a = (uint32_t)(q >> 32) ^ b ^ key0;
		b = (uint32_t)q;
		c = (uint32_t)(p >> 32) ^ d ^ key1;
		d = (uint32_t)p;
		key0 += WEYL_0;
		key1 += WEYL_1;
	}
	block[0] = a, block[1] = b, block[2] = c, block[3] = d;
}

uint64_t
ld_rng_u64(const struct ld_rng_key *key, uint32_t draw)
{
	uint64_t seed = key->seed ^ draw * FOLD;
	uint32_t block[4] = { (uint32_t)key->key, (uint32_t)(key->key >> 32),
		key->pass, key->task };

	ldi_philox(block, (uint32_t)seed, (uint32_t)(seed >> 32));
	return (uint64_t)block[0] << 32 | block[1];
}

/* The upper half of the 128-bit product. */
static uint64_t
multiply_high(uint64_t a, uint64_t b)
{
	uint64_t a0 = (uint32_t)a, a1 = a >> 32;
	uint64_t b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t mid = a1 * b0 + (a0 * b0 >> 32);
	uint64_t low = a0 * b1 + (uint32_t)mid;

	return a1 * b1 + (mid >> 32) + (low >> 32);
}

uint64_t
ld_rng_below(const struct ld_rng_key *key, uint32_t draw, uint64_t n)
{
	return multiply_high(ld_rng_u64(key, draw), n);
}

double
ld_rng_unit(const struct ld_rng_key *key, uint32_t draw)
{
	return (double)(ld_rng_u64(key, draw) >> 11) * 0x1p-53;
}

uint64_t
ld_rng_seed(void)
{
	uint64_t seed;

	if (getentropy(&seed, sizeof(seed)) == 0)
		return seed;
	/* A kernel without entropy: unlike runs suffice, secrecy is not asked
	 * of a seed that is printed anyway. */
	return (ld_now_ns() ^ (uint64_t)getpid() << 44) * FOLD;
}
