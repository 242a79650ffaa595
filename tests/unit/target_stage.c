/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ld/target.h>

#include "raw.h"
#include "target_stage.h"

static struct ld_target *target;
uint16_t target_port;

int
target_setup(void **state)
{
	struct ld_target_options options = { 0 };

	(void)state;
	if (ld_target_start(&options, &target, NULL) != LD_OK)
		return -1;
	target_port = ld_target_port(target);
	return 0;
}

int
target_teardown(void **state)
{
	(void)state;
	ld_target_stop(target);
	return 0;
}

void
target_check(const char *line, const char *headers, const char *body,
    unsigned status, const char *want)
{
	raw_expect(target_port, line, headers, body, status, want);
}
