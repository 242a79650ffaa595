/* SPDX-License-Identifier: MIT */
/*
 * The words of one command: options as curl takes them, and URLs.
 *
 * Options hold for all URLs of an operation, wherever they stand; --next
 * begins another one.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "importers/curl_options.h"

struct args {
	struct ldi_curl *curl;
	struct ldi_curl_words words;
	size_t i; /* of the word at hand */
	struct ldi_curl_op *op;
	const struct ldi_curl_word *input;
	struct ldi_curl_place at; /* of the command */
	bool ended;               /* "--" was seen */
};

static enum ld_status
op_begin(struct args *args)
{
	struct ldi_curl_op *op =
	    ldi_arena_alloc(args->curl->arena, sizeof(*op));

	if (op == NULL)
		return ldi_curl_nomem(args->curl);
	op->at = args->at;
	op->input = *args->input;
	args->op = op;
	return LD_OK;
}

static enum ld_status read_config(
    struct args *args, const struct ldi_curl_word *name);

/* "--data" or "-d", as losses and errors call it. */
static const char *
shown(const struct ldi_curl_option *o, char text[64])
{
	snprintf(text, 64, "--%s", o->name);
	return text;
}

static enum ld_status
do_next(struct args *args, const struct ldi_curl_word *word)
{
	enum ld_status st;

	if (args->op->urls.n == 0)
		return ldi_curl_error(
		    args->curl, &word->at, "--next needs a URL in front of it");
	st = ldi_curl_keep(args->curl, args->op);
	args->at = word->at;
	return st == LD_OK ? op_begin(args) : st;
}

/* Act on an option; `value` is NULL for one without. */
static enum ld_status
apply(struct args *args, const struct ldi_curl_option *o, bool on,
    const struct ldi_curl_word *word, const struct ldi_curl_word *value)
{
	char *member = (char *)args->op + o->offset;
	struct ldi_curl_word copy;
	char text[64];

	switch ((enum ldi_curl_effect)o->effect) {
	case LDI_CURL_NOTHING:
		return LD_OK;
	case LDI_CURL_REFUSED:
		return ldi_curl_error(
		    args->curl, &word->at, "%s: %s", shown(o, text), o->text);
	case LDI_CURL_AUTH:
		args->op->auth_lost = on;
		if (!on)
			return LD_OK;
		break;
	case LDI_CURL_LOST:
		if (o->offset != 0)
			*(struct ldi_curl_word *)member = *value;
		break;
	case LDI_CURL_FLAG:
	case LDI_CURL_CLEARS:
		*(bool *)member = on == (o->effect == LDI_CURL_FLAG);
		return LD_OK;
	case LDI_CURL_WORD:
		copy = *value;
		copy.kind = o->kind;
		*(struct ldi_curl_word *)member = copy;
		return LD_OK;
	case LDI_CURL_CHAR:
		*member = o->kind;
		return LD_OK;
	case LDI_CURL_LIST:
		copy = *value;
		copy.kind = o->kind;
		return ldi_curl_push(
		    args->curl, (struct ldi_curl_words *)member, &copy);
	case LDI_CURL_CONFIG:
		return read_config(args, value);
	case LDI_CURL_NEXT:
		return do_next(args, word);
	}
	return ldi_curl_lose(args->curl, &word->at, shown(o, text), o->text);
}

/* -- long options --------------------------------------------------------- */

static enum ld_status
unknown(struct args *args, const struct ldi_curl_word *word, bool many)
{
	const struct ldi_curl_option *all;
	const char *near, *name = word->text + 2, *equals;
	size_t n;

	if (many)
		return ldi_curl_error(args->curl, &word->at,
		    "option '%s' stands for several of curl's", word->text);
	equals = strchr(name, '=');
	if (equals != NULL)
		return ldi_curl_error(args->curl, &word->at,
		    "curl has no option '%s': it takes the value as a word of "
		    "its own, '%.*s %s'",
		    word->text, (int)(equals - word->text), word->text,
		    equals + 1);
	all = ldi_curl_options(&n);
	near = ld_err_nearest(name, &all->name, n, sizeof(*all));
	if (near != NULL)
		return ldi_curl_error(args->curl, &word->at,
		    "curl has no option '%s'; did you mean '--%s'?", word->text,
		    near);
	return ldi_curl_error(
	    args->curl, &word->at, "curl has no option '%s'", word->text);
}

/* The next word, which an option wants. */
static enum ld_status
take_value(struct args *args, const char *option,
    const struct ldi_curl_word *word, const struct ldi_curl_word **value_out)
{
	if (args->i + 1 >= args->words.n)
		return ldi_curl_error(
		    args->curl, &word->at, "%s needs a value", option);
	*value_out = &args->words.list[++args->i];
	return LD_OK;
}

static enum ld_status
read_long(struct args *args, const struct ldi_curl_word *word)
{
	const char *name = word->text + 2;
	const struct ldi_curl_option *o;
	const struct ldi_curl_word *value = NULL;
	enum ld_status st = LD_OK;
	bool many, on = true;
	char text[64];

	if (strncmp(name, "no-", 3) == 0) {
		name += 3;
		on = false;
	}
	o = ldi_curl_option_name(name, &many);
	if (o == NULL)
		return unknown(args, word, many);
	if (!on && o->arg != LDI_CURL_BOOL)
		return ldi_curl_error(args->curl, &word->at,
		    "'%s': %s cannot be turned off", word->text,
		    shown(o, text));
	if (o->arg == LDI_CURL_VALUE)
		st = take_value(args, shown(o, text), word, &value);
	return st == LD_OK ? apply(args, o, on, word, value) : st;
}

/* -- short options -------------------------------------------------------- */

static enum ld_status
read_short(struct args *args, const struct ldi_curl_word *word)
{
	enum ld_status st = LD_OK;

	for (size_t k = 1; k < word->len && st == LD_OK; k++) {
		const struct ldi_curl_option *o =
		    ldi_curl_option_letter(word->text[k]);
		const struct ldi_curl_word *value = NULL;
		struct ldi_curl_word rest;
		char name[3] = { '-', word->text[k], '\0' };

		if (o == NULL)
			return ldi_curl_error(args->curl, &word->at,
			    "curl has no option '%s'", name);
		if (o->arg == LDI_CURL_VALUE && k + 1 < word->len) {
			rest = *word;
			rest.text += k + 1;
			rest.len -= k + 1;
			value = &rest;
			k = word->len;
		} else if (o->arg == LDI_CURL_VALUE) {
			st = take_value(args, name, word, &value);
		}
		if (st == LD_OK)
			st = apply(args, o, true, word, value);
	}
	return st;
}

/* -- all of them ---------------------------------------------------------- */

static enum ld_status
read_word(struct args *args)
{
	const struct ldi_curl_word *word = &args->words.list[args->i];

	if (args->ended || word->text[0] != '-' || word->text[1] == '\0')
		return ldi_curl_push(args->curl, &args->op->urls, word);
	if (strcmp(word->text, "--") == 0) {
		args->ended = true;
		return LD_OK;
	}
	if (ldi_curl_has_variable(word) && word->text[1] == '-')
		return ldi_curl_plain(args->curl, word, "an option");
	return word->text[1] == '-' ? read_long(args, word)
				    : read_short(args, word);
}

static enum ld_status
read_words(struct args *args)
{
	enum ld_status st = LD_OK;

	for (args->i = 0; args->i < args->words.n && st == LD_OK; args->i++)
		st = read_word(args);
	return st;
}

/* Its words stand in the place of --config. */
static enum ld_status
read_config(struct args *args, const struct ldi_curl_word *name)
{
	struct args inner = *args;
	enum ld_status st;

	if (args->curl->configs == LDI_CURL_MAX_CONFIGS)
		return ldi_curl_error(args->curl, &name->at,
		    "config files name each other more than %d deep",
		    LDI_CURL_MAX_CONFIGS);
	inner.words = (struct ldi_curl_words){ 0 };
	inner.ended = false;
	args->curl->configs++;
	st = ldi_curl_config_read(args->curl, name, &inner.words);
	args->curl->n_words += inner.words.n;
	if (st == LD_OK && args->curl->n_words > LDI_CURL_MAX_WORDS)
		st = ldi_curl_error(args->curl, &name->at,
		    "more than %d words with this file", LDI_CURL_MAX_WORDS);
	if (st == LD_OK)
		st = read_words(&inner);
	args->curl->configs--;
	args->op = inner.op;
	args->at = inner.at;
	return st;
}

enum ld_status
ldi_curl_args_read(struct ldi_curl *curl, const struct ldi_curl_words *words,
    const struct ldi_curl_word *input, const struct ldi_curl_place *at)
{
	struct args args = {
		.curl = curl, .words = *words, .input = input, .at = *at
	};
	enum ld_status st;

	curl->n_words = words->n;
	if (words->n > LDI_CURL_MAX_WORDS)
		return ldi_curl_error(
		    curl, at, "more than %d words", LDI_CURL_MAX_WORDS);
	st = op_begin(&args);
	if (st == LD_OK)
		st = read_words(&args);
	if (st != LD_OK)
		return st;
	if (args.op->urls.n == 0)
		return ldi_curl_error(
		    curl, &args.op->at, "the command names no URL");
	return ldi_curl_keep(curl, args.op);
}
