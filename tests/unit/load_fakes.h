/* SPDX-License-Identifier: MIT */
/*
 * load_fakes.h - runs on the fake drivers, with the engine held to its
 * contract with them.
 */
#ifndef TESTS_LOAD_FAKES_H
#define TESTS_LOAD_FAKES_H

#include "drivers/fakes.h"
#include "load.h"

/* For the group: they are there. */
int load_fakes_register(void **state);
/* For each test: nothing is counted yet. */
int load_fakes_setup(void **state);
/* Run it, hold the stream to its laws, and the engine to its contract. */
void load_fakes_run(struct load *load, const char *plan, unsigned threads);

#endif /* TESTS_LOAD_FAKES_H */
