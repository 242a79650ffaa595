/* SPDX-License-Identifier: MIT */
/*
 * The send path allocates nothing: malloc() and its kin are counted on the
 * sending threads, in a short run and in one twenty times as long.  What an
 * exchange allocated would show thousands of times.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ld/target.h>

#include "load.h"

static _Atomic uint64_t allocations;

/* Is this a sending thread?  Its name says so, once it has one: a sanitizer
 * allocates before.  0 = not known yet. */
static _Thread_local int sender;

static void
count(void)
{
	char name[16];

	if (sender == 0) {
		sender = -1; /* so that a nested call does not look again */
		if (pthread_getname_np(pthread_self(), name, sizeof(name)) !=
			0 ||
		    strncmp(name, "ld-", 3) != 0)
			sender = 0;
		else if (strncmp(name, "ld-send-", 8) == 0)
			sender = 1;
	}
	if (sender == 1)
		atomic_fetch_add(&allocations, 1);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
int __sanitizer_install_malloc_and_free_hooks(
    void (*malloc_hook)(const volatile void *, size_t),
    void (*free_hook)(const volatile void *));

static void
on_malloc(const volatile void *block, size_t size)
{
	(void)block, (void)size;
	count();
}

static void
on_free(const volatile void *block)
{
	(void)block;
}

static void
install(void)
{
	assert_true(
	    __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0);
}
#else
/* These take the place of the C library's, whose own names remain. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *block, size_t size);

void *
malloc(size_t size)
{
	count();
	return __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	count();
	return __libc_calloc(n, size);
}

void *
realloc(void *block, size_t size)
{
	count();
	return __libc_realloc(block, size);
}

static void
install(void)
{
}
#endif

typedef void plan_fn(char *plan, size_t size, unsigned port, unsigned passes);

static uint64_t
allocations_of(plan_fn *write_plan, unsigned port, unsigned passes)
{
	struct load load;
	char plan[2048];
	uint64_t before = atomic_load(&allocations);

	load_init(&load);
	write_plan(plan, sizeof(plan), port, passes);
	load_whole(&load, plan);
	assert_int_equal(load.failures, 0);
	assert_true(load.samples >= passes);
	load_clear(&load);
	return atomic_load(&allocations) - before;
}

/* Tallies of further seconds are per second, not per exchange. */
#define PER_RUN_SLACK 400

static void
compare(plan_fn *write_plan, unsigned port)
{
	uint64_t few, many;

	allocations_of(write_plan, port, 50); /* made once per process */
	few = allocations_of(write_plan, port, 200);
	many = allocations_of(write_plan, port, 4000);
	print_message("# %llu allocations in 200 passes, %llu in 4000\n",
	    (unsigned long long)few, (unsigned long long)many);
	assert_true(few > 0); /* the counting works at all */
	assert_true(many < few + PER_RUN_SLACK);
}

static void
null_plan(char *plan, size_t size, unsigned port, unsigned passes)
{
	(void)port;
	snprintf(plan, size,
	    "[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":\"null_user\"}"
	    ","
	    "\"user_count\":2,\"spawn_rate\":1000,\"wait\":0,\"passes\":%u,"
	    "\"tasks\":[{\"name\":\"a\"},{\"name\":\"b\"}]}]]",
	    passes);
}

static void
http1_plan(char *plan, size_t size, unsigned port, unsigned passes)
{
	snprintf(plan, size,
	    "[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":"
	    "\"fast_http_user\"},\"user_count\":2,\"spawn_rate\":1000,"
	    "\"wait\":0,\"passes\":%u,\"tasks\":["
	    "{\"method\":\"get\",\"request_url\":\"http://127.0.0.1:%u/json\","
	    "\"extract\":[{\"var\":\"t\",\"from\":\"json_path\","
	    "\"path\":\"slideshow.title\"}]},"
	    "{\"method\":\"get\",\"request_url\":"
	    "\"http://127.0.0.1:%u/anything?q=${randint(1,1000)}\","
	    "\"headers\":{\"X-Title\":\"${t}\"},"
	    "\"assertions\":[{\"type\":\"status_code\",\"value\":200}]}]}]]",
	    passes, port, port);
}

/* Every kind that works on our own memory; jq programs do not. */
static void
checks_plan(char *plan, size_t size, unsigned port, unsigned passes)
{
	snprintf(plan, size,
	    "[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":"
	    "\"fast_http_user\"},\"user_count\":2,\"spawn_rate\":1000,"
	    "\"wait\":0,\"passes\":%u,\"tasks\":["
	    "{\"method\":\"get\",\"request_url\":\"http://127.0.0.1:%u/json\","
	    "\"assertions\":[{\"type\":\"status_code\",\"value\":[204,\"2xx\"]}"
	    ","
	    "{\"type\":\"header\",\"name\":\"content-type\",\"regex\":\"json\"}"
	    ","
	    "{\"type\":\"jq\",\"filter\":\".slideshow.slides[-1].type\","
	    "\"value\":\"all\"},"
	    "{\"type\":\"json_path\",\"path\":\"slideshow.slides.0.type\","
	    "\"value\":\"all\"},"
	    "{\"type\":\"regex\",\"pattern\":\"(?:.|\\n)*slides\"},"
	    "{\"type\":\"size\",\"min\":1},"
	    "{\"type\":\"time_ms\",\"max\":60000}],"
	    "\"extract\":["
	    "{\"var\":\"a\",\"from\":\"jq\",\"filter\":\".slideshow\"},"
	    "{\"var\":\"b\",\"from\":\"regex\",\"required\":true,"
	    "\"pattern\":\"title\\\": *\\\"([^\\\"]+)\"},"
	    "{\"var\":\"c\",\"from\":\"jq\",\"filter\":\".none\","
	    "\"default\":[\"${b}\"]}]}]}]]",
	    passes, port);
}

/* Cookies that come, change and go, a redirect on the way, a body that waits
 * for its 100. */
static void
http1_flow_plan(char *plan, size_t size, unsigned port, unsigned passes)
{
	snprintf(plan, size,
	    "[[\"LD_start_test\",{\"user_detail_dict\":{\"user\":"
	    "\"fast_http_user\"},\"user_count\":2,\"spawn_rate\":1000,"
	    "\"host\":\"http://127.0.0.1:%u\",\"wait\":0,\"passes\":%u,"
	    "\"tasks\":[{\"method\":\"get\",\"request_url\":"
	    "\"/cookies/set?sid=${randint(1000,9999)}\"},"
	    "{\"method\":\"post\",\"request_url\":\"/ld/redirect/307/2\","
	    "\"data\":\"x${randint(1,9)}\",\"cookies\":{\"k\":\"v\"},"
	    "\"auth\":{\"type\":\"basic\",\"username\":\"u\","
	    "\"password\":\"${randint(1,9)}\"}},"
	    "{\"method\":\"put\",\"request_url\":\"/put\","
	    "\"headers\":{\"Expect\":\"100-continue\"},\"json\":[1]},"
	    "{\"method\":\"get\",\"request_url\":"
	    "\"/cookies/delete?sid\"}]}]]",
	    port, passes);
}

static void
the_null_driver_allocates_nothing_per_exchange(void **state)
{
	(void)state;
	compare(null_plan, 0);
}

static void
http1_with_an_extraction_allocates_nothing_per_exchange(void **state)
{
	struct ld_target_options options = { 0 };
	struct ld_target *target;
	struct ld_err err = LD_ERR_INIT;

	(void)state;
	assert_int_equal(ld_target_start(&options, &target, &err), LD_OK);
	compare(http1_plan, ld_target_port(target));
	ld_target_stop(target);
}

static void
nor_do_cookies_and_redirects(void **state)
{
	struct ld_target_options options = { 0 };
	struct ld_target *target;
	struct ld_err err = LD_ERR_INIT;

	(void)state;
	assert_int_equal(ld_target_start(&options, &target, &err), LD_OK);
	compare(http1_flow_plan, ld_target_port(target));
	ld_target_stop(target);
}

static void
checks_allocate_nothing_per_exchange(void **state)
{
	struct ld_target_options options = { 0 };
	struct ld_target *target;
	struct ld_err err = LD_ERR_INIT;

	(void)state;
	assert_int_equal(ld_target_start(&options, &target, &err), LD_OK);
	compare(checks_plan, ld_target_port(target));
	ld_target_stop(target);
}

int
main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(the_null_driver_allocates_nothing_per_exchange),
		T(http1_with_an_extraction_allocates_nothing_per_exchange),
		T(nor_do_cookies_and_redirects),
		T(checks_allocate_nothing_per_exchange),
	};
#undef T

	install();
	return cmocka_run_group_tests_name("allocations", tests, NULL, NULL);
}
