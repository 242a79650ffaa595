#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What --journal keeps whatever happens, and what SIGUSR1 is told.

load helper

plan() {
	cat <<EOT
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "arrival": "300/s", "test_time": 60,
  "tasks": [{"method": "get", "request_url": "$TARGET/get"},
            {"method": "get", "request_url": "$TARGET/status/404"}]}]]
EOT
}

null_plan='[["LD_start_test",{"user":"null_user","user_count":5,"spawn_rate":1000,"passes":200,"wait":"1ms","tasks":[{}]}]]'

# start_run PLAN [OPTION...]
start_run() {
	local plan=$1
	shift
	ld-run -q -e "$plan" "$@" >run.ndjson 2>run.err 3>&- &
	run=$!
	keep "$run"
}

samples() {
	grep -c '^{"type":"sample"' "$1"
}

has_seconds() {
	[ "$(grep -c '"type":"interval"' "$1" 2>/dev/null)" -ge "$2" ]
}

@test "a journal is the stream, byte by byte, and nobody else may read it" {
	ld-run -q -e "$null_plan" --journal journal -o stream
	cmp journal stream
	[ "$(stat -c %a journal)" = 600 ]
	ld-run -q -e "$null_plan" --journal second | cat >piped
	cmp second piped
	[ "$(samples second)" -eq 1000 ]
}

@test "a terminal gets the summary, and the journal the records" {
	script -qec "ld-run -e '$null_plan' --journal journal" /dev/null >shown
	grep -q '1,000 requests' shown
	[ "$(samples journal)" -eq 1000 ]
	run -0 ld-report text journal
}

@test "a journal is never overwritten, and no link is followed" {
	echo precious >journal
	run ld-run -q -e "$null_plan" --journal journal
	[ "$status" -eq 5 ]
	[[ "$output" == *"--journal journal: "*"exists"* ]]
	[ "$(cat journal)" = precious ]
	ln -s nowhere link
	run ld-run -q -e "$null_plan" --journal link
	[ "$status" -eq 5 ]
	[ ! -e nowhere ]
}

# cut_short SIGNAL: what is left is whole lines but for the last, says that it
# is not all, and lacks no more than its last second of what the server saw.
cut_short() {
	local kept asked status=0
	start_target
	start_run "$(plan)" --journal journal
	wait_for has_seconds journal 6
	kill -"$1" "$run"
	wait "$run" || status=$?
	[ "$status" -gt 128 ]
	kept=$(samples journal)
	asked=$(server_count)
	[ "$kept" -le "$asked" ]
	[ $((asked - kept)) -le 600 ]
	run -3 ld-report text journal
	[[ "${lines[0]}" == "INCOMPLETE: the end of the run is missing"* ]]
	run -3 ld-report json -o report.json journal
	[ "$(jq -r .wholeness report.json)" = incomplete ]
	# What was counted before is what is in the file.
	[ "$(jq '.runs[0].samples_seen' report.json)" -eq "$(head -n -1 journal | samples /dev/stdin)" ] ||
		[ "$(jq '.runs[0].samples_seen' report.json)" -eq "$kept" ]
}

@test "kill -9 costs a journal its last second at most" {
	cut_short KILL
}

@test "so does a crash" {
	ulimit -c 0
	case ${SANITIZERS-} in
	*thread*) export TSAN_OPTIONS=handle_segv=0:${TSAN_OPTIONS-} ;;
	address*) export ASAN_OPTIONS=handle_segv=0:${ASAN_OPTIONS-} ;;
	esac
	cut_short SEGV
}

@test "a journal that cannot grow ends with a whole record, and the run goes on" {
	local status=0
	(
		ulimit -f 50
		trap '' XFSZ
		exec ld-run -q -e "$null_plan" --journal journal 2>run.err
	) | cat >stream || true
	status=${PIPESTATUS[0]}
	[ "$(stat -c %s journal)" -le 51200 ]
	[ "$(tail -c 1 journal | od -An -c | tr -d ' ')" = '\n' ]
	tail -n 1 journal | jq -e .type >/dev/null
	grep -q '"event":"journal_failed"' stream
	grep -q -e '--journal journal: writing the journal: File too large' run.err
	run -0 ld-report text stream
	run -3 ld-report text journal
}

@test "the exit status is 5 when the journal failed" {
	run bash -c 'ulimit -f 50; trap "" XFSZ; ld-run -q -e "$1" --journal j >/dev/null' - "$null_plan"
	[ "$status" -eq 5 ]
}

asked() {
	grep -q 'if it ended now: valid' run.err
}

@test "SIGUSR1 is told where the run stands, quiet or not, and ends nothing" {
	start_target
	start_run "$(plan)" -t 60s
	wait_for has_line run.ndjson
	kill -USR1 "$run" # before there is anything to tell
	wait_for asked
	grep -q '^at 0:0[0-9]* of 1:00: ' run.err
	grep -q 'failed by status: ' run.err
	grep -q 'planned, 0 not started; ' run.err
	kill -TERM "$run"
	wait "$run" || [ $? -eq 143 ]
	sed '/"type":"action"/d' run.ndjson >one.ndjson
	expect_wire "$(server_count)" one.ndjson
}
