#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The open model: what is due is sent, whoever is slow; and a schedule is data.

load helper

plan() {
	cat >plan.json <<-EOT
		[["LD_start_test", {
		  "user_detail_dict": {"user": "fast_http_user"},
		  "user_count": 7, "seed": 11,
		  "csv_sources": [{"name": "people", "file_path": "people.csv"}],
		  "tasks": [
		    {"method": "get", "name": "first",
		     "request_url": "\${base}/anything/a",
		     "params": {"who": "\${csv.people.name}", "n": "\${randint(1,1000000)}"}},
		    {"method": "post", "name": "second",
		     "request_url": "\${base}/anything/b", "json": {"id": "\${uuid()}",
		       "mail": "\${csv.people.mail}"}}
		  ]}]]
	EOT
	printf 'name,mail\n' >people.csv
	local n
	for n in 1 2 3 4 5 6 7; do
		printf 'name%s,mail%s\n' "$n" "$n" >>people.csv
	done
}

# What a stream sent: (arrival, task) of every sample, sorted.
passes_of() {
	jq -r 'select(.type=="sample") | [.arrival, .task, .name] | @tsv' "$1" |
		sort -n
}

# What ld-target saw since it was asked last: target and body of each request.
requests_seen() {
	wait_for is_quiet
	http GET "$TARGET/ld/requests" |
		jq -r '[.method, .target // .path, (.body // .data // "")] | @tsv' |
		sort >"$1"
	http POST "$TARGET/ld/reset" >/dev/null
}

run_open() {
	ld-run -q --var base="$TARGET" "$@" >stream.ndjson || return
	sed '/"type":"action"/d' stream.ndjson >run.ndjson
	expect_balanced run.ndjson
}

@test "as many arrivals per second as were asked for" {
	local rate n
	start_target
	plan
	for rate in 10 1000; do
		run_open --rate "$rate/s" -t 2s plan.json
		n=$(jq -s 'map(select(.type=="sample" and .task==0)) | length' \
			run.ndjson)
		expect "arrivals at $rate/s" $((rate * 2)) "$n"
		expect "ended by" time "$(of_end .reason run.ndjson)"
	done
	# Each at its own time, to the nanosecond.
	jq -se 'map(select(.type=="sample" and .task==0))
	    | all(.[]; .intended_ns == .arrival * 1000000)' run.ndjson
}

@test "the server's count equals wire" {
	start_target
	plan
	run_open --rate 500/s --poisson -t 1s plan.json
	expect_wire "$(server_count)" run.ndjson
}

@test "threads do not change what is sent" {
	start_target --record
	plan
	run_open --rate 300/s --poisson -t 1s --threads 1 plan.json
	passes_of run.ndjson >passes.1
	requests_seen requests.1
	run_open --rate 300/s --poisson -t 1s --threads 2 plan.json
	passes_of run.ndjson >passes.2
	requests_seen requests.2
	[ -s passes.1 ]
	[ -s requests.1 ]
	cmp passes.1 passes.2
	cmp requests.1 requests.2
}

@test "a dry run piped into ld-run sends what ld-run sends" {
	local how
	start_target --record
	plan
	for how in "--rate 300/s" "--rate 300/s --poisson" \
	    "--stage 500ms:400/s --stage 500ms:50/s"; do
		# shellcheck disable=SC2086
		run_open $how -t 1s plan.json
		passes_of run.ndjson >passes.1
		requests_seen requests.1
		# shellcheck disable=SC2086
		ld-run --dry $how -t 1s --var base="$TARGET" plan.json |
			ld-run -q >stream.ndjson
		sed '/"type":"action"/d' stream.ndjson >run.ndjson
		expect_balanced run.ndjson
		passes_of run.ndjson >passes.2
		requests_seen requests.2
		[ -s requests.1 ]
		cmp passes.1 passes.2
		cmp requests.1 requests.2
	done
}

@test "a dry run sends nothing and says when each arrival is due" {
	start_target
	plan
	ld-run --dry --rate 10/s -n 3 --var base="$TARGET" plan.json >dry.ndjson
	expect "requests" 0 "$(server_count)"
	jq -c 'select(.type=="arrival") | [.arrival, .due_ns]' dry.ndjson >due
	printf '[0,0]\n[1,100000000]\n[2,200000000]\n' | cmp - due
	expect "types" "begin config task task arrival arrival arrival end" \
		"$(jq -r .type dry.ndjson | paste -sd ' ')"
}

@test "a schedule may be edited: thinned, shifted, doubled" {
	start_target
	plan
	ld-run --dry --rate 100/s -n 20 --var base="$TARGET" plan.json |
		jq -c 'select(.type != "arrival" or .arrival % 2 == 0)
		    | if .type == "arrival" then .due_ns += 50000000 else . end' |
		ld-run -q >run.ndjson
	sed -i '/"type":"action"/d' run.ndjson
	expect_balanced run.ndjson
	expect "arrivals" 10 "$(jq -s 'map(select(.type=="sample" and .task==0))
	    | length' run.ndjson)"
	jq -se 'map(select(.type=="sample" and .task==0))
	    | all(.[]; .intended_ns == .arrival * 10000000 + 50000000)' \
		run.ndjson
}

@test "a schedule without its arrivals is not run at some other rate" {
	plan
	ld-run --dry --rate 100/s -n 20 --var base=http://127.0.0.1:1 plan.json |
		grep -v '"type":"arrival"' >cut.ndjson
	run -4 ld-run -q cut.ndjson
	[[ $output == *"arrivals are announced as records, and there is none"* ]]
}

@test "what has no effect beside a schedule is refused" {
	plan
	ld-run --dry --rate 100/s -n 3 --var base=http://127.0.0.1:1 \
		plan.json >dry.ndjson
	run -4 ld-run -q --poisson dry.ndjson
	[[ $output == *"own arrivals, and the command line a distribution"* ]]
	sed 's/"from":"records"/&,"distribution":"poisson"/' dry.ndjson >p.ndjson
	run -4 ld-run -q p.ndjson
	[[ $output == *"'distribution' have no effect"* ]]
	sed 's/"from":"records"/"rate":5/' dry.ndjson >r.ndjson
	run -4 ld-run -q r.ndjson
	[[ $output == *"the plan brings its own arrivals: a rate"* ]]
}

@test "stages through which nothing arrives are refused" {
	plan
	run -4 ld-run -q --stage 0s:5 --stage 0s:0 -n 3 -t 1s \
		--var base=http://127.0.0.1:1 plan.json
	[[ $output == *"nothing would ever arrive"* ]]
}

@test "the closed model and a schedule without end have no dry run" {
	plan
	run -4 ld-run --dry --var base=http://127.0.0.1:1 plan.json
	[[ $output == *"plan.json:1:"*"the closed model has no schedule"* ]]
	sed 's/"seed": 11/"seed": 11, "test_time": null/' plan.json >long.json
	run -4 ld-run --dry --rate 5 --var base=http://127.0.0.1:1 long.json
	[[ $output == *"the schedule has no end"* ]]
}

@test "options of one model are refused in the other" {
	plan
	run -2 ld-run --rate 5 -u 3 plan.json
	[[ $output == *"--users"* ]]
	run -4 ld-run --sessions 5 --var base=http://127.0.0.1:1 plan.json
	[[ $output == *"rate of arrivals"* ]]
	run -2 ld-run --stage 5 plan.json
	[[ $output == *"'5' is not DURATION:RATE"* ]]
	run -2 ld-run --stage 5s:fast plan.json
	[[ $output == *"'fast' is not a rate"* ]]
}

@test "each arrival is a new visitor unless sessions are kept" {
	start_target
	cat >visit.json <<-EOT
		[["LD_start_test", {
		  "variables": {"seen": "nothing"},
		  "tasks": [
		    {"method": "get", "request_url": "$TARGET/anything?seen=\${seen}",
		     "assertions": [{"type": "json_path", "path": "args.seen", "value": "nothing"}],
		     "extract": [{"var": "seen", "from": "header", "name": "content-type"}]}
		  ]}]]
	EOT
	run_open --rate 20/s -n 20 visit.json
	expect "failures" 0 "$(of_end '.ledger.failure | length' run.ndjson)"
	run_open --rate 20/s -n 20 --keep-sessions --threads 1 visit.json
	[ "$(of_end .ledger.failure.assertion run.ndjson)" -gt 0 ]
}

@test "an arrival takes the row of its number, both columns of it" {
	start_target --record
	plan
	run_open --rate 100/s -n 14 plan.json
	wait_for is_quiet
	http GET "$TARGET/ld/requests" >requests
	for n in 1 2 3 4 5 6 7; do
		expect "rows of name$n" 2 "$(grep -c "who=name$n" requests)"
	done
}

@test "rows that run out end the arrivals, and an event says so" {
	start_target
	plan
	sed -i 's/"people.csv"/"people.csv", "cycle": false/' plan.json
	run_open --rate 200/s -t 1s plan.json
	expect "arrivals" 7 "$(jq -s 'map(select(.type=="sample" and .task==0))
	    | length' run.ndjson)"
	expect "ended by" csv "$(of_end .reason run.ndjson)"
	jq -se 'any(.[]; .type=="event" and .event=="csv_exhausted")' run.ndjson
}

# freeze SECONDS: ld-target does not run for so long.
freeze() {
	kill -STOP "$target_pid"
	sleep "$1"
	kill -CONT "$target_pid"
}

@test "a server that freezes is seen by those who would have come" {
	local p99 p50
	start_target
	target_pid=${started[-1]}
	cat >freeze.json <<-EOT
		[["LD_start_test", {"tasks": [
		   {"method": "get", "request_url": "$TARGET/get"}]}]]
	EOT
	(sleep 1; freeze 1) 3>&- &
	keep $!
	run_open --rate 200/s -t 5s --sessions 400 freeze.json
	expect "started" 1000 "$(of_end .ledger.started run.ndjson)"
	expect "failures" 0 "$(of_end '.ledger.failure | length' run.ndjson)"
	# A fifth of the arrivals came while it stood still, evenly over a
	# second: a tenth of all waited half of it, however slow this machine.
	p99=$(jq -s '[.[] | select(.type=="sample").response_ns] | sort
	    | .[(length * 0.99 | floor)]' run.ndjson)
	[ "$p99" -gt 900000000 ]
}

@test "an arrival that finds all sessions busy is told" {
	start_target
	cat >slow.json <<-EOT
		[["LD_start_test", {"tasks": [
		   {"method": "get", "request_url": "$TARGET/delay/1"}]}]]
	EOT
	run_open --rate 100/s -n 50 --sessions 5 slow.json
	expect "not started" 45 "$(of_end .ledger.not_started.limit run.ndjson)"
	expect "validity" degraded "$(of_end .validity.state run.ndjson)"
	jq -se 'any(.[]; .type=="event" and .event=="saturated")' run.ndjson
}
