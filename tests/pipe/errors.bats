#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is wrong is said with its place, before anything is sent.

load helper

# refused STATUS TEXT [OPTION...]: ld-run of plan.json ends with this status,
# no output, and one line that is or begins with the text.
refused() {
	local wanted=$1 text=$2 status=0
	shift 2
	timeout 10 ld-run -q "$@" >out 2>err </dev/null || status=$?
	expect "exit status" "$wanted" "$status" || { cat err; return 1; }
	expect "output" 0 "$(wc -c <out)"
	expect "message" "ld-run: $text" \
		"$(head -n 1 err | cut -c "1-$((${#text} + 8))")"
}

# bad PLAN TEXT: input that is refused at its place.
bad() {
	printf '%s' "$1" >plan.json
	refused 4 "$2" plan.json
	expect "lines" 1 "$(wc -l <err)"
}

# bad_task MEMBERS TEXT: the same for one task, whose members are line 3.
bad_task() {
	bad '[["LD_start_test", {"user_detail_dict":
 {"user": "fast_http_user"}, "tasks": [{
'"$1"'}]}]]' "plan.json:3:$2"
}

URL='"request_url":"http://127.0.0.1:1/"'

@test "unknown commands, with the nearest name" {
	bad '[
 ["LD_strat_test", {}]]' \
		"plan.json:2:3: unknown command 'LD_strat_test'; did you mean 'LD_start_test'?"
	bad '{"load_density": [["LD_sumary"]]}' \
		"plan.json:1:20: unknown command 'LD_sumary'; did you mean 'LD_summary'?"
}

@test "commands that run code are refused" {
	local command
	for command in eval exec compile __import__ open input breakpoint; do
		bad "[[\"$command\", [\"1\"]]]" "plan.json:1:3: '$command' is refused"
	done
}

@test "unknown fields of tasks, with the nearest name" {
	bad_task '"method":"get",'"$URL"',"verfy":true' \
		"52: unknown key 'verfy'; did you mean 'verify'?"
	bad_task '"method":"get",'"$URL"',"assertions":[{"type":"status_cde","value":1}]' \
		"74: unknown assertion 'status_cde'; did you mean 'status_code'?"
}

@test "unknown arguments, with the nearest name" {
	bad '[["LD_start_test", {
 "user_cuont": 3, "tasks": []}]]' \
		"plan.json:2:2: unknown key 'user_cuont'; did you mean 'user_count'?"
	bad '[["LD_register_variable", {"nmae": "a", "value": 1}]]' \
		"plan.json:1:28: unknown parameter 'nmae'; did you mean 'name'?"
}

@test "values of a wrong type" {
	bad_task '"method":"get",'"$URL"',"verify":7' \
		"61: 'verify' is true, false, or a CA file"
	bad_task '"method":7,'"$URL" "10: "
	bad '[["LD_start_test", {"user_count": "three", "tasks": []}]]' \
		"plan.json:1:35: 'user_count' is a whole number from 0, not 'three'"
	bad '[["LD_start_test", {"user_count": 2.5, "tasks": []}]]' \
		"plan.json:1:35: 'user_count' is a whole number from 0"
	bad '[["LD_start_test", {"tasks": "get"}]]' "plan.json:1:30: "
}

@test "user types that are misspelt, and those that this build lacks" {
	bad '[["LD_start_test", {
 "user_detail_dict": {"user": "fast_htp_user"}, "tasks": []}]]' \
		"plan.json:2:31: there is no user type 'fast_htp_user'; did you mean 'fast_http_user'?"
	bad '[["LD_start_test", {"user": "htpp_user", "tasks": []}]]' \
		"plan.json:1:29: there is no user type 'htpp_user'; did you mean 'http_user'?"
	bad '[["LD_start_test", {
 "user_detail_dict": {"user": "mongo_user"}, "tasks": []}]]' \
		"plan.json:2:31: user type 'mongo_user' is not in this build"
}

@test "commands and fields that this build lacks are no typing errors" {
	bad '[["LD_persist_records", {"database_path": "x"}]]' \
		"plan.json:1:2: LD_persist_records is not in this build"
	bad_task '"method":"get",'"$URL"',"retry":{"transient":3}' \
		"60: 'retry' is not in this build"
}

@test "every command of the original is known: run, or not in this build" {
	local name
	for name in LD_start_test LD_generate_html LD_generate_json_report \
	    LD_generate_xml_report LD_generate_csv_report \
	    LD_generate_junit_report LD_assert_sla LD_diff_runs LD_lint_action \
	    LD_import_postman LD_start_prometheus_exporter; do
		printf '[["%s"]]' "$name" >plan.json
		ld-run -q plan.json --var x=1 >out 2>err </dev/null || true
		! grep 'unknown command' err
	done
}

@test "variables that nothing sets" {
	bad_task '"method":"get","request_url":"http://127.0.0.1:1/${var.nme}"' \
		"50: no variable 'nme'"
	printf '%s' '[["LD_start_test",{"tasks":[{"method":"get",
		"request_url":"${var.base}/"}]}]]' >plan.json
	refused 4 "plan.json:2:18: no variable 'base'" plan.json --var bse=x
}

@test "CSV files that cannot be read, and columns that they lack" {
	bad '[["LD_start_test", {"csv_sources": [
 {"name": "a", "file_path": "none.csv"}], "tasks": []}]]' \
		"plan.json:2:2: cannot open 'none.csv': No such file or directory"
	bad '[
 ["LD_register_csv_source", {"name": "a", "file_path": "none.csv"}]]' \
		"plan.json:2:2: cannot open 'none.csv': No such file or directory"
	printf 'name,age\nann,3\n' >ages.csv
	bad '[["LD_start_test", {"csv_sources": [{"name": "a", "file_path": "ages.csv"}],
 "tasks": [{"method": "get", "request_url": "http://127.0.0.1:1/${csv.a.nmae}"}]}]]' \
		"plan.json:2:65: "
	grep -F "'name'" err
	printf 'name,age\nann,"3\n' >ages.csv
	bad '[["LD_start_test", {"csv_sources": [{"name": "a", "file_path": "ages.csv"}],
 "tasks": []}]]' "ages.csv:2:5: "
}

@test "JSON that is broken" {
	bad '[["LD_start_test", {"tasks": [{"method": "get",}]}]]' \
		"plan.json:1:48: expected a key after ',', found '}'"
	bad '[["print", "a"],
 ["print", "b]]' "plan.json:2:"
	bad '{"load_density": 3}' \
		"plan.json:1:18: a plan is an array of actions, not a number"
	bad '[["print", 1]] x' "plan.json:1:16: "
	bad '{"load_density": [], "load_density": []}' "plan.json:1:"
	printf '[["print", "\377"]]' >plan.json
	refused 4 "plan.json:1:13: " plan.json
}

@test "a result stream is no plan" {
	bad '{"type":"begin","schema":"ld.result/1","run":"x"}' \
		"plan.json:1:1: this is a result stream, not a plan"
}

@test "a plan stream without its end is 3" {
	printf '%s\n' '{"type":"begin","schema":"ld.plan/1"}' \
		'{"type":"config","user":"fast_http_user"}' \
		'{"type":"task","method":"get",'"$URL"'}' >plan.json
	refused 3 "plan.json" plan.json
	: >empty.json
	refused 3 "empty.json: " empty.json
}

@test "an error in the last run keeps the first from being sent" {
	start_target
	bad '[["LD_start_test", {"passes": 1, "user_count": 1, "tasks": [
 {"method": "get", "request_url": "'"$TARGET"'/get"}]}],
 ["LD_start_test", {"tasks": [{"method": "gte", "request_url": "x"}]}]]' \
		"plan.json:3:42: unknown method 'gte'; did you mean 'GET'?"
	expect "requests" 0 "$(server_count)"
}

@test "command lines that make no sense are 2" {
	echo '[["print", "x"]]' >plan.json
	refused 2 "unknown option '--nosuch'" --nosuch plan.json
	refused 2 "--users: 'none'" -u none plan.json
	refused 2 "--users: " -u 0 plan.json
	refused 2 "--time: " -t 5parsecs plan.json
	refused 2 "--var: 'x' is not NAME=VALUE" --var x plan.json
	refused 2 "--proxy: http_user" --proxy http://127.0.0.1:1 plan.json
	refused 2 "--samples: '2'" --samples 2 plan.json
	refused 2 "--spawn-rate: " -r 0 plan.json
	local status=0
	ld-report smmary plan.json 2>err || status=$?
	expect "exit status" 2 "$status"
	grep "did you mean 'summary'" err
	status=0
	ld-import hra plan.json 2>err || status=$?
	expect "exit status" 2 "$status"
	grep "did you mean 'har'" err
}

@test "when nothing ever connected the status is 6, and says why" {
	local status=0
	timeout 10 ld-run -q -n 2 -u 3 -r 1000 --wait 0 -e "[[\"LD_start_test\",
	    {\"tasks\": [{\"method\": \"get\",
	     \"request_url\": \"http://127.0.0.1:$(dead_port)/\"}]}]]" \
		>run.ndjson 2>err || status=$?
	expect "exit status" 6 "$status"
	grep '^ld-run: nothing ever connected: 6 of 6 failed, mostly refused' err
}

@test "one server of two that answers is enough for 0" {
	start_target
	timeout 10 ld-run -q -n 1 -u 1 -e "[[\"LD_start_test\", {\"tasks\": [
	    {\"method\": \"get\", \"request_url\": \"http://127.0.0.1:$(dead_port)/\"},
	    {\"method\": \"get\", \"request_url\": \"$TARGET/status/500\"}]}]]" >run.ndjson
	expect "failures" '{"refused":1,"status":1}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
}

@test "an action that fails is 1, and the rest is still done" {
	local status=0
	timeout 10 ld-run -q -e '[["LD_generate_html_report", {"html_name": "none/x"}],
	    ["LD_register_variable", {"name": "a", "value": 1}]]' >out 2>err ||
		status=$?
	expect "exit status" 1 "$status"
	expect "actions" '["failed","ok"]' \
		"$(jq -sc 'map(select(.type=="action").status)' out)"
}

# -- hostile text -------------------------------------------------------------

# A name that would end its line, colour a terminal, close its string.
NAME='a\nb\u001b[31m\u2028\"\\ {\"type\":\"end\"}</script><b>'

@test "a hostile name breaks no line of a stream, a report, or the terminal" {
	local format
	start_target
	timeout 10 ld-run -q -n 3 -u 2 -e "[[\"LD_start_test\", {\"tasks\": [
	    {\"method\": \"get\", \"request_url\": \"$TARGET/status/500\",
	     \"name\": \"$NAME\"}]}]]" >all.ndjson
	sed '/"type":"action"/d' all.ndjson >run.ndjson
	expect_balanced run.ndjson
	jq -se --argjson name "\"$NAME\"" 'map(select(.type=="sample"))
	    | length == 6 and all(.[]; .name == $name)' run.ndjson
	for format in text summary html; do
		ld-report "$format" --exit-zero run.ndjson >"out.$format"
		! grep -q $'[\001-\010\013\014\016-\037\177]' "out.$format"
		! grep -q $'\xe2\x80\xa8' "out.$format"
	done
	jq -e --argjson name "\"$NAME\"" '.totals.failures == 6' out.summary
	! grep -q '</script><b>' out.html
}

@test "hostile text in an error is one harmless line" {
	bad '[["LD_start_test", {"tasks": [{"method": "get",
 "request_url": "http://127.0.0.1:1/", "a\nb\u001b[31m\u009b": 1}]}]]' \
		"plan.json:2:40: unknown key 'a"
	! grep -q $'[\001-\010\013-\037\177]' err
	: >$'a\nb\e[31m.json'
	refused 3 "" $'a\nb\e[31m.json'
	expect "lines" 1 "$(wc -l <err)"
	! grep -q $'\e' err
}

@test "credentials in headers and bodies are in no record" {
	start_target --record
	timeout 10 ld-run -n 2 -u 1 --var token=s3cr3t-var -e "[[\"LD_start_test\", {\"tasks\": [
	    {\"method\": \"post\", \"request_url\": \"$TARGET/status/401\",
	     \"headers\": {\"Authorization\": \"Bearer \${var.token}\",
	                   \"Cookie\": \"sid=s3cr3t-sid\"},
	     \"json\": {\"password\": \"s3cr3t-word\"},
	     \"assertions\": [{\"type\": \"status_code\", \"value\": 200}]}]}]]" \
		>run.ndjson 2>err
	# They did go out.
	expect "requests" 2 "$(http GET "$TARGET/ld/requests" |
		grep s3cr3t-var | grep s3cr3t-sid | grep -c s3cr3t-word)"
	! grep s3cr3t run.ndjson err
}

@test "credentials in a URL are refused, and not repeated" {
	bad_task '"method":"get","request_url":"http://joe:s3cr3t@127.0.0.1:1/"' ""
	! grep s3cr3t err
}
