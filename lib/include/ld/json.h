/* SPDX-License-Identifier: MIT */
/*
 * ld/json.h - read JSON without changing it; write JSON that is well formed.
 *
 * The reader makes one flat tape of nodes over the caller's text: zero-copy,
 * numbers kept as text (an id of nineteen digits comes back as it was), every
 * node knows its offset, so that errors, lint and editors have line and
 * column.  It accepts and rejects as RFC 8259 says (UTF-8 must be valid, no
 * byte order mark unless LD_JSON_ALLOW_BOM; duplicate keys are the plan
 * layer's business).  No recursion: depth is bounded by a number.
 *
 * Ownership   the text is borrowed for as long as the document is used.
 *             Node memory is reused by the next parse into the same struct:
 *             once grown, parsing allocates nothing.
 * Threads     none for parsing; a parsed document may be read by many.
 */
#ifndef LD_JSON_H
#define LD_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>

enum ld_json_kind {
	LD_JSON_NULL,
	LD_JSON_FALSE,
	LD_JSON_TRUE,
	LD_JSON_NUMBER,
	LD_JSON_STRING,
	LD_JSON_ARRAY,
	LD_JSON_OBJECT,
};

/* A node of the tape.  Children of a container follow it at once; an object's
 * are key, value, key, value.  `skip` nodes on from here stands the next
 * sibling. */
struct ld_json_node {
	uint32_t off;      /* of the first byte in the text; a string's quote */
	uint32_t len;      /* in bytes, quotes and brackets included */
	uint32_t skip;     /* nodes in this subtree, itself included; >= 1 */
	uint32_t kind : 8; /* enum ld_json_kind */
	uint32_t escaped : 1; /* a string with a backslash in it */
	uint32_t count : 23;  /* elements or members; saturates */
};

struct ld_json {
	const char *text;
	size_t len;
	struct ld_json_node *nodes; /* nodes[0] is the root */
	uint32_t n;
	uint32_t cap;
};

/* Index of a node; LD_JSON_NONE = there is none.  Functions that take a ref
 * and give a ref accept LD_JSON_NONE and give it back. */
typedef uint32_t ld_json_ref;
#define LD_JSON_NONE UINT32_MAX
#define LD_JSON_ROOT UINT32_C(0)

enum ld_json_flags {
	LD_JSON_ALLOW_BOM = 1 << 0,      /* skip one UTF-8 BOM in front */
	LD_JSON_ALLOW_TRAILING = 1 << 1, /* stop behind the first value */
};

LD_API void ld_json_init(struct ld_json *doc);
LD_API void ld_json_clear(struct ld_json *doc);

/*
 * Parse `text`.  Failure is LD_SYNTAX with line and column of the offending
 * byte and a sentence saying what was expected, or LD_NOMEM (no memory, or a
 * text over LD_MAX_DOCUMENT); the document is then empty.  Cost: one pass,
 * about 1 ns per byte.
 */
LD_API enum ld_status ld_json_parse(struct ld_json *doc, const char *text,
    size_t len, unsigned flags, struct ld_err *err);

/* Forms for hot paths and for callers that only want to walk. */
LD_API enum ld_json_kind ld_json_kind(
    const struct ld_json *doc, ld_json_ref ref); /* NONE counts as null */
LD_API const char *ld_json_kind_name(enum ld_json_kind kind); /* "object" */
/* First element of an array, first key of an object. */
LD_API ld_json_ref ld_json_first(const struct ld_json *doc, ld_json_ref ref);
/* Next element of the array, or next key of the object, `parent`. */
LD_API ld_json_ref ld_json_next(
    const struct ld_json *doc, ld_json_ref parent, ld_json_ref ref);
/* The value that belongs to a key node. */
LD_API ld_json_ref ld_json_value(const struct ld_json *doc, ld_json_ref key);
LD_API uint32_t ld_json_count(const struct ld_json *doc, ld_json_ref ref);
/* Member by name (the last one when keys repeat), element by index. */
LD_API ld_json_ref ld_json_get(
    const struct ld_json *doc, ld_json_ref object, const char *name);
LD_API ld_json_ref ld_json_getn(const struct ld_json *doc, ld_json_ref object,
    const char *name, size_t len);
LD_API ld_json_ref ld_json_at(
    const struct ld_json *doc, ld_json_ref array, uint32_t index);

/* The node's own text, quotes and brackets included. */
LD_API const char *ld_json_raw(
    const struct ld_json *doc, ld_json_ref ref, size_t *len_out);
/* Does this string node (escapes decoded) equal `text`? */
LD_API bool ld_json_is(
    const struct ld_json *doc, ld_json_ref ref, const char *text);
/* The text of a string that has no escapes, borrowed; false if it has any or
 * is no string. */
LD_API bool ld_json_plain(const struct ld_json *doc, ld_json_ref ref,
    const char **text_out, size_t *len_out);
/* Append the decoded string (\u0000 becomes a NUL byte; a lone surrogate
 * becomes U+FFFD).  A node that is no string: its raw text. */
LD_API void ld_json_text(
    const struct ld_json *doc, ld_json_ref ref, struct ld_buf *out);

/* Exact integers only: 1e3 and 1.0 are integers, 1.5 and what does not fit
 * are not.  False, and *out untouched, when the node is no such number. */
LD_API bool ld_json_u64(
    const struct ld_json *doc, ld_json_ref ref, uint64_t *out);
LD_API bool ld_json_i64(
    const struct ld_json *doc, ld_json_ref ref, int64_t *out);
/* The nearest double; false for what is beyond the largest one. */
LD_API bool ld_json_double(
    const struct ld_json *doc, ld_json_ref ref, double *out);

/* Equal as JSON values: numbers by exact value (1 = 1.0 = 10e-1, and
 * 9007199254740993 differs from ...992), strings decoded, objects by key. */
LD_API bool ld_json_equal(const struct ld_json *a, ld_json_ref a_ref,
    const struct ld_json *b, ld_json_ref b_ref);

/* Line and column (bytes, from 1) of a node or of an offset.  Costs a scan of
 * the text: for error messages. */
LD_API void ld_json_place(const struct ld_json *doc, ld_json_ref ref,
    unsigned *line_out, unsigned *column_out);
LD_API void ld_json_offset_place(
    const char *text, size_t off, unsigned *line_out, unsigned *column_out);

/* Append `text` as a JSON string, quotes included.  Each byte that is no part
 * of valid UTF-8 becomes U+FFFD; control characters, U+2028 and U+2029 are
 * escaped. */
LD_API void ld_json_add_string(
    struct ld_buf *buf, const char *text, size_t len);
/* The same without the quotes. */
LD_API void ld_json_add_chars(struct ld_buf *buf, const char *text, size_t len);
/* Shortest decimal form that reads back as the same double; never "nan". */
LD_API void ld_json_add_double(struct ld_buf *buf, double value);

/*
 * A writer that cannot emit malformed text: commas, colons and, with indent
 * > 0, line breaks are its own business.  Ending what was not begun, a value
 * without a key in an object, and depth over LD_MAX_JSON_DEPTH are bugs of
 * the caller and asserted.  Values at depth 0 follow each other with nothing
 * between them: in NDJSON the caller adds the line feeds.
 */
struct ld_json_out {
	struct ld_buf *buf;
	unsigned indent; /* blanks per level; 0 = one line */
	unsigned depth;
	bool first; /* nothing written at this level yet */
	bool after_key;
	uint8_t kind[32]; /* one bit per level: 1 = object */
};

LD_API void ld_json_out_init(
    struct ld_json_out *out, struct ld_buf *buf, unsigned indent);
LD_API void ld_json_out_object(struct ld_json_out *out);
LD_API void ld_json_out_array(struct ld_json_out *out);
LD_API void ld_json_out_end(struct ld_json_out *out); /* either */
LD_API void ld_json_out_key(struct ld_json_out *out, const char *key);
LD_API void ld_json_out_keyn(
    struct ld_json_out *out, const char *key, size_t len);
LD_API void ld_json_out_string(struct ld_json_out *out, const char *text);
LD_API void ld_json_out_stringn(
    struct ld_json_out *out, const char *text, size_t len);
LD_API void ld_json_out_u64(struct ld_json_out *out, uint64_t value);
LD_API void ld_json_out_i64(struct ld_json_out *out, int64_t value);
LD_API void ld_json_out_double(struct ld_json_out *out, double value);
LD_API void ld_json_out_bool(struct ld_json_out *out, bool value);
LD_API void ld_json_out_null(struct ld_json_out *out);
/* A member: key and value. */
LD_API void ld_json_out_put_string(
    struct ld_json_out *out, const char *key, const char *text);
LD_API void ld_json_out_put_u64(
    struct ld_json_out *out, const char *key, uint64_t value);
/* The same as a string of digits: for what may be larger than 2^53. */
LD_API void ld_json_out_put_big(
    struct ld_json_out *out, const char *key, uint64_t value);
/* A value that is JSON already (the caller vouches for it). */
LD_API void ld_json_out_raw(
    struct ld_json_out *out, const char *json, size_t len);

#endif /* LD_JSON_H */
