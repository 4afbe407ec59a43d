#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: deb.t [KERNEL]
#
# The Debian packages, on a machine with a stock kernel. To build the module takes too long in a guest that is emulated:
# deb_install has dpkg and dkms install them in an overlay of this machine's root, where there is that kernel alone, and
# a guest gets what changed there. deb_guest uses it, and purges it.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

kernel=${1:-trixie}
root=$tap_dir/root
debs=$repo/userspace/build/deb

# install KERNEL ROOT: all that the packages bring, in ROOT
install()
{
	unshare --mount --propagation private "$repo/tests/system/deb_install" \
		"$("$repo/tests/rig/kernel.sh" "$1" | tail -n 1)" "$2" "$debs"
}

"$repo/tests/rig/deps.sh" vm guest dkms deb
ok "make deb" make -s -C "$repo" deb
ok "lintian has neither error nor warning" lintian --allow-root --fail-on error,warning "$debs"/*.changes
ok "dpkg installs both, and dkms builds" install "$kernel" "$root"
in_guest "$kernel" --systemd "$root" --no-module --timeout 900 "$kernel" "$repo/tests/system/deb_guest"
finish
