#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of the guest; run.sh starts it through the kernel's command line. $RIG is the directory run.sh made for
# this run: it holds `job` (shell assignments) and receives `status`.
#
# First stage: the root is the host's, read-only. Lay a tmpfs over it and move there. Second stage: what a booted
# system has, then the script, then the leak check, then the power switch.
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

off()
{
	sync
	# reboot(2), "power off": the host's own poweroff command wants to talk to systemd.
	perl -e 'syscall(169, 0xfee1dead, 672274793, 0x4321fedc)'
}

# Without a status run.sh calls it a boot failure and shows the end of the kernel log, where our stderr goes.
fail()
{
	echo "rig: $*" >/dev/kmsg
	off
}

stage1()
{
	mount -t devtmpfs dev /dev
	exec </dev/null >/dev/kmsg 2>&1
	mount -t tmpfs -o mode=755 rig /mnt || fail "no tmpfs"
	mkdir /mnt/upper /mnt/work /mnt/root
	mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work root /mnt/root || fail "no overlay"
	cd /mnt/root || fail "no root"
	pivot_root . mnt || fail "pivot_root"
	exec chroot . "$0" stage2
}

# A /tmp of our own, except for what the run itself needs should it live there (a fresh clone often does).
empty_tmp()
{
	local d
	mkdir /run/host-tmp
	mount --bind /tmp /run/host-tmp
	mount -t tmpfs -o mode=1777 tmp /tmp
	for d in "$REPO" "$CACHE"; do
		case $d in
		/tmp/*)	mkdir -p "$d"
			mount --bind "/run/host-tmp/${d#/tmp/}" "$d" ;;
		esac
	done
	umount /run/host-tmp
}

mounts()
{
	umount -l /mnt
	# The overlay shows directories of the host's root; whatever the host mounts there is not ours.
	mount -t proc proc /proc
	mount -t sysfs sys /sys
	mount -t devtmpfs dev /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	mount -t tmpfs -o mode=1777 shm /dev/shm
	mount -t tmpfs -o mode=755 run /run
	empty_tmp
	mount -t debugfs debug /sys/kernel/debug
	mount -t tracefs trace /sys/kernel/tracing 2>/dev/null
	mount -t cgroup2 cgroup /sys/fs/cgroup
	ln -sfn /proc/self/fd /dev/fd
	ln -sfn /proc/self/fd/0 /dev/stdin
	ln -sfn /proc/self/fd/1 /dev/stdout
	ln -sfn /proc/self/fd/2 /dev/stderr
	# As systemd leaves it; `ip netns` relies on mounts in its directory being seen by everybody.
	mount --make-rshared /
	mkdir -p /run/lock /run/netns /run/rig /var/tmp /var/log/nginx
	[ -L /var/run ] || mount --rbind /run /var/run
}

# The directory of this run, writable.
exchange()
{
	if [ "$KIND" = uml ]; then
		mount -t hostfs -o "$RIG" rig /run/rig
	else
		mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=none rig /run/rig
	fi
}

# Module trees are read through the root overlay, so that the guest may write to them (depmod, dkms).
modules()
{
	local d
	mkdir -p "/lib/modules/$RELEASE"
	mount --bind "$MODULES" "/lib/modules/$RELEASE"
	[ -n "$DKMS" ] || return 0
	mkdir -p /var/lib/dkms
	mount --bind "$DKMS/var-lib-dkms" /var/lib/dkms
	for d in "$DKMS"/usr-src/*; do
		mkdir -p "/usr/src/${d##*/}"
		mount --bind "$d" "/usr/src/${d##*/}"
	done
}

# Where the script's stdout and stderr leave the guest.
streams()
{
	if [ "$KIND" = uml ]; then
		out=/dev/ttyS0 err=/dev/ttyS1
		# Nobody rewrites line ends or answers to control characters on the way. The line keeps its settings
		# only while somebody has it open.
		exec 3>"$out" 4>"$err"
		stty -F $out raw -echo
		stty -F $err raw -echo
	else
		# The ports appear some time after their driver; the number of the device depends on its neighbours.
		for _ in {1..300}; do
			out=$(compgen -G '/dev/vport*p1') && err=$(compgen -G '/dev/vport*p2') && break
			sleep 0.1
		done
		[ -c "$out" ] && [ -c "$err" ] || return 1
		exec 3>"$out" 4>"$err"
	fi
}

job()
{
	local rc=0 v
	cd "$REPO" || return 125
	(
		for v in "${ENV[@]}"; do
			export "${v?}"
		done
		export NF_VIP_KERNEL=$KIND NF_VIP_KO=$KO NF_VIP_SLOW=$SLOW
		export HOME=/root LANG=C.UTF-8 LC_ALL=C.UTF-8 TERM=dumb USER=root LOGNAME=root SHELL=/bin/bash
		unset RIG
		exec timeout -k 10 "$TIMEOUT" "$SCRIPT" "${ARGS[@]}" >&3 2>&4 3>&- 4>&-
	) || rc=$?
	# 137: it had to be killed. Tell who hangs, as far as the kernel has that command.
	if [ $rc = 124 ] || [ $rc = 137 ]; then
		rc=124
		echo w >/proc/sysrq-trigger
	fi 2>/dev/null
	return $rc
}

# An object counts as leaked from the age of 5 seconds on, and one scan alone sees pointers that are just being moved.
leaks()
{
	local k=/sys/kernel/debug/kmemleak
	[ -e $k ] || return 0
	# Scanning takes its time here. Bit 12 of the taint: a module from outside the tree has been loaded.
	[ $(($(</proc/sys/kernel/tainted) & 1 << 12)) != 0 ] || return 0
	sleep 5.5
	echo scan >$k
	echo scan >$k
	cat $k >/run/rig/kmemleak
}

stage2()
{
	local rc=0
	exec </dev/null >/dev/kmsg 2>&1
	# shellcheck disable=SC1091	# written by run.sh
	. "$RIG/job" || fail "no job"
	mounts
	exchange || fail "no exchange directory"
	modules || fail "no modules"
	[ "$KIND" = uml ] || modprobe -q virtio_console
	hostname nf-vip-guest
	ip link set lo up
	streams || fail "no way out for the output"
	# What the boot itself leaked is not for us to judge.
	[ ! -e /sys/kernel/debug/kmemleak ] || echo clear >/sys/kernel/debug/kmemleak
	job || rc=$?
	# Leaks of the way out count as well. Who keeps the module busy has a reason; it is not an error of the run.
	[ ! -d /sys/module/nf_vip ] || timeout 30 modprobe -q -r nf_vip
	leaks
	echo $rc >/run/rig/status
	if [ "$KIND" = uml ]; then
		stty -F "$out" drain >/dev/null
		stty -F "$err" drain >/dev/null
	fi
	off
}

if [ "${1-}" = stage2 ]; then
	stage2
else
	stage1
fi
# Process 1 must not return: that would be a panic, and a confusing one.
while :; do sleep 1000; done
