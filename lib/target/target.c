/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ld/target.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static enum ld_status
read_address(const struct ld_target_options *o, union address *address,
    socklen_t *len_out, struct ld_err *err)
{
	const char *text = o->address != NULL ? o->address : "127.0.0.1";

	memset(address, 0, sizeof(*address));
	if (strcmp(text, "localhost") == 0)
		text = "127.0.0.1";
	if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
		address->v4.sin_family = AF_INET;
		address->v4.sin_port = htons(o->port);
		*len_out = sizeof(address->v4);
		if (ntohl(address->v4.sin_addr.s_addr) >> 24 == 127)
			return LD_OK;
	} else if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1) {
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons(o->port);
		*len_out = sizeof(address->v6);
		if (IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr))
			return LD_OK;
	} else {
		return ld_err_set(
		    err, LD_INVALID, "'%s' is not an IP address", text);
	}
	return ld_err_set(err, LD_INVALID,
	    "'%s' is not a loopback address: this server echoes what it is "
	    "sent and serves nobody else",
	    text);
}

static void
note_address(struct ld_target *t, const union address *address)
{
	bool v6 = address->any.sa_family == AF_INET6;
	char text[INET6_ADDRSTRLEN] = "";

	t->port = ntohs(v6 ? address->v6.sin6_port : address->v4.sin_port);
	if (v6)
		inet_ntop(AF_INET6, &address->v6.sin6_addr, text, sizeof(text));
	else
		inet_ntop(AF_INET, &address->v4.sin_addr, text, sizeof(text));
	snprintf(t->authority, sizeof(t->authority), v6 ? "[%s]:%u" : "%s:%u",
	    text, (unsigned)t->port);
}

static enum ld_status
open_listener(
    struct ld_target *t, const struct ld_target_options *o, struct ld_err *err)
{
	union address address;
	socklen_t len;
	int on = 1, backlog = o->backlog > 0 ? o->backlog : BACKLOG;
	enum ld_status status = read_address(o, &address, &len, err);

	if (status != LD_OK)
		return status;
	t->listen_fd = socket(address.any.sa_family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->listen_fd < 0)
		return ld_err_errno(err, errno, "cannot make a socket");
	/* Accepted sockets inherit TCP_NODELAY. */
	(void)setsockopt(
	    t->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	(void)setsockopt(
	    t->listen_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(t->listen_fd, &address.any, len) != 0 ||
	    listen(t->listen_fd, backlog) != 0 ||
	    getsockname(t->listen_fd, &address.any, &len) != 0)
		return ld_err_errno(err, errno, "cannot listen on %s port %u",
		    o->address != NULL ? o->address : "127.0.0.1",
		    (unsigned)o->port);
	note_address(t, &address);
	return LD_OK;
}

static bool
watch(struct ld_target *t, int *fd, unsigned events)
{
	struct epoll_event ev = { .events = events, .data.ptr = fd };

	return epoll_ctl(t->epoll_fd, EPOLL_CTL_ADD, *fd, &ev) == 0;
}

static enum ld_status
open_loop(struct ld_target *t, struct ld_err *err)
{
	t->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	t->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	t->timer_fd =
	    timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (t->epoll_fd < 0 || t->wake_fd < 0 || t->timer_fd < 0 ||
	    !watch(t, &t->listen_fd, EPOLLIN) ||
	    !watch(t, &t->wake_fd, EPOLLIN) || !watch(t, &t->timer_fd, EPOLLIN))
		return ld_err_errno(err, errno, "cannot set up the loop");
	return LD_OK;
}

/* -- accepting ------------------------------------------------------------ */

/* Out of descriptors: leave the queue alone for a moment, or the loop would
 * spin on it. */
static void
pause_accepting(struct ld_target *t)
{
	if (epoll_ctl(t->epoll_fd, EPOLL_CTL_DEL, t->listen_fd, NULL) == 0)
		t->paused = true;
}

static void
resume_accepting(struct ld_target *t)
{
	if (t->paused && watch(t, &t->listen_fd, EPOLLIN))
		t->paused = false;
}

static void
accept_some(struct ld_target *t)
{
	for (int i = 0; i < BATCH; i++) {
		int fd = accept4(
		    t->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			if (ldi_conn_new(t, fd) == NULL)
				close(fd);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			pause_accepting(t);
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

static void
dispatch(struct ld_target *t, const struct epoll_event *ev)
{
	if (ev->data.ptr == &t->listen_fd)
		accept_some(t);
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
		resume_accepting(t);
		for (int i = 0; i < n; i++)
			dispatch(t, &events[i]);
		bury(t);
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
	close_fd(t->listen_fd);
	close_fd(t->timer_fd);
	close_fd(t->wake_fd);
	close_fd(t->epoll_fd);
	ldi_timers_clear(&t->timers);
	ldi_target_counts_clear(&t->counts);
	ld_buf_clear(&t->out);
	ld_buf_clear(&t->head);
	ld_buf_clear(&t->body);
	ld_buf_clear(&t->aux);
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
	t->epoll_fd = t->listen_fd = t->wake_fd = t->timer_fd = -1;
	pthread_mutex_init(&t->lock, NULL);
	t->seed = ld_rng_seed();
	t->scratch = malloc(LDI_TARGET_SCRATCH);
	ld_buf_init(&t->out, LDI_TARGET_MAX_REPLY);
	ld_buf_init(&t->head, LDI_TARGET_MAX_REPLY);
	ld_buf_init(&t->body, LDI_TARGET_MAX_REPLY);
	ld_buf_init(&t->aux, LDI_TARGET_MAX_REPLY);
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
	status = open_listener(t, options, err);
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
	return target->port;
}

void
ld_target_counts(struct ld_target *target, struct ld_buf *out)
{
	pthread_mutex_lock(&target->lock);
	ldi_target_counts_json(&target->counts, out);
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
