#!/bin/sh
# SPDX-License-Identifier: MIT
# Threads begin in engine/ and target/ only; the clock is read in base/time.c
# only; libld prints and exits nowhere; and functions that cannot be used
# safely are not used at all.
cd "${srcdir:-.}" || exit 99
n=0
status=0

# none DESCRIPTION PATTERN WHERE...: no line may match.
none() {
	n=$((n + 1))
	what=$1
	pattern=$2
	shift 2
	if found=$(grep -nE "$pattern" "$@" /dev/null); then
		echo "$found" | sed 's/^/# /'
		echo "not ok $n - $what"
		status=1
	else
		echo "ok $n - $what"
	fi
}

all=$(find lib cmd -name '*.c')
lib=$(find lib -name '*.c')
others=$(find lib cmd -name '*.c' ! -path 'lib/engine/*' ! -path 'lib/target/*')
not_time=$(find lib cmd -name '*.c' ! -path 'lib/base/time.c' ! -path 'lib/engine/run.c')

echo 1..5
none 'threads are created in engine/ and target/ only' \
	'pthread_create|uv_thread_create|thrd_create' $others
none 'the clock is read in base/time.c only' \
	'(clock_gettime|gettimeofday|[^_]time)\((CLOCK|NULL|&)' $not_time
none 'libld does not print' \
	'(^|[^a-z_])(printf|puts|putchar|perror)\(|(^|[^"])(stdout|stderr)' $lib
none 'libld does not end the process' \
	'(^|[^a-z_])(exit|_exit|abort|err|errx)\(' $lib
none 'no function without a bound is used' \
	'(^|[^a-z_])(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|alloca)\(' $all
exit $status
