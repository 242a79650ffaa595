/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ld/limits.h>
#include <ld/num.h>

#include "net/pins.h"

/* Connections for one end that lead to another. */
struct lead {
	struct lead *next;
	uint16_t from_port, to_port; /* 0 = any, and the same */
	char *to;                    /* "" = the same */
	char from[];                 /* "" = any */
};

struct ld_pins {
	struct ldi_pin *first; /* the latest */
	struct lead *lead, **lead_end;
	size_t n;
	struct ldi_sources sources;
};

struct ld_pins *
ld_pins_new(void)
{
	struct ld_pins *pins = calloc(1, sizeof(struct ld_pins));

	if (pins != NULL)
		pins->lead_end = &pins->lead;
	return pins;
}

void
ld_pins_free(struct ld_pins *pins)
{
	if (pins == NULL)
		return;
	while (pins->first != NULL) {
		struct ldi_pin *pin = pins->first;

		pins->first = pin->next;
		free(pin);
	}
	while (pins->lead != NULL) {
		struct lead *lead = pins->lead;

		pins->lead = lead->next;
		free(lead);
	}
	free(pins);
}

/* -- reading -------------------------------------------------------------- */

struct part {
	const char *text;
	size_t len;
};

#define SHOWN(part) (int)((part).len < 100 ? (part).len : 100), (part).text

/* Up to the delimiter, which is passed over, or to the end; without [] around
 * it. */
static struct part
take_part(const char **at, char delimiter)
{
	struct part part = { *at, 0 };
	const char *end = NULL;

	if (**at == '[' && (end = strchr(*at, ']')) != NULL &&
	    (end[1] == delimiter || end[1] == '\0')) {
		part.text++;
		part.len = (size_t)(end - part.text);
		end++;
	} else {
		end = strchr(*at, delimiter);
		if (end == NULL)
			end = *at + strlen(*at);
		part.len = (size_t)(end - *at);
	}
	*at = *end == delimiter && delimiter != '\0' ? end + 1 : end;
	return part;
}

static enum ld_status
malformed(const char *text, struct ld_err *err)
{
	return ld_err_set(err, LD_INVALID,
	    "'%.200s' is not HOST:PORT:ADDRESS[,ADDRESS]...", text);
}

static enum ld_status
malformed_lead(const char *text, struct ld_err *err)
{
	return ld_err_set(err, LD_INVALID,
	    "'%.200s' is not HOST1:PORT1:HOST2:PORT2, with one of the last two",
	    text);
}

static enum ld_status
read_port(struct part part, uint16_t *port_out, struct ld_err *err)
{
	uint64_t port;

	if (ld_num_u64(part.text, part.len, &port, NULL) != LD_OK || port < 1 ||
	    port > UINT16_MAX)
		return ld_err_set(err, LD_INVALID,
		    "'%.*s' is not a port from 1 to 65535", SHOWN(part));
	*port_out = (uint16_t)port;
	return LD_OK;
}

static enum ld_status
add_addr(struct ldi_pin *pin, struct part part, struct ld_err *err)
{
	char text[LDI_ADDR_TEXT];

	if (pin->n_addrs >= LDI_MAX_ADDRS)
		return ld_err_set(err, LD_INVALID,
		    "more than %d addresses for '%.100s'", LDI_MAX_ADDRS,
		    pin->host);
	if (part.len < sizeof(text)) {
		memcpy(text, part.text, part.len);
		text[part.len] = '\0';
		if (ldi_addr_literal(&pin->addrs[pin->n_addrs], text, 0)) {
			pin->n_addrs++;
			return LD_OK;
		}
	}
	return ld_err_set(err, LD_INVALID,
	    "'%.*s' is neither an IPv4 nor an IPv6 address", SHOWN(part));
}

static enum ld_status
read_pin(
    struct ldi_pin *pin, const char *text, const char *at, struct ld_err *err)
{
	struct part port = take_part(&at, ':');
	enum ld_status st = LD_OK;

	if (*at == '\0')
		return malformed(text, err);
	st = read_port(port, &pin->port, err);
	while (st == LD_OK && *at != '\0') {
		struct part addr = take_part(&at, ',');

		st = add_addr(pin, addr, err);
		if (st == LD_OK && *at == '\0' && at[-1] == ',')
			st = malformed(text, err);
	}
	return st;
}

/* The name without a final dot. */
static size_t
host_len(const char *host, size_t len)
{
	return len > 1 && host[len - 1] == '.' ? len - 1 : len;
}

enum ld_status
ld_pins_add(struct ld_pins *pins, const char *text, struct ld_err *err)
{
	const char *at = *text == '+' ? text + 1 : text;
	struct ldi_pin *pin;
	struct part host;
	enum ld_status st;

	if (*text == '-')
		return ld_err_set(err, LD_INVALID,
		    "'%.200s' removes what nothing adds: leave it out", text);
	if (pins->n >= LD_MAX_PINS)
		return ld_err_set(err, LD_INVALID,
		    "more than %d names with addresses", LD_MAX_PINS);
	host = take_part(&at, ':');
	host.len = host_len(host.text, host.len);
	if (host.len == 0 || *at == '\0')
		return malformed(text, err);
	pin = calloc(1, sizeof(*pin) + host.len + 1);
	if (pin == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for an address");
	memcpy(pin->host, host.text, host.len);
	st = read_pin(pin, text, at, err);
	if (st != LD_OK) {
		free(pin);
		return st;
	}
	pin->next = pins->first;
	pins->first = pin;
	pins->n++;
	return LD_OK;
}

/* -- leading -------------------------------------------------------------- */

/* A port, or 0 where there is none. */
static enum ld_status
read_any_port(struct part part, uint16_t *port_out, struct ld_err *err)
{
	*port_out = 0;
	return part.len == 0 ? LD_OK : read_port(part, port_out, err);
}

static enum ld_status
new_lead(struct part from, struct part to, struct lead **lead_out,
    struct ld_err *err)
{
	struct lead *lead;

	from.len = host_len(from.text, from.len);
	to.len = host_len(to.text, to.len);
	lead = calloc(1, sizeof(*lead) + from.len + to.len + 2);
	if (lead == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for an address");
	memcpy(lead->from, from.text, from.len);
	lead->to = lead->from + from.len + 1;
	memcpy(lead->to, to.text, to.len);
	*lead_out = lead;
	return LD_OK;
}

enum ld_status
ld_pins_connect_to(struct ld_pins *pins, const char *text, struct ld_err *err)
{
	const char *at = text;
	struct part part[4];
	struct lead *lead = NULL;
	enum ld_status st;

	if (pins->n >= LD_MAX_PINS)
		return ld_err_set(err, LD_INVALID,
		    "more than %d names with addresses", LD_MAX_PINS);
	for (int i = 0; i < 4; i++) {
		part[i] = take_part(&at, i < 3 ? ':' : '\0');
		if (i < 3 && (at == text || at[-1] != ':'))
			return malformed_lead(text, err);
	}
	if (part[2].len == 0 && part[3].len == 0)
		return malformed_lead(text, err);
	st = new_lead(part[0], part[2], &lead, err);
	if (st != LD_OK)
		return st;
	st = read_any_port(part[1], &lead->from_port, err);
	if (st == LD_OK)
		st = read_any_port(part[3], &lead->to_port, err);
	if (st != LD_OK) {
		free(lead);
		return st;
	}
	*pins->lead_end = lead;
	pins->lead_end = &lead->next;
	pins->n++;
	return LD_OK;
}

/* -- finding -------------------------------------------------------------- */

const struct ldi_pin *
ldi_pins_find(const struct ld_pins *pins, const char *host, uint16_t port)
{
	size_t len = host_len(host, strlen(host));
	const struct ldi_pin *any = NULL, *pin;

	for (pin = pins != NULL ? pins->first : NULL; pin != NULL;
	     pin = pin->next) {
		if (pin->port != port)
			continue;
		if (strncasecmp(pin->host, host, len) == 0 &&
		    pin->host[len] == '\0')
			return pin;
		if (any == NULL && strcmp(pin->host, "*") == 0)
			any = pin;
	}
	return any;
}

void
ldi_pins_lead(const struct ld_pins *pins, const char **host, uint16_t *port)
{
	size_t len = host_len(*host, strlen(*host));
	const struct lead *lead = pins != NULL ? pins->lead : NULL;

	for (; lead != NULL; lead = lead->next) {
		if (lead->from_port != 0 && lead->from_port != *port)
			continue;
		if (lead->from[0] == '\0' ||
		    (strncasecmp(lead->from, *host, len) == 0 &&
			lead->from[len] == '\0'))
			break;
	}
	if (lead == NULL)
		return;
	if (lead->to[0] != '\0')
		*host = lead->to;
	if (lead->to_port != 0)
		*port = lead->to_port;
}

/* -- sources -------------------------------------------------------------- */

enum ld_status
ld_pins_bind(struct ld_pins *pins, const char *text, struct ld_err *err)
{
	return ldi_sources_add(&pins->sources, text, err);
}

const struct ldi_sources *
ldi_pins_sources(const struct ld_pins *pins)
{
	return pins == NULL ? NULL : &pins->sources;
}
