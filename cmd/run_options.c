/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#define CMD_JSON_WITH "--version or --explain"

#include <ld/limits.h>
#include <ld/num.h>

#include "run_options.h"
#include "run_pins.h"
#include "run_tell.h"
#include "run_watch.h"

static const char *const *
sample_hints(void)
{
	static const char *const hints[] = { "all", "failures", "none", NULL };

	return hints;
}

static const char *const progress_kinds[] = { "auto", "plain", "none", NULL };

#define C struct run_config
const struct ld_opt run_options[] = {
	LD_OPT_GROUP("Load"),
	LD_OPT_COUNT('u', "users", C, load.users, "n", NULL, 1, 0,
	    "simulate this many users", LD_OPT_GIVEN(C, load.has_users),
	    LD_OPT_KNOWN_AS(
		"user-count user_count vus clients connections concurrency")),
	LD_OPT_RATE('r', "spawn-rate", C, load.spawn_rate, NULL,
	    "start this many users per second", LD_OPT_GIVEN(C, load.has_rate),
	    LD_OPT_KNOWN_AS("spawn_rate hatch-rate ramp-up")),
	LD_OPT_DURATION('t', "time", C, load.time_ns, NULL,
	    "start nothing new after this long", LD_OPT_GIVEN(C, load.has_time),
	    LD_OPT_KNOWN_AS("duration run-time test-time test_time")),
	LD_OPT_COUNT('n', "passes", C, load.passes, "n", NULL, 1, 0,
	    "end after this many passes of each user, or arrivals",
	    LD_OPT_GIVEN(C, load.has_passes),
	    LD_OPT_KNOWN_AS("iterations loops repeat")),
	LD_OPT_RANGE(0, "wait", C, load.wait, NULL,
	    "pause between passes: a duration or MIN..MAX",
	    LD_OPT_GIVEN(C, load.has_wait)),
	LD_OPT_STRING(0, "user", C, load.user, "type", NULL,
	    "the user type that sends the plan", LD_OPT_HINTS(cmd_user_types)),
	LD_OPT_DURATION(0, "timeout", C, load.timeout_ns, NULL,
	    "give up on an exchange after this long",
	    LD_OPT_GIVEN(C, load.has_timeout)),
	LD_OPT_DURATION(0, "grace", C, load.grace_ns, NULL,
	    "wait this long for exchanges in flight at the end",
	    LD_OPT_GIVEN(C, load.has_grace)),
	LD_OPT_COUNT(0, "seed", C, load.seed, "n", NULL, 0, 0,
	    "draw all random values from this seed",
	    LD_OPT_GIVEN(C, load.has_seed)),
	LD_OPT_COUNT(0, "threads", C, threads, "n", "0", 0, 1024,
	    "send from this many threads; 0 takes the cores there are"),
	LD_OPT_FLAG(0, "spin", C, spin,
	    "never sleep between two starts: the least lateness, for a core "
	    "per thread"),
	LD_OPT_GROUP("Open model"),
	LD_OPT_RATE(0, "rate", C, load.arrival_rate, NULL,
	    "begin this many passes per second, whatever became of those "
	    "before",
	    LD_OPT_GIVEN(C, load.has_arrival_rate),
	    LD_OPT_KNOWN_AS("rps qps throughput")),
	LD_OPT_STRINGS(0, "stage", C, stages, "duration:rate",
	    "bring the rate to this one in a straight line; of several, one "
	    "behind the other"),
	LD_OPT_FLAG(0, "poisson", C, load.poisson,
	    "random gaps between arrivals, as of independent people; "
	    "otherwise even ones"),
	LD_OPT_COUNT(0, "sessions", C, load.sessions, "n", NULL, 1, 0,
	    "at most this many at once; an arrival that finds them all busy "
	    "is not started, and counted",
	    LD_OPT_GIVEN(C, load.has_sessions)),
	LD_OPT_FLAG(0, "keep-sessions", C, load.keep_sessions,
	    "variables and cookies stay with the session; otherwise each "
	    "arrival is a new visitor"),
	LD_OPT_FLAG(0, "dry", C, dry,
	    "send nothing: write the plan with every arrival and its time, "
	    "which ld-run reads in turn"),
	LD_OPT_GROUP("Before a run"),
	LD_OPT_FLAG(0, "explain", C, explain,
	    "send nothing: say what each run would do, and what it needs of "
	    "this host"),
	LD_OPT_GROUP("Connections"),
	LD_OPT_STRINGS(0, "resolve", C, resolve, "host:port:address",
	    "connect to this address instead of looking the host up; several "
	    "are separated by commas"),
	LD_OPT_STRINGS(0, "connect-to", C, connect_to,
	    "host1:port1:host2:port2",
	    "connect to the second instead of the first; an empty first part "
	    "is any, an empty second one the same"),
	LD_OPT_STRINGS(0, "bind", C, bind, "address",
	    "connect from this address of this host; several, also separated "
	    "by commas, take turns"),
	LD_OPT_STRING(0, "cacert", C, load.cacert, "file", NULL,
	    "trust the authorities of this PEM file, instead of the system's"),
	LD_OPT_STRING(0, "proxy", C, proxy, "url", NULL,
	    "refused: http_user will have it", LD_OPT_HIDDEN),
	LD_OPT_GROUP("Plan"),
	LD_OPT_STRINGS(0, "var", C, vars, "name=value",
	    "set ${var.name}; wins over the plan", LD_OPT_KNOWN_AS("variable")),
	LD_OPT_STRINGS(0, "secret", C, secrets, "name=source",
	    "set ${secret.name} to what is in @FILE, env:VARIABLE or "
	    "fd:NUMBER; it is kept out of whatever is written",
	    LD_OPT_KNOWN_AS("password token")),
	LD_OPT_STRINGS('e', "inline", C, inline_plans, "json",
	    "run this plan or action JSON"),
	LD_OPT_STRING(0, "execute_file", C, execute_file, "file", NULL,
	    "run this file, as an operand would"),
	LD_OPT_STRING(0, "execute_dir", C, execute_dir, "directory", NULL,
	    "run the *.json files below this directory, in order of name"),
	LD_OPT_STRING(0, "execute_str", C, execute_str, "json", NULL,
	    "run this action JSON, as --inline would"),
	LD_OPT_GROUP("Output"),
	LD_OPT_STRING('o', "output", C, output, "file", NULL,
	    "write the result stream to this file",
	    LD_OPT_KNOWN_AS("out outfile")),
	LD_OPT_STRING(0, "journal", C, journal, "file", NULL,
	    "write the result stream to this new file, too, where it survives "
	    "even kill -9"),
	LD_OPT_STRING(0, "samples", C, samples, "which", "all",
	    "record these samples: all, failures, none, or a share of them in "
	    "(0, 1]",
	    LD_OPT_HINTS(sample_hints)),
	LD_OPT_SIZE(0, "spill-max", C, spill_max, "1GiB",
	    "keep at most this much in an unlinked file while the reader is "
	    "slow, then shed samples"),
	LD_OPT_FLAG(0, "compat", C, compat,
	    "write what LD_generate_* make as LoadDensity in Python did: an "
	    "entry for each record"),
	LD_OPT_FLAG(0, "ndjson", C, ndjson,
	    "write the result stream even when standard output is a terminal"),
	LD_OPT_FLAG(0, "unsafe-show-secrets", C, show_secrets,
	    "hide nothing in what is written: passwords, cookies and tokens "
	    "stand in it as they are"),
	LD_OPT_CHOICE(0, "progress", C, progress, "how", progress_kinds, "auto",
	    "show progress on standard error: auto rewrites two lines on a "
	    "terminal and writes one per 30 s elsewhere; plain always does "
	    "that",
	    LD_OPT_GIVEN(C, has_progress)),
	LD_OPT_FLAG('q', "quiet", C, quiet, "no progress and no remarks"),
	LD_OPT_STRINGS(0, "validity", C, validity, "rule=degraded:invalid",
	    "call a run degraded, and invalid, above these thresholds of a "
	    "rule: late, busy, missed, shed, local, clock, suspend, stall; off "
	    "is never"),
	LD_OPT_FLAG(
	    0, "strict", C, strict, "exit with 3 when a run is invalid"),
	LD_OPT_GROUP("Other"),
	LD_OPT_CHOICE(0, "schema", C, schema, "what", run_schemas, NULL,
	    "print the JSON Schema of a record of a plan stream, an action "
	    "document, a record of a result stream, a summary, or a report",
	    LD_OPT_GIVEN(C, has_schema)),
	LD_OPT_FLAG(0, "drivers", C, drivers,
	    "list the user types, and what drives them in this build"),
	LD_OPT_STRING(0, "help-driver", C, help_driver, "name", NULL,
	    "list the fields of a user type, or of what a driver serves",
	    LD_OPT_HINTS(cmd_user_types)),
	CMD_COMMON_OPTIONS(C),
};
#undef C

enum ld_status
run_options_samples(
    const char *text, struct ld_run_options *run, struct ld_err *err)
{
	static const char *const names[] = { "all", "failures", "none" };
	static const enum ld_samples values[] = { LD_SAMPLES_ALL,
		LD_SAMPLES_FAILURES, LD_SAMPLES_NONE };

	for (size_t i = 0; i < 3; i++)
		if (strcmp(text, names[i]) == 0) {
			run->samples = values[i];
			return LD_OK;
		}
	run->samples = LD_SAMPLES_RATE;
	if (ld_num_double(text, strlen(text), &run->sample_rate, NULL) ==
		LD_OK &&
	    run->sample_rate > 0 && run->sample_rate <= 1)
		return LD_OK;
	return ld_err_set(err, LD_INVALID,
	    "--samples: '%s' is not all, failures, none or a share in (0, 1]",
	    text);
}

enum ld_status
run_options_check(const struct run_config *config, struct ld_err *err)
{
	struct ld_thresholds thresholds;

	if (config->load.has_rate && !(config->load.spawn_rate > 0))
		return ld_err_set(
		    err, LD_INVALID, "--spawn-rate: must be more than 0");
	if (config->load.has_timeout && config->load.timeout_ns == 0)
		return ld_err_set(
		    err, LD_INVALID, "--timeout: must be more than 0");
	if (config->quiet && config->has_progress &&
	    config->progress != RUN_PROGRESS_NONE)
		return ld_err_set(
		    err, LD_INVALID, "--quiet leaves --progress no effect");
	if ((config->load.has_arrival_rate || config->stages.n > 0) &&
	    (config->load.has_users || config->load.has_rate ||
		config->load.has_wait))
		return ld_err_set(err, LD_INVALID,
		    "--rate and --stage make passes begin with arrivals: "
		    "--users, --spawn-rate and --wait have no effect then");
	if (config->compat && strcmp(config->samples, "all") != 0)
		return ld_err_set(err, LD_INVALID,
		    "--compat needs all samples, not '%s'", config->samples);
	if (config->common.json && !config->explain)
		return ld_err_set(err, LD_INVALID,
		    "--json has an effect with --version and --explain only");
	if (config->explain && config->dry)
		return ld_err_set(err, LD_INVALID,
		    "--explain and --dry are two things to do instead");
	if (config->proxy != NULL)
		return ld_err_set(err, LD_INVALID,
		    "--proxy: http_user is the user type that will have it");
	for (size_t i = 0; i < config->vars.n; i++) {
		const char *equals = strchr(config->vars.items[i], '=');

		if (equals == NULL || equals == config->vars.items[i])
			return ld_err_set(err, LD_INVALID,
			    "--var: '%s' is not NAME=VALUE",
			    config->vars.items[i]);
	}
	if (config->secrets.n > LD_MAX_SECRETS)
		return ld_err_set(err, LD_INVALID,
		    "--secret: there are more than %d", LD_MAX_SECRETS);
	if (config->dry && config->connect_to.n > 0)
		return ld_err_set(err, LD_INVALID,
		    "--dry leaves --connect-to no effect: give it to the "
		    "ld-run that reads the plan");
	ld_thresholds_init(&thresholds);
	for (size_t i = 0; i < config->validity.n; i++)
		if (ld_thresholds_set(
			&thresholds, config->validity.items[i], err) != LD_OK)
			return ld_err_context(err, "--validity");
	return run_pins_check(
	    &config->resolve, &config->connect_to, &config->bind, err);
}

bool
run_options_plan(const struct run_config *config, int argc)
{
	return argc > 0 || config->inline_plans.n > 0 ||
	       config->execute_file != NULL || config->execute_dir != NULL ||
	       config->execute_str != NULL;
}
