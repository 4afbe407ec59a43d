#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Scheduler hash: a client, or each port of it, has its backend; it is the same one on every gateway of the same seed;
# and a backend that dies moves nobody but its own clients. lib.sh's LAN, where b1 has all the backends' addresses, and
# a second gateway of the same picture.
#
#    client, with some addresses ------ gateway (this shell) ------ b1: 192.168.0.1 to .4, fd00::1 to ::4
#    left, with the same addresses ---- gate ---------------------- right, with the same addresses
. "$(dirname "$0")/lib.sh"

# flows NETNS VIP [OPTIONS...]: which backend the client's ports reach, one after the other, as .1 or ::1; in $flows
flows()
{
	agent_do -n "$1" call -u -o -c 100 -f 1 -i "${@:3}" "$2" 25
	flows=${reply//192.168.0/}
	flows=${flows//fd00/}
	# The gateways forget: those ports will come again.
	conntrack -D -p udp >"$tmp/null" 2>&1
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
for i in {20..27}; do echo "address add 10.0.0.$i/24 dev eth0"; done | in_netns client
four | in_netns b1
serve b1 25
service='service s udp 10.0.0.1:25 scheduler hash hash-seed 7'
backends='backend s/one 192.168.0.1; backend s/two 192.168.0.2; backend s/three 192.168.0.3; backend s/four 192.168.0.4'

# --- a client has its backend ---
configure "${service/udp/tcp} ; $backends"
is "$(<$sys/s/service/scheduler)" hash "scheduler hash"
each='' many=''
for i in {20..27}; do
	agent_do -n client call -c 2 -f 1 -s "10.0.0.$i" 10.0.0.1 25
	each+="${reply%=2} "
	many+=${reply//[0-9.]/}
done
is "$many" "========" "all connections of a client have one backend"
# shellcheck disable=SC2086	# words
isnt "$(different $each)" 1 "and not all clients the same"

# --- a port has its backend ---
configure "$service hash-key addr-port ; $backends"
flows client 10.0.0.1 -p 5000
first=$flows
# shellcheck disable=SC2086
is "$(different $first)" 4 "hash-key addr-port: the flows of a client are spread"
# Gateways of other processors agree with this one: seen on x86-64, whose bytes are in the other order than those of s390x.
is "${first:0:60}" ".4 .2 .3 .4 .4 .4 .2 .3 .1 .3 .1 .1 .2 .4 .2 .1 .2 .1 .1 .4 " \
	"a seed, a client and a port mean the same backend on every processor"
flows client 10.0.0.1 -p 5000
is "$flows" "$first" "each port has its backend again"

# --- a backend goes, and comes back ---
put $sys/s/two/up 0 >"$tmp/null"
flows client 10.0.0.1 -p 5000
read -r -a was <<<"$first"
read -r -a now <<<"$flows"
strays=0
for i in "${!was[@]}"; do
	[ "${was[i]}" = .2 ] || [ "${was[i]}" = "${now[i]}" ] || strays=$((strays + 1))
done
within $strays 0 3 "a backend is down: the flows of the others stay"
is "${flows//[^2]/}" "" "its own go elsewhere"
put $sys/s/two/up 1 >"$tmp/null"
flows client 10.0.0.1 -p 5000
is "$flows" "$first" "it is back: so are they"

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
four | in_netns right
serve right 25
in_gate() { ip netns exec gate bash -c "echo '$1' >$proc/config; cat $proc/error; conntrack -D -p udp" 2>"$tmp/null"; }
is "$(in_gate 'service other udp 10.0.0.1:25 scheduler hash hash-seed 7 hash-key addr-port
	backend other/x 192.168.0.3 mark 9; backend other/a 192.168.0.1 mark 77
	backend other/d 192.168.0.4; backend other/c 192.168.0.2')" "" "a second gateway: other names, marks and order"
flows left 10.0.0.1 -p 5000
is "$flows" "$first" "sends each flow to the same backend"
in_gate 'service other udp 10.0.0.1:25 scheduler hash hash-seed 8 hash-key addr-port' >"$tmp/null"
flows left 10.0.0.1 -p 5000
isnt "$flows" "$first" "with another seed it does not"

# --- weights, IPv6 ---
configure "$service hash-key addr-port ; ${backends/.1;/.1 weight 1000;}"
flows client 10.0.0.1 -p 5000
heavy=${flows//[^1]/}
within ${#heavy} 95 100 "a backend of weight 1000 has nearly all flows"
configure "replace; service s udp [2001:db8::1]:25 scheduler hash hash-key addr-port
	backend s/a fd00::1; backend s/b fd00::2; backend s/c fd00::3; backend s/d fd00::4"
flows client 2001:db8::1 -p 5000
first=$flows
# shellcheck disable=SC2086
is "$(different $first)" 4 "IPv6: every backend has some"
conntrack -D -f ipv6 -p udp >"$tmp/null" 2>&1
flows client 2001:db8::1 -p 5000
is "$flows" "$first" "each port has its backend again"

is "$(config 'service s udp [2001:db8::1]:25 scheduler hash hash-key port')" \
	"EINVAL line 1: hash-key \"port\": expected addr or addr-port" "a key that there is not is refused"
done_testing
