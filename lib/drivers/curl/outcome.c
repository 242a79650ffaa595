/* SPDX-License-Identifier: MIT */
/* What the end of a transfer means: libcurl's code, and what was read. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <openssl/x509_vfy.h>

#include <ld/adapt.h>

#include "drivers/curl/curl.h"

static int
errno_of(const struct ldi_curl_session *s)
{
	long errnum = 0;

	if (s->errnum != 0)
		return s->errnum;
	curl_easy_getinfo(s->easy, CURLINFO_OS_ERRNO, &errnum);
	return (int)errnum;
}

static enum ld_class
class_of_connect(const struct ldi_curl_session *s)
{
	int errnum = errno_of(s);

	return errnum != 0 ? ld_class_of_connect(errnum) : LD_CLASS_REFUSED;
}

/* libcurl keeps an errno until there is another, of whatever exchange: it is of
 * this one if it is new, or if the text has its words. */
static bool
says_reset(const struct ldi_curl_session *s)
{
	return strstr(s->error, "reset by peer") != NULL ||
	       strstr(s->error, "roken pipe") != NULL;
}

static enum ld_class
class_of_io(const struct ldi_curl_session *s)
{
	int errnum = errno_of(s);
	enum ld_class cls = LD_CLASS_TRUNCATED;
	long code = 0;

	if (says_reset(s))
		cls = LD_CLASS_RESET;
	else if (errnum != 0 && errnum != s->old_errnum)
		cls = ld_class_of_io(errnum);
	curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &code);
	if (s->issued == 0 && code >= 300)
		return LD_CLASS_STATUS;
	if (ldi_curl_tls_is_about_us(s))
		return LD_CLASS_TLS_CLIENT;
	return cls == LD_CLASS_TRUNCATED && !s->answered ? LD_CLASS_CLOSED_EARLY
							 : cls;
}

/* UNSPECIFIED is libcurl's word for that it came to no verification. */
static bool
is_verdict(long result)
{
	return result != X509_V_OK && result != X509_V_ERR_UNSPECIFIED;
}

static enum ld_class
class_of_verify(const struct ldi_curl_session *s, enum ld_class otherwise)
{
	long result = 0;

	curl_easy_getinfo(s->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	if (!is_verdict(result))
		curl_easy_getinfo(
		    s->easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &result);
	return is_verdict(result) ? ld_class_of_verify(result) : otherwise;
}

static enum ld_class
class_of_handshake(const struct ldi_curl_session *s)
{
	return ldi_curl_tls_is_about_us(s)
		   ? LD_CLASS_TLS_CLIENT
		   : class_of_verify(s, LD_CLASS_TLS_HANDSHAKE);
}

/* libcurl compares the name by itself, behind OpenSSL. */
static enum ld_class
class_of_peer(const struct ldi_curl_session *s)
{
	return class_of_verify(s, LD_CLASS_TLS_NAME);
}

/* Said of a line of a header that is over libcurl's limit, too. */
static enum ld_class
class_of_memory(const struct ldi_curl_session *s)
{
	return s->issued > 0 && s->agent.answer.state == LDI_RESPONSE_HEAD
		   ? LD_CLASS_HEADER_TOO_LARGE
		   : LD_CLASS_LOCAL_MEMORY;
}

struct code_class {
	CURLcode code;
	enum ld_class cls;
	/* Instead, where the code does not tell. */
	enum ld_class (*look)(const struct ldi_curl_session *s);
};

static const struct code_class code_classes[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, LD_CLASS_DNS, NULL },
	{ CURLE_COULDNT_RESOLVE_PROXY, LD_CLASS_DNS, NULL },
	{ CURLE_COULDNT_CONNECT, LD_CLASS_REFUSED, class_of_connect },
	{ CURLE_OPERATION_TIMEDOUT, LD_CLASS_TIMEOUT_CONNECT, NULL },
	{ CURLE_PROXY, LD_CLASS_PROTOCOL, NULL },
	{ CURLE_SSL_CONNECT_ERROR, LD_CLASS_TLS_HANDSHAKE, class_of_handshake },
	{ CURLE_PEER_FAILED_VERIFICATION, LD_CLASS_TLS_NAME, class_of_peer },
	{ CURLE_SSL_CERTPROBLEM, LD_CLASS_TLS_CLIENT, NULL },
	{ CURLE_SEND_ERROR, LD_CLASS_RESET, class_of_io },
	{ CURLE_RECV_ERROR, LD_CLASS_RESET, class_of_io },
	{ CURLE_GOT_NOTHING, LD_CLASS_CLOSED_EARLY, NULL },
	{ CURLE_PARTIAL_FILE, LD_CLASS_TRUNCATED, NULL },
	{ CURLE_WEIRD_SERVER_REPLY, LD_CLASS_PROTOCOL, NULL },
	{ CURLE_UNSUPPORTED_PROTOCOL, LD_CLASS_PROTOCOL, NULL },
	{ CURLE_HTTP2, LD_CLASS_PROTOCOL, NULL },
	{ CURLE_HTTP2_STREAM, LD_CLASS_PROTOCOL, NULL },
	{ CURLE_BAD_CONTENT_ENCODING, LD_CLASS_PROTOCOL, NULL },
	{ CURLE_OUT_OF_MEMORY, LD_CLASS_LOCAL_MEMORY, class_of_memory },
	{ CURLE_URL_MALFORMAT, LD_CLASS_VALUE, NULL },
};

static enum ld_class
class_of(const struct ldi_curl_session *s, CURLcode code)
{
	size_t n = sizeof(code_classes) / sizeof(code_classes[0]);

	for (size_t i = 0; i < n; i++) {
		const struct code_class *row = &code_classes[i];

		if (row->code == code)
			return row->look != NULL ? row->look(s) : row->cls;
	}
	return LD_CLASS_LOCAL_OTHER;
}

/* libcurl takes the end of TCP for the end of a body. */
static enum ld_class
class_of_end(const struct ldi_curl_session *s)
{
	return s->agent.answer.state == LDI_RESPONSE_UNTIL_EOF &&
		       s->tls != NULL && !s->http2 && !ldi_curl_tls_is_ended(s)
		   ? LD_CLASS_TRUNCATED
		   : LD_CLASS_NONE;
}

static const char no_notify[] =
    "the server closed the connection without TLS close_notify";

static const char *
about_us(struct ldi_curl_session *s, const char *text)
{
	char reason[128];

	snprintf(reason, sizeof(reason), "%s", text);
	snprintf(s->error, sizeof(s->error),
	    "the server refuses the client certificate, or wants one and there "
	    "is none: %s",
	    reason);
	return s->error;
}

enum ld_class
ldi_curl_outcome(
    struct ldi_curl_session *s, CURLcode code, const char **text_out)
{
	struct ldi_response *answer = &s->agent.answer;
	enum ld_class cls = LD_CLASS_NONE;

	*text_out = s->text;
	if (s->cls != LD_CLASS_NONE)
		return s->cls;
	if (code == CURLE_OK && answer->state != LDI_RESPONSE_DONE &&
	    answer->state != LDI_RESPONSE_BROKEN)
		ldi_response_eof(answer, cls = class_of_end(s));
	if (answer->state == LDI_RESPONSE_BROKEN) {
		*text_out =
		    cls == LD_CLASS_TRUNCATED ? no_notify : answer->text;
		return answer->cls;
	}
	if (code == CURLE_OK)
		return LD_CLASS_NONE;
	*text_out = s->error[0] != '\0' ? s->error : curl_easy_strerror(code);
	cls = class_of(s, code);
	if (cls == LD_CLASS_TLS_CLIENT)
		*text_out = about_us(s, *text_out);
	return cls;
}

static enum ld_phase
phase_of(const struct ldi_curl_session *s)
{
	curl_off_t dns = 0;

	if (s->stage == LDI_CURL_HANDSHAKE)
		return LD_PHASE_TLS;
	if (s->issued > 0 && ldi_curl_is_answered(s))
		return LD_PHASE_RECEIVE;
	if (s->issued > 0)
		return ldi_curl_is_sent(s) ? LD_PHASE_TTFB : LD_PHASE_SEND;
	if (s->stage == LDI_CURL_RESOLVING)
		return LD_PHASE_DNS;
	curl_easy_getinfo(s->easy, CURLINFO_NAMELOOKUP_TIME_T, &dns);
	return dns == 0 ? LD_PHASE_DNS : LD_PHASE_CONNECT;
}

enum ld_class
ldi_curl_timeout(const struct ldi_curl_session *s, const char **text_out)
{
	return ld_class_of_timeout(phase_of(s), text_out);
}
