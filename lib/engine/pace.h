/* SPDX-License-Identifier: MIT */
/*
 * engine/pace.h - when things are due: pure functions of the plan.
 *
 * No clock and no state, so they are tested without either, and every thread
 * and machine computes the same schedule.
 *
 * Units       nanoseconds after the run's T0.
 */
#ifndef LDI_ENGINE_PACE_H
#define LDI_ENGINE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/plan.h>

/* Closed model: user u starts at u / spawn_rate. */
uint64_t ldi_pace_user_start_ns(uint64_t user, double spawn_rate);

/* How long a user waits behind pass `pass`: uniform over the range, the same
 * for the same (seed, user, pass). */
uint64_t ldi_pace_wait_ns(const struct ld_range_ns *wait, uint64_t seed,
    uint64_t user, uint32_t pass);

/* Which of `threads` sends for user `user` of shard `shard` of `shards`. */
bool ldi_pace_is_mine(uint64_t user, unsigned shards, unsigned shard,
    unsigned threads, unsigned thread);

/* The CSV row of a pass in the closed model; peak = the highest number of
 * users of the run. */
uint64_t ldi_pace_row(uint64_t user, uint32_t pass, uint64_t peak_users);

#endif /* LDI_ENGINE_PACE_H */
