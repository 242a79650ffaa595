/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load_fakes.h"

int
load_fakes_setup(void **state)
{
	(void)state;
	fakes_reset();
	return 0;
}

int
load_fakes_register(void **state)
{
	struct ld_err err = LD_ERR_INIT;

	(void)state;
	return ld_driver_register(&fake_blocking, &err) != LD_OK ||
	       ld_driver_register(&fake_pushing, &err) != LD_OK;
}

void
load_fakes_run(struct load *load, const char *plan, unsigned threads)
{
	load_init(load);
	load->options.run.threads = threads;
	load_whole(load, plan);
	assert_int_equal(atomic_load(&fake.breaches), 0);
	assert_int_equal(atomic_load(&fake.sessions), 0);
	assert_int_equal(atomic_load(&fake.workers), 0);
	assert_int_equal(atomic_load(&fake.runs), 0);
	assert_int_equal(
	    atomic_load(&fake.starts), atomic_load(&fake.finishes));
	assert_int_equal(load->messages, atomic_load(&fake.messages));
}
