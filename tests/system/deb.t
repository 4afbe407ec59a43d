#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: deb.t [KERNEL...]
#
# The Debian packages, made and used on Debian 12 and 13, each with its stock kernel. To build the module takes too long in a
# guest that is emulated: deb_install has dpkg and dkms install them in an overlay of the kernel's root, where there is that kernel
# alone, and a guest gets what changed there. deb_guest uses it, and purges it.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

root=$tap_dir/root
debs=userspace/build/deb

# install KERNEL: all that the packages bring, in $root
install()
{
	unshare --mount --propagation private "$repo/tests/system/deb_install" "$(root_for "$1")" \
		"$("$repo/tests/rig/kernel.sh" "$1" | tail -n 1)" "$root" "$(built_for "$1")/$debs"
}

"$repo/tests/rig/deps.sh" vm
[ $# -gt 0 ] || set -- bookworm trixie
for kernel in "$@"; do
	ok "$kernel, make deb" in_root_for "$kernel" make -s deb
	# shellcheck disable=SC2016	# for the shell in there
	ok "$kernel, lintian has neither error nor warning" in_root_for "$kernel" \
		sh -c 'lintian --allow-root --fail-on error,warning "$1"/*.changes' sh "$debs"
	rm -rf "$root"
	ok "$kernel, dpkg installs both, and dkms builds" install "$kernel"
	in_guest "$kernel" --systemd "$root" --no-module "$kernel" "$repo/tests/system/deb_guest"
done
finish
