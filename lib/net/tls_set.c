/* SPDX-License-Identifier: MIT */
/* The settings of a run: each made once, and each CA file read once. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "net/tls.h"
#include "net/trust.h"

struct authority {
	struct authority *next;
	struct ldi_trust *trust;
	bool system;
	char file[];
};

struct ld_tls_set {
	const char *const *alpn;
	const char *ca_file; /* the run's; NULL = the system's */
	struct authority *authorities;
	struct ld_tls **items;
	size_t n, cap;
};

/* -- authorities ---------------------------------------------------------- */

static enum ld_status
add_authority(struct ld_tls_set *set, const char *file,
    struct ldi_trust **trust_out, struct ld_err *err)
{
	size_t len = file != NULL ? strlen(file) : 0;
	struct authority *a = calloc(1, sizeof(*a) + len + 1);
	enum ld_status st;

	if (a == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for TLS");
	st = ldi_trust_new(file, &a->trust, err);
	if (st != LD_OK) {
		free(a);
		return st;
	}
	a->system = file == NULL;
	if (file != NULL)
		memcpy(a->file, file, len);
	a->next = set->authorities;
	set->authorities = a;
	*trust_out = a->trust;
	return LD_OK;
}

/* Of a file, or NULL: of the system. */
static enum ld_status
find_authority(struct ld_tls_set *set, const char *file,
    struct ldi_trust **trust_out, struct ld_err *err)
{
	for (struct authority *a = set->authorities; a != NULL; a = a->next)
		if (file == NULL ? a->system
				 : !a->system && strcmp(a->file, file) == 0) {
			*trust_out = a->trust;
			return LD_OK;
		}
	return add_authority(set, file, trust_out, err);
}

enum ld_status
ldi_tls_set_check(
    struct ld_tls_set *set, const char *ca_file, struct ld_err *err)
{
	struct ldi_trust *trust;

	return find_authority(set, ca_file, &trust, err);
}

/* -- the set -------------------------------------------------------------- */

enum ld_status
ldi_tls_set_new(const char *ca_file, const char *const *alpn,
    struct ld_tls_set **set_out, struct ld_err *err)
{
	struct ld_tls_set *set = calloc(1, sizeof(*set));
	struct ldi_trust *trust;
	enum ld_status st = LD_OK;

	if (set == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for TLS");
	set->alpn = alpn;
	set->ca_file = ca_file;
	if (ca_file != NULL)
		st = find_authority(set, ca_file, &trust, err);
	if (st != LD_OK) {
		ld_tls_set_free(set);
		return st;
	}
	*set_out = set;
	return LD_OK;
}

void
ld_tls_set_free(struct ld_tls_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->n; i++)
		ld_tls_free(set->items[i]);
	free(set->items);
	while (set->authorities != NULL) {
		struct authority *a = set->authorities;

		set->authorities = a->next;
		ldi_trust_free(a->trust);
		free(a);
	}
	free(set);
}

/* Room for one more. */
static enum ld_status
reserve(struct ld_tls_set *set, struct ld_err *err)
{
	size_t cap = set->cap == 0 ? 4 : 2 * set->cap;
	struct ld_tls **items;

	if (set->n < set->cap)
		return LD_OK;
	if (set->n >= LD_MAX_TLS_SETTINGS)
		return ld_err_set(err, LD_INVALID,
		    "more than %d different client certificates and "
		    "authorities",
		    LD_MAX_TLS_SETTINGS);
	items = realloc(set->items, cap * sizeof(*items));
	if (items == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for TLS");
	set->items = items;
	set->cap = cap;
	return LD_OK;
}

enum ld_status
ld_tls_set_get(struct ld_tls_set *set, const struct ld_tls_options *options,
    struct ld_tls **tls_out, struct ld_err *err)
{
	struct ld_tls_options want = *options;
	struct ldi_trust *trust = NULL;
	enum ld_status st = LD_OK;

	want.alpn = set->alpn;
	if (!want.insecure)
		st = find_authority(set,
		    want.ca_file != NULL ? want.ca_file : set->ca_file, &trust,
		    err);
	if (st != LD_OK)
		return st;
	for (size_t i = 0; i < set->n; i++)
		if (ldi_tls_is(set->items[i], trust, &want)) {
			*tls_out = set->items[i];
			return LD_OK;
		}
	st = reserve(set, err);
	if (st == LD_OK)
		st = ldi_tls_new(&want, trust, tls_out, err);
	if (st == LD_OK)
		set->items[set->n++] = *tls_out;
	return st;
}

enum ld_status
ld_tls_set_load(struct ld_tls_set *set, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < set->n; i++)
		if (ldi_tls_is_expected(set->items[i]))
			st = ld_tls_load(set->items[i], err);
	return st;
}
