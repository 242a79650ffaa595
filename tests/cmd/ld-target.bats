#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ld-target: the command line, seen from outside.

setup() {
	command=ld-target
	. "$srcdir/tests/cmd/common.bash"
}

@test "every option is in --help, within 80 columns" {
	help_shows_every_option
}

@test "examples come first in --help, and stand in the man page" {
	examples_are_shown
}

@test "--version names the toolkit and its libraries" {
	version_names_the_toolkit
}

@test "a bad option is named with the nearest, and exits 2" {
	bad_option_is_named_with_the_nearest
}

@test "a full disk is reported" {
	full_disk_is_reported
}

@test "a closed standard output is reported" {
	closed_stdout_is_reported
}

@test "a closed standard error harms nobody" {
	closed_stderr_harms_nobody
}

@test "a reader that leaves ends it quietly" {
	reader_that_leaves_ends_it_quietly
}

@test "completions are shell" {
	completions_parse
}

@test "the man page is clean" {
	man_page_is_clean
}

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
