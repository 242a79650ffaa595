#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Command lines of curl in pipes; curl_rows.sh compares what is sent.

load helper

# start_recorder DIR [PATH]: its port in DIR.port.
start_recorder() {
	mkdir -p "$1"
	: >"$1.port"
	"$builddir/tests/peers/recorder" "$@" >"$1.port" 2>"$1.err" 3>&- &
	keep $!
	wait_for has_line "$1.port"
}

@test "a script of a shell runs, with the variables of the environment" {
	start_recorder ours
	cat >script.sh <<'EOF'
#!/bin/sh
# log in, then buy
curl -s -c jar -d "user=$WHO" \
	"http://$SERVER/login" | jq .
curl -s -b jar --json @- "http://$SERVER/cart" <<END
{"who": "$WHO", "n": 2}
END
EOF
	ld-import curl -q script.sh >plan
	WHO=me SERVER=127.0.0.1:$(cat ours.port) timeout 20 \
		ld-run -q -u 1 -n 1 --wait 0 plan >stream
	expect "first" "user=me" "$(cat ours/1.body)"
	expect "second" '{"who": "me", "n": 2}' "$(cat ours/2.body)"
	grep -q '^POST /cart HTTP/1.1' ours/2.head
}
