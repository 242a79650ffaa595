/* SPDX-License-Identifier: MIT */
/*
 * ld/field.h - the fields of a plan, as tables.
 *
 * A row describes one key of a JSON object and where its value goes in a C
 * struct.  Config, common task fields, each driver's config and task fields
 * are such tables; parser, unknown-field check, JSON Schema, lint, man pages
 * and editors derive from them.  (Rows for command lines are ld/opt.h.)
 *
 * Values      a string may hold placeholders.  TEXT, JSON and PAIRS keep them
 *             as templates; every other kind wants them to be constant once
 *             variables and the environment are known, and says so otherwise.
 *             null means: as if the key were absent.
 * Memory      a struct that receives fields is zeroed, then gets defaults,
 *             then values; what it points to lives as long as the program.
 */
#ifndef LD_FIELD_H
#define LD_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/json.h>

struct ld_template; /* ld/template.h */
struct ld_source;   /* ld/plan.h */

/* A value in some input, with its place. */
struct ld_node {
	const struct ld_source *source;
	const struct ld_json *json;
	ld_json_ref ref; /* LD_JSON_NONE = absent */
};

/* A key and a value that may hold placeholders: headers, params, forms. */
struct ld_pair {
	const struct ld_template *key;
	const struct ld_template *value; /* NULL: see LD_FIELD_NULLS */
	struct ld_node node;             /* of the value */
};
struct ld_pairs {
	const struct ld_pair *items; /* NULL when absent */
	size_t n;
};

struct ld_range_ns {
	uint64_t min_ns;
	uint64_t max_ns;
};

enum ld_field_kind {
	LD_FIELD_TEXT,   /* const struct ld_template *; NULL = absent */
	LD_FIELD_STRING, /* const char *, constant, NUL-terminated; or NULL */
	LD_FIELD_JSON,   /* const struct ld_template * that renders JSON text */
	LD_FIELD_PAIRS,  /* struct ld_pairs; from an object of scalars; an
			    array of scalars repeats its key, null drops it */
	LD_FIELD_BOOL,   /* bool */
	LD_FIELD_COUNT,  /* uint64_t */
	LD_FIELD_NUMBER, /* double */
	LD_FIELD_DURATION, /* uint64_t ns; a bare number is seconds */
	LD_FIELD_RANGE,    /* struct ld_range_ns; a duration or "MIN..MAX" */
	LD_FIELD_SIZE,     /* uint64_t bytes */
	LD_FIELD_RATE,     /* double, per second; a number, or "6k/m" */
	LD_FIELD_CHOICE,   /* unsigned, index into choices; any case */
	LD_FIELD_NODE,     /* struct ld_node, as it stands; any kind */
	LD_FIELD_LATER,    /* nothing: known, but not in this build (an error
			      that says so, unless null or the default) */
	LD_FIELD_IGNORED,  /* nothing: accepted for compatibility; help says why
			    */
};

enum ld_field_flags {
	LD_FIELD_REQUIRED = 1 << 0,
	LD_FIELD_SECRET = 1 << 1, /* never shown in a record or an error */
	LD_FIELD_NULLS = 1 << 2,  /* PAIRS: null does not drop a key, but gives
				     it no value */
};

struct ld_field {
	const char *name;
	const char *alias; /* second spelling, or NULL */
	enum ld_field_kind kind;
	unsigned flags; /* enum ld_field_flags */
	size_t offset;  /* in the struct that receives it */
	/* Was the key present (and not null)?  Offset of a bool, or
	 * LD_FIELD_NO_SEEN. */
	size_t seen_offset;
	/* Default as it would be written in a plan: JSON, or a word that stands
	 * for itself ("GET", "100ms..200ms").  NULL = none; never for NODE. */
	const char *def;
	const char *const *choices; /* CHOICE: names, NULL behind the last */
	const char *help;           /* one line */
	/* JSON Schema of the value, for a NODE or where it is narrower than the
	 * kind, with ' for "; only keywords that draft-07 and 2020-12 share.
	 * NULL = what the kind says. */
	const char *shape;
};

#define LD_FIELD_NO_SEEN SIZE_MAX
#define LD_FIELD_END         \
	{                    \
		.name = NULL \
	}

/* A row whose C type is checked: LD_FIELD(TEXT, struct task, url, "url", ...)
 */
#define LD_FIELD_TYPE_TEXT const struct ld_template *
#define LD_FIELD_TYPE_STRING const char *
#define LD_FIELD_TYPE_JSON const struct ld_template *
#define LD_FIELD_TYPE_PAIRS struct ld_pairs
#define LD_FIELD_TYPE_BOOL bool
#define LD_FIELD_TYPE_COUNT uint64_t
#define LD_FIELD_TYPE_NUMBER double
#define LD_FIELD_TYPE_DURATION uint64_t
#define LD_FIELD_TYPE_RANGE struct ld_range_ns
#define LD_FIELD_TYPE_SIZE uint64_t
#define LD_FIELD_TYPE_RATE double
#define LD_FIELD_TYPE_CHOICE unsigned
#define LD_FIELD_TYPE_NODE struct ld_node
#define LD_FIELD_OFFSET(type, member, want) \
	(offsetof(type, member) + 0 * sizeof((want *)0 == &((type *)0)->member))
#define LD_FIELD(kind_, type, member, name_, def_, help_)                   \
	{                                                                   \
		.name = name_, .kind = LD_FIELD_##kind_,                    \
		.offset =                                                   \
		    LD_FIELD_OFFSET(type, member, LD_FIELD_TYPE_##kind_),   \
		.seen_offset = LD_FIELD_NO_SEEN, .def = def_, .help = help_ \
	}

/* The same for a secret. */
#define LD_FIELD_HIDDEN(kind_, type, member, name_, def_, help_)            \
	{                                                                   \
		.name = name_, .kind = LD_FIELD_##kind_,                    \
		.flags = LD_FIELD_SECRET,                                   \
		.offset =                                                   \
		    LD_FIELD_OFFSET(type, member, LD_FIELD_TYPE_##kind_),   \
		.seen_offset = LD_FIELD_NO_SEEN, .def = def_, .help = help_ \
	}

/* A NODE and what it may be: LD_FIELD_SHAPED(struct task, data, "data",
 * "{'type':['string','object']}", "...") */
#define LD_FIELD_SHAPED(type, member, name_, shape_, help_)                  \
	{                                                                    \
		.name = name_, .kind = LD_FIELD_NODE,                        \
		.offset = LD_FIELD_OFFSET(type, member, LD_FIELD_TYPE_NODE), \
		.seen_offset = LD_FIELD_NO_SEEN, .help = help_,              \
		.shape = shape_                                              \
	}

/* A row that fills no member: LD_FIELD_BARE(LATER, "auth", NULL, NULL, "...")
 */
#define LD_FIELD_BARE(kind_, name_, alias_, def_, help_)                    \
	{                                                                   \
		.name = name_, .alias = alias_, .kind = LD_FIELD_##kind_,   \
		.seen_offset = LD_FIELD_NO_SEEN, .def = def_, .help = help_ \
	}

#endif /* LD_FIELD_H */
