/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "http1_stage.h"

/* -- the server ----------------------------------------------------------- */

struct http1_script script;

/* A head, and the body that its Content-Length states. */
static bool
read_request(int fd)
{
	char buf[4096], *end, *length;
	size_t n = 0, want;

	for (;;) {
		ssize_t more = recv(fd, buf + n, sizeof(buf) - 1 - n, 0);

		if (more <= 0)
			return false;
		n += (size_t)more;
		buf[n] = '\0';
		end = strstr(buf, "\r\n\r\n");
		if (end == NULL)
			continue;
		length = strstr(buf, "Content-Length: ");
		want = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
		if (n - (size_t)(end + 4 - buf) >= want)
			return true;
	}
}

static void
wait_for_close(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) > 0)
		continue;
}

static bool
answer(int fd, const struct act *act)
{
	size_t len = act->len != 0 ? act->len : strlen(act->answer);

	if (act->deed != DRIP)
		return peer_send(fd, act->answer, len);
	for (size_t i = 0; i < len; i++)
		if (!peer_send(fd, act->answer + i, 1))
			return false;
	return true;
}

static void
serve(int fd, void *arg)
{
	(void)arg;
	for (;;) {
		unsigned n = atomic_load(&script.requests);
		const struct act *act = n < script.n ? &script.acts[n] : NULL;

		if (act != NULL && act->deed == UNREAD) {
			atomic_fetch_add(&script.requests, 1);
			answer(fd, act);
			for (int i = 0; i < 20000 && !atomic_load(&script.over);
			     i++)
				poll(NULL, 0, 1);
			return;
		}
		if (!read_request(fd) || act == NULL)
			return;
		atomic_fetch_add(&script.requests, 1);
		if (!answer(fd, act) || act->deed == FIN)
			return;
		if (act->deed == RESET) {
			peer_cut(fd);
			return;
		}
		if (act->deed == FIN_LATER) {
			read_request(fd);
			atomic_fetch_add(&script.requests, 1);
			return;
		}
		if (act->deed == SILENT)
			wait_for_close(fd);
	}
}

/* -- the engine's part ---------------------------------------------------- */

struct http1_outcome got;

void
ld_exchange_finish(struct ld_exchange *which, const struct ld_reply *reply)
{
	const char *value = NULL;
	size_t len = 0;

	assert_ptr_equal(which, &exchange);
	got.finished++;
	got.cls = reply->cls;
	snprintf(got.text, sizeof(got.text), "%s",
	    reply->text != NULL ? reply->text : "");
	got.status = reply->status;
	got.status_failed = reply->status_failed;
	got.body_len = reply->body_len;
	snprintf(got.body, sizeof(got.body), "%.*s", (int)reply->body_len,
	    reply->body != NULL ? reply->body : "");
	if (reply->header != NULL)
		value = reply->header(reply->header_ctx, "x-list", &len);
	snprintf(got.header, sizeof(got.header), "%.*s", (int)len,
	    value != NULL ? value : "");
}

void
ld_session_closed(struct ld_session *handle)
{
	(void)handle;
	got.closed++;
}

enum ld_status
ld_template_render(const struct ld_template *tpl, struct ld_scope *scope,
    struct ld_buf *out, struct ld_err *err)
{
	(void)scope;
	if (tpl->text == NULL)
		return ld_err_set(err, LD_INVALID, "no value");
	ld_buf_adds(out, tpl->text);
	return LD_OK;
}

const char *
ld_template_shape(const struct ld_template *tpl)
{
	(void)tpl;
	return "${shape}";
}

struct ld_loop *h1_loop;
struct peer *h1_peer;
struct ldi_h1_run run;
struct ldi_h1_worker worker;
struct ldi_h1_session session;
struct ldi_h1_step step;
struct ldi_url_origin origin;
struct ld_exchange exchange;

void
stage_request(const char *method, const char *text)
{
	struct ldi_request_rendered *c = &step.request.constant;

	step.request.method = method;
	step.request.idempotent = strcmp(method, "POST") != 0;
	c->origin = &origin;
	c->head = text;
	c->head_len = c->all_len = strlen(text);
	c->target = "/";
	c->target_len = 1;
}

int
http1_setup(void **state)
{
	struct ld_session_open how = { .run = &run, .worker = &worker };

	(void)state;
	memset(&run, 0, sizeof(run));
	memset(&worker, 0, sizeof(worker));
	memset(&session, 0, sizeof(session));
	memset(&step, 0, sizeof(step));
	memset(&got, 0, sizeof(got));
	h1_peer = NULL;
	stage_request("GET", GET_HEAD);
	step.request.origin = &origin;
	assert_int_equal(ld_loop_new(&h1_loop, NULL), LD_OK);
	how.loop = h1_loop;
	assert_int_equal(
	    ldi_h1_worker_open(&worker, &run, h1_loop, NULL), LD_OK);
	assert_int_equal(ldi_h1_open(&session, &how, NULL), LD_OK);
	return 0;
}

int
http1_teardown(void **state)
{
	(void)state;
	ldi_h1_close(&session, ld_now_ns() + LD_NS_PER_S);
	client_run(h1_loop, &got.closed, 1);
	ldi_h1_worker_close(&worker);
	ld_loop_free(h1_loop);
	peer_stop(h1_peer);
	ld_tls_free(step.tls);
	return 0;
}

void
play_on(enum peer_kind kind, const struct act *acts, unsigned n)
{
	char url[200];
	size_t rest;

	script.acts = acts;
	script.n = n;
	atomic_store(&script.requests, 0);
	atomic_store(&script.over, false);
	h1_peer = peer_start(kind, serve, NULL);
	assert_non_null(h1_peer);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
	    kind == PEER_UNIX ? 80u : peer_port(h1_peer));
	assert_null(ldi_url_origin_parse(url, strlen(url), &origin, &rest));
	if (kind == PEER_UNIX)
		snprintf(origin.unix_path, sizeof(origin.unix_path), "%s",
		    peer_path(h1_peer));
}

enum ld_status
begin(void)
{
	struct ld_err err = LD_ERR_INIT;

	memset(&exchange, 0, sizeof(exchange));
	exchange.session = &session;
	exchange.step = &step;
	exchange.attempts = 1;
	exchange.needs = LD_NEED_STATUS | LD_NEED_HEADERS | LD_NEED_BODY;
	exchange.start_ns = ld_now_ns();
	return ldi_h1_start(&session, &exchange, &err);
}

/* The phases are parts of the time that has passed, and none is counted
 * twice. */
void
check_phases(void)
{
	uint64_t sum = 0, passed = ld_now_ns() - exchange.start_ns;

	for (int i = 0; i < LD_PHASE_N; i++)
		sum += exchange.phase_ns[i];
	assert_true(sum > 0 && sum <= passed);
}

void
exchange_once(void)
{
	unsigned before = got.finished;

	assert_int_equal(begin(), LD_OK);
	client_run(h1_loop, &got.finished, before + 1);
	check_phases();
}

void
expect(enum ld_class cls, int status, unsigned attempts, unsigned wire)
{
	if (got.cls != cls)
		fail_msg("class %s instead of %s: %s", ld_class_name(got.cls),
		    ld_class_name(cls), got.text);
	assert_int_equal(got.status, status);
	assert_int_equal(exchange.attempts, attempts);
	assert_int_equal(exchange.wire, wire);
	if (cls != LD_CLASS_NONE && cls != LD_CLASS_DECODE)
		assert_true(got.text[0] != '\0');
}

void
expect_ok(const char *body)
{
	expect(LD_CLASS_NONE, 200, 1, 1);
	assert_string_equal(got.body, body);
}
