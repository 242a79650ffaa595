/* SPDX-License-Identifier: MIT */
/*
 * target/shop.h - a small shop, to record with a browser and to load.
 *
 * It remembers nothing, so that no load can fill it and a recording can be
 * sent again to another server: a token proves itself, the cart is the
 * client's cookie, an order's number is one of the ids that were handed out.
 */
#ifndef LDI_TARGET_SHOP_H
#define LDI_TARGET_SHOP_H

#include <stdbool.h>
#include <stdint.h>

#include "target/request.h"

#define LDI_SHOP_PRODUCTS 18u
#define LDI_SHOP_PER_PAGE 6u
#define LDI_SHOP_MAX_QUANTITY 99u
#define LDI_SHOP_MAX_USER 64u /* characters of a user's name */

/* shop_files.c */
extern const char ldi_shop_page[], ldi_shop_style[], ldi_shop_script[],
    ldi_shop_logo[];

struct ldi_shop_product {
	const char *name, *text;
	uint32_t price_cents;
};

/* shop_cart.c: by id, from 1 */
const struct ldi_shop_product *ldi_shop_product(uint64_t id);

/* How many of each product; none at first. */
struct ldi_shop_cart {
	uint8_t quantity[LDI_SHOP_PRODUCTS];
};

/* From the request's cookie, "1x2-7x1"; what makes no sense is left out. */
void ldi_shop_cart_read(
    struct ldi_shop_cart *cart, const struct ldi_target_request *req);
uint64_t ldi_shop_cart_total(const struct ldi_shop_cart *cart);

#endif /* LDI_TARGET_SHOP_H */
