#!/bin/sh
# SPDX-License-Identifier: MIT
# A recorded session, sent by many users at once, and the report of it.
#
#	demo.sh HAR REPORT USERS TIME
#
# Aims at $LOAD_DENSITY_TARGET; without one, a server of its own is started
# for as long as it takes.  A POSIX shell tells only how the last command of
# a pipeline ended, so each stage leaves a note when it fails.
set -eu

if [ $# -ne 4 ]; then
	echo 'usage: demo.sh HAR REPORT USERS TIME' >&2
	exit 2
fi
if [ -z "${LOAD_DENSITY_TARGET-}" ]; then
	exec ld-target sh "$0" "$@"
fi
har=$1 report=$2 users=$3 time=$4

work=$(mktemp -d)
trap 'rm -rf "$work" "$report.new"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

stage() {
	"$@" || echo "demo: '$*' ended with status $?" >>"$work/failed"
}

echo "$users users for $time against $LOAD_DENSITY_TARGET ..."
stage ld-import har --base base "$har" |
	stage ld-run --var "base=$LOAD_DENSITY_TARGET" \
		-u "$users" -r $(((users + 1) / 2)) -t "$time" \
		--wait 100ms..500ms |
	stage tee "$work/results" |
	stage ld-report html --exit-zero --title 'The little shop' \
		>"$report.new"
stage ld-report text --exit-zero "$work/results"

if [ -e "$work/failed" ]; then
	cat "$work/failed" >&2
	exit 1
fi
mv "$report.new" "$report"
case $report in
/*) echo "The report: file://$report" ;;
*) echo "The report: file://$PWD/$report" ;;
esac
