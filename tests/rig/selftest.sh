#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: selftest.sh [KIND...]         (default: all)
#
# Does run.sh tell the truth? A rig that misses a failure would make every test above it worthless. Without the
# module: this is about the rig alone. TAP on stdout.
# shellcheck disable=SC2016	# the single quotes are for the guest
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$REPO/tests/unit/tap.sh"

out=$tap_dir/out err=$tap_dir/err
# seen NAME COMMAND...: it succeeds, or what was seen is not what it should be
seen()
{
	local name=$1 rc=0
	shift
	"$@" || rc=$?
	cat "$out" "$err" | tail -n 30 >"$tap_dir/why"
	result $rc "$name" "$tap_dir/why"
}

# status WANTED NAME RUN.SH-ARGUMENTS...
status()
{
	local want=$1 what=$2 got=0
	shift 2
	"$RIG/run.sh" --no-module "$@" >"$out" 2>"$err" || got=$?
	seen "$kind: $what gives $want (got $got)" [ $got = "$want" ]
}

# What kernels from 6.1 to 7.x say of a bug, without the stack that follows.
reports()
{
	cat <<-'LIST'
		WARNING: net/core/dev.c:6789 at __dev_queue_xmit+0x1b/0x2c, CPU#0: ping/123
		WARNING: CPU: 1 PID: 123 at net/core/dev.c:6789 __dev_queue_xmit+0x1b/0x2c
		BUG: KASAN: slab-use-after-free in service_free+0x1b/0x2c [nf_vip]
		BUG kmalloc-64 (Tainted: G           O): Objects remaining on __kmem_cache_shutdown()
		WARNING: possible recursive locking detected
		[ BUG: Invalid wait context ]
		WARNING: lock held when returning to user space!
		INFO: lockdep is turned off.
		INFO: task rmmod:123 blocked in I/O wait for more than 120 seconds.
		INFO: task rmmod:123 is blocked on a mutex likely owned by task cat:124.
		rcu: INFO: rcu_preempt self-detected stall on CPU
		INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 1-...D } 21 jiffies s: 61 root: 0x2/.
		ref_tracker: net notrefcnt@00000000f1e2d3c4 has 1/1 users at
		ref_tracker: reference already released.
		unreferenced object (percpu) 0x60a03c5f (size 8):
		kmemleak: Kernel memory leak detector disabled
	LIST
}

# Every one of them is a complaint; what a healthy boot says is none.
scanned()
{
	local line missed=''
	while IFS= read -r line; do
		echo "[    1.000000] $line" >"$out"
		! "$RIG/scan.sh" "$out" >/dev/null || missed+="$line"$'\n'
	done < <(reports)
	echo "$missed" >"$err"
	seen "scan.sh knows what kernels say of a bug" [ -z "$missed" ]
	echo '[    3.6] kmemleak: Kernel memory leak detector initialized (mem pool available: 39844)' >"$out"
	seen "scan.sh does not mind a leak detector that starts" "$RIG/scan.sh" "$out"
}

# provoked CRASH REPORT: the kernel is told to make that mistake, and reports it
provoked()
{
	status 126 "$1" "$kind" bash -c '
		modprobe lkdtm && echo "$1" >/sys/kernel/debug/provoke-crash/DIRECT' x "$1"
	seen "$kind: and shows it" grep -qE "$2" "$err"
}

# What the debug kernels are for. What our own module may do wrong is planted in it by faults.sh.
checkers()
{
	provoked WARNING 'WARNING: .*lkdtm'
	provoked SLAB_LINEAR_OVERFLOW 'KASAN: slab-out-of-bounds in lkdtm'
	provoked READ_AFTER_FREE 'KASAN: slab-use-after-free in lkdtm'
	provoked VMALLOC_LINEAR_OVERFLOW 'KASAN: vmalloc-out-of-bounds in lkdtm'
}

scanned
[ $# -gt 0 ] || eval "set -- $KINDS"
for kind in "$@"; do
	is_kind "$kind" || die "no kind of kernel: $kind"
	# The kernel and the packages come first: they are no part of what is measured below.
	"$RIG/kernel.sh" "$kind" >/dev/null
	t=$SECONDS
	status 0 true "$kind" true
	echo "# $((SECONDS - t)) s from start to end"
	status 3 "exit 3" "$kind" bash -c 'exit 3'

	NF_VIP_TEST='a "b"' status 0 "output on both streams" "$kind" \
		bash -c 'echo "$1|$NF_VIP_TEST|$NF_VIP_KERNEL"; echo "it failed" >&2' x "it's"
	seen "$kind: stdout, arguments and environment arrive" [ "$(<"$out")" = "it's|a \"b\"|$kind" ]
	seen "$kind: stderr arrives apart" [ "$(<"$err")" = "it failed" ]

	# More than any buffer on the way holds, and bytes that terminals like to change.
	status 0 "a megabyte" "$kind" perl -e 'binmode STDOUT; print join("", map chr, 0 .. 255) x 4096'
	seen "$kind: every byte of it arrives" \
		cmp -s "$out" <(perl -e 'binmode STDOUT; print join("", map chr, 0 .. 255) x 4096')

	status 0 "a daemon that stays behind" "$kind" bash -c 'sleep 1000 & seq 50000'
	seen "$kind: all that was said before arrives" [ "$(tail -n 1 "$out")" = 50000 ]

	status 0 "writing all over the guest" "$kind" bash -ec '
		for d in /etc /run /tmp /var/lib /var/log /usr /root "$PWD"; do echo x >"$d/nf_vip-selftest"; done'
	left=$(ls {/etc,"$REPO"}/nf_vip-selftest 2>/dev/null) || true
	seen "$kind: nothing of it reaches this machine" [ -z "$left" ]

	status 126 "a line that looks like a kernel report" "$kind" bash -c 'echo "<4>WARNING: a test" >/dev/kmsg'
	status 124 "too long a sleep" --timeout 5 "$kind" sleep 1000
	[[ $kind != debug* ]] || checkers
	if [ "$kind" = kcsan ]; then
		status 126 "a data race of ours" "$kind" bash -c '
			echo "<3>BUG: KCSAN: data-race in nf_hook_slow / pre_routing [nf_vip]" >/dev/kmsg'
		status 0 "one of the kernel itself" "$kind" bash -c '
			echo "<3>BUG: KCSAN: data-race in nf_hook_slow / ip_rcv" >/dev/kmsg'
		seen "kcsan: and counts it" grep -q 'data races of the kernel itself' "$err"
	fi
	status 125 "a guest that dies" "$kind" busybox poweroff -f
done
finish
