/* SPDX-License-Identifier: MIT */
/*
 * drivers/fakes.h - two drivers that prove the contract of ld/driver.h where
 * the real ones do not reach: one blocks, one pushes and closes late.
 *
 * Both watch the engine: a hook called out of order, from the wrong thread or
 * for a session that is gone counts as a breach.
 */
#ifndef TESTS_FAKES_H
#define TESTS_FAKES_H

#include <stdatomic.h>

#include <ld/driver.h>

/* What the engine did since fakes_reset(). */
struct fake_counts {
	atomic_uint runs;     /* opened and not closed */
	atomic_uint workers;  /* the same */
	atomic_uint sessions; /* the same */
	atomic_uint compiles, opens, starts, finishes, cancels, messages;
	atomic_uint freshened;
	atomic_uint flying, most_flying; /* exchanges at once */
	atomic_uint breaches;
};
extern struct fake_counts fake;
void fakes_reset(void);
/* One more exchange is under way. */
void fake_flies(void);

/*
 * fake_blocking_user: start() sleeps `nap`, then answers; with `fail` not at
 * all (LD_CLASS_RESET), and takes `dawdle` to return.  cancel() wakes it,
 * unless the task is `deaf`: then it sleeps on, and finishes when nobody waits
 * any more.
 */
extern const struct ld_driver fake_blocking;

/*
 * fake_pushing_user: answers `after` a while (0: inside start), `push`es that
 * many messages per exchange from a timer, and needs `linger` to close.  A
 * task that is `slow_to_cancel` finishes well after cancel().
 */
extern const struct ld_driver fake_pushing;

#endif /* TESTS_FAKES_H */
