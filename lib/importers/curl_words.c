/* SPDX-License-Identifier: MIT */
/*
 * Commands in the language of a POSIX shell, with what bash adds to quoting.
 *
 * Only words are made: nothing is expanded or run.  A variable whose value a
 * quoted or bare word wants becomes a marker (curl.h); what a shell would
 * compute otherwise stays as it is written, which is a loss.
 */
#include "config.h"

#include <string.h>

#include "importers/curl.h"

#define MAX_HEREDOCS 4

enum redirect {
	NOWHERE,
	FROM_FILE,
	FROM_TEXT,
	FROM_HERE,
	FROM_HERE_TABS,
	AWAY
};

struct heredoc {
	struct ldi_curl_command *command;
	struct ldi_curl_word until;
	bool quoted, tabs;
};

struct reader {
	struct ldi_curl *curl;
	const char *p, *end, *bol;
	unsigned line;
	struct ld_buf word;
	bool in_word, quoted; /* has the word quotes in it? */
	struct ldi_curl_place at;
	enum redirect redirect; /* where the next word belongs */
	struct ldi_curl_command *command, **next;
	size_t n_commands;
	struct heredoc heredocs[MAX_HEREDOCS];
	size_t n_heredocs;
};

static struct ldi_curl_place
here(const struct reader *r)
{
	return (struct ldi_curl_place){ .line = r->line,
		.column = (unsigned)(r->p - r->bol) + 1 };
}

static void
word_begin(struct reader *r)
{
	if (!r->in_word)
		r->at = here(r);
	r->in_word = true;
}

static bool
at_newline(const struct reader *r)
{
	return r->p < r->end &&
	       (*r->p == '\n' ||
		   (*r->p == '\r' && r->p + 1 < r->end && r->p[1] == '\n'));
}

static void
skip_newline(struct reader *r)
{
	r->p += *r->p == '\r' ? 2 : 1;
	r->bol = r->p;
	r->line++;
}

/* A byte of a word that may be a line feed. */
static void
take(struct reader *r)
{
	bool newline = *r->p == '\n';

	if (*r->p != '\0') /* a shell drops it, and it would be a marker */
		ld_buf_addc(&r->word, *r->p);
	r->p++;
	if (newline) {
		r->bol = r->p;
		r->line++;
	}
}

/* -- variables ------------------------------------------------------------ */

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t
name_length(const char *p, const char *end)
{
	const char *at = p;

	if (p == end || !is_name_start(*p))
		return 0;
	while (at < end && (is_name_start(*at) || (*at >= '0' && *at <= '9')))
		at++;
	return (size_t)(at - p);
}

static void
add_variable(struct reader *r, const char *name, size_t len)
{
	ld_buf_addc(&r->word, '\0');
	ld_buf_add(&r->word, name, len);
	ld_buf_addc(&r->word, '\0');
}

/* Behind the bracket that closes the one at p; quotes are respected. */
static const char *
skip_bracket(const char *p, const char *end, char open, char close)
{
	unsigned depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '\'' && open == '(')
			for (p++; p < end && *p != '\'';)
				p++;
		else if (*p == open)
			depth++;
		else if (*p == close && --depth == 0)
			return p + 1;
	}
	return NULL;
}

/* Text that a shell would replace, up to `to`, stays as it is. */
static enum ld_status
keep_expansion(struct reader *r, const char *to, const char *what)
{
	struct ldi_curl_place at = here(r);

	if (to == NULL)
		return ldi_curl_error(r->curl, &at, "%s without its end", what);
	while (r->p < to)
		take(r);
	return ldi_curl_lose(r->curl, &at, what,
	    "nothing is run or computed: it stands as it is written");
}

static const char *
backtick_end(const char *p, const char *end)
{
	for (p++; p < end && *p != '`'; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	return p < end ? p + 1 : NULL;
}

/* At a dollar sign that no quote begins with. */
static enum ld_status
read_dollar(struct reader *r)
{
	const char *p = r->p + 1;
	size_t len = name_length(p, r->end);

	if (len > 0) {
		add_variable(r, p, len);
		r->p = p + len;
		return LD_OK;
	}
	if (p < r->end && *p == '{') {
		len = name_length(p + 1, r->end);
		if (len > 0 && p + 1 + len < r->end && p[1 + len] == '}') {
			add_variable(r, p + 1, len);
			r->p = p + len + 2;
			return LD_OK;
		}
		return keep_expansion(
		    r, skip_bracket(p, r->end, '{', '}'), "${...}");
	}
	if (p < r->end && *p == '(')
		return keep_expansion(
		    r, skip_bracket(p, r->end, '(', ')'), "$(...)");
	if (p < r->end && *p != '\0' && strchr("0123456789?@*#!-$", *p) != NULL)
		return keep_expansion(r, p + 1, "a parameter of the shell");
	take(r);
	return LD_OK;
}

/* -- quotes --------------------------------------------------------------- */

static enum ld_status
read_single(struct reader *r)
{
	struct ldi_curl_place at = here(r);

	for (r->p++; r->p < r->end && *r->p != '\'';)
		take(r);
	if (r->p == r->end)
		return ldi_curl_error(
		    r->curl, &at, "a quote (') that is not closed");
	r->p++;
	return LD_OK;
}

static enum ld_status
read_ansi(struct reader *r)
{
	struct ldi_curl_place at = here(r);
	const char *from = r->p + 2;
	const char *to = ldi_curl_quote_ansi(from, r->end, &r->word);

	if (to == NULL)
		return ldi_curl_error(
		    r->curl, &at, "a quote ($') that is not closed");
	for (const char *p = from; p < to; p++)
		if (*p == '\n') {
			r->line++;
			r->bol = p + 1;
		}
	r->p = to;
	return LD_OK;
}

/* A backslash between double quotes or in a here-document, where only some
 * characters need one. */
static void
read_backslash(struct reader *r, const char *special)
{
	r->p++;
	if (at_newline(r))
		skip_newline(r);
	else if (r->p == r->end || *r->p == '\0' ||
		 strchr(special, *r->p) == NULL)
		ld_buf_addc(&r->word, '\\');
	else
		take(r);
}

static enum ld_status
read_double(struct reader *r)
{
	struct ldi_curl_place at = here(r);
	enum ld_status st = LD_OK;

	r->p++;
	while (st == LD_OK && r->p < r->end && *r->p != '"') {
		if (*r->p == '\\')
			read_backslash(r, "$`\"\\");
		else if (*r->p == '$')
			st = read_dollar(r);
		else if (*r->p == '`')
			st = keep_expansion(
			    r, backtick_end(r->p, r->end), "`...`");
		else
			take(r);
	}
	if (st == LD_OK && r->p == r->end)
		return ldi_curl_error(
		    r->curl, &at, "a quote (\") that is not closed");
	r->p++;
	return st;
}

/* -- words and commands --------------------------------------------------- */

static enum ld_status
command_begin(struct reader *r)
{
	if (r->command != NULL)
		return LD_OK;
	if (++r->n_commands > LDI_CURL_MAX_COMMANDS)
		return ldi_curl_error(r->curl, &r->at, "more than %d commands",
		    LDI_CURL_MAX_COMMANDS);
	r->command = ldi_arena_alloc(r->curl->arena, sizeof(*r->command));
	if (r->command == NULL)
		return ldi_curl_nomem(r->curl);
	*r->next = r->command;
	r->next = &r->command->next;
	return LD_OK;
}

static enum ld_status
redirect_end(struct reader *r, const struct ldi_curl_word *word)
{
	enum redirect redirect = r->redirect;
	struct ldi_curl_command *command = r->command;
	struct heredoc *doc = &r->heredocs[r->n_heredocs];

	r->redirect = NOWHERE;
	switch (redirect) {
	case NOWHERE:
		break;
	case AWAY:
		command->has_output = true;
		command->output = word->at;
		break;
	case FROM_FILE:
		command->input = *word;
		command->input.kind = '<';
		break;
	case FROM_TEXT:
		return ldi_curl_word(r->curl, &command->input, r->word.data,
		    r->word.len, &word->at);
	case FROM_HERE:
	case FROM_HERE_TABS:
		if (r->n_heredocs == MAX_HEREDOCS)
			return ldi_curl_error(r->curl, &word->at,
			    "more than %d here-documents", MAX_HEREDOCS);
		*doc = (struct heredoc){ .command = command,
			.until = *word,
			.quoted = r->quoted,
			.tabs = redirect == FROM_HERE_TABS };
		r->n_heredocs++;
		break;
	}
	return LD_OK;
}

static enum ld_status
word_end(struct reader *r)
{
	struct ldi_curl_word word;
	enum ld_status st;

	if (!r->in_word)
		return LD_OK;
	st = command_begin(r);
	if (st == LD_OK && r->redirect == FROM_TEXT)
		ld_buf_addc(&r->word, '\n');
	if (st == LD_OK)
		st = ldi_curl_word(
		    r->curl, &word, r->word.data, r->word.len, &r->at);
	if (st == LD_OK)
		st = r->redirect != NOWHERE
			 ? redirect_end(r, &word)
			 : ldi_curl_push(r->curl, &r->command->words, &word);
	r->in_word = r->quoted = false;
	if (r->word.failed)
		st = ldi_curl_nomem(r->curl);
	ld_buf_reset(&r->word);
	return st;
}

static enum ld_status
command_end(struct reader *r)
{
	enum ld_status st = word_end(r);

	if (st == LD_OK && r->redirect != NOWHERE)
		return ldi_curl_error(
		    r->curl, &r->at, "a redirection to nothing");
	r->command = NULL;
	return st;
}

/* At < or >: `2>&1`, `>file`, `<<EOF`, `<<<text`. */
static enum ld_status
read_redirect(struct reader *r)
{
	bool number = r->in_word && !r->quoted && r->word.len > 0;
	char c = *r->p;
	enum ld_status st;

	for (size_t i = 0; number && i < r->word.len; i++)
		number = r->word.data[i] >= '0' && r->word.data[i] <= '9';
	if (number) {
		r->in_word = false;
		ld_buf_reset(&r->word);
	}
	st = word_end(r);
	r->at = here(r);
	if (st == LD_OK)
		st = command_begin(r);
	r->p++;
	if (c == '<' && r->end - r->p >= 2 && r->p[0] == '<' &&
	    r->p[1] == '<') {
		r->redirect = FROM_TEXT;
		r->p += 2;
	} else if (c == '<' && r->p < r->end && *r->p == '<') {
		r->p++;
		r->redirect = FROM_HERE;
		if (r->p < r->end && *r->p == '-') {
			r->redirect = FROM_HERE_TABS;
			r->p++;
		}
	} else {
		r->redirect = c == '<' ? FROM_FILE : AWAY;
		while (r->p < r->end &&
		       (*r->p == '>' || *r->p == '&' || *r->p == '|'))
			r->p++;
	}
	return st;
}

/* -- here-documents ------------------------------------------------------- */

/* At the first byte of a line: is it the one that ends the document? */
static bool
heredoc_ends(struct reader *r, const struct heredoc *doc)
{
	const char *p = r->p;
	size_t len = doc->until.len;

	while (doc->tabs && p < r->end && *p == '\t')
		p++;
	if ((size_t)(r->end - p) < len || memcmp(p, doc->until.text, len) != 0)
		return false;
	p += len;
	if (p < r->end && *p == '\r')
		p++;
	if (p < r->end && *p != '\n')
		return false;
	r->p = p;
	return true;
}

static enum ld_status
heredoc_line(struct reader *r, const struct heredoc *doc)
{
	enum ld_status st = LD_OK;

	while (doc->tabs && r->p < r->end && *r->p == '\t')
		r->p++;
	for (bool newline = false; st == LD_OK && r->p < r->end && !newline;) {
		newline = *r->p == '\n';
		if (*r->p == '\\' && !doc->quoted)
			read_backslash(r, "$`\\");
		else if (*r->p == '$' && !doc->quoted)
			st = read_dollar(r);
		else
			take(r);
	}
	return st;
}

/* Behind a line feed. */
static enum ld_status
read_heredocs(struct reader *r)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; i < r->n_heredocs && st == LD_OK; i++) {
		const struct heredoc *doc = &r->heredocs[i];
		struct ldi_curl_place at = here(r);

		while (st == LD_OK && r->p < r->end && !heredoc_ends(r, doc))
			st = heredoc_line(r, doc);
		if (st == LD_OK && r->p == r->end && r->p[-1] == '\n')
			st = ldi_curl_error(r->curl, &doc->until.at,
			    "a here-document without its end, '%s'",
			    doc->until.text);
		if (st == LD_OK)
			st = ldi_curl_word(r->curl, &doc->command->input,
			    r->word.data, r->word.len, &at);
		if (r->word.failed)
			st = ldi_curl_nomem(r->curl);
		ld_buf_reset(&r->word);
		if (st == LD_OK && at_newline(r))
			skip_newline(r);
	}
	r->n_heredocs = 0;
	return st;
}

/* -- the whole ------------------------------------------------------------ */

static enum ld_status
read_newline(struct reader *r)
{
	enum ld_status st = command_end(r);

	skip_newline(r);
	return st == LD_OK && r->n_heredocs > 0 ? read_heredocs(r) : st;
}

/* A byte that begins nothing special belongs to the word. */
static enum ld_status
read_plain(struct reader *r)
{
	word_begin(r);
	if (*r->p == '\\' && r->p + 1 < r->end) {
		r->p++;
		r->quoted = true;
	}
	take(r);
	return LD_OK;
}

static enum ld_status
read_quoted(struct reader *r)
{
	bool dollar = *r->p == '$';

	word_begin(r);
	r->quoted = true;
	if (!dollar)
		return *r->p == '\'' ? read_single(r) : read_double(r);
	if (r->p[1] == '\'')
		return read_ansi(r);
	r->p++;
	return read_double(r);
}

static enum ld_status
read_byte(struct reader *r)
{
	const char *p = r->p;
	bool more = p + 1 < r->end;

	if (at_newline(r))
		return read_newline(r);
	if (*p == '\\' && more &&
	    (p[1] == '\n' ||
		(p[1] == '\r' && p + 2 < r->end && p[2] == '\n'))) {
		r->p++;
		skip_newline(r);
		return LD_OK;
	}
	if (*p == '\'' || *p == '"' ||
	    (*p == '$' && more && (p[1] == '\'' || p[1] == '"')))
		return read_quoted(r);
	switch (*p) {
	case ' ':
	case '\t':
	case '\r':
		r->p++;
		return word_end(r);
	case ';':
	case '&':
	case '|':
	case '(':
	case ')':
		r->p++;
		return command_end(r);
	case '<':
	case '>':
		return read_redirect(r);
	case '$':
		word_begin(r);
		return read_dollar(r);
	case '`':
		word_begin(r);
		return keep_expansion(r, backtick_end(p, r->end), "`...`");
	case '#':
		if (r->in_word)
			return read_plain(r);
		while (r->p < r->end && *r->p != '\n')
			r->p++;
		return LD_OK;
	default:
		return read_plain(r);
	}
}

enum ld_status
ldi_curl_words_read(struct ldi_curl *curl, const char *text, size_t len,
    struct ldi_curl_command **first_out)
{
	struct reader r = { .curl = curl,
		.p = text,
		.end = text + len,
		.bol = text,
		.line = 1,
		.next = first_out };
	enum ld_status st = LD_OK;

	*first_out = NULL;
	ld_buf_init(&r.word, LDI_CURL_MAX_TEXT);
	while (st == LD_OK && r.p < r.end)
		st = read_byte(&r);
	if (st == LD_OK)
		st = command_end(&r);
	if (st == LD_OK && r.n_heredocs > 0)
		st = ldi_curl_error(curl, &r.heredocs[0].until.at,
		    "a here-document without its text");
	ld_buf_clear(&r.word);
	return st;
}
