/* SPDX-License-Identifier: MIT */
/*
 * http1/request.h - a task's request, compiled and rendered.
 *
 * What is constant is rendered at compile.  A request without placeholders
 * is one string that every exchange sends as it is; any other is a list of
 * literals and templates, rendered into one buffer: body first, because its
 * length stands in the head.
 *
 * Threads     a compiled request is constant and shared by all workers.
 */
#ifndef LDI_HTTP1_REQUEST_H
#define LDI_HTTP1_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/driver.h>
#include <ld/limits.h>
#include <ld/tls.h>

#include "http/url.h"

/* The fields of a task, as the table in http1.c reads them. */
struct ldi_h1_task {
	unsigned method; /* enum ldi_h1_method */
	const struct ld_template *url;
	struct ld_pairs params;
	struct ld_pairs headers;
	const struct ld_template *json;
	struct ld_node data;
	struct ld_tls_fields tls;
};

enum ldi_h1_method {
	LDI_H1_GET,
	LDI_H1_POST,
	LDI_H1_PUT,
	LDI_H1_PATCH,
	LDI_H1_DELETE,
	LDI_H1_HEAD_METHOD,
	LDI_H1_OPTIONS,
};

enum ldi_h1_encoding {
	LDI_H1_RAW,
	LDI_H1_FORM,
	LDI_H1_FIELD, /* of a header: checked for line breaks */
};

struct ldi_h1_piece {
	enum ldi_h1_encoding encoding;
	const char *text; /* encoded already; or NULL and a template */
	size_t len;
	const struct ld_template *tpl;
	const char *name; /* of the header, for errors */
};

struct ldi_h1_text {
	const struct ldi_h1_piece *pieces;
	size_t n;
};

struct ldi_h1_request {
	const char *method;
	bool to_head;
	bool idempotent;
	bool close; /* `Connection: close` was asked for */

	/* A constant request: all of it.  `head` != NULL says so. */
	const char *head;
	size_t head_len;

	/* Any other. */
	const struct ld_template *url;
	const char *url_constant; /* the URL is one: its target, encoded */
	const char *base;         /* goes in front of a relative URL's target */
	size_t url_skip; /* scheme and authority in front of the target */
	bool has_query;  /* of a constant target */
	bool send_length;
	struct ldi_h1_text query;  /* "a=b&c=d" */
	struct ldi_h1_text fields; /* behind Host, up to Content-Length */
	struct ldi_h1_text body;

	/* Where to; NULL when the URL tells only at the exchange.  Then
	 * relative ones go to `host`, which may be NULL too. */
	const struct ldi_url_origin *origin;
	const struct ldi_url_origin *host;
	bool host_given; /* a Host header stands among the fields */
};

/* Check the fields and make the request.  `host` is the base URL of the
 * config, or NULL. */
enum ld_status ldi_h1_request_compile(struct ldi_h1_request *request,
    const struct ld_task *task, struct ld_compile *cc, struct ld_err *err);

/* A request as it goes out. */
struct ldi_h1_rendered {
	const char *head, *body; /* views of the step or of the buffer */
	size_t head_len, body_len;
	const struct ldi_url_origin *origin; /* of the step, or `scratch` */
};

/* Buffers to render with; the first holds the result. */
struct ldi_h1_paper {
	struct ld_buf *out;
	struct ld_buf *scratch;
	struct ldi_url_origin *origin; /* filled when the URL tells it */
};

/* LD_INVALID when a value cannot be had or sent. */
enum ld_status ldi_h1_request_render(const struct ldi_h1_request *request,
    struct ld_scope *scope, const struct ldi_h1_paper *paper,
    struct ldi_h1_rendered *out, struct ld_err *err);

/* Render a text; shared with the compiler, which has no scope. */
enum ld_status ldi_h1_text_render(const struct ldi_h1_text *text,
    struct ld_scope *scope, const struct ldi_h1_paper *paper,
    struct ld_err *err);

#endif /* LDI_HTTP1_REQUEST_H */
