/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ld/buf.h>
#include <ld/driver.h>
#include <ld/run.h>

#include "engine/limits.h"
#include "engine/model.h"
#include "engine/program.h"
#include "net/pins.h"

/* -- what there is -------------------------------------------------------- */

/* The first number of a small file, or `absent`; "max" is no number. */
static uint64_t
read_number(const char *path, uint64_t absent)
{
	char text[64];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	uint64_t value;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return absent;
	text[n] = '\0';
	return sscanf(text, "%" SCNu64, &value) == 1 ? value : absent;
}

static void
read_ports(struct ldi_limits *limits)
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");

	limits->first_port = 32768;
	limits->last_port = 60999;
	if (file == NULL)
		return;
	if (fscanf(file, "%" SCNu64 " %" SCNu64, &limits->first_port,
		&limits->last_port) != 2) {
		limits->first_port = 32768;
		limits->last_port = 60999;
	}
	fclose(file);
}

static uint64_t
available_memory(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	uint64_t kib = UINT64_MAX;
	char line[128];

	if (file == NULL)
		return UINT64_MAX;
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "MemAvailable: %" SCNu64, &kib) == 1)
			break;
	fclose(file);
	return kib == UINT64_MAX ? UINT64_MAX : kib << 10;
}

/* What a control group leaves, of either version. */
static uint64_t
group_memory(void)
{
	uint64_t limit = read_number("/sys/fs/cgroup/memory.max", UINT64_MAX);
	uint64_t used = read_number("/sys/fs/cgroup/memory.current", 0);

	if (limit == UINT64_MAX) {
		limit = read_number(
		    "/sys/fs/cgroup/memory/memory.limit_in_bytes", UINT64_MAX);
		used = read_number(
		    "/sys/fs/cgroup/memory/memory.usage_in_bytes", 0);
	}
	if (limit == UINT64_MAX)
		return UINT64_MAX;
	return limit > used ? limit - used : 0;
}

static uint64_t
or_none(rlim_t limit)
{
	return limit == RLIM_INFINITY ? UINT64_MAX : (uint64_t)limit;
}

void
ldi_limits_read(struct ldi_limits *limits)
{
	struct rlimit files, space;
	uint64_t group = group_memory();

	*limits = (struct ldi_limits){ .files_soft = UINT64_MAX,
		.files_hard = UINT64_MAX,
		.memory_bytes = available_memory(),
		.cores = ld_cores() };
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		limits->files_soft = or_none(files.rlim_cur);
		limits->files_hard = or_none(files.rlim_max);
	}
	if (group < limits->memory_bytes)
		limits->memory_bytes = group;
	if (getrlimit(RLIMIT_AS, &space) == 0 &&
	    or_none(space.rlim_cur) < limits->memory_bytes)
		limits->memory_bytes = or_none(space.rlim_cur);
	read_ports(limits);
}

static void
put_limit(struct ld_json_out *out, const char *key, uint64_t value)
{
	ld_json_out_key(out, key);
	if (value == UINT64_MAX)
		ld_json_out_null(out);
	else
		ld_json_out_u64(out, value);
}

void
ldi_limits_write(const struct ldi_limits *limits, struct ld_json_out *out)
{
	ld_json_out_object(out);
	put_limit(out, "descriptors", limits->files_hard);
	put_limit(out, "ports", limits->last_port - limits->first_port + 1);
	put_limit(out, "memory_bytes", limits->memory_bytes);
	put_limit(out, "cores", limits->cores);
	ld_json_out_end(out);
}

/* -- what is needed ------------------------------------------------------- */

static uint64_t
times(uint64_t a, uint64_t b)
{
	return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t
plus(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void
ldi_needs_of(
    const struct ld_program *p, unsigned threads, struct ldi_needs *needs)
{
	const struct ld_config *config = p->config;
	bool offline = (p->driver->caps & LD_DRIVER_OFFLINE) != 0;
	const struct ldi_sources *sources = ldi_pins_sources(p->pins);

	*needs = (struct ldi_needs){
		.sessions = ldi_model_of(config)->sessions(config),
		.at_once = !config->arrivals.given,
		.threads = threads > 0 ? threads : ld_cores(),
		.origins = offline ? 0 : 1,
		.sources = sources != NULL && sources->n > 0 ? sources->n : 1,
	};
	if (needs->threads > needs->sessions)
		needs->threads =
		    needs->sessions > 0 ? (unsigned)needs->sessions : 1;
	needs->connections = times(needs->sessions, needs->origins);
	needs->ports = needs->connections;
	needs->files = plus(needs->connections,
	    LDI_OWN_FILES + LDI_THREAD_FILES * (uint64_t)needs->threads);
	needs->memory_bytes =
	    plus(times(needs->sessions,
		     offline ? LDI_OFFLINE_BYTES : LDI_SESSION_BYTES),
		LDI_PROCESS_BYTES + LDI_THREAD_BYTES * needs->threads);
}

/* -- is it enough? -------------------------------------------------------- */

static const char *
who(const struct ldi_needs *needs)
{
	return needs->at_once ? "users" : "sessions";
}

/* Three digits and a unit. */
static const char *
bytes_text(uint64_t bytes, char text[32])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
		"PiB", "EiB" };
	double value = (double)bytes;
	size_t i = 0;

	while (value >= 1024 && i + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1024;
		i++;
	}
	snprintf(text, 32, value < 10 && i > 0 ? "%.1f %s" : "%.0f %s", value,
	    units[i]);
	return text;
}

static enum ld_status
check_memory(const struct ldi_needs *needs, const struct ldi_limits *limits,
    struct ld_err *err)
{
	char need[32], have[32], each[32];
	uint64_t one =
	    needs->origins > 0 ? LDI_SESSION_BYTES : LDI_OFFLINE_BYTES;

	if (needs->memory_bytes <= limits->memory_bytes)
		return LD_OK;
	return ld_err_set(err, LD_REFUSED,
	    "%" PRIu64 " %s need about %s of memory (%s each), and %s can be "
	    "had: fewer of them, or more than one machine",
	    needs->sessions, who(needs), bytes_text(needs->memory_bytes, need),
	    bytes_text(one, each), bytes_text(limits->memory_bytes, have));
}

static enum ld_status
check_files(const struct ldi_needs *needs, const struct ldi_limits *limits,
    struct ld_err *err)
{
	if (needs->files <= limits->files_hard)
		return LD_OK;
	return ld_err_set(err, LD_REFUSED,
	    "%" PRIu64 " %s need %" PRIu64 " file descriptors (%" PRIu64
	    " for connections, %" PRIu64
	    " of our own), and the hard limit is %" PRIu64
	    ": raise it (ulimit -Hn, LimitNOFILE=), or take fewer",
	    needs->sessions, who(needs), needs->files, needs->connections,
	    needs->files - needs->connections, limits->files_hard);
}

static enum ld_status
check_ports(const struct ldi_needs *needs, const struct ldi_limits *limits,
    struct ld_err *err)
{
	uint64_t range = limits->last_port - limits->first_port + 1;

	if (needs->ports <= times(range, needs->sources))
		return LD_OK;
	return ld_err_set(err, LD_REFUSED,
	    "%" PRIu64 " %s need as many source ports to one server address, "
	    "and %u source address%s with ports %" PRIu64 " to %" PRIu64
	    " give %" PRIu64 ": more of them with --bind, or widen "
	    "net.ipv4.ip_local_port_range",
	    needs->sessions, who(needs), needs->sources,
	    needs->sources == 1 ? "" : "es", limits->first_port,
	    limits->last_port, times(range, needs->sources));
}

/* What an open model may need is no reason to refuse what it does need, and a
 * name may have several addresses. */
enum ld_status
ldi_needs_check(const struct ldi_needs *needs, const struct ldi_limits *limits,
    struct ld_err *tight, struct ld_err *err)
{
	struct ld_err found = LD_ERR_INIT;
	enum ld_status st = check_memory(needs, limits, err);

	if (st != LD_OK)
		return st;
	st = check_files(needs, limits, &found);
	if (st != LD_OK && needs->at_once) {
		*err = found;
		return st;
	}
	if (st == LD_OK)
		st = check_ports(needs, limits, &found);
	if (st != LD_OK && tight != NULL)
		*tight = found;
	return LD_OK;
}
