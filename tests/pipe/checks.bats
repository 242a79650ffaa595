#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Assertions and extractors in a real run: what they read, and whose it is.

load helper

run_tasks() {
	local tasks=$1
	shift
	ld-run -q -r 100000 --wait 0 "$@" -e "[[\"LD_start_test\",
	    {\"user_detail_dict\": {\"user\": \"fast_http_user\"},
	     \"tasks\": $tasks}]]" >stream.ndjson || return
	sed '/"type":"action"/d' stream.ndjson >run.ndjson
	expect_balanced run.ndjson
}

failures() {
	jq -r 'select(.type=="sample" and .outcome=="failure") | .text' run.ndjson
}

@test "every kind of assertion holds where it should" {
	start_target
	run_tasks "[{\"method\":\"post\",\"request_url\":\"$TARGET/post?page=7\",
	    \"json\":{\"id\":12345678901234567890,\"list\":[1,{\"x\":\"y\"}]},
	    \"assertions\":[
	      {\"type\":\"status_code\",\"value\":200},
	      {\"type\":\"contains\",\"value\":\"page\"},
	      {\"type\":\"not_contains\",\"value\":\"nobody said this\"},
	      {\"type\":\"json_path\",\"path\":\"json.list.1.x\",\"value\":\"y\"},
	      {\"type\":\"json_path\",\"path\":\"json.id\",\"value\":12345678901234567890},
	      {\"type\":\"header\",\"name\":\"content-type\",\"value\":\"application/json\"},
	      {\"type\":\"jq\",\"filter\":\".json.list[1].x\",\"value\":\"y\"},
	      {\"type\":\"jq\",\"filter\":\".json.list | length == 2\"},
	      {\"type\":\"regex\",\"pattern\":\"\\\"page\\\": *\\\"7\\\"\"},
	      {\"type\":\"size\",\"min\":10,\"max\":100000},
	      {\"type\":\"time_ms\",\"max\":60000}]}]" -u 3 -n 5
	expect "successes" 15 "$(of_end .ledger.success run.ndjson)"
}

@test "every kind of assertion says why it does not" {
	local kind
	start_target
	while IFS=@ read -r kind want; do
		run_tasks "[{\"method\":\"get\",\"request_url\":\"$TARGET/json\",
		    \"assertions\":[$kind]}]" -u 1 -n 1
		expect "$kind" assertion \
			"$(of_end '.ledger.failure | keys | join(" ")' run.ndjson)"
		[[ $(failures) == *"$want"* ]] || {
			echo "$kind: $(failures)"
			return 1
		}
	done <<-'EOT'
		{"type":"status_code","value":404}@status_code expected 404, got 200
		{"type":"contains","value":"nobody"}@body does not contain 'nobody'
		{"type":"not_contains","value":"{"}@body unexpectedly contains '{'
		{"type":"json_path","path":"a.b","value":1}@json_path a.b expected 1, got null
		{"type":"header","name":"X-Absent","value":"v"}@header X-Absent expected 'v', got None
		{"type":"jq","filter":".nothing"}@jq
		{"type":"jq","filter":"[.[]] | length > 1000"}@jq
		{"type":"regex","pattern":"^nobody$"}@nobody
		{"type":"size","value":1}@size
		{"type":"time_ms","max":0}@time_ms
	EOT
}

@test "each user has what it extracted itself" {
	local threads
	start_target --record
	for threads in 1 3; do
		reset_counts
		run_tasks "[
		    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/id\",
		     \"extract\":[{\"var\":\"a\",\"from\":\"jq\",\"filter\":\".id\"},
		       {\"var\":\"b\",\"from\":\"regex\",\"pattern\":\"([0-9]{19})\"}]},
		    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/id/\${a}\",\"name\":\"mine\"},
		    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/id/\${b}\",\"name\":\"mine too\"}]" \
			-u 7 -n 5 --threads "$threads"
		expect "successes" 105 "$(of_end .ledger.success run.ndjson)"
		# Every id that was handed out came back twice, and no other.
		wait_for is_quiet
		http GET "$TARGET/ld/requests" | jq -r .target |
			sed -n 's,^/ld/id/,,p' | sort | uniq -c |
			awk '$1 != 2 { bad = 1 } END { exit bad || NR != 35 }'
	done
}
