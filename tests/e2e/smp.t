#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# New connections on every processor at once: nth is exact across them, no count is lost, and a change that is made
# meanwhile holds. As many processors as the guest has; pktgen.sh's gateway with three backends.
#
# The number of connections is limited for all namespaces together, and only from the first: small guests allow too few.
# It is there for the tests that follow, too: doctor's would find that table badly set up.
if [ -z "${NF_VIP_INSIDE-}${NF_VIP_MANY-}" ]; then
	modprobe -q nf_conntrack
	limit=/proc/sys/net/netfilter/nf_conntrack_max
	was=$(<$limit)
	# shellcheck disable=SC2064	# as it was
	trap "echo $was >$limit" EXIT
	echo 1000000 >$limit
	NF_VIP_MANY=1 "$0" "$@"
	exit
fi
. "$(dirname "$0")/lib.sh"
. "$HERE/pktgen.sh"

# counts: chosen by each backend, what the service says, and what it did not give to one of them
counts()
{
	echo "$(field 'backend s/a' chosen) $(field 'backend s/b' chosen) $(field 'backend s/c' chosen)" \
		"$(field 'service s' chosen) $(field 'service s' empty) $(field 'service s' clash)"
}

# tracked: connections of each backend in the conntrack table
tracked()
{
	conntrack -L -p udp 2>/dev/null | awk '{ n[$10]++ } /UNREPLIED/ { n[$10]--; n[$9]++ }
		END { print n["src=192.168.0.1"] + 0, n["src=192.168.0.2"] + 0, n["src=192.168.0.3"] + 0 }'
}

three='backend s/a 192.168.0.1 weight 3 condition alive
backend s/b 192.168.0.2 weight 2 condition alive
backend s/c 192.168.0.3 weight 1 condition alive'

load
pktgen_gateway 3 "service s udp 10.0.0.1:53 on-empty drop
$three"
conntrack -F >/dev/null 2>&1
settings net/netfilter/nf_conntrack_udp_timeout=600
diag "$cpus processors"

# --- exact ---
# A number of windows of 6 for each processor; the kernel that looks for data races needs many chances.
total=30000
[[ $KERNEL != debug* ]] || total=1800
each=$((total / cpus / 6 * 6)) total=$((each * cpus))
sixth=$((total / 6))
pktgen_aim 1 $each
pg pgctrl start
is "$(pktgen_sent)" "$(for ((i = 0; i < cpus; i++)); do echo $each; done | paste -sd' ')" "every processor sent $each"
is "$(counts)" "$((3 * sixth)) $((2 * sixth)) $sixth $total 0 0" "each backend got exactly its share"
is "$(<$sys/s/a/chosen) $(<$sys/s/service/chosen)" "$((3 * sixth)) $total" "sysfs says the same"
is "$(transmitted 3)" "$((3 * sixth)) $((2 * sixth)) $sixth" "and so do the interfaces"
is "$(tracked)" "$((3 * sixth)) $((2 * sixth)) $sixth" "and conntrack"

# --- a stream, and changes meanwhile ---
# From a write on, packets that come in see it. Those that were under way on another processor may still do as before:
# the barrier waits for them. What may not be chosen stands still then, while others go on.

# number FILE: in $number, without a process
number() { read -r number <"$1" || bail "no $1"; }

# flow N FILE: until so many more were counted in FILE of service s
flow()
{
	number "$sys/s/$2"
	poll "number $sys/s/$2; [ \$number -ge $((number + $1)) ]" || bail "no more $2 in the stream"
}

# stray FILE COUNTER: adds to $strays how far FILE counted on in spite of a write that just returned, during the next 20
# connections that COUNTER of the service counts
stray()
{
	local before
	agent_do barrier
	[ "$reply" = ok ] || bail "no barrier: $reply"
	number "$1"
	before=$number
	flow 20 "$2"
	number "$1"
	[ "$number" = "$before" ] || strays+=" $((number - before)) more"
}

conntrack -F >/dev/null 2>&1
# Counters start again.
configure flush
configure "service s udp 10.0.0.1:53 on-empty drop
$three"
before=$(transmitted 3)
pktgen_aim 2 0 "ratep $((10000 / cpus))"
pg pgctrl start &
stream=$!
flow 1 service/chosen

for i in up:0:1 state:drain:up state:down:up weight:0:2; do
	IFS=: read -r file dead alive <<<"$i"
	strays=
	for _ in 1 2 3; do
		put "$sys/s/b/$file" "$dead" >/dev/null
		stray $sys/s/b/chosen service/chosen
		put "$sys/s/b/$file" "$alive" >/dev/null
		flow 5 b/chosen
	done
	is "$strays" "" "$file $dead: no connection more, on any processor; and back with $alive"
done

strays=
for _ in 1 2 3; do
	echo 1 >$cond/alive
	stray $sys/s/service/chosen service/empty
	echo 0 >$cond/alive
	flow 20 service/chosen
done
is "$strays" "" "a flag that all backends name: none gets one more, and all are back"

strays=
for _ in {1..10}; do
	configure 'delete backend s/a'
	stray /sys/class/net/out1/statistics/tx_packets service/chosen
	configure "$three"
	flow 5 a/chosen
done
is "$strays" "" "a backend is deleted and added ten times: nothing more is sent to it"

pg pgctrl stop
wait $stream
read -r -a sent <<<"$(pktgen_sent)"
sum=0
for i in "${sent[@]}"; do sum=$((sum + i)); done
read -r -a out <<<"$(transmitted 3) $before"
balanced=$((out[0] + out[1] + out[2] - out[3] - out[4] - out[5]))
diag "${sent[*]} sent, $balanced balanced"
number $sys/s/service/chosen
is "$number $(</proc/sys/net/netfilter/nf_conntrack_count)" "$balanced $balanced" \
	"the service counted each that went to a backend, also to one that was deleted"
is "$(field 'service s' empty) $(field 'service s' clash)" "$((sum - balanced)) 0" "and each that did not"

done_testing
