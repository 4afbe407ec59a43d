#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: tools.sh [KIND]
#
# Builds what a guest of that kind runs besides the module: vipctl and the ends of connections, with the libraries of the
# guest's root, and xt_condition for its kernel. run.sh calls it. Without a KIND: for this machine, programs alone.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# build_foreign GUEST-ROOT SUITE ARCH CROSS-PREFIX: by a cross compiler, in a root that has that architecture's libraries
build_foreign()
{
	local root to f pkg_config
	root=$("$RIG/root.sh" "$2+$3" "cross-$3" | tail -n 1)
	# Debian's own pkg-config for another architecture wants packages of that one to be configured.
	pkg_config="env PKG_CONFIG_LIBDIR=/usr/lib/${4%-}/pkgconfig:/usr/share/pkgconfig pkg-config"
	in_root "$root" make -s -C userspace all CC="$4gcc" PKG_CONFIG="$pkg_config" >&2
	in_root "$root" make -s -C tests/e2e CC="$4gcc" PKG_CONFIG="$pkg_config" >&2
	to=$(built_in "$1")
	for f in userspace/build/vipctl tests/e2e/build/peer tests/e2e/build/queue; do
		install -D "$(built_in "$root")/$f" "$to/$f"
	done
}

build()
{
	in_root "$1" make -s -C userspace all >&2
	in_root "$1" make -s -C tests/e2e >&2
}

kind=${1-}
root=/ foreign=''
cd "$REPO"
if [ -n "$kind" ]; then
	is_kind "$kind" || die "usage: $me [KIND]"
	root=$(root_of "$kind")
	foreign=$(foreign_of "$kind")
fi
[ "$root" != / ] || "$RIG/deps.sh" vipctl
if [ -n "$foreign" ]; then
	with_lock "tools-$(hash_of <<<"$REPO $root")" build_foreign "$root" "$(stock_root "$kind")" "$foreign" "$(cross_of "$kind")"
else
	with_lock "tools-$(hash_of <<<"$REPO $root")" build "$root"
fi
[ -z "$kind" ] || "$RIG/xt_condition.sh" "$kind" >/dev/null
