/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "raw.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

void
raw_open(struct raw *raw, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	struct timeval ten_s = { .tv_sec = 10 };

	memset(raw, 0, sizeof(*raw));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	raw->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(raw->fd >= 0);
	assert_int_equal(
	    setsockopt(raw->fd, SOL_SOCKET, SO_RCVTIMEO, &ten_s, sizeof(ten_s)),
	    0);
	assert_int_equal(
	    connect(raw->fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

void
raw_close(struct raw *raw)
{
	close(raw->fd);
	free(raw->data);
	free(raw->head);
	free(raw->body);
	memset(raw, 0, sizeof(*raw));
	raw->fd = -1;
}

void
raw_sendn(struct raw *raw, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(raw->fd, data, len, MSG_NOSIGNAL);

		if (n < 0)
			return; /* a server that refuses may have left */
		data += n;
		len -= (size_t)n;
	}
}

void
raw_send(struct raw *raw, const char *text)
{
	raw_sendn(raw, text, strlen(text));
}

/* More bytes; false at the end. */
static bool
more(struct raw *raw)
{
	ssize_t n;

	raw->data = realloc(raw->data, raw->len + 65536 + 1);
	assert_non_null(raw->data);
	n = recv(raw->fd, raw->data + raw->len, 65536, 0);
	if (n <= 0)
		return false;
	raw->len += (size_t)n;
	raw->data[raw->len] = '\0';
	return true;
}

static void
need(struct raw *raw, size_t len)
{
	while (raw->len < len)
		assert_true(more(raw));
}

static void
take(struct raw *raw, size_t len)
{
	raw->len -= len;
	memmove(raw->data, raw->data + len, raw->len + 1);
}

static void
body_add(struct raw *raw, size_t len)
{
	need(raw, len);
	raw->body = realloc(raw->body, raw->body_len + len + 1);
	assert_non_null(raw->body);
	memcpy(raw->body + raw->body_len, raw->data, len);
	raw->body_len += len;
	raw->body[raw->body_len] = '\0';
	take(raw, len);
}

static void
read_chunks(struct raw *raw)
{
	for (;;) {
		char *eol;
		size_t size;

		need(raw, 1);
		while ((eol = strstr(raw->data, "\r\n")) == NULL)
			assert_true(more(raw));
		size = strtoul(raw->data, NULL, 16);
		take(raw, (size_t)(eol + 2 - raw->data));
		body_add(raw, size);
		need(raw, 2);
		assert_memory_equal(raw->data, "\r\n", 2);
		take(raw, 2);
		if (size == 0)
			return;
	}
}

void
raw_read(struct raw *raw, bool to_head)
{
	char *end, *length;

	free(raw->head);
	free(raw->body);
	raw->head = raw->body = NULL;
	raw->body_len = 0;
	need(raw, 1);
	while ((end = strstr(raw->data, "\r\n\r\n")) == NULL)
		assert_true(more(raw));
	raw->head = strndup(raw->data, (size_t)(end + 4 - raw->data));
	assert_non_null(raw->head);
	take(raw, (size_t)(end + 4 - raw->data));
	assert_int_equal(sscanf(raw->head, "HTTP/1.1 %3u ", &raw->status), 1);
	length = strstr(raw->head, "\r\nContent-Length: ");
	body_add(raw, 0);
	if (to_head)
		return;
	if (length != NULL)
		body_add(raw, strtoul(length + 18, NULL, 10));
	else if (strstr(raw->head, "\r\nTransfer-Encoding: chunked") != NULL)
		read_chunks(raw);
}

void
raw_ask(struct raw *raw, const char *text)
{
	raw_send(raw, text);
	raw_read(raw, false);
}

bool
raw_ended(struct raw *raw)
{
	char byte;

	return raw->len == 0 && recv(raw->fd, &byte, 1, 0) == 0;
}

void
raw_once(struct raw *raw, uint16_t port, const char *line, const char *headers,
    const char *body)
{
	char length[64];

	raw_open(raw, port);
	raw_send(raw, line);
	raw_send(raw, " HTTP/1.1\r\nHost: t\r\n");
	raw_send(raw, headers);
	snprintf(length, sizeof(length), "Content-Length: %zu\r\n\r\n",
	    strlen(body));
	raw_send(raw, *body != '\0' ? length : "\r\n");
	raw_send(raw, body);
	raw_read(raw, strncmp(line, "HEAD ", 5) == 0);
}

void
raw_expect(uint16_t port, const char *line, const char *headers,
    const char *body, unsigned status, const char *want)
{
	struct raw raw;

	raw_once(&raw, port, line, headers, body);
	if (raw.status != status ||
	    (strstr(raw.head, want) == NULL && strstr(raw.body, want) == NULL))
		fail_msg("%s: no %u with %s in:\n%s%s", line, status, want,
		    raw.head, raw.body);
	raw_close(&raw);
}
