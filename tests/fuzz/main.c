/* SPDX-License-Identifier: MIT */
/*
 * What stands in for libFuzzer: runs a target once over each file it is
 * given, and over the files of each directory, so that no target rots.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static unsigned long inputs;

static int
complain(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return -1;
}

/* The input is in a block of just its size, so that a sanitizer sees any
 * byte read beyond it. */
static int
run_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;

	if (file == NULL)
		return complain(path);
	data = malloc(size > 0 ? size : 1);
	if (data == NULL || fread(data, 1, size, file) != size) {
		complain(path);
		free(data);
		fclose(file);
		return -1;
	}
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	inputs++;
	return 0;
}

static int run(const char *path);

static int
run_directory(const char *path)
{
	DIR *stream = opendir(path);
	struct dirent *entry;
	int result = 0;

	if (stream == NULL)
		return complain(path);
	while (result == 0 && (entry = readdir(stream)) != NULL) {
		char name[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		result = run(name);
	}
	closedir(stream);
	return result;
}

static int
run(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0)
		return complain(path);
	if (S_ISDIR(info.st_mode))
		return run_directory(path);
	return run_file(path, (size_t)info.st_size);
}

int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');

	for (int i = 1; i < argc; i++)
		if (run(argv[i]) != 0)
			return EXIT_FAILURE;
	printf("ok - %s over %lu inputs\n", slash == NULL ? argv[0] : slash + 1,
	    inputs);
	return EXIT_SUCCESS;
}
