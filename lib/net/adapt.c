/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <ld/adapt.h>
#include <ld/time.h>

#include "net/failure.h"
#include "net/loop.h"
#include "net/pins.h"
#include "net/tls.h"

/* -- where to, and where from --------------------------------------------- */

void
ld_loop_lead(const struct ld_loop *loop, const char **host, uint16_t *port)
{
	ldi_pins_lead(loop->pins, host, port);
}

static void
add_addr(struct ld_buf *out, const struct ldi_addr *addr, bool first)
{
	char text[LDI_ADDR_TEXT];

	ldi_addr_host(addr, text, sizeof(text));
	ld_buf_addf(out, addr->u.sa.sa_family == AF_INET6 ? "%s[%s]" : "%s%s",
	    first ? "" : ",", text);
}

bool
ld_loop_pinned(const struct ld_loop *loop, const char *host, uint16_t port,
    struct ld_buf *out)
{
	const struct ldi_pin *pin = ldi_pins_find(loop->pins, host, port);

	for (unsigned i = 0; pin != NULL && i < pin->n_addrs; i++)
		add_addr(out, &pin->addrs[i], i == 0);
	return pin != NULL && pin->n_addrs > 0;
}

int
ld_loop_bind(struct ld_loop *loop, int family, int fd)
{
	return ldi_sources_bind(
	    ldi_pins_sources(loop->pins), family, fd, &loop->next_source);
}

/* -- names ---------------------------------------------------------------- */

struct ld_lookup {
	struct ld_loop *loop;
	ld_lookup_done_fn *done;
	void *owner;
	struct ldi_name *name; /* NULL = none */
	struct ldi_task wait;
	char why[160];
};

static void
on_name(struct ldi_task *task)
{
	struct ld_lookup *lookup = LDI_CONTAINER(task, struct ld_lookup, wait);

	lookup->done(lookup->owner);
}

enum ld_status
ld_lookup_new(struct ld_loop *loop, ld_lookup_done_fn *done, void *owner,
    struct ld_lookup **lookup_out, struct ld_err *err)
{
	struct ld_lookup *lookup = calloc(1, sizeof(*lookup));

	if (lookup == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for a look-up");
	lookup->loop = loop;
	lookup->done = done;
	lookup->owner = owner;
	lookup->wait.run = on_name;
	ldi_list_init(&lookup->wait.link);
	*lookup_out = lookup;
	return LD_OK;
}

void
ld_lookup_cancel(struct ld_lookup *lookup)
{
	ldi_task_cancel(&lookup->wait);
	if (lookup->name != NULL)
		ldi_name_put(lookup->name);
	lookup->name = NULL;
}

void
ld_lookup_free(struct ld_lookup *lookup)
{
	if (lookup == NULL)
		return;
	ld_lookup_cancel(lookup);
	free(lookup);
}

enum ld_status
ld_lookup_begin(struct ld_lookup *lookup, const char *host, bool *pending_out,
    struct ld_err *err)
{
	ld_lookup_cancel(lookup);
	lookup->name = ldi_name_get(lookup->loop, host, ld_now_ns());
	if (lookup->name == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for a name");
	*pending_out = lookup->name->state == LDI_NAME_ASKING;
	if (*pending_out)
		ldi_list_append(&lookup->name->waiters, &lookup->wait.link);
	return LD_OK;
}

enum ld_class
ld_lookup_result(
    struct ld_lookup *lookup, struct ld_buf *out, const char **text_out)
{
	const struct ldi_name *name = lookup->name;
	enum ld_class cls = LD_CLASS_NONE;

	if (name->state == LDI_NAME_FAILED) {
		cls = ldi_name_class(name);
		snprintf(lookup->why, sizeof(lookup->why), "resolve %.80s: %s",
		    name->host, ldi_name_why(name));
		*text_out = lookup->why;
	}
	for (unsigned i = 0; cls == LD_CLASS_NONE && i < name->n_addrs; i++)
		add_addr(out, &name->addrs[i], i == 0);
	ld_lookup_cancel(lookup);
	return cls;
}

bool
ld_is_address(const char *host)
{
	struct ldi_addr addr;

	return ldi_addr_literal(&addr, host, 1);
}

/* -- TLS ------------------------------------------------------------------ */

bool
ld_tls_verifies(const struct ld_tls *tls)
{
	return ldi_tls_verifies(tls);
}

/* Read and checked once, when our own context was made. */
static bool
use_identity(SSL_CTX *from, SSL_CTX *ctx)
{
	X509 *cert = SSL_CTX_get0_certificate(from);
	STACK_OF(X509) *chain = NULL;

	if (cert == NULL)
		return true;
	SSL_CTX_get0_chain_certs(from, &chain);
	return SSL_CTX_use_cert_and_key(
		   ctx, cert, SSL_CTX_get0_privatekey(from), chain, 1) == 1;
}

enum ld_status
ld_tls_apply(struct ld_tls *tls, SSL_CTX *ctx, struct ld_err *err)
{
	struct ldi_failure failure;
	SSL_CTX *from = ldi_tls_ctx(tls, &failure);

	if (from == NULL)
		return ld_err_set(err,
		    failure.cls == LD_CLASS_LOCAL_MEMORY ? LD_NOMEM : LD_IO,
		    "%s", failure.text);
	if (ldi_tls_verifies(tls))
		SSL_CTX_set1_cert_store(ctx, SSL_CTX_get_cert_store(from));
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_max_cert_list(ctx, LD_MAX_CERT_CHAIN_BYTES);
	if (use_identity(from, ctx))
		return LD_OK;
	ERR_clear_error();
	return ld_err_set(err, LD_NOMEM, "no memory for TLS");
}

/* -- classes -------------------------------------------------------------- */

enum ld_class
ld_class_of_connect(int errnum)
{
	return ldi_class_of_connect(errnum);
}

enum ld_class
ld_class_of_io(int errnum)
{
	return ldi_class_of_io(errnum);
}

enum ld_class
ld_class_of_verify(long error)
{
	return ldi_tls_verify_class((int)error);
}
