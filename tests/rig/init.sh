#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of the guest; run.sh starts it through the kernel's command line. $RIG is the directory run.sh made for
# this run: it holds `job` (shell assignments), `start` (runs the script) and receives `status`.
#
# First stage: the root is the host's, read-only. Lay a tmpfs over it and move there. Second stage: what a booted
# system has, then the script, then the leak check, then the power switch. With `run.sh --systemd` the second stage makes
# systemd process 1, and that has a unit which does the rest.
#
# Busybox and not bash: starting a program of the host costs half a second on the debug kernel, an applet nearly nothing.
# shellcheck shell=dash
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
bb=/bin/busybox

# Without a status run.sh calls it a boot failure and shows the end of the kernel log, where our stderr goes.
fail()
{
	echo "rig: $*" >/dev/kmsg
	off
}

off()
{
	$bb sync
	$bb poweroff -f
	# Process 1 must not return: that would be a panic, and a confusing one.
	while :; do $bb sleep 1000; done
}

stage1()
{
	$bb mount -t devtmpfs dev /dev
	exec </dev/null >/dev/kmsg 2>&1
	$bb mount -t tmpfs -o mode=755 rig /mnt || fail "no tmpfs"
	$bb mkdir /mnt/upper /mnt/work /mnt/root
	$bb mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work root /mnt/root || fail "no overlay"
	cd /mnt/root || fail "no root"
	$bb pivot_root . mnt || fail "pivot_root"
	exec $bb chroot . "$0" stage2
}

# A /tmp of our own, except for what the run itself needs should it live there (a fresh clone often does).
empty_tmp()
{
	$bb mkdir /run/host-tmp
	$bb mount --bind /tmp /run/host-tmp
	$bb mount -t tmpfs -o mode=1777 tmp /tmp
	for d in "$REPO" "$CACHE"; do
		case $d in
		/tmp/*)	$bb mkdir -p "$d"
			$bb mount --bind "/run/host-tmp/${d#/tmp/}" "$d" ;;
		esac
	done
	$bb umount /run/host-tmp
}

mounts()
{
	$bb umount -l /mnt
	# The overlay shows directories of the host's root; whatever the host mounts there is not ours.
	$bb mount -t proc proc /proc
	$bb mount -t sysfs sys /sys
	$bb mount -t devtmpfs dev /dev
	$bb mkdir -p /dev/pts /dev/shm
	$bb mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	$bb mount -t tmpfs -o mode=1777 shm /dev/shm
	$bb mount -t tmpfs -o mode=755 run /run
	empty_tmp
	$bb mount -t debugfs debug /sys/kernel/debug
	[ ! -d /sys/kernel/tracing ] || $bb mount -t tracefs trace /sys/kernel/tracing
	[ ! -d /sys/fs/cgroup ] || $bb mount -t cgroup2 cgroup /sys/fs/cgroup
	$bb ln -sfn /proc/self/fd /dev/fd
	$bb ln -sfn /proc/self/fd/0 /dev/stdin
	$bb ln -sfn /proc/self/fd/1 /dev/stdout
	$bb ln -sfn /proc/self/fd/2 /dev/stderr
	# As systemd leaves it; `ip netns` relies on mounts in its directory being seen by everybody.
	$bb mount --make-rshared /
	$bb mkdir -p /run/lock /run/rig /var/tmp /var/log/nginx
	[ -L /var/run ] || $bb mount --rbind /run /var/run
}

# The directory of this run, writable.
exchange()
{
	if [ -n "$UML" ]; then
		$bb mount -t hostfs -o "$RIG" rig /run/rig
	else
		$bb mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=none rig /run/rig
	fi
}

# Module trees are read through the root overlay, so that the guest may write to them (depmod, dkms).
modules()
{
	$bb mkdir -p "/lib/modules/$RELEASE"
	$bb mount --bind "$MODULES" "/lib/modules/$RELEASE"
	[ -n "$DKMS" ] || return 0
	$bb mkdir -p /var/lib/dkms
	$bb mount --bind "$DKMS/var-lib-dkms" /var/lib/dkms
	for d in "$DKMS"/usr-src/*; do
		$bb mkdir -p "/usr/src/${d##*/}"
		$bb mount --bind "$d" "/usr/src/${d##*/}"
	done
}

# Where the script's stdout and stderr leave the guest.
streams()
{
	if [ -n "$UML" ]; then
		exec 3>/dev/ttyS0 4>/dev/ttyS1
		# Nobody rewrites line ends or answers to control characters on the way. The line keeps its settings
		# only while somebody has it open.
		$bb stty -F /dev/ttyS0 raw -echo
		$bb stty -F /dev/ttyS1 raw -echo
		return
	fi
	# The ports appear some time after their driver; the number of the device depends on its neighbours.
	for _ in $($bb seq 300); do
		set -- /dev/vport*p1 /dev/vport*p2
		if [ -c "$1" ] && [ -c "$2" ]; then
			exec 3>"$1" 4>"$2"
			return
		fi
		$bb sleep 0.1
	done
	return 1
}

# An object counts as leaked from the age of 5 seconds on, and one scan alone sees pointers that are just being moved.
leaks()
{
	k=/sys/kernel/debug/kmemleak
	[ -e $k ] || return 0
	# Scanning takes its time here. Bit 12 of the taint: a module from outside the tree has been loaded.
	[ $(($($bb cat /proc/sys/kernel/tainted) & 4096)) != 0 ] || return 0
	$bb sleep 5.5
	echo scan >$k
	echo scan >$k
	$bb cat $k >/run/rig/kmemleak
}

# What a boot is made of; none of them starts anything by itself but the journal.
UNITS="sysinit.target basic.target local-fs-pre.target local-fs.target network-pre.target network.target multi-user.target
	slices.target sockets.target shutdown.target umount.target final.target systemd-journald.service
	systemd-journald.socket systemd-journald-dev-log.socket"

# systemd in our place, with these units of the host's, what the caller of run.sh laid over the root, and nothing else:
# no other unit, no fstab.
systemd()
{
	units=/lib/systemd/system
	enabled=/etc/systemd/system
	$bb mkdir -p /run/units /run/no-generators
	for u in $UNITS; do
		$bb cp "$units/$u" /run/units/ || fail "systemd has no $u"
	done
	$bb mount -t tmpfs -o mode=755 units "$units"
	$bb mount -t tmpfs -o mode=755 enabled "$enabled"
	$bb cp /run/units/* "$units/"
	$bb mkdir "$enabled/sysinit.target.wants"
	$bb ln -s "$units/systemd-journald.service" "$enabled/sysinit.target.wants/"
	$bb cp -a /run/rig/root/. / || fail "no root to lay over this one"
	$bb cat >"$enabled/default.target" <<-END
		[Unit]
		Wants=multi-user.target rig.service
	END
	$bb cat >"$enabled/rig.service" <<-END
		[Unit]
		After=multi-user.target
		[Service]
		Type=exec
		Environment=RIG=$RIG
		ExecStart=$bb sh /run/rig/init.sh unit
		TimeoutSec=infinity
	END
	exec $bb env -i PATH="$PATH" SYSTEMD_GENERATOR_PATH=/run/no-generators \
		SYSTEMD_ENVIRONMENT_GENERATOR_PATH=/run/no-generators /lib/systemd/systemd --log-target=kmsg
}

stage2()
{
	exec </dev/null >/dev/kmsg 2>&1
	# shellcheck disable=SC1091	# written by run.sh
	. "$RIG/job" || fail "no job"
	mounts
	exchange || fail "no exchange directory"
	modules || fail "no modules"
	$bb hostname nf-vip-guest
	$bb ifconfig lo up
	[ -z "$SYSTEMD" ] || systemd
	script
}

# run.sh hears the script, or not, and then puts a file there. SIGALRM makes timeout(1) act as if its time were over.
hush()
{
	until [ -e /run/rig/silent ]; do
		$bb sleep 10
	done
	$bb kill -ALRM "$($bb cat /run/rig-script)"
}

# Ours as process 1, or as a unit of systemd: from here on to the end.
script()
{
	streams || fail "no way out for the output"
	# What the boot itself leaked is not for us to judge.
	[ ! -e /sys/kernel/debug/kmemleak ] || echo clear >/sys/kernel/debug/kmemleak
	# Nor are its data races; looking for them costs time as well.
	if [ -e /sys/kernel/debug/kcsan ]; then
		echo on >/sys/kernel/debug/kcsan
		$bb grep -q 'enabled: 1' /sys/kernel/debug/kcsan || fail "KCSAN does not start"
	fi
	hush &
	rc=0
	/run/rig/start >&3 2>&4 3>&- 4>&- || rc=$?
	# What the script left running would keep the module busy.
	kill -KILL -1
	if [ -n "$UML" ]; then
		# What is still under way in the lines would go with this machine.
		perl -MPOSIX -e 'tcdrain($_) foreach 3, 4'
	fi
	exec 3>&- 4>&-
	# 137: timeout had to kill it. Tell who hangs, as far as the kernel has that command.
	if [ $rc = 124 ] || [ $rc = 137 ]; then
		rc=124
		[ ! -e /proc/sysrq-trigger ] || echo w >/proc/sysrq-trigger
	fi
	# Leaks of the way out count as well. Who keeps the module busy has a reason; it is not an error of the run.
	if [ -d /sys/module/nf_vip ]; then
		# After that nobody knows what the addresses in a leak's backtrace mean.
		[ ! -e /sys/kernel/debug/kmemleak ] || $bb grep -F '[nf_vip]' /proc/kallsyms >/run/rig/symbols
		timeout 30 modprobe -q -r nf_vip
	fi
	leaks
	echo $rc >/run/rig/status
	off
}

case ${1-} in
stage2)	stage2 ;;
unit)
	exec </dev/null >/dev/kmsg 2>&1
	# shellcheck disable=SC1091
	. /run/rig/job || fail "no job"
	script
	;;
*)	stage1 ;;
esac
