# SPDX-License-Identifier: MIT
# Usage: awk -f layers.awk lib/LAYERS SOURCE...
# TAP: is lib/LAYERS a proper order, and does every include respect it?

function folder(file,    part) {
	split(file, part, "/")
	if (part[2] == "include" || part[2] == "common")
		return part[2]
	return part[1] == "cmd" ? "cmd" : part[2]
}

function fault(test, text) {
	failed[test] = 1
	print "# " text
}

FNR == NR && NF && !/^#/ {              # "plan: include base data"
	sub(":", "", $1)
	for (i = 2; i <= NF; i++) {
		allowed[$1, $i] = 1
		if (!($i in listed))
			fault(1, $1 " names " $i ", which is not below it")
	}
	allowed[$1, $1] = listed[$1] = 1
}

FNR != NR && /^#include (<ld|"[a-z]+)\// {
	split($2, part, /["<\/]/)
	to = part[2] == "ld" ? "include" : part[2]
	if (!((folder(FILENAME), to) in allowed))
		fault(2, FILENAME ":" FNR ": " folder(FILENAME) \
		    " may not include from " to)
}

END {
	print "1..2"
	print (failed[1] ? "not " : "") "ok 1 - lib/LAYERS is an order"
	print (failed[2] ? "not " : "") "ok 2 - every include goes down"
	exit failed[1] || failed[2]
}
