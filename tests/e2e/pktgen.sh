# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# New connections made inside the kernel, on every processor at once. Sourced after lib.sh. pktgen has a thread on each
# processor; each puts UDP datagrams into the stack as if they had come in by `wan`, every one from another port.
#
#    pktgen, a thread on each processor ---[ wan   gateway   out1 ]--- 192.168.0.1
#               10.ROUND.PROCESSOR.*                        out2 ]--- 192.168.0.2 ...
#
# The interfaces are dummies: what goes out is counted and thrown away. Each backend has its own.
pg=/proc/net/pktgen

# pg FILE WORDS...: one line for pktgen
pg() { echo "${*:2}" >"$pg/$1" || bail "pktgen refuses '${*:2}'"; }

# pktgen_gateway N TEXT: the picture above with N backends, and TEXT as the configuration. $cpus is the number of
# processors.
pktgen_gateway()
{
	local i thread
	modprobe pktgen || bail "no pktgen"
	# Its threads would appear in every namespace of the tests to come.
	trap 'rmmod pktgen' EXIT
	settings "${SETTINGS[@]}" "${FORWARD[@]}" net/ipv6/conf/default/disable_ipv6=1
	{
		echo "link add wan type dummy"
		echo "link set wan up"
		echo "address add 10.0.0.1/8 dev wan"
		for ((i = 1; i <= $1; i++)); do
			echo "link add out$i type dummy"
			echo "link set out$i up"
			echo "route add 192.168.0.$i/32 dev out$i"
		done
	} | ip -batch - || bail "the topology of the gateway"
	configure "$2"
	# The first connection draws the secrets of conntrack's hashes, and a work item patches the code that did it. An
	# emulated processor that runs this code meanwhile can trip over the breakpoint: let it be over.
	pg kpktgend_0 add_device wan@0
	cpus=1
	pktgen_aim 0 1 "dst 10.0.0.2"
	pg pgctrl start
	pg kpktgend_0 rem_device_all
	[ ! -e /proc/sys/vm/stat_refresh ] || echo >/proc/sys/vm/stat_refresh
	cpus=0
	for thread in "$pg"/kpktgend_*; do
		pg "${thread##*/}" add_device "wan@${thread##*_}"
		cpus=$((cpus + 1))
	done
}

# pktgen_aim ROUND COUNT [COMMAND...]: what each processor's next `pg pgctrl start` will send to the VIP 10.0.0.1:53,
# as many as COUNT, or with 0 until it is stopped. Each packet is a new connection, as long as no ROUND is used twice:
# address and port count up together, and 251 addresses and 60000 ports have no common factor.
pktgen_aim()
{
	local cpu command mac
	mac=$(</sys/class/net/wan/address)
	for ((cpu = 0; cpu < cpus; cpu++)); do
		for command in "count $2" "clone_skb 0" "pkt_size 60" "dst 10.0.0.1" "dst_mac $mac" \
			"src_min 10.$1.$cpu.1" "src_max 10.$1.$cpu.251" "udp_src_min 2000" "udp_src_max 62000" \
			"udp_dst_min 53" "udp_dst_max 53" "xmit_mode netif_receive" "${@:3}"; do
			pg "wan@$cpu" "$command"
		done
	done
}

# pktgen_sent: how many each processor sent in this round, and "lost" if the stack did not take one of them
pktgen_sent()
{
	local cpu line sent=()
	for ((cpu = 0; cpu < cpus; cpu++)); do
		while read -r line; do
			[[ $line != *"pkts-sofar: "* ]] || break
		done <"$pg/wan@$cpu"
		[[ $line =~ pkts-sofar:\ ([0-9]+)\ +errors:\ ([0-9]+) ]] || bail "no count of pktgen"
		sent+=("${BASH_REMATCH[1]}")
		[ "${BASH_REMATCH[2]}" = 0 ] || sent+=("lost")
	done
	echo "${sent[*]}"
}

# transmitted N: packets that left for each of N backends
transmitted()
{
	local i
	for ((i = 1; i <= $1; i++)); do
		echo "$(</sys/class/net/out$i/statistics/tx_packets)"
	done | paste -sd' '
}
