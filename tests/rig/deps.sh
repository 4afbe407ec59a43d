#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: deps.sh GROUP...            install what these groups need and is missing
#        deps.sh --list SUITE GROUP...   print the packages, with the names that Debian's SUITE has for them
#
# GROUP is one of known_groups. Costs one dpkg-query when nothing is missing. A package that brings a daemon must not start
# it here, now or at the next boot: the tests start their own inside the guest.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

known_groups() { echo vipctl uml demo native guest vm roots dkms deb bench cross cross-arm64 cross-s390x foreign; }

cross_gcc() { case $1 in arm64) echo gcc-aarch64-linux-gnu ;; s390x) echo gcc-s390x-linux-gnu ;; esac; }

# packages SUITE GROUP
packages()
{
	local clang=19
	[ "$1" != bookworm ] || clang=14
	case $2 in
	# What userspace/ and the peers of the tests are built with.
	vipctl)	echo make gcc libc6-dev pkg-config libnftables-dev libmnl-dev libjansson-dev libncurses-dev ;;
	# A kernel of our own, the module for it, and a guest that is a process.
	uml)	echo make gcc libc6-dev flex bison bc perl kmod rsync xz-utils util-linux procps busybox-static \
			debian-archive-keyring ca-certificates ;;
	demo)	echo mount iproute2 python3 python3-aiosmtpd netcat-openbsd ;;
	# The programs that the end-to-end tests run, wherever the guest's root comes from.
	guest)	echo busybox-static bash perl procps util-linux kmod iproute2 iputils-ping ethtool tcpdump conntrack conntrackd \
			iptables nftables ipvsadm keepalived xtables-addons-common dnsmasq-base bind9-dnsutils nginx-light \
			curl swaks python3 python3-aiosmtpd python3-pyftpdlib python3-pyte python3-prometheus-client \
			prometheus netcat-openbsd socat ncat jq openssl libcap2-bin man-db bash-completion systemd ;;
	# What runs at native speed beside them: lint, unit, fuzz.
	native)	packages "$1" guest
		echo git sparse mandoc groff-base shellcheck clang "libclang-rt-$clang-dev" ;;
	vm)	echo qemu-system-x86 seabios busybox-static cpio kmod xz-utils zstd util-linux ;;
	roots)	echo mount mmdebstrap debian-archive-keyring util-linux zstd rsync ;;
	# With what Debian's linux-kbuild packages depend on. Not the headers themselves: those of 6.12 want the kernel image
	# installed. kernel_stock.sh unpacks them.
	dkms)	echo dkms make gcc libc6-dev kmod rsync util-linux xz-utils libelf-dev libssl3 pahole ;;
	deb)	packages "$1" vipctl
		echo build-essential dpkg-dev debhelper lintian fakeroot ;;
	bench)	echo ipvsadm linux-perf gnuplot-nox python3 ;;
	cross)	echo gcc-aarch64-linux-gnu gcc-s390x-linux-gnu gcc-arm-linux-gnueabihf libc6-dev-s390x-cross libc6-dev-armhf-cross \
			qemu-user ;;
	# vipctl and the peers for a guest of another architecture.
	cross-*) echo make pkg-config "$(cross_gcc "${2#cross-}")" lib{c6,nftables,mnl,jansson,ncurses}-dev:"${2#cross-}" ;;
	foreign) echo qemu-system-arm qemu-system-misc qemu-efi-aarch64 ;;
	*)	die "unknown group '$2' ($(known_groups))" ;;
	esac
}

missing()
{
	local p have
	# dpkg-query fails when it does not know one of them; that is what we are here to find out.
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		awk '$1 == "installed" { print $2 }') || true
	for p in "$@"; do
		grep -qxF -- "$p" <<<"$have" || echo "$p"
	done | sort -u
}

# Services that the packages above bring.
SERVICES="nginx dnsmasq ipvsadm nftables conntrackd keepalived prometheus prometheus-node-exporter"
guard=/usr/sbin/policy-rc.d
guard_is_ours='# of the tests of nf_vip, while they install packages'

# invoke-rc.d and deb-systemd-invoke ask this program before they start anything; 101 is "not allowed".
guard_up()
{
	[ ! -e $guard ] || mv $guard $guard.nf_vip
	printf '#!/bin/sh\n%s\nexit 101\n' "$guard_is_ours" >$guard
	chmod 755 $guard
}

guard_down()
{
	rm -f $guard
	[ -e $guard.nf_vip ] && mv $guard.nf_vip $guard
	return 0
}

# A run that was killed left its own behind.
guard_mend()
{
	! grep -qsxF "$guard_is_ours" $guard || guard_down
}

# For a minute after its boot a machine may be busy with packages of its own; dpkg, unlike apt, does not wait for its lock.
configure_rest()
{
	local said end=$((SECONDS + 600))
	[ -n "$(dpkg --audit)" ] || return 0
	until said=$(LC_ALL=C dpkg --configure -a 2>&1); do
		if [[ $said != *"lock was locked by another process"* ]] || [ $SECONDS -ge $end ]; then
			die "dpkg --configure -a: $said"
		fi
		sleep 2
	done
}

install()
{
	local want=("$@") new=() s enabled=""
	command -v apt-get >/dev/null || die "these packages are missing, and there is no apt-get: ${want[*]}"
	mapfile -t new < <(missing "${want[@]}")
	[ ${#new[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || die "need root to install: ${new[*]}"
	say "installing: ${new[*]}"
	command -v systemctl >/dev/null &&
		for s in $SERVICES; do
			systemctl -q is-enabled "$s" 2>/dev/null && enabled="$enabled $s "
		done
	export DEBIAN_FRONTEND=noninteractive
	apt-get -qq -o DPkg::Lock::Timeout=600 update >&2 || say "apt-get update complained; trying with what is there"
	trap guard_down EXIT
	trap 'exit 130' INT TERM
	guard_up
	# An earlier run may have been ended in the middle; apt goes on with nothing before that is mended.
	configure_rest
	apt-get -qq -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 --no-install-recommends install "${new[@]}" >&2
	guard_down
	trap - EXIT
	# Not started now; not at the next boot either, unless it already was before we came.
	if command -v systemctl >/dev/null; then
		for s in $SERVICES; do
			[[ $enabled == *" $s "* ]] || systemctl -q disable "$s" 2>/dev/null || true
		done
	fi
}

# names SUITE GROUP...: of all of these groups, one a line
names()
{
	local suite=$1 g
	shift
	for g in "$@"; do
		packages "$suite" "$g"
	done | tr -s ' ' '\n' | if [ "$suite" = bookworm ]; then cat; else sed 's/^libssl3$/libssl3t64/'; fi | sort -u
}

main()
{
	local all=() suite names
	[ $# -gt 0 ] || die "usage: $me GROUP... ($(known_groups))"
	if [ "$1" = --list ]; then
		names "${@:2}"
		return
	fi
	suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	names=$(names "$suite" "$@")
	mapfile -t all <<<"$names"
	[ "$(id -u)" != 0 ] || guard_mend
	[ -n "$(missing "${all[@]}")" ] || return 0
	with_lock deps install "${all[@]}"
}

main "$@"
