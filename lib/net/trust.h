/* SPDX-License-Identifier: MIT */
/*
 * net/trust.h - whose signatures are believed: one store, shared by all
 * settings with the same authorities.
 */
#ifndef LDI_NET_TRUST_H
#define LDI_NET_TRUST_H

#include <openssl/x509.h>

#include <ld/err.h>

struct ldi_trust;

/* Of a PEM file, which is read now; NULL: of the system, which is read when
 * the store is first asked for. */
enum ld_status ldi_trust_new(
    const char *file, struct ldi_trust **trust_out, struct ld_err *err);
struct ldi_trust *ldi_trust_ref(struct ldi_trust *trust);
void ldi_trust_free(struct ldi_trust *trust);
/* From any thread; borrowed.  NULL: *err says why. */
X509_STORE *ldi_trust_store(struct ldi_trust *trust, struct ld_err *err);

#endif /* LDI_NET_TRUST_H */
