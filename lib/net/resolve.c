/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/time.h>

#include "net/resolve.h"

void
ldi_addr_host(const struct ldi_addr *addr, char *text_out, size_t size)
{
	const void *bytes = addr->u.sa.sa_family == AF_INET6
				? (const void *)&addr->u.in6.sin6_addr
				: (const void *)&addr->u.in.sin_addr;

	if (inet_ntop(addr->u.sa.sa_family, bytes, text_out, (socklen_t)size) ==
	    NULL)
		snprintf(text_out, size, "?");
}

void
ldi_addr_text(const struct ldi_addr *addr, char text_out[LDI_ADDR_TEXT])
{
	char host[INET6_ADDRSTRLEN];

	ldi_addr_host(addr, host, sizeof(host));
	if (addr->u.sa.sa_family == AF_INET6)
		snprintf(text_out, LDI_ADDR_TEXT, "[%s]:%u", host,
		    (unsigned)ntohs(addr->u.in6.sin6_port));
	else
		snprintf(text_out, LDI_ADDR_TEXT, "%s:%u", host,
		    (unsigned)ntohs(addr->u.in.sin_port));
}

bool
ldi_addr_literal(struct ldi_addr *out, const char *host, uint16_t port)
{
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, host, &out->u.in.sin_addr) == 1) {
		out->u.in.sin_family = AF_INET;
		out->u.in.sin_port = htons(port);
		out->len = sizeof(out->u.in);
		return true;
	}
	if (inet_pton(AF_INET6, host, &out->u.in6.sin6_addr) == 1) {
		out->u.in6.sin6_family = AF_INET6;
		out->u.in6.sin6_port = htons(port);
		out->len = sizeof(out->u.in6);
		return true;
	}
	return false;
}

/* FNV-1a.  Only plans and redirects name hosts, and the number of names is
 * bounded, so a seed is not needed. */
static uint64_t
hash_host(const char *host)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *host != '\0'; host++)
		hash = (hash ^ (unsigned char)*host) * UINT64_C(0x100000001b3);
	return hash;
}

static void
forget(struct ldi_name *name)
{
	assert(name->refs == 0 && name->state != LDI_NAME_ASKING);
	ldi_list_take(&name->link);
	name->loop->n_names--;
	free(name);
}

static void
forget_unused(struct ld_loop *loop)
{
	for (unsigned i = 0; i < LDI_NAME_BUCKETS; i++) {
		struct ldi_link *ring = &loop->names[i];
		struct ldi_link *link = ring->next;

		while (link != ring) {
			struct ldi_name *name =
			    LDI_CONTAINER(link, struct ldi_name, link);

			link = link->next;
			if (name->refs == 0 && name->state != LDI_NAME_ASKING)
				forget(name);
		}
	}
}

static struct ldi_name *
find_name(struct ld_loop *loop, const char *host, uint64_t hash)
{
	struct ldi_link *ring = &loop->names[hash % LDI_NAME_BUCKETS];

	for (struct ldi_link *link = ring->next; link != ring;
	     link = link->next) {
		struct ldi_name *name =
		    LDI_CONTAINER(link, struct ldi_name, link);

		if (name->hash == hash && strcmp(name->host, host) == 0)
			return name;
	}
	return NULL;
}

static struct ldi_name *
new_name(struct ld_loop *loop, const char *host, uint64_t hash)
{
	size_t size = strlen(host) + 1;
	struct ldi_name *name;

	if (loop->n_names >= LDI_MAX_NAMES)
		forget_unused(loop);
	name = calloc(1, sizeof(*name) + size);
	if (name == NULL)
		return NULL;
	memcpy(name->host, host, size);
	name->hash = hash;
	name->loop = loop;
	ldi_list_init(&name->waiters);
	ldi_list_append(&loop->names[hash % LDI_NAME_BUCKETS], &name->link);
	loop->n_names++;
	return name;
}

static void
keep_addrs(struct ldi_name *name, const struct addrinfo *list)
{
	name->n_addrs = 0;
	for (; list != NULL && name->n_addrs < LDI_MAX_ADDRS;
	     list = list->ai_next) {
		struct ldi_addr *addr = &name->addrs[name->n_addrs];

		if (list->ai_family != AF_INET && list->ai_family != AF_INET6)
			continue;
		if (list->ai_addrlen > sizeof(addr->u))
			continue;
		memcpy(&addr->u, list->ai_addr, list->ai_addrlen);
		addr->len = list->ai_addrlen;
		name->n_addrs++;
	}
}

static void
on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *list)
{
	struct ldi_name *name = request->data;
	struct ldi_link waiters;
	struct ldi_link *link;

	name->loop->resolving--;
	if (status == 0)
		keep_addrs(name, list);
	uv_freeaddrinfo(list);
	if (status == 0 && name->n_addrs == 0)
		status = UV_EAI_NODATA;
	name->error = status;
	name->state = status == 0 ? LDI_NAME_KNOWN : LDI_NAME_FAILED;
	name->retry_ns = ld_now_ns() + LDI_NAME_RETRY_NS;

	/* A waiter may let go of the name, and ask for it again. */
	name->refs++;
	ldi_list_move(&waiters, &name->waiters);
	while ((link = ldi_list_shift(&waiters)) != NULL) {
		struct ldi_task *task =
		    LDI_CONTAINER(link, struct ldi_task, link);

		task->run(task);
	}
	name->refs--;
}

static void
ask(struct ldi_name *name, uint64_t now_ns)
{
	static const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};
	int rc;

	name->request.data = name;
	rc = uv_getaddrinfo(&name->loop->uv, &name->request, on_resolved,
	    name->host, NULL, &hints);
	if (rc == 0) {
		name->state = LDI_NAME_ASKING;
		name->loop->resolving++;
		return;
	}
	name->state = LDI_NAME_FAILED;
	name->error = rc;
	name->retry_ns = now_ns + LDI_NAME_RETRY_NS;
}

struct ldi_name *
ldi_name_get(struct ld_loop *loop, const char *host, uint64_t now_ns)
{
	uint64_t hash = hash_host(host);
	struct ldi_name *name = find_name(loop, host, hash);

	if (name == NULL) {
		name = new_name(loop, host, hash);
		if (name == NULL)
			return NULL;
		ask(name, now_ns);
	} else if (name->state == LDI_NAME_FAILED && now_ns >= name->retry_ns) {
		ask(name, now_ns);
	}
	name->refs++;
	return name;
}

void
ldi_name_put(struct ldi_name *name)
{
	assert(name->refs > 0);
	name->refs--;
}

enum ld_class
ldi_name_class(const struct ldi_name *name)
{
	switch (name->error) {
	case UV_ENOMEM:
	case UV_EAI_MEMORY:
		return LD_CLASS_LOCAL_MEMORY;
	case UV_EMFILE:
	case UV_ENFILE:
		return LD_CLASS_LOCAL_FILES;
	default:
		return LD_CLASS_DNS;
	}
}

const char *
ldi_name_why(const struct ldi_name *name)
{
	switch (name->error) {
	case UV_EAI_NONAME:
		return "no such name";
	case UV_EAI_NODATA:
		return "the name has no address";
	case UV_EAI_AGAIN:
		return "no answer from the name servers";
	case UV_EAI_FAIL:
		return "the name servers failed";
	case UV_EAI_MEMORY:
	case UV_ENOMEM:
		return "out of memory";
	case UV_EMFILE:
	case UV_ENFILE:
		return "too many open files";
	default:
		return "the name cannot be resolved";
	}
}

void
ldi_names_cancel(struct ld_loop *loop)
{
	for (unsigned i = 0; i < LDI_NAME_BUCKETS; i++) {
		struct ldi_link *ring = &loop->names[i];

		for (struct ldi_link *link = ring->next; link != ring;
		     link = link->next) {
			struct ldi_name *name =
			    LDI_CONTAINER(link, struct ldi_name, link);

			/* Fails for one that runs: then it is waited for. */
			if (name->state == LDI_NAME_ASKING)
				uv_cancel((uv_req_t *)&name->request);
		}
	}
}

void
ldi_names_free(struct ld_loop *loop)
{
	forget_unused(loop);
	assert(loop->n_names == 0); /* a stream outlived its loop */
}
