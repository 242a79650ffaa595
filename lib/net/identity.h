/* SPDX-License-Identifier: MIT */
/* net/identity.h - who we are: a client certificate and its key. */
#ifndef LDI_NET_IDENTITY_H
#define LDI_NET_IDENTITY_H

#include <openssl/ssl.h>

#include <ld/tls.h>

struct ldi_identity {
	char *cert_file; /* NULL = nobody */
	char *key_file;  /* NULL = in cert_file */
	char *password;  /* or NULL */
};

/* A copy of what the options say; LD_INVALID when they make no sense. */
enum ld_status ldi_identity_init(struct ldi_identity *identity,
    const struct ld_tls_options *options, struct ld_err *err);
void ldi_identity_clear(struct ldi_identity *identity);
bool ldi_identity_is(
    const struct ldi_identity *identity, const struct ld_tls_options *options);
/* Put certificate, chain and key into the context. */
enum ld_status ldi_identity_use(
    const struct ldi_identity *identity, SSL_CTX *ctx, struct ld_err *err);

#endif /* LDI_NET_IDENTITY_H */
