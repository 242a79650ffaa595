/* SPDX-License-Identifier: MIT */
/*
 * HTTP/1.1 on our own transport: fast_http_user.
 *
 * A user keeps one connection per origin, and cookies.  doc/http.md says what
 * a plan may ask for and what becomes of it.
 */
#include "config.h"

#include "drivers/http1/http1.h"
#include "http/request_fields.h"

/* In the order of enum ldi_request_version. */
static const char *const versions[] = { "1.1", "1.0", NULL };

static const struct ld_field task_fields[] = {
	LDI_REQUEST_FIELDS(versions, "\"1.1\"",
	    "type basic with username and password, or bearer with token"),
	LD_FIELD_SHAPED(struct ldi_request_task, proxy, "proxy",
	    "{'type':'null'}", "refused: http_user has it"),
	LD_TLS_FIELDS(struct ldi_request_task),
	LD_FIELD_END,
};

/* -- the run -------------------------------------------------------------- */

struct config {
	struct ld_node proxy;
};

static const struct ld_field config_fields[] = {
	LD_FIELD_SHAPED(struct config, proxy, "proxy", "{'type':'null'}",
	    "refused: http_user has it"),
	LD_FIELD_END,
};

static enum ld_status
refuse_proxy(struct ld_node proxy, struct ld_err *err)
{
	return !ldi_request_is_given(proxy)
		   ? LD_OK
		   : ld_node_error(proxy, err, LD_UNSUPPORTED,
			 "fast_http_user has no 'proxy': http_user is the user "
			 "type that has it");
}

static enum ld_status
run_open(void *run, const struct ld_run_open *how, struct ld_err *err)
{
	static const char *const alpn[] = { "http/1.1", NULL };
	const struct config *config = how->config_fields;
	struct ldi_h1_run *r = run;
	enum ld_status st = refuse_proxy(config->proxy, err);

	r->resume = how->config->tls_resume;
	return st == LD_OK ? ld_tls_set_new(how->config, alpn, &r->tls, err)
			   : st;
}

static void
run_close(void *run)
{
	struct ldi_h1_run *r = run;

	ld_tls_set_free(r->tls);
}

static enum ld_status
compile(void *run, void *step, const struct ld_task *task,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	struct ldi_h1_run *r = run;
	struct ldi_h1_step *s = step;
	bool insecure;
	enum ld_status st = refuse_proxy(t->proxy, err);

	if (st == LD_OK)
		st = ldi_request_compile(&s->request, task, cc, err);
	if (st == LD_OK && s->request.digest_user != NULL)
		st = ld_node_error(ldi_request_place(t->auth, "type", "type"),
		    err, LD_UNSUPPORTED,
		    "fast_http_user has no digest: http_user is the user type "
		    "that has it");
	if (st == LD_OK)
		st = ld_tls_compile(
		    r->tls, &t->tls, cc, &s->tls, &insecure, err);
	if (st != LD_OK)
		return st;
	if (ldi_request_begins_with_tls(&s->request))
		ld_tls_expect(s->tls);
	return ldi_request_describe(&s->request, insecure, cc, info, err);
}

static size_t
secrets(const void *session, struct ld_str *out, size_t max)
{
	const struct ldi_h1_session *s = session;

	return ldi_jar_values(&s->agent.jar, out, max);
}

static const char *const users[] = { "fast_http_user", NULL };

LD_DRIVER(http1) = {
	.abi = LD_DRIVER_ABI,
	.name = "http1",
	.summary = "HTTP/1.1 on the toolkit's own transport",
	.users = users,
	.config_fields = config_fields,
	.config_size = sizeof(struct config),
	.task_fields = task_fields,
	.task_size = sizeof(struct ldi_request_task),
	.run_size = sizeof(struct ldi_h1_run),
	.worker_size = sizeof(struct ldi_h1_worker),
	.session_size = sizeof(struct ldi_h1_session),
	.step_size = sizeof(struct ldi_h1_step),
	.run_open = run_open,
	.run_close = run_close,
	.compile = compile,
	.worker_open = ldi_h1_worker_open,
	.worker_close = ldi_h1_worker_close,
	.open = ldi_h1_open,
	.start = ldi_h1_start,
	.cancel = ldi_h1_cancel,
	.close = ldi_h1_close,
	.fresh = ldi_h1_fresh,
	.secrets = secrets,
};
