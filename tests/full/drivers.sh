#!/bin/sh
# SPDX-License-Identifier: MIT
# doc/adding-a-driver.md, step by step, in a copy of the tree; and every driver
# as each of yes, module and no.
set -u
echo 1..9
n=0
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# check WHAT COMMAND...
check() {
	what=$1
	shift
	n=$((n + 1))
	if "$@" >"$work/out" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		tail -n 20 "$work/out" | sed 's/^/# /'
	fi
}

# build OPTION...: configure and make, as the user of a checkout does.
build() {
	rm -rf "$work/build"
	mkdir "$work/build"
	(cd "$work/build" && ../tree/configure -q CC="$CC" "$@" && make -s -j2 all)
}

# echoed USER MEMBERS: an exchange with a server that gives lines back.
echoed() {
	printf '{"type":"task",%s}\n' "$2" >"$work/task.plan"
	(PATH=$work/build/cmd:$PATH && export PATH && ld-target --listen tcp sh -c '
		port=${LOAD_DENSITY_TARGET_TCP##*:}
		sed "s|PORT|$port|; s|BASE|$LOAD_DENSITY_TARGET|" "$1/task.plan" >"$1/real.plan"
		ld-run -q --user "$2" -u 2 -n 3 --wait 0 "$1/real.plan" >"$1/stream"' \
		- "$work" "$1") &&
		jq -s -e 'map(select(.type == "end"))[0].ledger
			| .success == 6 and .wire == 6' "$work/stream"
}

# says USER WHERE: --drivers has it there.
says() {
	"$work/build/cmd/ld-run" --drivers </dev/null |
		grep -q "^$1  *[a-z0-9]*  *$2  "
}

mkdir "$work/tree"
tar -C "$srcdir" --exclude ./build --exclude './build-asan' \
	--exclude './build-tsan' --exclude ./.git --exclude node_modules -cf - . |
	tar -C "$work/tree" -xf -
[ -f "$srcdir/.tarball-version" ] || ld-run --version | sed -n '1s/.* //p' \
	>"$work/tree/.tarball-version"

cp -r "$work/tree/doc/skeleton" "$work/tree/lib/drivers/toy"
sed -i '/^LD_DRIVER(\[socket\]/a LD_DRIVER([toy], [yes], [a line out, a line back], [toy_user])' \
	"$work/tree/configure.ac"
check "a tree with one folder and one line more is bootstrapped" \
	"$work/tree/build-aux/bootstrap"
check "it is built" build
check "the driver is there" says toy_user 'built in'
check "it sends and receives" echoed toy_user '"port":PORT,"line":"hello"'

check "drivers are built as modules" build --with-driver-toy=module \
	--with-driver-http1=module --with-driver-socket=module \
	--with-driver-null=module --with-driver-curl=no
check "they are found, and one that is left out is not" sh -c "
	$(command -v true)
	for user in toy_user fast_http_user socket_user null_user; do
		'$work/build/cmd/ld-run' --drivers </dev/null |
			grep -q \"^\$user  *[a-z0-9]*  *module  \" || exit 1
	done
	'$work/build/cmd/ld-run' --drivers </dev/null | grep -q '^http_user .*not in this build'"
check "a module sends and receives: toy" echoed toy_user '"port":PORT,"line":"hello"'
check "a module sends and receives: http1" echoed fast_http_user \
	'"method":"get","url":"BASE/get"'
check "a module sends and receives: socket" echoed socket_user \
	'"target":"127.0.0.1:PORT","payload":"x","expect_bytes":1'
