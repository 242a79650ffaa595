#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: installed.sh BINDIR LIBDIR (make installcheck)
# Do the commands run from where they are, and does a program build against
# the library with what pkg-config says?
set -eu
unset LD_LIBRARY_PATH
for command in ld-import ld-run ld-report ld-target; do
	"$1/$command" --version >/dev/null
done
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cat >"$temp/user.c" <<'EOF'
#include <stdio.h>
#include <ld/version.h>
int
main(void)
{
	return puts(ld_version()) == EOF;
}
EOF
PKG_CONFIG_PATH=$2/pkgconfig
export PKG_CONFIG_PATH
pkg_config=${PKG_CONFIG:-pkg-config}
flags=$($pkg_config --cflags --libs libld)
${CC:-cc} -o "$temp/user" "$temp/user.c" $flags -Wl,-rpath,"$2"
test "$("$temp/user")" = "$($pkg_config --modversion libld)"
echo 'installed.sh: commands run, and a program builds against libld'
