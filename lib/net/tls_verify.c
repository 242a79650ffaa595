/* SPDX-License-Identifier: MIT */
/*
 * Why a certificate was not accepted: its class, and a sentence with what to
 * compare the certificate with.
 *
 * Everything shown of it comes from the server: printable ASCII, cut short.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "net/tls.h"

/* What is shown of one name, and of all the names of a certificate. */
#define NAME_TEXT 96
#define NAMES_TEXT 160
#define DATE_TEXT 24

/* -- what a certificate says ---------------------------------------------- */

static void
keep_printable(char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

/* "CN=name, O=owner"; cut with dots where it is too long. */
static const char *
name_text(const X509_NAME *name, char buf[NAME_TEXT])
{
	/* Escapes what is not ASCII. */
	static const unsigned long how =
	    XN_FLAG_ONELINE & ~(unsigned long)XN_FLAG_SPC_EQ;
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long len = 0;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, how) > 0)
		len = BIO_get_mem_data(bio, &text);
	if (len <= 0)
		snprintf(buf, NAME_TEXT, "no name");
	else if (len < NAME_TEXT)
		snprintf(buf, NAME_TEXT, "%.*s", (int)len, text);
	else
		snprintf(buf, NAME_TEXT, "%.*s...", NAME_TEXT - 4, text);
	keep_printable(buf);
	BIO_free(bio);
	return buf;
}

static const char *
subject_text(const X509 *cert, char buf[NAME_TEXT])
{
	return name_text(X509_get_subject_name(cert), buf);
}

/* "2026-11-25T00:45:40Z" */
static const char *
date_text(const ASN1_TIME *date, char buf[DATE_TEXT])
{
	struct tm tm;

	if (date == NULL || ASN1_TIME_to_tm(date, &tm) != 1 ||
	    strftime(buf, DATE_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return "no date";
	return buf;
}

/* One of the names that a certificate is for; false for what no client
 * connects to. */
static bool
san_text(const GENERAL_NAME *name, char buf[NAME_TEXT])
{
	struct ldi_addr addr = { 0 };
	const ASN1_OCTET_STRING *octets;
	size_t len;

	if (name->type == GEN_DNS) {
		snprintf(buf, NAME_TEXT, "%.*s",
		    ASN1_STRING_length(name->d.dNSName),
		    (const char *)ASN1_STRING_get0_data(name->d.dNSName));
		keep_printable(buf);
		return true;
	}
	if (name->type != GEN_IPADD)
		return false;
	octets = name->d.iPAddress;
	len = (size_t)ASN1_STRING_length(octets);
	if (len == sizeof(addr.u.in.sin_addr)) {
		addr.u.sa.sa_family = AF_INET;
		memcpy(&addr.u.in.sin_addr, ASN1_STRING_get0_data(octets), len);
	} else if (len == sizeof(addr.u.in6.sin6_addr)) {
		addr.u.sa.sa_family = AF_INET6;
		memcpy(
		    &addr.u.in6.sin6_addr, ASN1_STRING_get0_data(octets), len);
	} else {
		return false;
	}
	ldi_addr_host(&addr, buf, NAME_TEXT);
	return true;
}

/* Append ", name" while there is room; false when there is none. */
static bool
add_name(char *buf, size_t size, const char *name)
{
	size_t used = strlen(buf), len = strlen(name);
	const char *comma = used > 0 ? ", " : "";

	/* Dots must fit behind the last. */
	if (used + strlen(comma) + len + sizeof(", ...") > size) {
		snprintf(buf + used, size - used, "%s...", comma);
		return false;
	}
	snprintf(buf + used, size - used, "%s%s", comma, name);
	return true;
}

/* "127.0.0.1, localhost, ..."; without any the subject, where a client looks
 * then. */
static const char *
names_text(const X509 *cert, char buf[NAMES_TEXT])
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	char one[NAME_TEXT];

	buf[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		if (san_text(sk_GENERAL_NAME_value(names, i), one) &&
		    !add_name(buf, NAMES_TEXT, one))
			break;
	GENERAL_NAMES_free(names);
	if (buf[0] == '\0')
		snprintf(buf, NAMES_TEXT, "%s", subject_text(cert, one));
	return buf;
}

/* -- which failure -------------------------------------------------------- */

struct verify_class {
	int error; /* X509_V_ERR_* */
	enum ld_class cls;
};

static const struct verify_class verify_classes[] = {
	{ X509_V_ERR_HOSTNAME_MISMATCH, LD_CLASS_TLS_NAME },
	{ X509_V_ERR_IP_ADDRESS_MISMATCH, LD_CLASS_TLS_NAME },
	{ X509_V_ERR_CERT_HAS_EXPIRED, LD_CLASS_TLS_EXPIRED },
	{ X509_V_ERR_CERT_NOT_YET_VALID, LD_CLASS_TLS_EXPIRED },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, LD_CLASS_TLS_ISSUER },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, LD_CLASS_TLS_ISSUER },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, LD_CLASS_TLS_ISSUER },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, LD_CLASS_TLS_ISSUER },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, LD_CLASS_TLS_ISSUER },
	{ X509_V_ERR_CERT_UNTRUSTED, LD_CLASS_TLS_ISSUER },
};

enum ld_class
ldi_tls_verify_class(int error)
{
	size_t n = sizeof(verify_classes) / sizeof(verify_classes[0]);

	for (size_t i = 0; i < n; i++)
		if (verify_classes[i].error == error)
			return verify_classes[i].cls;
	return LD_CLASS_TLS_VERIFY;
}

/* What stands in the certificate and should not, or the other way round. */
static void
detail_text(int error, const X509 *cert, char *buf, size_t size)
{
	char name[NAME_TEXT], issuer[NAME_TEXT], names[NAMES_TEXT];
	char date[DATE_TEXT];

	if (cert == NULL)
		snprintf(buf, size, "no certificate");
	else if (ldi_tls_verify_class(error) == LD_CLASS_TLS_NAME)
		snprintf(buf, size, "the certificate is for %s",
		    names_text(cert, names));
	else if (error == X509_V_ERR_CERT_HAS_EXPIRED)
		snprintf(buf, size, "%s, valid until %s",
		    subject_text(cert, name),
		    date_text(X509_get0_notAfter(cert), date));
	else if (error == X509_V_ERR_CERT_NOT_YET_VALID)
		snprintf(buf, size, "%s, valid from %s",
		    subject_text(cert, name),
		    date_text(X509_get0_notBefore(cert), date));
	else if (error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
		 error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY)
		snprintf(buf, size, "%s, issued by %s",
		    subject_text(cert, name),
		    name_text(X509_get_issuer_name(cert), issuer));
	else
		snprintf(buf, size, "%s", subject_text(cert, name));
}

int
ldi_tls_on_verify(int ok, X509_STORE_CTX *ctx)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(
	    ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
	const struct ldi_conn *conn = SSL_get_app_data(ssl);
	int error = X509_STORE_CTX_get_error(ctx);
	char detail[NAMES_TEXT + 2 * NAME_TEXT];

	if (ok == 1 || conn->fault == NULL)
		return ok;
	detail_text(error, X509_STORE_CTX_get_current_cert(ctx), detail,
	    sizeof(detail));
	ldi_failure_set(conn->fault, ldi_tls_verify_class(error),
	    "certificate verify failed: %s (host %.200s; %s)",
	    X509_verify_cert_error_string(error),
	    ldi_tls_host(conn->stream->endpoint), detail);
	return 0;
}
