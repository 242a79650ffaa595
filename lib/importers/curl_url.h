/* SPDX-License-Identifier: MIT */
/*
 * importers/curl_url.h - URLs as curl takes them.
 */
#ifndef LDI_IMPORTERS_CURL_URL_H
#define LDI_IMPORTERS_CURL_URL_H

#include "importers/curl.h"

struct ldi_curl_url {
	/* Why curl would send nothing; NULL = it would.  Nothing else is set
	 * then. */
	const char *fault;
	bool https;
	bool has_user;
	bool odd; /* curl's target is not what the URL gives us */
	struct ld_buf user, password; /* decoded */
	struct ld_buf host;           /* as it was written; [::1] */
	unsigned port;                /* 0 = the default one */
	struct ld_buf target;         /* path and query, as curl sends them */
	/* For the plan: the whole without user and fragment.  One with a
	 * variable of the shell is kept as it stands, and nothing above is
	 * known. */
	bool variable;
	struct ld_buf text;
};

void ldi_curl_url_init(struct ldi_curl_url *url);
void ldi_curl_url_clear(struct ldi_curl_url *url);

/*
 * Read one URL for an operation.  `query` is appended to its own; `file` is
 * what --upload-file sends, whose name a path that ends in a slash gets.
 * Either may be NULL.
 */
enum ld_status ldi_curl_url_read(struct ldi_curl *curl,
    const struct ldi_curl_op *op, const struct ldi_curl_word *word,
    const struct ld_buf *query, const char *file, struct ldi_curl_url *url_out);

/* Append percent-encoded, upper case; a blank is "+" if `plus`. */
void ldi_curl_url_escape(
    struct ld_buf *out, const char *text, size_t len, bool plus);

/* -- curl_glob.c ---------------------------------------------------------- */

/* All URLs that a pattern such as http://h/{a,b}/[1-3] stands for. */
enum ld_status ldi_curl_glob(struct ldi_curl *curl,
    const struct ldi_curl_word *word, struct ldi_curl_words *out);

#endif /* LDI_IMPORTERS_CURL_URL_H */
