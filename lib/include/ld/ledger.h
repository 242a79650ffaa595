/* SPDX-License-Identifier: MIT */
/*
 * ld/ledger.h - what became of every request that was due, and the words for
 * it: outcomes, failure classes, phases.
 *
 * Two laws hold in every interval sum and at the end, and tests check them:
 *
 *	planned = not_started + started
 *	started = success + failure + aborted + in_flight
 *
 * `wire` counts requests wholly handed to the kernel, hops and attempts
 * included: a well-behaved server's own count equals it.
 */
#ifndef LD_LEDGER_H
#define LD_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/json.h>

/* clang-format off */

/* Failure classes: enum, name in records, what to do about it. */
#define LD_CLASS_MAP(X) \
	X(NONE, "", "") \
	X(REFUSED, "refused", "nothing listens there, or its backlog is full") \
	X(UNREACHABLE, "unreachable", "no route to the address") \
	X(RESET, "reset", "the server or something between cut the connection") \
	X(CLOSED_EARLY, "closed_early", "the server closed before it answered") \
	X(TRUNCATED, "truncated", "the answer ended before its stated length") \
	X(TIMEOUT_WAIT, "timeout_wait", "no connection or thread came free in time") \
	X(TIMEOUT_DNS, "timeout_dns", "the name server did not answer in time") \
	X(TIMEOUT_CONNECT, "timeout_connect", "the connection was not accepted in time") \
	X(TIMEOUT_TLS, "timeout_tls", "the TLS handshake did not end in time") \
	X(TIMEOUT_SEND, "timeout_send", "the server did not take the request in time") \
	X(TIMEOUT_RESPONSE, "timeout_response", "no answer began before the deadline") \
	X(TIMEOUT_RECEIVE, "timeout_receive", "the answer did not end before the deadline") \
	X(DNS, "dns", "the name does not resolve") \
	X(TLS_NAME, "tls_name", "the certificate is for another name") \
	X(TLS_EXPIRED, "tls_expired", "the certificate has expired, or is not valid yet") \
	X(TLS_ISSUER, "tls_issuer", "nobody trusted vouches for the certificate; --cacert names who does") \
	X(TLS_VERIFY, "tls_verify", "the certificate is not acceptable") \
	X(TLS_CLIENT, "tls_client", "the server wants another client certificate, or wants one at all") \
	X(TLS_HANDSHAKE, "tls_handshake", "the TLS handshake failed") \
	X(PROTOCOL, "protocol", "the answer breaks the protocol") \
	X(REDIRECT, "redirect", "too many redirects, or one to where nothing can be fetched") \
	X(HEADER_TOO_LARGE, "header_too_large", "the answer's header is over the limit") \
	X(BODY_TOO_LARGE, "body_too_large", "the answer's body is over the limit") \
	X(DECODE, "decode", "the body's content coding is broken or over the limit") \
	X(STATUS, "status", "the server answered with an error status") \
	X(ASSERTION, "assertion", "the answer is not what the plan asserts") \
	X(VALUE, "value", "a value for the request could not be made") \
	X(LOCAL_PORTS, "local_ports", "this host ran out of source ports") \
	X(LOCAL_FILES, "local_files", "this process ran out of file descriptors") \
	X(LOCAL_MEMORY, "local_memory", "this host ran out of memory") \
	X(LOCAL_OTHER, "local_other", "this host refused a system call") \
	X(INTERNAL, "internal", "a bug in this program: please report it")

#define LD_OUTCOME_MAP(X) \
	X(SUCCESS, "success") \
	X(FAILURE, "failure") \
	X(ABORTED, "aborted")

/* In the order in which they happen.  OTHER is what a library hides: the
 * remainder that makes the sum equal the service time. */
#define LD_PHASE_MAP(X) \
	X(WAIT, "wait") X(DNS, "dns") X(CONNECT, "connect") X(TLS, "tls") \
	X(SEND, "send") X(TTFB, "ttfb") X(RECEIVE, "receive") \
	X(BACKOFF, "backoff") X(OTHER, "other")

#define LD_NOT_STARTED_MAP(X) \
	X(LIMIT, "limit") X(STOPPED, "stopped") X(BUDGET, "budget") \
	X(LOCAL, "local")

/* Why a sample was not written: the reader was too slow and the spill full;
 * the reader had gone; --samples left it out is not shedding. */
#define LD_SHED_MAP(X) \
	X(SPILL, "spill") X(READER, "reader")
/* clang-format on */

#define LD_ENUM_1(name, ...) LD_CLASS_##name,
enum ld_class { LD_CLASS_MAP(LD_ENUM_1) LD_CLASS_N };
#undef LD_ENUM_1
#define LD_ENUM_1(name, ...) LD_##name,
enum ld_outcome_kind { LD_OUTCOME_MAP(LD_ENUM_1) LD_OUTCOME_N };
#undef LD_ENUM_1
#define LD_ENUM_1(name, ...) LD_PHASE_##name,
enum ld_phase { LD_PHASE_MAP(LD_ENUM_1) LD_PHASE_N };
#undef LD_ENUM_1
#define LD_ENUM_1(name, ...) LD_NOT_STARTED_##name,
enum ld_not_started { LD_NOT_STARTED_MAP(LD_ENUM_1) LD_NOT_STARTED_N };
#undef LD_ENUM_1
#define LD_ENUM_1(name, ...) LD_SHED_##name,
enum ld_shed { LD_SHED_MAP(LD_ENUM_1) LD_SHED_N };
#undef LD_ENUM_1

/* Names as they stand in records; static storage, "" / "?" out of range. */
LD_API const char *ld_class_name(enum ld_class cls);
LD_API const char *ld_class_advice(enum ld_class cls);
LD_API const char *ld_outcome_name(enum ld_outcome_kind outcome);
LD_API const char *ld_phase_name(enum ld_phase phase);
LD_API const char *ld_not_started_name(enum ld_not_started reason);
LD_API const char *ld_shed_name(enum ld_shed reason);
/* Of an exchange whose deadline hits in that phase, DNS to RECEIVE; *text_out
 * is a sentence about a request and its answer. */
LD_API enum ld_class ld_class_of_timeout(
    enum ld_phase phase, const char **text_out);
/* The class of that name, or LD_CLASS_N. */
LD_API enum ld_class ld_class_find(const char *name, size_t len);
/* Is it our side's fault (LOCAL_*)?  Such failures make a run invalid. */
LD_API bool ld_class_is_local(enum ld_class cls);
LD_API bool ld_class_is_timeout(enum ld_class cls);

struct ld_ledger {
	uint64_t planned;
	uint64_t not_started[LD_NOT_STARTED_N];
	uint64_t started;
	uint64_t success;
	uint64_t failure[LD_CLASS_N];
	uint64_t aborted;
	uint64_t in_flight;
	uint64_t wire;
	uint64_t shed[LD_SHED_N];
};

/* in_flight is a level, not a flow: _add() takes that of `from`. */
LD_API void ld_ledger_add(struct ld_ledger *into, const struct ld_ledger *from);
LD_API uint64_t ld_ledger_not_started(const struct ld_ledger *ledger);
LD_API uint64_t ld_ledger_failures(const struct ld_ledger *ledger);
LD_API uint64_t ld_ledger_shed(const struct ld_ledger *ledger);
/* Do both laws hold? */
LD_API bool ld_ledger_balances(const struct ld_ledger *ledger);
/*
 * {"planned":,"not_started":{"limit":},"started":,"success":,
 *  "failure":{"refused":},"aborted":,"in_flight":,"wire":,"shed":{}}
 * Zero entries of the three maps are left out.
 */
LD_API void ld_ledger_write(const struct ld_ledger *ledger, struct ld_buf *out);
/* A class or reason that this build does not know is counted as
 * LD_CLASS_INTERNAL or the last reason, so that sums stay right. */
LD_API enum ld_status ld_ledger_read(struct ld_ledger *out,
    const struct ld_json *doc, ld_json_ref ref, struct ld_err *err);

#endif /* LD_LEDGER_H */
