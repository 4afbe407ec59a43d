#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Scheduler hash: a client, or each port of it, has its backend; it is the same one on every gateway of the same seed;
# and a backend that dies moves nobody but its own clients. lib.sh's LAN, where b1 has all the backends' addresses, and
# a second gateway of the same picture.
#
#    client, with many addresses ------ gateway (this shell) ------ b1: 192.168.0.1 to .4, fd00::1 to ::4
#    left, with the same addresses ---- gate ---------------------- right, with the same addresses
. "$(dirname "$0")/lib.sh"

clients=$(seq 20 51)

# answers NETNS PREFIX VIP [OPTIONS...]: which backend each client reaches, in order, as .1 or ::1; in $answers
answers()
{
	local netns=$1 prefix=$2 vip=$3 i
	shift 3
	answers=
	for i in $clients; do
		agent_do -n "$netns" call -o -f 1 -s "$prefix$i" "$@" "$vip" 25
		reply=${reply//192.168.0/}
		answers+="${reply//fd00/} "
	done
}

# many, four: commands of ip(8) for the addresses
many()
{
	for i in $clients; do
		echo "address add 10.0.0.$i/24 dev eth0"
		echo "address add 2001:db8::$i/64 dev eth0 nodad"
	done
}
four()
{
	for i in 2 3 4; do
		echo "address add 192.168.0.$i/24 dev eth0"
		echo "address add fd00::$i/64 dev eth0 nodad"
	done
}

# different WORDS...: how many different ones
different() { printf '%s\n' "$@" | sort -u | wc -l; }

load
lan 1
many | in_netns client
four | in_netns b1
serve b1 25
service='service s tcp 10.0.0.1:25 scheduler hash hash-seed 7'
backends='backend s/one 192.168.0.1; backend s/two 192.168.0.2; backend s/three 192.168.0.3; backend s/four 192.168.0.4'
configure "$service ; $backends"
is "$(<$sys/s/scheduler)" hash "scheduler hash"

# --- a client has its backend ---
answers client 10.0.0. 10.0.0.1
first=$answers
# shellcheck disable=SC2086	# words
is "$(different $first)" 4 "many clients: every backend has some"
answers client 10.0.0. 10.0.0.1
is "$answers" "$first" "each has the same one again"
configure "${service/10.0.0.1/10.0.0.254} ; $backends"
answers client 10.0.0. 10.0.0.254
is "$answers" "$first" "and the same one at another VIP"
configure "$service ; $backends"

# --- a backend goes, and comes back ---
put $sys/s/two/up 0 >"$tmp/null"
answers client 10.0.0. 10.0.0.1
read -r -a was <<<"$first"
read -r -a now <<<"$answers"
strays=
for i in "${!was[@]}"; do
	[ "${was[i]}" = .2 ] || [ "${was[i]}" = "${now[i]}" ] || strays+=" ${was[i]}:${now[i]}"
done
is "$strays" "" "a backend is down: the clients of the others stay"
is "${answers//[^2]/}" "" "its own go elsewhere"
put $sys/s/two/up 1 >"$tmp/null"
answers client 10.0.0. 10.0.0.1
is "$answers" "$first" "it is back: so are they"

# --- another gateway ---
node gate left right
settings "${FORWARD[@]}" gate
in_netns gate <<-END
	link add wan type veth peer name eth0 netns left
	link add lan type veth peer name eth0 netns right
	link set wan up
	link set lan up
	address add 10.0.0.254/24 dev wan
	address add 10.0.0.1/32 dev wan
	address add 192.168.0.254/24 dev lan
END
ends left 10.0.0.9/24 10.0.0.254 2001:db8::9/64 2001:db8::fe
ends right 192.168.0.1/24 192.168.0.254 fd00::1/64 fd00::fe
many | in_netns left
four | in_netns right
serve right 25
in_gate() { ip netns exec gate bash -c "echo '$1' >$proc/config; cat $proc/error"; }
is "$(in_gate 'service other tcp 10.0.0.1:25 scheduler hash hash-seed 7; backend other/x 192.168.0.3 mark 9
	backend other/a 192.168.0.1 mark 77; backend other/d 192.168.0.4; backend other/c 192.168.0.2')" "" \
	"a second gateway: other names, marks and order"
answers left 10.0.0. 10.0.0.1
is "$answers" "$first" "sends each client to the same backend"
in_gate 'service other tcp 10.0.0.1:25 scheduler hash hash-seed 8' >"$tmp/null"
answers left 10.0.0. 10.0.0.1
isnt "$answers" "$first" "with another seed it does not"

# --- ports ---
answers=$(call -c 24 -s 10.0.0.20 -f 1 10.0.0.1 25)
like "$answers" '^[0-9.]+=24$' "hash-key addr: all connections of a client have one backend"
configure "$service hash-key addr-port ; $backends"
agent_do -n client call -o -c 300 -f 1 -i -p 5000 -s 10.0.0.20 10.0.0.1 25
first=$reply
# shellcheck disable=SC2086	# words
is "$(different $first)" 4 "hash-key addr-port: they are spread"
in_gate 'service other tcp 10.0.0.1:25 scheduler hash hash-seed 7 hash-key addr-port' >"$tmp/null"
agent_do -n left call -o -c 300 -f 1 -i -p 5000 -s 10.0.0.20 10.0.0.1 25
is "$reply" "$first" "and each port has the same one on both gateways"

# --- weights, UDP, IPv6 ---
configure "$service ; ${backends/.1;/.1 weight 1000;}"
answers client 10.0.0. 10.0.0.1
heavy=${answers//[^1]/}
within ${#heavy} 28 32 "a backend of weight 1000 has nearly all clients"
configure "replace; service s udp [2001:db8::1]:25 scheduler hash
	backend s/a fd00::1; backend s/b fd00::2; backend s/c fd00::3; backend s/d fd00::4"
answers client 2001:db8:: 2001:db8::1 -u
first=$answers
# shellcheck disable=SC2086
is "$(different $first)" 4 "IPv6, UDP: every backend has some"
answers client 2001:db8:: 2001:db8::1 -u
is "$answers" "$first" "each client has the same one again"

is "$(config 'service s udp [2001:db8::1]:25 scheduler hash hash-key port')" \
	"EINVAL line 1: hash-key \"port\": expected addr or addr-port" "a key that there is not is refused"
done_testing
