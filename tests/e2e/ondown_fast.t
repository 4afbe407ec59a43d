#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What becomes of connections on the fast path when their backend goes down: none of their packets comes by the module.
# lib.sh's LAN; b1 has everything while it is up.
. "$(dirname "$0")/lib.sh"
. "$HERE/fast.sh"

# leaves SERVICE: b1 has no connection of it any more. An answer that is under way just then would not arrive.
leaves() { poll "[ \$(<$sys/$1/b1/live) = 0 ]"; }

load
lan 2
serve b1 25
serve b2 25
configure 'fastpath wan lan
service t tcp 10.0.0.1:25
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2 tier 2
service u udp 10.0.0.1:25
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2 tier 2
service o udp 10.0.0.1:26
backend o/b1 192.168.0.1:25'
# As in fastpath.t.
settings net/netfilter/nf_flowtable_tcp_timeout=600 net/netfilter/nf_flowtable_udp_timeout=600 \
	net/netfilter/nf_conntrack_udp_timeout_stream=1200
"$vipctl" fastpath wan lan || bail "no fast path"

hold t client -p 5001 10.0.0.1 25
hold u client -u -p 5002 10.0.0.1 25
hold o client -u -p 5003 10.0.0.1 26
ways=
for tag in t u o; do
	way_of $tag
	ways+="$way, "
done
is "$ways" "b1 fast, b1 fast, b1 fast, " "three connections to b1 on the fast path"

for s in t u; do echo 0 >$sys/$s/b1/up; done
ok "down: a UDP flow leaves" leaves u
way_of u
is "$way" "b2 fast" "it is on b2, and on the fast path again"
is "$(<$sys/u/b1/live) $(<$sys/u/b2/live)" "0 1" "the counts say so"
way_of t
is "$way" "b1 fast" "TCP stays: on-down-tcp is keep"
way_of o
is "$way" "b1 fast" "a flow of another service stays"

echo move >$sys/t/service/on_down_tcp
ok "on-down-tcp move: the connection leaves" leaves t
ask t
is "$answer $(<$sys/t/b2/chosen)" "ECONNRESET 1" "b2 has it in its middle, and resets it"

echo 1 >$sys/t/b1/up
echo reset >$sys/t/service/on_down_tcp
ask t "reset 0"
ask t "open 1"
way_of t
is "$way" "reset b1 fast" "a new one to b1"
echo down >$sys/t/b1/state
ok "on-down-tcp reset: it leaves" leaves t
ask t
is "$answer" "reset ECONNRESET" "and is reset"
way_of o
is "$way" "b1 fast" "the other one is where it was"
"$vipctl" fastpath off

done_testing
