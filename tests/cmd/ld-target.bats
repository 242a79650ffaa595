#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ld-target: the command line, seen from outside.

@test "a command gets the address and its status is ours" {
	run ld-target sh -c 'echo "$LOAD_DENSITY_TARGET"; exit 7'
	[ "$status" -eq 7 ]
	[[ "$output" =~ ^http://127\.0\.0\.1:[0-9]+$ ]]
}

@test "a command's options are its own" {
	run ld-target -- echo --help -x
	[ "$status" -eq 0 ]
	[ "$output" = "--help -x" ]
}

@test "a command that dies of a signal gives 128 and more" {
	run ld-target sh -c 'kill -9 $$'
	[ "$status" -eq 137 ]
}

@test "a missing command is 127" {
	run ld-target /nonexistent/command
	[ "$status" -eq 127 ]
}

@test "only loopback addresses are served" {
	run ld-target -a 192.0.2.1 true
	[ "$status" -eq 4 ]
}

@test "a port that is no port is refused" {
	run ld-target -p 65536
	[ "$status" -eq 2 ]
}

@test "a signal ends it, and it says so" {
	ld-target >"$BATS_TEST_TMPDIR/url" &
	pid=$!
	while [ ! -s "$BATS_TEST_TMPDIR/url" ] && kill -0 $pid; do
		sleep 0.05
	done
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 143 ]
}

@test "an address that nobody reads is an error" {
	[ -w /dev/full ] || skip "no /dev/full"
	run timeout 10 sh -c 'exec ld-target >/dev/full'
	[ "$status" -eq 5 ]
}
