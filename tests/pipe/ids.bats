#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# An id of an answer goes into the next request unchanged, however long.

load helper

# Nineteen digits and odd: a double would make another number of it.
ID=9007199254740993123

write_plan() {
	cat >plan.json <<'JSON'
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "user_count": 1, "spawn_rate": 1, "wait": 0,
  "tasks": [
    {"method": "post", "request_url": "${var.base}/ld/id",
     "extract": [{"var": "id", "from": "json_path", "path": "id"}]},
    {"method": "get", "request_url": "${var.base}/ld/id/${var.id}",
     "assertions": [{"type": "status_code", "value": 200}]},
    {"method": "put", "request_url": "${var.base}/ld/id/${var.id}",
     "headers": {"X-Id": "${var.id}"},
     "json": {"whole": "${var.id}", "within": "no. ${var.id}!", "own": 9007199254740993123}},
    {"method": "post", "request_url": "${var.base}/post",
     "data": "id=${var.id}"}]}]]
JSON
}

send() {
	start_target --record
	write_plan
	timeout 20 ld-run -q plan.json --var base="$TARGET" "$@" >run.ndjson
	http GET "$TARGET/ld/requests" >requests
}

# The body of the n-th request, from 1, not parsed by anything.
body() {
	sed -n "$1p" requests | jq -r .body
}

@test "a long id keeps its digits in the next URL" {
	send -n 1
	expect "URL" "GET /ld/id/$ID" \
		"$(sed -n 2p requests | jq -r '"\(.method) \(.target)"')"
	expect "successes" 4 "$(of_end .ledger.success run.ndjson)"
}

@test "a long id stays a number in a JSON body, and text within text" {
	send -n 1
	expect "body" "{\"whole\":$ID,\"within\":\"no. $ID!\",\"own\":$ID}" \
		"$(body 3 | tr -d ' ' | sed 's/"no\./"no. /')"
}

@test "a long id keeps its digits in a header and in a plain body" {
	send -n 1
	expect "header" "$ID" "$(sed -n 3p requests | jq -r '.headers["X-Id"]')"
	expect "body" "id=$ID" "$(body 4)"
}

@test "each pass sends the ids that it was given itself" {
	send -n 50 -u 4 --threads 2 -r 1000
	expect "successes" 800 "$(of_end .ledger.success run.ndjson)"
	counts | jq -e '[.by | to_entries[] | select(.key|startswith("GET /ld/id/"))]
	    | length == 200 and all(.[]; .value == 1)'
}

@test "an answer without the id fails the tasks that need it, and sends none" {
	start_target
	write_plan
	sed 's|/ld/id"|/json"|' plan.json >other.json
	timeout 20 ld-run -q other.json --var base="$TARGET" -n 2 >run.ndjson
	sed '/"type":"action"/d' run.ndjson >one
	expect_wire "$(server_count)" one
	expect "wire" 2 "$(of_end .ledger.wire run.ndjson)"
	expect "failures" 6 "$(of_end .ledger.failure.value run.ndjson)"
}
