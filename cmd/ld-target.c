/* SPDX-License-Identifier: MIT */
/* ld-target - a loopback server to aim at. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <ld/target.h>

#include "common/cmd.h"
#include "common/file.h"

#define URL_VARIABLE "LOAD_DENSITY_TARGET"

/* As env(1) and the shells have them. */
#define EXIT_CANNOT_EXECUTE 126
#define EXIT_NOT_FOUND 127
#define EXIT_SIGNAL 128

struct config {
	struct cmd_common common;
	const char *address;
	uint64_t port;
	bool record;
	struct ld_opt_list listen, faults;
	uint64_t seed;
	bool has_seed;
	const char *ca;
};

/* What --listen and --fault take. */
#define HINTS_MAX 40

static const char *const *
hints(const struct ld_opt_word *words, const char *list[HINTS_MAX + 1])
{
	for (size_t i = 0; i < HINTS_MAX && words[i].name != NULL; i++)
		list[i] = words[i].name;
	return list;
}

static const char *const *
port_hints(void)
{
	static const char *list[HINTS_MAX + 1];

	return hints(ld_target_port_kinds(), list);
}

static const char *const *
fault_hints(void)
{
	static const char *list[HINTS_MAX + 1];

	return hints(ld_target_fault_kinds(), list);
}

static const struct ld_opt options[] = {
	LD_OPT_STRING('a', "address", struct config, address, "address",
	    "127.0.0.1", "listen on this loopback address"),
	LD_OPT_COUNT('p', "port", struct config, port, "n", "0", 0, 65535,
	    "listen on this port; 0 takes a free one"),
	LD_OPT_FLAG('r', "record", struct config, record,
	    "keep the last 100000 requests for GET /ld/requests"),
	LD_OPT_STRINGS('l', "listen", struct config, listen, "kind:port",
	    "one more port, of this kind: https, https-expired, tcp, udp, "
	    "refuse, full ...; without a number a free one",
	    LD_OPT_HINTS(port_hints)),
	LD_OPT_STRINGS('f', "fault", struct config, faults, "kind?parameters",
	    "spoil the answers to all requests, or to a share=1% of them, or "
	    "to those below a path=/x",
	    LD_OPT_HINTS(fault_hints)),
	LD_OPT_COUNT(0, "seed", struct config, seed, "n", NULL, 0, 0,
	    "draw from this seed which requests a fault befalls",
	    LD_OPT_GIVEN(struct config, has_seed)),
	LD_OPT_STRING(0, "ca", struct config, ca, "file", NULL,
	    "write the authority of the TLS ports to this file, as PEM"),
	CMD_COMMON_OPTIONS(struct config),
};

/* What ends us, what we wait for. */
static void
own_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGCHLD);
}

static enum cmd_exit
serve(const struct ld_target *target, const sigset_t *set, struct ld_err *err)
{
	int sig;

	for (size_t i = 0; i < ld_target_listeners(target); i++)
		printf("%s\n", ld_target_listener_url(target, i));
	if (fflush(stdout) != 0) {
		ld_err_errno(err, errno, "standard output");
		clearerr(stdout);
		return CMD_OUTPUT;
	}
	do {
		sig = sigwaitinfo(set, NULL);
	} while (sig == SIGCHLD || (sig == -1 && errno == EINTR));
	if (sig > 0)
		cmd_end_by_signal(sig);
	return CMD_YES;
}

/* Wait for the child.  A signal that someone sent to us is passed on; one
 * from the terminal has reached the child already. */
static enum cmd_exit
attend(pid_t child, const sigset_t *set)
{
	int status;

	for (;;) {
		siginfo_t info;
		int sig = sigwaitinfo(set, &info);

		if (sig > 0 && sig != SIGCHLD && info.si_code == SI_USER)
			kill(child, sig);
		if (waitpid(child, &status, WNOHANG) == child)
			break;
	}
	if (WIFSIGNALED(status))
		return (enum cmd_exit)(EXIT_SIGNAL + WTERMSIG(status));
	return (enum cmd_exit)WEXITSTATUS(status);
}

/* LOAD_DENSITY_TARGET, and LOAD_DENSITY_TARGET_HTTPS_EXPIRED for a port of
 * that kind: the first one. */
static bool
tell_command(const struct ld_target *target)
{
	bool told =
	    setenv(URL_VARIABLE, ld_target_listener_url(target, 0), 1) == 0;

	for (size_t i = ld_target_listeners(target); i-- > 1 && told;) {
		const char *kind = ld_target_listener_name(target, i);
		char name[sizeof(URL_VARIABLE) + 40];

		snprintf(name, sizeof(name), URL_VARIABLE "_%s", kind);
		for (char *c = name; *c != '\0'; c++)
			*c = (char)(*c == '-'                ? '_'
				    : *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A'
							     : *c);
		told = setenv(name, ld_target_listener_url(target, i), 1) == 0;
	}
	return told;
}

static enum cmd_exit
write_authority(
    const struct ld_target *target, const char *path, struct ld_err *err)
{
	struct ld_buf pem;
	enum cmd_exit status;
	int fd;

	ld_buf_init(&pem, 64 << 10);
	if (!ld_target_authority(target, &pem)) {
		ld_buf_clear(&pem);
		return cmd_usage(
		    err, "--ca: there is no port with TLS, see --listen");
	}
	status = cmd_open_output(path, NULL, 0, &fd, err);
	if (status == CMD_YES &&
	    (cmd_write_output(fd, path, &pem, err) != LD_OK ||
		cmd_close_output(fd, path, err) != LD_OK))
		status = CMD_OUTPUT;
	ld_buf_clear(&pem);
	return status;
}

static enum cmd_exit
run_command(const struct ld_target *target, char **argv, const sigset_t *set,
    const sigset_t *old, struct ld_err *err)
{
	extern char **environ;
	posix_spawnattr_t attr;
	pid_t child;
	int failed;

	if (!tell_command(target)) {
		ld_err_set(err, LD_NOMEM, "out of memory");
		return CMD_BUG;
	}
	failed = posix_spawnattr_init(&attr);
	if (failed == 0) {
		posix_spawnattr_setsigmask(&attr, old);
		posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
		failed =
		    posix_spawnp(&child, argv[0], NULL, &attr, argv, environ);
		posix_spawnattr_destroy(&attr);
	}
	if (failed != 0) {
		ld_err_errno(err, failed, "%s", argv[0]);
		return (enum cmd_exit)(
		    failed == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
	}
	return attend(child, set);
}

static enum cmd_exit
run(const void *opaque, int argc, char **argv, struct ld_err *err)
{
	const struct config *config = opaque;
	const struct ld_target_options how = { .address = config->address,
		.port = (uint16_t)config->port,
		.record = config->record,
		.listen = config->listen.items,
		.n_listen = config->listen.n,
		.faults = config->faults.items,
		.n_faults = config->faults.n,
		.seed = config->seed,
		.has_seed = config->has_seed };
	struct ld_target *target;
	enum cmd_exit status = CMD_YES;
	sigset_t set, old;

	if (ld_target_check(&how, err) != LD_OK)
		return CMD_USAGE;
	/* Before the server's thread exists, so that it inherits the mask and
	 * signals wait for us. */
	own_signals(&set);
	sigprocmask(SIG_BLOCK, &set, &old);
	if (ld_target_start(&how, &target, err) != LD_OK) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		return CMD_INPUT;
	}
	if (config->ca != NULL)
		status = write_authority(target, config->ca, err);
	if (status == CMD_YES)
		status = argc == 0 ? serve(target, &set, err)
				   : run_command(target, argv, &set, &old, err);
	ld_target_stop(target);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return status;
}

static const struct ld_opt_word examples[] = {
	{ "ld-target", "serve on a free port, which is printed, until Ctrl-C" },
	{ "ld-target sh -c \\\n"
	  "    'ld-run --var base=$LOAD_DENSITY_TARGET plan.json'",
	    "serve for as long as a run lasts" },
	{ NULL, NULL },
};

static const struct cmd ld_target = {
	.name = "ld-target",
	.summary = "a loopback server to aim at",
	.operands = "[command ...]",
	.examples = examples,
	.options = options,
	.config_size = sizeof(struct config),
	.posix = true,
	.run = run,
};

int
main(int argc, char **argv)
{
	return cmd_main(&ld_target, argc, argv);
}
