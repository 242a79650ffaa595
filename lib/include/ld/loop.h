/* SPDX-License-Identifier: MIT */
/*
 * ld/loop.h - the event loop of one worker thread.
 *
 * A libuv loop with what drivers share on it: a receive buffer, a cache of
 * resolved names, and a clock that is read when something happened.
 *
 * Threads     a loop belongs to the thread that runs it.
 */
#ifndef LD_LOOP_H
#define LD_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>

struct ld_loop;
struct uv_loop_s;

/* Owned by the engine (or a test): drivers get one and give none back. */
LD_API enum ld_status ld_loop_new(struct ld_loop **loop_out, struct ld_err *err);
/* Every handle on it must have been closed and its callback run. */
LD_API void ld_loop_free(struct ld_loop *loop);

/* The libuv loop, for libraries that join it. */
LD_API struct uv_loop_s *ld_loop_uv(struct ld_loop *loop);

#endif /* LD_LOOP_H */
