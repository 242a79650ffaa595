/* SPDX-License-Identifier: MIT */
/*
 * target/handlers.h - what the endpoints do; route.c lists them.
 */
#ifndef LDI_TARGET_HANDLERS_H
#define LDI_TARGET_HANDLERS_H

#include "target/form.h"
#include "target/server.h"

/* echo.c */
ldi_handler_fn ldi_serve_get, ldi_serve_echo, ldi_serve_headers, ldi_serve_ip,
    ldi_serve_user_agent, ldi_serve_cookies, ldi_serve_stream;
/* plain.c */
ldi_handler_fn ldi_serve_status, ldi_serve_bytes, ldi_serve_json,
    ldi_serve_uuid, ldi_serve_gzip, ldi_serve_deflate, ldi_serve_delay,
    ldi_serve_drip, ldi_serve_response_headers;
/* auth.c */
ldi_handler_fn ldi_serve_redirect, ldi_serve_redirect_to, ldi_serve_set_cookies,
    ldi_serve_delete_cookies, ldi_serve_basic_auth, ldi_serve_bearer;
/* control.c */
ldi_handler_fn ldi_serve_counts, ldi_serve_reset, ldi_serve_requests,
    ldi_serve_new_id, ldi_serve_id, ldi_serve_fault, ldi_serve_reference,
    ldi_serve_authority, ldi_serve_freeze;

/* order.c */
ldi_handler_fn ldi_serve_answer, ldi_serve_chain, ldi_serve_raw,
    ldi_serve_early, ldi_serve_close_after;

/* shop.c */
ldi_handler_fn ldi_shop_serve_page, ldi_shop_serve_style, ldi_shop_serve_script,
    ldi_shop_serve_logo, ldi_shop_serve_image, ldi_shop_serve_products,
    ldi_shop_serve_product, ldi_shop_serve_login, ldi_shop_serve_cart,
    ldi_shop_serve_checkout, ldi_shop_serve_order;

/* Begin a JSON answer: an object is open. */
void ldi_answer_begin(struct ldi_call *call, struct ld_json_out *out);
/* End it. */
void ldi_answer_end(struct ldi_call *call, struct ld_json_out *out);
void ldi_answer_echo(struct ldi_call *call, struct ld_json_out *out, bool all);

/* The number at the front of the tail, all of it if `whole`; answers 400 and
 * gives false when there is none or it is over `max`. */
bool ldi_answer_number(struct ldi_call *call, uint64_t max, uint64_t *out);
/* A value of the query that is a number, or `absent`. */
bool ldi_answer_query(const struct ldi_pairs *query, const char *name,
    double absent, double max, double *out);
/* "name: value" for the answer; false, and nothing, when a client could
 * break out of the line with it. */
bool ldi_answer_header(
    struct ldi_call *call, struct ldi_slice name, struct ldi_slice value);

#endif /* LDI_TARGET_HANDLERS_H */
