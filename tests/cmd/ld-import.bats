#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ld-import: the command line, seen from outside.

@test "no format is a usage error" {
	run ld-import
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "ld-import: no format: ld-import FORMAT [FILE]" ]
}

@test "an unknown format is named with the nearest" {
	run ld-import hra </dev/null
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == *"'hra'"* ]]
	[[ "${lines[0]}" == *har* ]]
}

@test "two files are one too many" {
	run ld-import har a b
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == *"'b'"* ]]
}

@test "a missing file is bad input" {
	run ld-import har /nonexistent/x.har
	[ "$status" -eq 4 ]
	[ "$output" = "ld-import: /nonexistent/x.har: No such file or directory" ]
}

@test "what is no such format is bad input, and nothing is written" {
	run bash -c 'echo "not json" | ld-import har 2>/dev/null'
	[ "$status" -eq 4 ]
	[ -z "$output" ]
}

@test "an output that is the input is refused and stays whole" {
	echo '{"log":{"entries":[]}}' >"$BATS_TEST_TMPDIR/x.har"
	run ld-import har "$BATS_TEST_TMPDIR/x.har" -o "$BATS_TEST_TMPDIR/x.har"
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == *"is also an input"* ]]
	grep -q entries "$BATS_TEST_TMPDIR/x.har"
}

@test "an unknown format is answered with the known ones" {
	run ld-import postman-of-mars x
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "ld-import: there is no importer 'postman-of-mars'; there are har, curl" ]
}

@test "a plan without tasks is written and remarked on" {
	echo '{"log":{"entries":[]}}' >"$BATS_TEST_TMPDIR/x.har"
	run ld-import har "$BATS_TEST_TMPDIR/x.har" -o "$BATS_TEST_TMPDIR/plan"
	[ "$status" -eq 0 ]
	[ "$output" = "ld-import: no request was taken: the plan has no tasks" ]
	run ld-import har -q "$BATS_TEST_TMPDIR/x.har" -o "$BATS_TEST_TMPDIR/plan"
	[ -z "$output" ]
}

@test "an expression that is none is wrong usage, and a bad recording is not" {
	echo '{"log":{"entries":[]}}' >"$BATS_TEST_TMPDIR/x.har"
	run ld-import har -i '(' "$BATS_TEST_TMPDIR/x.har"
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == "ld-import: include: '(' is not a regular expression: "* ]]
	echo '{"log":{"entries":[}}' >"$BATS_TEST_TMPDIR/x.har"
	run ld-import har "$BATS_TEST_TMPDIR/x.har"
	[ "$status" -eq 4 ]
}

@test "what was left out is told in the singular when it is one thing" {
	echo '{"log":{"entries":[{"request":{"method":"CONNECT","url":"http://h/"}},{"request":{"method":"GET","url":"http://h/"}}]}}' >"$BATS_TEST_TMPDIR/x.har"
	run ld-import har "$BATS_TEST_TMPDIR/x.har" -o "$BATS_TEST_TMPDIR/plan"
	[ "$status" -eq 0 ]
	[ "$output" = "ld-import: 1 task; 1 thing could not be carried over, see the loss records" ]
}
