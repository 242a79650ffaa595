/* SPDX-License-Identifier: MIT */
/*
 * The connections of one user: one per origin, a few at most, so that a flow
 * which goes to and fro between two origins does not connect each time.
 *
 * A connection whose use has ended in good order (`Connection: close`) is
 * left for the server to close, so that TIME_WAIT is on its side; it is cut
 * when its place is needed.
 */
#include "config.h"

#include <stdlib.h>

#include "drivers/http1/http1.h"

static bool
leads_to(const struct ldi_h1_link *link, const struct ldi_url_origin *to,
    const struct ld_tls *tls)
{
	return link->at != NULL && link->endpoint.tls == tls &&
	       (link->at == to || ldi_url_origin_same(link->at, to));
}

static bool
usable(const struct ldi_h1_link *link)
{
	return !link->spoiled && ld_stream_is_open(link->stream);
}

struct ldi_h1_link *
ldi_h1_link_find(struct ldi_h1_session *s, const struct ldi_url_origin *to,
    const struct ld_tls *tls)
{
	struct ldi_h1_link *link = s->link;

	/* Nearly always the one that was used last. */
	if (link != NULL && leads_to(link, to, tls))
		return usable(link) ? link : NULL;
	for (unsigned i = 0; i < LDI_H1_LINKS; i++) {
		link = &s->links[i];
		if (leads_to(link, to, tls))
			return usable(link) ? link : NULL;
	}
	return NULL;
}

static struct ldi_h1_link *
place_for(struct ldi_h1_session *s, const struct ldi_url_origin *to,
    const struct ld_tls *tls)
{
	struct ldi_h1_link *free = NULL, *oldest = NULL;

	for (unsigned i = 0; i < LDI_H1_LINKS; i++) {
		struct ldi_h1_link *link = &s->links[i];

		if (leads_to(link, to, tls))
			return link;
		if (link->at == NULL) {
			free = free != NULL ? free : link;
		} else if (oldest == NULL ||
			   s->uses - link->used > s->uses - oldest->used) {
			oldest = link;
		}
	}
	return free != NULL ? free : oldest;
}

static enum ld_status
make_ready(struct ldi_h1_link *link, struct ldi_h1_session *s, bool keep_origin,
    struct ld_err *err)
{
	link->session = s;
	if (keep_origin && link->own == NULL) {
		link->own = malloc(sizeof(*link->own));
		if (link->own == NULL)
			return ld_err_set(err, LD_NOMEM, "origin");
	}
	return link->stream != NULL
		   ? LD_OK
		   : ld_stream_new(s->worker->loop, &ldi_h1_stream_ops, link,
			 &link->stream, err);
}

enum ld_status
ldi_h1_link_connect(struct ldi_h1_session *s, const struct ldi_url_origin *to,
    struct ld_tls *tls, struct ldi_h1_link **link_out, struct ld_err *err)
{
	struct ldi_h1_link *link = place_for(s, to, tls);
	bool keep_origin = to == &s->worker->agents.origin;
	enum ld_status st;

	if (to->tls && tls == NULL)
		return ld_err_set(err, LD_INVALID,
		    "no TLS was made ready for '%s'", to->host);
	st = make_ready(link, s, keep_origin, err);
	if (st != LD_OK)
		return st;
	*link_out = link;
	if (link->at != NULL)
		ldi_h1_link_cut(link);
	if (keep_origin) {
		*link->own = *to;
		to = link->own;
	}
	link->at = to;
	/* Without memory for it every handshake is a full one. */
	if (tls != NULL && s->tickets == NULL && s->worker->run->resume)
		s->tickets = ld_tickets_new();
	link->endpoint = (struct ld_endpoint){ .host = to->host,
		.port = to->port,
		.tls = tls,
		.tickets = s->tickets };
	if (to->unix_path[0] != '\0')
		link->endpoint.unix_path = to->unix_path;
	return ldi_h1_link_reconnect(link, err);
}

enum ld_status
ldi_h1_link_reconnect(struct ldi_h1_link *link, struct ld_err *err)
{
	enum ld_status st;

	link->spoiled = false;
	st = ld_stream_connect(link->stream, &link->endpoint, err);
	if (st != LD_OK)
		link->at = NULL;
	return st;
}

void
ldi_h1_link_cut(struct ldi_h1_link *link)
{
	ld_stream_abort(link->stream);
	link->at = NULL;
}

void
ldi_h1_link_free(struct ldi_h1_link *link)
{
	ld_stream_free(link->stream);
	link->stream = NULL;
	link->at = NULL;
	free(link->own);
	link->own = NULL;
}
