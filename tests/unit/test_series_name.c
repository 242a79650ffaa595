/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "engine/name.h"

static void
check(const char *name, const char *want)
{
	struct ldi_arena *arena = ldi_arena_new();
	struct ld_str got = ldi_series_name(arena, NULL, name);

	assert_non_null(got.data);
	if (got.len != strlen(want) || memcmp(got.data, want, got.len) != 0) {
		print_error("# %s -> %.*s, not %s\n", name, (int)got.len,
		    got.data, want);
		fail();
	}
	ldi_arena_free(arena);
}

static void
secrets_in_a_query_are_masked(void **state)
{
	(void)state;
	check("/a?token=abc", "/a?token=***");
	check("GET /a?x=1&access_token=abc&y=2",
	    "GET /a?x=1&access_token=***&y=2");
	check("http://h/?API_KEY=k#f", "http://h/?API_KEY=***#f");
	check("/a?apikey=k&accessToken=t", "/a?apikey=***&accessToken=***");
	check("/a?password=p;sig=q", "/a?password=***;sig=***");
}

static void
what_is_no_secret_stays(void **state)
{
	(void)state;
	check("/item/${id}", "/item/${id}");
	check("/a?page=1&monkey=2&token", "/a?page=1&monkey=2&token");
	check("/a?token=${var.token}&key=", "/a?token=${var.token}&key=");
	check("what? a name & no=query", "what? a name & no=query");
	check("", "");
}

static void
long_names_are_cut_between_characters(void **state)
{
	char name[1200], want[600];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[508] = (char)0xc3;
	name[509] = (char)0xa9;
	name[sizeof(name) - 1] = '\0';
	memset(want, 'a', 508);
	memcpy(want + 508, "...", 4);
	check(name, want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_in_a_query_are_masked),
		cmocka_unit_test(what_is_no_secret_stays),
		cmocka_unit_test(long_names_are_cut_between_characters),
	};

	return cmocka_run_group_tests_name("series name", tests, NULL, NULL);
}
