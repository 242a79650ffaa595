#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A login flow: a row of CSV, a token and a session cookie for every pass, and
# none of them ever with another user, as the server's log shows.

load helper

# write_plan ROWS: a name, its password, a product and how many of it.
write_plan() {
	awk -v n="$1" 'BEGIN {
	    print "name,password,product,quantity"
	    for (i = 0; i < n; i++)
	        printf "user%d,secret-of-user%d,%d,%d\n", i, i, i % 18 + 1, i % 97 + 1
	}' >logins.csv
	cat >plan.json <<'EOT'
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "spawn_rate": 100000, "wait": 0,
  "csv_sources": [{"name": "l", "file_path": "logins.csv", "cycle": false}],
  "defaults": {"headers": {"X-Row": "${csv.l.name}"}},
  "tasks": [
    {"method": "post", "url": "${var.base}/shop/api/login",
     "json": {"user": "${csv.l.name}", "password": "density"},
     "extract": [{"var": "token", "path": "token"},
       {"var": "set", "from": "header", "name": "Set-Cookie"}]},
    {"method": "get",
     "url": "${var.base}/basic-auth/${csv.l.name}/${csv.l.password}",
     "auth": {"type": "basic", "username": "${csv.l.name}",
              "password": "${csv.l.password}"},
     "headers": {"X-Row": "${csv.l.name}", "X-Token": "${token}",
                 "X-Set-Cookie": "${set}"}},
    {"method": "post", "url": "${var.base}/shop/api/cart",
     "auth": {"type": "bearer", "token": "${token}"},
     "data": "{\"product\":${csv.l.product},\"quantity\":${csv.l.quantity}}"},
    {"method": "get", "url": "${var.base}/shop/api/cart",
     "auth": {"type": "bearer", "token": "${token}"},
     "assertions": [{"type": "contains",
       "value": "[{\"product\":${csv.l.product},\"quantity\":${csv.l.quantity}}]"}]},
    {"method": "post", "url": "${var.base}/shop/api/checkout",
     "auth": {"type": "bearer", "token": "${token}"},
     "data": {"name": "${csv.l.name}", "town": "${csv.l.password}"}}]}]]
EOT
}

# What the log says of each row: its requests, and whose they are.
passes() {
	jq -sc '
	  def cookie($name): (.headers.Cookie // "") / "; "
	      | map(select(startswith($name + "="))) | .[0] // ""
	      | ltrimstr($name + "=");
	  map({row: .headers["X-Row"], line: "\(.method) \(.target)",
	       as: .headers.Authorization, session: cookie("session"),
	       cart: cookie("cart"), body,
	       token: .headers["X-Token"],
	       set: ((.headers["X-Set-Cookie"] // "") / ";" | .[0]
	             | ltrimstr("session="))})
	  | group_by(.row)[]
	  | {row: .[0].row, token: .[1].token, session: .[1].set,
	     before: .[0].session, requests: .}'
}

# all_of [OPTION...]: a run, judged by the server's log; its passes in $n.
all_of() {
	reset_counts
	timeout 60 ld-run -q plan.json --var base="$TARGET" "$@" |
		sed '/"type":"action"/d' >run.ndjson
	n=$(($(of_end .ledger.success run.ndjson) / 5))
	[ "$n" -gt 0 ]
	expect_wire $((6 * n)) run.ndjson
	expect "started" $((5 * n)) "$(of_end .ledger.started run.ndjson)"
	expect "received" $((6 * n)) "$(server_count)"
	http GET "$TARGET/ld/requests" | passes >passes
	expect "rows" "$n" "$(wc -l <passes)"
	expect "tokens" "$n" "$(jq -r .token passes | sort -u | wc -l)"
	expect "sessions" "$n" "$(jq -r .session passes | sort -u | wc -l)"
	jq -e '
	  (.row | ltrimstr("user") | tonumber) as $i
	  | ("secret-of-" + .row) as $secret
	  | {product: ($i % 18 + 1), quantity: ($i % 97 + 1)} as $want
	  | ("\($want.product)x\($want.quantity)") as $cart
	  | ("Bearer " + .token) as $bearer
	  | .row as $row | .session as $session
	  | [ (.requests | map(.line | sub("orders/[0-9]+$"; "orders/N"))) ==
	        ["POST /shop/api/login", "GET /basic-auth/\($row)/\($secret)",
	         "POST /shop/api/cart", "GET /shop/api/cart",
	         "POST /shop/api/checkout", "GET /shop/api/orders/N"],
	      (.token | startswith($row + ".")),
	      ($session | test("^[0-9a-f]{16}$")),
	      (.requests[0].body | fromjson).user == $row,
	      .requests[1].as == "Basic " + ("\($row):\($secret)" | @base64),
	      .requests[1].session == "",
	      (.requests[2].body | fromjson) == $want,
	      .requests[3].cart == $cart, .requests[4].cart == $cart,
	      .requests[4].body == "name=\($row)&town=\($secret)",
	      .requests[5].cart == "",
	      (.requests[2:] | all(.as == $bearer and .session == $session)) ]
	  | all' passes >each || {
		paste -d' ' each passes | grep '^false' | head -n 3
		return 1
	}
	expect "judged" "$n true" "$(sort each | uniq -c | sed 's/^ *//')"
}

# chains USERS: a login bears the session of the pass before of that user, if
# of any: as many chains as users.
expect_chains() {
	jq -r .before passes | sort >before
	expect "first logins" "$1" "$(grep -cx '' before)"
	expect "twice" "" "$(sed '/^$/d' before | uniq -d)"
	expect "of nobody" "" "$(jq -r .session passes | sort |
		comm -13 - <(sed '/^$/d' before))"
}

@test "every user has its own rows, tokens and cookies, from 1 and from 3 threads" {
	local threads
	start_target --record
	write_plan 96
	for threads in 1 3; do
		all_of -u 8 -n 12 --threads "$threads"
		expect "passes" 96 "$n"
		expect_chains 8
	done
}

@test "a fresh session has no token and no cookie of the one before" {
	start_target --record
	write_plan 60
	all_of --rate 600/s -n 60 --threads 2
	expect "passes" 60 "$n"
	expect_chains 60
}

@test "a session that is kept hands its cookies on, and nothing else" {
	local chains
	start_target --record
	write_plan 60
	# What comes when all sessions are busy is not started: n may be less.
	all_of --rate 300/s -n 60 --sessions 4 --keep-sessions
	chains=$(jq -r .before passes | grep -cx '')
	[ "$chains" -ge 1 ]
	[ "$chains" -le 4 ]
	expect_chains "$chains"
}
