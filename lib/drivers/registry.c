/* SPDX-License-Identifier: MIT */
/*
 * Which driver serves a user type.  Registered drivers come first, the newest
 * of them foremost, then those linked into libld (drivers/builtin.h, written
 * by configure), then modules in $(pkglibdir)/drivers.  A module is looked
 * for only under a name from the table below, never under one from a plan,
 * and stays loaded: its code may be on the stack of any thread.
 */
#include "config.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <ld/driver.h>

#include "drivers/builtin.h"
#include "drivers/registry.h"

#define X(name) extern const struct ld_driver ld_driver_##name;
LD_BUILTIN_DRIVERS(X)
#undef X

static const struct ld_driver *const builtin[] = {
#define X(name) &ld_driver_##name,
	LD_BUILTIN_DRIVERS(X)
#undef X
	    NULL,
};

/* Every user type there is, and the driver it asks for.  A type whose driver
 * is not in this build is unsupported, not unknown. */
static const struct ldi_user_type user_types[] = {
#define X(user, driver) { user, driver },
	LD_USER_TYPES(X)
#undef X
	    { "async_http_user", "http2" },
	{ "websocket_user", "websocket" },
	{ "sse_user", "sse" },
	{ "grpc_user", "grpc" },
	{ "mqtt_user", "mqtt" },
	{ "sql_user", "sql" },
	{ "redis_user", "redis" },
	{ "kafka_user", "kafka" },
	{ "mongo_user", "mongo" },
	{ NULL, NULL },
};
#define N_USER_TYPES (sizeof(user_types) / sizeof(user_types[0]) - 1)

#define MAX_REGISTERED 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct ld_driver *registered[MAX_REGISTERED];
static size_t n_registered;

static bool
serves(const struct ld_driver *driver, const char *user)
{
	for (size_t i = 0; driver->users[i] != NULL; i++)
		if (strcmp(driver->users[i], user) == 0)
			return true;
	return false;
}

/* Done once, when a driver arrives; it is trusted from then on. */
static enum ld_status
check(const struct ld_driver *driver, struct ld_err *err)
{
	const char *what = NULL;

	if (driver->abi != LD_DRIVER_ABI)
		return ld_err_set(err, LD_UNSUPPORTED,
		    "the driver is made for another version of libld "
		    "(ABI %u, this is %d)",
		    driver->abi, LD_DRIVER_ABI);
	if (driver->name == NULL || driver->name[0] == '\0' ||
	    strchr(driver->name, '/') != NULL)
		return ld_err_set(err, LD_INVALID, "the driver has no name");
	if (driver->users == NULL || driver->users[0] == NULL)
		what = "serves no user type";
	else if (driver->compile == NULL)
		what = "has no compile hook";
	else if (driver->start == NULL)
		what = "has no start hook";
	else if (driver->cancel == NULL)
		what = "has no cancel hook";
	else if (driver->task_fields != NULL && driver->task_size == 0)
		what = "has task fields but nowhere to put them";
	else if (driver->config_fields != NULL && driver->config_size == 0)
		what = "has config fields but nowhere to put them";
	if (what != NULL)
		return ld_err_set(
		    err, LD_INVALID, "driver '%s' %s", driver->name, what);
	return LD_OK;
}

/* -- modules -------------------------------------------------------------- */

/* By their rows in user_types; NULL = not loaded. */
static const struct ld_driver *loaded[N_USER_TYPES];

/* A library that is not installed yet has its modules beside it: libtool keeps
 * both in directories of this name. */
#define UNINSTALLED "/.libs/"

static enum ld_status
module_path(const char *name, char *path, size_t size, struct ld_err *err)
{
	const char *at;
	Dl_info self;
	int n;

	if (dladdr(user_types, &self) != 0 && self.dli_fname != NULL &&
	    (at = strstr(self.dli_fname, UNINSTALLED "libld.")) != NULL)
		n = snprintf(path, size, "%.*s/lib/drivers/.libs/%s.so",
		    (int)(at - self.dli_fname), self.dli_fname, name);
	else
		n = snprintf(path, size, "%s/drivers/%s.so", PKGLIBDIR, name);
	return n >= 0 && (size_t)n < size
		   ? LD_OK
		   : ld_err_set(err, LD_INVALID, "'%s' is no driver", name);
}

static enum ld_status
open_module(const char *path, const struct ld_driver **out, struct ld_err *err)
{
	const struct ld_driver *driver;
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (module == NULL)
		return ld_err_set(err, LD_UNSUPPORTED,
		    "a driver cannot be loaded: %s", dlerror());
	driver = dlsym(module, "ld_driver_entry");
	if (driver == NULL)
		return ld_err_set(err, LD_UNSUPPORTED,
		    "%s is no driver: it lacks ld_driver_entry", path);
	if (check(driver, err) != LD_OK)
		return ld_err_context(err, "%s", path);
	*out = driver;
	return LD_OK;
}

/* The module of a user type; *out stays NULL when there is none. */
static enum ld_status
load(size_t row, const struct ld_driver **out, struct ld_err *err)
{
	char path[PATH_MAX];
	enum ld_status st;

	if (loaded[row] == NULL) {
		st = module_path(
		    user_types[row].driver, path, sizeof(path), err);
		if (st == LD_OK && access(path, F_OK) == 0)
			st = open_module(path, &loaded[row], err);
		if (st != LD_OK)
			return st;
	}
	*out = loaded[row];
	return LD_OK;
}

/* -- finding -------------------------------------------------------------- */

/* Nearest of all user types, those of registered drivers included. */
static const char *
nearest(const char *user)
{
	const char *names[256];
	size_t n = 0;

	for (size_t i = 0; i < N_USER_TYPES; i++)
		names[n++] = user_types[i].user;
	for (size_t i = 0; i < n_registered; i++)
		for (size_t k = 0; registered[i]->users[k] != NULL &&
				   n < sizeof(names) / sizeof(names[0]);
		     k++)
			names[n++] = registered[i]->users[k];
	return ld_err_nearest(user, names, n, sizeof(names[0]));
}

static const struct ld_driver *
find_linked(const char *user)
{
	for (size_t i = n_registered; i-- > 0;)
		if (serves(registered[i], user))
			return registered[i];
	for (size_t i = 0; builtin[i] != NULL; i++)
		if (serves(builtin[i], user))
			return builtin[i];
	return NULL;
}

static bool
is_builtin_name(const char *name)
{
	for (size_t i = 0; builtin[i] != NULL; i++)
		if (strcmp(builtin[i]->name, name) == 0)
			return true;
	return false;
}

static enum ld_status
find(const char *user, const struct ld_driver **out, struct ld_err *err)
{
	size_t row = 0;
	const char *near;

	*out = find_linked(user);
	if (*out != NULL)
		return LD_OK;
	while (row < N_USER_TYPES && strcmp(user_types[row].user, user) != 0)
		row++;
	if (row == N_USER_TYPES) {
		near = nearest(user);
		return near == NULL ? ld_err_set(err, LD_INVALID,
					  "there is no user type '%s'", user)
				    : ld_err_set(err, LD_INVALID,
					  "there is no user type '%s'; did you "
					  "mean '%s'?",
					  user, near);
	}
	if (load(row, out, err) != LD_OK)
		return err != NULL ? err->status : LD_UNSUPPORTED;
	if (*out != NULL && serves(*out, user))
		return LD_OK;
	if (*out != NULL || is_builtin_name(user_types[row].driver)) {
		*out = NULL;
		return ld_err_set(err, LD_UNSUPPORTED,
		    "user type '%s' is one of driver '%s' in configure.ac, and "
		    "none in its struct ld_driver",
		    user, user_types[row].driver);
	}
	return ld_err_set(err, LD_UNSUPPORTED,
	    "user type '%s' is not in this build: it needs the driver '%s'",
	    user, user_types[row].driver);
}

enum ld_status
ld_driver_for_user(
    const char *user, const struct ld_driver **out, struct ld_err *err)
{
	struct ld_err mine = LD_ERR_INIT;
	enum ld_status st;

	pthread_mutex_lock(&lock);
	st = find(user, out, err != NULL ? err : &mine);
	pthread_mutex_unlock(&lock);
	return st;
}

enum ld_status
ld_driver_register(const struct ld_driver *driver, struct ld_err *err)
{
	enum ld_status st = check(driver, err);

	if (st != LD_OK)
		return st;
	pthread_mutex_lock(&lock);
	if (n_registered == MAX_REGISTERED)
		st = ld_err_set(err, LD_NOMEM,
		    "no more than %d drivers can be registered",
		    MAX_REGISTERED);
	else
		registered[n_registered++] = driver;
	pthread_mutex_unlock(&lock);
	return st;
}

const struct ldi_user_type *
ldi_user_type_at(size_t i)
{
	return i < N_USER_TYPES ? &user_types[i] : NULL;
}

bool
ldi_driver_is_builtin(const struct ld_driver *driver)
{
	for (size_t i = 0; builtin[i] != NULL; i++)
		if (builtin[i] == driver)
			return true;
	return false;
}

static const struct ld_driver *
module_at(size_t i)
{
	const struct ld_driver *driver;

	for (size_t row = 0; row < N_USER_TYPES; row++) {
		driver = NULL;
		/* One that cannot be loaded is told of when it is asked for. */
		if (find_linked(user_types[row].user) == NULL &&
		    load(row, &driver, NULL) == LD_OK && driver != NULL &&
		    strcmp(driver->users[0], user_types[row].user) == 0 &&
		    i-- == 0)
			return driver;
	}
	return NULL;
}

const struct ld_driver *
ld_driver_at(size_t i)
{
	const size_t n_builtin = sizeof(builtin) / sizeof(builtin[0]) - 1;
	const struct ld_driver *driver;

	if (i < n_builtin)
		return builtin[i];
	i -= n_builtin;
	pthread_mutex_lock(&lock);
	driver = i < n_registered ? registered[i] : module_at(i - n_registered);
	pthread_mutex_unlock(&lock);
	return driver;
}
