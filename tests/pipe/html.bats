#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The page, in a browser that has no network, as people and screen readers get
# it.

load helper

axe() {
	node "$srcdir/tests/peers/axe.mjs" "$srcdir/tests/npm" "$@"
}

needs_browser() {
	command -v node >/dev/null || skip "no node"
	command -v chromium >/dev/null || skip "no chromium"
	[ -d "$srcdir/tests/npm/node_modules/axe-core" ] || skip "npm's axe-core is not installed"
	unset LD_PRELOAD # the browser is no command of ours
}

# A run with failures of several classes and hostile names, in two series.
make_stream() {
	start_target
	ld-run -q -o "$1" -e "[[\"LD_start_test\",{\"user\":\"fast_http_user\",\"user_count\":5,\"passes\":60,\"wait\":\"1ms\",\"tasks\":[
	  {\"method\":\"get\",\"request_url\":\"$TARGET/get\"},
	  {\"method\":\"get\",\"request_url\":\"$TARGET/status/503\",\"name\":\"<script>alert(1)</script>\\\"'onmouseover=alert(2)\"},
	  {\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/garbage\",\"name\":\"<img src=http://127.0.0.1:1/x.png onerror=alert(3)>\"}]}]]"
}

@test "no error, no request, no active element, no serious fault of accessibility" {
	local t
	needs_browser
	make_stream good
	jq -c 'if .type == "end" then .validity = {state: "invalid", reasons: ["</title><script>alert(4)</script>"], rules: []} else . end' good >bad
	head -n 100 good >torn
	grep '"type":"sample"' good >fragment
	cat good bad >two
	for t in good bad torn fragment two; do
		ld-report html --exit-zero --title "</title><svg onload=alert(5)>" -o "$t.html" "$t"
	done
	run axe good.html bad.html torn.html fragment.html two.html
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "what it looks for is found" {
	needs_browser
	cat >faulty.html <<'EOT'
<!DOCTYPE html><html><head><title></title></head><body>
<img src="http://127.0.0.1:1/x.png"><a href="http://127.0.0.1:1/">x</a>
<p onclick="x()" style="color:#eee;background:#fff;width:3000px">pale</p><script>throw new Error("no")</script></body></html>
EOT
	run axe faulty.html
	[ "$status" -eq 1 ]
	[[ "$output" == *"asks for http://127.0.0.1:1/x.png"* ]]
	[[ "$output" == *"script: no"* ]]
	[[ "$output" == *"1 active elements, 1 handlers"* ]]
	[[ "$output" == *"a link to http://127.0.0.1:1/"* ]]
	[[ "$output" == *"pixels wider than a window"* ]]
	[[ "$output" == *"critical image-alt"* ]]
	[[ "$output" == *"serious color-contrast"* ]]
}
