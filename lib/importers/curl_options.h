/* SPDX-License-Identifier: MIT */
/*
 * importers/curl_options.h - the options of curl, one row each.
 */
#ifndef LDI_IMPORTERS_CURL_OPTIONS_H
#define LDI_IMPORTERS_CURL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "importers/curl.h"

/* Does a value follow, and may "--no-" stand in front? */
enum ldi_curl_arg {
	LDI_CURL_NONE,
	LDI_CURL_BOOL,
	LDI_CURL_VALUE,
};

enum ldi_curl_effect {
	LDI_CURL_LOST,    /* `text` says why; the word is kept all the same */
	LDI_CURL_REFUSED, /* the same, and it makes no sense to go on */
	LDI_CURL_FLAG,    /* a bool of struct ldi_curl_op */
	LDI_CURL_CLEARS,  /* the same, to false */
	LDI_CURL_WORD,    /* a word of it */
	LDI_CURL_LIST,    /* words of it, of kind `kind` */
	LDI_CURL_AUTH,    /* an authentication that a plan has not: LOST */
	LDI_CURL_CONFIG,
	LDI_CURL_CHAR, /* the kind, into a char */
	LDI_CURL_NEXT,
	LDI_CURL_NOTHING, /* says what happens anyway */
};

/* The kind of an option that curl 7.88 has not: it must be written out. */
#define LDI_CURL_NEWER '+'

struct ldi_curl_option {
	const char *name;
	char letter; /* 0 = none */
	uint8_t arg, effect;
	char kind;
	uint16_t offset;  /* in struct ldi_curl_op; 0 = none, if LOST */
	const char *text; /* why it is lost */
};

/* All of them, by name. */
const struct ldi_curl_option *ldi_curl_options(size_t *n_out);

/* By letter; NULL when there is none. */
const struct ldi_curl_option *ldi_curl_option_letter(char letter);

/* By name, in any case, or the only one that begins so; NULL otherwise, and
 * *many_out says whether several do. */
const struct ldi_curl_option *ldi_curl_option_name(
    const char *name, bool *many_out);

#endif /* LDI_IMPORTERS_CURL_OPTIONS_H */
