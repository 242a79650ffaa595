/* SPDX-License-Identifier: MIT */
/*
 * The shop of the server: what a browser does there, and what it must not.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "raw.h"
#include "target_stage.h"

#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define LOGIN "{\"user\":\"ada\",\"password\":\"density\"}"

static char bearer[200]; /* the header line of a user who is logged in */

/* As a user who is logged in and has this cart. */
static void
check_user(const char *line, const char *headers, const char *body,
    unsigned status, const char *want)
{
	char all[400];

	snprintf(all, sizeof(all), "%s%s", bearer, headers);
	target_check(line, all, body, status, want);
}

static int
setup(void **state)
{
	struct raw raw;
	char *token;

	if (target_setup(state) != 0)
		return -1;
	raw_once(&raw, target_port, "POST /shop/api/login", JSON, LOGIN);
	token = strstr(raw.body, "ada.");
	if (raw.status != 200 || token == NULL)
		return -1;
	snprintf(bearer, sizeof(bearer), "Authorization: Bearer %.*s\r\n",
	    (int)strcspn(token, "\""), token);
	raw_close(&raw);
	return 0;
}

static void
the_page_and_what_it_needs_have_their_types(void **state)
{
	(void)state;
	target_check("GET /shop", "", "", 200, "<!doctype html>");
	target_check("GET /shop", "", "", 200, "Content-Type: text/html");
	target_check(
	    "GET /shop/style.css", "", "", 200, "Content-Type: text/css");
	target_check("GET /shop/shop.js", "", "", 200, "text/javascript");
	target_check("GET /shop/logo.svg", "", "", 200, "image/svg+xml");
	target_check("GET /shop/image/1.svg", "", "", 200, ">A</text>");
	target_check("GET /shop/image/18.svg", "", "", 200, ">R</text>");
	target_check("POST /shop", "", "", 405, "Allow: GET, HEAD");
	target_check("GET /shop/", "", "", 404, "nothing at this path");
}

static void
products_come_in_pages_and_alone(void **state)
{
	(void)state;
	target_check("GET /shop/api/products", "", "", 200,
	    "{\"page\":1,\"pages\":3,\"products\":[{\"id\":1,");
	target_check("GET /shop/api/products?page=3", "", "", 200,
	    "\"products\":[{\"id\":13,\"name\":\"Metronome\","
	    "\"price_cents\":3890,\"image\":\"/shop/image/13.svg\"}");
	target_check(
	    "GET /shop/api/products/12", "", "", 200, "\"text\":\"Ruled");
}

static void
what_the_shop_does_not_have_is_not_found(void **state)
{
	static const char *const missing[] = {
		"GET /shop/api/products?page=0",
		"GET /shop/api/products?page=4",
		"GET /shop/api/products/0",
		"GET /shop/api/products/19",
		"GET /shop/api/products/18446744073709551616",
		"GET /shop/api/products/",
		"GET /shop/image/19.svg",
		"GET /shop/image/.svg",
		"GET /shop/image/1.png",
		"GET /shop/image/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		target_check(missing[i], "", "", 404, "there is no such");
	target_check("GET /shop/api/products?page=x", "", "", 400, "a number");
	target_check("GET /shop/api/products?page=", "", "", 400, "a number");
}

static void
a_login_needs_a_user_and_the_password(void **state)
{
	(void)state;
	target_check(
	    "POST /shop/api/login", JSON, LOGIN, 200, "{\"token\":\"ada.");
	target_check("POST /shop/api/login", JSON,
	    "{\"user\":\"ada\",\"password\":\"guess\"}", 401, "density");
	target_check(
	    "POST /shop/api/login", JSON, "{\"user\":\"ada\"}", 401, "density");
	target_check("POST /shop/api/login", JSON,
	    "{\"user\":\"a.b\",\"password\":\"density\"}", 400, "letters");
	target_check("POST /shop/api/login", JSON,
	    "{\"user\":7,\"password\":\"density\"}", 400, "letters");
	target_check("POST /shop/api/login", JSON,
	    "{\"user\":\"\",\"password\":\"density\"}", 400, "letters");
	target_check("POST /shop/api/login", JSON,
	    "{\"user\":\"0123456789012345678901234567890123456789"
	    "0123456789012345678901234\",\"password\":\"density\"}",
	    400, "letters");
	target_check("POST /shop/api/login", JSON, "[", 400, "letters");
	target_check("POST /shop/api/login", "", "", 400, "letters");
}

static void
every_login_sets_a_session_of_its_own(void **state)
{
	static const char name[] = "Set-Cookie: session=";
	struct raw one, two;
	const char *first, *second;

	(void)state;
	raw_once(&one, target_port, "POST /shop/api/login", JSON, LOGIN);
	raw_once(&two, target_port, "POST /shop/api/login", JSON, LOGIN);
	first = strstr(one.head, name);
	second = strstr(two.head, name);
	assert_non_null(first);
	assert_non_null(second);
	assert_int_equal(strspn(first + strlen(name), "0123456789abcdef"), 16);
	assert_memory_not_equal(first, second, strlen(name) + 16);
	raw_close(&one);
	raw_close(&two);
	raw_once(&one, target_port, "POST /shop/api/login", JSON,
	    "{\"user\":\"ada\",\"password\":\"guess\"}");
	assert_null(strstr(one.head, "Set-Cookie"));
	raw_close(&one);
}

static void
only_the_token_of_a_login_opens_the_cart(void **state)
{
	char wrong[sizeof(bearer)];

	(void)state;
	check_user("GET /shop/api/cart", "", "", 200,
	    "{\"lines\":[],\"total_cents\":0}");
	target_check(
	    "GET /shop/api/cart", "", "", 401, "WWW-Authenticate: Bearer");
	target_check("GET /shop/api/cart", "Authorization: Bearer ada.\r\n", "",
	    401, "log in first");
	target_check("GET /shop/api/cart", "Authorization: Bearer \r\n", "",
	    401, "log in first");
	target_check("GET /shop/api/cart", "Authorization: Basic x\r\n", "",
	    401, "log in first");
	/* Another user's name before the seal. */
	memcpy(wrong, bearer, sizeof(wrong));
	*strstr(wrong, "ada.") = 'b';
	target_check("GET /shop/api/cart", wrong, "", 401, "log in first");
	target_check("POST /shop/api/cart", JSON,
	    "{\"product\":1,\"quantity\":1}", 401, "log in first");
	target_check("POST /shop/api/checkout", FORM, "name=a&town=b", 401,
	    "log in first");
	target_check("GET /shop/api/orders/1", "", "", 401, "log in first");
}

static void
the_cart_is_the_clients_cookie(void **state)
{
	(void)state;
	check_user("POST /shop/api/cart", JSON,
	    "{\"product\":3,\"quantity\":2}", 201,
	    "Set-Cookie: cart=3x2; Path=/shop");
	check_user("POST /shop/api/cart", "Cookie: cart=3x2-7x1\r\n",
	    "{\"product\":3,\"quantity\":1}", 201, "cart=3x1-7x1;");
	check_user("POST /shop/api/cart", "Cookie: cart=3x2-7x1\r\n",
	    "{\"product\":3,\"quantity\":0}", 201, "cart=7x1;");
	check_user("GET /shop/api/cart", "Cookie: a=b; cart=3x2-7x1\r\n", "",
	    200,
	    "{\"lines\":[{\"product\":3,\"quantity\":2},"
	    "{\"product\":7,\"quantity\":1}],\"total_cents\":8690}");
	/* What makes no sense in it is left out. */
	check_user("GET /shop/api/cart",
	    "Cookie: cart=x-0x1-19x1-1x100-x1-2x-2-3x2x1--4x1-\r\n", "", 200,
	    "{\"lines\":[{\"product\":4,\"quantity\":1}],"
	    "\"total_cents\":7900}");
	check_user("POST /shop/api/cart", JSON,
	    "{\"product\":19,\"quantity\":1}", 404, "no such product");
	check_user("POST /shop/api/cart", JSON,
	    "{\"product\":1,\"quantity\":100}", 400, "at most 99");
	check_user(
	    "POST /shop/api/cart", JSON, "{\"product\":1}", 400, "at most 99");
	check_user("POST /shop/api/cart", JSON, "7", 400, "at most 99");
}

static void
a_checkout_leads_to_an_order(void **state)
{
	struct raw raw;
	char headers[400], line[200], *at;

	(void)state;
	snprintf(
	    headers, sizeof(headers), "%sCookie: cart=1x1\r\n" FORM, bearer);
	raw_once(&raw, target_port, "POST /shop/api/checkout", headers,
	    "name=Ada&town=London");
	assert_int_equal(raw.status, 303);
	assert_non_null(strstr(raw.head, "Set-Cookie: cart=;"));
	at = strstr(raw.head, "Location: ");
	assert_non_null(at);
	at += strlen("Location: ");
	snprintf(line, sizeof(line), "GET %.*s", (int)strcspn(at, "\r"), at);
	raw_close(&raw);
	check_user(line, "", "", 200, "\"state\":\"packed\"");
	check_user("GET /shop/api/orders/1", "", "", 404, "no such order");
	check_user("GET /shop/api/orders/x", "", "", 404, "no such order");
}

static void
a_checkout_needs_a_cart_and_an_address(void **state)
{
	(void)state;
	check_user("POST /shop/api/checkout", FORM, "name=Ada&town=London", 409,
	    "the cart is empty");
	check_user("POST /shop/api/checkout", "Cookie: cart=1x1\r\n" FORM,
	    "name=Ada", 400, "want a form");
	check_user("POST /shop/api/checkout", "Cookie: cart=1x1\r\n" FORM,
	    "name=&town=London", 400, "want a form");
	check_user("POST /shop/api/checkout", "Cookie: cart=1x1\r\n" FORM, "",
	    400, "want a form");
}

static void
visits_to_the_shop_are_counted(void **state)
{
	(void)state;
	target_check("POST /ld/reset", "", "", 204, "");
	target_check("GET /shop", "", "", 200, "");
	target_check("GET /shop/api/products?page=2", "", "", 200, "");
	target_check(
	    "GET /ld/counts", "", "", 200, "\"GET /shop/api/products\":1");
	target_check("GET /ld/counts", "", "", 200, "\"requests\":2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_and_what_it_needs_have_their_types),
		cmocka_unit_test(products_come_in_pages_and_alone),
		cmocka_unit_test(what_the_shop_does_not_have_is_not_found),
		cmocka_unit_test(a_login_needs_a_user_and_the_password),
		cmocka_unit_test(every_login_sets_a_session_of_its_own),
		cmocka_unit_test(only_the_token_of_a_login_opens_the_cart),
		cmocka_unit_test(the_cart_is_the_clients_cookie),
		cmocka_unit_test(a_checkout_leads_to_an_order),
		cmocka_unit_test(a_checkout_needs_a_cart_and_an_address),
		cmocka_unit_test(visits_to_the_shop_are_counted),
	};

	return cmocka_run_group_tests_name(
	    "target_shop", tests, setup, target_teardown);
}
