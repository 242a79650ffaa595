/* SPDX-License-Identifier: MIT */
/*
 * ld/import.h - foreign files to plans.
 *
 * An importer reads one format and emits tasks, and a loss for everything it
 * could not carry.  The built-in ones are listed in importers/registry.c.
 * Input is hostile: bounded, checked, never executed, never fetched.
 */
#ifndef LD_IMPORT_H
#define LD_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>

/* Whose quoting a command line has. */
enum ld_import_shell {
	LD_IMPORT_SHELL_AUTO,
	LD_IMPORT_SHELL_POSIX, /* sh, bash, zsh */
	LD_IMPORT_SHELL_CMD,   /* cmd.exe */
};

struct ld_import_options {
	const char *const
	    *include;     /* POSIX extended regular expressions that */
	size_t n_include; /* are searched in the URL: any must match */
	const char *const *exclude; /* none may match */
	size_t n_exclude;
	/* What the user asked for; absent ones are not written. */
	const char *user;    /* NULL = absent */
	uint64_t user_count; /* 0 = absent */
	double spawn_rate;   /* 0 = absent */
	double test_time_s;  /* < 0 = absent */
	/* The origin that most requests go to is written as ${var.BASE}, and
	 * as the value of that variable; NULL = URLs stay as they are. */
	const char *base;
	enum ld_import_shell shell;
	bool no_files;    /* read no file that the input names: an error */
	bool action_json; /* the original's document instead of a plan stream */
};

/* What importers write to; implemented by importers/sink.c. */
struct ld_import_sink;

typedef enum ld_status ld_import_fn(const char *name, const char *text,
    size_t len, const struct ld_import_options *options,
    struct ld_import_sink *sink, struct ld_err *err);

struct ld_importer {
	const char *name;    /* "har" */
	const char *summary; /* one line, for --help */
	ld_import_fn *import;
};

LD_API const struct ld_importer *ld_importer_find(
    const char *name, struct ld_err *err);
LD_API const struct ld_importer *const *ld_importers(void);

struct ld_import_count {
	uint64_t tasks;
	uint64_t losses;
};

/*
 * Read `text` (named `name` in errors) and append the plan stream, begin and
 * end included, or the action JSON, to `out`.  On an error `out` holds
 * nothing that looks whole.  Options that make no sense are LD_INVALID with
 * no file in *err.
 */
LD_API enum ld_status ld_import(const struct ld_importer *importer,
    const char *name, const char *text, size_t len,
    const struct ld_import_options *options, struct ld_buf *out,
    struct ld_import_count *count_out, struct ld_err *err);

#endif /* LD_IMPORT_H */
