/* SPDX-License-Identifier: MIT */
/* Why TLS on a conn failed, in a class and a sentence. */
#include "config.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <ld/adapt.h>
#include <ld/limits.h>

#include "net/tls.h"

/* OpenSSL's reason for an alert that the peer sent. */
#define ALERT_OF(code) (ERR_GET_REASON(code) - SSL_AD_REASON_OFFSET)

/* What a server says of a client certificate, or for want of one; before 1.3
 * there is no word for that. */
bool
ld_tls_alert_is_about_client(int alert)
{
	switch (alert) {
	case SSL_AD_HANDSHAKE_FAILURE:
	case SSL_AD_BAD_CERTIFICATE:
	case SSL_AD_UNSUPPORTED_CERTIFICATE:
	case SSL_AD_CERTIFICATE_REVOKED:
	case SSL_AD_CERTIFICATE_EXPIRED:
	case SSL_AD_CERTIFICATE_UNKNOWN:
	case SSL_AD_UNKNOWN_CA:
	case SSL_AD_ACCESS_DENIED:
	case SSL_AD_CERTIFICATE_REQUIRED:
		return true;
	default:
		return false;
	}
}

/* By the first of OpenSSL's errors, which tells most. */
static void
describe_reason(const struct ldi_conn *conn, enum ld_class cls,
    const char *what, struct ldi_failure *failure)
{
	unsigned long code = ERR_peek_error();
	const char *reason = ERR_reason_error_string(code);
	bool has_cert = SSL_get_certificate(conn->ssl) != NULL;
	char peer[LDI_PEER_TEXT];

	ldi_conn_peer(conn, peer);
	if (reason == NULL)
		reason = "failed without a reason";
	if (conn->asked && ERR_GET_LIB(code) == ERR_LIB_SSL &&
	    ld_tls_alert_is_about_client(ALERT_OF(code)))
		ldi_failure_set(failure, LD_CLASS_TLS_CLIENT,
		    has_cert ? "%s %s: the server refuses the client "
			       "certificate: %s"
			     : "%s %s: the server wants a client certificate, "
			       "and there is none: %s",
		    what, peer, reason);
	else
		ldi_failure_set(failure, cls, "%s %s: %s", what, peer, reason);
}

static bool
is_flood(const struct ldi_conn *conn)
{
	return conn->quiet_bytes > LD_MAX_TLS_QUIET_BYTES;
}

/* Key updates, tickets or the like without end. */
static void
describe_flood(
    const struct ldi_conn *conn, enum ld_class cls, struct ldi_failure *failure)
{
	char peer[LDI_PEER_TEXT];

	ldi_failure_set(failure, cls,
	    "TLS with %s: over %zu KiB in a row without data",
	    ldi_conn_peer(conn, peer), LD_MAX_TLS_QUIET_BYTES >> 10);
}

void
ldi_tls_describe_handshake(
    const struct ldi_conn *conn, struct ldi_failure *failure)
{
	char peer[LDI_PEER_TEXT], why[LDI_ERRNO_TEXT];

	if (failure->cls != LD_CLASS_NONE) {
		; /* the certificate's: told where it was seen */
	} else if (is_flood(conn)) {
		describe_flood(conn, LD_CLASS_TLS_HANDSHAKE, failure);
	} else if (conn->io_errno != 0) {
		ldi_failure_set(failure, ldi_class_of_io(conn->io_errno),
		    "TLS handshake with %s: %s", ldi_conn_peer(conn, peer),
		    ldi_errno_text(conn->io_errno, why));
	} else if (conn->eof) {
		ldi_failure_set(failure, LD_CLASS_TLS_HANDSHAKE,
		    "TLS handshake with %s: the server closed the connection",
		    ldi_conn_peer(conn, peer));
	} else {
		describe_reason(conn, LD_CLASS_TLS_HANDSHAKE,
		    "TLS handshake with", failure);
	}
	ERR_clear_error();
}

/* An alert in place of the first data answers what TLS 1.3 lets a client send
 * ahead: its certificate, most often. */
void
ldi_tls_describe_io(
    const struct ldi_conn *conn, const char *verb, struct ldi_failure *failure)
{
	char peer[LDI_PEER_TEXT], why[LDI_ERRNO_TEXT];

	if (is_flood(conn))
		describe_flood(conn, LD_CLASS_PROTOCOL, failure);
	else if (conn->io_errno != 0)
		ldi_failure_set(failure, ldi_class_of_io(conn->io_errno),
		    "%s %s: %s", verb, ldi_conn_peer(conn, peer),
		    ldi_errno_text(conn->io_errno, why));
	else if (conn->eof)
		ldi_failure_set(failure, LD_CLASS_TRUNCATED,
		    "%s closed the connection without TLS close_notify",
		    ldi_conn_peer(conn, peer));
	else
		describe_reason(conn,
		    conn->heard ? LD_CLASS_PROTOCOL : LD_CLASS_TLS_HANDSHAKE,
		    "TLS with", failure);
	ERR_clear_error();
}
