/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

#include "run_signals.h"

/* A handler has no other way to its data. */
static struct ld_control control;
static volatile sig_atomic_t first;
static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
#define N_ENDING (sizeof(ending) / sizeof(ending[0]))
static volatile sig_atomic_t caught[N_ENDING];
static atomic_bool asked;

static void
on_signal(int sig)
{
	if (first == 0) {
		first = sig;
		atomic_store(&control.reason, "signal");
		atomic_store(&control.stop, 1);
	} else {
		/* The third ends us as if we caught none: there may be a
		 * reader that neither reads on nor leaves. */
		atomic_store(&control.stop, 2);
		for (size_t i = 0; i < N_ENDING; i++)
			if (caught[i])
				signal(ending[i], SIG_DFL);
	}
}

static void
on_question(int sig)
{
	(void)sig;
	atomic_store(&asked, true);
}

void
run_signals_listen(void)
{
	struct sigaction act = { .sa_handler = on_question,
		.sa_flags = SA_RESTART };

	sigemptyset(&act.sa_mask);
	sigaction(SIGUSR1, &act, NULL);
}

bool
run_signals_asked(void)
{
	return atomic_load(&asked);
}

void
run_signals_answered(void)
{
	atomic_store(&asked, false);
}

struct ld_control *
run_signals_control(void)
{
	return &control;
}

void
run_signals_catch(void)
{
	struct sigaction act = { .sa_handler = on_signal,
		.sa_flags = SA_RESTART };

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < N_ENDING; i++)
		sigaddset(&act.sa_mask, ending[i]);
	for (size_t i = 0; i < N_ENDING; i++) {
		struct sigaction old;

		if (sigaction(ending[i], NULL, &old) != 0 ||
		    old.sa_handler == SIG_IGN)
			continue;
		caught[i] = 1;
		sigaction(ending[i], &act, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

int
run_signals_first(void)
{
	return first;
}
