/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "target/authority.h"

#define HOUR 3600L
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

struct want {
	const char *name;
	bool authority;
	const char *san; /* NULL = none */
	long from_s, to_s;
};

static bool
add_extension(X509 *cert, X509 *issuer, int nid, const char *text)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	bool added;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, text);
	added = ext != NULL && X509_add_ext(cert, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return added;
}

/* Clients may keep what they know of a serial number. */
static bool
set_serial(X509 *cert)
{
	uint64_t serial;

	if (RAND_bytes((unsigned char *)&serial, sizeof(serial)) != 1)
		return false;
	return ASN1_INTEGER_set_uint64(
		   X509_get_serialNumber(cert), serial >> 1 | 1) == 1;
}

static bool
fill(X509 *cert, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
    const struct want *want)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return X509_set_version(cert, X509_VERSION_3) == 1 &&
	       set_serial(cert) &&
	       X509_gmtime_adj(X509_getm_notBefore(cert), want->from_s) !=
		   NULL &&
	       X509_gmtime_adj(X509_getm_notAfter(cert), want->to_s) != NULL &&
	       X509_set_pubkey(cert, key) == 1 &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		   (const unsigned char *)want->name, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 &&
	       add_extension(cert, issuer, NID_basic_constraints,
		   want->authority ? "critical,CA:TRUE" : "CA:FALSE") &&
	       add_extension(
		   cert, issuer, NID_subject_key_identifier, "hash") &&
	       (want->san == NULL || add_extension(cert, issuer,
					 NID_subject_alt_name, want->san)) &&
	       X509_sign(cert, issuer_key, EVP_sha256()) > 0;
}

static enum ld_status
make(struct ldi_issued *identity, const struct ldi_issued *issuer,
    const struct want *want, struct ld_err *err)
{
	identity->cert = X509_new();
	identity->key = EVP_EC_gen("P-256");
	if (issuer == NULL)
		issuer = identity;
	if (identity->cert != NULL && identity->key != NULL &&
	    fill(
		identity->cert, identity->key, issuer->cert, issuer->key, want))
		return LD_OK;
	ldi_authority_drop(identity);
	ERR_clear_error();
	return ld_err_set(err, LD_IO, "a certificate cannot be made");
}

static const struct want authority_wanted = { .name = "ld-target authority",
	.authority = true,
	.from_s = -DAY,
	.to_s = YEAR };

/* Another name, or a client would take it for ours with a wrong signature. */
static const struct want stranger = { .name = "an authority nobody has",
	.authority = true,
	.from_s = -DAY,
	.to_s = YEAR };

enum ld_status
ldi_authority_make(struct ldi_issued *authority, struct ld_err *err)
{
	return make(authority, NULL, &authority_wanted, err);
}

enum ld_status
ldi_authority_issue(struct ldi_issued *identity,
    const struct ldi_issued *authority, enum ldi_issued_fault fault,
    struct ld_err *err)
{
	struct ldi_issued other = { NULL, NULL };
	struct want want = { .name = "ld-target",
		.san = "DNS:localhost,IP:127.0.0.1,IP:::1",
		.from_s = -DAY,
		.to_s = YEAR };
	enum ld_status st = LD_OK;

	if (fault == LDI_ISSUED_EXPIRED)
		want.to_s = -HOUR;
	if (fault == LDI_ISSUED_EARLY)
		want.from_s = DAY;
	if (fault == LDI_ISSUED_NAME)
		want.san = "DNS:elsewhere.invalid";
	if (fault == LDI_ISSUED_SELF)
		authority = NULL;
	if (fault == LDI_ISSUED_ISSUER) {
		st = make(&other, NULL, &stranger, err);
		authority = &other;
	}
	if (st == LD_OK)
		st = make(identity, authority, &want, err);
	ldi_authority_drop(&other);
	return st;
}

void
ldi_authority_drop(struct ldi_issued *identity)
{
	X509_free(identity->cert);
	EVP_PKEY_free(identity->key);
	memset(identity, 0, sizeof(*identity));
}

bool
ldi_authority_pem(const struct ldi_issued *identity, struct ld_buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;
	bool written =
	    bio != NULL && PEM_write_bio_X509(bio, identity->cert) == 1;

	if (written) {
		len = BIO_get_mem_data(bio, &text);
		ld_buf_add(out, text, (size_t)len);
	}
	BIO_free(bio);
	return written && !out->failed;
}
