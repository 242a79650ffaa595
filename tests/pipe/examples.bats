#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The examples, each for a second against a server of our own.

setup() {
	examples="$srcdir/examples"
	cd "$BATS_TEST_TMPDIR"
}

# The ledger of the one run in the stream $1 (a key of it: $2).
ledger() {
	grep '"type":"end"' "$1" | grep -o "\"$2\":[0-9]*" | head -n 1 |
		cut -d : -f 2
}

@test "the recording is a plan of twenty-one tasks and no loss" {
	ld-import har "$examples/shop.har" >plan
	[ "$(grep -c '"type":"task"' plan)" -eq 21 ]
	[ "$(grep -c '"type":"loss"' plan)" -eq 0 ]
	[ "$(grep -c '${var' plan)" -eq 0 ]
}

@test "with --base the recording names its server once, as a default" {
	ld-import har --base base "$examples/shop.har" >plan
	[ "$(grep -c 'http://127.0.0.1:8080' plan)" -eq 1 ]
	grep '"type":"config"' plan |
		grep -q '"variables":{"base":"http://127.0.0.1:8080"}'
	[ "$(grep -c '"request_url":"${var.base}/shop' plan)" -eq 21 ]
}

@test "the recording can be sent again to another server, and every answer is as recorded" {
	ld-import har --base base "$examples/shop.har" >plan
	ld-target sh -c 'ld-run --var "base=$LOAD_DENSITY_TARGET" -u 2 -n 2 \
		-o results plan'
	[ "$(ledger results started)" -eq 84 ]
	[ "$(ledger results success)" -eq 84 ]
}

@test "the demonstration leaves a whole report and a summary" {
	run "$examples/demo.sh" "$examples/shop.har" out.html 2 1s
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"The report: file://$PWD/out.html"* ]]
	[[ "$output" == *"GET /shop/api/products"* ]]
	[ ! -e out.html.new ]
	grep -q '</html>' out.html
}

@test "the demonstration fails when a stage fails, and says which" {
	echo '{"log":{}}' >broken.har
	run "$examples/demo.sh" broken.har out.html 2 1s
	[ "$status" -ne 0 ]
	[[ "$output" == *"demo: 'ld-import har --base base broken.har' ended with status 4"* ]]
	[ ! -e out.html ]
	[ ! -e out.html.new ]
	run "$examples/demo.sh" "$examples/shop.har"
	[ "$status" -eq 2 ]
	run "$examples/demo.sh" "$examples/shop.har" missing/out.html 2 1s
	[ "$status" -ne 0 ]
}

@test "the quick start runs and writes its summary" {
	run ld-target sh -c 'ld-run --var "base=$LOAD_DENSITY_TARGET" -t 1s \
		-u 2 -o results "$1"' sh "$examples/quick-start.json"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(ledger results success)" -eq "$(ledger results started)" ]
	[ "$(ledger results started)" -gt 0 ]
	[ -s smoke.json ]
}

@test "the login flow bears the token that it was given" {
	run ld-target sh -c 'ld-run --var "base=$LOAD_DENSITY_TARGET" -n 2 \
		-u 2 --wait 0 -o results "$1"' sh "$examples/login-flow.json"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(ledger results started)" -eq 16 ]
	[ "$(ledger results success)" -eq 16 ]
}
