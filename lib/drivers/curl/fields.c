/* SPDX-License-Identifier: MIT */
/*
 * Header lines as libcurl takes them: a list, in which "Name:" says that a
 * field is not to be sent and "Name;" that it is empty.  What libcurl would
 * add by itself is said not to be sent unless it is given.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "drivers/curl/curl.h"

enum { HOST, ACCEPT, USER_AGENT, CONTENT_TYPE, EXPECT, N_OWN };

/* What libcurl has by itself; of a list of libcurl, so not constant. */
static char own[N_OWN][16] = {
	[HOST] = "Host:",
	[ACCEPT] = "Accept:",
	[USER_AGENT] = "User-Agent:",
	[CONTENT_TYPE] = "Content-Type:",
	[EXPECT] = "Expect:",
};

size_t
ldi_curl_fields_count(const char *head, size_t len)
{
	size_t n = N_OWN + 1;

	for (size_t i = 0; i < len; i++)
		n += head[i] == '\n';
	return n;
}

/* Which of them the line is; N_OWN = none. */
static unsigned
find_own(const char *line)
{
	unsigned i;

	for (i = 0; i < N_OWN; i++)
		if (strncasecmp(line, own[i], strlen(own[i])) == 0)
			break;
	return i;
}

static void
mark_empty(char *line, size_t len)
{
	char *colon = memchr(line, ':', len);

	if (colon == NULL || strspn(colon + 1, " \t") != strlen(colon + 1))
		return;
	colon[0] = ';';
	colon[1] = '\0';
}

static struct curl_slist *
add(struct curl_slist *nodes, size_t *n, char *line)
{
	nodes[*n].data = line;
	nodes[*n].next = NULL;
	if (*n > 0)
		nodes[*n - 1].next = &nodes[*n];
	(*n)++;
	return nodes;
}

/* What need not be said: each line of the list costs a look in each of a dozen
 * searches. */
static unsigned
needless(const struct ldi_curl_fields_how *how)
{
	unsigned given = how->host_absent ? 0 : 1U << HOST;

	if (!how->has_body)
		given |= 1U << CONTENT_TYPE | 1U << EXPECT;
	return given;
}

struct curl_slist *
ldi_curl_fields_make(struct curl_slist *nodes, char *text, size_t len,
    char *more, const struct ldi_curl_fields_how *how)
{
	char *line = memchr(text, '\n', len), *end = text + len, *eol;
	unsigned given = needless(how), which;
	size_t n = 0;

	for (line = line == NULL ? end : line + 1; line < end; line = eol + 2) {
		eol = memchr(line, '\r', (size_t)(end - line));
		if (eol == NULL || eol == line)
			break;
		*eol = '\0';
		which = find_own(line);
		if (which == HOST && !how->host_given)
			continue; /* libcurl's is the same */
		given |= which < N_OWN ? 1U << which : 0;
		mark_empty(line, (size_t)(eol - line));
		add(nodes, &n, line);
	}
	if (more != NULL)
		add(nodes, &n, more);
	for (size_t i = 0; i < N_OWN; i++)
		if ((given & 1U << i) == 0)
			add(nodes, &n, own[i]);
	return nodes;
}
