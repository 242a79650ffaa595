/* SPDX-License-Identifier: MIT */
/*
 * What the shop sells, and how a cart fits into a cookie.
 */
#include "config.h"

#include "target/shop.h"

#include <string.h>

#include <ld/num.h>

#include "target/form.h"

/* clang-format off */
static const struct ldi_shop_product products[LDI_SHOP_PRODUCTS] = {
	{ "Alarm clock",    "Rings once, on time.",                      2490 },
	{ "Balance",        "Both sides always agree.",                  5900 },
	{ "Compass",        "Points the same way for everyone.",         1850 },
	{ "Drum",           "Keeps the beat, whoever listens.",          7900 },
	{ "Egg timer",      "Three minutes, to the nanosecond.",          950 },
	{ "Funnel",         "Takes more than it lets through.",           640 },
	{ "Globe",          "Rotation included.",                        4990 },
	{ "Hourglass",      "Does not care what the wall clock says.",   1290 },
	{ "Ink",            "What it wrote, it wrote.",                   870 },
	{ "Jar of buttons", "Counted twice.",                             520 },
	{ "Kettle",         "Under pressure by design.",                 3450 },
	{ "Ledger",         "Ruled in two columns.",                     1575 },
	{ "Metronome",      "Never waits for the orchestra.",            3890 },
	{ "Notebook",       "Every page numbered.",                       480 },
	{ "Oil lamp",       "For those dark corners.",                   2250 },
	{ "Pendulum",       "Late is late, and shown so.",               1990 },
	{ "Quill",          "No smudge, no blot.",                        310 },
	{ "Ruler",          "Straight to the 99th percentile.",           275 },
};
/* clang-format on */

const struct ldi_shop_product *
ldi_shop_product(uint64_t id)
{
	return id >= 1 && id <= LDI_SHOP_PRODUCTS ? &products[id - 1] : NULL;
}

/* "7x2" */
static void
read_line(struct ldi_shop_cart *cart, const char *text, size_t len)
{
	const char *x = memchr(text, 'x', len);
	uint64_t id, quantity;

	if (x == NULL ||
	    ld_num_u64(text, (size_t)(x - text), &id, NULL) != LD_OK ||
	    ld_num_u64(x + 1, len - (size_t)(x + 1 - text), &quantity, NULL) !=
		LD_OK ||
	    ldi_shop_product(id) == NULL || quantity > LDI_SHOP_MAX_QUANTITY)
		return;
	cart->quantity[id - 1] = (uint8_t)quantity;
}

void
ldi_shop_cart_read(
    struct ldi_shop_cart *cart, const struct ldi_target_request *req)
{
	struct ldi_pairs cookies;
	struct ldi_slice left;

	memset(cart, 0, sizeof(*cart));
	ldi_pairs_init(&cookies);
	ldi_pairs_cookies(&cookies, ldi_target_header_get(req, "cookie"));
	left = ldi_pairs_get(&cookies, "cart");
	while (left.p != NULL && left.len > 0) {
		const char *dash = memchr(left.p, '-', left.len);
		size_t len = dash != NULL ? (size_t)(dash - left.p) : left.len;

		read_line(cart, left.p, len);
		left.p += len + (dash != NULL);
		left.len -= len + (dash != NULL);
	}
	ldi_pairs_clear(&cookies);
}

uint64_t
ldi_shop_cart_total(const struct ldi_shop_cart *cart)
{
	uint64_t total = 0;

	for (size_t i = 0; i < LDI_SHOP_PRODUCTS; i++)
		total += (uint64_t)cart->quantity[i] * products[i].price_cents;
	return total;
}
