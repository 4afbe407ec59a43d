# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154	# results for the caller, settings from it
#
# What is measured: one function each, measure_NAME, which leaves nanoseconds per unit in $cost, the number of units in
# $units and how many packets did not come out on the other side in $lost. To be sourced by guest.sh.

player=/sys/module/nf_vip_bench/parameters

network()
{
	insmod "$BUILD/nf_vip_bench.ko" || fatal "no devices"
	modprobe pktgen || fatal "no pktgen"
	echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
	echo 1 >/proc/sys/net/ipv4/ip_forward
	# As many buckets as IPVS has.
	echo 1048576 >/sys/module/nf_conntrack/parameters/hashsize
	echo 1048576 >/proc/sys/net/netfilter/nf_conntrack_max
	ip -batch - <<-END || fatal "no network"
		link set lo up
		link set bench0 up
		link set bench1 up
		address add $vip/32 dev lo
		address add 10.1.0.1/24 dev bench0
		address add 10.2.0.1/24 dev bench1
		neighbour add 10.1.0.2 lladdr 02:00:00:00:01:02 dev bench0 nud permanent
		neighbour add 10.2.0.2 lladdr 02:00:00:00:02:02 dev bench1 nud permanent
		route add 10.64.0.0/10 via 10.1.0.2
		route add 10.99.0.0/16 via 10.2.0.2
	END
}

# The guest's memory is a file of the host, whose first touch costs more than a packet does: not while we measure.
touch_memory()
{
	head -c $((400 / scale))M /dev/zero >"$tmp/fill"
	rm "$tmp/fill"
}

# What the servers' device has sent.
sent() { cat /sys/class/net/bench1/statistics/tx_packets; }

# pktgen COUNT SETTING...: as if bench0 had received these packets
pktgen()
{
	local n=$1 before s result
	shift
	echo "rem_device_all" >/proc/net/pktgen/kpktgend_0
	echo "add_device bench0" >/proc/net/pktgen/kpktgend_0
	for s in "count $n" "xmit_mode netif_receive" "pkt_size 60" "dst ${target:-$vip}" \
		 "dst_mac ${frame:-$(cat /sys/class/net/bench0/address)}" \
		 "udp_dst_min $port" "udp_dst_max $port" "$@"; do
		echo "$s" >/proc/net/pktgen/bench0 || fatal "pktgen does not take '$s'"
	done
	before=$(sent)
	echo start >/proc/net/pktgen/pgctrl
	result=$(sed -n 's/^Result: OK: \([0-9]*\)(.*/\1/p' /proc/net/pktgen/bench0)
	[ -n "$result" ] || fatal "pktgen: $(cat /proc/net/pktgen/bench0)"
	units=$n
	cost=$((result * 1000 / n))
	lost=0
	[ -n "$frame" ] || lost=$((n - $(sent) + before))
}

# play PARAMETER VALUE: the module's players; the result in $packets, $took and $lost
play()
{
	echo "${target:-$vip}" >$player/vip
	echo "$2" >"$player/$1" || fatal "the player does not take '$2'"
	read -r packets took lost <$player/result
}

# 1000 UDP flows that were answered: what conntrack calls established.
measure_established()
{
	local primed=0
	if [ -z "$frame" ]; then
		play prime 1000
		primed=$lost
	fi
	fixed 20000
	fixed $((2000000 / scale))
	lost=$((lost + primed))
}
fixed() { pktgen "$1" "src_min 10.64.0.1" "src_max 10.64.0.1" "udp_src_min 1000" "udp_src_max 2000"; }

# Every packet is the first of its flow.
measure_new() { pktgen $((200000 / scale)) "${random[@]}"; }
random=("src_min 10.64.0.1" "src_max 10.127.255.254" "udp_src_min 1024" "udp_src_max 65535"
	"flag IPSRC_RND" "flag UDPSRC_RND")

# The same while a backend goes down and comes up, a thousand writes a second; and while as many writes change nothing,
# because the writer takes its turns on the one processor, and a switch to user space costs more here than elsewhere.
measure_new_flips() { new_beside rate; }
measure_new_writes() { new_beside keep; }
new_beside()
{
	"$BUILD/poke" "$1" /sys/kernel/nf_vip/s/b1/up 1000 >"$tmp/flips" &
	local pid=$!
	measure_new
	kill $pid
	wait $pid || fatal "the flags were not flipped: $(cat "$tmp/flips")"
	read -r flips _ <"$tmp/flips"
	# The writer and the packets share the one processor; it must have had its turns.
	[ "$flips" -ge $((cost * units * 8 / 10 / 1000000)) ] || fatal "only $flips writes"
}

# Whole connections of 10 data segments each way; a unit is a connection. Not the first ones, while tables grow.
measure_tcp()
{
	play play "$((10000 / scale)) 10 $discard"
	play play "$((40000 / scale)) 10 $discard"
	units=$((40000 / scale))
	cost=$((took / units))
}

# Bytes of kernel memory for each flow.
measure_memory()
{
	local before
	pktgen 1000 "${random[@]}"
	before=$(slab)
	measure_new
	cost=$((($(slab) - before) * 1024 / units))
}
slab() { awk '$1 == "SUnreclaim:" || $1 == "VmallocUsed:" { n += $2 } END { print n }' /proc/meminfo; }

# What counting live connections takes of each second with a million of them, when the module has seen that.
measure_upkeep()
{
	local end=$((SECONDS + 120)) flows=$((1000000 / scale)) walk_us every walks first
	pktgen $flows "${random[@]}"
	units=$(cat /proc/sys/net/netfilter/nf_conntrack_count)
	[ "$units" -ge $((flows * 9 / 10)) ] || fatal "only $units flows"
	walk
	first=$walks
	# The first one that ends may have begun before the last flow.
	while [ "$walks" -lt $((first + 2)) ]; do
		[ $SECONDS -lt $end ] || fatal "no walks"
		sleep 1
		walk
	done
	cost=$((walk_us * 1000 / (walk_us / 1000 + every) * 1000))
	[ "$cost" -gt 0 ] || cost=1
}
# The last walk, in $walk_us, the pause after it, and how many there were since all of the flows were there.
walk()
{
	read -r walks walk_us every < <(tr -c '0-9\n' ' ' </proc/net/nf_vip/upkeep)
}

# The longest time in which no packet of another flow came through, while a backend with 200 000 flows goes down and
# each of them sends again; and the same while nothing goes down.
measure_gap() { stand_still echo 0; }
measure_gap_still() { stand_still true; }
stand_still()
{
	local flows=$((400000 / scale)) missed again live=/sys/kernel/nf_vip/s/b1/live end=$((SECONDS + 60))
	echo $((4 * flows)) >/proc/sys/net/netfilter/nf_conntrack_max
	echo 3600 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream
	play prime $flows
	missed=$lost
	[ "$(<$live)" -ge $((flows * 9 / 20)) ] || fatal "b1 has $(<$live) flows"
	# The second flow went to the second backend.
	echo 1 >$player/watch
	"$@" >/sys/kernel/nf_vip/s/b1/up
	play prime $flows
	again=$lost
	while [ "$1" = echo ] && [ "$(<$live)" != 0 ]; do
		[ $SECONDS -lt $end ] || fatal "b1 still has $(<$live) flows"
		sleep 0.1
	done
	echo -1 >$player/watch
	read -r units cost lost <$player/gap
	lost=$((lost + missed + again))
}

# Reading all of it, and taking it away with one write(2).
measure_list() { timed cat /proc/net/nf_vip/status; }
measure_delete()
{
	echo flush >"$tmp/flush"
	read -r units cost < <("$BUILD/poke" write /proc/net/nf_vip/config "$tmp/flush")
	[ -z "$(ls /sys/kernel/nf_vip)" ] || fatal "there are services left"
	lost=0
}
timed()
{
	local from=${EPOCHREALTIME/./}
	"$@" >"$tmp/out"
	cost=$(((${EPOCHREALTIME/./} - from) * 1000)) units=1 lost=0
}

# The configuration as one write(2), and one flag of it, without and with many connections.
measure_apply() { read -r units cost <"$tmp/applied"; lost=0; }
measure_flip() { flip; lost=0; }
measure_flip_live() { measure_new; flip; }
flip()
{
	read -r units took < <("$BUILD/poke" flip /sys/kernel/nf_vip/s/b1/up $((2000 / scale)))
	cost=$((took / units))
}
