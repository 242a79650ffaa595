/* SPDX-License-Identifier: MIT */
/* Which driver serves a user type, and what is said when none does. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/fakes.h"

static const struct ld_driver *
find(const char *user)
{
	const struct ld_driver *driver = NULL;
	struct ld_err err = LD_ERR_INIT;

	if (ld_driver_for_user(user, &driver, &err) != LD_OK)
		fail_msg("%s: %s", user, err.text);
	return driver;
}

static void
expect_error(const char *user, enum ld_status want, const char *text)
{
	const struct ld_driver *driver = NULL;
	struct ld_err err = LD_ERR_INIT;

	assert_int_equal(ld_driver_for_user(user, &driver, &err), want);
	assert_null(driver);
	assert_string_equal(err.text, text);
}

static void
every_driver_is_found_by_the_user_types_it_names(void **state)
{
	const struct ld_driver *driver;
	size_t n = 0;

	(void)state;
	for (; (driver = ld_driver_at(n)) != NULL; n++) {
		assert_int_equal(driver->abi, LD_DRIVER_ABI);
		for (size_t i = 0; driver->users[i] != NULL; i++)
			assert_ptr_equal(find(driver->users[i]), driver);
	}
	assert_null(ld_driver_at(n + 1));
	assert_null(ld_driver_at(SIZE_MAX));
}

static void
not_in_this_build_is_told_from_unknown(void **state)
{
	(void)state;
	expect_error("mongo_user", LD_UNSUPPORTED,
	    "user type 'mongo_user' is not in this build: it needs the driver "
	    "'mongo'");
	expect_error("mongos_user", LD_INVALID,
	    "there is no user type 'mongos_user'; did you mean 'mongo_user'?");
	expect_error(
	    "../../evil", LD_INVALID, "there is no user type '../../evil'");
	expect_error("", LD_INVALID, "there is no user type ''");
}

static void
the_newest_registered_wins(void **state)
{
	static const char *const users[] = { "mongo_user", "fake_user", NULL };
	static struct ld_driver first, second;

	(void)state;
	first = second = fake_blocking;
	first.users = second.users = users;
	assert_int_equal(ld_driver_register(&first, NULL), LD_OK);
	assert_ptr_equal(find("mongo_user"), &first);
	assert_int_equal(ld_driver_register(&second, NULL), LD_OK);
	assert_ptr_equal(find("mongo_user"), &second);
	expect_error("fake_usr", LD_INVALID,
	    "there is no user type 'fake_usr'; did you mean 'fake_user'?");
}

static void
expect_refused(const struct ld_driver *driver, const char *word)
{
	struct ld_err err = LD_ERR_INIT;

	assert_true(ld_driver_register(driver, &err) != LD_OK);
	if (strstr(err.text, word) == NULL)
		fail_msg("'%s' instead of '%s'", err.text, word);
}

static void
a_driver_that_breaks_the_contract_is_refused(void **state)
{
	static const char *const none[] = { NULL };
	struct ld_driver d;

	(void)state;
	d = fake_blocking, d.abi++;
	expect_refused(&d, "ABI");
	d = fake_blocking, d.name = "a/b";
	expect_refused(&d, "name");
	d = fake_blocking, d.users = none;
	expect_refused(&d, "no user type");
	d = fake_blocking, d.compile = NULL;
	expect_refused(&d, "compile");
	d = fake_blocking, d.start = NULL;
	expect_refused(&d, "start");
	d = fake_blocking, d.cancel = NULL;
	expect_refused(&d, "cancel");
	d = fake_blocking, d.task_size = 0;
	expect_refused(&d, "task fields");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_driver_is_found_by_the_user_types_it_names),
		cmocka_unit_test(not_in_this_build_is_told_from_unknown),
		cmocka_unit_test(the_newest_registered_wins),
		cmocka_unit_test(a_driver_that_breaks_the_contract_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
