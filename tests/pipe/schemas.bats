#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The schemas are schemas, refuse what is wrong, and agree with ld-run.
# (That they accept what the commands write is the last test of every file:
# tests/run-bats.)

bats_require_minimum_version 1.5.0
load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	local name
	for name in plan action result summary report; do
		ld-run --schema "$name" >"$name.json"
	done
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR"/*.json .
	for python in python3 /usr/bin/python3 ''; do
		[ -n "$python" ] || skip "no python3-jsonschema"
		! "$python" -c 'import jsonschema' 2>/dev/null || break
	done
}

validate() {
	"$python" "$srcdir/tests/peers/validate.py" "$@"
}

# What a run of every kind of exchange writes, and a health record with it.
make_stream() {
	cat >plan.json <<-'JSON'
	[["LD_start_test", {"user": "null_user", "user_count": 3, "passes": 2,
	  "wait": 0, "tasks": [{"fail_every": 2}, {"status": 404},
	  {"assertions": [{"type": "status_code", "value": 201}]}]}],
	 ["print", ["a"]], ["LD_generate_summary_report", {"report_name": "/"}]]
	JSON
	ld-run -q plan.json >stream || [ $? = 1 ]
}

@test "each is a schema in draft-07 and in 2020-12" {
	"$python" - *.json <<-'PY'
	import json, sys, jsonschema
	for name in sys.argv[1:]:
	    with open(name) as file:
	        schema = json.load(file)
	    for draft in (jsonschema.Draft7Validator,
	                  jsonschema.Draft202012Validator):
	        draft.check_schema(schema)
	PY
}

@test "they use only keywords that mean the same in both drafts" {
	"$python" - *.json <<-'PY'
	import json, sys
	PLAIN = {"$schema", "$id", "title", "description", "default", "type",
	         "enum", "const", "required", "pattern", "minimum", "maximum",
	         "exclusiveMinimum", "minLength", "minItems", "maxItems"}
	SCHEMA = {"items", "contains", "not", "if", "then", "else",
	          "propertyNames", "additionalProperties"}
	LISTS = {"allOf", "anyOf", "oneOf"}
	MAPS = {"properties", "definitions"}
	def walk(schema, where):
	    if isinstance(schema, bool):
	        return
	    assert isinstance(schema, dict), where
	    if "$ref" in schema:
	        assert len(schema) == 1, where + ": $ref has company"
	        part = root
	        for name in schema["$ref"][2:].split("/"):
	            part = part[name]
	        return
	    for key, value in schema.items():
	        at = where + "/" + key
	        if key in SCHEMA:
	            walk(value, at)
	        elif key in LISTS:
	            for i, item in enumerate(value):
	                walk(item, at + "/%d" % i)
	        elif key in MAPS:
	            for name in value:
	                walk(value[name], at + "/" + name)
	        else:
	            assert key in PLAIN, at
	for name in sys.argv[1:]:
	    with open(name) as file:
	        root = json.load(file)
	    walk(root, name)
	PY
}

@test "their identifiers have the version in the path, and differ" {
	expect "identifiers" 5 "$(jq -r '.["$id"]' *.json | sort -u |
		grep -c '^https://[a-z.]*/schema/ld[.][a-z]*-1[.]json$')"
}

@test "the schemas in doc/schema are those of this build; else: make schemas" {
	local name driver
	for driver in http1 null; do
		jq -e --arg key "$driver.task" '.definitions | has($key)' \
			plan.json >/dev/null ||
			skip "this build has not the driver $driver"
	done
	for name in plan action result summary report; do
		diff "$srcdir/doc/schema/ld.$name-1.json" $name.json
	done
}

@test "doc/schemas.md names every key and every word of the schema of results" {
	local word missing=
	for word in $(jq -r '[.definitions[] | (.properties? // {} | keys[]),
	    (.properties? // {} | .[].enum? // [] | .[]), (.enum? // [] | .[])]
	    | unique[]' result.json); do
		grep -qw -e "$word" "$srcdir/doc/schemas.md" ||
			missing="$missing $word"
	done
	expect "not named" "" "$missing"
}

@test "another name is refused, and so is a plan" {
	run -2 ld-run --schema plna
	[[ "$output" == *"'plna' is not plan, action, result, summary or report"* ]]
	run -2 ld-run --schema plan plan.json
	[[ "$output" == *"--schema leaves a plan no effect"* ]]
}

@test "a schema onto a full disk is 5" {
	[ -w /dev/full ] || skip "no /dev/full"
	run -5 bash -c 'ld-run --schema plan >/dev/full'
}

@test "every record of a run that is changed for the worse is refused" {
	make_stream
	echo '{"type":"message","run":"a","user_type":"null_user","name":"t","user":0,"time_ns":1,"bytes_in":2}' >>stream
	echo '{"type":"verdict","run":"a","outcome":"fail"}' >>stream
	local draft kind
	for draft in '' --2020; do
		validate $draft mutate result stream >out
		for kind in begin sample interval event action message \
		    verdict end; do
			grep -x "# mutated: $kind" out
		done
	done
	jq -se 'any(.type=="sample" and .outcome=="failure") and
	    any(.type=="interval" and (has("name")|not))' stream
}

@test "a sample has a class exactly when it failed, and one key" {
	make_stream
	jq -nc 'first(inputs | select(.outcome=="success"))' stream >good
	jq -nc 'first(inputs | select(.outcome=="failure"))' stream >bad
	validate lines result good bad
	local change
	for change in '.class = "reset"' '.text = ""' '.arrival = 0' \
	    'del(.user)' '.outcome = "failure"' '.outcome = "failed"'; do
		run -1 validate lines result <(jq -c "$change" good)
	done
	for change in 'del(.class)' 'del(.text)' '.class = "unlucky"'; do
		run -1 validate lines result <(jq -c "$change" bad)
	done
	validate lines result <(jq -c '.arrival = .user | del(.user)' good)
}

@test "an unknown type and an unknown key in a ledger are refused" {
	make_stream
	jq -c 'select(.type=="end")' stream >end
	run -1 validate lines result <(jq -c '.type = "ending"' end)
	run -1 validate lines result <(jq -c '.ledger.failure.bad_luck = 1' end)
	run -1 validate lines result <(jq -c '.ledger.shed.spill = -1' end)
	run -1 validate lines result <(jq -c 'del(.ledger.wire)' end)
	run -1 validate lines result <(jq -c '.check.response_ns_sum = 1' end)
	validate lines result end
}

@test "a summary with a key too many, or one too few, is refused" {
	make_stream
	ld-report summary stream >good
	validate text summary good
	local change
	for change in '.more = 1' 'del(.totals)' '.totals.requests = "3"' \
	    '.runs[0].more = 1' 'del(.runs[0].ledger.wire)' \
	    '.runs[0].series[0].response.p50_ms = null' \
	    '.per_name[].service.more = 1' '.schema = "ld.summary/2"'; do
		run -1 validate text summary <(jq "$change" good)
	done
}

@test "ld-run and the schemas agree on what a plan is" {
	local cases="$srcdir/tests/data/schemas/plans" line status closed
	grep -v '^#' "$cases" >wanted
	while IFS= read -r line; do
		status=0
		closed='-u 1 --wait 0'
		case $line in *arrival*) closed= ;; esac
		printf '%b' "${line#* }" | ld-run -q $closed -n 1 \
			--timeout 2s >stream 2>err || status=$?
		case $status in
		4) echo "refuse ${line#* }" ;;
		0 | 1 | 6) echo "accept ${line#* }" ;;
		*) echo "$status ${line#* }" ;;
		esac
	done <wanted >by_ld_run
	diff wanted by_ld_run
	validate verdicts "$cases" >by_draft_07
	diff wanted by_draft_07
	validate --2020 verdicts "$cases" >by_2020_12
	diff wanted by_2020_12
	[ "$(grep -c ^accept wanted)" -gt 20 ]
	[ "$(grep -c ^refuse wanted)" -gt 50 ]
}

@test "the examples are as the schemas say" {
	validate text action "$srcdir"/examples/*.json
	ld-import har "$srcdir/examples/shop.har" >shop.plan
	validate lines plan shop.plan
	ld-import har --action-json "$srcdir/examples/shop.har" >shop.json
	validate text action shop.json
}

@test "what the commands of a test read and write is kept for its end" {
	[ -n "${LD_TEST_STREAMS-}" ] || skip "run-bats keeps nothing here"
	local before after
	before=$(find "$LD_TEST_STREAMS" -type f | wc -l)
	make_stream
	ld-report summary stream >summary
	after=$(find "$LD_TEST_STREAMS" -type f | wc -l)
	# Of ld-run: .cmd .exit .in .out; of ld-report: .cmd .exit .out
	[ $((after - before)) -ge 7 ]
	cat "$LD_TEST_STREAMS"/*.out >kept
	grep -qF "$(tail -n 1 stream)" kept
}

# kept NAME TEXT: as if a command with the process ID 7 had left it.
kept() {
	printf '%s\n' "$2" >"kept/7$1"
}

@test "what is kept and not as the schemas say is noticed, and told" {
	make_stream
	mkdir kept
	printf 'ld-run\0plan.json\0' >kept/7.cmd
	kept .exit 0
	cp stream kept/7-1.out
	cp plan.json kept/7-0.in
	run -0 validate streams kept
	[[ "$output" == *"action 1, result "* ]]

	jq -c 'if .type == "sample" then .surprise = 1 else . end' stream \
		>kept/7-1.out
	run -1 validate streams kept
	[[ "$output" == *"ld-run plan.json:2: not as the schema of result says"* ]]
	cp stream kept/7-1.out

	# The tail of a long stream begins in the middle of a line.
	tail -c 1000 stream >kept/7-1.t0
	run -0 validate streams kept
	sed 's/"reason":"passes"/"reason":7/' kept/7-1.t0 >kept/7-1.t1
	run -1 validate streams kept
	[[ "$output" == *"['reason']"* ]]
	rm kept/7-1.t?

	kept -0.in '[["LD_start_test", {"tsaks": []}]]'
	run -1 validate streams kept
	[[ "$output" == *"not as the schema of action says"* ]]
	# What was refused need not be right.
	rm kept/7-1.out
	kept .exit 4
	run -0 validate streams kept

	kept .exit 0
	printf 'ld-run\0-e\0[["LD_start_tset"]]\0' >kept/7.cmd
	rm kept/7-0.in
	run -1 validate streams kept
	[[ "$output" == *"not as the schema of action says"* ]]

	kept -1.out '{"neither":"of them"}'
	run -1 validate streams kept
	[[ "$output" == *"output that has no schema"* ]]
}
