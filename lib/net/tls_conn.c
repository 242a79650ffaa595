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

#include <ld/limits.h>

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

/* What one event may take off the socket, in fairness to the loop's other
 * streams: 64 KiB, as without TLS. */
#define MAX_READS 4

static bool
count_quiet(struct ldi_conn *conn, size_t len)
{
	conn->quiet_bytes += len;
	return conn->quiet_bytes > LD_MAX_TLS_QUIET_BYTES;
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
		conn->drained = n < size || ++conn->reads >= MAX_READS;
		return count_quiet(conn, (size_t)n) ? -1 : (int)n;
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

static const char *
name_of(const struct ld_endpoint *endpoint)
{
	return endpoint->tls_name != NULL ? endpoint->tls_name : endpoint->host;
}

const char *
ldi_tls_host(const struct ld_endpoint *endpoint)
{
	const char *name = name_of(endpoint);

	return name != NULL ? name : "?";
}

bool
ldi_tls_attach(struct ldi_conn *conn, const struct ld_endpoint *endpoint,
    struct ldi_failure *failure)
{
	const char *name = name_of(endpoint);
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
	SSL_set_app_data(conn->ssl, conn);
	SSL_set_connect_state(conn->ssl);
	conn->drained = true; /* the first word is ours */
	ldi_tickets_offer(conn, endpoint);
	if (name != NULL &&
	    !set_name(conn->ssl, name, ldi_tls_verifies(endpoint->tls))) {
		ERR_clear_error();
		ldi_failure_set(failure, LD_CLASS_TLS_HANDSHAKE,
		    "'%.200s' is not a name that TLS can ask for", name);
		return false;
	}
	return true;
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
ldi_tls_handshake(struct ldi_conn *conn, struct ldi_failure *failure)
{
	enum ldi_tls_io io;

	ERR_clear_error();
	failure->cls = LD_CLASS_NONE;
	conn->fault = failure;
	io = outcome(conn, SSL_do_handshake(conn->ssl));
	conn->fault = NULL;
	if (io == LDI_TLS_DONE)
		ldi_tickets_keep(conn);
	else if (io == LDI_TLS_END || io == LDI_TLS_FAILED)
		ldi_tls_describe_handshake(conn, failure);
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
		conn->quiet_bytes = 0;
		return LDI_TLS_DONE;
	}
	io = outcome(conn, rc);
	if (io == LDI_TLS_FAILED)
		ldi_tls_describe_io(conn, "read from", failure);
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
		ldi_tls_describe_io(conn, "write to", failure);
	return io;
}

void
ldi_tls_shutdown(struct ldi_conn *conn)
{
	ERR_clear_error();
	SSL_shutdown(conn->ssl);
	ERR_clear_error();
}

/* OpenSSL takes a session for spoilt when its connection was not shut down.
 * Being cut is how most connections of a client end, and since TLS 1.1 it is
 * no reason; after a fatal alert the session is gone already. */
void
ldi_tls_free(struct ldi_conn *conn)
{
	if (conn->ssl == NULL)
		return;
	if (SSL_is_init_finished(conn->ssl))
		SSL_set_shutdown(
		    conn->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(conn->ssl);
	conn->ssl = NULL;
}
