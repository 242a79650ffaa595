/* SPDX-License-Identifier: MIT */
/* What each kind of fault makes of an answer: framing and timing. */
#include "config.h"

#include <string.h>

#include "target/fault.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
/* What is sent again and again. */
#define FILLER \
	"................................................................"

static void
send_part(struct ldi_script *script, const struct ldi_fault_answer *answer,
    size_t from, size_t to)
{
	if (to > answer->len)
		to = answer->len;
	if (from < to)
		ldi_script_send(script, answer->data + from, to - from);
}

void
ldi_fault_cut(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	size_t body = answer->len - answer->head_len;
	uint64_t at = fault->at;

	if (fault->kind->params == 0)
		at = answer->head_len + body / 2;
	send_part(script, answer, 0, at < answer->len ? at : answer->len);
}

void
ldi_fault_garbage(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char *const texts[] = {
		"\x01\x02this is not HTTP\r\n\r\n",
		"SSH-2.0-target\r\n",
		"<html>no head at all</html>\n",
		"HTTP/7.3 200 OK\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 2OO OK\r\nContent-Length: 0\r\n\r\n",
		NULL,
		"\r\n\r\n\r\n\r\n",
	};

	(void)answer;
	if (texts[fault->form] != NULL)
		ldi_script_text(script, texts[fault->form]);
	else
		ldi_script_repeat(script, FILLER, strlen(FILLER), 1024);
}

/* Behind the status line: `insert`, so often, then what follows `last`; the
 * rest of the answer behind it. */
static void
send_inserted(const struct ldi_fault_answer *answer, struct ldi_script *script,
    const char *first, const char *insert, uint64_t times, const char *last)
{
	const char *end = memchr(answer->data, '\n', answer->head_len);
	size_t line =
	    end != NULL ? (size_t)(end - answer->data) + 1 : answer->head_len;

	send_part(script, answer, 0, line);
	ldi_script_text(script, first);
	ldi_script_repeat(script, insert, strlen(insert), times);
	ldi_script_text(script, last);
	send_part(script, answer, line, answer->len);
}

void
ldi_fault_head(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char nul[] = "X-Fault: a\0b\r\n";
	static const char *const lines[] = { NULL, NULL, NULL,
		"X-Fault: a\r\n folded\r\n", "X-Fault without a colon\r\n",
		"X-Fault : a\r\n",
		"X-Fault: a\x01\x7f"
		"b\r\n" };

	if (fault->form == 0) {
		send_inserted(answer, script, "", "X-Filler: " FILLER "\r\n",
		    fault->n, "");
	} else if (fault->form == 1) {
		send_inserted(
		    answer, script, "X-Fault: ", ".", fault->n, "\r\n");
	} else if (fault->form == 2) {
		ldi_script_text(script, "HTTP/1.1 200 OK\r\n");
		ldi_script_send(script, nul, sizeof(nul) - 1);
		ldi_script_text(script, "Content-Length: 0\r\n\r\n");
	} else {
		send_inserted(answer, script, lines[fault->form], "", 1, "");
	}
}

void
ldi_fault_body(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char *const heads[] = {
		HEAD "Transfer-Encoding: chunked\r\n\r\n",
		HEAD "Content-Length: 4611686018427387904\r\n\r\n",
		HEAD "Connection: close\r\n\r\n",
	};
	static const char chunk[] = "40\r\n" FILLER "\r\n";

	(void)answer;
	ldi_script_text(script, heads[fault->form]);
	if (fault->form == 0)
		ldi_script_repeat(
		    script, chunk, sizeof(chunk) - 1, LDI_SCRIPT_ENDLESS);
	else
		ldi_script_repeat(
		    script, FILLER, strlen(FILLER), LDI_SCRIPT_ENDLESS);
}

void
ldi_fault_chunk(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char *const bodies[] = {
		"xyz\r\nhello\r\n0\r\n\r\n",
		"-5\r\nhello\r\n0\r\n\r\n",
		"7fffffffffffffff\r\nhello\r\n0\r\n\r\n",
		"fffffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
		"5;x=",
		"5\r\nhelloXX0\r\n\r\n",
		"5\r\nhello\r\n",
		"5\r\nhello\r\n0\r\n",
	};

	(void)answer;
	ldi_script_text(script, HEAD "Transfer-Encoding: chunked\r\n\r\n");
	ldi_script_text(script, bodies[fault->form]);
	if (strcmp(fault->kind->forms[fault->form], "extension") == 0)
		ldi_script_repeat(
		    script, FILLER, strlen(FILLER), LDI_SCRIPT_ENDLESS);
	else if (strcmp(fault->kind->forms[fault->form], "trailer") == 0)
		ldi_script_repeat(script, "X-Filler: " FILLER "\r\n",
		    strlen("X-Filler: " FILLER "\r\n"), LDI_SCRIPT_ENDLESS);
}

void
ldi_fault_length(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char *const answers[] = {
		"Content-Length: 5\r\n\r\n0123456789",
		"Content-Length: 20\r\n\r\n0123456789",
		"Content-Length: 10\r\nContent-Length: 11\r\n\r\n0123456789",
		"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n"
		"a\r\n0123456789\r\n0\r\n\r\n",
		"Content-Length: -10\r\n\r\n0123456789",
		"Content-Length: 99999999999999999999\r\n\r\n0123456789",
		"Content-Length: ten\r\n\r\n0123456789",
	};

	(void)answer;
	ldi_script_text(script, HEAD);
	ldi_script_text(script, answers[fault->form]);
	if (strcmp(fault->kind->forms[fault->form], "short") != 0)
		script->end = LDI_SCRIPT_CLOSE;
}

void
ldi_fault_slow(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	size_t at = fault->at < answer->len ? (size_t)fault->at : answer->len;

	send_part(script, answer, 0, at);
	ldi_script_drip(
	    script, answer->data + at, answer->len - at, fault->every_ns);
}

void
ldi_fault_interim(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char *const heads[] = {
		"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n"
		"\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n",
		"HTTP/1.1 102 Processing\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n"
		"Connection: Upgrade\r\n\r\n",
	};
	const char *head = heads[fault->form];

	ldi_script_repeat(script, head, strlen(head), fault->n);
	send_part(script, answer, 0, answer->len);
}

void
ldi_fault_redirect(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char *const lines[] = { NULL,
		"Location: gopher://127.0.0.1/\r\n",
		"Location: http://127.0.0.1:1/\r\n", "Location: http://\r\n",
		"Location: /get\r\nLocation: /uuid\r\n" };
	const struct ldi_slice target = answer->req->target;

	ldi_script_text(script, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n");
	if (lines[fault->form] != NULL) {
		ldi_script_text(script, lines[fault->form]);
	} else {
		ldi_script_text(script, "Location: ");
		ldi_script_send(script, target.p, target.len);
		ldi_script_text(script, "\r\n");
	}
	ldi_script_text(script, "\r\n");
}

void
ldi_fault_surplus(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char *const whole[] = { NULL, NULL,
		"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",
		NULL };

	if (whole[fault->form] != NULL) {
		ldi_script_text(script, whole[fault->form]);
		return;
	}
	send_part(script, answer, 0, answer->len);
	if (fault->form == 0)
		send_part(script, answer, 0, answer->len);
	else
		ldi_script_text(script, "surplus");
}

void
ldi_fault_idle(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	send_part(script, answer, 0, answer->len);
	ldi_script_wait(script, fault->every_ns);
}
