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

struct ld_target;

struct ld_target_options {
	const char *address; /* NULL = 127.0.0.1; loopback only */
	uint16_t port;       /* 0 = a free one */
	int backlog;         /* 0 = 4096 */
	bool record; /* keep the last 100000 requests for /ld/requests */
};

LD_API enum ld_status ld_target_start(const struct ld_target_options *options,
    struct ld_target **target_out, struct ld_err *err);
LD_API uint16_t ld_target_port(const struct ld_target *target);
/* The answer of /ld/counts, JSON. */
LD_API void ld_target_counts(struct ld_target *target, struct ld_buf *out);
LD_API void ld_target_stop(struct ld_target *target);

#endif /* LD_TARGET_H */
