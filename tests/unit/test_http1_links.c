/* SPDX-License-Identifier: MIT */
/* The connections of one session, against servers that count theirs. */
#include "config.h"

#include <stdlib.h>
#include <uv.h>

#include <ld/json.h>
#include <ld/target.h>

#include "http1_stage.h"

#define SERVERS (LDI_H1_LINKS + 1)
#define GET_JSON "GET /json HTTP/1.1\r\nHost: x\r\n\r\n"

static struct ld_target *servers[SERVERS];
static struct ldi_url_origin origins[SERVERS];

static int
setup(void **state)
{
	struct ld_target_options options = { 0 };
	char url[64];
	size_t rest;

	http1_setup(state);
	stage_request("GET", GET_JSON);
	for (unsigned i = 0; i < SERVERS; i++) {
		assert_int_equal(
		    ld_target_start(&options, &servers[i], NULL), LD_OK);
		snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
		    ld_target_port(servers[i]));
		assert_null(
		    ldi_url_origin_parse(url, strlen(url), &origins[i], &rest));
	}
	return 0;
}

static int
teardown(void **state)
{
	http1_teardown(state);
	for (unsigned i = 0; i < SERVERS; i++)
		ld_target_stop(servers[i]);
	return 0;
}

static uint64_t
connections(unsigned server)
{
	struct ld_json json;
	struct ld_buf counts;
	uint64_t n = UINT64_MAX;

	ld_json_init(&json);
	ld_buf_init(&counts, 1 << 20);
	ld_target_counts(servers[server], &counts);
	assert_int_equal(
	    ld_json_parse(&json, counts.data, counts.len, 0, NULL), LD_OK);
	ld_json_u64(&json, ld_json_get(&json, LD_JSON_ROOT, "connections"), &n);
	ld_json_clear(&json);
	ld_buf_clear(&counts);
	return n;
}

static void
visit(unsigned server)
{
	step.request.constant.origin = &origins[server];
	exchange_once();
	expect(LD_CLASS_NONE, 200, 1, 1);
}

static void
each_origin_keeps_its_connection(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		visit(0);
		visit(1);
	}
	assert_int_equal(connections(0), 1);
	assert_int_equal(connections(1), 1);
}

static void
the_one_unused_for_longest_gives_way(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LDI_H1_LINKS; i++)
		visit(i);
	visit(0);            /* so that 1 is the oldest */
	visit(LDI_H1_LINKS); /* takes its place */
	for (unsigned i = 0; i < SERVERS; i++) {
		if (i != 1)
			visit(i);
		assert_int_equal(connections(i), 1);
	}
	visit(1);
	assert_int_equal(connections(1), 2);
}

static void
a_connection_closed_while_another_is_used_is_opened_anew(void **state)
{
	struct ldi_h1_link *link;

	(void)state;
	visit(0);
	link = session.link;
	visit(1);
	ld_target_stop(servers[0]);
	servers[0] = NULL;
	for (int i = 0; i < 10000 && link->at != NULL; i++)
		uv_run(ld_loop_uv(h1_loop), UV_RUN_ONCE);
	assert_null(link->at);
	visit(1);
	step.request.constant.origin = &origins[0];
	exchange_once();
	expect(LD_CLASS_REFUSED, -1, 1, 0);
	visit(1);
	assert_int_equal(connections(1), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_origin_keeps_its_connection),
		TEST(the_one_unused_for_longest_gives_way),
		TEST(a_connection_closed_while_another_is_used_is_opened_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
