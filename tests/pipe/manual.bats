#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The plans that ld-plan(5) shows are plans, and its placeholders what it says.

setup() {
	cd "$BATS_TEST_TMPDIR"
	printf 'name,city\nann,Oslo\nbob,Bonn\n' >users.csv
	page="$builddir/man/ld-plan.5"
	[ -e "$page" ] || page="$srcdir/man/ld-plan.5"
}

# The displays of the page that begin as plans do, in files 1.json, 2.json ...
plans() {
	awk '/^\.Ed/ { if (n && file) close(file); file = "" }
	fresh && /^[[{]/ { file = ++n ".json" }
	{ fresh = /^\.Bd -literal/ }
	file { gsub(/\\e/, "\\"); print >file }' "$page"
}

@test "every plan that ld-plan(5) shows can be run, and succeeds" {
	plans
	[ -e 4.json ]
	for plan in *.json; do
		ld-target sh -c 'sed "s|http://127.0.0.1:8080|$LOAD_DENSITY_TARGET|" "$1" |
			ld-run -n 2 >"$1.out"' sh "$plan"
		echo "$plan"
		jq -n -e '[inputs | select(.type == "end") | .ledger]
			| all(.started > 0 and .started == .success)' "$plan.out"
		rm -f "$plan"
	done
}

@test "text between quotes in a placeholder stands for itself" {
	ld-target sh -c 'ld-run -u 1 -n 1 -e "$1"' sh '[["LD_start_test", {"tasks":
		[{"method": "post", "url": "${env.LOAD_DENSITY_TARGET}/post",
		"data": "${'\''${'\''}x}",
		"assertions": [{"type": "json_path", "path": "data",
		"value": "${\"${\"}x}"}]}]}]]' >out
	jq -n -e '[inputs | select(.type == "end")] | .[0].ledger.success == 1' \
		out
}
