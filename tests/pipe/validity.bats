#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A run whose figures are not to be believed says so, first, everywhere.

load helper

plan='[["LD_start_test",{"user":"null_user","user_count":2,"test_time":60,"wait":"10ms","tasks":[{}]}]]'

start_run() {
	ld-run -q -e "$plan" "$@" -o run.ndjson 2>run.err 3>&- &
	run=$!
	keep "$run"
	wait_for grep -q '"type":"interval"' run.ndjson
}

end_run() {
	kill -TERM "$run"
	wait "$run" || [ $? -eq 143 ]
}

state() {
	jq -rs 'map(select(.type == "end"))[0].validity.state' "$1"
}

rules() {
	jq -rs 'map(select(.type == "end"))[0].validity.rules | map(.rule) | join(" ")' "$1"
}

@test "a process that was stopped makes its run invalid" {
	start_run
	kill -STOP "$run"
	sleep 2.6
	kill -CONT "$run"
	wait_for grep -q '"event":"stalled"' run.ndjson
	end_run
	expect state invalid "$(state run.ndjson)"
	[[ " $(rules run.ndjson) " == *" stall "* ]]
	jq -es 'map(select(.event == "stalled"))[0].stalled_ns > 2e9' run.ndjson
}

# start_with_clock: its clock is what the file `clock` says.
start_with_clock() {
	echo 0 0 >clock
	env LD_TEST_CLOCK="$PWD/clock" \
		LD_PRELOAD="$builddir/tests/peers/.libs/clock.so:${LD_PRELOAD-}" \
		ld-run -q -e "$plan" -o run.ndjson 2>run.err 3>&- &
	run=$!
	keep "$run"
	wait_for grep -q '"type":"interval"' run.ndjson
}

needs_preload() {
	case ${SANITIZERS-} in
	*thread*) skip "ThreadSanitizer must see every call first" ;;
	esac
	export ASAN_OPTIONS=verify_asan_link_order=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
}

@test "a wall clock that is set makes a run invalid, and no duration changes" {
	needs_preload
	start_with_clock
	echo -3600 0 >clock
	wait_for grep -q '"event":"clock_step"' run.ndjson
	end_run
	expect state invalid "$(state run.ndjson)"
	[[ " $(rules run.ndjson) " == *" clock "* ]]
	jq -es 'map(select(.event == "clock_step"))[0].step_ns | . > 3.5e12 and . < 3.7e12' run.ndjson
	jq -es 'map(select(.type == "sample" and .response_ns > 6e10)) | length == 0' run.ndjson
}

@test "a host that was suspended makes a run invalid" {
	needs_preload
	start_with_clock
	echo 0 30 >clock
	wait_for grep -q '"event":"suspended"' run.ndjson
	end_run
	expect state invalid "$(state run.ndjson)"
	[[ " $(rules run.ndjson) " == *" suspend "* ]]
	run grep -c '"event":"clock_step"' run.ndjson
	[ "$output" = 0 ]
}

# A run that was invalid, made of one that was not.
spoil() {
	jq -c 'if .type == "end" then .validity = {state: "invalid", reasons: ["the generator was <asleep>"], rules: []} else . end' "$1"
}

@test "every format says first that a run is invalid, and why" {
	local format
	ld-run -q -e "$plan" -n 50 -o good
	spoil good >bad
	for format in $(ld-report --help | sed -n '/^formats:/,/^$/p' | awk 'NF > 1 && /^  [a-z]/ { print $1 }'); do
		run ld-report "$format" bad -o "x.$format"
		[ "$status" -eq 3 ]
		grep -q -e 'the generator was <asleep>' -e 'the generator was &lt;asleep&gt;' \
			-e 'the generator was \\<asleep\\>' -e '^whole,invalid,' "x.$format" ||
			{ echo "$format does not say it"; return 1; }
		run ld-report "$format" --exit-zero bad -o "x.$format"
		[ "$status" -eq 0 ]
	done
	[[ "$(head -n 2 x.text)" == *"INVALID: the generator was <asleep>"* ]]
	[ "$(sed -n 2p x.csv | cut -d, -f1,2)" = whole,invalid ]
}

@test "thresholds come from the command line, else from the plan, and begin has them" {
	local with=${plan/\"tasks\"/\"validity\": {\"stall\": \"1s:off\", \"late\": \"20%\"\}, \"tasks\"}
	ld-run -q -e "$with" -n 2 --validity stall=3s:4s --validity shed=off -o run
	[ "$(jq -cs 'map(select(.type == "begin"))[0].thresholds | [.stall, .late, .shed, .busy]' run)" = \
		'[[3000000000,4000000000],[0.2,0.2],[null,null],[0.5,null]]' ]
	run ld-run -e "${plan/\"tasks\"/\"validity\": {\"stal\": 1\}, \"tasks\"}"
	[ "$status" -eq 4 ]
	[[ "$output" == *"-e:1:"*"'validity': there is no rule 'stal'; did you mean 'stall'?"* ]]
	run ld-run -e "$plan" --validity late=2
	[ "$status" -eq 2 ]
}

@test "--strict makes an invalid run 3, and what is off invalidates nothing" {
	local p="[[\"LD_start_test\",{\"user\":\"null_user\",\"user_count\":1,\"test_time\":2.5,\"wait\":\"10ms\",\"tasks\":[{}]}]]"
	ld-run -q --strict -e "$p" -o run.ndjson 3>&- &
	run=$!
	keep "$run"
	wait_for grep -q '"type":"sample"' run.ndjson
	kill -STOP "$run"
	sleep 2.4
	kill -CONT "$run"
	wait "$run" || [ $? -eq 3 ]
	expect state invalid "$(state run.ndjson)"
	ld-run -q --strict --validity stall=off --validity late=off -e "$p" -o run2.ndjson 3>&- &
	run=$!
	keep "$run"
	wait_for grep -q '"type":"sample"' run2.ndjson
	kill -STOP "$run"
	sleep 2.4
	kill -CONT "$run"
	wait "$run"
	[ "$(state run2.ndjson)" != invalid ]
}
