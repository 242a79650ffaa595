#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Redirects, cookies, credentials and bodies, by what a server says that it received.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	start_target --record
	A=$TARGET
}

# second_target: another origin, at $B.
second_target() {
	ld-target --record >second.url 2>second.err 3>&- &
	keep $!
	wait_for has_line second.url
	B=$(cat second.url)
}

# load OPTION...: run plan.json once; its stream in `stream`.
load_once() {
	load_plan -u 1 -n 1 --seed 7 "$@"
}

load_plan() {
	ld-run -q --wait 0 "$@" plan.json >all
	sed '/"type":"action"/d' all >stream
	expect_balanced stream
}

# received URL: the log of a server, one request a line.
received() {
	http GET "$1/ld/requests"
}

# lacks TEXT FILE
lacks() {
	if grep -n "$1" "$2"; then
		echo "$2 holds '$1'"
		return 1
	fi
}

# tasks TASK,... [CONFIG]: make plan.json, a plan stream.
tasks() {
	{
		echo "{\"type\":\"config\"${2:+,$2}}"
		echo "[$1]" | jq -c '.[] | {"type":"task"} + .'
	} >plan.json
}

# samples FILTER: of each sample.
samples() {
	jq -r 'select(.type=="sample") | '"$1" stream
}

@test "a chain of redirects is one sample, and each hop a request" {
	tasks '{"method":"get","url":"'"$A"'/ld/redirect/302/3"}'
	load_once
	expect "hops" 3 "$(samples .hops)"
	expect "wire" 4 "$(samples .wire)"
	expect "status" 200 "$(samples .status)"
	expect "server's count" 4 "$(server_count)"
	expect "connections" 1 "$(counts | jq .connections)"
	expect_wire 4 stream
}

@test "Location may be relative, absolute, or without a scheme" {
	local form
	for form in path relative absolute network; do
		tasks '{"method":"get","url":"'"$A"'/ld/redirect/307/2?form='$form'"}'
		load_once
		expect "$form" "2 200" "$(samples '"\(.hops) \(.status)"')"
	done
}

@test "methods and bodies behind a redirect are those of browsers" {
	local status method want plan= methods="get post put"
	# libcurl sends no body with HEAD.
	! own_transport || methods+=" head"
	for status in 301 302 303 307 308; do
		for method in $methods; do
			plan+=,'{"method":"'$method'","url":"'$A'/ld/redirect/'$status/1'","json":{"a":1}}'
		done
	done
	tasks "${plan#,}"
	load_once
	for status in 301 302 303 307 308; do
		for method in ${methods^^}; do
			want=$method
			case $status$method in
			301POST | 302POST | 303POST | 303PUT) want=GET ;;
			esac
			if [ $want = $method ]; then
				echo "$want /ld/redirect/$status/0 {\"a\":1} application/json"
			else
				echo "$want /ld/redirect/$status/0  null"
			fi
		done
	done >wanted
	received "$A" | jq -r 'select(.target | endswith("/0")) |
		"\(.method) \(.target) \(.body) \(.headers["Content-Type"])"' >found
	diff wanted found
}

@test "redirect_post keeps a POST, and only behind its statuses" {
	tasks '{"method":"post","url":"'"$A"'/ld/redirect/302/1","data":"x","redirect_post":[302]},
	       {"method":"post","url":"'"$A"'/ld/redirect/301/1","data":"x","redirect_post":[302]}'
	load_once
	received "$A" | jq -r 'select(.target | endswith("/0")) | "\(.method) \(.body)"' >found
	printf 'POST x\nGET \n' | diff - found
}

# A task that is sent to A with credentials and redirected to B, or to A.
crossing() {
	tasks '{"method":"get","url":"'"$A"'/redirect-to?status_code=307&url='"$1"'/anything",
	        "auth":{"type":"basic","username":"u","password":"s3cret"},
	        "headers":{"X-Key":"k"},"cookies":"hand=made"'"$2"'}'
	load_once
}

@test "credentials stay with their origin" {
	second_target
	crossing "$B" ''
	received "$B" | jq -e '.headers | has("Authorization") or has("Cookie") | not'
	received "$B" | jq -e '.headers["X-Key"] == "k"'
	expect "Host" "${B#http://}" "$(received "$B" | jq -r .headers.Host)"
	crossing "$A" ''
	received "$A" | tail -1 |
		jq -e '.headers | has("Authorization") and .Cookie == "hand=made"'
	http POST "$B/ld/reset"
	crossing "$B" ',"trust_redirects":true'
	received "$B" | jq -e '.headers | has("Authorization") and has("Cookie")'
	lacks s3cret stream
}

@test "no cookie of the jar goes to another origin where the plan wants none" {
	second_target
	local answer="/ld/answer?status=302&header=Set-Cookie:%20t%3D1;Path%3D/"
	answer+="&header=Location:%20$B/anything"
	tasks '{"method":"get","url":"'"$A$answer"'"}'
	load_once
	expect "cookie" "t=1" "$(received "$B" | jq -r .headers.Cookie)"
	http POST "$B/ld/reset"
	tasks '{"method":"get","url":"'"$A$answer"'","headers":{"Cookie":null}}'
	load_once
	received "$B" | jq -e '.headers | has("Cookie") | not'
}

@test "too many redirects, and impossible ones, fail with their status" {
	tasks '{"method":"get","url":"'"$A"'/ld/redirect/302/5","max_redirects":4},
	       {"method":"get","url":"'"$A"'/ld/redirect/302/4","max_redirects":4},
	       {"method":"get","url":"'"$A"'/redirect-to?url=ftp://x/"},
	       {"method":"get","url":"'"$A"'/ld/redirect/302/1","allow_redirects":false},
	       {"method":"get","url":"'"$A"'/status/302"}'
	load_once
	samples '"\(.class // "-") \(.status) \(.hops // 0)"' >found
	printf '%s\n' 'redirect 302 4' '- 200 4' 'redirect 302 0' '- 302 0' \
		'- 200 2' | diff - found
	expect "text" "more than 4 redirects" "$(samples '.text // empty' | head -1)"
}

@test "each user has cookies of its own" {
	tasks '{"method": "get", "url": "'"$A"'/uuid",
	        "extract": [{"var": "id", "path": "uuid"}]},
	       {"method": "get", "url": "'"$A"'/cookies/set?sid=${id}",
	        "assertions": [{"type": "json_path", "path": "cookies.sid", "value": "${id}"}]},
	       {"method": "get", "url": "'"$A"'/cookies",
	        "assertions": [{"type": "json_path", "path": "cookies.sid", "value": "${id}"}]},
	       {"method": "get", "url": "'"$A"'/cookies/delete?sid"},
	       {"method": "get", "url": "'"$A"'/cookies",
	        "assertions": [{"type": "json_path", "path": "cookies.sid"}]}' \
		'"user_count": 5, "spawn_rate": 1000'
	load_plan -n 3
	expect "successes" 75 "$(of_end .ledger.success stream)"
	expect "cookies" 15 "$(received "$A" | jq -r 'select(.target=="/cookies")
		| .headers.Cookie // empty' | sort -u | wc -l)"
}

@test "cookies of the plan go into the jar" {
	tasks '{"method":"get","url":"'"$A"'/get","cookies":{"lang":"de","n":"${randint(4,4)}"}},
	       {"method":"get","url":"'"$A"'/get"},
	       {"method":"get","url":"'"$A"'/get","headers":{"Cookie":null}},
	       {"method":"get","url":"'"$A"'/ld/answer?header=Set-Cookie:%20lang%3Dfr;%20Path%3D/"},
	       {"method":"get","url":"'"$A"'/get"}'
	load_once
	received "$A" | jq -r 'select(.target=="/get") | .headers.Cookie' >found
	printf '%s\n' 'lang=de; n=4' 'lang=de; n=4' null 'lang=fr; n=4' |
		diff - found
}

@test "a cookie set by a redirect goes to where it leads" {
	tasks '{"method":"post","url":"'"$A"'/ld/answer?status=303&header=Set-Cookie:%20t%3D1&header=Location:%20../anything","data":{"u":"x"}}'
	load_once
	received "$A" | tail -1 | jq -r '"\(.method) \(.target) \(.headers.Cookie)"' >found
	echo 'GET /anything null' | diff - found
	tasks '{"method":"get","url":"'"$A"'/ld/answer?status=302&header=Set-Cookie:%20t%3D1;Path%3D/&header=Location:%20../anything"}'
	load_once
	expect "cookie" "t=1" "$(received "$A" | tail -1 | jq -r .headers.Cookie)"
}

@test "a session that is fresh has no cookies of the one before" {
	tasks '{"method":"get","url":"'"$A"'/cookies/set?a=1","allow_redirects":false},
	       {"method":"get","url":"'"$A"'/cookies"}' \
		'"arrival":{"rate":200,"limit":1}'
	ld-run -q -n 20 plan.json >stream
	received "$A" | jq -r '"\(.target) \(.headers.Cookie)"' | sort | uniq >found
	printf '%s\n' '/cookies a=1' '/cookies/set?a=1 null' | diff - found
}

@test "files arrive as they were read" {
	printf 'a\0b\r\n"\xff' >bytes.bin
	tasks '{"method":"post","url":"'"$A"'/post","data":{"k":"v"},"files":{
	         "one":"bytes.bin","two":{"content":"${randint(5,5)}","filename":"n.txt"}}},
	       {"method":"put","url":"'"$A"'/put","data_file":"bytes.bin"},
	       {"method":"put","url":"'"$A"'/put","data_base64":"'"$(base64 <bytes.bin)"'"}'
	load_once
	rm bytes.bin
	received "$A" >log
	jq -r .body_base64 log | sed -n 2p | base64 -d | od -c >two
	jq -r .body_base64 log | sed -n 3p | base64 -d | od -c >three
	printf 'a\0b\r\n"\xff' | od -c | tee want | diff - two
	diff want three
	jq -r .body_base64 log | head -1 | base64 -d >form
	grep -qa 'name="one"; filename="bytes.bin"' form
	grep -qa 'name="two"; filename="n.txt"' form
	[ "$(grep -ca '^5' form)" = 1 ]
	cp form before
	printf 'a\0b\r\n"\xff' >bytes.bin
	load_once
	received "$A" | tail -3 | head -1 | jq -r .body_base64 | base64 -d | cmp - before
}

@test "a body waits for 100, for a second, or is not sent at all" {
	local h='"headers":{"Expect":"100-continue"},"data":"body"'
	tasks '{"method":"post","url":"'"$A"'/post",'"$h"'},
	       {"method":"post","url":"'"$A"'/ld/no-continue",'"$h"'},
	       {"method":"post","url":"'"$A"'/ld/early/413",'"$h"'},
	       {"method":"post","url":"'"$A"'/ld/early/417",'"$h"'}'
	load_once
	samples '"\(.status) \(.attempts // 1) \(.wire // 1)"' >found
	printf '%s\n' '200 1 1' '200 1 1' '413 1 0' '417 2 1' | diff - found
	samples '(.send_ns // 0) + .ttfb_ns' | sed -n 2p >waited
	[ "$(cat waited)" -ge 900000000 ]
	received "$A" | jq -r '"\(.target) \(.body) \(.headers.Expect)"' >found
	printf '%s\n' '/post body 100-continue' '/ld/no-continue body 100-continue' \
		'/ld/early/417 body null' | diff - found
}

@test "a server may close without a word, and trailers are no matter" {
	tasks '{"method":"get","url":"'"$A"'/ld/close-after/2"},
	       {"method":"get","url":"'"$A"'/ld/answer?body=hi&trailer=X-T:%20y",
	        "assertions":[{"type":"contains","value":"hi"}]}'
	load_plan -u 1 -n 20
	expect "successes" 40 "$(of_end .ledger.success stream)"
	expect "failures" '{}' "$(of_end '.ledger.failure|tojson' stream)"
}

@test "requests look as the plan says, to the byte" {
	tasks '{"method":"Purge","url":"'"$A"'/x","request_target":"/ld/raw/a?b","http_version":"1.0",
	        "headers":{"User-Agent":null,"Accept":null,"Accept-Encoding":null,"X":"y"}}'
	load_once
	received "$A" | jq -r .head_base64 | base64 -d >found
	printf 'Purge /ld/raw/a?b HTTP/1.0\r\nHost: %s\r\nX: y\r\n\r\n' \
		"${A#http://}" | cmp - found
}

# bats test_tags=fast_http_user
@test "a proxy is refused, and whose it will be is said" {
	tasks '{"method":"get","url":"'"$A"'/get","proxy":"http://127.0.0.1:1"}'
	local status=0
	ld-run -q plan.json 2>err || status=$?
	expect "exit status" 4 "$status"
	grep "http_user is the user type" err
	expect "requests" 0 "$(server_count)"
}
