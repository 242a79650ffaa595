/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "net/identity.h"
#include "net/pem.h"

#define CERT "client certificate"
#define KEY "private key"

/* -- which ---------------------------------------------------------------- */

/* false when memory is short. */
static bool
copy_text(char **to, const char *from)
{
	*to = from != NULL ? strdup(from) : NULL;
	return from == NULL || *to != NULL;
}

enum ld_status
ldi_identity_init(struct ldi_identity *identity,
    const struct ld_tls_options *options, struct ld_err *err)
{
	memset(identity, 0, sizeof(*identity));
	if (options->cert_file == NULL &&
	    (options->key_file != NULL || options->password != NULL))
		return ld_err_set(err, LD_INVALID,
		    KEY " '%.200s' without a certificate",
		    options->key_file != NULL ? options->key_file : "");
	if (copy_text(&identity->cert_file, options->cert_file) &&
	    copy_text(&identity->key_file, options->key_file) &&
	    copy_text(&identity->password, options->password))
		return LD_OK;
	ldi_identity_clear(identity);
	return ld_err_set(err, LD_NOMEM, "no memory for TLS");
}

void
ldi_identity_clear(struct ldi_identity *identity)
{
	free(identity->cert_file);
	free(identity->key_file);
	if (identity->password != NULL)
		OPENSSL_cleanse(identity->password, strlen(identity->password));
	free(identity->password);
	memset(identity, 0, sizeof(*identity));
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
ldi_identity_is(
    const struct ldi_identity *identity, const struct ld_tls_options *options)
{
	return same(identity->cert_file, options->cert_file) &&
	       same(identity->key_file, options->key_file) &&
	       same(identity->password, options->password);
}

/* -- the certificate ------------------------------------------------------ */

/* Was that the end of the file, and not a fault in it? */
static bool
is_end(void)
{
	unsigned long code = ERR_peek_last_error();

	return ERR_GET_LIB(code) == ERR_LIB_PEM &&
	       ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

/* The first certificate is ours, the others stand above it. */
static enum ld_status
use_certs(const struct ldi_identity *identity, SSL_CTX *ctx, BIO *bio,
    const char *file, struct ld_err *err)
{
	X509 *cert = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL);
	bool ok;

	(void)identity;
	if (cert == NULL && is_end())
		return ld_err_set(err, LD_INVALID,
		    CERT " '%.200s' holds no certificate (PEM)", file);
	ok = cert != NULL && SSL_CTX_use_certificate(ctx, cert) == 1;
	X509_free(cert);
	while (ok) {
		cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		if (cert == NULL)
			break;
		ok = SSL_CTX_add0_chain_cert(ctx, cert) == 1;
		if (!ok)
			X509_free(cert);
	}
	if (!ok || !is_end())
		return ldi_pem_refuse(file, CERT, err);
	return LD_OK;
}

/* -- the key -------------------------------------------------------------- */

/* What OpenSSL would ask a terminal for. */
struct question {
	const char *password; /* NULL = none is given */
	bool asked;
};

static int
answer(char *buf, int size, int rwflag, void *arg)
{
	struct question *question = arg;
	size_t len;

	(void)rwflag;
	question->asked = true;
	if (question->password == NULL)
		return -1;
	len = strlen(question->password);
	if (len > (size_t)size)
		return -1;
	memcpy(buf, question->password, len);
	return (int)len;
}

/* Nothing in the file looked like a key to any of OpenSSL's decoders? */
static bool
is_no_key(void)
{
	unsigned long code = ERR_peek_last_error();

	return is_end() || (ERR_GET_LIB(code) == ERR_LIB_OSSL_DECODER &&
			       ERR_GET_REASON(code) == ERR_R_UNSUPPORTED);
}

static enum ld_status
refuse_key(
    const struct question *question, const char *file, struct ld_err *err)
{
	if (question->asked)
		return ld_err_set(err, LD_INVALID,
		    question->password == NULL ? KEY
			" '%.200s' is encrypted, and there is no password"
					       : KEY
			" '%.200s' cannot be decrypted with this password",
		    file);
	if (is_no_key())
		return ld_err_set(
		    err, LD_INVALID, KEY " '%.200s' holds no key (PEM)", file);
	return ldi_pem_refuse(file, KEY, err);
}

static enum ld_status
use_key(const struct ldi_identity *identity, SSL_CTX *ctx, BIO *bio,
    const char *file, struct ld_err *err)
{
	struct question question = { identity->password, false };
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, answer, &question);
	enum ld_status st = LD_OK;

	if (key == NULL)
		return refuse_key(&question, file, err);
	if (identity->password != NULL && !question.asked)
		st = ld_err_set(err, LD_INVALID,
		    KEY " '%.200s' is not encrypted: a password has no effect",
		    file);
	else if (X509_check_private_key(SSL_CTX_get0_certificate(ctx), key) !=
		 1)
		st = ld_err_set(err, LD_INVALID,
		    KEY " '%.150s' is not that of " CERT " '%.150s'", file,
		    identity->cert_file);
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1)
		st = ldi_pem_refuse(file, KEY, err);
	EVP_PKEY_free(key);
	return st;
}

/* -- both ----------------------------------------------------------------- */

typedef enum ld_status use_fn(const struct ldi_identity *identity, SSL_CTX *ctx,
    BIO *bio, const char *file, struct ld_err *err);

static enum ld_status
use_file(const struct ldi_identity *identity, SSL_CTX *ctx, use_fn *use,
    const char *file, struct ld_err *err)
{
	const char *what = use == use_certs ? CERT : KEY;
	struct ld_buf text;
	enum ld_status st = ldi_pem_read(file, what, &text, err);
	BIO *bio = NULL;

	ERR_clear_error();
	if (st == LD_OK) {
		bio = BIO_new_mem_buf(
		    text.len > 0 ? text.data : "", (int)text.len);
		st = bio != NULL
			 ? use(identity, ctx, bio, file, err)
			 : ld_err_set(err, LD_NOMEM, "no memory for TLS");
	}
	BIO_free(bio);
	ldi_pem_forget(&text);
	ERR_clear_error();
	return st;
}

enum ld_status
ldi_identity_use(
    const struct ldi_identity *identity, SSL_CTX *ctx, struct ld_err *err)
{
	const char *key = identity->key_file != NULL ? identity->key_file
						     : identity->cert_file;
	enum ld_status st;

	if (identity->cert_file == NULL)
		return LD_OK;
	st = use_file(identity, ctx, use_certs, identity->cert_file, err);
	if (st == LD_OK)
		st = use_file(identity, ctx, use_key, key, err);
	return st;
}
