#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: dkms.sh KERNEL-DIR WORK-DIR ROOT		(module.sh calls it, under a lock)
#
# Runs the `make dkms-install` of our users for a stock kernel, with real dkms, and prints the path of the module it
# installed. It happens in ROOT, the kernel's own Debian, where /lib/modules, /usr/src and /var/lib/dkms are directories of
# our cache: the guest is shown what dkms left there.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

dir=$1 work=$2 root=$3
release=$(<"$dir/release")

# Everything that `make dkms-install` may read. Not the tests: a change there needs no new module.
copy_repo()
{
	mkdir -p "$work/repo"
	rsync -rlp --checksum --delete --delete-excluded --exclude=/.git --exclude=/tests --exclude='*.o' \
		--exclude='.*.cmd' "$REPO/" "$work/repo/"
}

# What ends up in the guest depends on these alone.
sources_hash()
{
	cd "$work/repo"
	sums_of Kbuild Makefile dkms.conf kmod include | hash_of "$RIG/dkms.sh"
}

# In the root.
inside()
{
	make -C "$work/repo" dkms-install KVER="$release" HOOKS=
	local status
	status=$(dkms status nf_vip)
	echo "$status" >&2
	[[ $status = *", $release, $(uname -m): installed"* ]]
}

install_into()
{
	local to=$1 log=$1.log
	rm -rf "$to"
	mkdir -p "$to/lib-modules" "$to/usr-src" "$to/var-lib-dkms"
	# Hard links: depmod replaces files by renaming, so the originals stay.
	cp -al "$dir/modules/lib/modules/$release" "$to/lib-modules/"
	say "dkms builds nf_vip for $release"
	if ! "$RIG/in_root.sh" --bind "$to/lib-modules" /lib/modules --bind "$to/usr-src" /usr/src \
	     --bind "$to/var-lib-dkms" /var/lib/dkms "$root" "$RIG/dkms.sh" "$dir" "$work" / inside >"$log" 2>&1; then
		cat "$log" >&2
		find "$to/var-lib-dkms" -name make.log -exec cat {} + >&2
		die "make dkms-install KVER=$release failed"
	fi
	if find "$to/var-lib-dkms" -name make.log -exec cat {} + | warnings >&2; then
		die "nf_vip.ko does not build cleanly for $release"
	fi
	touch "$to/ready"
}

if [ "${4-}" = inside ]; then
	inside
	exit
fi
[ "$(id -u)" = 0 ] || die "dkms and its mount namespace need root"
copy_repo
to=$work/dkms-$(sources_hash)
[ -e "$to/ready" ] || install_into "$to"
touch "$to"
find "$work" -mindepth 1 -maxdepth 1 -name 'dkms-*' -mmin +720 -exec rm -rf {} +
ko=$(find "$to/lib-modules/$release/updates" -name 'nf_vip.ko*' | grep . || die "dkms installed no nf_vip.ko")
echo "$ko"
