/* SPDX-License-Identifier: MIT */
/*
 * net/list.h - a doubly linked ring, its links inside what it links.
 *
 * A link that is on no ring points at itself, so taking off is always allowed.
 */
#ifndef LDI_NET_LIST_H
#define LDI_NET_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct ldi_link {
	struct ldi_link *prev, *next;
};

#define LDI_CONTAINER(ptr, type, member) \
	((type *)(void *)((char *)(ptr)-offsetof(type, member)))

static inline void
ldi_list_init(struct ldi_link *link)
{
	link->prev = link->next = link;
}

/* Of a ring: empty.  Of a link: on no ring. */
static inline bool
ldi_list_alone(const struct ldi_link *link)
{
	return link->next == link;
}

static inline void
ldi_list_take(struct ldi_link *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	ldi_list_init(link);
}

static inline void
ldi_list_append(struct ldi_link *ring, struct ldi_link *link)
{
	link->prev = ring->prev;
	link->next = ring;
	ring->prev->next = link;
	ring->prev = link;
}

/* All of `from` to the empty ring `to`: what is appended to `from` while
 * `to` is walked waits for the next walk. */
static inline void
ldi_list_move(struct ldi_link *to, struct ldi_link *from)
{
	ldi_list_init(to);
	if (ldi_list_alone(from))
		return;
	*to = *from;
	to->next->prev = to;
	to->prev->next = to;
	ldi_list_init(from);
}

/* The first link, taken off, or NULL. */
static inline struct ldi_link *
ldi_list_shift(struct ldi_link *ring)
{
	struct ldi_link *link = ring->next;

	if (link == ring)
		return NULL;
	ldi_list_take(link);
	return link;
}

#endif /* LDI_NET_LIST_H */
