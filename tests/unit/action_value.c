/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "action_value.h"

static char stream[4 << 20], plan[64 << 10];

const char *
actions_stream(struct load *load, const char *text)
{
	ssize_t n;

	load_init(load);
	load_run(load, text);
	n = pread(load->fd, stream, sizeof(stream) - 1, 0);
	assert_true(n >= 0);
	stream[n] = '\0';
	load_clear(load);
	return stream;
}

const char *
action_value(const char *command, const char *args)
{
	struct load load;
	char *at, *end, *line;

	snprintf(plan, sizeof(plan), "[[\"%s\"%s%s]]", command,
	    *args == '\0' ? "" : ",", args);
	actions_stream(&load, plan);
	if (load.status != LD_OK) {
		snprintf(stream, sizeof(stream), "refused: %s", load.err.text);
		return stream;
	}
	end = strrchr(stream, '}');
	assert_non_null(end);
	*end = '\0';
	/* The last line: before it may be those of inner documents. */
	at = strrchr(stream, '\n');
	line = at == NULL ? stream : at + 1;
	at = strstr(line, "\"status\":\"ok\",\"value\":");
	if (at != NULL)
		return strchr(at + sizeof("\"status\":\"ok\","), ':') + 1;
	at = strstr(line, "\"error\":\"");
	assert_non_null(at);
	end[-1] = '\0'; /* the quote */
	at[8] = ' ';
	return memcpy(at + 1, "failed: ", 8);
}
