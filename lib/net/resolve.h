/* SPDX-License-Identifier: MIT */
/*
 * net/resolve.h - names to addresses, off the loop, cached per loop.
 *
 * What a name resolved to holds for the rest of the run; a failure holds for
 * LDI_NAME_RETRY_NS, so that a broken name is not asked for once per request.
 * Streams that ask for the same name at the same time wait for one request.
 * Addresses stand in the order in which getaddrinfo() gave them.
 */
#ifndef LDI_NET_RESOLVE_H
#define LDI_NET_RESOLVE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <ld/ledger.h>

#include "net/loop.h"

#define LDI_NAME_RETRY_NS LD_NS_PER_S
/* Addresses kept of one name: those behind are never reached in practice. */
#define LDI_MAX_ADDRS 16
/* Names kept per loop; beyond, those that no stream uses are forgotten. */
#define LDI_MAX_NAMES 1024

struct ldi_addr {
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} u;
	socklen_t len;
};

/* "127.0.0.1:80", "[::1]:80", with its NUL. */
#define LDI_ADDR_TEXT 64
void ldi_addr_text(const struct ldi_addr *addr, char text_out[LDI_ADDR_TEXT]);
/* The same without the port: "::1". */
void ldi_addr_host(const struct ldi_addr *addr, char *text_out, size_t size);
/* A literal IPv4 or IPv6 address, which needs no resolver. */
bool ldi_addr_literal(struct ldi_addr *out, const char *host, uint16_t port);

enum ldi_name_state { LDI_NAME_ASKING, LDI_NAME_KNOWN, LDI_NAME_FAILED };

struct ldi_name {
	struct ldi_link link; /* in its bucket */
	struct ld_loop *loop;
	struct ldi_link waiters; /* struct ldi_task */
	uv_getaddrinfo_t request;
	enum ldi_name_state state;
	unsigned refs;
	int error; /* UV_EAI_*, when failed */
	uint64_t retry_ns;
	unsigned n_addrs;
	struct ldi_addr addrs[LDI_MAX_ADDRS]; /* port 0 */
	uint64_t hash;
	char host[];
};

/* The name in its present state, counted for the caller; NULL when memory is
 * short.  While ASKING the caller may put a task among the waiters, which is
 * run when the answer is there. */
struct ldi_name *ldi_name_get(
    struct ld_loop *loop, const char *host, uint64_t now_ns);
void ldi_name_put(struct ldi_name *name);
/* Of a failed name. */
enum ld_class ldi_name_class(const struct ldi_name *name);
const char *ldi_name_why(const struct ldi_name *name);

/* For ld_loop_free(): give up what can be given up; free what is known. */
void ldi_names_cancel(struct ld_loop *loop);
void ldi_names_free(struct ld_loop *loop);

#endif /* LDI_NET_RESOLVE_H */
