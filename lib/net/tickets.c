/* SPDX-License-Identifier: MIT */
/*
 * The TLS sessions of one user.
 *
 * A session is taken out when it is offered.  With TLS 1.3 a server sends new
 * tickets on every connection, and one that was used twice would let an
 * onlooker tell that both were the same user; with 1.2 the session goes back
 * once the handshake has shown that it is still good.  So a session that a
 * server chokes on is not offered for ever, either.
 *
 * Not kept are tickets beyond LD_MAX_TLS_TICKET_BYTES, which a server sends
 * to fill memory.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "net/tls.h"

struct ticket {
	SSL_SESSION *session; /* NULL = used, and nothing new came */
	struct ld_tls *tls;   /* NULL = this slot is free */
	char *name;
	uint16_t port;
	uint64_t stamp; /* changes when the slot changes hands */
	uint64_t used;  /* when it was last offered or kept */
};

struct ld_tickets {
	struct ticket slots[LD_MAX_TLS_SESSIONS];
	uint64_t clock;
};

static void
clear_slot(struct ticket *slot)
{
	SSL_SESSION_free(slot->session);
	ld_tls_free(slot->tls);
	free(slot->name);
	*slot = (struct ticket){ .stamp = slot->stamp + 1 };
}

struct ld_tickets *
ld_tickets_new(void)
{
	return calloc(1, sizeof(struct ld_tickets));
}

void
ld_tickets_forget(struct ld_tickets *tickets)
{
	for (unsigned i = 0; i < LD_MAX_TLS_SESSIONS; i++)
		clear_slot(&tickets->slots[i]);
}

void
ld_tickets_free(struct ld_tickets *tickets)
{
	if (tickets == NULL)
		return;
	ld_tickets_forget(tickets);
	free(tickets);
}

/* -- whose ---------------------------------------------------------------- */

static bool
is_for(const struct ticket *slot, const struct ld_endpoint *endpoint,
    const char *name)
{
	return slot->tls == endpoint->tls && slot->port == endpoint->port &&
	       strcmp(slot->name, name) == 0;
}

/* The slot of this peer: its own, else a free one, else the one that was not
 * used for longest.  NULL when memory is short. */
static struct ticket *
slot_for(struct ld_tickets *tickets, const struct ld_endpoint *endpoint,
    const char *name)
{
	struct ticket *oldest = &tickets->slots[0];
	char *copy;

	for (unsigned i = 0; i < LD_MAX_TLS_SESSIONS; i++) {
		struct ticket *slot = &tickets->slots[i];

		if (slot->tls != NULL && is_for(slot, endpoint, name))
			return slot;
		if (slot->used < oldest->used)
			oldest = slot;
	}
	copy = strdup(name);
	if (copy == NULL)
		return NULL;
	clear_slot(oldest);
	oldest->name = copy;
	oldest->tls = ld_tls_ref(endpoint->tls);
	oldest->port = endpoint->port;
	return oldest;
}

/* The conn's slot, unless it has gone to another peer. */
static struct ticket *
slot_of(const struct ldi_conn *conn)
{
	struct ticket *slot;

	if (conn->tickets == NULL)
		return NULL;
	slot = &conn->tickets->slots[conn->ticket];
	return slot->stamp == conn->ticket_stamp ? slot : NULL;
}

/* -- when ----------------------------------------------------------------- */

void
ldi_tickets_offer(struct ldi_conn *conn, const struct ld_endpoint *endpoint)
{
	struct ld_tickets *tickets = endpoint->tickets;
	struct ticket *slot;

	if (tickets == NULL)
		return;
	slot = slot_for(tickets, endpoint, ldi_tls_host(endpoint));
	if (slot == NULL)
		return;
	slot->used = ++tickets->clock;
	conn->tickets = tickets;
	conn->ticket = (unsigned)(slot - tickets->slots);
	conn->ticket_stamp = slot->stamp;
	if (slot->session == NULL)
		return;
	/* Fails when memory is short: then the handshake is a full one. */
	SSL_set_session(conn->ssl, slot->session);
	SSL_SESSION_free(slot->session);
	slot->session = NULL;
}

static bool
is_worth_keeping(const SSL_SESSION *session)
{
	const unsigned char *ticket;
	size_t len;

	SSL_SESSION_get0_ticket(session, &ticket, &len);
	return SSL_SESSION_is_resumable(session) &&
	       len <= LD_MAX_TLS_TICKET_BYTES;
}

int
ldi_tls_on_session(SSL *ssl, SSL_SESSION *session)
{
	const struct ldi_conn *conn = SSL_get_app_data(ssl);
	struct ticket *slot = slot_of(conn);

	if (slot == NULL || !is_worth_keeping(session))
		return 0;
	SSL_SESSION_free(slot->session);
	slot->session = session; /* the reference is ours */
	slot->used = ++conn->tickets->clock;
	return 1;
}

void
ldi_tickets_keep(struct ldi_conn *conn)
{
	struct ticket *slot = slot_of(conn);

	if (slot != NULL && slot->session == NULL &&
	    SSL_session_reused(conn->ssl) == 1 &&
	    SSL_version(conn->ssl) < TLS1_3_VERSION)
		slot->session = SSL_get1_session(conn->ssl);
}
