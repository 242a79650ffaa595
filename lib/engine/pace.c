/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>

#include <ld/rng.h>
#include <ld/time.h>

#include "engine/pace.h"

uint64_t
ldi_pace_user_start_ns(uint64_t user, double spawn_rate)
{
	double seconds;

	if (user == 0 || !(spawn_rate > 0))
		return 0;
	seconds = (double)user / spawn_rate;
	if (seconds >= 1e9) /* thirty years: never */
		return UINT64_MAX;
	return (uint64_t)llround(seconds * 1e9);
}

uint64_t
ldi_pace_wait_ns(
    const struct ld_range_ns *wait, uint64_t seed, uint64_t user, uint32_t pass)
{
	struct ld_rng_key key = {
		.seed = seed, .key = user, .pass = pass, .task = LD_RNG_PASS
	};
	uint64_t span;

	if (wait->max_ns <= wait->min_ns)
		return wait->min_ns;
	span = wait->max_ns - wait->min_ns + 1;
	return wait->min_ns + ld_rng_below(&key, 0, span);
}

bool
ldi_pace_is_mine(uint64_t user, unsigned shards, unsigned shard,
    unsigned threads, unsigned thread)
{
	return user % shards == shard && (user / shards) % threads == thread;
}

uint64_t
ldi_pace_row(uint64_t user, uint32_t pass, uint64_t peak_users)
{
	return (uint64_t)pass * peak_users + user;
}
