/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/source.h"

/* A datagram socket can be bound wherever a connection could come from. */
static int
try_address(const struct ldi_addr *addr)
{
	int fd = socket(addr->u.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int rc;

	if (fd < 0)
		return errno;
	rc = bind(fd, &addr->u.sa, addr->len) == 0 ? 0 : errno;
	close(fd);
	return rc;
}

static enum ld_status
add_one(struct ldi_sources *sources, const char *text, size_t len,
    struct ld_err *err)
{
	struct ldi_addr *addr = &sources->addrs[sources->n];
	char copy[LDI_ADDR_TEXT];
	int rc;

	if (sources->n == LDI_MAX_SOURCES)
		return ld_err_set(err, LD_INVALID,
		    "more than %d source addresses", LDI_MAX_SOURCES);
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(copy))
		return ld_err_set(err, LD_INVALID,
		    "'%.*s' is neither an IPv4 nor an IPv6 address",
		    len < 100 ? (int)len : 100, text);
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (!ldi_addr_literal(addr, copy, 0))
		return ld_err_set(err, LD_INVALID,
		    "'%s' is neither an IPv4 nor an IPv6 address", copy);
	rc = try_address(addr);
	if (rc == EADDRNOTAVAIL)
		return ld_err_set(
		    err, LD_INVALID, "'%s' is no address of this host", copy);
	if (rc != 0)
		return ld_err_errno(err, rc, "'%s'", copy);
	sources->n++;
	return LD_OK;
}

enum ld_status
ldi_sources_add(
    struct ldi_sources *sources, const char *text, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	while (st == LD_OK) {
		size_t len = strcspn(text, ",");

		st = add_one(sources, text, len, err);
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	return st;
}

int
ldi_sources_bind(
    const struct ldi_sources *sources, int family, int fd, unsigned *turn)
{
	int one = 1;

	if (sources == NULL || sources->n == 0)
		return 0;
	for (unsigned i = 0; i < sources->n; i++) {
		const struct ldi_addr *addr =
		    &sources->addrs[(*turn)++ % sources->n];

		if (addr->u.sa.sa_family != family)
			continue;
#ifdef IP_BIND_ADDRESS_NO_PORT
		/* Without it the port is drawn now, for all targets at once:
		 * fewer connections, and no other difference. */
		(void)setsockopt(
		    fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
#endif
		return bind(fd, &addr->u.sa, addr->len) == 0 ? 0 : errno;
	}
	return EAFNOSUPPORT;
}
