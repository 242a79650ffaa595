/* SPDX-License-Identifier: MIT */
/*
 * What of a plan is a secret: constants are told to the redactor before the
 * run; what differs from session to session is listed in the binding, and
 * looked up in the scope when a text is redacted.
 */
#include "config.h"

#include <string.h>

#include "base/redact.h"
#include "plan/node.h"
#include "plan/piece.h"

/* The other half is for what drivers know (cookies). */
#define MAX_SECRETS (LDI_REDACT_MORE / 2)

struct ld_redactor *
ldi_bind_redactor(const struct ldi_bind *bind)
{
	return ldi_resolver_redactor(bind->resolver);
}

bool
ldi_bind_shows(const struct ldi_bind *bind)
{
	return ldi_redactor_shows(ldi_bind_redactor(bind));
}

static enum ld_status
add(struct ldi_bind *bind, const struct ldi_bind_secret *what,
    struct ld_err *err)
{
	struct ldi_bind_secret *secret;
	size_t n = 0;

	for (secret = bind->secrets; secret != NULL; secret = secret->next) {
		if (secret->csv == what->csv && secret->slot == what->slot &&
		    secret->column == what->column)
			return LD_OK;
		n++;
	}
	if (n == MAX_SECRETS)
		return ld_err_set(err, LD_INVALID,
		    "more than %d secrets that differ from user to user",
		    MAX_SECRETS);
	secret = ldi_arena_alloc(bind->arena, sizeof(*secret));
	if (secret == NULL)
		return ldi_nomem(err);
	*secret = *what;
	secret->next = bind->secrets;
	bind->secrets = secret;
	return LD_OK;
}

enum ld_status
ldi_bind_taint_slot(struct ldi_bind *bind, uint32_t slot, struct ld_err *err)
{
	return add(bind, &(struct ldi_bind_secret){ .slot = slot }, err);
}

static enum ld_status
taint_piece(
    struct ldi_bind *bind, const struct ldi_piece *piece, struct ld_err *err)
{
	const struct ldi_bind_secret what = {
		.csv = piece->csv, .slot = piece->slot, .column = piece->column
	};

	if (piece->op == LDI_PIECE_SLOT)
		return ldi_bind_taint_slot(bind, piece->slot, err);
	return piece->op == LDI_PIECE_CELL ? add(bind, &what, err) : LD_OK;
}

/* "${csv.users.password}" says by itself what it is. */
static bool
names_secret(const struct ldi_piece *piece)
{
	const char *at = piece->text + 2, *end = piece->text + piece->len - 1;

	while (end > at && end[-1] == ' ')
		end--;
	for (const char *dot = at; dot < end; dot++)
		if (*dot == '.')
			at = dot + 1;
	return ldi_secret_name(at, (size_t)(end - at));
}

/* Would what follows `before` be the value of a secret's name? */
static bool
stands_behind_name(const struct ldi_piece *before)
{
	/* As much as a name, what is around it, and a scheme may have. */
	enum { TAIL = 128 };
	static const char probe[] = "xxxxxxxx0";
	char text[TAIL + sizeof(probe)];
	size_t n = before->len < TAIL ? before->len : TAIL;
	size_t from = 0, at, len;

	memcpy(text, before->text + before->len - n, n);
	memcpy(text + n, probe, sizeof(probe));
	while (ldi_secret_find(text, n + sizeof(probe) - 1, from, &at, &len)) {
		if (at <= n && at + len > n)
			return true;
		from = at + len;
	}
	return false;
}

enum ld_status
ldi_bind_taint(struct ldi_bind *bind, const struct ld_template *tpl, bool whole,
    struct ld_err *err)
{
	struct ld_redactor *redactor = ldi_bind_redactor(bind);
	enum ld_status st = LD_OK;

	for (uint32_t i = 0; st == LD_OK && i < tpl->n; i++) {
		const struct ldi_piece *piece = &tpl->pieces[i];
		const struct ldi_piece *before = i > 0 ? piece - 1 : NULL;

		if (piece->op != LDI_PIECE_LITERAL) {
			if (whole || names_secret(piece) ||
			    (before != NULL &&
				before->op == LDI_PIECE_LITERAL &&
				stands_behind_name(before)))
				st = taint_piece(bind, piece, err);
		} else if (whole && tpl->constant) {
			ldi_redactor_taint(redactor, piece->text, piece->len);
		} else {
			ldi_redactor_scan(redactor, piece->text, piece->len);
		}
	}
	return st == LD_OK ? ldi_redactor_status(redactor, err) : st;
}

size_t
ldi_scope_secrets(const struct ld_scope *scope, struct ld_str *out, size_t max)
{
	const struct ldi_bind_secret *secret = scope->bind->secrets;
	size_t n = 0;

	for (; secret != NULL && n < max; secret = secret->next) {
		const struct ldi_slot *slot = &scope->slots[secret->slot];

		if (secret->csv != NULL) {
			out[n].data =
			    ldi_csv_cell(secret->csv, scope->rows[secret->slot],
				secret->column, &out[n].len);
		} else {
			out[n].data = slot->data;
			out[n].len = slot->len;
		}
		n += out[n].data != NULL;
	}
	return n;
}
