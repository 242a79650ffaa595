/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <ld/adapt.h>

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

bool
ld_loop_pinned(const struct ld_loop *loop, const char *host, uint16_t port,
    struct ld_buf *out)
{
	const struct ldi_pin *pin = ldi_pins_find(loop->pins, host, port);
	char text[LDI_ADDR_TEXT];

	for (unsigned i = 0; pin != NULL && i < pin->n_addrs; i++) {
		bool v6 = pin->addrs[i].u.sa.sa_family == AF_INET6;

		ldi_addr_host(&pin->addrs[i], text, sizeof(text));
		ld_buf_addf(
		    out, v6 ? "%s[%s]" : "%s%s", i > 0 ? "," : "", text);
	}
	return pin != NULL && pin->n_addrs > 0;
}

int
ld_loop_bind(struct ld_loop *loop, int family, int fd)
{
	return ldi_sources_bind(
	    ldi_pins_sources(loop->pins), family, fd, &loop->next_source);
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
