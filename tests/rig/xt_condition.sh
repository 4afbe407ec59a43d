#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: xt_condition.sh KIND
#
# Prints the path of xt_condition.ko, the module whose files nf_vip stands in for, made for a kernel from Debian's
# xtables-addons. It lies in tests/e2e/build of the guest's root, where a test in the guest finds it.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# Only its source is wanted: installed, its dkms would build all of it for the running kernel.
fetch_source()
{
	local work=$1
	"$RIG/suites.sh" download "$2" "$work/deb" xtables-addons-dkms
	dpkg-deb -x "$work"/deb/*.deb "$work/deb"
	cp "$work"/deb/usr/src/xtables-addons-*/extensions/{xt_condition.[ch],compat_*.h} "$work/"
	echo 'obj-m := xt_condition.o' >"$work/Kbuild"
}

make_module()
{
	local work=$1 kind=$2 dir=$3 suite=$4
	[ -e "$work/xt_condition.ko" ] && return 0
	rm -rf "$work"
	mkdir -p "$work/deb"
	fetch_source "$work" "$suite"
	kbuild "$kind" "$dir" "$work" -s >&2
}

kind=${1-}
is_kind "$kind" || die "usage: $me KIND"
dir=$("$RIG/kernel.sh" "$kind" | tail -n 1)
root=$(root_of "$kind")
suite=bookworm
! is_stock "$kind" || suite=$(stock_root "$kind")
work=$CACHE/xt_condition/$(basename "$dir")
with_lock "xt_condition-$kind" make_module "$work" "$kind" "$dir" "$suite"
to=$(built_in "$root")/tests/e2e/build
mkdir -p "$to"
cmp -s "$work/xt_condition.ko" "$to/xt_condition-$kind.ko" || cp "$work/xt_condition.ko" "$to/xt_condition-$kind.ko"
echo "$to/xt_condition-$kind.ko"
