#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the shells themselves make of the completions: bash and zsh on a
# terminal of their own where TAB is pressed, fish by its "complete -C".

commands='ld-import ld-report ld-run ld-target'

setup() {
	mkdir "$BATS_TEST_TMPDIR/there"
	cd "$BATS_TEST_TMPDIR/there"
	touch plan.json 'two words.har' at@sign.har
	mkdir folder
	export HOME="$BATS_TEST_TMPDIR" XDG_DATA_HOME="$BATS_TEST_TMPDIR" \
		XDG_CONFIG_HOME="$BATS_TEST_TMPDIR"
}

# What bash shows, and then makes of the line, for each argument.
bash_tab() {
	command -v zsh >/dev/null || skip "no zsh to press the keys"
	timeout 60 zsh -f "$srcdir/tests/cmd/press-tab.zsh" bash \
		"for c in '$builddir'/completions/bash/*; do . \"\$c\"; done
		${bash_more-}" "$@"
}

zsh_tab() {
	command -v zsh >/dev/null || skip "no zsh"
	timeout 60 zsh -f "$srcdir/tests/cmd/press-tab.zsh" zsh \
		"fpath=('$builddir/completions/zsh' ${zsh_more-} \$fpath)
		autoload -Uz compinit
		compinit -u -D" "$@"
}

# Candidates with their descriptions behind a tab, one a line.
fish_tab() {
	command -v fish >/dev/null || skip "no fish"
	fish --no-config -c 'for f in $argv[2..-1]
			source $f
		end
		complete -C $argv[1]' "$1" \
		"$builddir"/completions/fish/*.fish ${fish_more-} 2>&1
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

no_complaint() {
	lacks -iE 'command not found|error:|unmatched|bad |parse error|_[a-z]*:|compopt:|usage:' \
		<<<"$1"
}

@test "bash offers every option of every command, and nothing else" {
	for c in $commands; do
		shown=$(bash_tab "$c --")
		are_the_options_of "$shown" "$c"
	done
}

@test "zsh offers every option of every command, with what it does" {
	for c in $commands; do
		shown=$(zsh_tab "$c --")
		are_the_options_of "$shown" "$c"
		[ "$(grep -c '^--[a-z_-]* -- [a-z]' <<<"$shown")" -ge \
			"$("$c" --describe words | wc -l)" ]
	done
}

@test "fish offers every option of every command, with what it does" {
	for c in $commands; do
		shown=$(fish_tab "$c --")
		are_the_options_of "$shown" "$c"
		lacks -v -P '^--[a-z_-]*\t[a-z]' <<<"$shown"
	done
}

@test "the beginning of an option is completed to the whole" {
	[[ $(bash_tab 'ld-run --sam') == *'LINE: ld-run --samples |'* ]]
	[[ $(zsh_tab 'ld-run --sam') == *'LINE: ld-run --samples=|'* ]]
	[[ $(fish_tab 'ld-run --sam') == --samples$'\t'* ]]
}

@test "the values that an option takes are offered" {
	want=$(printf '%s\n' auto none plain)
	for line in 'ld-run --progress ' 'ld-run --progress='; do
		[ "$(bash_tab "$line" | grep -xE 'auto|none|plain' | sort)" = "$want" ]
		zsh_tab "$line" | grep -qx 'auto none plain'
		[ "$(fish_tab "$line" | sed 's/^--progress=//' | cut -f 1 | sort)" = \
			"$want" ]
	done
	[[ $(bash_tab 'ld-run --progress=pl') == *'LINE: ld-run --progress=plain |'* ]]
	[[ $(zsh_tab 'ld-run --progress=pl') == *'LINE: ld-run --progress=plain |'* ]]
	[ "$(bash_tab 'ld-report text --color ' | grep -cxE 'auto|always|never')" \
		-eq 3 ]
}

@test "the user types of this build are offered" {
	for c in ld-run 'ld-import har'; do
		[[ $(bash_tab "$c --user fast_h") == *"LINE: $c --user fast_http_user |"* ]]
		[[ $(zsh_tab "$c --user fast_h") == *"LINE: $c --user fast_http_user |"* ]]
		fish_tab "$c --user " | grep -q '^null_user'
	done
}

@test "a word for the samples is offered, though a share is possible" {
	[ "$(bash_tab 'ld-run --samples ' | grep -cxE 'all|failures|none')" -eq 3 ]
	zsh_tab 'ld-run --samples ' | grep -qx 'all failures none'
	[ "$(fish_tab 'ld-run --samples ' | grep -cE '^(all|failures|none)')" -eq 3 ]
}

@test "the first operand is a format, with what it is" {
	for c in ld-import ld-report; do
		formats=$("$c" --help | sed -n '/^formats:/,/^$/p' |
			sed -n 's/^  \([a-z0-9]*\) .*/\1/p')
		[ -n "$formats" ]
		for format in $formats; do
			bash_tab "$c " | grep -qE "^$format\$|LINE: $c $format \|"
			zsh_tab "$c " | grep -qE "^$format -- |LINE: $c $format \|"
			fish_tab "$c " | grep -qP "^$format\t."
		done
		fish_tab "$c " | lacks plan.json
		bash_tab "$c " | lacks plan.json
	done
}

@test "values of options do not count as operands" {
	for line in 'ld-report --title x ' 'ld-report --title=x ' \
		'ld-report -o x '; do
		bash_tab "$line" | grep -qx summary
		zsh_tab "$line" | grep -q '^summary -- '
		fish_tab "$line" | grep -q '^summary'
	done
	[[ $(bash_tab 'ld-import -qu 5 ha') == *'LINE: ld-import -qu 5 har |'* ]]
	[[ $(zsh_tab 'ld-import -qu 5 ha') == *'LINE: ld-import -qu 5 har |'* ]]
	[[ $(fish_tab 'ld-import -qu 5 ha') == har* ]]
}

@test "files stand where files are wanted" {
	for line in 'ld-run --output ' 'ld-run -o ' 'ld-run --output=' 'ld-run ' \
		'ld-run -q plan.json ' 'ld-import har ' 'ld-report text plan.json '; do
		bash_tab "$line" | grep -qx plan.json
		zsh_tab "$line" | grep -qw plan.json
		fish_tab "$line" | grep -q plan.json
	done
}

@test "names that need quoting are quoted" {
	[[ $(bash_tab 'ld-run two') == *'LINE: ld-run two\ words.har |'* ]]
	[[ $(zsh_tab 'ld-run two') == *'LINE: ld-run two\ words.har |'* ]]
	[[ $(bash_tab 'ld-run -o "two') == *'LINE: ld-run -o "two words.har" |'* ]]
	[ "$(fish_tab 'ld-run two')" = 'two words.har' ]
}

@test "directories stand where a directory is wanted" {
	[[ $(bash_tab 'ld-run --execute_dir ') == *'LINE: ld-run --execute_dir folder/|'* ]]
	[[ $(zsh_tab 'ld-run --execute_dir ') == *'LINE: ld-run --execute_dir folder/|'* ]]
	[ "$(fish_tab 'ld-run --execute_dir ' | cut -f 1)" = folder/ ]
}

@test "nothing stands where any text is possible" {
	for line in 'ld-run --var ' 'ld-run --var a=' 'ld-run --var=a=' \
		'ld-run --var a@' 'ld-run -e ' 'ld-run -u ' 'ld-import har -b ' \
		'ld-report text --title '; do
		for shell in bash zsh; do
			shown=$("${shell}_tab" "$line")
			[[ $shown == *"LINE: $line|" ]]
			lacks -E 'plan|folder|^--' <<<"$shown"
		done
		[ -z "$(fish_tab "$line")" ]
	done
}

@test "an @ in a word is a letter like any other" {
	[[ $(zsh_tab 'ld-run at@') == *'LINE: ld-run at@sign.har |'* ]]
	[ "$(fish_tab 'ld-run at@')" = at@sign.har ]
	[[ $(bash_tab 'ld-run at') == *'LINE: ld-run at\@sign.har |'* ]]
	bash_tab 'ld-run x@p' | lacks plan.json
}

@test "behind -- there are only operands" {
	for shell in bash zsh; do
		"${shell}_tab" 'ld-run -- --' | lacks -e '^--users'
	done
	bash_tab 'ld-run -- ' | grep -qx plan.json
}

@test "a redirection wants a file" {
	for line in 'ld-report text >' 'ld-report > ' 'ld-report text < '; do
		bash_tab "$line" | grep -qx plan.json
		zsh_tab "$line" | grep -qw plan.json
	done
}

@test "the command that ld-target runs is completed as a command" {
	for line in 'ld-target ld-impo' 'ld-target -p 80 ld-impo' \
		'ld-target -- ld-impo'; do
		[[ $(bash_tab "$line") == *"LINE: ${line%ld-impo}ld-import |"* ]]
		[[ $(zsh_tab "$line") == *"LINE: ${line%ld-impo}ld-import |"* ]]
	done
	fish_tab 'ld-target -p 80 ld-impo' | grep -q '^ld-import'
	fish_tab 'ld-target ld-impo' | grep -q '^ld-import'
	bash_tab 'ld-target cat ' | grep -qx plan.json
	[[ $(zsh_tab 'ld-target ld-run --sam') == *'ld-run --samples=|'* ]]
	[[ $(fish_tab 'ld-target ld-run --sam') == --samples* ]]
}

@test "with the bash-completion package, what ld-target runs completes itself" {
	package=/usr/share/bash-completion/bash_completion
	[ -r "$package" ] || skip "no bash-completion"
	bash_more=". $package"
	[[ $(bash_tab 'ld-target ld-run --sam') == *'ld-run --samples |'* ]]
	[[ $(bash_tab 'ld-target -p 1 -- ld-run --sam') == *'ld-run --samples |'* ]]
}

@test "texts keep their quotes, brackets, colons, dollars and backslashes" {
	text=$("$builddir/tests/cmd/ld-odd" --help | sed -n 2p)
	[[ $text == *'`h`'* ]]
	mkdir odd
	for shell in bash zsh fish; do
		"$builddir/tests/cmd/ld-odd" --describe $shell >odd/$shell
	done
	cp odd/zsh odd/_ld-odd
	zsh_more=$PWD/odd
	fish_more=$PWD/odd/fish
	bash_more=". '$PWD/odd/bash'"
	# zsh names together what has one text.
	zsh_tab 'ld-odd --' | grep -F -e " -- $text" | tr ' ' '\n' |
		grep -cxE -e '--(flag|output|plain|again)' | grep -qx '[48]'
	[ "$(fish_tab 'ld-odd --' | grep -cF -e $'\t'"$text")" -eq 4 ]
	zsh_tab 'ld-odd ' | grep -qxF -e "first second -- $text" \
		-e "second first -- $text"
	fish_tab 'ld-odd ' | grep -qxF "first"$'\t'"$text"
	bash_tab 'ld-odd --' | grep -qx -e --again
	zsh_tab 'ld-odd --plain ' | grep -qF 'LINE: ld-odd --plain |'
}

@test "no shell complains while it completes" {
	for c in $commands; do
		for line in "$c " "$c --" "$c -" "$c -x " "$c x y " "$c --output="; do
			no_complaint "$(bash_tab "$line" | sed '/^--/d')"
			no_complaint "$(zsh_tab "$line" | sed '/^--/d')"
		done
		no_complaint "$(fish_tab "$c x" | cut -f 1)"
	done
}
