#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Rows of CSV files: whose they are, and what happens when there are no more.

load helper

write_rows() {
	awk -v n="$2" 'BEGIN {
	    print "name,password"
	    for (i = 0; i < n; i++) printf "user%d,secret-of-user%d\n", i, i
	}' >"$1"
}

# write_plan SOURCES URL
write_plan() {
	cat >plan.json <<JSON
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "spawn_rate": 1000, "wait": 0, "csv_sources": $1,
  "tasks": [{"method": "get", "request_url": "\${var.base}$2"}]}]]
JSON
}

run_plan() {
	timeout 60 ld-run -q plan.json --var base="$TARGET" "$@" >run.ndjson
}

@test "name and password of a pass are of one row, from 1 and from 3 threads" {
	local threads
	start_target --record
	write_rows logins.csv 500
	write_plan '[{"name": "l", "file_path": "logins.csv"}]' \
		'/get?n=${csv.l.name}&p=${csv.l.password}'
	for threads in 1 3; do
		reset_counts
		run_plan -u 7 -n 50 --threads "$threads"
		expect "received" 350 "$(server_count)"
		http GET "$TARGET/ld/requests" | jq -r '.target
		    | capture("n=(?<n>[^&]*)&p=(?<p>.*)")
		    | if .p == "secret-of-" + .n then .n
		      else error("two rows: \(tojson)") end' | sort >names
		awk 'BEGIN { for (i = 0; i < 350; i++) print "user" i }' |
			sort | cmp - names
	done
}

@test "a source that ends stops its users, and one event names it" {
	start_target --record
	write_rows short.csv 5
	write_rows long.csv 100
	write_plan '[{"name": "short", "file_path": "short.csv", "cycle": false},
	    {"name": "long", "file_path": "long.csv", "cycle": false}]' \
		'/get?a=${csv.long.name}&b=${csv.short.name}'
	run_plan -u 2 -n 50 --threads 2
	sed '/"type":"action"/d' run.ndjson >one
	expect_balanced one
	expect "started" 5 "$(of_end .ledger.started run.ndjson)"
	expect "reason" csv "$(of_end .reason run.ndjson)"
	expect "events" '[["short",5]]' "$(jq -sc '[.[]
	    | select(.event == "csv_exhausted") | [.source, .rows]]' run.ndjson)"
}

@test "sources that end together are named one by one" {
	start_target
	write_rows a.csv 3
	write_rows b.csv 3
	write_plan '[{"name": "a", "file_path": "a.csv", "cycle": false},
	    {"name": "b", "file_path": "b.csv", "cycle": false}]' \
		'/get?a=${csv.a.name}&b=${csv.b.name}'
	run_plan -u 2 -n 50 --threads 2
	expect "started" 3 "$(of_end .ledger.started run.ndjson)"
	expect "events" '["a","b"]' "$(jq -sc '[.[]
	    | select(.event == "csv_exhausted").source] | sort' run.ndjson)"
}

@test "a source that cycles begins again, and says nothing" {
	start_target --record
	write_rows a.csv 3
	write_plan '[{"name": "a", "file_path": "a.csv"}]' '/get?a=${csv.a.name}'
	run_plan -u 2 -n 5
	expect "started" 10 "$(of_end .ledger.started run.ndjson)"
	expect "events" 0 "$(grep -c csv_exhausted run.ndjson)"
	expect "rows" "user0 4 user1 3 user2 3" "$(http GET "$TARGET/ld/requests" |
		jq -r .target | sed 's/.*a=//' | sort | uniq -c |
		awk '{ printf "%s%s %s", sep, $2, $1; sep = " " }')"
}

@test "quotes, a byte order mark and CRLF of a file do not reach the server" {
	start_target --record
	printf '\357\273\277"name","note"\r\n"ann","a ""b"", c"\r\n' >q.csv
	write_plan '[{"name": "q", "file_path": "q.csv"}]' \
		'/get?n=${csv.q.name}&note=${csv.q.note}'
	run_plan -u 1 -n 1
	expect "target" '/get?n=ann&note=a%20%22b%22,%20c' \
		"$(http GET "$TARGET/ld/requests" | jq -r .target)"
}

@test "a million rows are shared by all users and threads, in one copy" {
	local size rss
	start_target --record
	write_rows million.csv 1000000
	size=$(wc -c <million.csv)
	write_plan '[{"name": "m", "file_path": "million.csv", "cycle": false}]' \
		'/get?n=${csv.m.name}'
	run_plan -u 300 -n 2 --threads 3
	expect "started" 600 "$(of_end .ledger.started run.ndjson)"
	http GET "$TARGET/ld/requests" | jq -r .target | sed 's/.*n=//' |
		sort -u >names
	expect "rows" 600 "$(wc -l <names)"
	# The file, 4 bytes for each of its cells, and what a run has anyway;
	# a sanitizer has memory of its own.
	rss=$(jq -s '[.[].rss_bytes // empty] | max' run.ndjson)
	grep -q '^SAN_FLAGS = *-' "$builddir/Makefile" ||
		[ "$rss" -lt $((size * 135 / 100 + 8000000 + (64 << 20))) ]
}

@test "paths and seeds may hold what is known before the run, a user type not" {
	start_target --record
	write_rows logins.csv 3
	cat >plan.json <<-'JSON'
		[["LD_register_csv_source", {"name": "l", "file_path": "${env.STEM}.${kind}"}],
		 ["LD_start_test", {"seed": "${seed}", "user_count": 1, "passes": 1,
		  "csv_sources": [{"name": "m", "file_path": "${env.STEM}.${kind}"}],
		  "tasks": [{"method": "get", "request_url":
		    "${base}/get?a=${csv.l.name}&b=${csv.m.name}"}]}]]
	JSON
	STEM=logins run_plan --var kind=csv --var seed=42
	expect "seed" 42 "$(jq -r 'select(.type=="begin").seed' run.ndjson)"
	expect "target" '/get?a=user0&b=user0' \
		"$(http GET "$TARGET/ld/requests" | jq -r .target)"
	sed 's/"seed"/"user": "${kind}", "seed"/' plan.json >other.json
	STEM=logins run ld-run -q --var kind=csv --var seed=42 \
		--var base=http://127.0.0.1:1 other.json
	expect "status" 4 "$status"
	[[ "$output" == *"other.json:2:"*"a user type is a word of the plan: it holds no placeholder" ]]
}

@test "what a user extracted counts before --var, that before variables, they before the environment" {
	start_target --record
	cat >plan.json <<-'JSON'
		[["LD_start_test", {"user_count": 1, "passes": 1,
		  "variables": {"b": "variables", "c": "variables"},
		  "tasks": [
		   {"method": "get", "request_url": "${base}/get?${a}&${b}&${c}&${d}"},
		   {"method": "get", "request_url": "${base}/get?x=extracted",
		    "extract": [{"var": "a", "path": "args.x"}]},
		   {"method": "get", "request_url": "${base}/get?${a}&${b}&${c}&${d}"}]}]]
	JSON
	a=environment b=environment c=environment d=environment \
		run_plan --var a=option --var b=option
	expect "first" "/get?option&option&variables&environment" \
		"$(http GET "$TARGET/ld/requests" | sed -n 1p | jq -r .target)"
	expect "last" "/get?extracted&option&variables&environment" \
		"$(http GET "$TARGET/ld/requests" | sed -n 3p | jq -r .target)"
}
