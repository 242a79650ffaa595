/* SPDX-License-Identifier: MIT */
/*
 * What values that came from elsewhere may make of a payload and a target.  The
 * first byte chooses: "h", hexadecimal behind "hex:"; else a target.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/socket/socket.h"

#include "fuzz.h"

static void
read_hex(const char *text, size_t len)
{
	char *copy = malloc(len + 5);
	size_t n = len + 4;
	const char *why;

	require(copy != NULL);
	memcpy(copy, "hex:", 4);
	memcpy(copy + 4, text, len);
	why = ldi_socket_unhex(copy, &n);
	/* Two digits make a byte; nothing grows. */
	require(why != NULL || n <= len / 2);
	free(copy);
}

static void
read_target(const char *text, size_t len)
{
	struct ldi_socket_target to = { .port = 0 };
	char *copy = malloc(len + 1); /* no more than it is, for sanitizers */
	size_t n;

	require(copy != NULL);
	memcpy(copy, text, len);
	if (ldi_socket_target_read(copy, len, &to) == NULL) {
		n = strlen(to.host);
		require(n > 0 && n < sizeof(to.host) && n <= len);
		require(to.of_unix ? to.port == 0 && n < 108 : to.port > 0);
		require(memmem(copy, len, to.host, n) != NULL);
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	if (size == 0)
		return 0;
	if (data[0] == 'h')
		read_hex(text + 1, size - 1);
	else
		read_target(text + 1, size - 1);
	return 0;
}
