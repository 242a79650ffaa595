/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan/piece.h"

bool
ld_template_constant(
    const struct ld_template *tpl, const char **text_out, size_t *len_out)
{
	if (!tpl->constant)
		return false;
	*text_out = tpl->pieces[0].text;
	*len_out = tpl->pieces[0].len;
	return true;
}

void
ld_template_prefix(
    const struct ld_template *tpl, const char **text_out, size_t *len_out)
{
	bool literal = tpl->pieces[0].op == LDI_PIECE_LITERAL;

	*text_out = literal ? tpl->pieces[0].text : "";
	*len_out = literal ? tpl->pieces[0].len : 0;
}

const char *
ld_template_shape(const struct ld_template *tpl)
{
	return tpl->shape;
}

static enum ld_status
render_slot(const struct ldi_piece *piece, const struct ld_scope *scope,
    struct ld_buf *out, struct ld_err *err)
{
	const struct ldi_slot *slot = &scope->slots[piece->slot];
	struct ldi_value value;

	if (slot->data == NULL)
		return ld_err_set(err, LD_INVALID,
		    "%s has no value: no extractor has stored one yet",
		    piece->text);
	value = (struct ldi_value){ slot->kind, slot->data, slot->len };
	ldi_value_add(out, &value, piece->form);
	return LD_OK;
}

static void
render_cell(const struct ldi_piece *piece, const struct ld_scope *scope,
    struct ld_buf *out)
{
	struct ldi_value value = { .kind = LD_JSON_STRING };

	value.text = ldi_csv_cell(
	    piece->csv, scope->rows[piece->slot], piece->column, &value.len);
	ldi_value_add(out, &value, piece->form);
}

static void
render_call(
    const struct ldi_piece *piece, struct ld_scope *scope, struct ld_buf *out)
{
	const struct ldi_function *function = piece->call.function;
	char text[LDI_CALL_SIZE];
	struct ldi_value value = { .kind = function->kind, .text = text };

	value.len = function->render(&piece->call, scope, text);
	ldi_value_add(out, &value, piece->form);
}

enum ld_status
ld_template_render(const struct ld_template *tpl, struct ld_scope *scope,
    struct ld_buf *out, struct ld_err *err)
{
	const struct ldi_piece *piece = tpl->pieces, *end = piece + tpl->n;
	enum ld_status st;

	for (; piece < end; piece++) {
		switch (piece->op) {
		case LDI_PIECE_LITERAL:
			ld_buf_add(out, piece->text, piece->len);
			break;
		case LDI_PIECE_SLOT:
			st = render_slot(piece, scope, out, err);
			if (st != LD_OK)
				return st;
			break;
		case LDI_PIECE_CELL:
			render_cell(piece, scope, out);
			break;
		case LDI_PIECE_CALL:
			render_call(piece, scope, out);
			break;
		}
	}
	return out->failed ? ld_buf_status(out, "the text of a template", err)
			   : LD_OK;
}
