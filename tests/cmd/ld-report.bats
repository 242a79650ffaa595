#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ld-report: the command line, seen from outside.

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
	[[ "$output" == *"no result stream, which is what ld-run writes: "*"type"* ]]
}
