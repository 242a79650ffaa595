/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "target/handlers.h"

#define READ (LDI_GET | LDI_HEAD)
#define ALL                                                                 \
	(LDI_GET | LDI_HEAD | LDI_POST | LDI_PUT | LDI_PATCH | LDI_DELETE | \
	    LDI_OPTIONS)
#define ANY (ALL | LDI_TRACE)

/* clang-format off */
static const struct ldi_route routes[] = {
	{ "/get",                 READ,            0, ldi_serve_get },
	{ "/status/",             ANY,             0, ldi_serve_status },
	{ "/post",                LDI_POST,        0, ldi_serve_echo },
	{ "/put",                 LDI_PUT,         0, ldi_serve_echo },
	{ "/patch",               LDI_PATCH,       0, ldi_serve_echo },
	{ "/delete",              LDI_DELETE,      0, ldi_serve_echo },
	{ "/anything",            ANY,             0, ldi_serve_echo },
	{ "/anything/",           ANY,             0, ldi_serve_echo },
	{ "/headers",             READ,            0, ldi_serve_headers },
	{ "/ip",                  READ,            0, ldi_serve_ip },
	{ "/user-agent",          READ,            0, ldi_serve_user_agent },
	{ "/uuid",                READ,            0, ldi_serve_uuid },
	{ "/json",                READ,            0, ldi_serve_json },
	{ "/bytes/",              READ,            0, ldi_serve_bytes },
	{ "/delay/",              ANY,             0, ldi_serve_delay },
	{ "/drip",                READ,            0, ldi_serve_drip },
	{ "/stream/",             READ,            0, ldi_serve_stream },
	{ "/gzip",                READ,            0, ldi_serve_gzip },
	{ "/deflate",             READ,            0, ldi_serve_deflate },
	{ "/cookies",             READ,            0, ldi_serve_cookies },
	{ "/cookies/set",         READ,            0, ldi_serve_set_cookies },
	{ "/cookies/delete",      READ,            0, ldi_serve_delete_cookies },
	{ "/redirect/",           READ,            0, ldi_serve_redirect },
	{ "/redirect-to",         ANY,             0, ldi_serve_redirect_to },
	{ "/basic-auth/",         READ,            0, ldi_serve_basic_auth },
	{ "/bearer",              READ,            0, ldi_serve_bearer },
	{ "/response-headers",    READ | LDI_POST, 0, ldi_serve_response_headers },
	{ "/shop",                READ,            0, ldi_shop_serve_page },
	{ "/shop/style.css",      READ,            0, ldi_shop_serve_style },
	{ "/shop/shop.js",        READ,            0, ldi_shop_serve_script },
	{ "/shop/logo.svg",       READ,            0, ldi_shop_serve_logo },
	{ "/shop/image/",         READ,            0, ldi_shop_serve_image },
	{ "/shop/api/products",   READ,            0, ldi_shop_serve_products },
	{ "/shop/api/products/",  READ,            0, ldi_shop_serve_product },
	{ "/shop/api/login",      LDI_POST,        0, ldi_shop_serve_login },
	{ "/shop/api/cart",       READ | LDI_POST, 0, ldi_shop_serve_cart },
	{ "/shop/api/checkout",   LDI_POST,        0, ldi_shop_serve_checkout },
	{ "/shop/api/orders/",    READ,            0, ldi_shop_serve_order },
	{ "/ld/id",               READ | LDI_POST, 0, ldi_serve_new_id },
	{ "/ld/id/",              ANY,             0, ldi_serve_id },
	{ "/ld/reference",        ANY,             0, ldi_serve_reference },
	{ "/ld/fault/",           ANY,             0, ldi_serve_fault },
	{ "/ld/answer",           ANY,             0, ldi_serve_answer },
	{ "/ld/redirect/",        ANY,             0, ldi_serve_chain },
	{ "/ld/raw",              ANY,             0, ldi_serve_raw },
	{ "/ld/raw/",             ANY,             0, ldi_serve_raw },
	{ "/ld/early/",           ANY,             LDI_ROUTE_EARLY, ldi_serve_early },
	{ "/ld/no-continue",      ANY,             LDI_ROUTE_MUTE, ldi_serve_echo },
	{ "/ld/close-after/",     ANY,             0, ldi_serve_close_after },
	{ "/ld/counts",           READ,            LDI_ROUTE_CONTROL,  ldi_serve_counts },
	{ "/ld/requests",         READ,            LDI_ROUTE_CONTROL,  ldi_serve_requests },
	{ "/ld/ca.pem",           READ,            LDI_ROUTE_CONTROL,  ldi_serve_authority },
	{ "/ld/freeze/",          LDI_POST,        LDI_ROUTE_CONTROL,  ldi_serve_freeze },
	{ "/ld/reset",            LDI_POST,        LDI_ROUTE_CONTROL,  ldi_serve_reset },
};
/* clang-format on */

const struct ldi_route *
ldi_route_find(const struct ldi_target_request *req, struct ldi_slice *tail_out)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		const char *path = routes[i].path;
		size_t len = strlen(path);
		bool prefix = path[len - 1] == '/';

		if (req->path.len < len || (!prefix && req->path.len != len) ||
		    memcmp(req->path.p, path, len) != 0)
			continue;
		*tail_out = (struct ldi_slice){ req->path.p + len,
			req->path.len - len };
		return &routes[i];
	}
	return NULL;
}

static void
allow_header(unsigned methods, struct ld_buf *out)
{
	static const char *const names[] = { "GET", "HEAD", "POST", "PUT",
		"PATCH", "DELETE", "OPTIONS", "TRACE" };
	const char *comma = "";

	ld_buf_adds(out, "Allow: ");
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(methods >> i & 1))
			continue;
		ld_buf_adds(out, comma);
		ld_buf_adds(out, names[i]);
		comma = ", ";
	}
	ld_buf_adds(out, "\r\n");
}

void
ldi_route_run(const struct ldi_route *route, struct ldi_call *call)
{
	const struct ldi_target_request *req = call->req;
	unsigned methods = route != NULL ? route->methods | LDI_OPTIONS : ANY;

	if (req->method_bit == LDI_OPTIONS &&
	    (route == NULL ? *req->path.p == '*'
			   : !(route->methods & LDI_OPTIONS))) {
		allow_header(methods, call->reply->head);
	} else if (route == NULL) {
		ldi_reply_error(
		    call->reply, 404, "there is nothing at this path");
	} else if (!(methods & req->method_bit)) {
		ldi_reply_error(
		    call->reply, 405, "this path does not serve this method");
		allow_header(methods, call->reply->head);
	} else {
		route->handler(call);
	}
}
