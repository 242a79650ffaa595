/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "net/tls.h"

/* -- the socket, as OpenSSL sees it --------------------------------------- */

static int
bio_write(BIO *bio, const char *data, int len)
{
	struct ldi_conn *conn = BIO_get_data(bio);
	ssize_t n = send(conn->fd, data, (size_t)len, MSG_NOSIGNAL);

	BIO_clear_retry_flags(bio);
	if (n >= 0) {
		conn->stream->bytes_out += (size_t)n;
		return (int)n;
	}
	if (errno == EAGAIN || errno == EINTR)
		BIO_set_retry_write(bio);
	else
		conn->io_errno = errno;
	return -1;
}

/* A recv() that did not fill what it was offered has emptied the socket: the
 * next one of the same event would only find that out again. */
static int
bio_read(BIO *bio, char *buf, int size)
{
	struct ldi_conn *conn = BIO_get_data(bio);
	ssize_t n;

	BIO_clear_retry_flags(bio);
	if (conn->drained) {
		BIO_set_retry_read(bio);
		return -1;
	}
	n = recv(conn->fd, buf, (size_t)size, 0);
	if (n > 0) {
		conn->stream->bytes_in += (size_t)n;
		conn->drained = n < size;
		return (int)n;
	}
	if (n == 0)
		conn->eof = true;
	else if (errno == EAGAIN || errno == EINTR)
		BIO_set_retry_read(bio);
	else
		conn->io_errno = errno;
	return (int)n;
}

static long
bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
	const struct ldi_conn *conn = BIO_get_data(bio);

	(void)number;
	(void)pointer;
	switch (command) {
	case BIO_CTRL_FLUSH:
		return 1;
	case BIO_CTRL_EOF:
		return conn->eof;
	default:
		return 0;
	}
}

static BIO_METHOD *method; /* for as long as the process lives */

static void
make_method(void)
{
	BIO_METHOD *made = BIO_meth_new(
	    BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ld stream");

	if (made == NULL)
		return;
	BIO_meth_set_write(made, bio_write);
	BIO_meth_set_read(made, bio_read);
	BIO_meth_set_ctrl(made, bio_ctrl);
	method = made;
}

static BIO *
make_bio(struct ldi_conn *conn)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	BIO *bio;

	pthread_once(&once, make_method);
	bio = method != NULL ? BIO_new(method) : NULL;
	if (bio == NULL)
		return NULL;
	BIO_set_data(bio, conn);
	BIO_set_init(bio, 1);
	return bio;
}

/* -- setting up ----------------------------------------------------------- */

/* RFC 6066: no final dot in a name, and no addresses. */
static bool
set_name(SSL *ssl, const char *name, bool verify)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	size_t len = strlen(name);
	struct ldi_addr literal;
	char host[256];

	if (ldi_addr_literal(&literal, name, 0))
		return !verify ||
		       X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1;
	if (len > 1 && name[len - 1] == '.')
		len--;
	if (len >= sizeof(host))
		return false;
	memcpy(host, name, len);
	host[len] = '\0';
	if (SSL_set_tlsext_host_name(ssl, host) != 1)
		return false;
	X509_VERIFY_PARAM_set_hostflags(
	    param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return !verify || X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

bool
ldi_tls_attach(struct ldi_conn *conn, const struct ld_endpoint *endpoint,
    struct ldi_failure *failure)
{
	const char *name =
	    endpoint->tls_name != NULL ? endpoint->tls_name : endpoint->host;
	SSL_CTX *ctx = ldi_tls_ctx(endpoint->tls, failure);
	BIO *bio;

	if (ctx == NULL)
		return false;
	ERR_clear_error();
	conn->ssl = SSL_new(ctx);
	bio = conn->ssl != NULL ? make_bio(conn) : NULL;
	if (bio == NULL) {
		ERR_clear_error();
		ldi_failure_set(
		    failure, LD_CLASS_LOCAL_MEMORY, "no memory for TLS");
		return false;
	}
	SSL_set_bio(conn->ssl, bio, bio);
	SSL_set_connect_state(conn->ssl);
	conn->drained = true; /* the first word is ours */
	if (name != NULL &&
	    !set_name(conn->ssl, name, ldi_tls_verifies(endpoint->tls))) {
		ERR_clear_error();
		ldi_failure_set(failure, LD_CLASS_TLS_HANDSHAKE,
		    "'%.200s' is not a name that TLS can ask for", name);
		return false;
	}
	return true;
}

/* -- what went wrong ------------------------------------------------------ */

/* The reason of OpenSSL's first queued error; clears the queue. */
static const char *
take_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	ERR_clear_error();
	return reason != NULL ? reason : "failed without a reason";
}

static bool
is_verify_failure(void)
{
	unsigned long code = ERR_peek_error();

	return ERR_GET_LIB(code) == ERR_LIB_SSL &&
	       ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED;
}

static void
describe_handshake(
    const struct ldi_conn *conn, const char *host, struct ldi_failure *failure)
{
	char peer[LDI_PEER_TEXT], why[LDI_ERRNO_TEXT];

	ldi_conn_peer(conn, peer);
	if (is_verify_failure()) {
		long result = SSL_get_verify_result(conn->ssl);

		ldi_failure_set(failure, LD_CLASS_TLS_VERIFY,
		    "certificate verify failed: %s (host %.200s)",
		    X509_verify_cert_error_string(result), host);
	} else if (conn->io_errno != 0) {
		ldi_failure_set(failure, ldi_class_of_io(conn->io_errno),
		    "TLS handshake with %s: %s", peer,
		    ldi_errno_text(conn->io_errno, why));
	} else if (conn->eof) {
		ldi_failure_set(failure, LD_CLASS_TLS_HANDSHAKE,
		    "TLS handshake with %s: the server closed the connection",
		    peer);
	} else {
		ldi_failure_set(failure, LD_CLASS_TLS_HANDSHAKE,
		    "TLS handshake with %s: %s", peer, take_reason());
	}
	ERR_clear_error();
}

/* An alert in place of the first data answers what TLS 1.3 lets a client send
 * ahead: its certificate, most often. */
static void
describe_io(
    const struct ldi_conn *conn, const char *verb, struct ldi_failure *failure)
{
	char peer[LDI_PEER_TEXT], why[LDI_ERRNO_TEXT];

	ldi_conn_peer(conn, peer);
	if (conn->io_errno != 0)
		ldi_failure_set(failure, ldi_class_of_io(conn->io_errno),
		    "%s %s: %s", verb, peer,
		    ldi_errno_text(conn->io_errno, why));
	else if (conn->eof)
		ldi_failure_set(failure, LD_CLASS_TRUNCATED,
		    "%s closed the connection without TLS close_notify", peer);
	else
		ldi_failure_set(failure,
		    conn->heard ? LD_CLASS_PROTOCOL : LD_CLASS_TLS_HANDSHAKE,
		    "TLS with %s: %s", peer, take_reason());
	ERR_clear_error();
}

/* -- moving bytes --------------------------------------------------------- */

static enum ldi_tls_io
outcome(struct ldi_conn *conn, int rc)
{
	switch (SSL_get_error(conn->ssl, rc)) {
	case SSL_ERROR_NONE:
		return LDI_TLS_DONE;
	case SSL_ERROR_WANT_READ:
		return LDI_TLS_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return LDI_TLS_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return LDI_TLS_END;
	default:
		return LDI_TLS_FAILED;
	}
}

enum ldi_tls_io
ldi_tls_handshake(
    struct ldi_conn *conn, const char *host, struct ldi_failure *failure)
{
	enum ldi_tls_io io;

	ERR_clear_error();
	io = outcome(conn, SSL_do_handshake(conn->ssl));
	if (io == LDI_TLS_END || io == LDI_TLS_FAILED)
		describe_handshake(conn, host != NULL ? host : "?", failure);
	return io;
}

enum ldi_tls_io
ldi_tls_read(struct ldi_conn *conn, char *buf, size_t size, size_t *len_out,
    struct ldi_failure *failure)
{
	enum ldi_tls_io io;
	int rc;

	ERR_clear_error();
	rc = SSL_read_ex(conn->ssl, buf, size, len_out);
	if (rc == 1) {
		conn->heard = true;
		return LDI_TLS_DONE;
	}
	io = outcome(conn, rc);
	if (io == LDI_TLS_FAILED)
		describe_io(conn, "read from", failure);
	return io;
}

enum ldi_tls_io
ldi_tls_write(struct ldi_conn *conn, const void *data, size_t len,
    size_t *done_out, struct ldi_failure *failure)
{
	enum ldi_tls_io io;
	int rc;

	ERR_clear_error();
	rc = SSL_write_ex(conn->ssl, data, len, done_out);
	if (rc == 1)
		return LDI_TLS_DONE;
	*done_out = 0;
	io = outcome(conn, rc);
	if (io == LDI_TLS_END || io == LDI_TLS_FAILED)
		describe_io(conn, "write to", failure);
	return io;
}

void
ldi_tls_shutdown(struct ldi_conn *conn)
{
	ERR_clear_error();
	SSL_shutdown(conn->ssl);
	ERR_clear_error();
}
