/* SPDX-License-Identifier: MIT */
/*
 * What tests of TLS over a pipe need:
 *
 *	tls-peer files     PEM files in the current directory
 *	tls-peer cut       a server whose answer ends without close_notify
 *	tls-peer whole     the same, but with a Content-Length
 *
 * A server prints its port of 127.0.0.1 and serves until it is killed.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peers/tls_server.h"

#define HOUR 3600L

/* -- files ---------------------------------------------------------------- */

struct file {
	const char *name; /* FILE.pem, with its key */
	const char *san;
	const char *issuer; /* an earlier file; NULL = itself */
	bool ca;
	long from_s, to_s;
};

/* The issuers stand above. */
static const struct file files[] = {
	{ "ca", NULL, NULL, true, -HOUR, HOUR },
	{ "ca2", NULL, NULL, true, -HOUR, HOUR },
	{ "middle", NULL, "ca", true, -HOUR, HOUR },
	{ "good", "IP:127.0.0.1,DNS:one.test", "ca", false, -HOUR, HOUR },
	{ "two", "DNS:two.test", "ca", false, -HOUR, HOUR },
	{ "foreign", "IP:127.0.0.1", "ca2", false, -HOUR, HOUR },
	{ "old", "IP:127.0.0.1", "ca", false, -2 * HOUR, -HOUR },
	{ "early", "IP:127.0.0.1", "ca", false, HOUR, 2 * HOUR },
	{ "alone", "IP:127.0.0.1", NULL, false, -HOUR, HOUR },
	{ "leaf", "IP:127.0.0.1", "middle", false, -HOUR, HOUR },
	{ "me", NULL, "ca", false, -HOUR, HOUR },
	{ "stranger", NULL, "ca2", false, -HOUR, HOUR },
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

static void
make_files(void)
{
	struct tls_identity made[N_FILES];
	char path[64], temp[64];

	for (size_t i = 0; i < N_FILES; i++) {
		const struct file *f = &files[i];
		struct tls_want want = { .name = f->name,
			.san = f->san,
			.ca = f->ca,
			.from_s = f->from_s,
			.to_s = f->to_s };

		for (size_t k = 0; f->issuer != NULL && k < i; k++)
			if (strcmp(files[k].name, f->issuer) == 0)
				want.issuer = &made[k];
		made[i] = tls_identity_make(&want);
		snprintf(path, sizeof(path), "%s.pem", f->name);
		tls_identity_write(&made[i], true, path);
		if (strcmp(f->name, "me") == 0) {
			tls_identity_write(&made[i], false, "me.crt");
			tls_identity_save_key(&made[i], "hush-hush", temp);
			if (rename(temp, "me.key") != 0) {
				perror("tls-peer: me.key");
				exit(1);
			}
		}
	}
	for (size_t i = 0; i < N_FILES; i++)
		tls_identity_clear(&made[i]);
}

/* -- servers -------------------------------------------------------------- */

struct cutter {
	struct tls_server tls;
	const char *answer;
};

static void
cut_short(int fd, void *arg)
{
	struct cutter *c = arg;
	SSL *ssl = SSL_new(c->tls.ctx);
	char buf[16384];

	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1 && SSL_read(ssl, buf, sizeof(buf)) > 0)
		SSL_write(ssl, c->answer, (int)strlen(c->answer));
	SSL_free(ssl);
}

static int
serve(const char *answer)
{
	const struct tls_want want = { .name = "cutter",
		.san = "IP:127.0.0.1",
		.from_s = -HOUR,
		.to_s = HOUR };
	struct tls_identity identity = tls_identity_make(&want);
	struct cutter c = { .answer = answer };
	struct peer *peer;

	tls_server_init(&c.tls, &identity);
	peer = peer_start(PEER_IPV4, cut_short, &c);
	if (peer == NULL)
		return 1;
	printf("%u\n", peer_port(peer));
	fflush(stdout);
	for (;;)
		pause();
}

int
main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "files") == 0) {
		make_files();
		return 0;
	}
	if (strcmp(what, "cut") == 0)
		return serve("HTTP/1.1 200 OK\r\n\r\nall of it, or not?");
	if (strcmp(what, "whole") == 0)
		return serve("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
			     "all of it");
	fprintf(stderr, "usage: tls-peer files|cut|whole\n");
	return 2;
}
