/* SPDX-License-Identifier: MIT */
/*
 * ld/loop.h - the event loop of one worker thread.
 *
 * A libuv loop with what the streams of a thread share on it: one receive
 * buffer and a cache of resolved names.  Whoever owns the loop runs it with
 * uv_run(); nothing here keeps it alive while no stream is busy.
 *
 * Threads     a loop belongs to the thread that runs it; only ld_loop_post()
 *             may be called from others.
 */
#ifndef LD_LOOP_H
#define LD_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>

struct ld_loop;
struct ld_pins; /* ld/pins.h */
struct uv_loop_s;

/* Owned by the engine (or a test): drivers get one and give none back. */
LD_API enum ld_status ld_loop_new(
    struct ld_loop **loop_out, struct ld_err *err);
/* NULL is allowed.  Streams must have been freed and foreign handles closed;
 * what is still on its way (close callbacks, a name being resolved) is waited
 * for.  Work posted and not yet run is dropped. */
LD_API void ld_loop_free(struct ld_loop *loop);

/* Names that are not to be looked up by streams of this loop; NULL = none.
 * They must outlive its use. */
LD_API void ld_loop_pin(struct ld_loop *loop, const struct ld_pins *pins);

/* The libuv loop, for libraries that join it. */
LD_API struct uv_loop_s *ld_loop_uv(struct ld_loop *loop);

/* Work for the loop's thread; part of whatever it is about, so that handing
 * it over neither allocates nor fails.  The caller fills `run`. */
struct ld_post {
	void (*run)(struct ld_post *post);
	struct ld_post *next; /* the loop's */
};

/* From any thread: have post->run() called on the loop, in the order of
 * posting.  The memory is the loop's until then.  A post wakes a loop, but
 * does not keep uv_run() from returning when there is nothing else. */
LD_API void ld_loop_post(struct ld_loop *loop, struct ld_post *post);

#endif /* LD_LOOP_H */
