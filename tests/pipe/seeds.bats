#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One seed, one schedule: what is sent does not depend on how it is sent.

load helper

PASSES=200
USERS=4

write_plan() {
	awk 'BEGIN {
	    print "name,password"
	    for (i = 0; i < 1000; i++) printf "user%d,secret-of-user%d\n", i, i
	}' >logins.csv
	cat >plan.json <<'JSON'
[["LD_register_csv_source", {"name": "login", "file_path": "logins.csv"}],
 ["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "spawn_rate": 1000, "test_time": 60, "wait": 0,
  "tasks": [
    {"method": "post", "request_url": "${var.base}/post?n=${randint(1,1000000)}",
     "json": {"name": "${csv.login.name}", "password": "${csv.login.password}"}},
    {"method": "get", "request_url": "${var.base}/get",
     "headers": {"X-Id": "${uuid()}", "X-Name": "${csv.login.name}"},
     "params": {"n": "${randint(1,1000000)}", "u": "${uuid()}"}}]}]]
JSON
}

# sent FILE OPTION...: the requests of a run as the server received them.
sent() {
	local file=$1 n=$((PASSES * USERS * 2))
	shift
	reset_counts
	timeout 20 ld-run -q plan.json --var base="$TARGET" -u "$USERS" \
		-n "$PASSES" "$@" >run.ndjson
	expect "started" "$n" "$(of_end .ledger.started run.ndjson)"
	expect "received" "$n" "$(server_count)"
	http GET "$TARGET/ld/requests" | sort >"$file"
	expect "recorded" "$n" "$(wc -l <"$file")"
}

@test "one seed sends the same requests from any number of threads" {
	start_target --record
	write_plan
	sent one --seed 42 --threads 1
	sent two --seed 42 --threads 2
	sent three --seed 42 --threads 3
	cmp one two
	cmp one three
}

@test "another seed sends other requests" {
	start_target --record
	write_plan
	sent one --seed 42 --threads 1
	sent other --seed 43 --threads 1
	# Every single one differs: each has a draw of its own but the rows.
	expect "in both" 0 "$(comm -12 one other | wc -l)"
}

@test "without a seed two runs differ, and each can be sent again" {
	local seed
	start_target --record
	write_plan
	sent one --threads 2
	seed=$(jq -r 'select(.type=="begin").seed' run.ndjson)
	sent other --threads 2
	! cmp -s one other
	sent again --seed "$seed" --threads 1
	cmp one again
}

@test "random draws do not repeat, and keep to their bounds" {
	start_target --record
	write_plan
	sent all --seed 1 --threads 2
	jq -r '.target | capture("[?&]n=(?<n>[0-9]+)").n' all >numbers
	expect "numbers" $((PASSES * USERS * 2)) "$(wc -l <numbers)"
	awk '$1 < 1 || $1 > 1000000 { exit 1 }' numbers
	# 1600 draws of a million meet about once; not more than a few times.
	[ "$(sort -u numbers | wc -l)" -gt $((PASSES * USERS * 2 - 12)) ]
	jq -r 'select(.method=="GET").target | capture("u=(?<u>[^&]+)").u' all >uuids
	jq -r '.headers["X-Id"] // empty' all >>uuids
	expect "uuids" $((PASSES * USERS * 2)) "$(sort -u uuids | wc -l)"
	! grep -Evx '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}' uuids
}

@test "values of one pass come from one row, each row is taken once" {
	start_target --record
	write_plan
	sent all --seed 1 --threads 2
	jq -r 'select(.method=="POST").body | fromjson
	    | if .password == "secret-of-" + .name then .name
	      else error("two rows in one request: \(tojson)") end' all |
		sort >posted
	jq -r '.headers["X-Name"] // empty' all | sort >named
	cmp posted named
	expect "rows" $((PASSES * USERS)) "$(sort -u posted | wc -l)"
	# Row = pass x users + user: the first rows of the file, all of them.
	awk -v n=$((PASSES * USERS)) 'BEGIN {
	    for (i = 0; i < n; i++) print "user" i }' | sort >rows
	cmp posted rows
}
