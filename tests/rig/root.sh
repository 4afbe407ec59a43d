#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: root.sh SUITE[:ARCH|+ARCH] [GROUP...]
#
# Prints a directory with a small Debian of SUITE (bookworm, trixie) in which the packages of these groups of deps.sh are
# installed, and nothing else; makes it first if it is not in the cache. Without a group it has what debootstrap calls minbase,
# as a stranger's bare container has. in_root.sh runs something in it.
#
# With +ARCH there may be libraries of another architecture beside. That of another architecture cannot be used here, and its packages are unpacked, not set up: enough for a guest.
#
# Stock kernels are built for and booted with the programs of their own release, whatever this machine runs.
# shellcheck disable=SC2016	# the single quotes are for a shell in the root
set -euo pipefail
. "$(dirname "$0")/lib.sh"

suite=${1-} arch=$(dpkg --print-architecture) foreign=''
case $suite in
*:*)	arch=${suite#*:} suite=${suite%%:*} foreign=1 ;;
*+*)	arch=$arch,${suite#*+} suite=${suite%%+*} ;;
esac
case $suite in
bookworm|trixie)	shift ;;
*)			die "usage: $me bookworm|trixie [GROUP...]" ;;
esac

# What a chroot needs of us: names can be looked up, and nothing is started when a package is installed.
settle()
{
	local root=$1
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	rm -f "$root/var/lib/man-db/auto-update"
	printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
}

# What the scripts of packages that were only unpacked would have done, as far as a guest's tests need it.
settle_foreign()
{
	local root=$1 link bin
	mkdir -p "$root"/{proc,sys,dev,run,tmp,mnt,root,var/tmp,var/log,var/lib,etc}
	cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
	cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
	for link in awk=mawk nc=nc.openbsd which=which.debianutils iptables=iptables-nft ip6tables=ip6tables-nft \
		    iptables-save=iptables-nft-save iptables-restore=iptables-nft-restore; do
		bin=usr/bin
		[[ $link != ip* ]] || bin=usr/sbin
		ln -sfn "${link#*=}" "$root/$bin/${link%=*}"
	done
}

make_root()
{
	local to=$1 names=$2 log=$1.log
	[ ! -e "$to.ready" ] || return 0
	rm -rf --one-file-system "$to"
	mkdir -p "$(dirname "$to")"
	# In a mount namespace: one that is killed leaves no /proc and /sys in there, for somebody to remove.
	say "making a root of $suite with $(wc -w <<<"$names") packages and what they need"
	if ! "$RIG/suites.sh" sources "$suite${foreign:+:$arch}" |
	     unshare --mount --propagation private mmdebstrap --mode=root --architectures="$arch" "${how[@]}" --format=directory ${names:+"--include=$names"} \
		--aptopt='Acquire::Languages "none"' --aptopt='Acquire::Retries "3"' \
		--dpkgopt=force-unsafe-io --customize-hook='rm -f "$1"/etc/resolv.conf "$1"/etc/hostname' \
		"$suite" "$to" - >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		die "no root of $suite: see $log"
	fi
	settle "$to"
	[ -z "$foreign" ] || settle_foreign "$to"
	touch "$to.ready"
}

[ "$(id -u)" = 0 ] || die "a root of another Debian is made by root only"
"$RIG/deps.sh" roots
names=''
[ $# = 0 ] || names=$("$RIG/deps.sh" --list "$suite" "$@" | xargs)
how=(--variant=minbase)
if [ -n "$foreign" ]; then
	names="base-files base-passwd coreutils dash diffutils findutils grep gzip hostname libc-bin login mawk passwd sed tar $names"
	# bookworm's base-files leaves it to a script that / and /usr are one.
	how=(--variant=extract --skip=check/qemu --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr)
fi
key=$(hash_of <<<"$suite $arch $names ${how[*]} $(declare -f settle settle_foreign)")
to=$CACHE/root/$suite-$arch-$key
[ -e "$to.ready" ] || with_lock "root-$suite-$key" make_root "$to" "$names"
touch "$to.ready"
# Others of this suite that nobody has wanted for a week, and what was never ready.
find "$CACHE/root" -mindepth 1 -maxdepth 1 -type d -name "$suite-$arch-*" -mtime +7 | while read -r d; do
	[ -n "$(find "$d.ready" "$d.log" -mtime -7 2>/dev/null)" ] || rm -rf --one-file-system "$d" "$d.log" "$d.ready"
done
echo "$to"
