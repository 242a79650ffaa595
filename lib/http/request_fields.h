/* SPDX-License-Identifier: MIT */
/*
 * http/request_fields.h - the rows of struct ldi_request_task in a driver's
 * table: all but `proxy` and those of TLS.
 */
#ifndef LDI_HTTP_REQUEST_FIELDS_H
#define LDI_HTTP_REQUEST_FIELDS_H

#include <ld/field.h>

#include "http/request.h"

#define LDI_REQUEST_TEXT "{'$ref':'#/definitions/text'}"
#define LDI_REQUEST_STRING_OR_PAIRS    \
	"{'anyOf':[{'type':'string'}," \
	"{'$ref':'#/definitions/pairs'}]}"
/* A part, and its name where no key gives it. */
#define LDI_REQUEST_PART(required, name)                                     \
	"{'type':'object'," required "'properties':{" name "'path':{'type':" \
	"'string'},'content':" LDI_REQUEST_TEXT                              \
	",'base64':{'type':'string'},'filename':" LDI_REQUEST_TEXT           \
	",'type':" LDI_REQUEST_TEXT                                          \
	",'headers':{'$ref':'#/definitions/pairs'}},"                        \
	"'additionalProperties':false}"
#define LDI_REQUEST_PART_OR_PATH \
	"{'anyOf':[{'type':'string'}," LDI_REQUEST_PART("", "") "]}"

/* `versions` are the choices of http_version, of which `version` is the
 * default, as JSON. */
#define LDI_REQUEST_FIELDS(versions, version, auth_help)                      \
	{ .name = "method",                                                   \
		.kind = LD_FIELD_STRING,                                      \
		.flags = LD_FIELD_REQUIRED,                                   \
		.offset = LD_FIELD_OFFSET(                                    \
		    struct ldi_request_task, method, LD_FIELD_TYPE_STRING),   \
		.seen_offset = LD_FIELD_NO_SEEN,                              \
		.help =                                                       \
		    "method of the request; a registered one in any case" },  \
	    { .name = "request_url",                                          \
		    .alias = "url",                                           \
		    .kind = LD_FIELD_TEXT,                                    \
		    .flags = LD_FIELD_REQUIRED,                               \
		    .offset = LD_FIELD_OFFSET(                                \
			struct ldi_request_task, url, LD_FIELD_TYPE_TEXT),    \
		    .seen_offset = LD_FIELD_NO_SEEN,                          \
		    .help = "where to: http, https or http+unix; without a "  \
			    "scheme it "                                      \
			    "is relative to the config's host" },             \
	    LD_FIELD(TEXT, struct ldi_request_task, request_target,           \
		"request_target", NULL,                                       \
		"sent in the request line instead of path and query"),        \
	    { .name = "http_version",                                         \
		    .kind = LD_FIELD_CHOICE,                                  \
		    .offset = LD_FIELD_OFFSET(struct ldi_request_task,        \
			http_version, LD_FIELD_TYPE_CHOICE),                  \
		    .seen_offset = LD_FIELD_NO_SEEN,                          \
		    .def = version,                                           \
		    .choices = versions,                                      \
		    .help = "version of HTTP in the request line" },          \
	    LD_FIELD(PAIRS, struct ldi_request_task, params, "params", NULL,  \
		"appended to the URL's query"),                               \
	    { .name = "headers",                                              \
		    .kind = LD_FIELD_PAIRS,                                   \
		    .flags = LD_FIELD_NULLS,                                  \
		    .offset = LD_FIELD_OFFSET(struct ldi_request_task,        \
			headers, LD_FIELD_TYPE_PAIRS),                        \
		    .seen_offset = LD_FIELD_NO_SEEN,                          \
		    .help = "header fields of the request; null leaves out "  \
			    "one that "                                       \
			    "is sent by itself" },                            \
	    LD_FIELD_SHAPED(struct ldi_request_task, cookies, "cookies",      \
		LDI_REQUEST_STRING_OR_PAIRS,                                  \
		"an object of cookies for the user's jar, or a string to "    \
		"send"),                                                      \
	    LD_FIELD_SHAPED(struct ldi_request_task, auth, "auth",            \
		"{'type':'object','required':['type'],'properties':{'type':"  \
		"{'type':'string'},'username':" LDI_REQUEST_TEXT              \
		",'password':" LDI_REQUEST_TEXT ",'token':" LDI_REQUEST_TEXT  \
		"},'additionalProperties':false}",                            \
		auth_help),                                                   \
	    LD_FIELD(JSON, struct ldi_request_task, json, "json", NULL,       \
		"a value that is sent as a JSON body"),                       \
	    LD_FIELD_SHAPED(struct ldi_request_task, data, "data",            \
		LDI_REQUEST_STRING_OR_PAIRS,                                  \
		"the body: a string as it stands, an object as a form"),      \
	    LD_FIELD(STRING, struct ldi_request_task, data_file, "data_file", \
		NULL, "a file whose bytes are the body"),                     \
	    LD_FIELD(STRING, struct ldi_request_task, data_base64,            \
		"data_base64", NULL, "the bytes of the body, in base64"),     \
	    LD_FIELD_SHAPED(struct ldi_request_task, files, "files",          \
		"{'anyOf':[{'type':'object',"                                 \
		"'additionalProperties':{'anyOf':[" LDI_REQUEST_PART_OR_PATH  \
		",{'type':'null'},{'type':'array','items'"                    \
		":" LDI_REQUEST_PART_OR_PATH "}]}},"                          \
		"{'type':'array','minItems':1,'items':" LDI_REQUEST_PART(     \
		    "'required':['name'],",                                   \
		    "'name':" LDI_REQUEST_TEXT ",") "}]}",                    \
		"parts of a multipart/form-data body, by name or in an "      \
		"array"),                                                     \
	    LD_FIELD(BOOL, struct ldi_request_task, allow_redirects,          \
		"allow_redirects", "true", "whether redirects are followed"), \
	    LD_FIELD(COUNT, struct ldi_request_task, max_redirects,           \
		"max_redirects", "30",                                        \
		"redirects of one exchange, at most 1000"),                   \
	    LD_FIELD(BOOL, struct ldi_request_task, trust_redirects,          \
		"trust_redirects", "false",                                   \
		"whether credentials follow to other origins"),               \
	    LD_FIELD_SHAPED(struct ldi_request_task, redirect_post,           \
		"redirect_post",                                              \
		"{'type':'array','items':{'enum':[301,302,303]}}",            \
		"those of 301, 302 and 303 behind which a POST stays one")

#endif /* LDI_HTTP_REQUEST_FIELDS_H */
