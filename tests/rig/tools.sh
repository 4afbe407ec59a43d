#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: tools.sh KIND
#
# Builds what a guest of that kind runs besides the module: vipctl and the ends of connections, with the libraries of the
# guest's root, and xt_condition for its kernel. run.sh calls it.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

build()
{
	in_root "$1" make -s -C userspace all >&2
	in_root "$1" make -s -C tests/e2e >&2
}

kind=${1-}
is_kind "$kind" || die "usage: $me KIND"
cd "$REPO"
root=$(root_of "$kind")
[ "$root" != / ] || "$RIG/deps.sh" vipctl
with_lock "tools-$(hash_of <<<"$REPO $root")" build "$root"
"$RIG/xt_condition.sh" "$kind" >/dev/null
