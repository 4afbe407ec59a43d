#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The route of a balanced connection is remembered; it must still be the one that the stack would take now. Backend b1
# has two ways in: the LAN of lib.sh, and a line of its own.
#
#   client --- wan [gateway] lan  --- eth0 [b1]
#                            line --- eth1
. "$(dirname "$0")/lib.sh"

load
lan 1
# Nobody asks for an address on the line: what it carries are the client's packets and nothing else.
line_up()
{
	ip -batch - <<<"link add line type veth peer name eth1 address 02:00:00:00:01:01 netns b1"
	settings net/ipv6/conf/line/disable_ipv6=1
	ip -batch - <<-END || bail "no second way"
		address add 192.168.1.254/24 dev line
		link set line up
		neighbour add 192.168.1.1 lladdr 02:00:00:00:01:01 dev line nud permanent
	END
	in_netns b1 <<-END
		link set eth1 up
		address add 192.168.1.1/24 dev eth1
	END
}
line_up
serve b1 25
configure 'service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1
service u udp 10.0.0.1:25 ; backend u/b1 192.168.0.1'

sent() { echo "$(</sys/class/net/line/statistics/tx_packets)"; }

# goes line|lan WHEN: the flow is answered, and its packet took that way
goes()
{
	local way=$1 when=$2 before
	before=$(sent)
	ask flow
	is "$answer" 192.168.0.1 "$when: the flow goes on"
	is $(($(sent) - before)) "$([ "$way" = lan ]; echo $?)" "$when: through the $way"
}

# UDP: what a TCP connection sends when nobody asks would be counted, too.
hold flow client -u -p 4000 -f 1 10.0.0.1 25
# Twice: the first packet after a change looks the route up, the next one remembers it.
goes lan "as it began"
goes lan "and again"

ip route add 192.168.0.1/32 via 192.168.1.1 dev line
goes line "with another route"
goes line "and again"
ip route del 192.168.0.1/32
goes lan "without it"
goes lan "and again"

# --- ECN ---
# Its bits change from packet to packet, and no route depends on them. Each look-up is an event of the kernel's tracing, which
# our own kernels do not have.
# lookups ECN: how many look-ups of the ways to and fro 30 connections cost, here and at both ends
lookups()
{
	settings net/ipv4/tcp_ecn="$1" client b1
	call -c 30 10.0.0.1 25 >"$tmp/null"
	echo 1 >$event/enable
	echo >"$tmp/tracing/trace"
	call -c 30 10.0.0.1 25 >"$tmp/null"
	echo 0 >$event/enable
	grep -cE -- '-> (192\.168\.0\.1|10\.0\.0\.9)/' "$tmp/tracing/trace"
}
mkdir "$tmp/tracing"
event=$tmp/tracing/events/fib/fib_table_lookup
# fewest ECN: of three times; what is sent again on a busy machine is looked up, too
fewest() { for _ in 1 2 3; do lookups "$1"; done | sort -n | head -1; }
if mount -t tracefs tracefs "$tmp/tracing" 2>"$tmp/null" && [ -e $event ]; then
	without=$(fewest 0)
	with=$(fewest 1)
	diag "30 connections: $without look-ups, $with with ECN"
	isnt "$without" 0 "look-ups are seen"
	# A way that depended on the bits would be looked up anew in each connection.
	ok "ECN costs no look-up" [ $((with - without)) -lt 30 ]
fi

# --- the source ---
nft 'table inet t {
	counter came { }
	counter passed { }
	chain p { type filter hook prerouting priority raw; ip saddr 192.168.0.254 udp dport 25 counter name came; }
	chain f { type filter hook forward priority 0; ip saddr 192.168.0.254 udp dport 25 counter name passed; }
}'
packets() { nft list counter inet t "$1" | awk '$1 == "packets" { print $2 }'; }
in_netns client <<<"address add 192.168.0.254/32 dev eth0"
call -u -w 1 -s 192.168.0.254 10.0.0.1 25 >"$tmp/null"
is "$(packets came) $(packets passed)" "1 0" "a client with the gateway's own address gets nowhere, though the route is known"
in_netns client <<<"address del 192.168.0.254/32 dev eth0"
nft delete table inet t

# One client is said to be elsewhere: a strict gateway takes nothing from it any more, though it takes all that another
# sends on the same way to the same backend.
settings net/ipv4/conf/wan/rp_filter=1
in_netns client <<<"address add 10.0.0.8/24 dev eth0"
hold other client -u -s 10.0.0.8 -f 1 10.0.0.1 25
hold lost client -u -f 1 10.0.0.1 25
ip route add 10.0.0.9/32 dev line
ask other
ask other
is "$answer" 192.168.0.1 "with strict source validation: another client's flow goes on"
nft 'table inet t {
	counter came { }
	counter passed { }
	chain p { type filter hook prerouting priority raw; ip saddr 10.0.0.9 udp dport 25 counter name came; }
	chain f { type filter hook forward priority 0; ip saddr 10.0.0.9 udp dport 25 counter name passed; }
}'
echo >&"${way_in[lost]}"
ok "with strict source validation: the first one sends again" poll "[ \$(packets came) -gt 0 ]"
is "$(packets passed)" 0 "with strict source validation: from the wrong side nothing passes, of a known flow either"
ip route del 10.0.0.9/32
settings net/ipv4/conf/wan/rp_filter=0

# The interface of a remembered route can go.
ip route add 192.168.0.1/32 via 192.168.1.1 dev line
hold tcp client -f 1 10.0.0.1 25
ask tcp
is "$answer" 192.168.0.1 "a connection through the line"
ok "the line's interface can be deleted" ip link del line
ask tcp
is "$answer" 192.168.0.1 "its connection goes on the other way"

# Rules by source, mark or interface: none of that is known of a remembered route, so none may be used. (Last: a
# namespace that ever had such a rule counts as one that has them.)
line_up
ip route add 192.168.0.1/32 via 192.168.1.1 dev line table 100
nft 'add chain inet t c { type filter hook prerouting priority mangle; }
add rule inet t c udp sport 4000 meta mark set 7'
ip rule add fwmark 7 lookup 100
for time in once again; do
	before=$(sent)
	ask other
	is "$(sent)" "$before" "with a rule for marked packets, $time: others go through the LAN"
	goes line "with a rule for marked packets, $time"
done
nft delete chain inet t c
nft 'add counter inet t line
add chain inet t w { type filter hook postrouting priority 0; }
add rule inet t w oifname line udp dport 25 counter name line'
# first WAY NAME ADDRESS: the first packet of a new flow takes that way. Its port is a new one each time.
first()
{
	local before
	before=$(packets line)
	call -u "$3" 25 >"$tmp/null"
	is $(($(packets line) - before)) "$([ "$1" = lan ]; echo $?)" "$2"
}
nft 'add chain inet t c { type filter hook prerouting priority -99; }
add rule inet t c udp dport 25 meta mark set 7'
first line "a mark that the packet gets after us: the first packet takes its way, too" 10.0.0.1
nft delete chain inet t c
ip rule del fwmark 7
goes lan "with that gone"

settings net/ipv6/conf/line/disable_ipv6=0
ip -batch - <<-END || bail "no second way"
	address add fd01::254/64 dev line nodad
	neighbour add fd01::1 lladdr 02:00:00:00:01:01 dev line nud permanent
	route add fd00::1/128 via fd01::1 dev line table 100
END
ip -6 rule add ipproto udp dport 25 lookup 100 || bail "no rule by port"
in_netns b1 <<<"address add fd01::1/64 dev eth1 nodad"
configure 'service v udp [2001:db8::1]:25 ; backend v/b1 fd00::1'
first line "IPv6, a rule by port: the first packet takes its way" 2001:db8::1
first line "and the first of another flow" 2001:db8::1

done_testing
