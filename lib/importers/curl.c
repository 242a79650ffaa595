/* SPDX-License-Identifier: MIT */
/*
 * Command lines of curl, as people type them, scripts hold them and browsers
 * copy them.  Each becomes the tasks that make ld-run send what curl would.
 */
#include "config.h"

#include "importers/curl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <ld/limits.h>

#include "base/map.h"
#include "importers/curl_emit.h"
#include "importers/importers.h"
#include "importers/origin.h"

/* An operation, or a loss that was met in front of the next. */
struct ldi_curl_item {
	struct ldi_curl_item *next;
	const struct ldi_curl_op *op;
	const char *place, *what, *why;
};

/* -- errors and losses ---------------------------------------------------- */

enum ld_status
ldi_curl_error(struct ldi_curl *curl, const struct ldi_curl_place *at,
    const char *fmt, ...)
{
	char text[sizeof(curl->err->text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ld_err_set(curl->err, LD_INVALID, "%s", text);
	if (curl->err != NULL)
		ld_err_place(curl->err,
		    at->file != NULL ? at->file : curl->name, at->line,
		    at->column);
	return LD_INVALID;
}

enum ld_status
ldi_curl_nomem(struct ldi_curl *curl)
{
	ld_err_set(curl->err, LD_NOMEM, "the commands are too large");
	if (curl->err != NULL)
		ld_err_place(curl->err, curl->name, 1, 1);
	return LD_NOMEM;
}

static enum ld_status
add_item(struct ldi_curl *curl, const struct ldi_curl_item *item)
{
	struct ldi_curl_item *copy =
	    ldi_arena_alloc(curl->arena, sizeof(*copy));

	if (copy == NULL)
		return ldi_curl_nomem(curl);
	*copy = *item;
	*curl->last = copy;
	curl->last = &copy->next;
	return LD_OK;
}

enum ld_status
ldi_curl_lose(struct ldi_curl *curl, const struct ldi_curl_place *at,
    const char *what, const char *why)
{
	struct ldi_curl_item item = { .op = NULL };
	char place[256];

	snprintf(place, sizeof(place), "%.200s%sline %u, column %u",
	    at->file != NULL ? at->file : "", at->file != NULL ? ", " : "",
	    at->line, at->column);
	if (curl->emitting) {
		ldi_sink_loss(curl->sink, place, what, why);
		return LD_OK;
	}
	item.place = ldi_arena_strdup(curl->arena, place);
	item.what = ldi_arena_strdup(curl->arena, what);
	item.why = ldi_arena_strdup(curl->arena, why);
	if (item.place == NULL || item.what == NULL || item.why == NULL)
		return ldi_curl_nomem(curl);
	return add_item(curl, &item);
}

enum ld_status
ldi_curl_keep(struct ldi_curl *curl, struct ldi_curl_op *op)
{
	struct ldi_curl_item item = { .op = op };

	return add_item(curl, &item);
}

/* -- words ---------------------------------------------------------------- */

enum ld_status
ldi_curl_push(struct ldi_curl *curl, struct ldi_curl_words *words,
    const struct ldi_curl_word *word)
{
	if (words->n == words->cap) {
		size_t cap = words->cap > 0 ? words->cap * 2 : 8;
		struct ldi_curl_word *list;

		if (words->n >= LDI_CURL_MAX_WORDS)
			return ldi_curl_error(curl, &word->at,
			    "more than %d words", LDI_CURL_MAX_WORDS);
		list = ldi_arena_array(curl->arena, cap, sizeof(*list));
		if (list == NULL)
			return ldi_curl_nomem(curl);
		if (words->n > 0)
			memcpy(list, words->list, words->n * sizeof(*list));
		words->list = list;
		words->cap = cap;
	}
	words->list[words->n++] = *word;
	return LD_OK;
}

enum ld_status
ldi_curl_word(struct ldi_curl *curl, struct ldi_curl_word *word,
    const char *text, size_t len, const struct ldi_curl_place *at)
{
	*word = (struct ldi_curl_word){ .text = ldi_arena_strndup(curl->arena,
					    len > 0 ? text : "", len),
		.len = len,
		.at = *at };
	return word->text != NULL ? LD_OK : ldi_curl_nomem(curl);
}

bool
ldi_curl_has_variable(const struct ldi_curl_word *word)
{
	return word->len > 0 && memchr(word->text, '\0', word->len) != NULL;
}

enum ld_status
ldi_curl_plain(
    struct ldi_curl *curl, const struct ldi_curl_word *word, const char *what)
{
	if (!ldi_curl_has_variable(word))
		return LD_OK;
	return ldi_curl_error(curl, &word->at,
	    "%s holds a variable of the shell, and has to be known now", what);
}

/* -- commands ------------------------------------------------------------- */

static bool
is_curl(const struct ldi_curl_word *word)
{
	const char *name = word->text;

	for (const char *p = word->text; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	return strcmp(name, "curl") == 0 || strcasecmp(name, "curl.exe") == 0;
}

/* What may stand in front of a command and leaves it one. */
static bool
is_prefix(const struct ldi_curl_word *word)
{
	static const char *const words[] = { "$", "!", "{", "do", "then",
		"else", "if", "while", "until", "elif", "time", "exec",
		"command", "sudo" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word->text) == 0)
			return true;
	return false;
}

/* Options alone, as somebody copied them without the name. */
static bool
is_bare(const struct ldi_curl_word *word)
{
	return word->text[0] == '-' ||
	       strncasecmp(word->text, "http://", 7) == 0 ||
	       strncasecmp(word->text, "https://", 8) == 0;
}

static enum ld_status
lose_command(struct ldi_curl *curl, const struct ldi_curl_word *word)
{
	static const char *const silent[] = { "}", "done", "fi", "esac" };
	char what[80];

	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (strcmp(silent[i], word->text) == 0)
			return LD_OK;
	snprintf(what, sizeof(what), "the command '%.50s'",
	    word->text[0] != '\0' ? word->text : "$...");
	return ldi_curl_lose(
	    curl, &word->at, what, "only commands of curl become tasks");
}

/* Bash's way to say that a word is a command of PowerShell. */
static bool
is_powershell(const struct ldi_curl_word *word)
{
	return strcasecmp(word->text, "Invoke-WebRequest") == 0 ||
	       strcasecmp(word->text, "Invoke-RestMethod") == 0 ||
	       strcasecmp(word->text, "iwr") == 0;
}

static enum ld_status
read_command(struct ldi_curl *curl, const struct ldi_curl_command *command,
    size_t *n_curl)
{
	const struct ldi_curl_word *list = command->words.list;
	struct ldi_curl_words words;
	size_t i = 0, n = command->words.n;
	enum ld_status st = LD_OK;

	while (i < n && is_prefix(&list[i]))
		i++;
	if (i == n)
		return LD_OK;
	if (is_powershell(&list[i]))
		return ldi_curl_error(curl, &list[i].at,
		    "this is written for PowerShell, which cannot be "
		    "imported: copy it as cURL for bash or cmd");
	if (!is_curl(&list[i]) && !is_bare(&list[i]))
		return lose_command(curl, &list[i]);
	++*n_curl;
	words = command->words;
	words.list += i + is_curl(&list[i]);
	words.n -= i + is_curl(&list[i]);
	if (command->has_output)
		st = ldi_curl_lose(curl, &command->output, "a redirection",
		    "a load test shows and keeps no single answer");
	return st == LD_OK ? ldi_curl_args_read(
				 curl, &words, &command->input, &list[i].at)
			   : st;
}

static enum ld_status
read_commands(struct ldi_curl *curl, const char *text, size_t len)
{
	enum ld_import_shell shell = curl->options->shell;
	struct ldi_curl_command *first;
	const struct ldi_curl_place start = { .line = 1, .column = 1 };
	size_t n_curl = 0;
	enum ld_status st;

	if (len > LDI_CURL_MAX_TEXT)
		return ldi_curl_error(curl, &start,
		    "commands of more than %zu bytes", LDI_CURL_MAX_TEXT);
	if (shell == LD_IMPORT_SHELL_AUTO && ldi_curl_cmd_looks(text, len))
		shell = LD_IMPORT_SHELL_CMD;
	st = shell == LD_IMPORT_SHELL_CMD
		 ? ldi_curl_cmd_read(curl, text, len, &first)
		 : ldi_curl_words_read(curl, text, len, &first);
	for (; st == LD_OK && first != NULL; first = first->next)
		st = read_command(curl, first, &n_curl);
	if (st == LD_OK && n_curl == 0)
		st = ldi_curl_error(
		    curl, &start, "there is no command 'curl' in it");
	return st;
}

/* -- what holds for the run ----------------------------------------------- */

/* "HOST:PORT" of --resolve HOST:PORT:ADDRESS; 0 = it is none. */
static size_t
resolve_key(const char *text)
{
	size_t host = *text == '[' ? strcspn(text, "]") : 0, port;

	host += strcspn(text + host, ":");
	if (host == 0 || text[host] != ':')
		return 0;
	port = strspn(text + host + 1, "0123456789");
	return port > 0 && port < 6 && text[host + 1 + port] == ':' &&
		       text[host + 2 + port] != '\0'
		   ? host + 1 + port
		   : 0;
}

static enum ld_status
read_resolve(struct ldi_curl *curl, struct ldi_map *seen,
    const struct ldi_curl_word *word)
{
	const char *text = word->text + (word->text[0] == '+');
	enum ld_status st = ldi_curl_plain(curl, word, "--resolve");
	size_t len = st == LD_OK ? resolve_key(text) : 0;
	void *old = NULL;

	if (st != LD_OK)
		return st;
	if (text[0] == '-')
		return ldi_curl_lose(curl, &word->at, "--resolve -HOST:PORT",
		    "a run begins without remembered addresses");
	if (len == 0)
		return ldi_curl_error(curl, &word->at,
		    "'%s' is none such as HOST:PORT:ADDRESS", text);
	if (!ldi_map_set(seen, text, len, (void *)(uintptr_t)text, &old))
		return ldi_curl_nomem(curl);
	if (old != NULL && strcmp(old, text) != 0)
		return ldi_curl_error(curl, &word->at,
		    "'%s': another command gives the same host another "
		    "address, and a run has one",
		    text);
	if (old == NULL)
		ldi_sink_resolve(curl->sink, text, strlen(text));
	return LD_OK;
}

static enum ld_status
read_resolves(struct ldi_curl *curl)
{
	struct ldi_map *seen = ldi_map_new();
	enum ld_status st = seen != NULL ? LD_OK : ldi_curl_nomem(curl);

	for (const struct ldi_curl_item *item = curl->first;
	     item != NULL && st == LD_OK; item = item->next)
		for (size_t i = 0;
		     item->op != NULL && i < item->op->resolve.n && st == LD_OK;
		     i++)
			st = read_resolve(
			    curl, seen, &item->op->resolve.list[i]);
	ldi_map_free(seen);
	return st;
}

/* -- the origin ----------------------------------------------------------- */

static enum ld_status
count_origin(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, struct ldi_map *origins)
{
	struct ldi_curl_url url;
	enum ld_status st;

	ldi_curl_url_init(&url);
	st = ldi_curl_url_read(curl, op, word, NULL, NULL, &url);
	if (st == LD_OK && url.fault == NULL && !url.variable) {
		const char *text = ld_buf_str(&url.text);
		size_t len = text != NULL ? ldi_origin_length(text) : 0;

		if (len > 0 && ldi_sink_wants(curl->sink, text) &&
		    !ldi_origin_count(origins, text, len))
			st = ldi_curl_nomem(curl);
	}
	ldi_curl_url_clear(&url);
	return st;
}

static enum ld_status
count_origins(struct ldi_curl *curl, const struct ldi_curl_op *op,
    struct ldi_map *origins)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; i < op->urls.n && st == LD_OK; i++) {
		struct ldi_curl_words urls;

		st = ldi_curl_emit_urls(curl, op, i, &urls);
		for (size_t k = 0; k < urls.n && st == LD_OK; k++)
			st = count_origin(curl, op, &urls.list[k], origins);
	}
	return st;
}

static enum ld_status
find_origin(struct ldi_curl *curl)
{
	struct ldi_map *origins = ldi_map_new();
	enum ld_status st = origins != NULL ? LD_OK : ldi_curl_nomem(curl);
	const char *text;
	size_t len;

	for (const struct ldi_curl_item *item = curl->first;
	     item != NULL && st == LD_OK; item = item->next)
		if (item->op != NULL)
			st = count_origins(curl, item->op, origins);
	text = st == LD_OK ? ldi_origin_most(origins, &len) : NULL;
	if (text != NULL)
		ldi_sink_origin(curl->sink, text, len);
	ldi_map_free(origins);
	return st;
}

/* -- the whole ------------------------------------------------------------ */

static enum ld_status
emit_all(struct ldi_curl *curl)
{
	enum ld_status st = LD_OK;

	curl->emitting = true;
	for (const struct ldi_curl_item *item = curl->first; item != NULL;
	     item = item->next)
		curl->more |=
		    item->op != NULL && ldi_curl_op_needs_more(item->op);
	if (curl->more)
		ldi_sink_user(curl->sink, "http_user");
	for (const struct ldi_curl_item *item = curl->first;
	     item != NULL && st == LD_OK; item = item->next) {
		if (item->op != NULL)
			st = ldi_curl_emit(curl, item->op);
		else
			ldi_sink_loss(
			    curl->sink, item->place, item->what, item->why);
	}
	return st;
}

static enum ld_status
import_curl(const char *name, const char *text, size_t len,
    const struct ld_import_options *options, struct ld_import_sink *sink,
    struct ld_err *err)
{
	struct ld_err own;
	struct ldi_curl curl = { .arena = ldi_arena_new(),
		.name = name,
		.sink = sink,
		.options = options,
		.err = err != NULL ? err : &own };
	enum ld_status st;

	curl.last = &curl.first;
	if (curl.arena == NULL)
		return ldi_curl_nomem(&curl);
	st = read_commands(&curl, text, len);
	if (st == LD_OK)
		st = read_resolves(&curl);
	if (st == LD_OK && options->base != NULL)
		st = find_origin(&curl);
	if (st == LD_OK)
		st = emit_all(&curl);
	ldi_arena_free(curl.arena);
	return st;
}

const struct ld_importer ldi_importer_curl = {
	.name = "curl",
	.summary = "command lines of curl, from scripts and browsers",
	.import = import_curl,
};

/* -- one task ------------------------------------------------------------- */

enum ld_status
ldi_curl_task(const char *command, size_t len, struct ld_buf *out,
    uint64_t *losses_out, struct ld_err *err)
{
	static const char head[] = "{\"type\":\"task\",";
	const struct ld_import_options options = { .test_time_s = -1 };
	struct ld_import_sink sink;
	struct ld_buf plan;
	enum ld_status st;

	ld_buf_init(&plan, LD_MAX_DOCUMENT);
	st = ldi_sink_open(&sink, "curl", "command", &options, &plan, err);
	if (st != LD_OK) {
		ld_buf_clear(&plan);
		return st;
	}
	st = import_curl("command", command, len, &options, &sink, err);
	if (st == LD_OK && plan.failed)
		st = ld_buf_status(&plan, "the task", err);
	if (st == LD_OK && sink.count.tasks != 1)
		st = ld_err_set(err, LD_INVALID,
		    "the command makes %llu requests, and a task is one",
		    (unsigned long long)sink.count.tasks);
	if (st == LD_OK) {
		ld_buf_addc(out, '{');
		ld_buf_add(out, sink.task.data + sizeof(head) - 1,
		    sink.task.len - sizeof(head) + 1);
		st = ld_buf_status(out, "the task", err);
	}
	if (losses_out != NULL)
		*losses_out = sink.count.losses;
	ldi_sink_close(&sink);
	ld_buf_clear(&plan);
	return st;
}
