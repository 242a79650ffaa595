/* SPDX-License-Identifier: MIT */
/*
 * raw.h - a TCP client for tests, which says exactly the bytes it is told to.
 *
 * A peer that does not answer within ten seconds fails the test.
 */
#ifndef TESTS_RAW_H
#define TESTS_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct raw {
	int fd;
	char *data; /* received, not yet taken */
	size_t len;
	/* The last answer: */
	unsigned status;
	char *head; /* NUL-terminated, with its empty line */
	char *body; /* NUL-terminated, chunked framing taken off */
	size_t body_len;
};

void raw_open(struct raw *raw, uint16_t port);
void raw_close(struct raw *raw);
void raw_send(struct raw *raw, const char *text);
void raw_sendn(struct raw *raw, const char *data, size_t len);
/* Read one answer; `to_head`: it answers HEAD, so no body comes. */
void raw_read(struct raw *raw, bool to_head);
/* raw_send() and raw_read(). */
void raw_ask(struct raw *raw, const char *text);
/* Does the peer end the connection now, without another byte? */
bool raw_ended(struct raw *raw);
/* One request on a connection of its own: "METHOD /target", and its body. */
void raw_once(struct raw *raw, uint16_t port, const char *line,
    const char *headers, const char *body);
/* The same; the test fails unless the status is this one and `want` stands in
 * head or body. */
void raw_expect(uint16_t port, const char *line, const char *headers,
    const char *body, unsigned status, const char *want);

#endif /* TESTS_RAW_H */
