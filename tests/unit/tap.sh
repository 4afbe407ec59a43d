# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The little of the Test Anything Protocol that shell tests need.

tap_count=0
tap_failed=0
tap_dir=$(mktemp -d)
trap 'rm -rf "$tap_dir"' EXIT

# result STATUS NAME [FILE]: one line; after a failure, what is in FILE, where it is seen beyond prove, too.
result()
{
	tap_count=$((tap_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_count - ${2//\#/\\#}"
		return
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - ${2//\#/\\#}"
	echo "# failed: $2" >&2
	[ -z "${3:-}" ] || sed 's/^/# /' "$3" >&2
}

# ok NAME COMMAND...: the command succeeds.
ok()
{
	local name=$1 status=0
	shift
	"$@" >"$tap_dir/ok" 2>&1 </dev/null || status=$?
	result "$status" "$name" "$tap_dir/ok"
}

# is NAME EXIT OUT ERR COMMAND...: exit status and both outputs are these.
is()
{
	local name=$1 status=0
	printf 'exit %s\n--- stdout\n%s\n--- stderr\n%s\n' "$2" "$3" "$4" \
		>"$tap_dir/want"
	shift 4
	"$@" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null || status=$?
	printf 'exit %s\n--- stdout\n%s\n--- stderr\n%s\n' "$status" \
		"$(cat "$tap_dir/out")" "$(cat "$tap_dir/err")" >"$tap_dir/got"
	diff -u "$tap_dir/want" "$tap_dir/got" >"$tap_dir/diff"
	result $? "$name" "$tap_dir/diff"
}

skip()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# The plan comes last: a test that dies on the way has none, and fails.
finish()
{
	echo "1..$tap_count"
	[ $tap_failed = 0 ]
}

# The one under test, with sanitizers. Tests may run in parallel.
tap_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tap_vipctl=$tap_tests/build/vipctl
build_vipctl()
{
	mkdir -p "$tap_tests/build"
	# Relative, as make would split a path at its blanks.
	flock "$tap_tests/build/lock" make -s -C "$tap_tests/../../userspace" O=../tests/unit/build/vipctl \
		CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" >&2
}

vipctl()
{
	"$tap_vipctl/vipctl" "$@"
}
