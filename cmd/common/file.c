/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"

#define READ_SIZE ((size_t)64 << 10)

static bool
is_dash(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

const char *
cmd_input_name(const char *path)
{
	return is_dash(path) ? "(stdin)" : path;
}

static const char *
output_name(const char *path)
{
	return is_dash(path) ? "standard output" : path;
}

int
cmd_open_input(const char *path, struct ld_err *err)
{
	struct stat st;
	int fd =
	    is_dash(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1) {
		ld_err_errno(err, errno, "%s", path);
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		ld_err_errno(err, EISDIR, "%s", cmd_input_name(path));
		cmd_close_input(fd);
		return -1;
	}
	return fd;
}

void
cmd_close_input(int fd)
{
	if (fd > STDERR_FILENO)
		close(fd);
}

enum ld_status
cmd_read_input(const char *path, struct ld_buf *out, struct ld_err *err)
{
	int fd = cmd_open_input(path, err);
	enum ld_status st = LD_OK;

	if (fd == -1)
		return LD_IO;
	for (;;) {
		ssize_t n;
		size_t room;

		room = out->max - out->len;
		ld_buf_reserve(
		    out, room == 0 || room > READ_SIZE ? READ_SIZE : room);
		st = ld_buf_status(out, cmd_input_name(path), err);
		if (st != LD_OK)
			break;
		n = read(fd, out->data + out->len, out->cap - out->len);
		if (n == 0)
			break;
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			st = ld_err_errno(
			    err, errno, "%s", cmd_input_name(path));
			break;
		}
		out->len += (size_t)n;
	}
	cmd_close_input(fd);
	return st;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool
is_input(const struct stat *output, const char *input)
{
	struct stat st;
	int failed =
	    is_dash(input) ? fstat(STDIN_FILENO, &st) : stat(input, &st);

	return failed == 0 && same_file(output, &st);
}

static enum cmd_exit
refuse_inputs(int fd, const char *path, const char *const *inputs, size_t n,
    struct ld_err *err)
{
	struct stat output;

	if (fstat(fd, &output) != 0 || !S_ISREG(output.st_mode))
		return CMD_YES;
	for (size_t i = 0; i < n; i++)
		if (is_input(&output, inputs[i]))
			return cmd_usage(err, "%s is also an input (%s)",
			    output_name(path), cmd_input_name(inputs[i]));
	return CMD_YES;
}

static enum cmd_exit
empty(int fd, const char *path, struct ld_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    ftruncate(fd, 0) == 0)
		return CMD_YES;
	ld_err_errno(err, errno, "%s", path);
	return CMD_OUTPUT;
}

enum cmd_exit
cmd_open_output(const char *path, const char *const *inputs, size_t n,
    int *fd_out, struct ld_err *err)
{
	enum cmd_exit status;
	int fd = STDOUT_FILENO;

	if (!is_dash(path))
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd == -1) {
		ld_err_errno(err, errno, "%s", path);
		return CMD_OUTPUT;
	}
	status = refuse_inputs(fd, path, inputs, n, err);
	if (status == CMD_YES && !is_dash(path))
		status = empty(fd, path, err);
	if (status != CMD_YES && !is_dash(path))
		close(fd);
	*fd_out = fd;
	return status;
}

enum ld_status
cmd_write_output(
    int fd, const char *path, const struct ld_buf *content, struct ld_err *err)
{
	size_t done = 0;

	while (done < content->len) {
		ssize_t n =
		    write(fd, content->data + done, content->len - done);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return ld_err_errno(
			    err, errno, "%s", output_name(path));
		done += (size_t)n;
	}
	return LD_OK;
}

enum ld_status
cmd_close_output(int fd, const char *path, struct ld_err *err)
{
	if (!is_dash(path) && close(fd) != 0)
		return ld_err_errno(err, errno, "%s", path);
	return LD_OK;
}
