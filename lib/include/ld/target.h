/* SPDX-License-Identifier: MIT */
/*
 * ld/target.h - a loopback server to aim at, which counts what arrives.
 *
 * Serves HTTP/1.1 on 127.0.0.1: httpbin's endpoints and /ld/counts.  What it
 * serves and how it misbehaves on request is ld-target(1).
 *
 * Threads     one of its own, started by ld_target_start(); the functions
 *             below may be called from any.
 */
#ifndef LD_TARGET_H
#define LD_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>
#include <ld/opt.h>

struct ld_target;

struct ld_target_options {
	const char *address; /* NULL = 127.0.0.1; loopback only */
	uint16_t port;       /* 0 = a free one */
	int backlog;         /* 0 = 4096 */
	bool record; /* keep the last 100000 requests for /ld/requests */
	/* More ports: KIND[:PORT], as ld_target_port_kinds() lists them. */
	const char *const *listen;
	size_t n_listen;
	/* Faults that befall any request: KIND[?PARAMETERS]. */
	const char *const *faults;
	size_t n_faults;
	uint64_t seed; /* the same one befalls the same requests */
	bool has_seed;
};

/* Do the texts in it make sense?  No port is opened. */
LD_API enum ld_status ld_target_check(
    const struct ld_target_options *options, struct ld_err *err);

LD_API enum ld_status ld_target_start(const struct ld_target_options *options,
    struct ld_target **target_out, struct ld_err *err);
LD_API uint16_t ld_target_port(const struct ld_target *target);
/* Ports, the first being the one above.  Texts live as long as the target. */
LD_API size_t ld_target_listeners(const struct ld_target *target);
LD_API const char *ld_target_listener_name(
    const struct ld_target *target, size_t i);
LD_API const char *ld_target_listener_url(
    const struct ld_target *target, size_t i);
/* The certificate, as PEM, that clients of the TLS ports are to trust; false
 * when there are no such ports. */
LD_API bool ld_target_authority(
    const struct ld_target *target, struct ld_buf *out);

/* The kinds of ports and of faults, and what they are: for people. */
LD_API const struct ld_opt_word *ld_target_port_kinds(void);
LD_API const struct ld_opt_word *ld_target_fault_kinds(void);

/* The answer of /ld/counts, JSON. */
LD_API void ld_target_counts(struct ld_target *target, struct ld_buf *out);
LD_API void ld_target_stop(struct ld_target *target);

#endif /* LD_TARGET_H */
