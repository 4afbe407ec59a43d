#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets that a program has let go (NFQUEUE) meet those of the same connections that nobody held, on every processor: the
# former are under way in process context, and softirqs come in between. pktgen.sh's gateway; each processor gets packets of
# all the others (RPS). What may go wrong here the kernel says: each backend's route is one that the other's displaces.
. "$(dirname "$0")/lib.sh"
. "$HERE/pktgen.sh"

config='service s udp 10.0.0.1:53; backend s/a 192.168.0.1; backend s/b 192.168.4.98'
load
pktgen_gateway 2 "$config"
ip route add 192.168.4.98/32 dev out2
conntrack -F >"$tmp/null" 2>&1
# Counters start again.
configure flush
configure "$config"
settings net/netfilter/nf_conntrack_udp_timeout=600
rps=/sys/class/net/wan/queues/rx-0/rps_cpus
if [ -e $rps ]; then printf '%x' $(((1 << cpus) - 1)) >$rps; else diag "one processor, no RPS"; fi
nft -f - <<-END || bail "no queue in this kernel's nftables"
	table inet t {
		chain c {
			type filter hook prerouting priority mangle
			udp dport 53 numgen inc mod 2 == 0 queue flags bypass to 0
		}
	}
END
open_queue ips 0

# 28 connections of each processor, again and again.
packets=15000
[[ $KERNEL != debug* && $KERNEL != kcsan ]] || packets=3000
pktgen_aim 1 $((packets / cpus)) "udp_src_max 2004"
for ((cpu = 0; cpu < cpus; cpu++)); do
	pg "wan@$cpu" "src_max 10.1.$cpu.7"
done
pg pgctrl start
verdicts() { awk '$1 == 0 { print $3 }' /proc/net/netfilter/nfnetlink_queue; }
ok "the program has let go of all that it held" poll "[ \"\$(verdicts)\" = 0 ]"
read -r -a out <<<"$(transmitted 2)"
diag "$cpus processors: $(pktgen_sent) sent; ${out[*]} came to the backends"
isnt "${out[0]} ${out[1]}" "0 0" "packets came to the backends"
# Without the memory of recent flows each datagram that the program holds is one: hundreds. A few flows are chosen for twice: two
# of them have one place of 4096, or a busy machine let the program wait for longer than a choice is remembered.
flows=$((28 * cpus))
within "$(field 'service s' chosen)" "$flows" $((2 * flows)) "one choice for each connection"
within $((out[0] + out[1])) "$flows" $((packets / cpus * cpus)) "none was sent twice"
pkill -x queue
done_testing
