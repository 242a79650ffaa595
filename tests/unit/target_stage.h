/* SPDX-License-Identifier: MIT */
/*
 * target_stage.h - a server of ld/target.h that the tests of a group ask.
 */
#ifndef TESTS_TARGET_STAGE_H
#define TESTS_TARGET_STAGE_H

#include <stdint.h>

extern uint16_t target_port;

/* Fixtures of a group: 0 when it went well. */
int target_setup(void **state);
int target_teardown(void **state);
/* One request; the test fails unless the status is this one and `want` stands
 * in head or body. */
void target_check(const char *line, const char *headers, const char *body,
    unsigned status, const char *want);

#endif /* TESTS_TARGET_STAGE_H */
