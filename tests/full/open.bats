#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The open model at full size: make check-full.

load ../pipe/helper

plan() {
	cat >plan.json <<-EOT
		[["LD_start_test", {"seed": 3, "tasks": [
		  {"method": "get", "request_url": "$TARGET/get"}]}]]
	EOT
}

run_open() {
	ld-run -q "$@" plan.json >stream.ndjson || return
	sed '/"type":"action"/d' stream.ndjson >run.ndjson
}

# Of the samples' field, in milliseconds, by nearest rank.
quantile() {
	jq -n --argjson q "$2" "[inputs | select(.type==\"sample\").$1] | sort
	    | .[(length * \$q | ceil) - 1] / 1e6" run.ndjson
}

@test "ten seconds at 10, 1000 and 20 000 per second have each its arrivals" {
	local rate
	start_target
	plan
	for rate in 10 1000 20000; do
		reset_counts
		run_open --rate "$rate/s" -t 10s --sessions 2000 --samples none
		expect "planned at $rate/s" $((rate * 10)) \
			"$(of_end .ledger.planned run.ndjson)"
		expect "server" "$(of_end .ledger.wire run.ndjson)" \
			"$(server_count)"
		# Each second has its own, within 0.1 % of the schedule (and of
		# one, where a start may fall on either side of a boundary).
		jq -se --argjson rate "$rate" '
		    map(select(.type=="interval" and (has("name") | not)
		      and .second < 10)) | length == 10 and all(.[];
		      (.ledger.planned - $rate | fabs) <= ([1, $rate / 1000] | max))
		    or error(map(.ledger.planned) | tojson)' run.ndjson
		jq -r --arg rate "$rate" '
		    select(.type=="end") | "# \($rate)/s: \(.ledger.started) started, \(.validity.state)"' \
			run.ndjson >&3
	done
}

# freeze PID SECONDS: the process does not run for so long.
freeze() {
	kill -STOP "$1"
	sleep "$2"
	kill -CONT "$1"
}

@test "a freeze of 2 s in 10 s at 500/s is a p99 of 1.9 s, whatever wrk says" {
	local target_pid p99
	start_target
	target_pid=${started[-1]}
	plan
	(sleep 4; freeze "$target_pid" 2) 3>&- &
	keep $!
	run_open --rate 500/s -t 10s --sessions 1500
	expect "started" 5000 "$(of_end .ledger.started run.ndjson)"
	expect "success" 5000 "$(of_end .ledger.success run.ndjson)"
	p99=$(quantile response_ns 0.99)
	echo "# ld-run: p50 $(quantile response_ns 0.5) ms, p99 $p99 ms, max $(quantile response_ns 1) ms" >&3
	awk -v ms="$p99" 'BEGIN { exit !(ms > 1900 * 0.95 && ms < 1900 * 1.05) }'
	if command -v wrk >/dev/null; then
		(sleep 4; freeze "$target_pid" 2) 3>&- &
		keep $!
		wrk -t1 -c50 -d10s --latency "$TARGET/get" |
			awk '/50%|99%|Max/ { print "# wrk:", $1, $2 }' >&3
	fi
}
