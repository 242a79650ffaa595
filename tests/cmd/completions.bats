#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the shells themselves make of the completions: bash and zsh on a
# terminal of their own where TAB is pressed, fish by its "complete -C".

commands='ld-import ld-report ld-run ld-target'

# All lines at whose ends TAB is pressed: each shell is started once.
lines() {
	for c in $commands; do
		printf '%s\n' "$c --" "$c -" "$c -x " "$c x y " "$c --output="
	done
	sed 's/|$//' <<'END'
ld-import |
ld-report |
ld-run |
ld-run --sam|
ld-run --progress |
ld-run --progress=|
ld-run --progress=pl|
ld-report text --color |
ld-run --user fast_h|
ld-run --user |
ld-import har --user fast_h|
ld-import har --user |
ld-run --samples |
ld-report --title x |
ld-report --title=x |
ld-report -o x |
ld-import -qu 5 ha|
ld-run --output |
ld-run -o |
ld-run -q plan.json |
ld-import har |
ld-report text plan.json |
ld-run two|
ld-run -o "two|
ld-run --execute_dir |
ld-run --var |
ld-run --var a=|
ld-run --var=a=|
ld-run --var a@|
ld-run -e |
ld-run -u |
ld-import har -b |
ld-report text --title |
ld-run at|
ld-run at@|
ld-run x@p|
ld-run -- --|
ld-run -- |
ld-report text >|
ld-report > |
ld-report text < |
ld-target ld-impo|
ld-target -p 80 ld-impo|
ld-target -- ld-impo|
ld-target cat |
ld-target ld-run --sam|
ld-odd --|
ld-odd |
ld-odd --plain |
END
}

# press SHELL SETUP: each line's answer in a file of its own.
press() {
	mkdir "$BATS_FILE_TMPDIR/$1"
	timeout 300 zsh -f "$srcdir/tests/cmd/press-tab.zsh" "$1" "$2" "${all[@]}" |
		awk -v dir="$BATS_FILE_TMPDIR/$1" '{ print >(dir "/" n + 0) }
		/^LINE: / { close(dir "/" n + 0); n++ }'
}

# Candidates with their descriptions behind a tab, one a line.
ask_fish() {
	mkdir "$BATS_FILE_TMPDIR/fish"
	fish --no-config -c 'for f in $argv[2..3]/*.fish
			source $f
		end
		set n 0
		while read -l line
			complete -C $line >$argv[1]/$n
			set n (math $n + 1)
		end' "$BATS_FILE_TMPDIR/fish" "$builddir/completions/fish" \
		"$BATS_FILE_TMPDIR/odd" < <(lines) >"$BATS_FILE_TMPDIR/fish.said" 2>&1
}

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/there" "$BATS_FILE_TMPDIR/odd"
	cd "$BATS_FILE_TMPDIR/there"
	touch plan.json 'two words.har' at@sign.har
	mkdir folder
	export HOME="$BATS_FILE_TMPDIR" XDG_DATA_HOME="$BATS_FILE_TMPDIR" \
		XDG_CONFIG_HOME="$BATS_FILE_TMPDIR"
	local odd="$BATS_FILE_TMPDIR/odd"
	"$builddir/tests/cmd/ld-odd" --describe bash >"$odd/ld-odd"
	"$builddir/tests/cmd/ld-odd" --describe zsh >"$odd/_ld-odd"
	"$builddir/tests/cmd/ld-odd" --describe fish >"$odd/ld-odd.fish"
	mapfile -t all < <(lines)
	if command -v zsh >/dev/null; then
		press bash "for c in '$builddir'/completions/bash/* '$odd/ld-odd'; do
			. \"\$c\"
		done"
		press zsh "fpath=('$builddir/completions/zsh' '$odd' \$fpath)
			autoload -Uz compinit
			compinit -u -D"
	fi
	if command -v fish >/dev/null; then
		ask_fish
	fi
}

# What the shell $1 showed for the line $2; bash and zsh, too, what they made
# of it: "LINE: ...|".
shown() {
	local dir="$BATS_FILE_TMPDIR/$1" i
	[ -d "$dir" ] || skip "no zsh to press the keys, or no $1"
	i=$(lines | grep -nxF -e "$2" | head -n 1 | cut -d : -f 1)
	cat "$dir/$((i - 1))"
}

# Do the words that begin with "--" in $1 equal all options of command $2?
are_the_options_of() {
	diff <(grep -o -e '^--[a-z_-]*' <<<"$1" | sort -u) \
		<("$2" --describe words | sort)
}

# Is there no such line on stdin?  ("! grep" would not fail a test.)
lacks() {
	if grep "$@"; then
		return 1
	fi
}

becomes() {
	[[ $(shown "$1" "$2") == *"LINE: $3|" ]]
}

@test "bash offers every option of every command, and nothing else" {
	for c in $commands; do
		are_the_options_of "$(shown bash "$c --")" "$c"
	done
}

@test "zsh offers every option of every command, with what it does" {
	for c in $commands; do
		are_the_options_of "$(shown zsh "$c --")" "$c"
		[ "$(shown zsh "$c --" | grep -c '^--[a-z_-]* -- [a-z]')" -ge \
			"$("$c" --describe words | wc -l)" ]
	done
}

@test "fish offers every option of every command, with what it does" {
	for c in $commands; do
		are_the_options_of "$(shown fish "$c --")" "$c"
		shown fish "$c --" | lacks -v -P '^--[a-z_-]*\t[a-z]'
	done
}

@test "the beginning of an option is completed to the whole" {
	becomes bash 'ld-run --sam' 'ld-run --samples '
	becomes zsh 'ld-run --sam' 'ld-run --samples='
	[[ $(shown fish 'ld-run --sam') == --samples$'\t'* ]]
}

@test "the values that an option takes are offered" {
	want=$(printf '%s\n' auto none plain)
	for line in 'ld-run --progress ' 'ld-run --progress='; do
		[ "$(shown bash "$line" | grep -xE 'auto|none|plain' | sort)" = \
			"$want" ]
		shown zsh "$line" | grep -qx 'auto none plain'
		[ "$(shown fish "$line" | sed 's/^--progress=//' | cut -f 1 |
			sort)" = "$want" ]
	done
	becomes bash 'ld-run --progress=pl' 'ld-run --progress=plain '
	becomes zsh 'ld-run --progress=pl' 'ld-run --progress=plain '
	[ "$(shown bash 'ld-report text --color ' |
		grep -cxE 'auto|always|never')" -eq 3 ]
}

@test "the user types of this build are offered" {
	for c in ld-run 'ld-import har'; do
		becomes bash "$c --user fast_h" "$c --user fast_http_user "
		becomes zsh "$c --user fast_h" "$c --user fast_http_user "
		shown fish "$c --user " | grep -q '^null_user'
	done
}

@test "a word for the samples is offered, though a share is possible" {
	line='ld-run --samples '
	[ "$(shown bash "$line" | grep -cxE 'all|failures|none')" -eq 3 ]
	shown zsh "$line" | grep -qx 'all failures none'
	[ "$(shown fish "$line" | grep -cE '^(all|failures|none)')" -eq 3 ]
}

@test "the first operand is a format, with what it is" {
	for c in ld-import ld-report; do
		formats=$("$c" --help | sed -n '/^formats:/,/^$/p' |
			sed -n 's/^  \([a-z0-9]*\) .*/\1/p')
		[ -n "$formats" ]
		for format in $formats; do
			shown bash "$c " | grep -qE "^$format\$|LINE: $c $format \|"
			shown zsh "$c " | grep -qE "^$format -- |LINE: $c $format \|"
			shown fish "$c " | grep -qP "^$format\t."
		done
		shown fish "$c " | lacks plan.json
		shown bash "$c " | lacks plan.json
	done
}

@test "values of options do not count as operands" {
	for line in 'ld-report --title x ' 'ld-report --title=x ' \
		'ld-report -o x '; do
		shown bash "$line" | grep -qx summary
		shown zsh "$line" | grep -q '^summary -- '
		shown fish "$line" | grep -q '^summary'
	done
	becomes bash 'ld-import -qu 5 ha' 'ld-import -qu 5 har '
	becomes zsh 'ld-import -qu 5 ha' 'ld-import -qu 5 har '
	[[ $(shown fish 'ld-import -qu 5 ha') == har* ]]
}

@test "files stand where files are wanted" {
	for line in 'ld-run --output ' 'ld-run -o ' 'ld-run --output=' 'ld-run ' \
		'ld-run -q plan.json ' 'ld-import har ' \
		'ld-report text plan.json '; do
		shown bash "$line" | grep -qx plan.json
		shown zsh "$line" | grep -qw plan.json
		shown fish "$line" | grep -q plan.json
	done
}

@test "names that need quoting are quoted" {
	becomes bash 'ld-run two' 'ld-run two\ words.har '
	becomes zsh 'ld-run two' 'ld-run two\ words.har '
	becomes bash 'ld-run -o "two' 'ld-run -o "two words.har" '
	[ "$(shown fish 'ld-run two')" = 'two words.har' ]
}

@test "directories stand where a directory is wanted" {
	becomes bash 'ld-run --execute_dir ' 'ld-run --execute_dir folder/'
	becomes zsh 'ld-run --execute_dir ' 'ld-run --execute_dir folder/'
	[ "$(shown fish 'ld-run --execute_dir ' | cut -f 1)" = folder/ ]
}

@test "nothing stands where any text is possible" {
	for line in 'ld-run --var ' 'ld-run --var a=' 'ld-run --var=a=' \
		'ld-run --var a@' 'ld-run -e ' 'ld-run -u ' 'ld-import har -b ' \
		'ld-report text --title '; do
		for shell in bash zsh; do
			becomes $shell "$line" "$line"
			shown $shell "$line" | lacks -E 'plan|folder|^--'
		done
		[ -z "$(shown fish "$line")" ]
	done
}

@test "an @ in a word is a letter like any other" {
	becomes zsh 'ld-run at@' 'ld-run at@sign.har '
	[ "$(shown fish 'ld-run at@')" = at@sign.har ]
	becomes bash 'ld-run at' 'ld-run at\@sign.har '
	shown bash 'ld-run x@p' | lacks plan.json
}

@test "behind -- there are only operands" {
	for shell in bash zsh; do
		shown $shell 'ld-run -- --' | lacks -e '^--users'
	done
	shown bash 'ld-run -- ' | grep -qx plan.json
}

@test "a redirection wants a file" {
	for line in 'ld-report text >' 'ld-report > ' 'ld-report text < '; do
		shown bash "$line" | grep -qx plan.json
		shown zsh "$line" | grep -qw plan.json
	done
}

@test "the command that ld-target runs is completed as a command" {
	for line in 'ld-target ld-impo' 'ld-target -p 80 ld-impo' \
		'ld-target -- ld-impo'; do
		becomes bash "$line" "${line}rt "
		becomes zsh "$line" "${line}rt "
	done
	shown fish 'ld-target -p 80 ld-impo' | grep -q '^ld-import'
	shown fish 'ld-target ld-impo' | grep -q '^ld-import'
	shown bash 'ld-target cat ' | grep -qx plan.json
	becomes zsh 'ld-target ld-run --sam' 'ld-target ld-run --samples='
	[[ $(shown fish 'ld-target ld-run --sam') == --samples* ]]
}

@test "with the bash-completion package, what ld-target runs completes itself" {
	package=/usr/share/bash-completion/bash_completion
	[ -r "$package" ] || skip "no bash-completion"
	command -v zsh >/dev/null || skip "no zsh to press the keys"
	run timeout 300 zsh -f "$srcdir/tests/cmd/press-tab.zsh" bash \
		". $package
		for c in '$builddir'/completions/bash/*; do . \"\$c\"; done" \
		'ld-target ld-run --sam' 'ld-target -p 1 -- ld-run --sam'
	[[ $output == *'LINE: ld-target ld-run --samples |'* ]]
	[[ $output == *'LINE: ld-target -p 1 -- ld-run --samples |'* ]]
}

@test "texts keep their quotes, brackets, colons, dollars and backslashes" {
	text=$("$builddir/tests/cmd/ld-odd" --help | sed -n 2p)
	[[ $text == *'`h`'* ]]
	# zsh names together what has one text.
	shown zsh 'ld-odd --' | grep -F -e " -- $text" | tr ' ' '\n' |
		grep -xE -e '--(flag|output|plain|again)' | sort -u | wc -l |
		grep -qx 4
	shown zsh 'ld-odd ' | grep -qxF -e "first second -- $text" \
		-e "second first -- $text"
	[ "$(shown fish 'ld-odd --' | grep -cF -e $'\t'"$text")" -eq 4 ]
	shown fish 'ld-odd ' | grep -qxF "first"$'\t'"$text"
	shown bash 'ld-odd --' | grep -qx -e --again
	becomes zsh 'ld-odd --plain ' 'ld-odd --plain '
}

@test "no shell complains while it completes" {
	shown bash 'ld-run --' >/dev/null
	cat "$BATS_FILE_TMPDIR"/bash/* "$BATS_FILE_TMPDIR"/zsh/* |
		sed '/^--/d; / -- /d' | lacks -iE \
		'command not found|error:|unmatched|bad |parse error|_[a-z]*:|compopt:|usage:'
	shown fish 'ld-run --' >/dev/null
	[ ! -s "$BATS_FILE_TMPDIR/fish.said" ]
}
