# SPDX-License-Identifier: MIT
# Usage: zsh -f press-tab.zsh bash|zsh SETUP LINE...
# Types each LINE and a TAB into an interactive shell on a terminal of its own,
# which has run SETUP, and prints what the shell then showed, and last what the
# line had become: "LINE: ...|".
zmodload zsh/zpty || exit 77
export TERM=ansi HISTFILE=
rc=$(mktemp -d)
trap 'zpty -d tab 2>/dev/null; rm -rf $rc' EXIT

case $1 in
bash)
	start="bash --noprofile --rcfile $rc/.zshrc -i"
	cat >$rc/.zshrc <<-'END'
	PS1='READY> '
	bind 'set show-all-if-ambiguous on'
	bind 'set completion-display-width 0'
	bind 'set page-completions off'
	bind 'set completion-query-items 0'
	bind 'set enable-bracketed-paste off'
	bind 'set bell-style none'
	mark() {
		printf '\nLINE: %s|\n<END>' "$READLINE_LINE"
		READLINE_LINE=
	}
	bind -x '"\C-xm": mark'
	END
	;;
zsh)
	start="env ZDOTDIR=$rc zsh -d -i"
	cat >$rc/.zshrc <<-'END'
	PS1='READY> '
	unset zle_bracketed_paste
	unsetopt beep
	LISTMAX=1000000
	mark() {
		zle -I
		printf '\nLINE: %s|\n<END>' "$BUFFER"
		BUFFER=
	}
	zle -N mark
	bindkey -e
	bindkey '^Xm' mark
	END
	;;
*)
	exit 2
	;;
esac
print -r -- "$2" >>$rc/.zshrc
shift 2

zpty tab "stty rows 1000 cols 250; exec $start"
zpty -r tab seen '*READY> '
{
	print -r -- "${seen%READY> *}"
	for line; do
		zpty -w -n tab "$line"$'\t\Cxm'
		zpty -r tab seen '*<END>'
		print -r -- "${seen%<END>*}"
	done
} | # Without what moves the cursor, and what zsh wipes lines with.
	sed -e $'s/\e\\[[0-9;?]*[a-zA-Z]//g; s/\e[()][a-zA-Z0-9]//g' \
		-e $'s/\r/\\\n/g; s/   */ /g' |
	sed -e 's/ $//' -e '/^$/d'
