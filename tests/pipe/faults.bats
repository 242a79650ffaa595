#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The plans of examples/faults end as doc/faults.md says, for both HTTP users.

load helper

# The ports of ld-target, as variables of the plans; those that take anything
# without a scheme.
variables() {
	variables=(--var "base=$LOAD_DENSITY_TARGET")
	local name address
	while IFS='=' read -r name address; do
		variables+=(--var "${name,,}=${address#tcp://}")
	done < <(env | sed -n 's/^LOAD_DENSITY_TARGET_\([A-Z_]*=\)/\1/p')
}

# rows: "plan class", as the document has them.
rows() {
	sed -n 's/^| `\([a-z-]*\)` | [^|]* | `\([a-z_]*\)` |.*/\1 \2/p' "$srcdir/doc/faults.md"
}

# each USER: every plan by that user type, from inside ld-target.
each() {
	local plan class status
	variables
	rows | while read -r plan class; do
		status=0
		timeout 30 ld-run -q --ndjson --user "$1" --cacert ca.pem "${variables[@]}" \
			"$srcdir/examples/faults/$plan.json" >stream 2>run.err || status=$?
		case $status in
		0 | 1 | 6) ;;
		*) echo "$plan: exit status $status: $(head -n 1 run.err)" ;;
		esac
		found=$(jq -r 'select(.type == "sample") | .class // .outcome' stream)
		# Whether the bound or the stream ends first is the decoder's to see.
		case $plan:$found in
		bomb:body_too_large | name:timeout_dns) found=$class ;;
		esac
		[ "$found" = "$class" ] || echo "$plan: $found, not $class"
		jq -s -e 'map(select(.type == "end"))[0].ledger | .planned == 1 and .started == 1 and .in_flight == 0' \
			stream >/dev/null </dev/null || echo "$plan: the ledger"
	done >wrong
	cat wrong
	[ ! -s wrong ]
}

# all_of USER
all_of() {
	local kinds kind listen=()
	kinds=$(sed -n 's/.*${var\.\([a-z_]*\)}.*/\1/p' "$srcdir"/examples/faults/*.json |
		grep -v '^base$' | sort -u | tr _ -)
	for kind in $kinds; do
		listen+=(--listen "$kind")
	done
	declare -f variables rows each >functions
	ld-target --ca ca.pem "${listen[@]}" bash -c ". ./functions; each $1"
}

@test "fast_http_user ends as the document says" {
	all_of fast_http_user
}

@test "http_user ends as the document says" {
	all_of http_user
}

@test "each plan has a row, and each row a plan" {
	diff <(rows | cut -d' ' -f1 | sort) \
		<(cd "$srcdir/examples/faults" && ls -- *.json | sed 's/\.json$//' | sort)
	[ "$(rows | wc -l)" -ge 30 ]
}
