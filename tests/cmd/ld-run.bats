#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ld-run: the command line, seen from outside.

@test "a bad duration names the option and the value" {
	run ld-run --timeout 10parsecs </dev/null
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "ld-run: --timeout: '10parsecs' is not a duration such as 250ms or 10s: the units are d, h, m, s, ms, us and ns" ]
	run ld-run --rate 5/sec </dev/null
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == *"'5/sec' is not a rate"*"the units are /s, /m, /h and /d" ]]
}

@test "an option by the name that it has elsewhere is answered with ours" {
	local pair
	for pair in user-count=users vus=users duration=time rps=rate out=output; do
		run ld-run "--${pair%=*}" 3 </dev/null
		[ "$status" -eq 2 ]
		[ "${lines[0]}" = "ld-run: unknown option '--${pair%=*}'; did you mean '--${pair#*=}'?" ]
	done
}

@test "commands of curl are no plan, and the error names the importer" {
	run bash -c 'echo "curl http://127.0.0.1/" | ld-run'
	[ "$status" -eq 4 ]
	[[ "${lines[0]}" == "ld-run: -:1:1: no plan: ld-import curl makes one"* ]]
}

@test "a count of zero, a rate of zero and a share above one are refused" {
	run ld-run -n 0 </dev/null
	[ "$status" -eq 2 ]
	run ld-run -r 0 </dev/null
	[ "$status" -eq 2 ]
	run ld-run --samples 1.5 </dev/null
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == "ld-run: --samples: '1.5' is not "* ]]
}

@test "a variable without a value is refused" {
	run ld-run --var name </dev/null
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "ld-run: --var: 'name' is not NAME=VALUE" ]
}

@test "an option without effect is refused" {
	run ld-run -q --progress plain </dev/null
	[ "$status" -eq 2 ]
}

@test "a missing plan is bad input" {
	run ld-run /nonexistent/plan.json
	[ "$status" -eq 4 ]
	[[ "$output" == *"/nonexistent/plan.json"* ]]
}

@test "a broken plan is told with its place" {
	echo '[["LD_start_test", }]' >"$BATS_TEST_TMPDIR/p.json"
	run ld-run "$BATS_TEST_TMPDIR/p.json"
	[ "$status" -eq 4 ]
	[[ "$output" == "ld-run: $BATS_TEST_TMPDIR/p.json:1:20: "* ]]
}

@test "an output that is a plan is refused and stays whole" {
	echo '[["LD_clear_records"]]' >"$BATS_TEST_TMPDIR/p.json"
	run ld-run "$BATS_TEST_TMPDIR/p.json" -o "$BATS_TEST_TMPDIR/p.json"
	[ "$status" -eq 2 ]
	[ "$(cat "$BATS_TEST_TMPDIR/p.json")" = '[["LD_clear_records"]]' ]
	run ld-run "$BATS_TEST_TMPDIR" -o "$BATS_TEST_TMPDIR/p.json"
	[ "$status" -eq 2 ]
}

@test "print without arguments prints an empty line" {
	run ld-run -o /dev/null -e '[["print"]]'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "an output below a directory of plans is refused and stays whole" {
	mkdir -p "$BATS_TEST_TMPDIR/plans/sub"
	echo '[["LD_clear_records"]]' >"$BATS_TEST_TMPDIR/plans/sub/p.json"
	run ld-run "$BATS_TEST_TMPDIR/plans" \
	    -o "$BATS_TEST_TMPDIR/plans/sub/p.json"
	[ "$status" -eq 2 ]
	[ "$(cat "$BATS_TEST_TMPDIR/plans/sub/p.json")" = '[["LD_clear_records"]]' ]
}

@test "operands come first, then file, directory, string, and inline plans" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p dir/sub
	echo '[["print", ["operand"]]]' >operand.json
	echo '[["print", ["file"]]]' >file.json
	echo '[["print", ["dir a"]]]' >dir/a.json
	echo '[["print", ["dir sub"]]]' >dir/sub/a.json
	run ld-run -o /dev/null -e '[["print", ["inline"]]]' \
	    --execute_str '[["print", ["string"]]]' --execute_dir dir \
	    --execute_file file.json operand.json
	[ "$status" -eq 0 ]
	[ "$output" = "operand
file
dir a
dir sub
string
inline" ]
}

@test "print writes as Python does" {
	run ld-run -o /dev/null -e '[["print", ["a", null, true, 1.0, [1, "b"],
	    {"k": false}]], ["print"]]'
	[ "$status" -eq 0 ]
	[ "$output" = "a None True 1.0 [1, 'b'] {'k': False}" ]
}

@test "an action that fails lets the rest run, and exits 1" {
	run ld-run -e '[["ord", ["ab"]], ["len", ["ab"]]]'
	[ "$status" -eq 1 ]
	[[ "$output" == *'"command":"len","status":"ok","value":2}'* ]]
	[[ "$output" == *"ld-run: -e:1:11: ord: a string of one character is wanted"* ]]
}

@test "what a plan prints cannot steer the terminal" {
	run ld-run -o /dev/null -e '[["print", ["a\u001b[31mb\tc\nd\u202ee"]]]'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'a\x1b[31mb'$'\t''c' ]
	[ "${lines[1]}" = 'd\u{202E}e' ]
}

@test "a NUL cannot cut the name of a report short" {
	run ld-run -o /dev/null -e '[["LD_generate_html_report", ["a\u0000b"]]]'
	[ "$status" -eq 4 ]
	[[ "$output" == *"'html_name' is to be a string without NUL"* ]]
}

@test "a report has the mode that the umask leaves, and no file stays beside it" {
	cd "$BATS_TEST_TMPDIR"
	umask 077
	run ld-run -o /dev/null -e '[["LD_start_test",
	    {"user": "null_user", "user_count": 1, "passes": 1, "tasks": [{}]}],
	    ["LD_generate_html_report", ["page"]]]'
	[ "$status" -eq 0 ]
	[ "$(ls)" = page.html ]
	[ "$(stat -c %a page.html)" = 600 ]
}

@test "files that multiply each other are refused soon" {
	cd "$BATS_TEST_TMPDIR"
	for i in 1 2 3 4 5 6 7 8; do
		n=$((i + 1)).json
		echo "[[\"LD_execute_files\", [[\"$n\", \"$n\", \"$n\"]]]]" >$i.json
	done
	echo '[["LD_clear_resolver"]]' >9.json
	run ld-run -o /dev/null 1.json
	[ "$status" -eq 4 ]
	[[ "$output" == *"more than 1000 documents"* ]]
}

@test "a run that accepts any certificate is marked, in the report too" {
	task='{"method": "get", "url": "https://127.0.0.1:1/", "verify": false}'
	run ld-run -u 1 -n 1 -o "$BATS_TEST_TMPDIR/r" \
	    -e "[[\"LD_start_test\", {\"tasks\": [$task]}]]"
	[ "$status" -eq 6 ]
	grep -q '^{"type":"begin".*"tls_verify":false' "$BATS_TEST_TMPDIR/r"
	run ld-report text --exit-zero "$BATS_TEST_TMPDIR/r"
	[ "$status" -eq 0 ]
	[[ "$output" == *"Certificates were not checked"* ]]
}

@test "a third signal ends it even when its reader neither reads nor leaves" {
	mkfifo "$BATS_TEST_TMPDIR/stuck"
	sleep 30 <"$BATS_TEST_TMPDIR/stuck" &
	reader=$!
	ld-run -q -e '[["LD_start_test", {"user_detail_dict": {"user": "null_user"},
		"user_count": 4, "spawn_rate": 1000, "wait": 0, "test_time": null,
		"tasks": [{"name": "a"}]}]]' >"$BATS_TEST_TMPDIR/stuck" &
	runner=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.3
		kill -TERM "$runner" 2>/dev/null || break
	done
	wait "$runner" && status=0 || status=$?
	kill "$reader"
	[ "$status" -eq 143 ]
}

@test "--drivers lists every user type, and those that this build can drive" {
	run -0 ld-run --drivers </dev/null
	[ "${#lines[@]}" -ge 13 ]
	[[ "$output" == *$'\nfast_http_user    http1      built in    '* ]]
	[ "$(grep -c 'not in this build$' <<<"$output")" -gt 0 ]
	# What is listed as there is what a plan may ask for.
	awk 'NR > 1 && $3 != "-" { print $1 }' <<<"$output" | sort >"$BATS_TEST_TMPDIR/listed"
	ld-run --version --json | jq -r '.drivers[][]' | sort >"$BATS_TEST_TMPDIR/told"
	diff "$BATS_TEST_TMPDIR/listed" "$BATS_TEST_TMPDIR/told"
}

@test "--help-driver takes a user type or a driver, and tells of every field" {
	run -0 ld-run --help-driver fast_http_user </dev/null
	cp /dev/stdin "$BATS_TEST_TMPDIR/user" <<<"$output"
	[ "${lines[0]}" = "http1 - HTTP/1.1 on the toolkit's own transport" ]
	[[ "$output" == *"request_url, url <text> "* ]]
	[[ "$output" == *$'[30]\n'* ]]
	run -0 ld-run --help-driver http1 </dev/null
	diff "$BATS_TEST_TMPDIR/user" - <<<"$output"
	awk 'length > 79' <<<"$output" | diff /dev/null -
}

@test "--help-driver of no driver tells the nearest, of one left out says so" {
	run ld-run --help-driver fast_http_usr </dev/null
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == *"no user type 'fast_http_usr'; did you mean 'fast_http_user'?" ]]
	run ld-run --help-driver kafka_user </dev/null
	[ "$status" -eq 2 ] && [[ "${lines[0]}" == *"kafka_user"*"this build"* ]]
	run ld-run --drivers --help-driver null_user </dev/null
	[ "$status" -eq 2 ] && [[ "${lines[0]}" == *"exclude each other" ]]
	run ld-run --drivers x.plan </dev/null
	[ "$status" -eq 2 ] && [[ "${lines[0]}" == *"--drivers leaves a plan no effect" ]]
}
