/* SPDX-License-Identifier: MIT */
/*
 * peers/tls_fixture.h - an authority and its certificates, made once; and for
 * every test a loop, a client that trusts the authority, and a TLS server.
 */
#ifndef PEER_TLS_FIXTURE_H
#define PEER_TLS_FIXTURE_H

#include "peers/fixture.h"
#include "peers/tls_server.h"

#define HOUR 3600L

/* Made once: `good` is for 127.0.0.1, localhost and *.example.test. */
extern struct tls_identity ca, good;
extern char ca_file[64];
int tls_fixture_make(void **state);
int tls_fixture_drop(void **state);

/* Made for each test. */
extern struct tls_server server;
extern struct ld_tls *tls;
int tls_fixture_setup(void **state);
int tls_fixture_teardown(void **state);

/* A certificate of the authority, valid from and until so many seconds from
 * now. */
struct tls_identity issued(const char *san, long from_s, long to_s);
/* What the client trusts; trust_ca() offers h2 and http/1.1, too. */
void trust(const struct ld_tls_options *options);
void trust_ca(void);
void serve_with(
    const struct tls_identity *identity, enum tls_behaviour behaviour);
/* With the good certificate and a client that trusts it. */
void serve_good(enum tls_behaviour behaviour);
/* The client connects, and fails like this before it is open. */
void expect_refusal(enum ld_class cls, const char *text);

#endif /* PEER_TLS_FIXTURE_H */
