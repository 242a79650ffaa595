/* SPDX-License-Identifier: MIT */
/*
 * Where the value of a secret comes from: never from the command line, which
 * everybody on the host can read.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/limits.h>
#include <ld/num.h>
#include <ld/redact.h>

#include "base/file.h"

/* A name that ${secret.NAME} can name. */
static bool
is_name(const char *name, size_t len)
{
	return len > 0 && memchr(name, '}', len) == NULL &&
	       memchr(name, ' ', len) == NULL;
}

static enum ld_status
from_fd(int fd, const char *what, struct ld_buf *value, struct ld_err *err)
{
	return ldi_file_read(fd, value, what, err);
}

static enum ld_status
from_file(const char *path, struct ld_buf *value, struct ld_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum ld_status st;

	if (fd < 0)
		return ld_err_errno(err, errno, "%s", path);
	st = from_fd(fd, path, value, err);
	close(fd);
	return st;
}

static enum ld_status
from_number(const char *text, struct ld_buf *value, struct ld_err *err)
{
	char what[32];
	int64_t fd;

	if (ld_num_i64(text, strlen(text), &fd, NULL) != LD_OK || fd < 0 ||
	    fd > INT32_MAX)
		return ld_err_set(err, LD_INVALID,
		    "'%.40s' is no number of a descriptor", text);
	snprintf(what, sizeof(what), "descriptor %d", (int)fd);
	return from_fd((int)fd, what, value, err);
}

static enum ld_status
from_variable(const char *name, struct ld_buf *value, struct ld_err *err)
{
	const char *text = getenv(name);

	if (text == NULL)
		return ld_err_set(err, LD_INVALID,
		    "the environment has no variable '%.100s'", name);
	ld_buf_adds(value, text);
	return LD_OK;
}

static enum ld_status
read_source(const char *source, struct ld_buf *value, struct ld_err *err)
{
	if (source[0] == '@')
		return from_file(source + 1, value, err);
	if (strncmp(source, "env:", 4) == 0)
		return from_variable(source + 4, value, err);
	if (strncmp(source, "fd:", 3) == 0)
		return from_number(source + 3, value, err);
	/* It may be the secret itself: it is not repeated. */
	return ld_err_set(err, LD_INVALID,
	    "the value comes from @FILE, env:VARIABLE or fd:NUMBER, never from "
	    "the command line, which others can read");
}

enum ld_status
ld_redactor_option(
    struct ld_redactor *redactor, const char *option, struct ld_err *err)
{
	const char *eq = strchr(option, '=');
	struct ld_buf value;
	enum ld_status st;
	char *name;

	if (eq == NULL || !is_name(option, (size_t)(eq - option)))
		return ld_err_set(err, LD_INVALID,
		    "give it as NAME=@FILE, NAME=env:VARIABLE or "
		    "NAME=fd:NUMBER");
	name = strndup(option, (size_t)(eq - option));
	if (name == NULL)
		return ld_err_set(err, LD_NOMEM, "a secret");
	ld_buf_init(&value, LD_MAX_SECRET_BYTES + 2);
	st = read_source(eq + 1, &value, err);
	/* The end of its only line is the editor's. */
	if (st == LD_OK && value.len > 0 && value.data[value.len - 1] == '\n')
		value.len--;
	if (st == LD_OK && value.len > 0 && value.data[value.len - 1] == '\r')
		value.len--;
	if (st == LD_OK)
		st = ld_buf_status(&value, name, err);
	if (st == LD_OK)
		st = ld_redactor_secret(redactor, name,
		    value.len > 0 ? value.data : "", value.len, err);
	if (st != LD_OK && st != LD_NOMEM)
		ld_err_context(err, "secret '%s'", name);
	if (value.data != NULL)
		explicit_bzero(value.data, value.len);
	ld_buf_clear(&value);
	free(name);
	return st;
}
