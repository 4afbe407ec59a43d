#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: deps.sh [GROUP...]        GROUP: build demo vm test dkms lint bench deb (default: all of them)
#
# Installs the Debian packages a group needs. Costs one dpkg-query when nothing is missing. A package that brings a
# daemon must not start it here, now or at the next boot: the tests start their own inside the guest.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

packages()
{
	case $1 in
	build)	echo make gcc libc6-dev libnftables-dev libmnl-dev libjansson-dev libncurses-dev \
			pkg-config flex bison bc libelf-dev libssl-dev \
			kmod cpio rsync xz-utils util-linux procps linux-source-6.12 ;;
	demo)	echo python3 python3-aiosmtpd netcat-openbsd iproute2 kmod ;;
	vm)	echo qemu-system-x86 seabios busybox-static cpio kmod xz-utils util-linux ;;
	test)	echo swaks python3 python3-aiosmtpd python3-pyftpdlib nginx-light curl dnsmasq-base dnsutils conntrack iptables nftables \
			iproute2 iputils-ping tcpdump netcat-openbsd socat ncat perl procps jq kmod openssl ethtool xtables-addons-common ipvsadm \
			conntrackd keepalived prometheus python3-prometheus-client python3-pyte ;;
	# Not the kernel headers: those of 6.12 want the kernel image installed. kernel.sh unpacks them.
	dkms)	echo dkms make gcc kmod rsync util-linux libelf-dev ;;
	lint)	echo sparse man-db mandoc shellcheck cppcheck clang ;;
	bench)	echo ipvsadm linux-perf gnuplot-nox python3 ;;
	deb)	echo dpkg-dev debhelper dh-dkms lintian fakeroot ;;
	*)	die "unknown group '$1' (build demo vm test dkms lint bench deb)" ;;
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

# invoke-rc.d and deb-systemd-invoke ask this program before they start anything; 101 is "not allowed".
guard_up()
{
	[ -e $guard ] && mv $guard $guard.nf_vip
	printf '#!/bin/sh\nexit 101\n' >$guard
	chmod 755 $guard
}

guard_down()
{
	rm -f $guard
	[ -e $guard.nf_vip ] && mv $guard.nf_vip $guard
	return 0
}

install()
{
	local want=("$@") new=() s enabled=""
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

main()
{
	local groups=("$@") all=() g
	[ $# -gt 0 ] || groups=(build demo vm test dkms lint bench deb)
	for g in "${groups[@]}"; do
		# shellcheck disable=SC2207	# package names have no blanks
		all+=($(packages "$g"))
	done
	[ -n "$(missing "${all[@]}")" ] || return 0
	with_lock deps install "${all[@]}"
}

main "$@"
