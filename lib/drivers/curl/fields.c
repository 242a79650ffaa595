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

struct suppressed {
	const char *name;
	size_t len;
	char line[16];
};

/* Not constant: a list of libcurl holds pointers to char. */
static struct suppressed suppressed[] = {
	{ "host", 4, "Host:" },
	{ "accept", 6, "Accept:" },
	{ "user-agent", 10, "User-Agent:" },
	{ "content-type", 12, "Content-Type:" },
	{ "expect", 6, "Expect:" },
};
#define N_SUPPRESSED (sizeof(suppressed) / sizeof(suppressed[0]))

size_t
ldi_curl_fields_count(const char *head, size_t len)
{
	size_t n = N_SUPPRESSED + 1;

	for (size_t i = 0; i < len; i++)
		n += head[i] == '\n';
	return n;
}

static unsigned
note_given(const char *line)
{
	for (size_t i = 0; i < N_SUPPRESSED; i++)
		if (strncasecmp(line, suppressed[i].name, suppressed[i].len) ==
			0 &&
		    line[suppressed[i].len] == ':')
			return 1U << i;
	return 0;
}

static void
mark_empty(char *line, size_t len)
{
	char *colon = memchr(line, ':', len);

	if (colon != NULL && strspn(colon + 1, " \t") == strlen(colon + 1))
		strcpy(colon, ";");
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

struct curl_slist *
ldi_curl_fields_make(
    struct curl_slist *nodes, char *text, size_t len, char *more, bool no_host)
{
	char *line = memchr(text, '\n', len), *end = text + len, *eol;
	unsigned given = no_host ? 0 : 1;
	size_t n = 0;

	for (line = line == NULL ? end : line + 1; line < end; line = eol + 2) {
		eol = memchr(line, '\r', (size_t)(end - line));
		if (eol == NULL || eol == line)
			break;
		*eol = '\0';
		given |= note_given(line);
		mark_empty(line, (size_t)(eol - line));
		add(nodes, &n, line);
	}
	if (more != NULL)
		add(nodes, &n, more);
	for (size_t i = 0; i < N_SUPPRESSED; i++)
		if ((given & 1U << i) == 0)
			add(nodes, &n, suppressed[i].line);
	return nodes;
}
