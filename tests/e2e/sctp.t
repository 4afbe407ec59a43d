#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# SCTP, with the kernel's own sockets at both ends: balanced, translated with right checksums both ways, ICMP errors.
# lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

modprobe sctp 2>/dev/null || { echo "1..0 # SKIP this kernel has no SCTP"; exit; }

# errors: how many ICMP messages of destinations that cannot be reached the client has seen
errors()
{
	ip netns exec client cat /proc/net/snmp | awk '
		$1 == "IcmpMsg:" { for (i = 2; i <= NF; i++) if (h[i] == "InType3") n = $i; split($0, h) }
		END { print n + 0 }'
}

# live: of both backends
live() { echo "$(field 'backend s/b1' live) $(field 'backend s/b2' live)"; }

load
lan 2
for i in 1 2; do
	agent_do -n b$i serve -S b$i 25 2525
	[[ $reply =~ ^[0-9]+$ ]] || bail "no server: $reply"
done
configure 'service s sctp 10.0.0.1:25,8000-8010
backend s/b1 192.168.0.1
backend s/b2 192.168.0.2:2525
service s6 sctp [2001:db8::1]:25
backend s6/b1 fd00::1
backend s6/b2 [fd00::2]:2525'
is "$(call -S -o -c 4 10.0.0.1 25)" "b1 b2 b1 b2" "associations take turns"
is "$(call -S -f 2 -c 2 10.0.0.1 25)" "25=1 2525=1" "at the backends' ports"
is "$(call -S -f 3 -c 2 10.0.0.1 25)" "10.0.0.9=2" "from the client's own address"
is "$(call -S -o -c 4 2001:db8::1 25) $(call -S -f 2 -c 2 2001:db8::1 25)" "b1 b2 b1 b2 25=1 2525=1" "over IPv6"
is "$(field 'service s' proto) $(<$sys/s/service/proto)" "sctp sctp" "status and sysfs"

# --- data both ways, on open associations, while backends change ---
hold open client -S -c 2 10.0.0.1 25
is "$answer" "b1 b2" "two associations"
is "$(live)" "1 1" "live from the first packet on"
ask open "put 100000"
is "$answer" "100000 100000" "100000 bytes to the backends"
agent put $sys/s/b1/state drain >/dev/null
ask open "get 100000"
is "$answer" "100000 100000" "100000 bytes back, one backend drained"
is "$(call -S -c 2 10.0.0.1 25)" "b2=2" "new ones go to the other"
like "$(conntrack -L -p sctp 2>/dev/null)" "src=10.0.0.9 dst=10.0.0.1 sport=[0-9]+ dport=25 src=192.168.0.2 dst=10.0.0.9 sport=2525 " \
	"conntrack shows both tuples"
agent put $sys/s/b1/state up >/dev/null
is "$(live)" "1 1" "live still"
# Longer than a walk over conntrack's table takes to come by, which counts anew.
walks() { sed -E "s/^walks=([0-9]+) .*/\1/" $proc/upkeep; }
seen=$(walks)
ok "conntrack's table was walked over" poll "[ \$(walks) -ge $((seen + 2)) ]"
is "$(live)" "1 1" "and the walk says the same"
ask open "close 0"
ok "the first one closes" poll "[ \"\$(live)\" = '0 1' ]"

# --- limits, and the same port again ---
configure 'set backend s/b1 max-conns 1; set backend s/b2 max-conns 1; set service s on-empty drop'
hold again client -S -p 5002 10.0.0.1 25
is "$answer" b1 "max-conns 1 and one is live: the other backend"
is "$(live)" "1 1" "both are full"
call -S -w 100 10.0.0.1 25 >"$tmp/null"
isnt "$(field 'service s' full)" 0 "a third one finds no room"
ask again "close 0"
ok "it closes" poll "[ \"\$(live)\" = '0 1' ]"
hold anew client -S -p 5002 10.0.0.1 25
is "$answer $(live)" "b1 1 1" "from the same port anew, on the entry that conntrack still has: live"
ask anew "close 0"
configure 'set backend s/b1 max-conns 0; set backend s/b2 max-conns 0; set service s on-empty reject'

# --- one client port, two VIPs of one backend: another source port ---
configure 'service one sctp 10.9.0.1:25; backend one/b1 192.168.0.1
service two sctp 10.9.0.2:25; backend two/b1 192.168.0.1'
hold first client -S -p 5001 10.9.0.1 25
hold second client -S -p 5001 10.9.0.2 25
ask first
first=$answer
ask second
is "$first $answer" "b1 b1" "both work"

# --- refused by the backend; nothing to choose ---
is "$(call -S 10.0.0.1 8000)" "ECONNREFUSED=1" "nobody listens on the backend: its abort comes back"
agent put $sys/one/b1/state down >/dev/null
before=$(errors)
# The client goes on asking: so do not wait for it.
call -S -w 100 10.9.0.1 25 >/dev/null
ok "an ICMP error told the client" poll "[ \$(errors) -gt $before ]"
is "$(field 'service one' empty)" 1 "counted"
done_testing
