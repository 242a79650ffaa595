/* SPDX-License-Identifier: MIT */
/*
 * importers/curl.h - what the files of the curl importer share.
 *
 * A text becomes commands (curl_words.c, curl_cmd.c), a command operations
 * (curl_args.c, by the table in curl_options.c), and an operation, once all
 * are known, one task per URL (curl_task.c).
 *
 * Memory   all of it belongs to the arena of struct ldi_curl.
 */
#ifndef LDI_IMPORTERS_CURL_H
#define LDI_IMPORTERS_CURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>

#include "base/arena.h"
#include "importers/curl_task.h"
#include "importers/sink.h"

/* The curl whose behaviour is followed, and that a plan claims to be. */
#define LDI_CURL_VERSION "7.88.1"

/* Text of commands, and of one file that they name. */
#define LDI_CURL_MAX_TEXT ((size_t)16 << 20)
#define LDI_CURL_MAX_FILE ((size_t)64 << 20)
/* Files up to this stand in the plan, larger ones are named in it. */
#define LDI_CURL_MAX_EMBED ((size_t)64 << 10)
#define LDI_CURL_MAX_COMMANDS 10000
#define LDI_CURL_MAX_WORDS 10000 /* of a command, its config files included */
#define LDI_CURL_MAX_TASKS 10000 /* of an input: globs multiply */
#define LDI_CURL_MAX_CONFIGS 8   /* config files that name each other */
#define LDI_CURL_MAX_NESTING 8   /* of multipart bodies */
#define LDI_CURL_MAX_HOPS 1000

struct ldi_curl_place {
	const char *file; /* NULL = the input itself */
	unsigned line, column;
};

/*
 * A word as curl would get it.  A variable of the shell, whose value is known
 * when the plan runs, stands in it as "\0NAME\0": no other NUL can be there.
 */
struct ldi_curl_word {
	const char *text; /* NUL-terminated besides; NULL = not given */
	size_t len;
	struct ldi_curl_place at;
	char kind; /* of a piece of a list: what option gave it */
};

struct ldi_curl_words {
	struct ldi_curl_word *list;
	size_t n, cap;
};

struct ldi_curl_command {
	struct ldi_curl_command *next;
	struct ldi_curl_words words;
	struct ldi_curl_word input; /* a here-document */
	bool has_output;            /* something was redirected */
	struct ldi_curl_place output;
};

/* Kinds of struct ldi_curl_op.data. */
enum ldi_curl_data_kind {
	LDI_CURL_DATA = 'd',
	LDI_CURL_DATA_BINARY = 'b',
	LDI_CURL_DATA_RAW = 'r',
	LDI_CURL_DATA_ENCODE = 'u',
	LDI_CURL_DATA_JSON = 'j',
	LDI_CURL_DATA_QUERY = 'q',
	LDI_CURL_FORM = 'F',
	LDI_CURL_FORM_STRING = 'S',
};

/* What one set of options (up to --next) asks for. */
struct ldi_curl_op {
	struct ldi_curl_place at; /* of the command */
	struct ldi_curl_words urls, uploads, data, forms, headers, cookies;
	struct ldi_curl_words query, resolve, connect_to;
	struct ldi_curl_word method, user, bearer, user_agent, referer, range;
	struct ldi_curl_word time_cond, request_target, proto_default;
	struct ldi_curl_word max_time, max_redirs, unix_socket, cookie_jar;
	struct ldi_curl_word cacert, cert, cert_type, key, key_type, pass;
	struct ldi_curl_word input; /* what "-" reads */
	struct ldi_curl_word proxy; /* its kind is a scheme, see curl_proxy.c */
	struct ldi_curl_word proxy_user;
	bool get, head, globoff, path_as_is, form_escape;
	bool location, trusted, post301, post302, post303;
	bool insecure, compressed, junk_session, auth_lost, digest;
	char http_version; /* '0', '1', '2'; 0 = not said */
};

struct ldi_curl_item;

struct ldi_curl {
	struct ldi_arena *arena;
	const char *name; /* of the input, in errors */
	struct ld_import_sink *sink;
	const struct ld_import_options *options;
	/* Operations and losses in the order in which they were met. */
	struct ldi_curl_item *first, **last;
	bool more;     /* one of them needs http_user */
	bool emitting; /* losses go straight to the sink */
	unsigned configs;
	size_t n_words; /* of the command at hand */
	size_t n_tasks;
	struct ld_err *err;
};

/* -- curl_proxy.c --------------------------------------------------------- */

/* Append the URL of the proxy. */
void ldi_curl_proxy_url(const struct ldi_curl_op *op, struct ld_buf *out);
/* Does it ask for what http_user has and fast_http_user has not? */
bool ldi_curl_op_needs_more(const struct ldi_curl_op *op);
/* Is the plan one of http_user? */
bool ldi_curl_wants_more(const struct ldi_curl *curl);

/* -- curl.c --------------------------------------------------------------- */

/* Fail with the place of a word. */
enum ld_status ldi_curl_error(struct ldi_curl *curl,
    const struct ldi_curl_place *at, const char *fmt, ...) LD_PRINTF(3, 4);
enum ld_status ldi_curl_nomem(struct ldi_curl *curl);
/* Say that something is not carried over. */
enum ld_status ldi_curl_lose(struct ldi_curl *curl,
    const struct ldi_curl_place *at, const char *what, const char *why);
enum ld_status ldi_curl_push(struct ldi_curl *curl,
    struct ldi_curl_words *words, const struct ldi_curl_word *word);
/* A copy of the bytes in the arena, as a word. */
enum ld_status ldi_curl_word(struct ldi_curl *curl,
    struct ldi_curl_word *word_out, const char *text, size_t len,
    const struct ldi_curl_place *at);
/* Refuse a word with a variable where its value must be known now. */
enum ld_status ldi_curl_plain(
    struct ldi_curl *curl, const struct ldi_curl_word *word, const char *what);
bool ldi_curl_has_variable(const struct ldi_curl_word *word);
/* An operation is complete. */
enum ld_status ldi_curl_keep(struct ldi_curl *curl, struct ldi_curl_op *op);

/* -- curl_words.c, curl_cmd.c, curl_quote.c ------------------------------- */

/* Append the commands of a text; *first_out is NULL for none. */
enum ld_status ldi_curl_words_read(struct ldi_curl *curl, const char *text,
    size_t len, struct ldi_curl_command **first_out);
enum ld_status ldi_curl_cmd_read(struct ldi_curl *curl, const char *text,
    size_t len, struct ldi_curl_command **first_out);
/* Was it written for cmd.exe, as browsers do? */
bool ldi_curl_cmd_looks(const char *text, size_t len);
/* Decode what stands behind $' up to the closing quote; returns the byte
 * behind it, or NULL when there is none. */
const char *ldi_curl_quote_ansi(
    const char *p, const char *end, struct ld_buf *out);

/* -- curl_args.c, curl_config.c ------------------------------------------- */

/* Words of one command behind its name. */
enum ld_status ldi_curl_args_read(struct ldi_curl *curl,
    const struct ldi_curl_words *words, const struct ldi_curl_word *input,
    const struct ldi_curl_place *at);
/* Read a config file (--config) as words. */
enum ld_status ldi_curl_config_read(struct ldi_curl *curl,
    const struct ldi_curl_word *name, struct ldi_curl_words *words_out);

/* -- curl_file.c ---------------------------------------------------------- */

/* A regular file that the input names, whole; at most max bytes. */
enum ld_status ldi_curl_file_read(struct ldi_curl *curl,
    const struct ldi_curl_word *name, const char *path, struct ld_buf *out);
/* The same, and only its size when it is over LDI_CURL_MAX_EMBED: then
 * nothing is appended. */
enum ld_status ldi_curl_file_embed(struct ldi_curl *curl,
    const struct ldi_curl_word *name, const char *path, struct ld_buf *out,
    uint64_t *size_out);

#endif /* LDI_IMPORTERS_CURL_H */
