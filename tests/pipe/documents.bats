#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Whatever stands out as a command or as a plan in README.md, doc/*.md,
# examples/README.md and the manual pages works as it stands there, but for
# two things: addresses become that of an ld-target of this test, and times
# become short (adapt() below is all of it).  A block of text that is neither
# run nor named, with a reason, in tests/data/documents/not-run is a failure.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	mkdir blocks
	"${AWK:-awk}" -v out=blocks -f "$srcdir/tests/peers/blocks.awk" \
		"$srcdir/README.md" "$srcdir"/doc/*.md \
		"$srcdir/examples/README.md" $(pages)
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	blocks=$BATS_FILE_TMPDIR/blocks
	command -v jq >/dev/null || skip "no jq"
	start_target
}

# Every page: one that has parts to fill in as it was built.
pages() {
	local source
	for source in "$srcdir"/man/*.[0-9]; do
		[ -e "$source.in" ] || echo "$source"
	done
	for source in "$srcdir"/man/*.[0-9].in; do
		echo "$builddir/man/$(basename "$source" .in)"
	done
}

# Addresses and times, in commands and in plans: the documents' own would
# need a server that is elsewhere, and half a minute each.  Of several -t the
# last one counts.
adapt() {
	sed -E "s#http://127\.0\.0\.1:8080|https?://(staging|shop)\.example#$TARGET#g
		s#(-t|--time) ?[0-9.]+(ms|s|m|h)?#-t 300ms#g
		s#(^|[ '\"|(])ld-run( |\$)#\1ld-run -t 300ms\2#g
		s#(--stage )[0-9.]+(ms|s|m|h)?:#\1100ms:#g
		s#\"(test_time|duration)\": *(\"?)[0-9.]+[a-z]*\"?#\"\1\": \20.3\2#g"
}

# What the commands of a document find in their directory; they run in the
# order in which they stand there, for one may read what another wrote.
sandbox() {
	[ "$1" != "$in_sandbox" ] || return 0
	in_sandbox=$1
	rm -rf sandbox
	mkdir sandbox
	cp -R "$srcdir/examples" sandbox/examples
	printf 'open sesame\n' >sandbox/token.txt
	chmod -R u+w sandbox/examples
	printf 'name,city\nann,Oslo\nbob,Bonn\n' >sandbox/users.csv
	adapt <"$srcdir/examples/shop.har" >sandbox/shop.har
	adapt <"$(first_block README.md.*.json)" >sandbox/plan.json
	(
		cd sandbox || exit
		ld-import har shop.har --base base >shop.plan
		jq -c '.load_density[0][1] |
		    ({type: "config"} + del(.tasks)),
		    (.tasks[] | {type: "task"} + .)' plan.json >plan.ndjson
		for name in run shop before after; do
			ld-run -q -u 2 -n 1 --wait 0 plan.ndjson >"$name.ndjson"
		done
		# The other machine is this one.
		mkdir bin
		printf '#!/bin/sh\nshift\nexec "$@"\n' >bin/ssh
		# The store of passwords knows one.
		printf '#!/bin/sh\ncat token.txt\n' >bin/pass
		chmod +x bin/ssh bin/pass
		command -v openssl >/dev/null || exit 0
		openssl req -x509 -newkey ec -pkeyopt \
			ec_paramgen_curve:prime256v1 -nodes -subj /CN=ca \
			-days 1 -keyout ca.key -out ca.pem 2>openssl.log
	)
}

first_block() {
	set -- "$blocks"/$1
	echo "$1"
}

# The reason why a block is not run; fails when there is none.
reason() {
	local document first
	document=$(basename "$1")
	document=${document%.*.*}
	first=$(head -n 1 "$1")
	grep -qF "$document | $first | " "$srcdir/tests/data/documents/not-run"
}

# Without prompts, and what follows a prompted command, its output.
commands_of() {
	if grep -q '^\$ ' "$1"; then
		awk '/^\$ / { on = 1; sub(/^\$ /, "") } on { print }
		    { on = on && /[\\|]$/ }' "$1"
	else
		cat "$1"
	fi
}

complain() {
	echo "$1: $2"
	sed 's/^/    /' "$3"
	[ -z "${4-}" ] || sed 's/^/      > /' "$4" | tail -n 20
	failed=$((failed + 1))
}

# On a machine that is busy with other tests a run may be invalid.
is_expected() {
	[ "$1" -eq 0 ] || { [ "$1" -eq 3 ] && grep -q -e --strict script; }
}

run_commands() {
	local status=0
	commands_of "$1" | adapt >script
	(
		cd sandbox || exit
		export LOAD_DENSITY_TARGET=$TARGET base=$TARGET
		PATH=$PWD/bin:$PATH
		timeout 60 bash -euo pipefail ../script
	) >out 2>err </dev/null || status=$?
	is_expected "$status" ||
		complain "$(basename "$1")" "exit status $status" script err
}

# is_plan FILE: does ld-run take it, and does it run?  Users are of the closed
# model, so that one of the open model is refused with them.
is_plan() {
	ld-run -q -u 1 -n 1 --timeout 10s --var "base=$TARGET" "$1" \
		>out 2>err ||
		ld-run -q -n 1 --timeout 10s --var "base=$TARGET" "$1" \
			>out 2>err
}

# A plan, or a part of one: a task, an assertion, an extractor, some keys of a
# config.  Some way of completing it makes a plan that runs.
try_plan() {
	local part=$1 task
	task='{"method": "get", "request_url": "${base}/get"}'
	is_plan "$part" && return
	{
		printf '%s\n' "$task" | jq -c '{type: "task"} + .'
		cat "$part"
	} >whole
	is_plan whole && return
	grep -q '^ *"' "$part" && sed '1s/^/{/; $s/$/}/' "$part" >braced ||
		cp "$part" braced
	jq -e . braced >/dev/null || return
	local complete
	for complete in \
	    '[["LD_start_test", {tasks: [.]}]]' \
	    '[["LD_start_test", {tasks: .}]]' \
	    '[["LD_start_test", {tasks: [$task + {assertions: [.]}]}]]' \
	    '[["LD_start_test", {tasks: [$task + {extract: [.]}]}]]' \
	    '[["LD_start_test", {tasks: [$task + .]}]]' \
	    '[["LD_start_test", . + {tasks: [$task]}]]' \
	    '[["LD_start_test", .]]' '[.]'; do
		jq --argjson task "$task" "$complete" braced >whole 2>/dev/null ||
			continue
		is_plan whole && return
	done
	return 1
}

run_plan() {
	adapt <"$1" >sandbox/adapted
	(cd sandbox && try_plan adapted) ||
		complain "$(basename "$1")" "no plan, and no part of one" \
			sandbox/adapted sandbox/err
}

# check_blocks GLOB...: in documents of these names.
check_blocks() {
	local block n=0
	failed=0 in_sandbox=
	for block in $(cd "$blocks" && ls -d $* 2>/dev/null); do
		block=$blocks/$block
		n=$((n + 1))
		! reason "$block" || continue
		sandbox "${block%.*.*}"
		case $block in
		*.sh) run_commands "$block" ;;
		*.json) run_plan "$block" ;;
		*) complain "$(basename "$block")" \
			"neither commands nor a plan: name it in tests/data/documents/not-run" \
			"$block" ;;
		esac
	done
	echo "$n blocks, $failed failed"
	[ "$n" -gt 0 ] && [ "$failed" -eq 0 ]
}

@test "what README.md shows works" {
	check_blocks 'README.md.*'
}

@test "what the other documents show works" {
	check_blocks 'examples-README.md.*' '[a-z]*.md.*'
}

@test "what the manual pages show works" {
	local page
	for page in $(pages); do
		[ -s "$page" ] || { echo "$page was not built"; false; }
	done
	check_blocks '*.[0-9].[0-9]*'
}

@test "every block that is not run is there, and has a reason" {
	local document first why block found
	while IFS='|' read -r document first why; do
		case $document in '#'*) continue ;; esac
		document=${document% }
		first=${first:1}
		first=${first% }
		[ -n "${why// /}" ]
		found=
		for block in "$blocks/$document".*; do
			[ "$(head -n 1 "$block")" != "$first" ] || found=1
		done
		[ -n "$found" ] || { echo "gone: $document: $first"; false; }
	done <"$srcdir/tests/data/documents/not-run"
}

@test "a command that fails, a plan that is none and a new block are noticed" {
	mkdir bad
	printf '    ld-run --no-such-option plan.json\n\ntext\n\n    %s\n\n    %s\n' \
		'{"load_density": [["LD_start_test", {"tsaks": []}]]}' \
		'what is this' >bad/bad.md
	blocks=$PWD/bad
	"${AWK:-awk}" -v out=bad -f "$srcdir/tests/peers/blocks.awk" bad/bad.md
	cp "$BATS_FILE_TMPDIR"/blocks/README.md.*.json bad/
	run check_blocks 'bad.md.*'
	echo "$output"
	[ "$status" -ne 0 ]
	[[ "$output" == *"bad.md.001.sh: exit status 2"* ]]
	[[ "$output" == *"bad.md.002.json: no plan"* ]]
	[[ "$output" == *"bad.md.003.text: neither"* ]]
	[[ "$output" == *"3 blocks, 3 failed"* ]]
}
