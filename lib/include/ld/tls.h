/* SPDX-License-Identifier: MIT */
/*
 * ld/tls.h - TLS of a stream: whom we trust, who we are, what we resume.
 *
 * Ownership   settings count references; what a set gives out is the set's,
 *             and lives as long.
 * Threads     settings may be shared by all workers.  A set is filled by one
 *             thread; ld_tls_set_load() may be called by several.  Tickets
 *             belong to the thread of the streams that use them.
 * Errors      files that cannot be used are LD_INVALID; the text names them,
 *             and never a password.
 */
#ifndef LD_TLS_H
#define LD_TLS_H

#include <stdbool.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/field.h>

struct ld_compile;
struct ld_config;

/* -- settings: one SSL_CTX ------------------------------------------------ */

struct ld_tls;

struct ld_tls_options {
	bool insecure;           /* do not verify; stamped on the run */
	const char *ca_file;     /* PEM; NULL = the system's */
	const char *cert_file;   /* PEM, with what is above it; NULL = none */
	const char *key_file;    /* PEM; NULL = in cert_file */
	const char *password;    /* of the key; NULL = it needs none */
	const char *const *alpn; /* "http/1.1", ...; NULL = none */
};

/* Files that are named are read now; the system's certificates not before
 * ld_tls_load(). */
LD_API enum ld_status ld_tls_new(const struct ld_tls_options *options,
    struct ld_tls **tls_out, struct ld_err *err);
/* One more reference; returns `tls`. */
LD_API struct ld_tls *ld_tls_ref(struct ld_tls *tls);
LD_API void ld_tls_free(struct ld_tls *tls);
/* Be ready for a handshake.  Without it the first handshake does this, which
 * may cost it 20 ms where the system keeps its certificates in one file. */
LD_API enum ld_status ld_tls_load(struct ld_tls *tls, struct ld_err *err);

/* -- the settings of a run ------------------------------------------------ */

struct ld_tls_set;

/* Of a config: `cacert` is read now, and an error has its place. */
LD_API enum ld_status ld_tls_set_new(const struct ld_config *config,
    const char *const *alpn, struct ld_tls_set **set_out, struct ld_err *err);
LD_API void ld_tls_set_free(struct ld_tls_set *set);
/* The settings of these options, made once for all who want the same; `alpn`
 * is the set's, and a NULL ca_file the config's. */
LD_API enum ld_status ld_tls_set_get(struct ld_tls_set *set,
    const struct ld_tls_options *options, struct ld_tls **tls_out,
    struct ld_err *err);
/* These will be used for certain, and not only if somebody redirects there. */
LD_API void ld_tls_expect(struct ld_tls *tls);
/* ld_tls_load() all that are expected: what a worker does before the run. */
LD_API enum ld_status ld_tls_set_load(
    struct ld_tls_set *set, struct ld_err *err);

/* -- fields of a task ----------------------------------------------------- */

/* What LD_TLS_FIELDS fills: a member `tls` of the driver's task. */
struct ld_tls_fields {
	struct ld_node verify; /* true, false, or a CA file */
	struct ld_node cert;   /* FILE, [CERT, KEY], or {cert, key, password} */
};

#define LD_TLS_FIELDS(type)                                                    \
	LD_FIELD_SHAPED(type, tls.verify, "verify",                            \
	    "{'type':['boolean','string']}",                                   \
	    "true (the default), false, or a PEM file with the authorities "   \
	    "that are trusted"),                                               \
	{                                                                      \
		.name = "cert", .alias = "client_cert", .kind = LD_FIELD_NODE, \
		.flags = LD_FIELD_SECRET,                                      \
		.offset = LD_FIELD_OFFSET(type, tls.cert, LD_FIELD_TYPE_NODE), \
		.seen_offset = LD_FIELD_NO_SEEN,                               \
		.help = "client certificate: a PEM file, [certificate, key], " \
			"or {\"cert\", \"key\", \"password\"}",                \
		.shape = LD_TLS_CERT_SHAPE                                     \
	}

#define LD_TLS_CERT_SHAPE                                                      \
	"{'anyOf':[{'type':'string','minLength':1},{'type':'array',"           \
	"'items':{'type':['string','null'],'minLength':1},'minItems':2,"       \
	"'maxItems':2},{'type':'object','properties':{'cert':{'type':'string'" \
	","                                                                    \
	"'minLength':1},'key':{'type':['string','null'],'minLength':1},"       \
	"'password':{'type':['string','null'],'minLength':1}},"                \
	"'required':['cert'],'additionalProperties':false}]}"

/* The settings that the fields ask for; *insecure_out when they accept any
 * certificate. */
LD_API enum ld_status ld_tls_compile(struct ld_tls_set *set,
    const struct ld_tls_fields *fields, struct ld_compile *cc,
    struct ld_tls **tls_out, bool *insecure_out, struct ld_err *err);

/* -- sessions to resume --------------------------------------------------- */

/* TLS sessions of one user, the latest of each origin, so that connecting
 * again costs no full handshake; at most LD_MAX_TLS_SESSIONS origins. */
struct ld_tickets;

/* NULL when memory is short. */
LD_API struct ld_tickets *ld_tickets_new(void) LD_MUST_CHECK;
LD_API void ld_tickets_free(struct ld_tickets *tickets);
LD_API void ld_tickets_forget(struct ld_tickets *tickets);

#endif /* LD_TLS_H */
