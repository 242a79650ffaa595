#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A signal ends a run, never its account.

load helper

# start_run PLAN [OPTION...]: ld-run in the background, its stream in
# run.ndjson, its process id in $run.  A background job would ignore SIGINT.
start_run() {
	local plan=$1
	shift
	env --default-signal=INT,HUP ld-run -q -e "$plan" "$@" \
		>run.ndjson 2>run.err 3>&- &
	run=$!
	keep "$run"
}

has_ended() {
	! kill -0 "$run" 2>/dev/null
}

# expect_status N: what the shell sees; fails when the run goes on for 20 s.
expect_status() {
	local status=0
	wait_for has_ended
	wait "$run" || status=$?
	expect "exit status" "$1" "$status"
}

plan() {
	cat <<EOT
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "user_count": 20, "spawn_rate": 100, "test_time": 60, "wait": "2ms..30ms",
  "tasks": [{"method": "get", "request_url": "$TARGET/get"},
            {"method": "get", "request_url": "$TARGET/delay/0.02"},
            {"method": "post", "request_url": "$TARGET/post", "json": {"n": 1}},
            {"method": "get", "request_url": "$TARGET/status/404"}]}]]
EOT
}

slow_plan() {
	cat <<EOT
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "user_count": 5, "spawn_rate": 1000, "test_time": 60, "wait": 0,
  "tasks": [{"method": "get", "request_url": "$TARGET/delay/1"}]}]]
EOT
}

# The stream is whole, says that a signal ended it, and agrees with the server.
expect_account() {
	sed '/"type":"action"/d' run.ndjson >one.ndjson
	[ -s one.ndjson ] || return 0
	expect_wire "$(server_count)" one.ndjson &&
		expect "reason" signal "$(of_end .reason one.ndjson)"
}

# end_by SIGNAL STATUS: in the middle of a run.
end_by() {
	start_target
	start_run "$(plan)"
	wait_for has_received 20
	kill -s "$1" "$run"
	expect_status "$2"
	expect_account
}

@test "SIGTERM ends a run cleanly: 143" {
	end_by TERM 143
}

@test "SIGINT ends a run cleanly: 130" {
	end_by INT 130
}

@test "SIGHUP ends a run cleanly: 129" {
	end_by HUP 129
}

@test "at twenty random moments SIGTERM leaves a whole account" {
	local i ms
	start_target
	RANDOM=20260101
	for ((i = 0; i < 20; i++)); do
		reset_counts
		start_run "$(plan)"
		wait_for has_line run.ndjson
		ms=$((RANDOM % 300))
		sleep "$(printf '0.%03d' "$ms")"
		kill -TERM "$run"
		echo "SIGTERM $ms ms after begin"
		expect_status 143
		expect_account
	done
}

@test "SIGTERM before the first record ends without half a line" {
	local i
	start_target
	RANDOM=7
	for ((i = 0; i < 5; i++)); do
		reset_counts
		start_run "$(plan)"
		sleep "$(printf '0.%03d' "$((RANDOM % 60))")"
		kill -TERM "$run"
		expect_status 143
		[ ! -s run.ndjson ] || tail -c 1 run.ndjson | cmp - <(echo)
		expect_account
	done
}

@test "one SIGTERM waits for what is in flight" {
	start_target
	start_run "$(slow_plan)"
	wait_for has_received 5
	kill -TERM "$run"
	expect_status 143
	expect_account
	expect "aborted" 0 "$(of_end .ledger.aborted one.ndjson)"
	expect "successes" "$(of_end .ledger.started one.ndjson)" \
		"$(of_end .ledger.success one.ndjson)"
}

@test "the grace ends a wait that is too long" {
	start_target
	start_run "$(slow_plan)" --grace 50ms
	wait_for has_received 5
	kill -TERM "$run"
	expect_status 143
	expect_account
	[ "$(of_end .ledger.aborted one.ndjson)" -ge 1 ]
}

says_stopping() {
	grep -q '"event":"signal"' run.ndjson
}

@test "a second SIGTERM aborts what is in flight, and counts it" {
	start_target
	start_run "$(slow_plan | sed 's|/delay/1|/delay/5|')" --grace 60s
	wait_for has_received 5
	kill -TERM "$run"
	wait_for says_stopping
	kill -TERM "$run"
	expect_status 143
	expect_account
	expect "aborted" 5 "$(of_end .ledger.aborted one.ndjson)"
	ld-report summary --exit-zero run.ndjson | jq -e '.wholeness == "whole"'
}

@test "an action behind a run that was stopped is not executed" {
	local with
	start_target
	with=$(plan | sed '$s/\]$/,["LD_generate_summary_report",{"report_name":"late"}]]/')
	jq -e 'length == 2' <<<"$with"
	start_run "$with"
	wait_for has_received 5
	kill -TERM "$run"
	expect_status 143
	[ ! -e late.json ]
}
