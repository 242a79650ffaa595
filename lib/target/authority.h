/* SPDX-License-Identifier: MIT */
/*
 * target/authority.h - an authority made at the start, and certificates of it,
 * good and bad.  Keys never leave memory.
 */
#ifndef LDI_TARGET_AUTHORITY_H
#define LDI_TARGET_AUTHORITY_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include <ld/buf.h>
#include <ld/err.h>

enum ldi_issued_fault {
	LDI_ISSUED_GOOD,
	LDI_ISSUED_EXPIRED, /* since an hour */
	LDI_ISSUED_EARLY,   /* valid from tomorrow on */
	LDI_ISSUED_NAME,    /* for another name */
	LDI_ISSUED_SELF,    /* signed by itself */
	LDI_ISSUED_ISSUER,  /* of an authority that nobody has */
};

struct ldi_issued {
	X509 *cert;
	EVP_PKEY *key;
};

/* The authority. */
enum ld_status ldi_authority_make(
    struct ldi_issued *identity, struct ld_err *err);
/* Of the authority, for 127.0.0.1, ::1 and localhost, unless the fault says
 * else. */
enum ld_status ldi_authority_issue(struct ldi_issued *identity,
    const struct ldi_issued *authority, enum ldi_issued_fault fault,
    struct ld_err *err);
void ldi_authority_drop(struct ldi_issued *identity);
/* The certificate as PEM. */
bool ldi_authority_pem(const struct ldi_issued *identity, struct ld_buf *out);

#endif /* LDI_TARGET_AUTHORITY_H */
