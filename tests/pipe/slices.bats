#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A stream cut in eight, and the slices in another order: the same documents
# as of the whole, byte for byte, in every format.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	ld-run --threads 2 --ndjson -q -o whole -e '[["LD_start_test",
	    {"user_detail_dict": {"user": "null_user"}, "user_count": 20,
	     "spawn_rate": 20, "test_time": 2, "wait": "5ms", "seed": 1,
	     "tasks": [{"name": "c"}, {"name": "b", "fail_every": 7},
	               {"name": "a", "fail_every": 5}]}]]'
	grep '"type":"sample"' whole >samples
	grep '"type":"interval"' whole >intervals
	ld-report --help | sed -n '/^formats:/,/^$/s/^  \([a-z]\+\).*/\1/p' >formats
}

# cut_in_eight FILE: by blocks of lines, and by turns.
cut_in_eight() {
	rm -f block.* turn.*
	split -n l/8 "$1" block.
	split -n r/8 "$1" turn.
}

# same_in_every_format WHOLE SLICE...
same_in_every_format() {
	local format whole=$1
	shift
	while read -r format; do
		ld-report --exit-zero "$format" "$whole" >wanted || return 1
		[ -s wanted ] || return 1
		ld-report --exit-zero "$format" "$@" >found || return 1
		cmp wanted found || { echo "$format of $*"; return 1; }
	done <"$BATS_FILE_TMPDIR/formats"
}

same_in_every_order() {
	local whole=$BATS_FILE_TMPDIR/$1
	cut_in_eight "$whole"
	same_in_every_format "$whole" block.a? &&
		same_in_every_format "$whole" block.ah block.ac block.ae block.aa \
			block.ag block.ab block.af block.ad &&
		same_in_every_format "$whole" turn.a? &&
		same_in_every_format "$whole" turn.ah turn.ag turn.af turn.ae \
			turn.ad turn.ac turn.ab turn.aa
}

@test "there are all the formats to compare" {
	[ "$(wc -l <"$BATS_FILE_TMPDIR/formats")" -ge 7 ]
}

@test "slices of a run are the run" {
	same_in_every_order whole
	[ "$(ld-report --exit-zero summary block.a? | jq -r .wholeness)" = whole ]
}

@test "slices of samples alone are those samples" {
	same_in_every_order samples
}

@test "slices of intervals alone are those intervals" {
	same_in_every_order intervals
}

@test "a stream cut by its series is one stream again" {
	local whole=$BATS_FILE_TMPDIR/samples name
	for name in a b c; do
		grep "\"name\":\"$name\"" "$whole" >"only.$name"
	done
	same_in_every_format "$whole" only.c only.a only.b
}

@test "a run given twice is incomplete in every format" {
	local whole=$BATS_FILE_TMPDIR/whole format
	while read -r format; do
		run ld-report "$format" "$whole" "$whole"
		[ "$status" -eq 3 ]
		# A cell of csv has room for the word only.
		case $format in
		csv) [[ "$output" == *$'\n'incomplete,* ]] ;;
		*) [[ "$output" == *"the run is in the stream twice"* ]] ;;
		esac || {
			echo "$format"
			return 1
		}
	done <"$BATS_FILE_TMPDIR/formats"
}

@test "a run writes no file but the one that it was asked for" {
	mkdir empty && cd empty
	ld-run --ndjson -q -o asked -e '[["LD_start_test", {"user_detail_dict":
	    {"user": "null_user"}, "passes": 3, "wait": 0,
	    "tasks": [{"name": "a"}]}]]'
	[ "$(ls -A)" = asked ]
}
