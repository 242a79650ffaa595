/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "peers/tls_server.h"

/* Nothing here fails but by a fault of the test itself. */
static void
must(int ok)
{
	if (ok > 0)
		return;
	ERR_print_errors_fp(stderr);
	abort();
}

static void
add_extension(X509 *cert, X509 *issuer, int nid, const char *text)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, text);
	must(ext != NULL && X509_add_ext(cert, ext, -1));
	X509_EXTENSION_free(ext);
}

struct tls_identity
tls_identity_make(const struct tls_want *want)
{
	static long serial = 1;
	struct tls_identity made = { X509_new(),
		EVP_EC_gen(want->curve != NULL ? want->curve : "P-256") };
	X509 *issuer = want->issuer != NULL ? want->issuer->cert : made.cert;
	EVP_PKEY *key = want->issuer != NULL ? want->issuer->key : made.key;
	X509_NAME *name;

	must(made.cert != NULL && made.key != NULL);
	must(X509_set_version(made.cert, X509_VERSION_3));
	must(ASN1_INTEGER_set(X509_get_serialNumber(made.cert), serial++));
	must(X509_gmtime_adj(X509_getm_notBefore(made.cert), want->from_s) !=
	     NULL);
	must(
	    X509_gmtime_adj(X509_getm_notAfter(made.cert), want->to_s) != NULL);
	must(X509_set_pubkey(made.cert, made.key));
	name = X509_get_subject_name(made.cert);
	must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)want->name, -1, -1, 0));
	must(X509_set_issuer_name(made.cert, X509_get_subject_name(issuer)));
	add_extension(made.cert, issuer, NID_basic_constraints,
	    want->ca ? "critical,CA:TRUE" : "CA:FALSE");
	if (want->san != NULL)
		add_extension(
		    made.cert, issuer, NID_subject_alt_name, want->san);
	if (want->usage != NULL)
		add_extension(
		    made.cert, issuer, NID_ext_key_usage, want->usage);
	must(X509_sign(made.cert, key, EVP_sha256()));
	return made;
}

void
tls_identity_clear(struct tls_identity *identity)
{
	X509_free(identity->cert);
	EVP_PKEY_free(identity->key);
	memset(identity, 0, sizeof(*identity));
}

static FILE *
make_file(char path_out[64])
{
	FILE *file;
	int fd;

	snprintf(path_out, 64, "/tmp/ld-test-XXXXXX");
	fd = mkstemp(path_out);
	file = fd >= 0 ? fdopen(fd, "w") : NULL;
	must(file != NULL);
	return file;
}

void
tls_identity_save_key(const struct tls_identity *identity, const char *password,
    char path_out[64])
{
	FILE *file = make_file(path_out);

	must(PEM_write_PrivateKey(file, identity->key,
	    password != NULL ? EVP_aes_256_cbc() : NULL,
	    (const unsigned char *)password,
	    password != NULL ? (int)strlen(password) : 0, NULL, NULL));
	fclose(file);
}

static void
write_identity(const struct tls_identity *identity, bool with_key, FILE *file)
{
	must(PEM_write_X509(file, identity->cert));
	if (with_key)
		must(PEM_write_PrivateKey(
		    file, identity->key, NULL, NULL, 0, NULL, NULL));
	fclose(file);
}

void
tls_identity_save(
    const struct tls_identity *identity, bool with_key, char path_out[64])
{
	write_identity(identity, with_key, make_file(path_out));
}

void
tls_identity_write(
    const struct tls_identity *identity, bool with_key, const char *path)
{
	FILE *file = fopen(path, "w");

	must(file != NULL);
	write_identity(identity, with_key, file);
}

static int
select_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours) - 1, in,
		in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

void
tls_server_init(struct tls_server *server, const struct tls_identity *identity)
{
	memset(server, 0, sizeof(*server));
	server->ctx = SSL_CTX_new(TLS_server_method());
	must(server->ctx != NULL);
	must(SSL_CTX_use_certificate(server->ctx, identity->cert));
	must(SSL_CTX_use_PrivateKey(server->ctx, identity->key));
	SSL_CTX_set_alpn_select_cb(server->ctx, select_alpn, NULL);
}

void
tls_server_clear(struct tls_server *server)
{
	SSL_CTX_free(server->ctx);
	server->ctx = NULL;
}

static void
echo(struct tls_server *server, SSL *ssl)
{
	char buf[16384];
	int n;

	while ((n = SSL_read(ssl, buf, sizeof(buf))) > 0) {
		server->records++;
		if (server->behaviour == TLS_UPDATE &&
		    (SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) != 1 ||
			SSL_do_handshake(ssl) != 1))
			return;
		if (SSL_write(ssl, buf, n) <= 0)
			return;
	}
	SSL_shutdown(ssl);
}

static void
flood(struct tls_server *server, SSL *ssl)
{
	/* A client that was cut may be told so when the next one is awaited. */
	int update = server->update;

	while (SSL_key_update(ssl, update) == 1 && SSL_do_handshake(ssl) == 1)
		continue;
}

static void
talk(struct tls_server *server, SSL *ssl)
{
	char buf[16384];

	if (server->behaviour == TLS_GREET && SSL_write(ssl, "hello", 5) <= 0)
		return;
	if (server->behaviour == TLS_ECHO || server->behaviour == TLS_GREET ||
	    server->behaviour == TLS_UPDATE) {
		echo(server, ssl);
		return;
	}
	if (server->behaviour == TLS_FLOOD) {
		if (SSL_read(ssl, buf, sizeof(buf)) > 0)
			flood(server, ssl);
		return;
	}
	if (server->behaviour == TLS_RENEW) {
		if (SSL_read(ssl, buf, sizeof(buf)) > 0 &&
		    SSL_renegotiate(ssl) == 1 && SSL_do_handshake(ssl) == 1)
			(void)!SSL_read(ssl, buf, sizeof(buf));
		return;
	}
	if (SSL_read(ssl, buf, sizeof(buf)) <= 0 ||
	    SSL_write(ssl, "bye", 3) <= 0)
		return;
	if (server->behaviour == TLS_NOTIFY)
		SSL_shutdown(ssl);
	else if (server->behaviour == TLS_RESET &&
		 SSL_read(ssl, buf, sizeof(buf)) > 0)
		peer_cut(SSL_get_fd(ssl));
}

static void
serve_tls(struct tls_server *server, int fd)
{
	SSL *ssl = SSL_new(server->ctx);
	const char *sni;

	must(ssl != NULL && SSL_set_fd(ssl, fd));
	if (SSL_accept(ssl) == 1) {
		sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
		snprintf(server->sni, sizeof(server->sni), "%s",
		    sni != NULL ? sni : "");
		server->resumed += SSL_session_reused(ssl) == 1;
		talk(server, ssl);
	}
	SSL_free(ssl);
	ERR_clear_error();
}

void
tls_serve(int fd, void *arg)
{
	struct tls_server *server = arg;
	static const char plain[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	char buf[4096];

	switch (server->behaviour) {
	case TLS_STALL:
		peer_hold(fd, NULL);
		return;
	case TLS_PLAIN:
		if (recv(fd, buf, sizeof(buf), 0) > 0)
			peer_send(fd, plain, sizeof(plain) - 1);
		peer_hold(fd, NULL);
		return;
	case TLS_HANG_UP:
		while (recv(fd, buf, sizeof(buf), 0) == sizeof(buf))
			continue;
		return;
	case TLS_ECHO:
	case TLS_GREET:
	case TLS_NOTIFY:
	case TLS_CUT:
	case TLS_RESET:
	case TLS_UPDATE:
	case TLS_FLOOD:
	case TLS_RENEW:
		break;
	}
	serve_tls(server, fd);
}
