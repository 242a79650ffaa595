#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What http_user has and fast_http_user has not: HTTP/2, proxies, digest; with
# servers of others.

load ../pipe/helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# run_task MEMBERS [OPTION...]: one task of http_user; the stream in `stream`.
run_task() {
	local status=0
	printf '{"type":"task","method":"get",%s}\n' "$1" >task.plan
	shift
	timeout 60 ld-run -q --user http_user "$@" task.plan >all \
		2>run.err || status=$?
	sed '/"type":"action"/d' all >stream
	expect_balanced stream
	return "$status"
}

outcomes() {
	jq -c 'select(.type == "end").ledger | {success, failure}' stream
}

# -- HTTP/2 -------------------------------------------------------------------

versions() {
	cat <<EOT
  access_log off;
  server {
    listen 127.0.0.1:$1 ssl http2;
    ssl_certificate good.pem; ssl_certificate_key good.pem;
    location / { return 200 "\$server_protocol \$http_host \$http_x_empty.\n"; }
    location /hop { return 302 /landed; }
    location = /none { return 204; }
    location = /big { root .; }
  }
EOT
}

start_versions() {
	"$builddir/tests/peers/tls-peer" files
	head -c 300000 /dev/zero | tr '\0' x >big
	start_nginx versions
	URL=https://127.0.0.1:$NGINX_PORT
}

# asserts TEXT: the body holds it.
asserts() {
	printf '"assertions":[{"type":"contains","value":"%s"}]' "$1"
}

@test "HTTP/2 is chosen by ALPN, and another version by the plan" {
	start_versions
	run_task "\"url\":\"$URL/\",$(asserts "HTTP/2.0 127.0.0.1:$NGINX_PORT .")" \
		--cacert ca.pem -u 2 -n 5
	expect outcomes '{"success":10,"failure":{}}' "$(outcomes)"
	run_task "\"url\":\"$URL/\",\"http_version\":\"2\",$(asserts HTTP/2.0)" \
		--cacert ca.pem -u 2 -n 5
	expect outcomes '{"success":10,"failure":{}}' "$(outcomes)"
	run_task "\"url\":\"$URL/\",\"http_version\":\"1.1\",$(asserts HTTP/1.1)" \
		--cacert ca.pem -u 1 -n 2
	expect outcomes '{"success":2,"failure":{}}' "$(outcomes)"
	run_task "\"url\":\"$URL/\",\"http_version\":\"1.0\",$(asserts HTTP/1.0)" \
		--cacert ca.pem -u 1 -n 2
	expect outcomes '{"success":2,"failure":{}}' "$(outcomes)"
}

@test "HTTP/2 has bodies, redirects, empty answers and headers as HTTP/1 has" {
	start_versions
	cat >task.plan <<-EOT
	{"type":"task","method":"get","url":"$URL/big"}
	{"type":"task","method":"get","url":"$URL/hop",$(asserts HTTP/2.0)}
	{"type":"task","method":"get","url":"$URL/none"}
	{"type":"task","method":"head","url":"$URL/big"}
	{"type":"task","method":"get","url":"$URL/","assertions":[{"type":"header","name":"Content-Type","value":"text/plain"}]}
	{"type":"task","method":"post","url":"$URL/","data":"$(head -c 60000 /dev/zero | tr '\0' y)"}
	EOT
	timeout 60 ld-run -q --user http_user --cacert ca.pem -u 1 -n 2 --wait 0 \
		task.plan >stream 2>run.err || { cat run.err; return 1; }
	expect outcomes '{"success":12,"failure":{}}' "$(outcomes)"
	jq -r 'select(.type == "sample") | "\(.task) \(.status) \(.hops // 0) \(.bytes_in > 300000)"' \
		stream | sort -u >found
	diff - found <<-EOT
	0 200 0 true
	1 200 1 false
	2 204 0 false
	3 200 0 false
	4 200 0 false
	5 200 0 false
	EOT
}

@test "HTTP/2 that is asked for and not had is a failure, and not over plain TCP" {
	"$builddir/tests/peers/tls-peer" files
	start_target --listen https
	https=$(sed -n 's/.*\(https:.*\)/\1/p' target.url)
	TARGET=$(head -n 1 target.url)
	run_task "\"url\":\"$https/get\",\"http_version\":\"2\",\"verify\":false" \
		-u 1 -n 1 || true
	expect outcomes '{"success":0,"failure":{"protocol":1}}' "$(outcomes)"
	jq -r '.text // empty' stream | grep -q 'did not choose HTTP/2'
	run_task "\"url\":\"$TARGET/get\",\"http_version\":\"2\"" -u 1 -n 1 && return 1
	grep -q 'task.plan:1:.*HTTP/2 over TLS only' run.err
}

# -- proxies ------------------------------------------------------------------

is_up() {
	(exec 9<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# start_tinyproxy [LINE...]: at 127.0.0.1:$PROXY.
start_tinyproxy() {
	command -v tinyproxy >/dev/null || skip "tinyproxy is not installed"
	PROXY=$(dead_port)
	printf '%s\n' "Port $PROXY" 'Listen 127.0.0.1' 'Allow 127.0.0.1' \
		'Timeout 20' 'MaxClients 50' 'LogLevel Info' "$@" >tinyproxy.conf
	tinyproxy -d -c tinyproxy.conf >tinyproxy.log 2>&1 3>&- &
	keep $!
	wait_for is_up "$PROXY"
}

@test "an HTTP proxy passes requests on, and is a tunnel for https" {
	"$builddir/tests/peers/tls-peer" files
	start_versions
	start_target --record
	start_tinyproxy
	run_task "\"url\":\"$TARGET/get?a=b\",\"proxy\":\"http://127.0.0.1:$PROXY\",\"headers\":{\"X-Mine\":\"1\"}" \
		-u 2 -n 5
	expect outcomes '{"success":10,"failure":{}}' "$(outcomes)"
	http GET "$TARGET/ld/requests" |
		jq -r '"\(.target) \(.headers | has("Via")) \(.headers["X-Mine"])"' |
		sort -u >found
	expect "what came" "/get?a=b true 1" "$(grep get found)"
	run_task "\"url\":\"$URL/\",\"proxy\":\"http://127.0.0.1:$PROXY\",$(asserts HTTP/2.0)" \
		--cacert ca.pem -u 1 -n 3
	expect outcomes '{"success":3,"failure":{}}' "$(outcomes)"
	grep -q "CONNECT 127.0.0.1:$NGINX_PORT" tinyproxy.log
	read_count requests
	expect "counted" 10 "$count"
}

@test "a proxy may be the config's, a task may do without, and the environment has none" {
	start_target
	start_tinyproxy
	cat >task.plan <<-EOT
	{"type":"config","proxy":"http://127.0.0.1:$PROXY"}
	{"type":"task","method":"get","url":"$TARGET/headers",$(asserts Via)}
	{"type":"task","method":"get","url":"$TARGET/get","proxy":""}
	EOT
	timeout 60 ld-run -q --user http_user -u 1 -n 1 --wait 0 task.plan >stream
	expect outcomes '{"success":2,"failure":{}}' "$(outcomes)"
	expect "passed on" 1 "$(grep -c 'Request (file descriptor [0-9]*): GET' tinyproxy.log)"
	http_proxy=http://127.0.0.1:$(dead_port) \
		run_task "\"url\":\"$TARGET/get\"" -u 1 -n 1
	expect outcomes '{"success":1,"failure":{}}' "$(outcomes)"
}

@test "a proxy's password is asked for, sent, and nowhere to be read" {
	start_versions
	start_target
	start_tinyproxy 'BasicAuth someone s3cr3t-w0rd'
	export WORD=s3cr3t-w0rd
	run_task "\"url\":\"$TARGET/get\",\"proxy\":\"http://someone:\${env.WORD}@127.0.0.1:$PROXY\"" \
		-u 1 -n 2
	expect outcomes '{"success":2,"failure":{}}' "$(outcomes)"
	run_task "\"url\":\"$URL/\",\"proxy\":\"http://someone:\${env.WORD}@127.0.0.1:$PROXY\"" \
		-u 1 -n 2 --cacert ca.pem
	expect outcomes '{"success":2,"failure":{}}' "$(outcomes)"
	# The proxy's answer is the answer, but behind CONNECT it is a failure.
	run_task "\"url\":\"$TARGET/get\",\"proxy\":\"http://someone:s3cr3t-no@127.0.0.1:$PROXY\"" \
		-u 1 -n 1 || true
	expect outcomes '{"success":0,"failure":{"status":1}}' "$(outcomes)"
	expect "status" 401 "$(jq 'select(.type == "sample").status' stream)"
	run_task "\"url\":\"$URL/\",\"proxy\":\"http://someone:s3cr3t-no@127.0.0.1:$PROXY\"" \
		-u 1 -n 1 --cacert ca.pem || true
	expect outcomes '{"success":0,"failure":{"status":1}}' "$(outcomes)"
	! grep -q 's3cr3t' stream run.err all
}

@test "SOCKS proxies, with a password and without" {
	command -v microsocks >/dev/null || skip "microsocks is not installed"
	start_versions
	start_target
	PROXY=$(dead_port)
	microsocks -i 127.0.0.1 -p "$PROXY" >/dev/null 2>socks.log 3>&- &
	keep $!
	wait_for is_up "$PROXY"
	for scheme in socks5 socks5h; do
		run_task "\"url\":\"$TARGET/get\",\"proxy\":\"$scheme://127.0.0.1:$PROXY\"" -u 2 -n 3
		expect outcomes '{"success":6,"failure":{}}' "$(outcomes)"
	done
	run_task "\"url\":\"$URL/\",\"proxy\":\"socks5://127.0.0.1:$PROXY\",$(asserts HTTP/2.0)" \
		--cacert ca.pem -u 1 -n 1
	expect outcomes '{"success":1,"failure":{}}' "$(outcomes)"
	stop_all
	rm target.url
	start_target
	PROXY=$(dead_port)
	microsocks -i 127.0.0.1 -p "$PROXY" -u someone -P s3cr3t >/dev/null 2>socks.log 3>&- &
	keep $!
	wait_for is_up "$PROXY"
	run_task "\"url\":\"$TARGET/get\",\"proxy\":\"socks5://someone:s3cr3t@127.0.0.1:$PROXY\"" -u 1 -n 1
	expect outcomes '{"success":1,"failure":{}}' "$(outcomes)"
	run_task "\"url\":\"$TARGET/get\",\"proxy\":\"socks5://127.0.0.1:$PROXY\"" -u 1 -n 1 || true
	expect outcomes '{"success":0,"failure":{"protocol":1}}' "$(outcomes)"
	read_count requests
	expect "counted" 1 "$count"
}

@test "a proxy that is no URL is refused, one that is not there is a failure" {
	local port
	port=$(dead_port)
	run_task '"url":"http://127.0.0.1/","proxy":"127.0.0.1:3128"' -u 1 -n 1 && return 1
	grep -q "task.plan:1:.*'proxy' is http://" run.err
	for port in 0 99999 x 80x; do
		run_task "\"url\":\"http://127.0.0.1/\",\"proxy\":\"http://h:$port\"" -u 1 -n 1 && return 1
		grep -q 'task.plan:1:.*the port of' run.err
	done
	port=$(dead_port)
	run_task '"url":"http://127.0.0.1/","proxy":["x"]' -u 1 -n 1 && return 1
	grep -q 'task.plan:1:' run.err
	run_task "\"url\":\"http://127.0.0.1/\",\"proxy\":\"http://127.0.0.1:$port\"" -u 1 -n 1 || true
	expect outcomes '{"success":0,"failure":{"refused":1}}' "$(outcomes)"
}

# -- digest -------------------------------------------------------------------

start_lighttpd() {
	command -v lighttpd >/dev/null || skip "lighttpd is not installed"
	PORT=$(dead_port)
	mkdir -p root
	echo "you are in" >root/index.txt
	printf 'someone:here:%s\n' \
		"$(printf 'someone:here:s3cr3t' | md5sum | cut -d' ' -f1)" >digest
	cat >lighttpd.conf <<-EOT
	server.document-root = "$PWD/root"
	server.bind = "127.0.0.1"
	server.port = $PORT
	server.modules = ("mod_auth", "mod_authn_file", "mod_accesslog")
	accesslog.filename = "$PWD/access.log"
	accesslog.format = "%r %s"
	auth.backend = "htdigest"
	auth.backend.htdigest.userfile = "$PWD/digest"
	auth.require = ("/" => ("method" => "digest", "realm" => "here", "require" => "valid-user"))
	EOT
	lighttpd -D -f lighttpd.conf >lighttpd.log 2>&1 3>&- &
	keep $!
	wait_for is_up "$PORT"
}

@test "digest asks once, and keeps what it learned for the user" {
	start_lighttpd
	run_task "\"url\":\"http://127.0.0.1:$PORT/index.txt\",\"auth\":{\"type\":\"Digest\",\"username\":\"someone\",\"password\":\"s3cr3t\"},$(asserts 'you are in')" \
		-u 2 -n 4
	expect outcomes '{"success":8,"failure":{}}' "$(outcomes)"
	# Two for the first exchange of a user, one for each later one.
	expect "attempts" "1 1 1 1 1 1 2 2" "$(jq -s -r '[.[] | select(.type == "sample") | .attempts // 1] | sort | map(tostring) | join(" ")' stream)"
	expect "on the wire" 10 "$(of_end .ledger.wire stream)"
	stop_all
	expect "received" "2 401 8 200" \
		"$(awk '{ n[$NF]++ } END { print n[401], 401, n[200], 200 }' access.log)"
	! grep -q s3cr3t stream run.err all
}

@test "a body goes with the answer to digest, and not before" {
	start_lighttpd
	cat >task.plan <<-EOT
	{"type":"task","method":"post","url":"http://127.0.0.1:$PORT/index.txt","data":"a body","auth":{"type":"digest","username":"someone","password":"s3cr3t"}}
	EOT
	timeout 60 ld-run -q --user http_user -u 1 -n 1 task.plan >stream 2>run.err || true
	jq -c 'select(.type == "sample") | [.attempts, .wire // 1]' stream
	expect "attempts, wire" "2 2" "$(jq -r 'select(.type == "sample") | "\(.attempts // 1) \(.wire // 1)"' stream)"
}

@test "a wrong password is a status, and each new user of the open model asks anew" {
	start_lighttpd
	run_task "\"url\":\"http://127.0.0.1:$PORT/index.txt\",\"auth\":{\"type\":\"digest\",\"username\":\"someone\",\"password\":\"wrong\"}" \
		-u 1 -n 2 || true
	expect outcomes '{"success":0,"failure":{"status":2}}' "$(outcomes)"
	run_task "\"url\":\"http://127.0.0.1:$PORT/index.txt\",\"auth\":{\"type\":\"digest\",\"username\":\"someone\",\"password\":\"s3cr3t\"}" \
		--rate 20/s -n 10
	expect outcomes '{"success":10,"failure":{}}' "$(outcomes)"
	expect "on the wire" 20 "$(of_end .ledger.wire stream)"
}

@test "fast_http_user says who has digest" {
	run_task '"url":"http://127.0.0.1/","auth":{"type":"digest","username":"a"}' \
		--user fast_http_user -u 1 -n 1 && return 1
	grep -q 'fast_http_user has no digest: http_user' run.err
}

# -- many users ---------------------------------------------------------------

@test "users of many shards keep their connections, and all is counted" {
	start_target
	run_task "\"url\":\"$TARGET/get\"" -u 170 -r 10000 -n 20 --threads 2
	expect outcomes '{"success":3400,"failure":{}}' "$(outcomes)"
	wait_for is_quiet
	read_count requests
	expect "counted" 3400 "$count"
	read_count connections
	[ "$count" -le 170 ]
}

@test "a connection that a server closes while it is idle is not used again" {
	start_target
	run_task "\"url\":\"$TARGET/ld/fault/idle?every=1ms\"" -u 5 -n 20 --wait 5ms
	expect outcomes '{"success":100,"failure":{}}' "$(outcomes)"
}

@test "pins of --resolve, --connect-to and --bind hold" {
	start_target --record
	local port=${TARGET##*:}
	run_task "\"url\":\"http://shop.test:81/headers\",$(asserts shop.test:81)" -u 1 -n 2 \
		--connect-to "shop.test:81:127.0.0.1:$port"
	expect outcomes '{"success":2,"failure":{}}' "$(outcomes)"
	run_task "\"url\":\"http://shop.test:$port/headers\",$(asserts "shop.test:$port")" -u 1 -n 2 \
		--resolve "shop.test:$port:127.0.0.1" --bind 127.0.0.9
	expect outcomes '{"success":2,"failure":{}}' "$(outcomes)"
}

@test "tasks of all methods go by turns on one handle" {
	start_target
	cat >task.plan <<-EOT
	{"type":"task","method":"get","url":"$TARGET/get"}
	{"type":"task","method":"post","url":"$TARGET/post","json":{"n":"\${var.n}"},"assertions":[{"type":"regex","pattern":"\"n\": *\"7\""}]}
	{"type":"task","method":"head","url":"$TARGET/get"}
	{"type":"task","method":"put","url":"$TARGET/put","data":"x"}
	{"type":"task","method":"delete","url":"$TARGET/delete"}
	EOT
	timeout 60 ld-run -q --user http_user --var n=7 -u 3 -n 10 --wait 0 task.plan >stream 2>run.err ||
		{ cat run.err; jq -c 'select(.outcome == "failure")' stream | head; return 1; }
	expect outcomes '{"success":150,"failure":{}}' "$(outcomes)"
}

# -- what libcurl would do ----------------------------------------------------

# small KIND [PEM]: tests/peers/proxy.py at $SMALL.
small() {
	: >small.port
	python3 "$srcdir/tests/peers/proxy.py" "$@" >small.port 2>small.err 3>&- &
	keep $!
	wait_for has_line small.port
	SMALL=$(cat small.port)
}

# second: another origin, at $B.
second() {
	ld-target --record >second.url 2>second.err 3>&- &
	keep $!
	wait_for has_line second.url
	B=$(cat second.url)
}

@test "credentials stay behind at the second redirect, too" {
	start_target --record
	second
	run_task "\"url\":\"$TARGET/redirect-to?url=$TARGET/redirect-to%3Furl%3D$B/headers\",\"auth\":{\"type\":\"bearer\",\"token\":\"verysecret\"},\"headers\":{\"Cookie\":\"plan=1\"}" \
		-u 1 -n 1
	expect "hops" 2 "$(jq 'select(.type == "sample").hops' stream)"
	http GET "$B/ld/requests" >seen
	[ -s seen ]
	! grep -qi 'verysecret\|plan=1' seen
	http GET "$TARGET/ld/requests" | grep -qi verysecret
}

@test "users that are redirected at the same time keep their places" {
	start_target --record
	second
	cat >task.plan <<-EOT
	{"type":"task","method":"get","url":"$TARGET/ld/redirect/302/3"}
	{"type":"task","method":"get","url":"$B/ld/redirect/303/3"}
	EOT
	timeout 60 ld-run -q --user http_user --threads 1 -u 20 -r 10000 -n 20 --wait 0 task.plan >stream
	expect outcomes '{"success":800,"failure":{}}' "$(outcomes)"
	expect "strangers" 0 "$(http GET "$TARGET/ld/requests" | grep -c 'redirect/303')"
	expect "strangers" 0 "$(http GET "$B/ld/requests" | grep -c 'redirect/302')"
}

@test "a proxy over TLS is verified by each task's own authorities" {
	"$builddir/tests/peers/tls-peer" files
	small tls good.pem
	start_target
	local proxy="\"proxy\":\"https://127.0.0.1:$SMALL\",\"url\":\"$TARGET/get\",\"method\":\"get\""
	cat >task.plan <<-EOT
	{"type":"task",$proxy,"verify":"ca.pem"}
	{"type":"task",$proxy}
	{"type":"task",$proxy,"verify":"two.pem"}
	{"type":"task",$proxy,"verify":false}
	{"type":"task",$proxy,"verify":"ca.pem"}
	EOT
	timeout 60 ld-run -q --user http_user -u 1 -n 2 --wait 0 task.plan >stream 2>run.err || true
	expect "outcomes" "success tls_issuer tls_issuer success success" \
		"$(jq -s -r '[.[] | select(.type == "sample" and .pass == 1)] | sort_by(.task) | map(.class // .outcome) | join(" ")' stream)"
}

@test "a server that closes on every second request costs a repeat, and no failure" {
	small once
	run_task "\"url\":\"http://127.0.0.1:$SMALL/\"" -u 1 -n 30
	expect outcomes '{"success":30,"failure":{}}' "$(outcomes)"
	[ "$(of_end .ledger.wire stream)" -ge 40 ]
	# Many that share a pool meet many such connections.
	run_task "\"url\":\"http://127.0.0.1:$SMALL/\"" -u 40 -r 10000 -n 6
	expect outcomes '{"success":240,"failure":{}}' "$(outcomes)"
	# What is not idempotent is not sent twice.
	printf '{"type":"task","method":"post","data":"x","url":"http://127.0.0.1:%s/"}\n' "$SMALL" >task.plan
	timeout 60 ld-run -q --user http_user -u 1 -n 6 --wait 0 task.plan >stream 2>run.err || true
	expect outcomes '{"success":3,"failure":{"closed_early":3}}' "$(outcomes)"
	expect "on the wire" 6 "$(of_end .ledger.wire stream)"
}

@test "an answer to the first request of digest is counted, whatever it is" {
	start_target
	printf '{"type":"task","method":"post","url":"%s/status/500","data":"a body","auth":{"type":"digest","username":"a","password":"b"}}\n' \
		"$TARGET" >task.plan
	timeout 60 ld-run -q --user http_user -u 1 -n 3 --wait 0 task.plan >stream 2>run.err || true
	expect outcomes '{"success":0,"failure":{"status":3}}' "$(outcomes)"
	read_count requests
	expect "counted, on the wire" "3 3" "$count $(of_end .ledger.wire stream)"
}

@test "waiting for the end of a 401 is receiving, not connecting" {
	small slow
	run_task "\"url\":\"http://127.0.0.1:$SMALL/\",\"auth\":{\"type\":\"digest\",\"username\":\"a\",\"password\":\"b\"}" -u 1 -n 1
	expect "phases" true "$(jq 'select(.type == "sample") | .receive_ns > 400000000 and .connect_ns < 100000000' stream)"
}

@test "HTTP/1 that calls itself HTTP/2 is not believed" {
	small h2
	run_task "\"url\":\"http://127.0.0.1:$SMALL/\"" -u 1 -n 1 || true
	expect outcomes '{"success":0,"failure":{"protocol":1}}' "$(outcomes)"
}

@test "servers that send without end do not hold up deadlines" {
	start_target
	run_task "\"url\":\"$TARGET/ld/fault/body?as=chunked\",\"timeout\":\"200ms\"" -u 30 -r 10000 -n 2 --threads 1 || true
	# 64 MiB take longer than the deadline, unless a user is nearly alone.
	expect "failures" true "$(of_end '.ledger.failure | (add == 60) and ((.body_too_large // 0) < 15)' stream)"
}

@test "a name is looked up once for all, and one that is not there once a second" {
	start_target
	run_task "\"url\":\"http://localhost:${TARGET##*:}/get\"" -u 120 -r 10000 -n 3
	expect outcomes '{"success":360,"failure":{}}' "$(outcomes)"
	timeout 60 ld-run -q --user http_user -u 300 -r 100000 --wait 0 -t 2s --threads 1 \
		--timeout 1s <<<'{"type":"task","method":"get","url":"http://nowhere.invalid/"}' >stream 2>run.err 3>&- &
	local pid=$! most=0 now
	for _ in 1 2 3 4 5 6 7 8; do
		sleep 0.2
		now=$(awk '/^Threads/ { print $2 }' "/proc/$(pgrep -P $pid || echo $pid)/status" 2>/dev/null || echo 0)
		[ "$now" -le "$most" ] || most=$now
	done
	wait "$pid" || true
	expect "outcomes" true "$(of_end '.ledger | .success == 0 and (.failure | keys - ["dns", "timeout_dns"] == [])' stream)"
	[ "$most" -gt 0 ] && [ "$most" -lt 20 ]
}

@test "a literal IPv6 address can be pinned" {
	start_target
	run_task "\"url\":\"http://[::5]:81/get\"" -u 1 -n 2 --resolve "[::5]:81:127.0.0.1" \
		--connect-to "[::5]:81::${TARGET##*:}" || true
	run_task "\"url\":\"http://[::5]:${TARGET##*:}/get\"" -u 1 -n 2 --resolve "[::5]:${TARGET##*:}:127.0.0.1"
	expect outcomes '{"success":2,"failure":{}}' "$(outcomes)"
}

@test "a name that is not found does not lead the next task astray" {
	start_target --record
	second
	cat >task.plan <<-EOT
	{"type":"task","method":"get","url":"http://localhost:${B##*:}/get"}
	{"type":"task","method":"get","url":"http://b.invalid/"}
	EOT
	timeout 60 ld-run -q --user http_user -u 1 -n 3 --wait 0 \
		--connect-to "localhost:${B##*:}:127.0.0.1:${TARGET##*:}" task.plan >stream 2>run.err || true
	expect "led" 3 "$(http GET "$TARGET/ld/requests" | grep -c '"/get"')"
	expect "not led" 0 "$(http GET "$B/ld/requests" | grep -c '"/get"')"
}
