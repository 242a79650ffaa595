#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What every command must do, whatever it does.

# each FUNCTION: with every command as $command.
each() {
	for command in ld-import ld-report ld-run ld-target; do
		echo "$command"
		"$1"
	done
}

help_shows_every_option() {
	run "$command" --help
	[ "$status" -eq 0 ]
	for word in $("$command" --describe words); do
		"$command" --help | grep -q -e "$word"
	done
	"$command" --help | awk 'length > 80 { exit 1 }'
}

# In --help they come first; the page shows the same.
examples_are_shown() {
	[ "$("$command" --help | sed -n '3,4p')" = $'\nexamples:' ]
	mandoc_or_skip
	"$command" --help | sed -n '/^examples:$/,/^$/s/^  \([^#]\)/\1/p' \
		>"$BATS_TEST_TMPDIR/examples"
	[ -s "$BATS_TEST_TMPDIR/examples" ]
	mandoc -T utf8 -O width=200 "$builddir/man/$command.1" |
		sed $'s/.\b//g' >"$BATS_TEST_TMPDIR/page"
	while IFS= read -r line; do
		grep -qF -e "$line" "$BATS_TEST_TMPDIR/page"
	done <"$BATS_TEST_TMPDIR/examples"
}

mandoc_or_skip() {
	command -v mandoc >/dev/null || skip "no mandoc"
}

version_names_the_toolkit() {
	run "$command" --version
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "$command (ld toolkit) "* ]]
	[[ "$output" == *OpenSSL* ]]
}

version_is_told_to_machines_too() {
	command -v jq >/dev/null || skip "no jq"
	"$command" --version --json | jq -e --arg command "$command" \
		--arg version "$("$command" --version | sed -n '1s/.* //p')" \
		'.command == $command and .version == $version and
		(.libraries.OpenSSL | test("^[0-9]")) and
		(.libraries | keys | index("brotli")) and
		.drivers.null == ["null_user"]'
	run "$command" --json
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == "$command: --json has an effect with --version "*"only" ]]
}

bad_option_is_named_with_the_nearest() {
	run "$command" --hlep
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "$command: unknown option '--hlep'; did you mean '--help'?" ]
	[ "${lines[1]}" = "Try '$command --help'" ]
}

full_disk_is_reported() {
	[ -w /dev/full ] || skip "no /dev/full"
	run sh -c "$command --help >/dev/full"
	[ "$status" -eq 5 ]
	[ "$output" = "$command: standard output: No space left on device" ]
}

closed_stdout_is_reported() {
	run sh -c "$command --version >&-"
	[ "$status" -eq 5 ]
}

closed_stderr_harms_nobody() {
	run sh -c "$command --version 2>&-"
	[ "$status" -eq 0 ]
}

reader_that_leaves_ends_it_quietly() {
	run bash -c "set -o pipefail; $command --help 2>&1 | true"
	[ "$status" -eq 0 ] || [ "$status" -eq 141 ]
	[ -z "$output" ]
}

completions_parse() {
	"$command" --describe bash >"$BATS_TEST_TMPDIR/c"
	bash -n "$BATS_TEST_TMPDIR/c"
	run "$command" --describe csh
	[ "$status" -eq 2 ]
}

man_page_is_clean() {
	mandoc_or_skip
	run mandoc -T lint -W warning "$builddir/man/$command.1"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "every option is in --help, within 80 columns" {
	each help_shows_every_option
}

@test "examples come first in --help, and stand in the man page" {
	each examples_are_shown
}

@test "--version names the toolkit and its libraries" {
	each version_names_the_toolkit
}

@test "--version --json says the same to machines" {
	each version_is_told_to_machines_too
}

@test "a bad option is named with the nearest, and exits 2" {
	each bad_option_is_named_with_the_nearest
}

@test "a full disk is reported" {
	each full_disk_is_reported
}

@test "a closed standard output is reported" {
	each closed_stdout_is_reported
}

@test "a closed standard error harms nobody" {
	each closed_stderr_harms_nobody
}

@test "a reader that leaves ends it quietly" {
	each reader_that_leaves_ends_it_quietly
}

@test "completions are shell" {
	each completions_parse
}

@test "the man page is clean" {
	each man_page_is_clean
}
