/* SPDX-License-Identifier: MIT */
/*
 * The shop's endpoints.
 */
#include "config.h"

#include "target/shop.h"

#include <string.h>
#include <strings.h>

#include <ld/num.h>
#include <ld/rng.h>

#include "target/handlers.h"

#define PAGES ((LDI_SHOP_PRODUCTS + LDI_SHOP_PER_PAGE - 1) / LDI_SHOP_PER_PAGE)
#define MAX_FIELD 200 /* bytes of a name or a town */

/* -- what does not change ------------------------------------------------- */

static void
serve_text(struct ldi_call *call, const char *type, const char *text)
{
	call->reply->type = type;
	ld_buf_adds(call->reply->body, text);
}

void
ldi_shop_serve_page(struct ldi_call *call)
{
	serve_text(call, "text/html; charset=utf-8", ldi_shop_page);
}

void
ldi_shop_serve_style(struct ldi_call *call)
{
	serve_text(call, "text/css; charset=utf-8", ldi_shop_style);
}

void
ldi_shop_serve_script(struct ldi_call *call)
{
	serve_text(call, "text/javascript; charset=utf-8", ldi_shop_script);
}

void
ldi_shop_serve_logo(struct ldi_call *call)
{
	serve_text(call, "image/svg+xml", ldi_shop_logo);
}

/* The product whose number ends the path (before `suffix`), or 404. */
static const struct ldi_shop_product *
find_product(struct ldi_call *call, const char *suffix, uint64_t *id_out)
{
	size_t more = strlen(suffix), len = call->tail.len;
	const struct ldi_shop_product *product = NULL;

	if (len > more &&
	    memcmp(call->tail.p + len - more, suffix, more) == 0 &&
	    ld_num_u64(call->tail.p, len - more, id_out, NULL) == LD_OK)
		product = ldi_shop_product(*id_out);
	if (product == NULL)
		ldi_reply_error(call->reply, 404, "there is no such product");
	return product;
}

/* A picture of its own for each: its letter on its colour. */
void
ldi_shop_serve_image(struct ldi_call *call)
{
	uint64_t id;
	const struct ldi_shop_product *product =
	    find_product(call, ".svg", &id);

	if (product == NULL)
		return;
	call->reply->type = "image/svg+xml";
	ld_buf_addf(call->reply->body,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\">"
	    "<rect width=\"96\" height=\"96\" rx=\"16\" "
	    "fill=\"hsl(%u,45%%,45%%)\"/><text x=\"48\" y=\"66\" "
	    "font-size=\"52\" font-family=\"sans-serif\" fill=\"#fff\" "
	    "text-anchor=\"middle\">%c</text></svg>\n",
	    (unsigned)(id * 360 / LDI_SHOP_PRODUCTS), product->name[0]);
}

/* -- products ------------------------------------------------------------- */

static void
put_product(struct ld_json_out *out, uint64_t id)
{
	const struct ldi_shop_product *product = ldi_shop_product(id);
	char image[] = "/shop/image/00.svg";

	image[sizeof(image) - 7] = (char)('0' + id / 10);
	image[sizeof(image) - 6] = (char)('0' + id % 10);
	ld_json_out_put_u64(out, "id", id);
	ld_json_out_put_string(out, "name", product->name);
	ld_json_out_put_u64(out, "price_cents", product->price_cents);
	ld_json_out_put_string(out, "image", image);
}

static void
put_page(struct ld_json_out *out, unsigned page)
{
	uint64_t first = (page - 1) * LDI_SHOP_PER_PAGE + 1;

	ld_json_out_put_u64(out, "page", page);
	ld_json_out_put_u64(out, "pages", PAGES);
	ld_json_out_key(out, "products");
	ld_json_out_array(out);
	for (uint64_t id = first;
	     id < first + LDI_SHOP_PER_PAGE && ldi_shop_product(id) != NULL;
	     id++) {
		ld_json_out_object(out);
		put_product(out, id);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

/* ?page=N */
void
ldi_shop_serve_products(struct ldi_call *call)
{
	struct ldi_pairs query;
	struct ldi_slice text;
	struct ld_json_out out;
	uint64_t page = 1;
	bool ok;

	ldi_pairs_init(&query);
	ldi_pairs_urlencoded(&query, call->req->query);
	text = ldi_pairs_get(&query, "page");
	ok = text.p == NULL ||
	     ld_num_u64(text.p, text.len, &page, NULL) == LD_OK;
	ldi_pairs_clear(&query);
	if (!ok || page < 1 || page > PAGES) {
		ldi_reply_error(call->reply, ok ? 404 : 400,
		    ok ? "there is no such page" : "page must be a number");
		return;
	}
	ldi_answer_begin(call, &out);
	put_page(&out, (unsigned)page);
	ldi_answer_end(call, &out);
}

void
ldi_shop_serve_product(struct ldi_call *call)
{
	struct ld_json_out out;
	uint64_t id;
	const struct ldi_shop_product *product = find_product(call, "", &id);

	if (product == NULL)
		return;
	ldi_answer_begin(call, &out);
	put_product(&out, id);
	ld_json_out_put_string(&out, "text", product->text);
	ldi_answer_end(call, &out);
}

/* -- who is there --------------------------------------------------------- */

static bool
is_user(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((text[i] >= 'a' && text[i] <= 'z') ||
			(text[i] >= 'A' && text[i] <= 'Z') ||
			(text[i] >= '0' && text[i] <= '9') || text[i] == '_' ||
			text[i] == '-'))
			return false;
	return len > 0 && len <= LDI_SHOP_MAX_USER;
}

/* USER.SEAL: any server can check it without having made it.  The seal
 * keeps out typing errors, not attackers. */
static void
add_token(struct ldi_slice user, struct ld_buf *out)
{
	struct ld_rng_key key = { .seed = 0x5eed };
	uint64_t seal = 0;

	for (size_t i = 0; i < user.len; i++) {
		key.key = seal ^ (unsigned char)user.p[i];
		seal = ld_rng_u64(&key, (uint32_t)i);
	}
	ld_buf_add(out, user.p, user.len);
	ld_buf_addf(out, ".%016llx", (unsigned long long)seal);
}

/* Answers 401 unless the request bears a token of this shop. */
static bool
authorized(struct ldi_call *call)
{
	static const char scheme[] = "Bearer ";
	struct ldi_slice given =
	    ldi_target_header_get(call->req, "authorization");
	size_t skip = sizeof(scheme) - 1;
	struct ld_buf *token = &call->t->aux;
	const char *dot = NULL;
	bool ok = given.len > skip && strncasecmp(given.p, scheme, skip) == 0;

	if (ok) {
		given.p += skip;
		given.len -= skip;
		dot = memchr(given.p, '.', given.len);
	}
	ok = dot != NULL && is_user(given.p, (size_t)(dot - given.p));
	if (ok) {
		ld_buf_reset(token);
		add_token(
		    (struct ldi_slice){ given.p, (size_t)(dot - given.p) },
		    token);
		ok = token->len == given.len &&
		     memcmp(token->data, given.p, given.len) == 0;
	}
	if (!ok) {
		ldi_reply_error(call->reply, 401, "log in first");
		ld_buf_adds(call->reply->head, "WWW-Authenticate: Bearer\r\n");
	}
	return ok;
}

/* Another for every login.  Nothing asks for it: it is there to be found in a
 * log. */
static void
set_session(struct ldi_call *call)
{
	struct ld_rng_key key = { .seed = call->t->seed,
		.key = call->t->random++ };

	ld_buf_addf(call->reply->head,
	    "Set-Cookie: session=%016llx; Path=/shop; HttpOnly; "
	    "SameSite=Lax\r\n",
	    (unsigned long long)ld_rng_u64(&key, 0));
}

/* {"user": ..., "password": "density"} */
void
ldi_shop_serve_login(struct ldi_call *call)
{
	struct ld_json *json = &call->t->json;
	struct ldi_slice body = call->req->body;
	struct ldi_slice user = { NULL, 0 };
	struct ld_buf *token = &call->t->aux;
	struct ld_json_out out;

	if (ld_json_parse(json, body.p, body.len, 0, NULL) != LD_OK ||
	    !ld_json_plain(json, ld_json_get(json, LD_JSON_ROOT, "user"),
		&user.p, &user.len) ||
	    !is_user(user.p, user.len)) {
		ldi_reply_error(call->reply, 400,
		    "want a JSON object: user, of letters and digits, and "
		    "password");
		return;
	}
	if (!ld_json_is(
		json, ld_json_get(json, LD_JSON_ROOT, "password"), "density")) {
		ldi_reply_error(call->reply, 401, "the password is: density");
		return;
	}
	ld_buf_reset(token);
	add_token(user, token);
	set_session(call);
	ldi_answer_begin(call, &out);
	ld_json_out_key(&out, "token");
	ld_json_out_stringn(&out, token->data, token->len);
	ldi_answer_end(call, &out);
}

/* -- cart and order ------------------------------------------------------- */

static void
set_cookie(struct ldi_call *call, const struct ldi_shop_cart *cart)
{
	struct ld_buf *head = call->reply->head;
	const char *dash = "";

	ld_buf_adds(head, "Set-Cookie: cart=");
	for (unsigned i = 0; i < LDI_SHOP_PRODUCTS; i++) {
		if (cart->quantity[i] == 0)
			continue;
		ld_buf_addf(
		    head, "%s%ux%u", dash, i + 1, (unsigned)cart->quantity[i]);
		dash = "-";
	}
	ld_buf_adds(head, "; Path=/shop; SameSite=Lax\r\n");
}

static void
answer_cart(struct ldi_call *call, const struct ldi_shop_cart *cart)
{
	struct ld_json_out out;

	ldi_answer_begin(call, &out);
	ld_json_out_key(&out, "lines");
	ld_json_out_array(&out);
	for (unsigned i = 0; i < LDI_SHOP_PRODUCTS; i++) {
		if (cart->quantity[i] == 0)
			continue;
		ld_json_out_object(&out);
		ld_json_out_put_u64(&out, "product", i + 1);
		ld_json_out_put_u64(&out, "quantity", cart->quantity[i]);
		ld_json_out_end(&out);
	}
	ld_json_out_end(&out);
	ld_json_out_put_u64(&out, "total_cents", ldi_shop_cart_total(cart));
	ldi_answer_end(call, &out);
}

/* {"product": ID, "quantity": N}: from now on N of them, 0 = none. */
static void
put_into_cart(struct ldi_call *call, struct ldi_shop_cart *cart)
{
	struct ld_json *json = &call->t->json;
	struct ldi_slice body = call->req->body;
	uint64_t id, quantity;

	if (ld_json_parse(json, body.p, body.len, 0, NULL) != LD_OK ||
	    !ld_json_u64(
		json, ld_json_get(json, LD_JSON_ROOT, "product"), &id) ||
	    !ld_json_u64(
		json, ld_json_get(json, LD_JSON_ROOT, "quantity"), &quantity) ||
	    quantity > LDI_SHOP_MAX_QUANTITY) {
		ldi_reply_error(call->reply, 400,
		    "want a JSON object: product, its id, and quantity, at "
		    "most 99");
		return;
	}
	if (ldi_shop_product(id) == NULL) {
		ldi_reply_error(call->reply, 404, "there is no such product");
		return;
	}
	cart->quantity[id - 1] = (uint8_t)quantity;
	set_cookie(call, cart);
	answer_cart(call, cart);
	call->reply->status = 201;
}

void
ldi_shop_serve_cart(struct ldi_call *call)
{
	struct ldi_shop_cart cart;

	if (!authorized(call))
		return;
	ldi_shop_cart_read(&cart, call->req);
	if (call->req->method_bit == LDI_POST)
		put_into_cart(call, &cart);
	else
		answer_cart(call, &cart);
}

static bool
has_field(const struct ldi_pairs *form, const char *name)
{
	struct ldi_slice value = ldi_pairs_get(form, name);

	return value.p != NULL && value.len > 0 && value.len <= MAX_FIELD;
}

/* A form of name and town; the order is at another place. */
void
ldi_shop_serve_checkout(struct ldi_call *call)
{
	static const struct ldi_shop_cart empty;
	struct ldi_shop_cart cart;
	struct ldi_pairs form;
	bool ok;

	if (!authorized(call))
		return;
	ldi_pairs_init(&form);
	ldi_pairs_urlencoded(&form, call->req->body);
	ok = has_field(&form, "name") && has_field(&form, "town");
	ldi_pairs_clear(&form);
	ldi_shop_cart_read(&cart, call->req);
	if (!ok || ldi_shop_cart_total(&cart) == 0) {
		ldi_reply_error(call->reply, ok ? 409 : 400,
		    ok ? "the cart is empty"
		       : "want a form: name and town, at most 200 bytes each");
		return;
	}
	set_cookie(call, &empty);
	ld_buf_addf(call->reply->head, "Location: /shop/api/orders/%llu\r\n",
	    (unsigned long long)ldi_target_id_next(&call->t->counts));
	call->reply->status = 303;
}

void
ldi_shop_serve_order(struct ldi_call *call)
{
	struct ld_json_out out;
	uint64_t id;

	if (!authorized(call))
		return;
	if (ld_num_u64(call->tail.p, call->tail.len, &id, NULL) != LD_OK ||
	    !ldi_target_id_known(&call->t->counts, id)) {
		ldi_reply_error(call->reply, 404, "there is no such order");
		return;
	}
	ldi_answer_begin(call, &out);
	ld_json_out_put_u64(&out, "order", id);
	ld_json_out_put_string(&out, "state", "packed");
	ldi_answer_end(call, &out);
}
