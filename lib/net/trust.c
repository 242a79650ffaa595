/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "net/pem.h"
#include "net/trust.h"

#define WHAT "CA file"

struct ldi_trust {
	atomic_uint refs;
	pthread_mutex_t lock; /* reading the system's */
	X509_STORE *store;    /* NULL until then */
};

static enum ld_status
add_all(X509_STORE *store, const STACK_OF(X509_INFO) * found, const char *file,
    struct ld_err *err)
{
	int n = 0;

	for (int i = 0; i < sk_X509_INFO_num(found); i++) {
		X509_INFO *info = sk_X509_INFO_value(found, i);

		if (info->x509 == NULL)
			continue;
		if (X509_STORE_add_cert(store, info->x509) != 1)
			return ldi_pem_refuse(file, WHAT, err);
		n++;
	}
	return n > 0 ? LD_OK
		     : ld_err_set(err, LD_INVALID,
			   WHAT " '%.200s' holds no certificate (PEM)", file);
}

static enum ld_status
read_file(X509_STORE *store, const char *file, struct ld_err *err)
{
	STACK_OF(X509_INFO) *found = NULL;
	struct ld_buf text;
	enum ld_status st = ldi_pem_read(file, WHAT, &text, err);
	BIO *bio = NULL;

	ERR_clear_error();
	if (st == LD_OK && text.len > 0) {
		bio = BIO_new_mem_buf(text.data, (int)text.len);
		if (bio != NULL)
			found = PEM_X509_INFO_read_bio(bio, NULL, NULL, NULL);
		if (found == NULL)
			st = ldi_pem_refuse(file, WHAT, err);
	}
	if (st == LD_OK)
		st = add_all(store, found, file, err);
	sk_X509_INFO_pop_free(found, X509_INFO_free);
	BIO_free(bio);
	ldi_pem_forget(&text);
	ERR_clear_error();
	return st;
}

enum ld_status
ldi_trust_new(
    const char *file, struct ldi_trust **trust_out, struct ld_err *err)
{
	struct ldi_trust *trust = calloc(1, sizeof(*trust));
	enum ld_status st = LD_OK;

	if (trust == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for TLS");
	atomic_init(&trust->refs, 1);
	pthread_mutex_init(&trust->lock, NULL);
	if (file != NULL) {
		trust->store = X509_STORE_new();
		st = trust->store != NULL
			 ? read_file(trust->store, file, err)
			 : ld_err_set(err, LD_NOMEM, "no memory for TLS");
	}
	if (st != LD_OK) {
		ldi_trust_free(trust);
		return st;
	}
	*trust_out = trust;
	return LD_OK;
}

struct ldi_trust *
ldi_trust_ref(struct ldi_trust *trust)
{
	atomic_fetch_add(&trust->refs, 1);
	return trust;
}

void
ldi_trust_free(struct ldi_trust *trust)
{
	if (trust == NULL || atomic_fetch_sub(&trust->refs, 1) > 1)
		return;
	X509_STORE_free(trust->store);
	pthread_mutex_destroy(&trust->lock);
	free(trust);
}

/* $SSL_CERT_FILE and $SSL_CERT_DIR, or where the system has them. */
static X509_STORE *
read_system(struct ld_err *err)
{
	X509_STORE *store = X509_STORE_new();

	ERR_clear_error();
	if (store == NULL) {
		ld_err_set(err, LD_NOMEM, "no memory for TLS");
	} else if (X509_STORE_set_default_paths(store) != 1) {
		ldi_pem_refuse(X509_get_default_cert_file(), WHAT, err);
		X509_STORE_free(store);
		store = NULL;
	}
	ERR_clear_error();
	return store;
}

X509_STORE *
ldi_trust_store(struct ldi_trust *trust, struct ld_err *err)
{
	X509_STORE *store;

	pthread_mutex_lock(&trust->lock);
	if (trust->store == NULL)
		trust->store = read_system(err);
	store = trust->store;
	pthread_mutex_unlock(&trust->lock);
	return store;
}
