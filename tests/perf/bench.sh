#!/bin/sh
# SPDX-License-Identifier: MIT
# make bench: what a request costs, beside real peers, in one run.
#
# The server (nginx, `return 200`) has one processor, the client under test
# the other.  CPU per request = user + system time of the client process, all
# its threads, over the requests that the server counted.  Clients take turns;
# medians and the ratio pair by pair are printed.  A run that shed samples or
# whose ledger does not balance does not count.  Machines are noisy: only the
# ratios mean anything, and no test depends on them.
#
#	bench.sh [PAIRS [SECONDS]]
set -eu
pairs=${1:-7}
seconds=${2:-3}
rusage=${RUSAGE:-tests/perf/rusage}
first_request=${FIRST_REQUEST:-tests/perf/first_request}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || :; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

if [ "$(nproc)" -gt 1 ]; then
	server_cpu=0 client_cpu=1
else
	server_cpu=0 client_cpu=0
fi

say() { printf '%s\n' "$*"; }
need() { command -v "$1" >/dev/null 2>&1 || { say "bench: no $1"; exit 1; }; }
need nginx; need wrk; need h2load; need jq; need curl; need ld-run

port=$((20000 + $$ % 20000))
cat >"$work/nginx.conf" <<EOF
daemon off;
worker_processes 1;
pid $work/pid;
error_log $work/error.log;
events { worker_connections 8192; }
http {
	access_log off;
	keepalive_requests 1000000000;
	client_body_temp_path $work/t1; proxy_temp_path $work/t2;
	fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4;
	scgi_temp_path $work/t5;
	server {
		listen 127.0.0.1:$port backlog=4096;
		location / { return 200 'thirty-six bytes of a short response'; }
		location /status { stub_status; }
	}
}
EOF
taskset -c "$server_cpu" nginx -p "$work" -c "$work/nginx.conf" 2>"$work/nginx.err" &
server=$!
tries=0
until curl -sf "http://127.0.0.1:$port/" >/dev/null; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || { cat "$work/nginx.err"; exit 1; }
	sleep 0.05
done

url=http://127.0.0.1:$port/
requests() { curl -s "${url}status" | awk 'NR == 3 { print $3 }'; }

plan() {
	cat <<EOF
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "user_count": 100, "spawn_rate": 100000, "test_time": $seconds, "wait": 0,
  "tasks": [{"method": "get", "request_url": "$url",
             "assertions": [{"type": "status_code", "value": 200}]}]}]]
EOF
}
plan >"$work/plan.json"
# Two million exchanges.
cat >"$work/null.json" <<EOF
[["LD_start_test", {"user_detail_dict": {"user": "null_user"},
  "user_count": 100, "spawn_rate": 100000, "passes": 20000, "wait": 0,
  "tasks": [{"name": "nothing"}]}]]
EOF

# client NAME: run it once; leaves the line of rusage in $work/cost.
client() {
	case $1 in
	wrk) "$rusage" $client_cpu wrk -t1 -c100 "-d${seconds}s" "$url" ;;
	h2load) "$rusage" $client_cpu h2load --h1 -t1 -c100 "-D$seconds" "$url" ;;
	intervals) "$rusage" $client_cpu ld-run --threads 1 --samples none --ndjson -q \
		"$work/plan.json" >"$work/stream" ;;
	http_user) "$rusage" $client_cpu ld-run --threads 1 --samples none --ndjson -q \
		"$work/curl.json" >"$work/stream" ;;
	plain) "$rusage" $client_cpu "$CURL_MULTI" 1000 "$seconds" "$url" ;;
	esac 3>"$work/cost" >"$work/out" 2>"$work/err" || :
}

# With every sample going to a report, which has the server's processor.
samples() {
	{
		"$rusage" $client_cpu ld-run --threads 1 --ndjson -q "$work/plan.json"
	} 3>"$work/cost" 2>"$work/err" |
		taskset -c $server_cpu ld-report summary >"$work/report"
	jq -e '.wholeness == "whole" and .ledger.shed == {}' "$work/report" \
		>/dev/null 2>&1 && return
	say "bench: this run does not count: $(jq -c '[.wholeness, .ledger.shed]' \
		"$work/report")" >&2
	echo 0 0 0 0 0 >"$work/cost"
}

# one NAME: nanoseconds of CPU per request that the server counted.
one() {
	before=$(requests)
	if [ "$1" = samples ]; then samples; else client "$1"; fi
	after=$(requests)
	awk -v n=$((after - before - 1)) \
		'{ if (n > 0) printf "%.0f\n", ($1 + $2) * 1000 / n; else print "nan" }' "$work/cost"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

say "CPU per request, 100 connections, one thread, $pairs rounds of $seconds s:"
round=0
while [ "$round" -lt "$pairs" ]; do
	for name in wrk samples intervals h2load; do
		one $name >>"$work/$name.ns"
	done
	round=$((round + 1))
done
for name in wrk h2load samples intervals; do
	printf '  %-10s %6.2f us\n' "$name" \
		"$(median <"$work/$name.ns" | awk '{ print $1 / 1000 }')"
done
for name in samples intervals h2load; do
	paste "$work/$name.ns" "$work/wrk.ns" | awk '{ print $1 / $2 }' >"$work/ratio"
	printf '  %-10s %6.3f x wrk (median of %d pairs)\n' "$name" \
		"$(median <"$work/ratio")" "$pairs"
done

# Both wait for libcurl most of the time: the ratio says what we add to it.
sed "s/fast_http_user/http_user/
    s/\"user_count\": 100,/\"user_count\": 1000,/" "$work/plan.json" >"$work/curl.json"
[ -z "${CURL_MULTI-}" ] || say "http_user, 1000 users, beside a plain loop of libcurl:"
round=0
while [ -n "${CURL_MULTI-}" ] && [ "$round" -lt "$pairs" ]; do
	for name in http_user plain; do
		one $name >>"$work/$name.ns"
	done
	round=$((round + 1))
done
for name in ${CURL_MULTI:+http_user plain}; do
	printf '  %-10s %6.2f us (median of %d)\n' "$name" \
		"$(median <"$work/$name.ns" | awk '{ print $1 / 1000 }')" "$pairs"
done

# The open model at 20 000/s: how late requests go out, and what that costs.
sed 's/"user_count".*"wait": 0,/"seed": 1,/' "$work/plan.json" >"$work/open.json"
lateness() {
	name=$1
	shift
	"$rusage" $client_cpu ld-run --threads 1 --samples none --ndjson -q \
		--rate 20k/s -t "${seconds}s" --sessions 2000 "$@" \
		"$work/open.json" 3>"$work/cost" >"$work/stream" 2>"$work/err"
	ld-report summary "$work/stream" >"$work/report"
	jq -r --argjson us "$(awk '{ print $1 + $2 }' "$work/cost")" '.runs[0]
	    | select(.ledger.not_started == {} and .wholeness == "whole")
	    | [.generator.lag.p50_ms, .generator.lag.p99_ms,
	       .generator.lag.max_ms, $us / .ledger.started] | @tsv' \
		"$work/report" >>"$work/$name.lag"
}
column() { cut -f "$2" "$1" | median; }
say "open model, 20 000/s: lateness p50, p99, max in ms; CPU per request:"
round=0
while [ "$round" -lt "$pairs" ]; do
	lateness sleeping
	lateness spinning --spin
	round=$((round + 1))
done
for name in sleeping spinning; do
	[ -s "$work/$name.lag" ] || { say "  $name: no run counted"; continue; }
	printf '  %-10s %s %s %s   %.2f us (median of %d)\n' "$name" \
		"$(column "$work/$name.lag" 1)" "$(column "$work/$name.lag" 2)" \
		"$(column "$work/$name.lag" 3)" "$(column "$work/$name.lag" 4)" \
		"$(wc -l <"$work/$name.lag")"
done

say "null driver, all samples formatted and written to /dev/null:"
round=0
while [ "$round" -lt 5 ]; do
	"$rusage" $client_cpu ld-run --threads 1 --ndjson -q -o /dev/null \
		"$work/null.json" 3>"$work/cost" 2>"$work/err"
	awk '{ printf "%.0f\n", ($1 + $2) * 1000 / 2000000 }' "$work/cost" >>"$work/null.ns"
	round=$((round + 1))
done
printf '  %-10s %6.3f us per exchange\n' null \
	"$(median <"$work/null.ns" | awk '{ print $1 / 1000 }')"

# A report of ten million samples, and one of 500 seconds of 3 series, made of
# the seconds of a real run; beside what wc needs to look at the same bytes.
sed 's/"passes": 20000/"passes": 34000/
    s/{"name": "nothing"}/{"name": "a"}, {"name": "b", "fail_every": 7}, {"name": "c"}/' \
	"$work/null.json" >"$work/big.json"
ld-run --threads 1 --spill-max 8GiB --ndjson -q "$work/big.json" 2>"$work/err" |
	awk '/"type":"interval"/ && n < 3 { n++; print >iv }
	     /"type":"sample"/ { print }' iv="$work/three" >"$work/samples"
second=0
while [ "$second" -lt 500 ]; do
	sed "s/\"second\":[0-9]*/\"second\":$second/" "$work/three"
	second=$((second + 1))
done >"$work/intervals"
say "ld-report summary, beside wc -l on the same file:"
for name in samples intervals; do
	round=0
	while [ "$round" -lt 5 ]; do
		"$rusage" $client_cpu ld-report summary "$work/$name" \
			3>"$work/cost" >"$work/report" 2>"$work/err"
		cat "$work/cost" >>"$work/$name.report"
		"$rusage" $client_cpu wc -l "$work/$name" 3>>"$work/$name.wc" \
			>"$work/lines"
		round=$((round + 1))
	done
	printf '  %-10s %s records in %.3f s, %s KiB resident, %.1f x wc\n' \
		"$name" "$(cut -d' ' -f1 "$work/lines")" \
		"$(cut -d' ' -f4 "$work/$name.report" | median | awk '{ print $1 / 1e6 }')" \
		"$(cut -d' ' -f3 "$work/$name.report" | median)" \
		"$(paste -d' ' "$work/$name.report" "$work/$name.wc" |
			awk '{ print $4 / $9 }' | median)"
done
rm -f "$work/samples"

say "from fork() to the first byte of the first request:"
round=0
while [ "$round" -lt 15 ]; do
	"$first_request" ld-run --threads 1 -u 1 -n 1 --ndjson -q -e \
		'[["LD_start_test", {"tasks": [{"method": "get",
		   "request_url": "${env.LOAD_DENSITY_TARGET}/"}]}]]' \
		>"$work/first" 2>"$work/err"
	tail -n 1 "$work/first" >>"$work/first.us"
	round=$((round + 1))
done
printf '  %-10s %6.1f ms\n' start "$(median <"$work/first.us" | awk '{ print $1 / 1000 }')"
