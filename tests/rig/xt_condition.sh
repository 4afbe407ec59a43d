#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: xt_condition.sh KIND
#
# Prints the path of xt_condition.ko, the module whose files nf_vip stands in for, made for a kernel from Debian's
# xtables-addons. It lies in tests/e2e/build, where a test in the guest finds it.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

make_module()
{
	local work=$1 arch=$2 dir=$3
	[ -e "$work/xt_condition.ko" ] && return 0
	rm -rf "$work"
	mkdir -p "$work/deb"
	# Only its source is wanted: installed, its dkms would build all of it for the running kernel.
	(cd "$work/deb" && apt-get -qq -o APT::Sandbox::User=root download xtables-addons-dkms) >&2
	dpkg-deb -x "$work"/deb/*.deb "$work/deb"
	cp "$work"/deb/usr/src/xtables-addons-*/extensions/{xt_condition.[ch],compat_*.h} "$work/"
	echo 'obj-m := xt_condition.o' >"$work/Kbuild"
	make -s -C "$dir/build" ARCH="$arch" M="$work" modules >&2
}

kind=${1-}
is_kind "$kind" || die "usage: $me KIND"
"$RIG/deps.sh" uml
dir=$("$RIG/kernel.sh" "$kind" | tail -n 1)
arch=x86_64
[ "$kind" != uml ] || arch=um
work=$CACHE/xt_condition/$(basename "$dir")
with_lock "xt_condition-$kind" make_module "$work" "$arch" "$dir"
mkdir -p "$REPO/tests/e2e/build"
cp "$work/xt_condition.ko" "$REPO/tests/e2e/build/xt_condition-$kind.ko"
echo "$REPO/tests/e2e/build/xt_condition-$kind.ko"
