/* SPDX-License-Identifier: MIT */
/*
 * peers/tls_server.h - the TLS side of a loopback server, with certificates
 * made on the spot.
 *
 * Give tls_serve() to peer_start(), with a struct tls_server as its argument.
 */
#ifndef PEER_TLS_SERVER_H
#define PEER_TLS_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "peers/peer.h"

struct tls_identity {
	X509 *cert;
	EVP_PKEY *key;
};

struct tls_want {
	const char *name;  /* common name */
	const char *san;   /* "IP:127.0.0.1,DNS:localhost", or NULL */
	const char *curve; /* of the key; NULL: P-256 */
	const char *usage; /* "clientAuth"; NULL: for anything */
	bool ca;
	long from_s, to_s;                 /* validity, seconds from now */
	const struct tls_identity *issuer; /* NULL: signs itself */
};

/* Aborts when OpenSSL cannot. */
struct tls_identity tls_identity_make(const struct tls_want *want);
void tls_identity_clear(struct tls_identity *identity);
/* Certificate, and key if asked for, as PEM in a file of its own under /tmp,
 * which the caller unlinks. */
void tls_identity_save(
    const struct tls_identity *identity, bool with_key, char path_out[64]);

/* The same, in a file with a name. */
void tls_identity_write(
    const struct tls_identity *identity, bool with_key, const char *path);
/* The key alone; encrypted unless the password is NULL. */
void tls_identity_save_key(const struct tls_identity *identity,
    const char *password, char path_out[64]);

enum tls_behaviour {
	TLS_ECHO,    /* until the client's close_notify */
	TLS_GREET,   /* "hello" together with the handshake, then echo */
	TLS_NOTIFY,  /* read once, answer "bye", close_notify, close */
	TLS_CUT,     /* read once, answer "bye", close without a word */
	TLS_RESET,   /* the same; read once more, cut with RST */
	TLS_STALL,   /* no handshake until the client closes */
	TLS_PLAIN,   /* answers the client's hello in plain text */
	TLS_HANG_UP, /* reads the client's hello and closes */
	TLS_UPDATE,  /* echoes with new keys each time, ours and theirs */
	TLS_FLOOD,   /* reads once; then new keys, and nothing else, for ever */
	TLS_RENEW,   /* reads once; wants a new handshake (before 1.3) */
};

struct tls_server {
	SSL_CTX *ctx;
	enum tls_behaviour behaviour;
	char sni[256];      /* what the last client asked for; "" = nothing */
	unsigned records;   /* of application data, read so far */
	unsigned resumed;   /* handshakes that were short */
	_Atomic int update; /* TLS_FLOOD: SSL_KEY_UPDATE_* */
};

void tls_server_init(
    struct tls_server *server, const struct tls_identity *identity);
void tls_server_clear(struct tls_server *server);
peer_fn tls_serve;

#endif /* PEER_TLS_SERVER_H */
