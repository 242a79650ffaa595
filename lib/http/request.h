/* SPDX-License-Identifier: MIT */
/*
 * http/request.h - a task's request, compiled and rendered.
 *
 * What is constant is rendered at compile.  A request without placeholders
 * is made once, and every exchange sends it as it is; any other is a list of
 * literals and templates, rendered into one buffer: body first, because its
 * length stands in the head.
 *
 *	request.c          the method and the URL; all of it
 *	request_headers.c  header fields, credentials, cookies
 *	request_body.c     bodies, but for request_files.c: multipart
 *	request_about.c    what is said of it
 *	request_render.c   at the exchange, and again behind a redirect
 *
 * Threads     a compiled request is constant and shared by all workers.
 */
#ifndef LDI_HTTP_REQUEST_H
#define LDI_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/driver.h>
#include <ld/limits.h>
#include <ld/tls.h>

#include "http/request_text.h"
#include "http/redirect.h"
#include "http/url.h"

/* The fields of a task, as the table of a driver reads them. */
struct ldi_request_task {
	const char *method;
	const struct ld_template *url;
	const struct ld_template *request_target;
	unsigned http_version; /* enum ldi_request_version */
	struct ld_pairs params;
	struct ld_pairs headers; /* value NULL: not to be sent */
	struct ld_node cookies, auth;
	const struct ld_template *json;
	struct ld_node data;
	const char *data_file, *data_base64;
	struct ld_node files;
	bool allow_redirects, trust_redirects;
	uint64_t max_redirects;
	struct ld_node redirect_post;
	struct ld_node proxy;
	struct ld_tls_fields tls;
};

enum ldi_request_version { LDI_REQUEST_1_1, LDI_REQUEST_1_0 };

/* A request as it goes out. */
struct ldi_request_rendered {
	const struct ldi_url_origin *origin;
	const char *target; /* path and query of its URL */
	size_t target_len;
	const char *head; /* up to and with the empty line */
	size_t head_len;
	const char *body;
	size_t body_len;
	size_t all_len;     /* of head and body, if they are in one; or 0 */
	const char *fields; /* what is left of the head in other requests */
	size_t fields_len;
};

/* Bodies up to this are sent in one piece with a constant head. */
#define LDI_REQUEST_ONE_PIECE ((size_t)16 << 10)

struct ldi_request {
	const char *method;
	bool to_head;
	bool idempotent;
	bool http10;
	bool close;         /* the connection is not kept */
	bool expect;        /* 100-continue was asked for */
	bool send_length;   /* Content-Length */
	bool host_given;    /* a Host header stands among the fields */
	bool host_absent;   /* or none is to be sent */
	bool cookie_given;  /* Cookie is the plan's: none of the jar's */
	bool cookie_absent; /* and is none, wherever a redirect leads */
	bool follow;        /* redirects, as `redirect` says */
	struct ldi_redirect_rule redirect;
	struct ld_pairs cookies; /* to be put into the jar */
	/* Of auth's type digest, which is the driver's to do or to refuse;
	 * NULL = none. */
	const struct ld_template *digest_user, *digest_password;

	struct ldi_request_rendered constant; /* head NULL: it is none */

	/* Any other. */
	const struct ld_template *url;
	const char *url_constant; /* the URL is one: its target, encoded */
	const char *base;         /* goes in front of a relative URL's target */
	size_t url_skip;          /* scheme and authority in front of it */
	bool has_query;           /* of a constant target */
	struct ldi_request_text line;   /* instead of the target; or nothing */
	struct ldi_request_text query;  /* "a=b&c=d" */
	struct ldi_request_text fields; /* behind Host, up to Content-Length */
	struct ldi_request_text body;

	/* Where to; NULL when the URL tells only at the exchange.  Then
	 * relative ones go to `host`, which may be NULL too. */
	const struct ldi_url_origin *origin;
	const struct ldi_url_origin *host;
};

/* Check the fields and make the request. */
enum ld_status ldi_request_compile(struct ldi_request *request,
    const struct ld_task *task, struct ld_compile *cc, struct ld_err *err);

/* LD_INVALID when a value cannot be had or sent. */
enum ld_status ldi_request_render(const struct ldi_request *request,
    struct ld_scope *scope, const struct ldi_request_paper *paper,
    struct ldi_request_rendered *out, struct ld_err *err);

/* Will it need TLS for certain, wherever its placeholders lead? */
bool ldi_request_begins_with_tls(const struct ldi_request *request);
/* Say what it is; `insecure`: any certificate would do. */
enum ld_status ldi_request_describe(const struct ldi_request *request,
    bool insecure, struct ld_compile *cc, struct ld_step_info *info,
    struct ld_err *err);

/* What redirects, and an expectation that was refused, have made of it. */
struct ldi_request_hop {
	const char *method;
	const char *target;
	size_t target_len;
	bool no_body;
	bool no_credentials; /* nor a Host of the plan's */
	bool no_expect;
};

/* The request that follows: `out` is the one before, to `out->origin`, of
 * which fields and body are taken, and becomes the new one, its head in
 * `buf`. */
enum ld_status ldi_request_again(const struct ldi_request *request,
    const struct ldi_request_hop *hop, struct ld_buf *buf,
    struct ldi_request_rendered *out, struct ld_err *err);

/* -- between the files that compile --------------------------------------- */

/* A member of the task, or the task where it has none of its own. */
struct ld_node ldi_request_place(
    struct ld_node object, const char *name, const char *alias);
/* Is there a value other than null? */
bool ldi_request_is_given(struct ld_node node);

/* The Content-Type that goes with a body. */
struct ldi_request_type {
	const char *text; /* NULL: there is no body */
	char own[80];
};

enum ld_status ldi_request_headers_compile(struct ldi_request *r,
    const struct ld_task *task, struct ld_compile *cc,
    const struct ldi_request_type *type, struct ld_err *err);
enum ld_status ldi_request_body_compile(struct ldi_request *r,
    const struct ld_task *task, struct ld_compile *cc,
    struct ldi_request_type *type_out, struct ld_err *err);
enum ld_status ldi_request_files_compile(struct ldi_request *r,
    const struct ld_task *task, struct ld_compile *cc,
    struct ldi_request_type *type_out, struct ld_err *err);
/* A form, or a query: "a=b&c=d". */
enum ld_status ldi_request_form_compile(const struct ld_pairs *pairs,
    struct ld_compile *cc, struct ldi_request_text *out, struct ld_err *err);
/* Append what a file holds. */
enum ld_status ldi_request_file_add(struct ld_buf *out, const char *path,
    struct ld_node node, struct ld_err *err);
/* Append what base64 stands for. */
enum ld_status ldi_request_base64_add(struct ld_buf *out, const char *text,
    struct ld_node node, struct ld_err *err);

#endif /* LDI_HTTP_REQUEST_H */
