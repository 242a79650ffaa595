#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# From a recording to a report in one pipe.

load helper

# The laws of a plan stream that an importer wrote.
expect_plan() {
	jq -se '.[0].type == "begin" and .[0].schema == "ld.plan/1"
	    and .[1].type == "config" and .[-1].type == "end"
	    and (map(select(.type=="begin" or .type=="end" or .type=="config"))
	        | length == 3)
	    and .[-1].tasks == (map(select(.type=="task")) | length)
	    and .[-1].losses == (map(select(.type=="loss")) | length)
	    and all(.[] | select(.type=="loss"); .place != "" and .why != "")
	    and all(.[] | select(.type=="task");
	        (.method | IN("get", "post", "put", "patch", "delete", "head",
	            "options")) and (.request_url | length > 0))' "$1" >/dev/null
}

# Every URL of a plan stream to $TARGET, whatever server it names.
to_target() {
	jq -c --arg target "$TARGET" 'if .type == "task" then
	    .request_url |= $target
	        + (sub("^[a-z]+://[^/?]*"; "") | sub("^\\?"; "/?"))
	    else . end'
}

# all_of FILE: import, send to $TARGET, report; each part with status 0, the
# tasks of the plan sent once each, as the server counts them.
all_of() {
	local tasks
	ld-import har -q "$1" >plan.ndjson
	expect_plan plan.ndjson || { echo "$1: no plan stream"; return 1; }
	tasks=$(jq -r 'select(.type=="end").tasks' plan.ndjson)
	[ "$tasks" -gt 0 ] || return 0
	reset_counts
	(
		set -o pipefail
		to_target <plan.ndjson |
			timeout 20 ld-run -q -n 1 -u 1 --wait 0 |
			tee stream.ndjson | ld-report html --exit-zero >report.html
	) || { echo "$1: status $?"; return 1; }
	sed '/"type":"action"/d' stream.ndjson >run.ndjson
	expect_wire "$(server_count)" run.ndjson || return
	expect "$1: started" "$tasks" "$(of_end .ledger.started run.ndjson)" || return
	expect "$1: requests" "$tasks" "$(of_end .ledger.wire run.ndjson)" || return
	head -c 15 report.html | grep -qi '^<!doctype html>' || return
	tail -n 1 report.html | grep -q '</html>'
}

@test "recordings that were written for these tests run and are reported" {
	local file
	start_target
	for file in "$srcdir"/tests/data/har/*.har; do
		all_of "$file"
	done
}

@test "recordings of other tools run and are reported" {
	local file cases=${LD_HAR_CASES:-$srcdir/../shared/cases/har}
	[ -d "$cases" ] || skip "no $cases: set LD_HAR_CASES"
	start_target
	for file in "$cases"/*.har; do
		all_of "$file"
	done
}

front() {
	cat <<EOT
  access_log off;
  underscores_in_headers on;
  server {
    listen 127.0.0.1:$1 ssl;
    ssl_certificate cert.pem; ssl_certificate_key key.pem;
    location / { proxy_pass $TARGET; proxy_http_version 1.1;
      proxy_set_header Host \$http_host; }
  }
EOT
}

# start_front HOST...: nginx speaks TLS as these hosts at 127.0.0.1:$FRONT, and
# hands what it is asked to $TARGET.
start_front() {
	local names
	command -v openssl >/dev/null || skip "openssl is not installed"
	names=$(printf ',DNS:%s' "$@")
	openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=front \
		-addext "subjectAltName=${names#,}" -keyout key.pem \
		-out cert.pem 2>openssl.err
	start_nginx front
	FRONT=$NGINX_PORT
}

# What the recording FILE asked for, held against requests and plan.ndjson:
# each difference a line.
differences() {
	jq -rn --slurpfile har "$1" --slurpfile plan plan.ndjson \
		--slurpfile log requests '
	  def target: (.url | sub("^[a-z]+://[^/?#]*"; "") | sub("#.*"; "")
	      | gsub("(?<c>[^ -~])"; .c | @uri)) as $t
	      | if ($t | test("[?]")) or (.queryString // []) == [] then $t
	        else $t + "?" + (.queryString
	            | map(select(.name != "")
	              | "\(.name | @uri)=\(.value | @uri)") | join("&")) end;
	  ($plan | map(select(.type == "loss"
	        and (.what | startswith("an earlier") | not)).place)) as $lost
	  | ($plan | map(select(.type == "task"))) as $tasks
	  | ($plan | map(select(.what == "the entry").place)) as $out
	  | [range($har[0].log.entries | length)
	     | select("log.entries[\(.)].request.url" as $place
	              | $out | index($place) | not)] as $kept
	  | [$kept[] | $har[0].log.entries[.].request] as $asked
	  | if ($asked | length) != ($log | length)
	    then "\($asked | length) recorded, \($log | length) sent"
	    else (range($asked | length) as $i | $asked[$i] as $a | $log[$i] as $l
	      | ($l.headers | with_entries(.key |= ascii_downcase)) as $sent
	      | [["method", ($a.method | ascii_upcase), $l.method],
	         ["target", ($a | target), $l.target],
	         ["Host", ($a.url | capture("://(?<h>[^/?#]*)").h), $sent.host],
	         (($a.headers // []) | to_entries
	           | group_by(.value.name | ascii_downcase) | map(.[-1])[]
	           | select(.value.name | test("^:|^(host|content-length|connection|te|cookie)$"; "i") | not)
	           | "log.entries[\($kept[$i])].request.headers[\(.key)]" as $place
	           | select($lost | index($place) | not)
	           | [.value.name, .value.value, $sent[.value.name | ascii_downcase]]),
	         (if $tasks[$i] | has("json")
	           then ["json", ($a.postData.text | fromjson), ($l.body | fromjson)]
	           elif $a.postData.text // "" != ""
	           then ["text", ($a.postData.text
	               | if $tasks[$i].data | type == "object"
	                 then gsub("%20"; "+") else . end), $l.body]
	           else ["data", $tasks[$i].data // "", $l.body] end)]
	      | .[] | select(.[1] != .[2])
	      | "entry \($i): \(.[0]): recorded \(.[1] | tojson), sent \(.[2] | tojson)") end'
}

@test "recordings go where their hosts are led, and say what they recorded" {
	local file tasks found=0 cases=${LD_HAR_CASES:-$srcdir/../shared/cases/har}
	local -a hosts files=("$srcdir"/tests/data/har/browser.har)
	start_target --record
	[ ! -d "$cases" ] || files+=("$cases"/*.har)
	mapfile -t hosts < <(jq -r '.log.entries[].request.url
	    | capture("://(?<h>[^/:?#]*)").h' "${files[@]}" | sort -u)
	start_front "${hosts[@]}"
	for file in "${files[@]}"; do
		reset_counts
		ld-import har -q "$file" >plan.ndjson
		expect_plan plan.ndjson
		tasks=$(jq -r 'select(.type=="end").tasks' plan.ndjson)
		timeout 20 ld-run -q -n 1 -u 1 --wait 0 --cacert cert.pem \
			--connect-to ":80:${TARGET#http://}" \
			--connect-to ":443:127.0.0.1:$FRONT" plan.ndjson |
			sed '/"type":"action"/d' >run.ndjson
		expect "$file: requests" "$tasks" "$(server_count)"
		expect_wire "$tasks" run.ndjson
		http GET "$TARGET/ld/requests" >requests
		differences "$file" >different
		[ ! -s different ] || { echo "$file:"; cat different; found=1; }
		jq -r --arg file "${file##*/}" 'select(.type == "loss")
		    | "# \($file): \(.place): \(.what): \(.why)"' plan.ndjson >&3
	done
	return "$found"
}

@test "what a browser sent to loopback is sent again, to the byte" {
	start_target --record
	cat >visit.har <<EOT
{"log": {"version": "1.2", "creator": {"name": "by hand", "version": "1"},
 "entries": [
  {"request": {"method": "GET", "url": "$TARGET/get?a=b%20c&d=%C3%A9",
    "headers": [{"name": "X-Note", "value": "one \${two}"}]},
   "response": {"status": 200}},
  {"request": {"method": "POST", "url": "$TARGET/post", "headers": [],
    "postData": {"mimeType": "application/json",
                 "text": "{\"id\":9007199254740993123,\"price\":1.50}"}},
   "response": {"status": 200}},
  {"request": {"method": "PUT", "url": "$TARGET/put",
    "headers": [{"name": "Content-Type", "value": "text/plain"}],
    "postData": {"mimeType": "text/plain", "text": "line one\nline \"two\""}},
   "response": {"status": 200}},
  {"request": {"method": "DELETE", "url": "$TARGET/status/404", "headers": []},
   "response": {"status": 404}}]}}
EOT
	(
		set -o pipefail
		ld-import har visit.har | timeout 20 ld-run -q -n 3 -u 2 -r 1000 |
			tee stream.ndjson | ld-report text --exit-zero >report.txt
	)
	sed '/"type":"action"/d' stream.ndjson >run.ndjson
	expect_wire 24 run.ndjson
	# What the recording saw is asserted, the 404 too.
	expect "successes" 24 "$(of_end .ledger.success run.ndjson)"
	http GET "$TARGET/ld/requests" >requests
	expect "requests" 24 "$(wc -l <requests)"
	sed 's/.*"target":"\([^"]*\)".*"body":\(".*"\),"head_base64":.*/\1 \2/' requests |
		sort | uniq -c | sed 's/^ *//' >found
	sort >wanted <<'EOT'
6 /get?a=b%20c&d=%C3%A9 ""
6 /post "{\"id\":9007199254740993123,\"price\":1.50}"
6 /put "line one\nline \"two\""
6 /status/404 ""
EOT
	diff wanted <(sort found)
	expect "notes" 6 "$(jq -r '.headers["X-Note"] // empty' requests |
		grep -cxF 'one ${two}')"
}

@test "a recording goes to another server by its base" {
	start_target
	ld-import har -q --base shop "$srcdir/tests/data/har/browser.har" >plan.ndjson
	expect_plan plan.ndjson
	jq -se 'map(select(.type=="task").request_url)
	    | all(.[]; startswith("${var.shop}/"))' plan.ndjson
	timeout 20 ld-run -q -n 1 -u 1 --var shop="$TARGET" <plan.ndjson |
		sed '/"type":"action"/d' >run.ndjson
	expect_wire "$(server_count)" run.ndjson
	expect "wire" 4 "$(of_end .ledger.wire run.ndjson)"
}

@test "a document for the original runs as the plan stream does" {
	start_target --record
	# The original has no way to write what looks like a placeholder.
	sed 's/\${/$ {/g; s/%24%7B/%24-%7B/g' "$srcdir/tests/data/har/browser.har" >visit.har
	ld-import har -q --base b visit.har >plan.ndjson
	ld-import har -q --base b --action-json visit.har >plan.json
	timeout 20 ld-run -q -n 1 -u 1 --var b="$TARGET" plan.ndjson >/dev/null
	http GET "$TARGET/ld/requests" >one
	reset_counts
	timeout 20 ld-run -q -n 1 -u 1 --var b="$TARGET" plan.json >/dev/null
	http GET "$TARGET/ld/requests" >two
	[ -s one ]
	diff one two
}

@test "a plan stream that was cut is not run" {
	local status=0
	start_target
	ld-import har -q --base b "$srcdir/tests/data/har/browser.har" |
		sed '$d' >cut.ndjson
	timeout 20 ld-run -q -n 1 -u 1 --var b="$TARGET" cut.ndjson >out 2>err ||
		status=$?
	expect "exit status" 3 "$status"
	[ ! -s out ]
	expect "requests" 0 "$(server_count)"
}

@test "what is no HAR is 4, with its place" {
	local status=0
	printf '{"log": {"entries": [}}' >bad.har
	ld-import har bad.har >out 2>err || status=$?
	expect "exit status" 4 "$status"
	[ ! -s out ]
	grep '^ld-import: bad.har:1:22: ' err
	status=0
	echo '[]' | ld-import har >out 2>err || status=$?
	expect "exit status" 4 "$status"
	[ ! -s out ]
}
