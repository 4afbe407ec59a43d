#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which locks a packet takes below our functions, as the kernel's lock validator sees it: RCU and the reader's side of
# conntrack's sequence count, of which neither ever waits or writes what others read. pktgen.sh's gateway. Only the
# kernel of `make kcsan` has lock events and no checker that takes locks of its own for each allocation.
. "$(dirname "$0")/lib.sh"
. "$HERE/pktgen.sh"

trace=/sys/kernel/tracing
mount -t tracefs trace $trace 2>/dev/null
if [ "$KERNEL" != kcsan ]; then
	echo "1..0 # SKIP for the kernel of make kcsan"
	exit 0
fi

# traced: all locks that pktgen's threads take while they send
traced()
{
	echo >$trace/trace
	echo 1 >$trace/events/lock/lock_acquire/enable
	pg pgctrl start
	echo 0 >$trace/events/lock/lock_acquire/enable
}

# below_us: the name of each lock that was taken below a function of ours and how often, or what went missing. A stack
# begins with the function that took the lock. Interrupts and KCSAN itself may come in between us and it: not ours.
# An event and its stack are two records: what an interrupt adds stands between them, what another processor adds is in
# a file of its own.
below_us()
{
	awk '
		function judge() {
			if (ours)
				count[name]++
			ours = other = 0
		}
		FNR == 1 { depth = 0 }
		/entries-in-buffer/ { split($3, n, "/"); if (n[1] != n[2]) print "the buffer is too small: " $3 }
		/ lock_acquire: / { events[++depth] = $0; sub(/.* lock_acquire: [^ ]+ /, "", events[depth]) }
		/<stack trace>$/ { judge(); name = depth ? events[depth--] : "a stack without its event" }
		/^ => (asm_|kcsan_|__tsan_)/ { other = 1 }
		/^ => get_random_/ && !ours { name = "get_random " name }
		/^ => .*\[nf_vip\]/ && !other { ours = 1 }
		END { judge(); for (name in count) print count[name], name }
	' $trace/per_cpu/cpu*/trace
}

# locks: those of them that are more than a reader's, or than a name for "softirqs are off on this processor", which is all
# that a local lock of ours is
locks() { grep -vE '^[0-9]+ (read (rcu_read_lock|.*seqcount)|&routes->lock)$' "$tmp/below"; }

load
pktgen_gateway 2 'service s udp 10.0.0.1:53
backend s/a 192.168.0.1
backend s/b 192.168.0.2 weight 2'
echo 16384 >$trace/buffer_size_kb
echo 1 >$trace/options/stacktrace
echo 1 >$trace/options/sym-offset
echo 'comm ~ "kpktgend_*"' >$trace/events/lock/lock_acquire/filter || bail "no filter"

# The first packet to a backend looks up its route on each processor, as the stack does for every packet without us.
pktgen_aim 3 12
pg pgctrl start

pktgen_aim 1 12
traced
below_us >"$tmp/below"
is "$(locks)" "" "a new connection takes no lock"
# Some of each connection are there, of lookups in conntrack and of a backend by its mark: so the trace did see them; an
# interrupt may have hidden a few. More than these would be ours.
within "$(awk '/ read rcu_read_lock$/ { print $1 }' "$tmp/below")" $((cpus * 36)) $((cpus * 60)) "the trace saw them all"

traced
below_us >"$tmp/below"
is "$(locks)" "" "nor do the packets that follow"

# Each processor has a stock of random numbers, which get_random_u32() locks, and now and then fills.
is "$(put $sys/s/service/scheduler random)" ok "the random scheduler"
pktgen_aim 2 12
traced
below_us >"$tmp/below"
is "$(locks | grep -v ' get_random ')" "" "takes none but those of the kernel's random numbers"
like "$(locks)" "get_random batched_entropy_u32" "which shows that a lock would be seen"

done_testing
