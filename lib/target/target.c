/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ld/target.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <ld/rng.h>
#include <ld/time.h>

#include "target/server.h"

#define BATCH 256
#define BACKLOG 4096
#define RETRY_MS 50 /* when descriptors have run out */

static void
note_address(struct ld_target *t)
{
	snprintf(t->authority, sizeof(t->authority), "%s",
	    t->listeners[0].url + strlen("http://"));
}

/* A certificate of the kind that the listener wants, of one authority. */
static enum ld_status
give_identity(struct ld_target *t, struct ldi_listener *l, struct ld_err *err)
{
	struct ldi_issued identity = { NULL, NULL };
	enum ld_status st = LD_OK;

	if (!l->kind->tls)
		return LD_OK;
	if (t->ca.cert == NULL)
		st = ldi_authority_make(&t->ca, err);
	if (st == LD_OK)
		st = ldi_authority_issue(
		    &identity, &t->ca, l->kind->identity, err);
	if (st == LD_OK)
		st = ldi_seal_context(&identity, l->kind->old, &l->ctx, err);
	ldi_authority_drop(&identity);
	return st;
}

static enum ld_status
open_listeners(
    struct ld_target *t, const struct ld_target_options *o, struct ld_err *err)
{
	int backlog = o->backlog > 0 ? o->backlog : BACKLOG;
	union ldi_address address;
	socklen_t len;
	enum ld_status st = ldi_address_read(&address, o->address, &len, err);

	for (size_t i = 0; i <= o->n_listen && st == LD_OK; i++) {
		struct ldi_listener *l = &t->listeners[t->n_listeners++];

		ldi_listener_init(l);
		if (i == 0)
			l->port = o->port;
		else
			st = ldi_listener_read(l, o->listen[i - 1], err);
		if (st == LD_OK)
			st = give_identity(t, l, err);
		if (st == LD_OK)
			st = ldi_listener_open(l, &address, backlog, err);
		if (st != LD_OK)
			return i == 0 ? st
				      : ld_err_context(err, "--listen '%s'",
					    o->listen[i - 1]);
	}
	if (st == LD_OK)
		note_address(t);
	return st;
}

/* KIND or KIND?PARAMETERS; `faults` has room for LDI_FAULTS_MAX. */
static enum ld_status
read_faults(struct ldi_fault *faults, const struct ld_target_options *o,
    struct ld_err *err)
{
	if (o->n_faults > LDI_FAULTS_MAX)
		return ld_err_set(
		    err, LD_INVALID, "at most %d faults", LDI_FAULTS_MAX);
	for (size_t i = 0; i < o->n_faults; i++) {
		const char *text = o->faults[i];
		size_t len = strcspn(text, "?");
		const char *params = text + len + (text[len] == '?');
		enum ld_status st = ldi_fault_read(&faults[i],
		    (struct ldi_slice){ text, len },
		    (struct ldi_slice){ params, strlen(params) }, true, err);

		if (st != LD_OK)
			return ld_err_context(err, "--fault '%s'", text);
	}
	return LD_OK;
}

enum ld_status
ld_target_check(const struct ld_target_options *o, struct ld_err *err)
{
	struct ldi_fault faults[LDI_FAULTS_MAX];
	struct ldi_listener listener;
	enum ld_status st = read_faults(faults, o, err);

	if (st == LD_OK && o->n_listen >= LDI_LISTENERS_MAX)
		return ld_err_set(err, LD_INVALID, "at most %d more ports",
		    LDI_LISTENERS_MAX - 1);
	for (size_t i = 0; i < o->n_listen && st == LD_OK; i++) {
		ldi_listener_init(&listener);
		st = ldi_listener_read(&listener, o->listen[i], err);
		if (st != LD_OK)
			ld_err_context(err, "--listen '%s'", o->listen[i]);
	}
	return st;
}

static bool
watch(struct ld_target *t, void *whose, int fd, unsigned events)
{
	struct epoll_event ev = { .events = events, .data.ptr = whose };

	return epoll_ctl(t->epoll_fd, EPOLL_CTL_ADD, fd, &ev) == 0;
}

static enum ld_status
open_loop(struct ld_target *t, struct ld_err *err)
{
	t->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	t->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	t->timer_fd =
	    timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (t->epoll_fd < 0 || t->wake_fd < 0 || t->timer_fd < 0 ||
	    !watch(t, &t->wake_fd, t->wake_fd, EPOLLIN) ||
	    !watch(t, &t->timer_fd, t->timer_fd, EPOLLIN))
		return ld_err_errno(err, errno, "cannot set up the loop");
	for (size_t i = 0; i < t->n_listeners; i++) {
		struct ldi_listener *l = &t->listeners[i];

		if (ldi_listener_watched(l) && !watch(t, l, l->fd, EPOLLIN))
			return ld_err_errno(
			    err, errno, "cannot watch port %u", l->port);
	}
	return LD_OK;
}

/* -- accepting ------------------------------------------------------------ */

/* Out of descriptors: leave the queue alone for a moment, or the loop would
 * spin on it. */
static void
pause_accepting(struct ld_target *t, struct ldi_listener *l)
{
	if (epoll_ctl(t->epoll_fd, EPOLL_CTL_DEL, l->fd, NULL) == 0) {
		l->paused = true;
		t->paused = true;
	}
}

static void
resume_accepting(struct ld_target *t)
{
	t->paused = false;
	for (size_t i = 0; i < t->n_listeners; i++) {
		struct ldi_listener *l = &t->listeners[i];

		if (l->paused && watch(t, l, l->fd, EPOLLIN))
			l->paused = false;
		t->paused |= l->paused;
	}
}

static void
accept_some(struct ld_target *t, struct ldi_listener *l)
{
	for (int i = 0; i < BATCH; i++) {
		int fd =
		    accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			ldi_conn_new(t, l, fd);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			pause_accepting(t, l);
		return;
	}
}

/* -- the loop ------------------------------------------------------------- */

static void
run_timers(struct ld_target *t)
{
	struct ldi_timer *timer;
	uint64_t now_ns = ld_now_ns(), count;

	(void)!read(t->timer_fd, &count, sizeof(count));
	t->timer_armed_ns = 0;
	while ((timer = ldi_timers_first(&t->timers)) != NULL &&
	       timer->due_ns <= now_ns) {
		char *base = (char *)timer - offsetof(struct ldi_conn, timer);

		ldi_timer_unset(&t->timers, timer);
		ldi_conn_due(t, (struct ldi_conn *)(void *)base, now_ns);
	}
}

static void
arm_timer(struct ld_target *t)
{
	const struct ldi_timer *timer = ldi_timers_first(&t->timers);
	struct itimerspec when = { 0 };

	if (timer == NULL || timer->due_ns == t->timer_armed_ns)
		return;
	when.it_value.tv_sec = (time_t)(timer->due_ns / LD_NS_PER_S);
	when.it_value.tv_nsec = (long)(timer->due_ns % LD_NS_PER_S);
	if (timerfd_settime(t->timer_fd, TFD_TIMER_ABSTIME, &when, NULL) == 0)
		t->timer_armed_ns = timer->due_ns;
}

static void
bury(struct ld_target *t)
{
	while (t->dead != NULL) {
		struct ldi_conn *c = t->dead;

		t->dead = c->next;
		free(c);
	}
}

static struct ldi_listener *
listener_of(struct ld_target *t, const void *whose)
{
	for (size_t i = 0; i < t->n_listeners; i++)
		if (whose == &t->listeners[i])
			return &t->listeners[i];
	return NULL;
}

/* Nothing is read, sent or accepted until then. */
static void
stay_frozen(struct ld_target *t)
{
	struct pollfd wake = { .fd = t->wake_fd, .events = POLLIN };
	uint64_t now_ns;

	while (!t->stop && (now_ns = ld_now_ns()) < t->frozen_until_ns) {
		uint64_t left_ms =
		    (t->frozen_until_ns - now_ns) / LD_NS_PER_MS + 1;

		pthread_mutex_unlock(&t->lock);
		(void)poll(&wake, 1, (int)left_ms);
		pthread_mutex_lock(&t->lock);
	}
}

static void
dispatch(struct ld_target *t, const struct epoll_event *ev)
{
	struct ldi_listener *l = listener_of(t, ev->data.ptr);

	if (l != NULL && l->kind->does == LDI_LISTENER_UDP)
		ldi_listener_echo(l, t->scratch, LDI_TARGET_SCRATCH);
	else if (l != NULL)
		accept_some(t, l);
	else if (ev->data.ptr == &t->timer_fd)
		run_timers(t);
	else if (ev->data.ptr != &t->wake_fd)
		ldi_conn_event(t, ev->data.ptr, ev->events);
}

static void *
loop(void *arg)
{
	struct ld_target *t = arg;
	struct epoll_event events[BATCH];

	pthread_mutex_lock(&t->lock);
	while (!t->stop) {
		int n;

		arm_timer(t);
		pthread_mutex_unlock(&t->lock);
		n = epoll_wait(
		    t->epoll_fd, events, BATCH, t->paused ? RETRY_MS : -1);
		pthread_mutex_lock(&t->lock);
		if (t->paused)
			resume_accepting(t);
		for (int i = 0; i < n; i++)
			dispatch(t, &events[i]);
		bury(t);
		stay_frozen(t);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

/* -- life ----------------------------------------------------------------- */

static void
close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void
target_free(struct ld_target *t)
{
	while (t->conns != NULL)
		ldi_conn_close(t, t->conns);
	bury(t);
	while (t->n_listeners > 0)
		ldi_listener_close(&t->listeners[--t->n_listeners]);
	ldi_authority_drop(&t->ca);
	close_fd(t->timer_fd);
	close_fd(t->wake_fd);
	close_fd(t->epoll_fd);
	ldi_timers_clear(&t->timers);
	ldi_target_counts_clear(&t->counts);
	ld_buf_clear(&t->out);
	ld_buf_clear(&t->head);
	ld_buf_clear(&t->body);
	ld_buf_clear(&t->aux);
	ld_buf_clear(&t->sealed);
	ld_json_clear(&t->json);
	free(t->scratch);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static struct ld_target *
target_new(bool record)
{
	struct ld_target *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->epoll_fd = t->wake_fd = t->timer_fd = -1;
	pthread_mutex_init(&t->lock, NULL);
	t->seed = ld_rng_seed();
	t->scratch = malloc(LDI_TARGET_SCRATCH);
	ld_buf_init(&t->out, LDI_TARGET_MAX_REPLY);
	ld_buf_init(&t->head, LDI_TARGET_MAX_REPLY);
	ld_buf_init(&t->body, LDI_TARGET_MAX_REPLY);
	ld_buf_init(&t->aux, LDI_TARGET_MAX_REPLY);
	ld_buf_init(&t->sealed, LDI_TARGET_MAX_REPLY);
	ld_json_init(&t->json);
	if (ldi_target_counts_init(&t->counts, record) && t->scratch != NULL)
		return t;
	target_free(t);
	return NULL;
}

enum ld_status
ld_target_start(const struct ld_target_options *options,
    struct ld_target **target_out, struct ld_err *err)
{
	struct ld_target *t = target_new(options->record);
	enum ld_status status;
	int errnum;

	*target_out = NULL;
	if (t == NULL)
		return ld_err_set(err, LD_NOMEM, "out of memory");
	if (options->has_seed)
		t->seed = options->seed;
	status = ld_target_check(options, err);
	if (status == LD_OK)
		status = read_faults(t->faults, options, err);
	if (status == LD_OK)
		t->n_faults = options->n_faults;
	if (status == LD_OK)
		status = open_listeners(t, options, err);
	if (status == LD_OK)
		status = open_loop(t, err);
	if (status != LD_OK) {
		target_free(t);
		return status;
	}
	errnum = pthread_create(&t->thread, NULL, loop, t);
	if (errnum != 0) {
		target_free(t);
		return ld_err_errno(err, errnum, "cannot start a thread");
	}
	*target_out = t;
	return LD_OK;
}

uint16_t
ld_target_port(const struct ld_target *target)
{
	return target->listeners[0].port;
}

size_t
ld_target_listeners(const struct ld_target *target)
{
	return target->n_listeners;
}

const char *
ld_target_listener_name(const struct ld_target *target, size_t i)
{
	return target->listeners[i].kind->name;
}

const char *
ld_target_listener_url(const struct ld_target *target, size_t i)
{
	return target->listeners[i].url;
}

bool
ld_target_authority(const struct ld_target *target, struct ld_buf *out)
{
	return target->ca.cert != NULL && ldi_authority_pem(&target->ca, out);
}

void
ldi_target_say_counts(const struct ld_target *t, struct ld_buf *out)
{
	ldi_target_counts_json(
	    &t->counts, t->listeners + 1, t->n_listeners - 1, out);
}

void
ld_target_counts(struct ld_target *target, struct ld_buf *out)
{
	pthread_mutex_lock(&target->lock);
	ldi_target_say_counts(target, out);
	pthread_mutex_unlock(&target->lock);
}

void
ld_target_stop(struct ld_target *target)
{
	uint64_t one = 1;

	if (target == NULL)
		return;
	pthread_mutex_lock(&target->lock);
	target->stop = true;
	pthread_mutex_unlock(&target->lock);
	(void)!write(target->wake_fd, &one, sizeof(one));
	pthread_join(target->thread, NULL);
	target_free(target);
}

const struct ld_opt_word *
ld_target_port_kinds(void)
{
	static struct ld_opt_word words[LDI_LISTENERS_MAX + 1];
	const struct ldi_listener_kind *const *kinds = ldi_listener_kinds();

	for (size_t i = 0; i < LDI_LISTENERS_MAX && kinds[i] != NULL; i++)
		words[i] =
		    (struct ld_opt_word){ kinds[i]->name, kinds[i]->help };
	return words;
}

const struct ld_opt_word *
ld_target_fault_kinds(void)
{
	static struct ld_opt_word words[LDI_FAULT_KINDS + 1];
	const struct ldi_fault_kind *const *kinds = ldi_fault_kinds();

	for (size_t i = 0; kinds[i] != NULL; i++)
		words[i] =
		    (struct ld_opt_word){ kinds[i]->name, kinds[i]->help };
	return words;
}
