#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# TLS with servers of others: who is believed, who we are, what is resumed.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	"$builddir/tests/peers/tls-peer" files
}

accepts() {
	grep -q '^ACCEPT' "$1"
}

# start_openssl [OPTION...]: s_server, which tells what it saw, at
# 127.0.0.1:$PORT.  It closes each connection behind its answer.
start_openssl() {
	command -v openssl >/dev/null || skip "openssl is not installed"
	: >server.log
	openssl s_server -accept 127.0.0.1:0 -www "$@" >server.log 2>server.err \
		</dev/null 3>&- &
	keep $!
	wait_for accepts server.log
	PORT=$(sed -n 's/^ACCEPT .*://p;/^ACCEPT/q' server.log)
}

# start_cutter cut|whole
start_cutter() {
	"$builddir/tests/peers/tls-peer" "$1" >port 3>&- &
	keep $!
	wait_for has_line port
	PORT=$(cat port)
}

# get PASSES URL [MEMBERS [OPTION...]]: one user, one exchange after another.
get() {
	local passes=$1 status=0
	printf '{"type":"task","method":"get","url":"%s"%s}\n' "$2" \
		"${3:+,$3}" >get.plan
	shift 2
	[ $# -eq 0 ] || shift
	timeout 30 ld-run -q -u 1 -r 1 --wait 0 -n "$passes" "$@" get.plan \
		>stream.ndjson 2>run.err || status=$?
	sed '/"type":"action"/d' stream.ndjson >run.ndjson
	return "$status"
}

# expect_all N: so many exchanges, and all succeed.
expect_all() {
	expect "ledger" "{\"success\":$1,\"failure\":{}}" \
		"$(of_end '{success:.ledger.success,failure:.ledger.failure}|tojson' run.ndjson)" ||
		{ jq -r '.text // empty' run.ndjson; cat run.err; return 1; }
}

# expect_class CLASS TEXT: two exchanges failed like that before a byte of a
# request went out.
expect_class() {
	expect "failures" "{\"$1\":2}" \
		"$(of_end '.ledger.failure|tojson' run.ndjson)" || {
		jq -r '.text // empty' run.ndjson
		return 1
	}
	expect "wire" 0 "$(of_end .ledger.wire run.ndjson)"
	jq -r 'select(.type=="sample").text' run.ndjson | sort -u >texts
	expect "distinct texts" 1 "$(wc -l <texts)"
	! own_transport || grep -qF -- "$2" texts || { cat texts; return 1; }
	expect_balanced run.ndjson
}

# expect_class_once CLASS: one exchange failed, like that.
expect_class_once() {
	expect "failures" "{\"$1\":1}" \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
}

# refused_by FILE CLASS TEXT: with this certificate, by whoever trusts ca.pem.
refused_by() {
	local status=0
	start_openssl -cert "$1" -key "$1"
	get 2 "https://127.0.0.1:$PORT/" '' --cacert ca.pem || status=$?
	expect "exit status" 6 "$status"
	expect_class "$2" "$3"
	grep -q "mostly $2 (" run.err
}

# -- whom to believe ----------------------------------------------------------

@test "a certificate for another name is tls_name" {
	refused_by two.pem tls_name \
		"IP address mismatch (host 127.0.0.1; the certificate is for two.test)"
}

@test "a certificate that has expired is tls_expired" {
	refused_by old.pem tls_expired \
		"certificate has expired (host 127.0.0.1; CN=old, valid until 20"
}

@test "a certificate that is not valid yet is tls_expired" {
	refused_by early.pem tls_expired \
		"certificate is not yet valid (host 127.0.0.1; CN=early, valid from 20"
}

@test "a certificate that signs itself is tls_issuer" {
	refused_by alone.pem tls_issuer \
		"self-signed certificate (host 127.0.0.1; CN=alone)"
}

@test "a certificate of an authority that is not trusted is tls_issuer" {
	refused_by foreign.pem tls_issuer \
		"unable to get local issuer certificate (host 127.0.0.1; CN=foreign, issued by CN=ca2)"
}

@test "a certificate whose chain is incomplete is tls_issuer" {
	refused_by leaf.pem tls_issuer \
		"unable to get local issuer certificate (host 127.0.0.1; CN=leaf, issued by CN=middle)"
}

@test "a chain that is complete is believed" {
	start_openssl -cert leaf.pem -key leaf.pem -cert_chain middle.pem
	get 2 "https://127.0.0.1:$PORT/" '' --cacert ca.pem
	expect_all 2
}

@test "reports give each class its advice" {
	refused_by two.pem tls_name "the certificate is for two.test"
	ld-report text run.ndjson | grep -q "the certificate is for another name"
	ld-report summary run.ndjson |
		grep -q '"advice": *"the certificate is for another name"'
}

@test "plain text where TLS is wanted is tls_handshake" {
	local status=0
	start_target
	get 2 "https://${TARGET#http://}/get" || status=$?
	expect "exit status" 6 "$status"
	expect_class tls_handshake "TLS handshake with 127.0.0.1:"
}

@test "authorities come from the command line, the config, the task" {
	local config
	start_openssl -cert good.pem -key good.pem
	get 1 "https://127.0.0.1:$PORT/" '' --cacert ca.pem
	expect_all 1
	get 1 "https://127.0.0.1:$PORT/" '"verify":"ca.pem"'
	expect_all 1
	# Of the three, the task's are the nearest.
	get 1 "https://127.0.0.1:$PORT/" '"verify":"ca.pem"' --cacert ca2.pem
	expect_all 1
	get 1 "https://127.0.0.1:$PORT/" '"verify":"ca2.pem"' --cacert ca.pem ||
		expect "exit status" 6 $?
	expect_class_once tls_issuer

	for config in ca ca2; do
		printf '{"type":"config","cacert":"%s.pem"}\n{"type":"task","method":"get","url":"https://127.0.0.1:%s/"}\n' \
			"$config" "$PORT" >"$config.plan"
	done
	timeout 30 ld-run -q -u 1 -n 1 ca.plan >run.ndjson
	expect_all 1
	timeout 30 ld-run -q -u 1 -n 1 ca2.plan --cacert ca.pem >run.ndjson
	expect_all 1
}

@test "tasks with different authorities go side by side" {
	start_openssl -cert good.pem -key good.pem
	printf '{"type":"task","method":"get","url":"https://127.0.0.1:%s/","verify":%s}\n' \
		"$PORT" '"ca.pem"' "$PORT" '"ca2.pem"' "$PORT" false \
		"$PORT" true >mixed.plan
	timeout 30 ld-run -q -u 1 --wait 0 -n 3 mixed.plan >run.ndjson
	expect "outcomes by task" \
		"success failure success failure" \
		"$(jq -rs '[.[]|select(.type=="sample" and .pass==2)]|sort_by(.task)|map(.outcome)|join(" ")' run.ndjson)"
	expect "outcomes" '{"success":6,"failure":{"tls_issuer":6}}' \
		"$(of_end '{success:.ledger.success,failure:.ledger.failure}|tojson' run.ndjson)"
}

@test "accepting any certificate marks the run and its reports" {
	start_openssl -cert old.pem -key old.pem
	get 1 "https://127.0.0.1:$PORT/" '"verify":false'
	expect_all 1
	grep -q '^{"type":"begin".*"tls_verify":false' run.ndjson
	ld-report text run.ndjson | grep -qi "certificate"
	get 1 "https://127.0.0.1:$PORT/" '"verify":"ca.pem"' || true
	grep -q '^{"type":"begin".*"tls_verify":true' run.ndjson
}

@test "what is wrong with a file is said with its place, before anything is sent" {
	local members text status
	while IFS='|' read -r members text; do
		printf '[["LD_start_test",{"tasks":[{"method":"get",
"url":"https://127.0.0.1:1/",
%s}]}]]' "$members" >plan.json
		status=0
		timeout 10 ld-run -q plan.json >out 2>err || status=$?
		expect "exit status of $members" 4 "$status"
		expect "output of $members" 0 "$(wc -c <out)"
		expect "message" "ld-run: plan.json:3:$text" "$(head -n 1 err)"
	done <<-'EOT'
		"verify":"no.pem"|10: CA file 'no.pem': no such file or directory
		"verify":"me.key"|10: CA file 'me.key' holds no certificate (PEM)
		"verify":"."|10: cannot read CA file '.': Is a directory
		"verify":1|10: 'verify' is true, false, or a CA file
		"verify":""|10: 'verify' is empty
		"cert":"no.pem"|8: client certificate 'no.pem': no such file or directory
		"cert":"me.crt"|8: private key 'me.crt' holds no key (PEM)
		"cert":["me.crt"]|8: 'cert' is [certificate, key], two files
		"cert":["me.crt","me.key"]|8: private key 'me.key' is encrypted, and there is no password
		"cert":["me.crt","stranger.pem"]|8: private key 'stranger.pem' is not that of client certificate 'me.crt'
		"cert":{"cert":"me.crt","key":"me.key","password":"wrong"}|8: private key 'me.key' cannot be decrypted with this password
		"cert":{"cert":"me.pem","password":"x"}|8: private key 'me.pem' is not encrypted: a password has no effect
		"cert":{"cert":"me.pem","keys":"x"}|25: unknown key 'keys'; did you mean 'key'?
		"cert":{"key":"me.pem"}|8: 'cert' is missing in this object
		"client_cert":false|15: 'cert' is a file, [certificate, key], or {"cert", "key", "password"}
	EOT
}

@test "a bundle of the command line that cannot be used is named" {
	local status=0
	get 1 "https://127.0.0.1:1/" '' --cacert no.pem || status=$?
	expect "exit status" 4 "$status"
	expect "message" \
		"ld-run: --cacert: CA file 'no.pem': no such file or directory" \
		"$(head -n 1 run.err)"
}

# -- who we are ---------------------------------------------------------------

# client_certificates VERSION
client_certificates() {
	local url status
	start_openssl "$1" -cert good.pem -key good.pem -CAfile ca.pem \
		-Verify 2 -verify_return_error
	url="https://127.0.0.1:$PORT/"
	get 2 "$url" '"cert":"me.pem"' --cacert ca.pem
	expect_all 2
	get 2 "$url" '"client_cert":["me.crt","me.pem"]' --cacert ca.pem
	expect_all 2
	KEY_PASSWORD=hush-hush get 2 "$url" \
		'"cert":{"cert":"me.crt","key":"me.key","password":"${env.KEY_PASSWORD}"}' \
		--cacert ca.pem
	expect_all 2

	# The one that is refused, and none at all.
	get 2 "$url" '"cert":"stranger.pem"' --cacert ca.pem || true
	expect "failures" '{"tls_client":2}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
	jq -r '.text // empty' run.ndjson |
		grep -q 'refuses the client certificate.* alert '
	get 2 "$url" '' --cacert ca.pem || true
	expect "failures" '{"tls_client":2}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
	jq -r '.text // empty' run.ndjson |
		grep -q 'wants .*there is none: .* alert '
}

@test "client certificates are accepted, refused and missed with TLS 1.3" {
	client_certificates -tls1_3
}

@test "client certificates are accepted, refused and missed with TLS 1.2" {
	client_certificates -tls1_2
}

# nowhere TEXT FILE...
nowhere() {
	! grep -l -- "$@"
}

@test "the password of a key is shown nowhere" {
	local secret=hush-hush status=0
	start_openssl -cert good.pem -key good.pem -CAfile ca.pem -Verify 2
	get 1 "https://127.0.0.1:$PORT/" \
		"\"cert\":{\"cert\":\"me.crt\",\"key\":\"me.key\",\"password\":\"$secret\"}" \
		--cacert ca.pem
	expect_all 1
	for format in text summary html; do
		ld-report "$format" run.ndjson >"report.$format"
	done
	nowhere "$secret" run.ndjson run.err report.*
	get 1 "https://127.0.0.1:$PORT/" \
		"\"cert\":{\"cert\":\"me.crt\",\"key\":\"me.pem\",\"password\":\"$secret\"}" ||
		status=$?
	expect "exit status" 4 "$status"
	nowhere "$secret" run.ndjson run.err
}

# -- resuming -----------------------------------------------------------------

# resumes N VERSION USERS [CONFIG MEMBERS]: of 5 passes of each user, as many
# samples as N saw "Reused" in the server's answer.
resumes() {
	local n=$1 users=$3
	start_openssl "$2" -cert good.pem -key good.pem
	printf '{"type":"config"%s}\n{"type":"task","method":"get","url":"https://127.0.0.1:%s/","assertions":[{"type":"contains","value":"Reused, TLSv1"}]}\n' \
		"${4:+,$4}" "$PORT" >plan
	timeout 30 ld-run -q -u "$users" -r 1000 --wait 0 -n 5 plan \
		--cacert ca.pem >run.ndjson
	expect "resumed" "$n" "$(of_end .ledger.success run.ndjson)"
	expect "others" "$((5 * users - n))" \
		"$(of_end '.ledger.failure.assertion // 0' run.ndjson)"
}

@test "who connects again resumes his session, with TLS 1.3" {
	resumes 4 -tls1_3 1
}

@test "who connects again resumes his session, with TLS 1.2" {
	resumes 4 -tls1_2 1
}

@test "every user resumes a session of his own" {
	resumes 12 -tls1_3 3
}

@test "tls_resume false makes every handshake a full one" {
	resumes 0 -tls1_3 1 '"tls_resume":false'
}

@test "a new visitor in an old session resumes nothing" {
	start_openssl -cert good.pem -key good.pem
	printf '{"type":"task","method":"get","url":"https://127.0.0.1:%s/","assertions":[{"type":"contains","value":"Reused, TLSv1"}]}\n' \
		"$PORT" >plan
	timeout 30 ld-run -q --rate 20 --sessions 1 -n 5 plan --cacert ca.pem \
		>run.ndjson
	expect "resumed" 0 "$(of_end .ledger.success run.ndjson)"
	[ "$(of_end .ledger.started run.ndjson)" -gt 1 ]
	timeout 30 ld-run -q --rate 20 --sessions 1 --keep-sessions -n 5 plan \
		--cacert ca.pem >run.ndjson
	expect "resumed, but for the first" 1 \
		"$(of_end '.ledger|.started - .success' run.ndjson)"
	[ "$(of_end .ledger.started run.ndjson)" -gt 1 ]
}

# -- the system's bundle ------------------------------------------------------

@test "the bundle of the system is read once" {
	local pid
	start_openssl -cert good.pem -key good.pem
	printf '{"type":"task","method":"get","url":"https://127.0.0.1:%s/"}\n' \
		"$PORT" >get.plan
	printf '{"type":"task","method":"get","url":"https://127.0.0.1:%s/","cert":"me.pem"}\n' \
		"$PORT" >>get.plan
	mkfifo bundle
	cat ca.pem >bundle 3>&- &
	pid=$!
	# Who opens it a second time waits for ever.
	SSL_CERT_FILE=$PWD/bundle timeout 20 ld-run -q -u 4 -r 1000 --threads 2 \
		--wait 0 -n 2 get.plan >run.ndjson
	expect_all 16
	wait "$pid"
}

@test "the bundle of the system is not read without need" {
	start_target
	mkfifo bundle
	export SSL_CERT_FILE=$PWD/bundle
	get 2 "$TARGET/get"
	expect_all 2
	unset SSL_CERT_FILE
	start_openssl -cert good.pem -key good.pem
	export SSL_CERT_FILE=$PWD/bundle
	get 1 "https://127.0.0.1:$PORT/" '' --cacert ca.pem
	expect_all 1
	get 1 "https://127.0.0.1:$PORT/" '"verify":false'
	expect_all 1
}

# -- ends ---------------------------------------------------------------------

@test "a TLS handshake that stalls is timeout_tls" {
	start_phase_server tls 20000
	get 1 "https://127.0.0.1:$PHASE_PORT/" '"verify":false' --timeout 200ms ||
		true
	expect_class_once timeout_tls
}

@test "a body that ends without close_notify is truncated" {
	start_cutter cut
	get 2 "https://127.0.0.1:$PORT/" '"verify":false'
	expect "failures" '{"truncated":2}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
	jq -r '.text // empty' run.ndjson | grep -q 'without TLS close_notify'
}

@test "a body that is whole by its length needs no close_notify" {
	start_cutter whole
	get 2 "https://127.0.0.1:$PORT/" '"verify":false'
	expect_all 2
}

# -- names --------------------------------------------------------------------

sites() {
	cat <<EOT
  access_log off;
  server {
    listen 127.0.0.1:$1 ssl;
    server_name one.test;
    ssl_certificate good.pem; ssl_certificate_key good.pem;
    location / { return 200 "one for \$http_host, asked for as \$ssl_server_name\n"; }
  }
  server {
    listen 127.0.0.1:$1 ssl;
    server_name two.test;
    ssl_certificate two.pem; ssl_certificate_key two.pem;
    ssl_client_certificate ca.pem; ssl_verify_client on;
    location / { return 200 "two for \$http_host, asked by \$ssl_client_s_dn\n"; }
  }
EOT
}

start_sites() {
	start_nginx sites
	PORT=$NGINX_PORT
}

@test "a resolved name is what SNI, Host and the certificate are about" {
	start_sites
	get 1 "https://one.test:$PORT/" \
		"\"assertions\":[{\"type\":\"contains\",\"value\":\"one for one.test:$PORT, asked for as one.test\"}]" \
		--cacert ca.pem --resolve "one.test:$PORT:127.0.0.1"
	expect_all 1
	# The other virtual host of this address, and its certificate.
	get 1 "https://two.test:$PORT/" \
		"\"cert\":\"me.pem\",\"assertions\":[{\"type\":\"contains\",\"value\":\"two for two.test:$PORT, asked by CN=me\"}]" \
		--cacert ca.pem --resolve "*:$PORT:127.0.0.1"
	expect_all 1
	# Nobody there has a certificate for this one.
	get 2 "https://three.test:$PORT/" '' --cacert ca.pem \
		--resolve "three.test:$PORT:127.0.0.1" || true
	expect_class tls_name "(host three.test; the certificate is for 127.0.0.1, one.test)"
}

@test "an address is looked for among the certificate's, and sent as no name" {
	start_sites
	get 1 "https://127.0.0.1:$PORT/" \
		"\"assertions\":[{\"type\":\"contains\",\"value\":\"one for 127.0.0.1:$PORT, asked for as \\n\"}]" \
		--cacert ca.pem
	expect_all 1
}

@test "a redirect to https is verified like any other request" {
	start_sites
	start_target
	local from="$TARGET/redirect-to?url=https%3A%2F%2Fone.test%3A$PORT%2F"
	get 1 "$from" \
		"\"assertions\":[{\"type\":\"contains\",\"value\":\"one for one.test:$PORT\"}]" \
		--cacert ca.pem --resolve "one.test:$PORT:127.0.0.1"
	expect_all 1
	expect "hops" 1 "$(jq 'select(.type=="sample").hops' run.ndjson)"
	get 1 "$from" '' --cacert ca2.pem --resolve "one.test:$PORT:127.0.0.1"
	expect_class_once tls_issuer
	# What may be redirected there may meet any certificate.
	get 1 "$from" '"verify":false' --resolve "one.test:$PORT:127.0.0.1"
	expect_all 1
	grep -q '^{"type":"begin".*"tls_verify":false' run.ndjson
}

@test "a server may answer 400 to those without a certificate" {
	start_sites
	get 1 "https://two.test:$PORT/" \
		'"assertions":[{"type":"status_code","value":400},{"type":"contains","value":"No required SSL certificate"}]' \
		--cacert ca.pem --resolve "two.test:$PORT:127.0.0.1"
	expect_all 1
}

@test "names are resolved by plan and command line, which holds" {
	start_sites
	printf '{"type":"config","resolve":["one.test:%s:127.0.0.77"],"cacert":"ca.pem"}\n{"type":"task","method":"get","url":"https://one.test:%s/"}\n' \
		"$PORT" "$PORT" >plan
	timeout 30 ld-run -q -u 1 -n 1 plan --resolve "one.test:$PORT:127.0.0.1" \
		>run.ndjson
	expect_all 1
	timeout 30 ld-run -q -u 1 -n 1 plan >run.ndjson 2>run.err || true
	expect_class_once refused
	! own_transport || jq -r '.text // empty' run.ndjson |
		grep -qF "connect to one.test (127.0.0.77:$PORT): connection refused"
}

@test "the addresses of a name are tried in their order" {
	start_sites
	get 1 "https://one.test:$PORT/" '' --cacert ca.pem \
		--resolve "one.test:$PORT:127.0.0.77,127.0.0.1"
	expect_all 1
	get 1 "https://one.test:$PORT/" '' --cacert ca.pem \
		--resolve "one.test:$PORT:127.0.0.77,127.0.0.78" || true
	expect_class_once refused
}

@test "what is no address of a name is refused" {
	local status=0
	get 1 https://one.test/ '' --resolve one.test:443:localhost || status=$?
	expect "exit status" 2 "$status"
	expect "message" \
		"ld-run: --resolve: 'localhost' is neither an IPv4 nor an IPv6 address" \
		"$(head -n 1 run.err)"
	printf '{"type":"config","resolve":["a:80:127.0.0.1",\n"a:80"]}\n{"type":"task","method":"get","url":"http://a/"}\n' |
		tr -d '\n' | sed 's/}{/}\n{/' >plan
	status=0
	timeout 10 ld-run -q plan >out 2>err || status=$?
	expect "exit status" 4 "$status"
	expect "message" \
		"ld-run: plan:1:46: 'resolve': 'a:80' is not HOST:PORT:ADDRESS[,ADDRESS]..." \
		"$(head -n 1 err)"
}

@test "connections are led to another host and port, for the name asked for" {
	local status=0
	start_openssl -cert good.pem -key good.pem
	get 1 https://one.test/ '' --cacert ca.pem \
		--connect-to "one.test:443:127.0.0.1:$PORT"
	expect_all 1
	get 1 https://one.test/ '' --cacert ca.pem \
		--connect-to "::elsewhere.test:$PORT" \
		--resolve "elsewhere.test:$PORT:127.0.0.1"
	expect_all 1
	# Who is asked for stays who must answer.
	get 1 https://two.test/ '' --cacert ca.pem \
		--connect-to "::127.0.0.1:$PORT" || status=$?
	expect "exit status" 6 "$status"
	expect_class_once tls_name
	status=0
	get 1 https://one.test/ '' --connect-to one.test:443 || status=$?
	expect "exit status" 2 "$status"
	grep -qF "ld-run: --connect-to: 'one.test:443' is not HOST1:PORT1:HOST2:PORT2" \
		run.err
	status=0
	get 1 https://one.test/ '' --connect-to ::a: --dry || status=$?
	expect "exit status" 2 "$status"
	grep -q -- '--dry leaves --connect-to no effect' run.err
}
