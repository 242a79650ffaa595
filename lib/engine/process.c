/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ld/num.h>
#include <ld/run.h>

#include "engine/process.h"

static size_t
read_small(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

static uint64_t
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	uint64_t n = 0;

	if (dir == NULL)
		return 0;
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n > 3 ? n - 3 : 0; /* ".", ".." and the directory itself */
}

void
ldi_process_usage(uint64_t *descriptors_out, uint64_t *rss_bytes_out)
{
	char text[128];
	uint64_t size, resident;

	*descriptors_out = count_descriptors();
	*rss_bytes_out = 0;
	read_small("/proc/self/statm", text, sizeof(text));
	if (sscanf(text, "%" SCNu64 " %" SCNu64, &size, &resident) == 2)
		*rss_bytes_out = resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Cores that a cgroup quota allows, rounded up; 0 = no quota. */
static unsigned
cgroup_cores(void)
{
	char text[128];
	long quota, period;

	if (read_small("/sys/fs/cgroup/cpu.max", text, sizeof(text)) > 0) {
		if (sscanf(text, "%ld %ld", &quota, &period) == 2 &&
		    quota > 0 && period > 0)
			return (unsigned)((quota + period - 1) / period);
		return 0;
	}
	read_small("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", text, sizeof(text));
	quota = strtol(text, NULL, 10);
	read_small("/sys/fs/cgroup/cpu/cpu.cfs_period_us", text, sizeof(text));
	period = strtol(text, NULL, 10);
	if (quota > 0 && period > 0)
		return (unsigned)((quota + period - 1) / period);
	return 0;
}

unsigned
ld_cores(void)
{
	cpu_set_t set;
	unsigned n = 1, quota = cgroup_cores();

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = (unsigned)CPU_COUNT(&set);
	if (quota > 0 && quota < n)
		n = quota;
	return n > 0 ? n : 1;
}

void
ldi_process_host(struct ld_json_out *out, unsigned threads)
{
	struct utsname u;

	ld_json_out_object(out);
	if (uname(&u) == 0) {
		ld_json_out_key(out, "name");
		ld_json_out_string(out, u.nodename);
		ld_json_out_key(out, "kernel");
		ld_json_out_string(out, u.release);
		ld_json_out_key(out, "machine");
		ld_json_out_string(out, u.machine);
	}
	ld_json_out_key(out, "cpus");
	ld_json_out_u64(out, ld_cores());
	ld_json_out_key(out, "threads");
	ld_json_out_u64(out, threads);
	ld_json_out_end(out);
}
