/* SPDX-License-Identifier: MIT */
/*
 * plan/piece.h - inside a compiled template.
 */
#ifndef LDI_PLAN_PIECE_H
#define LDI_PLAN_PIECE_H

#include <ld/template.h>

#include "plan/function.h"
#include "plan/scope.h"

enum ldi_piece_op {
	LDI_PIECE_LITERAL,
	LDI_PIECE_SLOT, /* what an extractor stored */
	LDI_PIECE_CELL, /* of the row of a CSV source */
	LDI_PIECE_CALL, /* of a function */
};

struct ldi_piece {
	enum ldi_piece_op op;
	enum ldi_form form;
	const char *text; /* LITERAL: the text; else the placeholder */
	size_t len;
	uint32_t slot;   /* SLOT; CELL: number of the source */
	uint32_t column; /* CELL */
	const struct ldi_csv *csv;
	struct ldi_call call;
};

/* A constant has exactly one piece; texts are NUL-terminated. */
struct ld_template {
	bool constant;
	uint32_t n;
	const struct ldi_piece *pieces;
	const char *shape;
};

#endif /* LDI_PLAN_PIECE_H */
