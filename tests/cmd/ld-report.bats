#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ld-report: the command line, seen from outside.

setup() {
	command=ld-report
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

@test "no format is a usage error" {
	run ld-report
	[ "$status" -eq 2 ]
}

@test "an unknown format is named with the nearest" {
	run ld-report txet </dev/null
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == *"'txet'"* ]]
	[[ "${lines[0]}" == *text* ]]
}

@test "an empty input cannot be judged" {
	run ld-report text /dev/null
	[ "$status" -eq 3 ]
	[ "$output" = "ld-report: /dev/null: no records" ]
}

@test "a plan is the wrong kind of stream" {
	run bash -c 'echo "{\"type\":\"begin\",\"schema\":\"ld.plan/1\"}" | ld-report text'
	[ "$status" -eq 4 ]
}

@test "a begin without its end is incomplete, unless --exit-zero" {
	begin='{"type":"begin","schema":"ld.result/1","run":"r","run_index":1,"run_count":1,"time":"2026-01-01T00:00:00.000000Z","seed":"1"}'
	run bash -c 'echo "$1" | ld-report text' - "$begin"
	[ "$status" -eq 3 ]
	[[ "$output" == *INCOMPLETE* ]]
	run bash -c 'echo "$1" | ld-report text --exit-zero' - "$begin"
	[ "$status" -eq 0 ]
}

@test "an output that is the input is refused and stays whole" {
	echo '{"type":"begin","schema":"ld.result/1","run":"r"}' >"$BATS_TEST_TMPDIR/x"
	run ld-report text "$BATS_TEST_TMPDIR/x" -o "$BATS_TEST_TMPDIR/x"
	[ "$status" -eq 2 ]
	run bash -c 'ld-report text - <"$1" >>"$1"' - "$BATS_TEST_TMPDIR/x"
	[ "$status" -eq 2 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/x")" -eq 1 ]
}

@test "a whole object without a line feed that is no record is bad input" {
	run sh -c 'printf "{\"log\":{\"entries\":[]}}" | ld-report text 2>&1 >/dev/null'
	[ "$status" -eq 4 ]
	[[ "$output" == *"type"* ]]
}
