#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: dkms.t [SUITE...]		(default: bookworm trixie)
#
# Kernels are installed while dkms has the module, also where it does not build: real packages of kernels, real apt,
# dpkg and dkms, in a root of each Debian; see dkms_root. What is written there is gone afterwards.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

# In a mount namespace: dkms_root in an overlay of a root.
inside()
{
	local root=$1
	mkdir -p /mnt
	mount -t tmpfs -o mode=755 dkms /mnt
	mkdir /mnt/{upper,work,root}
	mount -t overlay -o "lowerdir=$root,upperdir=/mnt/upper,workdir=/mnt/work" overlay /mnt/root
	exec "$repo/tests/rig/in_root.sh" /mnt/root tests/system/dkms_root
}

# upgrades SUITE: its tests become ours
upgrades()
{
	local suite=$1 root status=0
	# The root that tests of that Debian's kernels have.
	root=$("$repo/tests/rig/root.sh" "$suite" vipctl guest dkms deb | tail -n 1)
	unshare --mount --propagation private "$0" inside "$root" >"$tap_dir/$suite" 2>"$tap_dir/$suite-err" </dev/null ||
		status=$?
	adopt "$suite" "$tap_dir/$suite"
	result $status "$suite: it went on to its end" "$tap_dir/$suite-err"
}

if [ "${1-}" = inside ]; then
	inside "$2"
fi
[ $# -gt 0 ] || set -- bookworm trixie
for suite; do upgrades "$suite"; done
finish
