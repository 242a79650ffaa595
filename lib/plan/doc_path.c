/* SPDX-License-Identifier: MIT */
/* Inputs by name: a file, stdin, or what lies below a directory. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ld/limits.h>

#include "base/file.h"
#include "plan/doc.h"
#include "plan/node.h"

static enum ld_status
placed(const char *path, enum ld_status st, struct ld_err *err)
{
	ld_err_place(err, path, 0, 0);
	return st;
}

static enum ld_status
add_fd(struct ld_doc *doc, const char *path, int fd, struct ld_err *err)
{
	struct ld_buf buf;
	enum ld_status st;

	ld_buf_init(&buf, LD_MAX_DOCUMENT);
	st = ldi_file_read(fd, &buf, "the input", err);
	if (st != LD_OK)
		placed(path, st, err);
	else if (!ldi_doc_note_path(doc, path))
		st = ldi_nomem(err);
	else
		st = ld_doc_add_text(
		    doc, path, buf.data != NULL ? buf.data : "", buf.len, err);
	ld_buf_clear(&buf);
	return st;
}

/* -- directories ---------------------------------------------------------- */

struct walk {
	struct ld_doc *doc;
	unsigned depth, files;
};

static enum ld_status add_directory(
    struct walk *walk, const char *path, struct ld_err *err);

static bool
is_json(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* By bytes, whatever the locale says. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum ld_status
add_file(struct walk *walk, const char *path, struct ld_err *err)
{
	struct stat info;
	enum ld_status st;
	int fd;

	if (walk->files++ == LD_MAX_PLAN_FILES)
		return placed(path,
		    ld_err_set(err, LD_INVALID,
			"a directory holds at most %d plans",
			LD_MAX_PLAN_FILES),
		    err);
	/* Opening a pipe would wait for whoever writes to it. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &info) != 0)
		st = placed(path, ld_err_errno(err, errno, "cannot open"), err);
	else if (!S_ISREG(info.st_mode))
		st = placed(path,
		    ld_err_set(err, LD_INVALID, "this is no regular file"),
		    err);
	else
		st = add_fd(walk->doc, path, fd, err);
	if (fd >= 0)
		close(fd);
	return st;
}

/* A link to a file stands for it; one to a directory could lead in circles
 * and is passed over, as find(1) and grep(1) do. */
static enum ld_status
add_entry(struct walk *walk, const char *path, struct ld_err *err)
{
	struct stat info, target;

	if (lstat(path, &info) != 0)
		return placed(
		    path, ld_err_errno(err, errno, "cannot open"), err);
	if (S_ISDIR(info.st_mode))
		return add_directory(walk, path, err);
	if (!is_json(path) ||
	    (S_ISLNK(info.st_mode) && stat(path, &target) == 0 &&
		S_ISDIR(target.st_mode)))
		return LD_OK;
	return add_file(walk, path, err);
}

static enum ld_status
add_directory(struct walk *walk, const char *path, struct ld_err *err)
{
	struct dirent **entries = NULL;
	struct ld_buf name;
	enum ld_status st = LD_OK;
	int n;

	if (walk->depth++ == LD_MAX_PLAN_DEPTH)
		return placed(path,
		    ld_err_set(err, LD_INVALID,
			"directories of plans are at most %d deep",
			LD_MAX_PLAN_DEPTH),
		    err);
	n = scandir(path, &entries, is_visible, by_name);
	if (n < 0)
		st = placed(path,
		    ld_err_errno(err, errno, "cannot read the directory"), err);
	ld_buf_init(&name, 1 << 16);
	for (int i = 0; i < n; i++) {
		ld_buf_reset(&name);
		ld_buf_addf(&name, "%s/%s", path, entries[i]->d_name);
		if (st == LD_OK && ld_buf_str(&name) == NULL)
			st = ldi_nomem(err);
		if (st == LD_OK)
			st = add_entry(walk, name.data, err);
		free(entries[i]);
	}
	free(entries);
	ld_buf_clear(&name);
	walk->depth--;
	return st;
}

/* -- any ------------------------------------------------------------------ */

enum ld_status
ld_doc_add_path(struct ld_doc *doc, const char *path, struct ld_err *err)
{
	struct walk walk = { .doc = doc };
	struct stat info;
	enum ld_status st;
	int fd;

	if (strcmp(path, "-") == 0)
		return add_fd(doc, path, STDIN_FILENO, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) != 0) {
		st = placed(path, ld_err_errno(err, errno, "cannot open"), err);
	} else if (S_ISDIR(info.st_mode)) {
		st = add_directory(&walk, path, err);
		if (st == LD_OK && walk.files == 0)
			st = placed(path,
			    ld_err_set(err, LD_INVALID,
				"no *.json file in this directory"),
			    err);
	} else {
		st = add_fd(doc, path, fd, err);
	}
	if (fd >= 0)
		close(fd);
	return st;
}
