/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "target/server.h"

const char *
ldi_reply_reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} reasons[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 206, "Partial Content" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 413, "Content Too Large" },
		{ 418, "I'm a Teapot" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unassigned";
}

static void
status_line(unsigned status, struct ld_buf *out)
{
	ld_buf_add(out, "HTTP/1.1 ", 9);
	ld_buf_add_u64(out, status);
	ld_buf_addc(out, ' ');
	ld_buf_adds(out, ldi_reply_reason(status));
	ld_buf_add(out, "\r\n", 2);
}

static void
length_line(const struct ldi_reply *reply, struct ld_buf *out)
{
	if (reply->framed) {
		ld_buf_adds(out, "Transfer-Encoding: chunked\r\n");
		return;
	}
	ld_buf_add(out, "Content-Length: ", 16);
	ld_buf_add_u64(out, reply->body->len + reply->drip_bytes);
	ld_buf_add(out, "\r\n", 2);
}

void
ldi_reply_write(const struct ldi_reply *reply,
    const struct ldi_target_request *req, struct ld_buf *out)
{
	bool bodyless = reply->status == 204 || reply->status == 304;

	status_line(reply->status, out);
	if (reply->type != NULL && !bodyless) {
		ld_buf_add(out, "Content-Type: ", 14);
		ld_buf_adds(out, reply->type);
		ld_buf_add(out, "\r\n", 2);
	}
	if (!bodyless)
		length_line(reply, out);
	ld_buf_add(out, reply->head->data, reply->head->len);
	if (reply->close)
		ld_buf_adds(out, "Connection: close\r\n");
	else if (req->http10)
		ld_buf_adds(out, "Connection: keep-alive\r\n");
	ld_buf_add(out, "\r\n", 2);
	if (!bodyless && req->method_bit != LDI_HEAD)
		ld_buf_add(out, reply->body->data, reply->body->len);
	if (reply->body->failed || reply->head->failed)
		out->failed = true;
}

void
ldi_reply_refuse(unsigned status, struct ld_buf *out)
{
	const char *reason = ldi_reply_reason(status);

	status_line(status, out);
	ld_buf_addf(out,
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n{\"error\":\"%s\"}\n",
	    strlen(reason) + strlen("{\"error\":\"\"}\n"), reason);
}

void
ldi_reply_error(struct ldi_reply *reply, unsigned status, const char *text)
{
	reply->status = status;
	reply->type = "application/json";
	ld_buf_reset(reply->body);
	ld_buf_adds(reply->body, "{\"error\":");
	ld_json_add_string(reply->body, text, strlen(text));
	ld_buf_adds(reply->body, "}\n");
}
