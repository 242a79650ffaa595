#!/bin/sh
# SPDX-License-Identifier: MIT
# What holds for fast_http_user holds for http_user: its tests once more, but
# for those that are tagged fast_http_user, with an ld-run that says so.
set -u
if ! command -v bats >/dev/null; then
	echo "1..0 # SKIP no bats"
	exit 0
fi
if ! ld-run --help-driver http_user >/dev/null 2>&1; then
	echo "1..0 # SKIP http_user is not in this build"
	exit 0
fi
directory=$(mktemp -d) || exit 99
trap 'rm -rf "$directory"' EXIT
real=$(command -v ld-run)
cat >"$directory/ld-run" <<EOF
#!/bin/sh
for option; do
	case \$option in
	--user | --user=* | --version | --help* | --schema* | --drivers)
		exec '$real' "\$@" ;;
	esac
done
exec '$real' --user http_user "\$@"
EOF
chmod +x "$directory/ld-run"
PATH=$directory:$PATH TEST_USER=http_user
export PATH TEST_USER

for file in http login counts tls; do
	"$srcdir/tests/run-bats" bats --filter-tags '!fast_http_user' \
		"$srcdir/tests/pipe/$file.bats" | sed "s/^\(not ok\|ok\) [0-9]* /&$file: /"
done | awk '
	/^1\.\.[0-9]/ { next }
	/^(not ok|ok) / { n++; sub(/ok [0-9]+ /, "ok " n " ") }
	{ print; fflush() }
	END { print "1.." n + 0 }'
