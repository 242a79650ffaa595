/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/num.h>
#include <ld/opt.h>
#include <ld/time.h>

struct parser {
	const struct ld_opt *table;
	char *config;
	int argc;
	char **argv;
	int at;       /* the argument being read */
	int operands; /* found so far */
	bool posix;
	struct ld_err *err;
};

static void *
field(char *config, const struct ld_opt *opt)
{
	return config + opt->offset;
}

static enum ld_status
set_count(uint64_t *out, const struct ld_opt *opt, const char *text,
    struct ld_err *err)
{
	uint64_t value;
	enum ld_status st = ld_num_u64(text, strlen(text), &value, err);

	if (st != LD_OK)
		return st;
	if (opt->max == 0 && value < opt->min)
		return ld_err_set(err, LD_INVALID, "'%s' is less than %llu",
		    text, (unsigned long long)opt->min);
	if (value < opt->min || (opt->max != 0 && value > opt->max))
		return ld_err_set(err, LD_INVALID,
		    "'%s' is not from %llu to %llu", text,
		    (unsigned long long)opt->min, (unsigned long long)opt->max);
	*out = value;
	return LD_OK;
}

/* "json, text or html" */
static void
join_choices(const char *const *choices, struct ld_buf *out)
{
	for (size_t i = 0; choices[i] != NULL; i++) {
		if (i > 0)
			ld_buf_adds(
			    out, choices[i + 1] == NULL ? " or " : ", ");
		ld_buf_adds(out, choices[i]);
	}
}

static enum ld_status
set_choice(unsigned *out, const struct ld_opt *opt, const char *text,
    struct ld_err *err)
{
	struct ld_buf all;

	for (unsigned i = 0; opt->choices[i] != NULL; i++)
		if (strcmp(opt->choices[i], text) == 0) {
			*out = i;
			return LD_OK;
		}
	ld_buf_init(&all, 1000);
	join_choices(opt->choices, &all);
	ld_err_set(err, LD_INVALID, "'%s' is not %s", text,
	    all.failed ? "known" : ld_buf_str(&all));
	ld_buf_clear(&all);
	return LD_INVALID;
}

static enum ld_status
add_string(struct ld_opt_list *list, const char *text, struct ld_err *err)
{
	const char **items =
	    realloc(list->items, (list->n + 1) * sizeof(*items));

	if (items == NULL)
		return ld_err_set(err, LD_NOMEM, "options");
	list->items = items;
	items[list->n++] = text;
	return LD_OK;
}

static enum ld_status
set_value(const struct ld_opt *opt, char *config, const char *text,
    struct ld_err *err)
{
	void *at = field(config, opt);
	struct ld_range_ns *range = at;
	size_t len = text == NULL ? 0 : strlen(text);

	switch (opt->kind) {
	case LD_OPT_KIND_FLAG:
		*(bool *)at = true;
		return LD_OK;
	case LD_OPT_KIND_STRING:
		*(const char **)at = text;
		return LD_OK;
	case LD_OPT_KIND_STRINGS:
		return add_string(at, text, err);
	case LD_OPT_KIND_COUNT:
		return set_count(at, opt, text, err);
	case LD_OPT_KIND_NUMBER:
		return ld_num_double(text, len, at, err);
	case LD_OPT_KIND_DURATION:
		return ld_duration_parse(text, len, at, err);
	case LD_OPT_KIND_RANGE:
		return ld_num_duration_range(
		    text, len, &range->min_ns, &range->max_ns, err);
	case LD_OPT_KIND_RATE:
		return ld_num_rate(text, len, at, err);
	case LD_OPT_KIND_SIZE:
		return ld_num_size(text, len, at, err);
	case LD_OPT_KIND_CHOICE:
		return set_choice(at, opt, text, err);
	case LD_OPT_KIND_END:
	case LD_OPT_KIND_GROUP:
		break;
	}
	return ld_err_set(err, LD_INVALID, "a row without a value");
}

/* A value from the command line. */
static enum ld_status
give(struct parser *p, const struct ld_opt *opt, const char *text)
{
	enum ld_status st = set_value(opt, p->config, text, p->err);

	if (st != LD_OK)
		return ld_err_context(p->err, "--%s", opt->name);
	if (opt->given != 0)
		*(bool *)(p->config + opt->given - 1) = true;
	return LD_OK;
}

static enum ld_status
set_presets(const struct parser *p)
{
	for (const struct ld_opt *opt = p->table; opt->kind != LD_OPT_KIND_END;
	     opt++) {
		if (opt->preset != NULL &&
		    set_value(opt, p->config, opt->preset, p->err) != LD_OK)
			return ld_err_context(
			    p->err, "preset of --%s", opt->name);
	}
	return LD_OK;
}

static const struct ld_opt *
find_long(const struct parser *p, const char *name, size_t len)
{
	for (const struct ld_opt *opt = p->table; opt->kind != LD_OPT_KIND_END;
	     opt++)
		if (opt->name != NULL && strlen(opt->name) == len &&
		    memcmp(opt->name, name, len) == 0)
			return opt;
	return NULL;
}

static const struct ld_opt *
find_short(const struct parser *p, char letter)
{
	for (const struct ld_opt *opt = p->table; opt->kind != LD_OPT_KIND_END;
	     opt++)
		if (opt->letter == letter && letter != '\0')
			return opt;
	return NULL;
}

static bool
has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; words != NULL && *words != '\0'; words += strspn(words, " ")) {
		size_t n = strcspn(words, " ");

		if (n == len && memcmp(words, word, len) == 0)
			return true;
		words += n;
	}
	return false;
}

/* What a mistyped name may have meant: what is called so elsewhere, the nearest
 * one, or else the first that begins so.  Hidden options stay hidden. */
static const char *
guess_long(const struct parser *p, const char *name)
{
	const struct ld_opt *table = p->table, *opt;
	const char *near;
	size_t n = 0;

	for (; table[n].kind != LD_OPT_KIND_END; n++)
		if (has_word(table[n].known_as, name))
			return table[n].name;
	near = ld_err_nearest(name, &table[0].name, n, sizeof(table[0]));
	if (near != NULL) {
		opt = find_long(p, near, strlen(near));
		return opt == NULL || opt->hidden ? NULL : near;
	}
	if (strlen(name) < 2)
		return NULL;
	for (opt = table; opt->kind != LD_OPT_KIND_END; opt++)
		if (opt->name != NULL && !opt->hidden &&
		    strncmp(opt->name, name, strlen(name)) == 0)
			return opt->name;
	return NULL;
}

static enum ld_status
unknown_long(const struct parser *p, const char *name, size_t len)
{
	char word[80];
	const char *near;

	if (len >= sizeof(word))
		return ld_err_set(
		    p->err, LD_INVALID, "unknown option '--%.60s...'", name);
	memcpy(word, name, len);
	word[len] = '\0';
	near = guess_long(p, word);
	if (near == NULL)
		return ld_err_set(
		    p->err, LD_INVALID, "unknown option '--%s'", word);
	return ld_err_set(p->err, LD_INVALID,
	    "unknown option '--%s'; did you mean '--%s'?", word, near);
}

/* The value is the next argument. */
static enum ld_status
take_next(struct parser *p, const struct ld_opt *opt)
{
	if (p->at + 1 >= p->argc)
		return ld_err_set(p->err, LD_INVALID,
		    "option '--%s' needs a value: --%s=<%s>", opt->name,
		    opt->name, opt->arg);
	return give(p, opt, p->argv[++p->at]);
}

static enum ld_status
read_long(struct parser *p, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t len = equals == NULL ? strlen(text) : (size_t)(equals - text);
	const struct ld_opt *opt = find_long(p, text, len);

	if (opt == NULL)
		return unknown_long(p, text, len);
	if (equals == NULL)
		return opt->kind == LD_OPT_KIND_FLAG ? give(p, opt, NULL)
						     : take_next(p, opt);
	if (opt->kind == LD_OPT_KIND_FLAG)
		return ld_err_set(p->err, LD_INVALID,
		    "option '--%s' takes no value, not even '%s'", opt->name,
		    equals + 1);
	return give(p, opt, equals + 1);
}

static enum ld_status
read_shorts(struct parser *p, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		const struct ld_opt *opt = find_short(p, *letters);
		enum ld_status st;

		if (opt == NULL)
			return ld_err_set(p->err, LD_INVALID,
			    "unknown option '-%c'", *letters);
		if (opt->kind != LD_OPT_KIND_FLAG)
			return letters[1] == '\0' ? take_next(p, opt)
						  : give(p, opt, letters + 1);
		st = give(p, opt, NULL);
		if (st != LD_OK)
			return st;
	}
	return LD_OK;
}

static enum ld_status
read_all(struct parser *p)
{
	bool options = true;

	for (p->at = 1; p->at < p->argc; p->at++) {
		char *arg = p->argv[p->at];
		enum ld_status st = LD_OK;

		if (options && strcmp(arg, "--") == 0) {
			options = false;
		} else if (options && arg[0] == '-' && arg[1] == '-') {
			st = read_long(p, arg + 2);
		} else if (options && arg[0] == '-' && arg[1] != '\0') {
			st = read_shorts(p, arg + 1);
		} else {
			p->argv[++p->operands] = arg;
			options = options && !p->posix;
		}
		if (st != LD_OK)
			return st;
	}
	return LD_OK;
}

static enum ld_status
parse(struct parser *p, int *operands_out)
{
	enum ld_status st = set_presets(p);

	if (st == LD_OK)
		st = read_all(p);
	*operands_out = p->operands;
	return st;
}

enum ld_status
ld_opt_parse(const struct ld_opt *table, void *config, int argc, char **argv,
    int *operands_out, struct ld_err *err)
{
	struct parser p = { .table = table,
		.config = config,
		.argc = argc,
		.argv = argv,
		.err = err };

	return parse(&p, operands_out);
}

enum ld_status
ld_opt_parse_posix(const struct ld_opt *table, void *config, int argc,
    char **argv, int *operands_out, struct ld_err *err)
{
	struct parser p = { .table = table,
		.config = config,
		.argc = argc,
		.argv = argv,
		.posix = true,
		.err = err };

	return parse(&p, operands_out);
}

void
ld_opt_clear(const struct ld_opt *table, void *config)
{
	for (const struct ld_opt *opt = table; opt->kind != LD_OPT_KIND_END;
	     opt++) {
		struct ld_opt_list *list;

		if (opt->kind != LD_OPT_KIND_STRINGS)
			continue;
		list = field(config, opt);
		free(list->items);
		*list = (struct ld_opt_list){ .n = 0 };
	}
}
