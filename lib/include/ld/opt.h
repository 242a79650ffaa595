/* SPDX-License-Identifier: MIT */
/*
 * ld/opt.h - the options of a command line, as tables.
 *
 * An option is one row: where its value goes in a struct, what it looks like,
 * what it does.  The parser, --help, the OPTIONS of a man page and the
 * completions of three shells derive from it.  (Keys of a plan are
 * ld/field.h.)  Rows are made by the macros below, which refuse at compile
 * time a field of the wrong type:
 *
 *	static const struct ld_opt options[] = {
 *		LD_OPT_GROUP("Load"),
 *		LD_OPT_COUNT('u', "users", struct config, users, "n", NULL, 1,
 *0, "simulate this many users", LD_OPT_GIVEN(struct config, has_users)),
 *		LD_OPT_DURATION('t', "time", struct config, time_ns, "60s",
 *		    "start nothing new after this long"),
 *		LD_OPT_END,
 *	};
 *
 * Ownership   strings point into argv or into the table.
 * Threads     none.
 */
#ifndef LD_OPT_H
#define LD_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>
#include <ld/field.h>

/* The values of an option that may be repeated, in order. */
struct ld_opt_list {
	const char **items;
	size_t n;
};

enum ld_opt_kind {
	LD_OPT_KIND_END,
	LD_OPT_KIND_GROUP,    /* nothing: a heading, in `help` */
	LD_OPT_KIND_FLAG,     /* bool */
	LD_OPT_KIND_STRING,   /* const char *; NULL = not given */
	LD_OPT_KIND_STRINGS,  /* struct ld_opt_list */
	LD_OPT_KIND_COUNT,    /* uint64_t within [min, max]; max 0 = no limit */
	LD_OPT_KIND_NUMBER,   /* double */
	LD_OPT_KIND_DURATION, /* uint64_t ns */
	LD_OPT_KIND_RANGE,    /* struct ld_range_ns: a duration or MIN..MAX */
	LD_OPT_KIND_RATE,     /* double, events per second */
	LD_OPT_KIND_SIZE,     /* uint64_t bytes */
	LD_OPT_KIND_CHOICE,   /* unsigned, index into choices */
};

/* Values that a shell may offer, NULL behind the last; others are possible. */
typedef const char *const *ld_opt_hints_fn(void);

struct ld_opt {
	enum ld_opt_kind kind;
	char letter;        /* 0 = none */
	const char *name;   /* without the dashes */
	size_t offset;      /* of the value */
	size_t given;       /* 1 + offset of a bool: "was given"; 0 = none */
	const char *arg;    /* what the value is, one word: "file" */
	const char *preset; /* parsed before the command line; NULL = none */
	const char *const *choices; /* NULL behind the last */
	ld_opt_hints_fn *hints;     /* NULL = what `arg` suggests */
	uint64_t min, max;
	bool hidden; /* accepted, but told to nobody */
	/* What it is called elsewhere, blanks between: whoever gives such a
	 * name is told ours.  NULL = nothing else. */
	const char *known_as;
	const char *help; /* a phrase, no full stop */
};

/* Offset of a field, refused by the compiler unless its type is `want`. */
#define LD_OPT_AT(type, field, want) \
	(offsetof(type, field) + 0 * sizeof((want *)0 == &((type *)0)->field))

/* clang-format off */
#define LD_OPT_ROW(what, chr, word, at, ...) \
	{ .kind = LD_OPT_KIND_##what, .letter = (chr), .name = (word), \
	  .offset = (at), .help = __VA_ARGS__ }

#define LD_OPT_GROUP(text) { .kind = LD_OPT_KIND_GROUP, .help = (text) }
#define LD_OPT_END { .kind = LD_OPT_KIND_END }

/* The last argument is the help text; these may follow it. */
#define LD_OPT_GIVEN(type, field) .given = 1 + LD_OPT_AT(type, field, bool)
#define LD_OPT_HIDDEN .hidden = true
#define LD_OPT_KNOWN_AS(words) .known_as = (words)
#define LD_OPT_HINTS(fn) .hints = (fn)

#define LD_OPT_FLAG(chr, word, type, field, ...) \
	LD_OPT_ROW(FLAG, chr, word, LD_OPT_AT(type, field, bool), __VA_ARGS__)
#define LD_OPT_STRING(chr, word, type, field, what, text, ...) \
	LD_OPT_ROW(STRING, chr, word, LD_OPT_AT(type, field, const char *), \
	    __VA_ARGS__, .arg = (what), .preset = (text))
#define LD_OPT_STRINGS(chr, word, type, field, what, ...) \
	LD_OPT_ROW(STRINGS, chr, word, \
	    LD_OPT_AT(type, field, struct ld_opt_list), \
	    __VA_ARGS__, .arg = (what))
#define LD_OPT_COUNT(chr, word, type, field, what, text, least, most, ...) \
	LD_OPT_ROW(COUNT, chr, word, LD_OPT_AT(type, field, uint64_t), \
	    __VA_ARGS__, .arg = (what), .preset = (text), \
	    .min = (least), .max = (most))
#define LD_OPT_NUMBER(chr, word, type, field, what, text, ...) \
	LD_OPT_ROW(NUMBER, chr, word, LD_OPT_AT(type, field, double), \
	    __VA_ARGS__, .arg = (what), .preset = (text))
#define LD_OPT_DURATION(chr, word, type, field, text, ...) \
	LD_OPT_ROW(DURATION, chr, word, LD_OPT_AT(type, field, uint64_t), \
	    __VA_ARGS__, .arg = "duration", .preset = (text))
#define LD_OPT_RANGE(chr, word, type, field, text, ...) \
	LD_OPT_ROW(RANGE, chr, word, \
	    LD_OPT_AT(type, field, struct ld_range_ns), \
	    __VA_ARGS__, .arg = "range", .preset = (text))
#define LD_OPT_RATE(chr, word, type, field, text, ...) \
	LD_OPT_ROW(RATE, chr, word, LD_OPT_AT(type, field, double), \
	    __VA_ARGS__, .arg = "rate", .preset = (text))
#define LD_OPT_SIZE(chr, word, type, field, text, ...) \
	LD_OPT_ROW(SIZE, chr, word, LD_OPT_AT(type, field, uint64_t), \
	    __VA_ARGS__, .arg = "size", .preset = (text))
#define LD_OPT_CHOICE(chr, word, type, field, what, list, text, ...) \
	LD_OPT_ROW(CHOICE, chr, word, LD_OPT_AT(type, field, unsigned), \
	    __VA_ARGS__, .arg = (what), .choices = (list), .preset = (text))
/* clang-format on */

/*
 * Read a command line into `config`, a zeroed struct that gets the presets
 * first.  Options and operands may be mixed; "--" ends the options; "-" is an
 * operand; long names are not abbreviated; short flags may be bundled and a
 * short option's value attached.  Given twice, the last one counts, but for
 * STRINGS.  The operands are moved to argv[1] ... argv[*operands_out], in
 * order.  LD_INVALID with a sentence that quotes the value and, for an
 * unknown option, names the nearest.
 */
LD_API enum ld_status ld_opt_parse(const struct ld_opt *table, void *config,
    int argc, char **argv, int *operands_out, struct ld_err *err);

/* As ld_opt_parse(), but the first operand ends the options too: for commands
 * that run another command. */
LD_API enum ld_status ld_opt_parse_posix(const struct ld_opt *table,
    void *config, int argc, char **argv, int *operands_out, struct ld_err *err);

/* Free the lists in `config`. */
LD_API void ld_opt_clear(const struct ld_opt *table, void *config);

/* -- what derives from a table -------------------------------------------- */

/* A word that may be the first operand, such as a format. */
struct ld_opt_word {
	const char *name;
	const char *summary;
};

/* All that is said of a command. */
struct ld_opt_page {
	const char *command;  /* "ld-run" */
	const char *summary;  /* one line, no full stop */
	const char *operands; /* as in a synopsis: "[plan ...]" */
	const struct ld_opt *options;
	const struct ld_opt_word
	    *words;              /* name NULL behind the last; or NULL */
	const char *words_title; /* "formats" */
	bool runs_command;       /* the operands are another command line */
	/* Command lines (of 65 columns at most, which may be continued), and
	 * what each is good for; or NULL. */
	const struct ld_opt_word *examples;
};

enum ld_opt_style {
	LD_OPT_STYLE_HELP,     /* at most 80 columns */
	LD_OPT_STYLE_MDOC,     /* the list for OPTIONS of a man page */
	LD_OPT_STYLE_EXAMPLES, /* for EXAMPLES of a man page */
	LD_OPT_STYLE_MAN,      /* a whole page: NAME, SYNOPSIS, OPTIONS */
	LD_OPT_STYLE_WORDS,    /* --name, one a line */
	LD_OPT_STYLE_BASH,
	LD_OPT_STYLE_ZSH,
	LD_OPT_STYLE_FISH,
	LD_OPT_STYLE_N,
};

/* The style of that name ("help", "mdoc", ...), or LD_OPT_STYLE_N. */
LD_API enum ld_opt_style ld_opt_style_find(const char *name);

LD_API void ld_opt_describe(const struct ld_opt_page *page,
    enum ld_opt_style style, struct ld_buf *out);

#endif /* LD_OPT_H */
