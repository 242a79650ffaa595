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
};

static const struct ld_opt options[] = {
	LD_OPT_STRING('a', "address", struct config, address, "address",
	    "127.0.0.1", "listen on this loopback address"),
	LD_OPT_COUNT('p', "port", struct config, port, "n", "0", 0, 65535,
	    "listen on this port; 0 takes a free one"),
	LD_OPT_FLAG('r', "record", struct config, record,
	    "keep the last 100000 requests for GET /ld/requests"),
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
serve(const char *url, const sigset_t *set, struct ld_err *err)
{
	int sig;

	printf("%s\n", url);
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

static enum cmd_exit
run_command(char **argv, const char *url, const sigset_t *set,
    const sigset_t *old, struct ld_err *err)
{
	extern char **environ;
	posix_spawnattr_t attr;
	pid_t child;
	int failed;

	if (setenv(URL_VARIABLE, url, 1) != 0) {
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
		.record = config->record };
	bool ipv6 = strchr(config->address, ':') != NULL;
	struct ld_target *target;
	enum cmd_exit status;
	sigset_t set, old;
	char url[128];

	/* Before the server's thread exists, so that it inherits the mask and
	 * signals wait for us. */
	own_signals(&set);
	sigprocmask(SIG_BLOCK, &set, &old);
	if (ld_target_start(&how, &target, err) != LD_OK) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		return CMD_INPUT;
	}
	snprintf(url, sizeof(url), ipv6 ? "http://[%s]:%u" : "http://%s:%u",
	    config->address, (unsigned)ld_target_port(target));
	status = argc == 0 ? serve(url, &set, err)
			   : run_command(argv, url, &set, &old, err);
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
