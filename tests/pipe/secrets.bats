#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A canary in every place where a secret may stand, and a look at every byte
# that comes out.

load helper

# What a canary may look like: as it is, in a URL, and (the part that begins
# wherever) in base64.
CANARIES='canary|CANARY|Y2FuYXJ5|NhbmFyeS|jYW5hcnkt|FuYXJ5'

write_plan() {
	cat >secret.json <<-'JSON'
	[["LD_start_test", {"user": "fast_http_user", "user_count": 2, "passes": 2,
	  "wait": 0, "timeout": "3s", "variables": {"password": "canary-variable-1"},
	  "csv_sources": [{"name": "people", "file_path": "people.csv"}],
	  "defaults": {"assertions": [{"type": "json_path", "path": "nowhere", "value": 1}]},
	  "tasks": [
	  {"method": "get", "request_url": "${base}/headers",
	   "headers": {"Authorization": "Bearer ${secret.file}", "X-Api-Key": "canary-header-1"},
	   "assertions": [{"type": "json_path", "path": "headers", "value": 1}]},
	  {"method": "get", "request_url": "${base}/anything?token=canary-query-1&a=${secret.variable}",
	   "assertions": [{"type": "json_path", "path": "url", "value": 1}]},
	  {"method": "post", "request_url": "${base}/post", "data": {"password": "canary form 1", "a": "b"},
	   "assertions": [{"type": "json_path", "path": "form", "value": 1}]},
	  {"method": "post", "request_url": "${base}/post",
	   "json": {"name": "${secret.descriptor}", "token": "canary-\"json\"-1"},
	   "assertions": [{"type": "json_path", "path": "data", "value": 1}]},
	  {"method": "post", "request_url": "${base}/post", "data": "${csv.people.password}",
	   "assertions": [{"type": "json_path", "path": "data", "value": 1}]},
	  {"method": "get", "request_url": "${base}/cookies/set?session=canary-jar-1",
	   "assertions": [{"type": "json_path", "path": "cookies", "value": 1}]},
	  {"method": "get", "request_url": "${base}/cookies", "cookies": {"mug": "canary-mug-1"},
	   "assertions": [{"type": "json_path", "path": "cookies", "value": 1}]},
	  {"method": "get", "request_url": "${base}/headers", "cookies": "mug=canary-mug-2",
	   "assertions": [{"type": "json_path", "path": "headers.Cookie", "value": 1}]},
	  {"method": "get", "request_url": "${base}/headers",
	   "auth": {"type": "basic", "username": "u", "password": "canary-basic-1"},
	   "assertions": [{"type": "json_path", "path": "headers.Authorization", "value": 1}]},
	  {"method": "get", "request_url": "${base}/headers",
	   "auth": {"type": "basic", "username": "us", "password": "${secret.file}"},
	   "assertions": [{"type": "json_path", "path": "headers.Authorization", "value": 1}]},
	  {"method": "get", "request_url": "${base}/response-headers?Set-Cookie=a%3Dcanary-set-1",
	   "assertions": [{"type": "header", "name": "set-cookie", "value": "x"}]},
	  {"method": "get", "request_url": "${base}/ld/answer?body=%7B%22access_token%22%3A%22canary-got-1%22%7D",
	   "name": "log in", "assertions": [], "extract": [{"var": "t", "from": "json_path", "path": "access_token"}]},
	  {"method": "post", "request_url": "${base}/post", "data": "I have ${t}",
	   "assertions": [{"type": "json_path", "path": "data", "value": 1}]},
	  {"method": "get", "request_url": "${base}/status/500", "name": "with ${secret.file} in it"},
	  {"method": "post", "request_url": "${base}/post", "data": "${password}",
	   "assertions": [{"type": "json_path", "path": "data", "value": 1}]}
	  ]}],
	 ["LD_register_variables", {"variables": {"api_key": "canary-key-1", "url": "http://u:canary-url-1@h/"}}],
	 ["print", ["canary-variable-1", {"password": "canary-print-1"}, "http://u:canary-print-2@h/"]],
	 ["LD_summary"],
	 ["LD_generate_html_report", {"html_name": "page"}],
	 ["LD_generate_json_report", {"json_file_name": "doc"}],
	 ["LD_generate_json_report", {"json_file_name": "nowhere/canary-variable-1"}]]
	JSON
	printf 'name,password\nann,canary-row-1\nbob,canary-row-2\n' >people.csv
	printf 'canary-file-1/+"x"\n' >secret.txt
}

# run_plan OUTPUT [OPTION...]
run_plan() {
	local out=$1
	shift
	SECRET_VARIABLE=canary-environment-1 \
		ld-run --secret file=@secret.txt --secret variable=env:SECRET_VARIABLE \
		--secret descriptor=fd:7 --var "base=$TARGET" "$@" secret.json \
		7<<<'canary-descriptor-1' >"$out" 2>"$out.err"
}

# nothing_in FILE...
nothing_in() {
	local file
	for file in "$@"; do
		[ -s "$file" ] || { echo "$file is empty"; return 1; }
		if grep -aEo ".{0,60}($CANARIES).{0,40}" "$file"; then
			echo "in $file"
			return 1
		fi
	done
}

@test "no canary is in any record, report, document or word on a terminal" {
	start_target
	write_plan
	run run_plan run.ndjson --journal run.journal
	expect status 1 "$status"
	# The texts that would have it are there.
	expect failures 56 "$(jq -s '[.[] | select(.type == "sample" and .outcome == "failure" and .text != null)] | length' run.ndjson)"
	for format in $(ld-report --help | sed -n '/^formats:/,/^$/p' | awk 'NF > 1 && /^  [a-z]/ { print $1 }'); do
		ld-report "$format" --exit-zero -o "report.$format" run.ndjson
	done
	ld-report csv --compat --exit-zero -o report.compat run.ndjson
	nothing_in run.ndjson run.ndjson.err run.journal report.* page.html doc.json
	grep -q '\*\*\*' run.ndjson
}

@test "shown on demand, a canary is where it would be, and the stream says so" {
	start_target
	write_plan
	run run_plan run.ndjson --unsafe-show-secrets
	expect status 1 "$status"
	for canary in file-1 environment-1 descriptor-1 header-1 query-1 'form 1' row-1 row-2 \
		jar-1 mug-1 mug-2 got-1 variable-1; do
		grep -q -e "canary-$canary" -e "canary $canary" run.ndjson || {
			echo "not there: $canary"
			return 1
		}
	done
	grep -q canary-print-1 run.ndjson.err
	jq -es 'map(select(.type == "begin"))[0].secrets_shown' run.ndjson
}

@test "no canary is in a command line, an explanation, a plan made dry, or a snapshot" {
	start_target
	write_plan
	ld-run --secret file=@secret.txt --secret variable=env:HOME --secret descriptor=env:PATH \
		--var "base=$TARGET" --explain secret.json >explained
	ld-run --secret file=@secret.txt --secret variable=env:HOME --secret descriptor=env:PATH \
		--var "base=$TARGET" --rate 5/s -n 3 --dry secret.json >dry
	! grep -a 'canary-file' explained dry
	nothing_in explained
	jq 'del(.[0][1].passes) | .[0][1].test_time = 20' secret.json >long.json
	SECRET_VARIABLE=canary-environment-1 ld-run --secret file=@secret.txt \
		--secret variable=env:SECRET_VARIABLE --secret descriptor=@secret.txt \
		--var "base=$TARGET" --progress plain long.json -o long.ndjson 2>long.err 3>&- &
	keep $!
	wait_for grep -q '"interval"' long.ndjson
	tr '\0' ' ' <"/proc/$!/cmdline" >cmdline
	kill -USR1 $!
	wait_for grep -q . long.err
	sleep 0.2
	kill -INT $!
	wait $! || true
	nothing_in cmdline long.ndjson long.err
}

@test "an error that quotes a plan has no secret in it" {
	write_plan
	cat >bad.json <<-'JSON'
	[["LD_start_test", {"user": "null_user", "test_time": "${secret.file}", "tasks": [{"name": "a"}]}]]
	JSON
	run ld-run --secret file=@secret.txt bad.json
	expect status 4 "$status"
	[[ $output == *"bad.json:1:"* ]]
	[[ $output == *"***"* ]]
	[[ $output != *canary* ]]
}

@test "a secret is never taken from the command line" {
	write_plan
	run ld-run --secret file=canary-argument secret.json
	expect status 2 "$status"
	[[ $output == *"never from the command line"* ]]
	[[ $output != *canary* ]]
}

@test "what a secret needs is said: a name, a source, length, and to be given once" {
	write_plan
	printf ab >short
	run ld-run --secret x=@short secret.json
	expect status 2 "$status"
	[[ $output == *"shorter than 4 bytes"* ]]
	run ld-run --secret x=@nowhere secret.json
	expect status 4 "$status"
	[[ $output == *"nowhere: No such file"* ]]
	run ld-run --secret x=env:LD_NOBODY_SETS_THIS secret.json
	expect status 2 "$status"
	[[ $output == *"no variable 'LD_NOBODY_SETS_THIS'"* ]]
	run ld-run --secret x=fd:99 secret.json
	expect status 4 "$status"
	run ld-run --secret x=@secret.txt --secret x=@secret.txt secret.json
	expect status 2 "$status"
	[[ $output == *"given twice"* ]]
	run ld-run --secret =@secret.txt secret.json
	expect status 2 "$status"
}

@test "a secret that nobody gave is an error with its place and the nearest name" {
	write_plan
	run ld-run --secret fil=@secret.txt --secret variable=@secret.txt \
		--secret descriptor=@secret.txt --var base=http://127.0.0.1:1 secret.json
	expect status 4 "$status"
	[[ $output == *"secret.json:"*"no secret 'file'; did you mean 'fil'?"* ]]
}

@test "with a secret in memory no core is left" {
	write_plan
	cat >null.json <<-'JSON'
	[["LD_start_test", {"user": "null_user", "user_count": 1, "test_time": 20, "tasks": [{"name": "a"}]}]]
	JSON
	ld-run --secret file=@secret.txt null.json -o null.ndjson 2>/dev/null 3>&- &
	keep $!
	wait_for grep -q '"begin"' null.ndjson
	grep -E 'Max core file size +0 +0' "/proc/$!/limits"
}

@test "${secret:NAME} is another spelling" {
	start_target
	cat >two.json <<-'JSON'
	[["LD_start_test", {"user": "fast_http_user", "user_count": 1, "passes": 1, "tasks": [
	 {"method": "post", "request_url": "${base}/post", "data": "${secret:file}",
	  "assertions": [{"type": "json_path", "path": "data", "value": "${secret.file}"}]}]}]]
	JSON
	printf 'canary-file-1\n' >secret.txt
	ld-run --secret file=@secret.txt --var "base=$TARGET" two.json -o two.ndjson
	expect outcome success "$(jq -r 'select(.type == "sample").outcome' two.ndjson)"
	nothing_in two.ndjson
}
